//! Wrong usage in Dutch: what is wrong, what was probably meant, how the command is used, where help is.

use std::ffi::OsString;
use std::net::AddrParseError;
use std::num::ParseIntError;

use clap::builder::Styles;
use clap::builder::styling::Style;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use clap::{Arg, Command};

use super::dutch;
use crate::messages::Messages;

/// A command line that was refused, with all there is to say about it.
struct Refusal<'a> {
    words: &'a Messages,
    styles: &'a Styles,
    /// The command that was meant, as far as it can be told.
    command: &'a Command,
    error: &'a Error,
}

/// What is said of a command line that was refused, with colours; none for a kind that is not known here.
pub(super) fn told(words: &Messages, command: &Command, error: &Error, line: &[OsString]) -> Option<String> {
    let (path, meant) = meant(command, line);
    let refusal = Refusal { words, styles: command.get_styles(), command: meant, error };
    let label = coloured(refusal.styles.get_error(), &refusal.say("usage-error", &[]));
    let mut text = format!("{label} {}", refusal.wrong()?);
    let tips = refusal.tips();
    if !tips.is_empty() {
        let label = coloured(refusal.styles.get_valid(), &refusal.say("usage-tip", &[]));
        let tips: Vec<_> = tips.iter().map(|tip| format!("\n  {label} {tip}")).collect();
        text.push_str(&format!("\n{}", tips.concat()));
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        text.push_str(&format!("\n\n{}", dutch::usage(&usage.ansi().to_string(), words)));
    }
    let help = coloured(refusal.styles.get_literal(), &format!("{path} --help"));
    text.push_str(&format!("\n\n{}\n", refusal.say("usage-more", &[("command", &help)])));
    Some(text)
}

