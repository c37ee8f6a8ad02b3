//! Reading a pattern from the settings, with what can be wrong in it.

use super::{Pattern, Piece, all_digits};
use crate::contract::characters::{character_finding, unfit};
use crate::contract::nearest;
use crate::error::Finding;

/// The most characters that a number has while its sequence number fits its width. A number stands in a narrow column of
/// a letterhead and is the name of a file.
pub const MAX_LENGTH: usize = 60;

/// The largest width of a sequence number: each number of that many digits is an `i64`.
const MAX_WIDTH: usize = 18;

/// What a user may have written for a placeholder, with the placeholder.
const MEANT: [(&str, &str); 10] = [
    ("jaar", "jaar"),
    ("maand", "maand"),
    ("volgnummer", "volgnummer"),
    ("jjjj", "jaar"),
    ("yyyy", "jaar"),
    ("mm", "maand"),
    ("mnd", "maand"),
    ("nummer", "volgnummer"),
    ("volgnr", "volgnummer"),
    ("nr", "volgnummer"),
];

/// What stands between braces.
enum Placeholder {
    Fixed(Piece),
    Sequence(usize),
}

impl Pattern {
    /// Reads a pattern: text, `{jaar}`, `{maand}` and once `{volgnummer}`, or `{volgnummer:6}` for at least six digits.
    ///
    /// # Errors
    /// What is wrong with it, for the caller to say where it stands.
    pub fn parse(text: &str) -> Result<Self, Finding> {
        check_characters(text)?;
        let mut pattern = Self { before: Vec::new(), width: 0, after: Vec::new() };
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (literal, tagged) = rest.split_at(at);
            pattern.push_literal(literal);
            let tag = tagged[1..].split_once('}').filter(|(name, _)| tagged.starts_with('{') && !name.contains('{'));
            let Some((name, behind)) = tag else {
                return Err(Finding::error("number-braces").arg("value", text));
            };
            match placeholder(name)? {
                Placeholder::Fixed(piece) => pattern.pieces().push(piece),
                Placeholder::Sequence(_) if pattern.width > 0 => {
                    return Err(Finding::error("number-sequence").arg("count", "many").arg("value", text));
                }
                Placeholder::Sequence(width) => pattern.width = width,
            }
            rest = behind;
        }
        pattern.push_literal(rest);
        if pattern.width == 0 {
            return Err(Finding::error("number-sequence").arg("count", "none").arg("value", text));
        }
        let length = pattern.cells(pattern.width).len();
        if length > MAX_LENGTH {
            return Err(Finding::error("number-too-long").arg("length", length).arg("limit", MAX_LENGTH));
        }
        Ok(pattern)
    }

    /// The pieces on the side of the sequence number that is being read.
    fn pieces(&mut self) -> &mut Vec<Piece> {
        if self.width == 0 { &mut self.before } else { &mut self.after }
    }

    fn push_literal(&mut self, text: &str) {
        if !text.is_empty() {
            self.pieces().push(Piece::Literal(text.into()));
        }
    }
}

/// Refuses what would make a number unfit to be named: on a command line, or among others in a cell of an export, where
/// a space ends it.
fn check_characters(text: &str) -> Result<(), Finding> {
    if let Some((character, code)) = text.chars().find_map(|character| Some((character, unfit(character)?))) {
        return Err(character_finding(code, character));
    }
    match text.contains(char::is_whitespace) {
        true => Err(Finding::error("number-space").arg("value", text)),
        false => Ok(()),
    }
}

fn placeholder(tag: &str) -> Result<Placeholder, Finding> {
    match tag.split_once(':') {
        None if tag == "jaar" => Ok(Placeholder::Fixed(Piece::Year)),
        None if tag == "maand" => Ok(Placeholder::Fixed(Piece::Month)),
        None if tag == "volgnummer" => Ok(Placeholder::Sequence(1)),
        Some(("volgnummer", width)) => all_digits(width)
            .and_then(|width| usize::try_from(width).ok())
            .filter(|width| (1..=MAX_WIDTH).contains(width))
            .map(Placeholder::Sequence)
            .ok_or_else(|| Finding::error("number-width").arg("value", width).arg("limit", MAX_WIDTH)),
        _ => Err(unknown(tag)),
    }
}

fn unknown(tag: &str) -> Finding {
    let name = tag.split(':').next().unwrap_or_default();
    let written = nearest(name, MEANT.map(|(written, _)| written));
    let meant = MEANT.into_iter().find(|(word, _)| Some(*word) == written);
    let finding = Finding::error("number-placeholder").arg("value", tag);
    match meant {
        // A width stays.
        Some((_, "volgnummer")) => finding.arg("meant", tag.replacen(name, "volgnummer", 1)),
        Some((_, meant)) => finding.arg("meant", meant),
        None => finding,
    }
}
