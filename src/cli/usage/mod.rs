//! Help and wrong usage in the reader's language. The English words stand in the code, and clap says them by itself; the
//! Dutch ones come from `messages/help.nl.ftl`.
//!
//! Nothing of this is done before help was asked for or a command line refused: a letter never waits for it.

mod dutch;
mod refusal;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::io::Write;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, ValueEnum};

use super::context::{Context, Style, Surroundings};
use super::{Arguments, Color, Taal};
use crate::messages::{Messages, Tongue};

/// Reads the command line. Help and wrong usage end the process, with exit code 0 or 2.
pub(super) fn parse() -> Arguments {
    Arguments::try_parse().unwrap_or_else(|error| {
        let line: Vec<OsString> = std::env::args_os().collect();
        let told = match tongue(&line) {
            Tongue::Nl => told(&line),
            Tongue::En => None,
        };
        let Some(told) = told else { error.exit() };
        // A reader that went away (`--help | head`) is no failure.
        let _ = match error.use_stderr() {
            true => anstream::stderr().write_all(told.as_bytes()),
            false => anstream::stdout().write_all(told.as_bytes()),
        };
        std::process::exit(error.exit_code())
    })
}

/// The language, by the same rule as that of a command that can be run.
fn tongue(line: &[OsString]) -> Tongue {
    let style = Style { json: false, quiet: false, color: Color::Auto, taal: asked(line) };
    Context::new(Surroundings::of_process(), None, style).messages().tongue()
}

/// The language that is asked for with `--taal`, on a command line that can't be read otherwise.
fn asked(line: &[OsString]) -> Option<Taal> {
    let mut words = line.iter().skip(1).map(|word| word.to_string_lossy().into_owned()).take_while(|word| word != "--");
    let mut asked = None;
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--taal") {
            Some("") => words.next(),
            Some(rest) => rest.strip_prefix('=').map(String::from),
            None => None,
        };
        asked = value.and_then(|value| Taal::from_str(&value, false).ok()).or(asked);
    }
    asked
}

/// What is said of a command line in Dutch, with colours; none where that is no other than in English.
fn told(line: &[OsString]) -> Option<String> {
    let words = Messages::of_usage();
    let mut command = dutch::tree(Arguments::command(), &words);
    let error = command.try_get_matches_from_mut(line).err()?;
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            Some(dutch::usage(&error.render().ansi().to_string(), &words))
        }
        _ => refusal::told(&words, &command, &error, line),
    }
}
