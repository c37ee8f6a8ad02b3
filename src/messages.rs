//! The words of everything a person is told, from the catalogues `messages/*.ftl` (Project Fluent).

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use serde_json::{Value as Json, json};
use unic_langid::{LanguageIdentifier, langid};

use crate::error::{Error, Finding, Severity};

/// The catalogues: of the program, and of each room of the workbench.
const DUTCH: [&str; 6] = [
    include_str!("../messages/nl.ftl"),
    include_str!("../messages/web/archive.nl.ftl"),
    include_str!("../messages/web/common.nl.ftl"),
    include_str!("../messages/web/letters.nl.ftl"),
    include_str!("../messages/web/mailings.nl.ftl"),
    include_str!("../messages/web/register.nl.ftl"),
];
const ENGLISH: [&str; 6] = [
    include_str!("../messages/en.ftl"),
    include_str!("../messages/web/archive.en.ftl"),
    include_str!("../messages/web/common.en.ftl"),
    include_str!("../messages/web/letters.en.ftl"),
    include_str!("../messages/web/mailings.en.ftl"),
    include_str!("../messages/web/register.en.ftl"),
];

/// Help and wrong usage of the command line, in Dutch: the English words stand in the code.
const USAGE: [&str; 1] = [include_str!("../messages/help.nl.ftl")];

/// Arguments that a message may test for; absent or empty, they are the word `none`, which selectors know.
const OPTIONAL: [&str; 6] = ["key", "meant", "help", "choices", "was", "names"];

/// The language in which the program speaks to its user; not that of the letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    /// Dutch.
    Nl,
    /// English.
    En,
}

impl Tongue {
    /// The language of a locale such as `nl_NL.UTF-8`: Dutch for Dutch ones, English for all others.
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("nl") { Self::Nl } else { Self::En }
    }
}

/// A catalogue of messages.
pub struct Messages {
    tongue: Tongue,
    bundle: FluentBundle<FluentResource>,
}

/// The words of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Messages {
    /// The catalogue of a language.
    pub fn new(tongue: Tongue) -> Self {
        let (id, texts) = match tongue {
            Tongue::Nl => (langid!("nl"), DUTCH),
            Tongue::En => (langid!("en"), ENGLISH),
        };
        Self { tongue, bundle: bundle(id, &texts) }
    }

    /// The words of the command line itself, which are read for nothing else: its help, and what is wrong with its use.
    pub fn of_usage() -> Self {
        Self { tongue: Tongue::Nl, bundle: bundle(langid!("nl"), &USAGE) }
    }

    /// A message that may not be there, or an attribute of it.
    pub fn find(&self, id: &str, attribute: Option<&str>) -> Option<String> {
        self.pattern(id, attribute, &[])
    }

    /// The language.
    pub fn tongue(&self) -> Tongue {
        self.tongue
    }

    /// A message by its id; the id itself if the catalogue lacks it, which the tests exclude.
    pub fn text(&self, id: &str, args: &[(&str, &str)]) -> String {
        self.pattern(id, None, args).unwrap_or_else(|| id.to_string())
    }

    /// The words of a finding.
    pub fn finding(&self, finding: &Finding) -> Words {
        let key = finding.key.as_deref().unwrap_or_default();
        let mut args = vec![("key", key)];
        args.extend(finding.args.iter().map(|(name, value)| (*name, value.as_str())));
        let message = self.text(finding.code, &args);
        let help = self.pattern(finding.code, Some("help"), &args).filter(|help| !help.trim().is_empty());
        Words { message, help }
    }

    /// A finding as JSON, in the form of `bevindingen`.
    pub fn finding_json(&self, finding: &Finding) -> Json {
        let words = self.finding(finding);
        let place = finding.place.as_ref();
        json!({
            "ernst": match finding.severity { Severity::Error => "fout", Severity::Warning => "waarschuwing" },
            "code": finding.code,
            "bestand": place.map(|place| place.file.path().display().to_string()),
            "regel": place.map(|place| place.line()),
            "kolom": place.map(|place| place.column()),
            "sleutel": finding.key,
            "melding": match &words.help {
                Some(help) => format!("{}; {help}", words.message),
                None => words.message,
            },
        })
    }

    /// The words of a failure outside.
    pub fn outside(&self, error: &Error) -> Option<Words> {
        let Error::Outside { action, path, cause } = error else { return None };
        let path = path.display().to_string();
        let args = [("path", path.as_str()), ("cause", cause.as_str())];
        let id = format!("outside-{action}");
        Some(Words { message: self.text(&id, &args), help: self.pattern(&id, Some("help"), &args) })
    }

    fn pattern(&self, id: &str, attribute: Option<&str>, args: &[(&str, &str)]) -> Option<String> {
        let message = self.bundle.get_message(id)?;
        let pattern = match attribute {
            Some(name) => message.get_attribute(name)?.value(),
            None => message.value()?,
        };
        let mut filled = FluentArgs::new();
        for name in OPTIONAL {
            filled.set(name, "none");
        }
        for (name, value) in args.iter().filter(|(name, value)| !(value.is_empty() && OPTIONAL.contains(name))) {
            filled.set(*name, *value);
        }
        Some(self.bundle.format_pattern(pattern, Some(&filled), &mut Vec::new()).into_owned())
    }
}

