//! The tree of commands with Dutch words in the place of those of the code.

use clap::builder::PossibleValue;
use clap::{Arg, ArgAction, Command};

use crate::messages::Messages;

/// The tree in Dutch. Hidden commands and options keep their words: no person is shown them.
pub(super) fn tree(mut tree: Command, words: &Messages) -> Command {
    // What clap adds itself, such as `help`, is there once the tree is built.
    tree.build();
    command(tree, "help", words)
}

/// How a line of usage begins in Dutch, and where it has room for options: clap writes both itself.
pub(super) fn usage(text: &str, words: &Messages) -> String {
    let options = format!("[{}]", words.text("usage-options-tag", &[]));
    text.replacen("Usage:", &words.text("usage-heading", &[]), 1).replacen("[OPTIONS]", &options, 1)
}

/// The id of the words of a command below the one whose id this is. Below `help`, clap puts the same tree once more.
pub(super) fn id_below(id: &str, command: &Command) -> String {
    if is_help(command) { id.to_string() } else { format!("{id}-{}", command.get_name()) }
}

/// The id of the words of an argument of the command whose id this is.
pub(super) fn id_of(argument: &Arg, id: &str) -> String {
    let name = argument.get_long().map_or_else(|| argument.get_id().as_str().replace('_', "-"), String::from);
    let is_everywhere = argument.is_global_set() || is_of_clap(argument);
    format!("{}--{name}", if is_everywhere { "help" } else { id })
}

/// The id of the word for what is to be filled in.
pub(super) fn id_of_value(name: &str) -> String {
    format!("value-{}", name.to_lowercase().replace(['|', '_', ' '], "-"))
}

/// The values that an argument may have, where they can be counted.
pub(super) fn choices(argument: &Arg) -> Vec<PossibleValue> {
    // A flag is a choice between true and false to clap.
    let values = if argument.get_action().takes_values() { argument.get_possible_values() } else { Vec::new() };
    values.into_iter().filter(|value| !value.is_hide_set()).collect()
}

fn is_help(command: &Command) -> bool {
    command.get_name() == "help"
}

fn is_of_clap(argument: &Arg) -> bool {
    use ArgAction::{Help, HelpLong, HelpShort, Version};
    matches!(argument.get_action(), Help | HelpLong | HelpShort | Version)
}

fn command(command: Command, id: &str, words: &Messages) -> Command {
    let about = words.find(if is_help(&command) { "help-help" } else { id }, None);
    let template = template(&command, words);
    let command = command.help_template(template).subcommand_value_name(lasting(words.text("value-command", &[])));
    let command = match about {
        Some(about) => command.about(about),
        None => command,
    };
    let command = command.mut_args(|one| if one.is_hide_set() { one } else { argument(one, id, words) });
    command.mut_subcommands(|below| {
        let id = id_below(id, &below);
        if below.is_hide_set() { below } else { self::command(below, &id, words) }
    })
}

/// What the help of a command consists of: clap's own order, under Dutch headings.
fn template(command: &Command, words: &Messages) -> String {
    let styles = command.get_styles();
    let (usage, header) = (styles.get_usage(), styles.get_header());
    let word = |id: &str| words.text(id, &[]);
    let mut template = format!("{{about-with-newline}}\n{usage}{}{usage:#} {{usage}}", word("usage-heading"));
    let mut part = |is_there: bool, id: &str, tag: &str| {
        if is_there {
            template.push_str(&format!("\n\n{header}{}{header:#}\n{{{tag}}}", word(id)));
        }
    };
    part(command.get_subcommands().any(|below| !below.is_hide_set()), "usage-commands", "subcommands");
    part(command.get_positionals().any(|one| !one.is_hide_set()), "usage-arguments", "positionals");
    let is_option = |one: &Arg| !one.is_positional() && !one.is_hide_set();
    part(command.get_arguments().any(is_option), "usage-options", "options");
    template
}

fn argument(argument: Arg, id: &str, words: &Messages) -> Arg {
    let id = id_of(&argument, id);
    let argument = with_value_names(argument, words);
    let Some(help) = words.find(&id, None) else { return argument };
    if is_of_clap(&argument) {
        // Where there is more to say than `-h` does, clap points from the one to the other.
        return match argument.get_long_help().and(words.find(&format!("{id}-more"), None)) {
            Some(more) => argument.help(more).long_help(words.text(&format!("{id}-less"), &[])),
            None => argument.help(help),
        };
    }
    let choices = choices(&argument);
    let list = |values: Vec<String>, id: &str| {
        let values = values.join(", ");
        (!values.is_empty()).then(|| words.text(id, &[("values", &values)]))
    };
    let default = match argument.get_action().takes_values() {
        true => argument.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect(),
        false => Vec::new(),
    };
    let default = list(default, "usage-default");
    let possible = list(choices.iter().map(|value| value.get_name().to_string()).collect(), "usage-possible");
    let short: Vec<_> = [Some(&help), default.as_ref(), possible.as_ref()].into_iter().flatten().cloned().collect();
    let described: Vec<_> = choices
        .iter()
        .filter_map(|value| Some((value.get_name(), words.find(&id, Some(value.get_name()))?)))
        .map(|(name, words)| format!("- {name}: {words}"))
        .collect();
    let argument = argument.help(short.join(" ")).hide_default_value(true).hide_possible_values(true);
    if described.is_empty() {
        return argument;
    }
    let list = format!("{}\n{}", words.text("usage-possible-list", &[]), described.join("\n"));
    let long: Vec<_> = [Some(help), Some(list), default].into_iter().flatten().collect();
    argument.long_help(long.join("\n\n"))
}

fn with_value_names(argument: Arg, words: &Messages) -> Arg {
    let Some(names) = argument.get_value_names().filter(|_| argument.get_action().takes_values()) else {
        return argument;
    };
    let dutch = |name: &str| words.find(&id_of_value(name), None).unwrap_or_else(|| name.to_string());
    let names: Vec<_> = names.iter().map(|name| lasting(dutch(name))).collect();
    argument.value_names(names)
}

/// A name that is there as long as the program, which clap asks for: it ends when its help is said.
fn lasting(name: String) -> &'static str {
    name.leak()
}
