//! Every command and argument that people are shown has Dutch words, and no words are left over.

use std::collections::BTreeSet;
use std::ffi::OsString;

use clap::{Arg, Command, CommandFactory};

use super::{asked, dutch};
use crate::cli::{Arguments, Taal};
use crate::messages::Messages;

/// What clap adds itself.
const OF_CLAP: [&str; 5] = ["help--help", "help--help-more", "help--help-less", "help--version", "help-help"];

/// The ids of the catalogue, those of attributes as `id.name`.
fn ids() -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut last = "";
    for line in include_str!("../../../messages/help.nl.ftl").lines() {
        let Some((id, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) else { continue };
        match id.strip_prefix("    .") {
            Some(name) => ids.insert(format!("{last}.{name}")),
            None => {
                last = id;
                ids.insert(id.to_string())
            }
        };
    }
    ids
}

/// The ids that a command and all below it need. Whoever uses the program sees nothing of what is hidden.
fn needed(command: &Command, id: &str, found: &mut BTreeSet<String>) {
    assert!(command.get_about().is_some(), "{id} says nothing in English");
    found.insert(id.to_string());
    for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
        let id = dutch::id_of(argument, id);
        assert!(argument.get_help().is_some(), "{id} says nothing in English");
        let described = dutch::choices(argument).into_iter().filter(|choice| choice.get_help().is_some());
        found.extend(described.map(|choice| format!("{id}.{}", choice.get_name())));
        if argument.get_action().takes_values() {
            let names = argument.get_value_names().unwrap_or_default();
            found.extend(names.iter().map(|name| dutch::id_of_value(name)));
        }
        found.insert(id);
    }
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        needed(below, &dutch::id_below(id, below), found);
    }
}

#[test]
fn every_command_and_argument_has_dutch_words_and_none_are_left_over() {
    let mut needed_ids: BTreeSet<String> = OF_CLAP.into_iter().chain(["value-command"]).map(String::from).collect();
    needed(&Arguments::command(), "help", &mut needed_ids);
    assert!(needed_ids.len() > 150, "only {} were found", needed_ids.len());
    let there: BTreeSet<String> = ids().into_iter().filter(|id| !id.starts_with("usage-")).collect();
    let missing: Vec<_> = needed_ids.difference(&there).collect();
    let left_over: Vec<_> = there.difference(&needed_ids).collect();
    assert_eq!((missing, left_over), (Vec::new(), Vec::new()));
}

/// Every text that people are shown of a command and all below it.
fn texts(command: &Command, path: &str, found: &mut Vec<(String, String)>) {
    let path = format!("{path} {}", command.get_name());
    found.push((path.clone(), command.get_about().map(ToString::to_string).unwrap_or_default()));
    let shown = |argument: &&Arg| !argument.is_hide_set();
    for argument in command.get_arguments().filter(shown) {
        let help = [argument.get_help(), argument.get_long_help()];
        let help: String = help.into_iter().flatten().map(ToString::to_string).collect();
        found.push((format!("{path} {}", argument.get_id()), help));
    }
    command.get_subcommands().filter(|below| !below.is_hide_set()).for_each(|below| texts(below, &path, found));
}

#[test]
fn the_dutch_tree_is_dutch_everywhere() {
    let (mut english, mut dutch) = (Vec::new(), Vec::new());
    let mut tree = Arguments::command();
    tree.build();
    texts(&tree, "", &mut english);
    texts(&dutch::tree(Arguments::command(), &Messages::of_usage()), "", &mut dutch);
    assert_eq!(english.len(), dutch.len());
    for ((path, english), (same_path, dutch)) in english.iter().zip(&dutch) {
        assert_eq!(path, same_path);
        assert!(!dutch.is_empty() && english != dutch, "{path}: {dutch}");
        for left in ["[default", "[possible", "Possible values", "{ $", "usage-"] {
            assert!(!dutch.contains(left), "{path}: {dutch}");
        }
    }
}

#[test]
fn the_language_is_found_on_a_line_that_cannot_be_read() {
    let cases: [(&[&str], Option<Taal>); 8] = [
        (&["check", "--onzin"], None),
        (&["check", "--onzin", "--taal", "nl"], Some(Taal::Nl)),
        (&["--taal=en", "onzin"], Some(Taal::En)),
        (&["--taal", "fr"], None),
        (&["--taal"], None),
        (&["--taalx=nl"], None),
        (&["check", "--", "--taal=nl"], None),
        (&["--taal", "nl", "--taal", "en"], Some(Taal::En)),
    ];
    for (words, found) in cases {
        let line: Vec<OsString> = std::iter::once(&"postkamer").chain(words).map(OsString::from).collect();
        assert_eq!(asked(&line), found, "{words:?}");
    }
}
