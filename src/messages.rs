//! The words of everything a person is told, from the catalogues `messages/*.ftl` (Project Fluent).

use std::io::ErrorKind;

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
        let told = |(name, value): &(&'static str, String)| {
            (*name, if *name == "cause" { self.of_system(value) } else { value.clone() })
        };
        let given: Vec<_> = finding.args.iter().map(told).collect();
        args.extend(given.iter().map(|(name, value)| (*name, value.as_str())));
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
        let cause = self.of_system(cause);
        let args = [("path", path.as_str()), ("cause", cause.as_str())];
        let id = format!("outside-{action}");
        Some(Words { message: self.text(&id, &args), help: self.pattern(&id, Some("help"), &args) })
    }

    /// What failed with a text of the operating system at its end, such as `Permission denied (os error 13)`: what often
    /// happens in the reader's language, anything else as it is.
    fn of_system(&self, cause: &str) -> String {
        let known = || {
            let code = cause.strip_suffix(')')?.rsplit_once("(os error ")?.1.parse().ok()?;
            let error = std::io::Error::from_raw_os_error(code);
            Some((cause.strip_suffix(&error.to_string())?, self.pattern(of_kind(error.kind())?, None, &[])?))
        };
        known().map_or_else(|| cause.to_string(), |(before, words)| format!("{before}{words}"))
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

/// The message of what a system often says.
fn of_kind(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NotFound => "system-missing",
        ErrorKind::PermissionDenied => "system-denied",
        ErrorKind::StorageFull => "system-full",
        ErrorKind::ReadOnlyFilesystem => "system-read-only",
        ErrorKind::IsADirectory => "system-folder",
        ErrorKind::NotADirectory => "system-no-folder",
        ErrorKind::InvalidFilename => "system-name",
        ErrorKind::ResourceBusy => "system-busy",
        ErrorKind::QuotaExceeded => "system-quota",
        _ => return None,
    })
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

    /// What stands in the sources as string literals behind some calls; with what a call ends in behind its last quote.
    fn codes(calls: &[&str]) -> Vec<String> {
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
                // What a long line has on the next one stands behind its call all the same.
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace("( \"", "(\"");
                for call in calls {
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
        codes
    }

    /// The codes stand in the sources as string literals: each must have its words.
    #[test]
    fn every_code_has_its_words() {
        let known = ids(&[DUTCH.concat(), USAGE.concat()].concat());
        let mut codes = codes(&[
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
        ]);
        codes.retain(|code| !known.contains_key(code));
        assert_eq!(codes, Vec::<String>::new());
    }

    /// Whoever is refused is told what to do, and so is whoever the world outside fails.
    #[test]
    fn every_error_says_what_to_do() {
        let refused = codes(&["Finding::error(\"", "refuse(\""]);
        let outside = ids(&DUTCH.concat()).into_keys().filter(|id| id.starts_with("outside-"));
        let told: Vec<_> = refused.into_iter().chain(outside).collect();
        for tongue in [Tongue::Nl, Tongue::En] {
            let messages = Messages::new(tongue);
            let silent = told.iter().filter(|code| messages.find(code, Some("help")).is_none());
            assert_eq!(silent.collect::<Vec<_>>(), Vec::<&String>::new(), "{tongue:?}");
        }
    }

    /// The numbers are those of Linux.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_a_system_often_says_is_said_in_the_language_of_the_reader() {
        use std::path::Path;

        let codes = [2, 13, 1, 28, 30, 21, 20, 36, 16, 122];
        for tongue in [Tongue::Nl, Tongue::En] {
            let messages = Messages::new(tongue);
            for code in codes {
                let said = std::io::Error::from_raw_os_error(code).to_string();
                let words = messages.of_system(&said);
                assert!(!words.contains("os error") && !words.contains("system-"), "{words}");
                assert_eq!(messages.of_system(&format!("x: {said}")), format!("x: {words}"));
            }
            let other = std::io::Error::from_raw_os_error(5).to_string();
            for kept in [other.as_str(), "", "stuk (os error x)", "anders (os error 13)", "(os error 99999999999)"] {
                assert_eq!(messages.of_system(kept), kept);
            }
        }
        let failed = Error::io("write", Path::new("x.pdf"), std::io::Error::from_raw_os_error(13));
        let words = Messages::new(Tongue::Nl).outside(&failed).expect("words");
        assert_eq!(words.message, "x.pdf is niet te schrijven: dat mag niet (geen rechten)");
    }

    #[test]
    fn a_locale_names_its_language() {
        assert_eq!(Tongue::of_locale("nl_NL.UTF-8"), Tongue::Nl);
        assert_eq!(Tongue::of_locale("nl"), Tongue::Nl);
        assert_eq!(Tongue::of_locale("C.UTF-8"), Tongue::En);
        assert_eq!(Tongue::of_locale(""), Tongue::En);
    }
}
