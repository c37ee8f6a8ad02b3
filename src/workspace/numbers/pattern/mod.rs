//! The pattern of a number, such as `D{jaar}-{maand}-{volgnummer:6}`: written out, and read back.
//!
//! No text is the number of two different sequences. Of the parts of a pattern only the sequence number differs in length,
//! and there is one of it, so the length of a text says where it begins and ends: `{volgnummer}{jaar}` and `1{volgnummer}`
//! are as good as any. Zeros in front only fill up to the width, so that `7` and `07` are never both meant. What is left
//! to go wrong is a pattern without the period in which its counter runs, which [`Numbers`](super::Numbers) refuses.

mod read;

use std::fmt;

use chrono::{Datelike, NaiveDate};

pub use read::MAX_LENGTH;

/// The digits of the largest `i64`.
const MAX_DIGITS: usize = 19;

/// A pattern that numbers are made by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    before: Vec<Piece>,
    /// The digits that a sequence number has at least.
    width: usize,
    after: Vec<Piece>,
}

/// A part of a pattern that is as long in every number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// The text itself.
    Literal(String),
    /// The year in four digits.
    Year,
    /// The month in two digits.
    Month,
}

/// What a number says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The sequence number, from 1 up.
    pub sequence: i64,
    /// The year of its reservation, where the pattern holds it.
    pub year: Option<i32>,
    /// The month of its reservation, from 1 to 12, where the pattern holds it.
    pub month: Option<u32>,
}

impl Pattern {
    /// The pattern of those pieces and, behind them, a sequence number of at least `width` digits.
    pub(super) fn new(before: Vec<Piece>, width: usize) -> Self {
        Self { before, width, after: Vec::new() }
    }

    /// The number of a day and a sequence number, which is 1 or more. A sequence number wider than its place is written
    /// whole. Years outside 0 to 9999 have no four digits, and their numbers can't be read back.
    pub fn number(&self, day: NaiveDate, sequence: i64) -> String {
        self.written(day, &format!("{sequence:0width$}", width = self.width))
    }

    /// A number as wide as those of that day, for a layout before one is given: its sequence number is all eights, the
    /// widest digit. Where the pattern sets no width, it has one digit.
    pub fn specimen(&self, day: NaiveDate) -> String {
        self.written(day, &"8".repeat(self.width))
    }

    fn written(&self, day: NaiveDate, sequence: &str) -> String {
        let side = |pieces: &[Piece]| pieces.iter().map(|piece| piece.written(day)).collect::<String>();
        side(&self.before) + sequence + &side(&self.after)
    }

    /// Reads a number back; none for a text that this pattern doesn't give, to the last zero: what is read, written
    /// again, is the same text.
    pub fn sequence_of(&self, text: &str) -> Option<Parsed> {
        let mut parsed = Parsed::default();
        let rest = parsed.strip(&self.before, text)?;
        let length: usize = self.after.iter().map(Piece::bytes).sum();
        let (digits, rest) = rest.split_at_checked(rest.len().checked_sub(length)?)?;
        if !parsed.strip(&self.after, rest)?.is_empty() {
            return None;
        }
        let as_wide = digits.len() == self.width || digits.len() > self.width && !digits.starts_with('0');
        parsed.sequence = all_digits(digits)?;
        (as_wide && parsed.sequence > 0).then_some(parsed)
    }

    /// Whether both patterns can give the same number, for some days and sequence numbers.
    ///
    /// Held against each other character by character, at each width that a sequence number can have: a literal meets
    /// itself and, if it is a digit, a placeholder; placeholders meet each other. So patterns that share a number always
    /// meet. Some meet that share none, such as `13{volgnummer:4}` and `{maand}{volgnummer:4}`: that there is no month 13
    /// is too thin a difference to tell letters apart by.
    pub fn meets(&self, other: &Self) -> bool {
        let spelt = |pattern: &Self| (pattern.width..=MAX_DIGITS).map(|width| pattern.cells(width)).collect::<Vec<_>>();
        let others = spelt(other);
        let alike = |one: &[Cell], two: &[Cell]| {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| one.meets(*two))
        };
        spelt(self).iter().any(|one| others.iter().any(|two| alike(one, two)))
    }

    /// Whether it has that piece.
    pub(super) fn holds(&self, piece: &Piece) -> bool {
        self.before.contains(piece) || self.after.contains(piece)
    }

    /// What each character of a number can be whose sequence number has `width` digits.
    fn cells(&self, width: usize) -> Vec<Cell> {
        let sequence = std::iter::repeat_n(Cell::Digit, width);
        let side = |pieces: &[Piece]| pieces.iter().flat_map(Piece::cells).collect::<Vec<_>>();
        side(&self.before).into_iter().chain(sequence).chain(side(&self.after)).collect()
    }
}

/// The pattern as it is written in the settings; `{volgnummer:1}` is `{volgnummer}`.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.before.iter().try_for_each(|piece| piece.fmt(f))?;
        match self.width {
            1 => f.write_str("{volgnummer}")?,
            width => write!(f, "{{volgnummer:{width}}}")?,
        }
        self.after.iter().try_for_each(|piece| piece.fmt(f))
    }
}

impl Piece {
    fn written(&self, day: NaiveDate) -> String {
        match self {
            Self::Literal(text) => text.clone(),
            Self::Year => format!("{:04}", day.year()),
            Self::Month => format!("{:02}", day.month()),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Literal(text) => text.len(),
            Self::Year => 4,
            Self::Month => 2,
        }
    }

    fn cells(&self) -> Vec<Cell> {
        match self {
            Self::Literal(text) => text.chars().map(Cell::Is).collect(),
            digits => vec![Cell::Digit; digits.bytes()],
        }
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Literal(text) => text,
            Self::Year => "{jaar}",
            Self::Month => "{maand}",
        })
    }
}

impl Parsed {
    /// Takes pieces off the front of a text, and keeps what they say; none where they are not there or contradict.
    fn strip<'a>(&mut self, pieces: &[Piece], text: &'a str) -> Option<&'a str> {
        pieces.iter().try_fold(text, |text, piece| {
            if let Piece::Literal(literal) = piece {
                return text.strip_prefix(literal.as_str());
            }
            let (digits, rest) = text.split_at_checked(piece.bytes())?;
            let number = u32::try_from(all_digits(digits)?).ok()?;
            let agrees = if *piece == Piece::Year {
                let year = i32::try_from(number).ok()?;
                *self.year.get_or_insert(year) == year
            } else {
                (1..=12).contains(&number) && *self.month.get_or_insert(number) == number
            };
            agrees.then_some(rest)
        })
    }
}

/// What one character of a number can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    Is(char),
    Digit,
}

impl Cell {
    fn meets(self, other: Self) -> bool {
        match (self, other) {
            (Self::Is(one), Self::Is(two)) => one == two,
            (Self::Is(one), Self::Digit) | (Self::Digit, Self::Is(one)) => one.is_ascii_digit(),
            (Self::Digit, Self::Digit) => true,
        }
    }
}

/// The value of a text of nothing but digits; `str::parse` alone also takes a sign.
fn all_digits(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests;