fn bundle(id: LanguageIdentifier, texts: &[&str]) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // Isolation marks are for mixed directions on a page; on a terminal and in JSON they are noise.
    bundle.set_use_isolating(false);
    for text in texts {
        let resource = FluentResource::try_new(text.to_string()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn catalogues_are_read_whole() {
        for text in [DUTCH.concat(), ENGLISH.concat(), USAGE.concat()] {
            if let Err((_, errors)) = FluentResource::try_new(text.to_string()) {
                panic!("{errors:?}");
            }
        }
    }

    /// Every id with the variables that its value and attributes use.
    fn ids(text: &str) -> BTreeMap<String, Vec<String>> {
        let mut ids: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut current = String::new();
        for line in text.lines() {
            if let Some((id, _)) = line.split_once(" = ").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
            {
                current = id.to_string();
                ids.entry(current.clone()).or_default();
            }
            let variables = line.split("{ $").skip(1).filter_map(|rest| rest.split([' ', '}']).next());
            ids.entry(current.clone()).or_default().extend(variables.map(String::from));
        }
        for variables in ids.values_mut() {
            variables.sort();
            variables.dedup();
        }
        ids
    }

    #[test]
    fn both_catalogues_say_the_same_things() {
        for text in [DUTCH.concat(), ENGLISH.concat()] {
            let errors = FluentResource::try_new(text.to_string()).err().map(|(_, errors)| errors);
            assert_eq!(errors, None, "a catalogue does not parse");
        }
        let (dutch, english) = (ids(&DUTCH.concat()), ids(&ENGLISH.concat()));
        for (id, variables) in &dutch {
            assert_eq!(english.get(id), Some(variables), "{id}");
        }
        assert_eq!(dutch.len(), english.len());
    }

    #[test]
    fn no_message_stands_twice() {
        for text in [DUTCH.concat(), ENGLISH.concat(), USAGE.concat()] {
            let starts = text.lines().filter_map(|line| line.split_once(" =").map(|(id, _)| id));
            let mut ids: Vec<_> = starts.filter(|id| id.starts_with(|c: char| c.is_ascii_lowercase())).collect();
            let all = ids.len();
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), all);
        }
    }

    /// The codes stand in the sources as string literals: each must have its words.
    #[test]
    fn every_code_has_its_words() {
        let known = ids(&[DUTCH.concat(), USAGE.concat()].concat());
        let mut codes = Vec::new();
        let mut folders = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                for call in [
                    "Finding::error(\"",
                    "Finding::warning(\"",
                    "Fault::new(\"",
                    "fault(\"",
                    "refuse(\"",
                    ".text(\"",
                    "say(\"",
                    "=> \"character-",
                    "Some(\"character-",
                    "Some(\"template-field-",
                ] {
                    let prefix = call.rsplit('"').next().unwrap();
                    for rest in text.split(call).skip(1) {
                        let code = rest.split('"').next().unwrap();
                        if code.contains('-') || !prefix.is_empty() {
                            codes.push(format!("{prefix}{code}"));
                        }
                    }
                }
            }
        }
        assert!(codes.len() > 50, "only {} codes were found", codes.len());
        codes.retain(|code| !known.contains_key(code));
        assert_eq!(codes, Vec::<String>::new());
    }

    #[test]
    fn a_locale_names_its_language() {
        assert_eq!(Tongue::of_locale("nl_NL.UTF-8"), Tongue::Nl);
        assert_eq!(Tongue::of_locale("nl"), Tongue::Nl);
        assert_eq!(Tongue::of_locale("C.UTF-8"), Tongue::En);
        assert_eq!(Tongue::of_locale(""), Tongue::En);
    }
}