impl Refusal<'_> {
    /// What is wrong.
    fn wrong(&self) -> Option<String> {
        let invalid = |kind| self.named(kind, self.styles.get_invalid());
        let literal = |kind| self.named(kind, self.styles.get_literal());
        let argument = ContextKind::InvalidArg;
        Some(match self.error.kind() {
            ErrorKind::MissingRequiredArgument => {
                let names = self.list(argument);
                (!names.is_empty()).then(|| self.say("usage-missing", &[]) + &self.lines(&names))?
            }
            ErrorKind::UnknownArgument => {
                let is_option = self.list(argument).first()?.starts_with('-');
                let id = if is_option { "usage-unknown" } else { "usage-extra" };
                self.say(id, &[("arg", &invalid(argument)?)])
            }
            ErrorKind::InvalidValue | ErrorKind::ValueValidation => self.wrong_value()?,
            ErrorKind::InvalidSubcommand => {
                self.say("usage-command", &[("name", &invalid(ContextKind::InvalidSubcommand)?)])
            }
            ErrorKind::MissingSubcommand => {
                let name = literal(ContextKind::InvalidSubcommand)?;
                self.say("usage-command-missing", &[("name", &name)]) + &self.possible(ContextKind::ValidSubcommand)
            }
            ErrorKind::ArgumentConflict => {
                let others = self.list(ContextKind::PriorArg);
                let arg = invalid(argument).or_else(|| invalid(ContextKind::InvalidSubcommand))?;
                if others.is_empty() || others == self.list(argument) {
                    self.say("usage-twice", &[("arg", &arg)])
                } else {
                    self.say("usage-conflict", &[("arg", &arg), ("others", &others.join(", "))])
                }
            }
            ErrorKind::NoEquals => self.say("usage-equals", &[("arg", &invalid(argument)?)]),
            ErrorKind::TooManyValues => {
                let (arg, value) = (literal(argument)?, invalid(ContextKind::InvalidValue)?);
                self.say("usage-value-extra", &[("arg", &arg), ("value", &value)])
            }
            ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
                self.say("usage-value-count", &[("arg", &literal(argument)?)])
            }
            ErrorKind::InvalidUtf8 => self.say("usage-utf8", &[]),
            _ => return None,
        })
    }

    /// What is wrong with a value: it isn't there, is none of those that can be, or was refused for a reason.
    fn wrong_value(&self) -> Option<String> {
        let arg = self.named(ContextKind::InvalidArg, self.styles.get_literal())?;
        let value = self.list(ContextKind::InvalidValue).pop()?;
        let text = if value.is_empty() {
            self.say("usage-value-missing", &[("arg", &arg)])
        } else {
            let value = coloured(self.styles.get_invalid(), &value);
            self.say("usage-value", &[("arg", &arg), ("value", &value)])
        };
        let reason = self.reason().map(|reason| format!(": {reason}")).unwrap_or_default();
        Some(text + &reason + &self.possible(ContextKind::ValidValue))
    }

    /// Why a value was refused.
    fn reason(&self) -> Option<String> {
        let source = std::error::Error::source(self.error)?;
        if source.is::<ParseIntError>() {
            return Some(self.say("usage-number", &[]));
        }
        if source.is::<AddrParseError>() {
            return Some(self.say("usage-address", &[]));
        }
        let text = clean(&source.to_string());
        // Of a number that is too small or too large, clap says so: `300 is not in 1..=256`.
        let range = text.rsplit_once(" is not in ").and_then(|(_, range)| range.split_once("..="));
        let Some((least, most)) = range else { return Some(text) };
        // A number without a bound has that of its type.
        match most.parse::<i64>() {
            Ok(bound) if bound < i64::from(u32::MAX) => {
                Some(self.say("usage-range", &[("least", least), ("most", most)]))
            }
            _ => Some(self.say("usage-least", &[("least", least)])),
        }
    }

    /// What was probably meant.
    fn tips(&self) -> Vec<String> {
        let valid = |name: &String| format!("‘{}’", coloured(self.styles.get_valid(), name));
        let or = format!(" {} ", self.say("usage-or", &[]));
        let meant = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
        let meant = meant.into_iter().map(|kind| self.list(kind)).filter(|names| !names.is_empty());
        let meant = meant.map(|names| names.iter().map(valid).collect::<Vec<_>>().join(&or));
        let mut tips: Vec<_> = meant.map(|names| self.say("usage-meant", &[("names", &names)])).collect();
        if let Some(ContextValue::StyledStrs(suggestions)) = self.error.get(ContextKind::Suggested) {
            tips.extend(suggestions.iter().filter_map(|suggestion| self.suggested(&clean(&suggestion.to_string()))));
        }
        tips
    }

    /// A suggestion that clap gives as a sentence, of which there are three; what it is about stands in quotes.
    fn suggested(&self, sentence: &str) -> Option<String> {
        let name = sentence.split('\'').nth(1).filter(|name| !self.is_hidden(name))?;
        let name = coloured(self.styles.get_valid(), name);
        if sentence.starts_with("to pass ") {
            Some(self.say("usage-literal", &[("arg", &name)]))
        } else if sentence.starts_with("subcommand ") {
            Some(self.say("usage-dashes", &[("name", &name)]))
        } else if sentence.ends_with(" exists") {
            Some(self.say("usage-elsewhere", &[("name", &name)]))
        } else {
            None
        }
    }

    fn say(&self, id: &str, args: &[(&str, &str)]) -> String {
        self.words.text(id, args)
    }

    /// What clap names as one or more texts.
    fn list(&self, kind: ContextKind) -> Vec<String> {
        let names = match self.error.get(kind) {
            Some(ContextValue::String(text)) => vec![clean(text)],
            Some(ContextValue::Strings(texts)) => texts.iter().map(|text| clean(text)).collect(),
            _ => Vec::new(),
        };
        match kind {
            ContextKind::SuggestedArg | ContextKind::SuggestedSubcommand | ContextKind::ValidSubcommand => {
                names.into_iter().filter(|name| !self.is_hidden(name)).collect()
            }
            _ => names,
        }
    }

    /// Whether a command or an option, which clap would advise, is none that people use.
    fn is_hidden(&self, name: &str) -> bool {
        let name = name.split(' ').next().unwrap_or_default();
        let is_argument =
            |argument: &Arg| name.strip_prefix("--").is_some_and(|name| argument.get_long() == Some(name));
        self.command.get_subcommands().any(|below| below.is_hide_set() && below.get_name() == name)
            || self.command.get_arguments().any(|argument| argument.is_hide_set() && is_argument(argument))
    }

    /// What clap names as one text, in a colour.
    fn named(&self, kind: ContextKind, style: &Style) -> Option<String> {
        self.list(kind).first().map(|name| coloured(style, name))
    }

    /// The values or commands that can be, where clap names them.
    fn possible(&self, kind: ContextKind) -> String {
        let names: Vec<_> = self.list(kind).iter().map(|name| coloured(self.styles.get_valid(), name)).collect();
        if names.is_empty() {
            return String::new();
        }
        format!("\n  {}", self.say("usage-possible", &[("values", &names.join(", "))]))
    }

    fn lines(&self, names: &[String]) -> String {
        names.iter().map(|name| format!("\n  {}", coloured(self.styles.get_valid(), name))).collect()
    }
}

/// The command that was meant as far as it can be told, with its name such as `postkamer mail run`.
fn meant<'a>(command: &'a Command, line: &[OsString]) -> (String, &'a Command) {
    let mut path = command.get_bin_name().unwrap_or(command.get_name()).to_string();
    let mut at = command;
    for word in line.iter().skip(1).take_while(|word| *word != "--") {
        let below = word.to_str().and_then(|word| at.get_subcommands().find(|below| below.get_name() == word));
        let Some(below) = below.filter(|below| below.get_name() != "help") else { continue };
        path = format!("{path} {}", below.get_name());
        at = below;
    }
    (path, at)
}

fn coloured(style: &Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// A text of the user without what would steer a terminal.
fn clean(text: &str) -> String {
    text.replace(char::is_control, "")
}
