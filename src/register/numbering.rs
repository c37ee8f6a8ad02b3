//! Numbers: given out once, without gaps or doubles, and accounted for ever after.
//!
//! A counter is raised in the transaction that records what it was raised for, so that an interruption takes both back.

use chrono::{Datelike, NaiveDate};
use serde_json::json;

use super::chain::Journal;
use super::db::{Tx, values};
use crate::error::Result;
use crate::workspace::numbers::Numbers;

/// What a number is the number of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An outgoing letter.
    Reference,
    /// An incoming letter.
    Incoming,
    /// A case.
    Case,
}

/// Where a number came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The register's counter gave it.
    Counter,
    /// It was written by hand in a letter.
    ByHand,
    /// It came with an import.
    Imported,
}

/// What became of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Kept for a letter that is not there yet.
    Reserved,
    /// A letter has it.
    Used,
    /// No letter will have it, for a reason.
    Void,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Reference, Self::Incoming, Self::Case];

    /// The word in the database and in JSON, which is that of the settings.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reference => "kenmerk",
            Self::Incoming => "inkomend",
            Self::Case => "zaaknummer",
        }
    }
}

impl Origin {
    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Counter => "register",
            Self::ByHand => "handmatig",
            Self::Imported => "ingevoerd",
        }
    }
}

impl Use {
    /// The word in the database and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reserved => "gereserveerd",
            Self::Used => "gebruikt",
            Self::Void => "vervallen",
        }
    }
}

/// A number that is not recorded yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// What it is the number of.
    pub kind: Kind,
    /// The number as it is printed.
    pub text: String,
    /// The counter that it belongs to, by its pattern.
    pub series: Option<String>,
    /// The counter's value in it.
    pub seq: Option<i64>,
    /// The year in whose account it stands.
    pub year: i32,
    /// Where it came from.
    pub origin: Origin,
}

/// Raises the counter and gives the next number; one that is taken already is skipped.
///
/// # Errors
/// When the database fails.
pub fn next(tx: &mut Tx, kind: Kind, numbers: &Numbers, day: NaiveDate) -> Result<Number> {
    let series = series(kind, &numbers.period(day));
    loop {
        let row = tx.row(
            "INSERT INTO series (name, last) VALUES ($1, 1)
             ON CONFLICT (name) DO UPDATE SET last = series.last + 1 RETURNING last",
            values![&series],
        )?;
        let seq = row.and_then(|row| row.number("last")).unwrap_or(1);
        let text = numbers.patroon.number(day, seq);
        if !is_taken(tx, kind, &text)? {
            let (series, seq) = (Some(series), Some(seq));
            return Ok(Number { kind, text, series, seq, year: day.year(), origin: Origin::Counter });
        }
    }
}

/// The number that [`next`] would give now.
///
/// # Errors
/// When the database fails.
pub fn peek(tx: &mut Tx, kind: Kind, numbers: &Numbers, day: NaiveDate) -> Result<String> {
    let series = series(kind, &numbers.period(day));
    let row = tx.row("SELECT last FROM series WHERE name = $1", values![&series])?;
    let mut seq = row.and_then(|row| row.number("last")).unwrap_or_default();
    loop {
        seq += 1;
        let text = numbers.patroon.number(day, seq);
        if !is_taken(tx, kind, &text)? {
            return Ok(text);
        }
    }
}

/// The next number of a case that no letter has. One that somebody wrote by hand in a letter is skipped, and accounted
/// for from then on.
///
/// # Errors
/// When the database fails.
pub fn next_case(journal: &mut Journal, numbers: &Numbers, day: NaiveDate) -> Result<Number> {
    loop {
        let number = next(journal.tx, Kind::Case, numbers, day)?;
        let sql = "SELECT id FROM entry WHERE case_number = $1 ORDER BY id";
        let Some(holder) = journal.tx.row(sql, values![&number.text])?.map(|row| row.text("id")) else {
            return Ok(number);
        };
        record(journal, &Number { origin: Origin::ByHand, ..number.clone() }, &holder, Use::Used, None)?;
        journal.note(&holder, "handmatig", &json!({ "zaaknummer": number.text }))?;
    }
}

/// A number that somebody else chose: by hand, or in a register that is imported. Where it looks like one of the
/// pattern's, its counter's value is known.
pub fn chosen(kind: Kind, numbers: &Numbers, text: &str, day: NaiveDate, origin: Origin) -> Number {
    let parsed = numbers.patroon.sequence_of(text);
    let year = parsed.as_ref().and_then(|parsed| parsed.year).unwrap_or(day.year());
    let month = parsed.as_ref().and_then(|parsed| parsed.month).unwrap_or(day.month());
    let period = NaiveDate::from_ymd_opt(year, month, 1).map(|first| numbers.period(first)).unwrap_or_default();
    Number {
        kind,
        text: text.into(),
        series: parsed.as_ref().map(|_| series(kind, &period)),
        seq: parsed.map(|parsed| parsed.sequence),
        year,
        origin,
    }
}

/// Whether a number is taken. The numbers of letters, out and in, are IDs of one register: none is both.
///
/// # Errors
/// When the database fails.
pub fn is_taken(tx: &mut Tx, kind: Kind, text: &str) -> Result<bool> {
    let sql = "SELECT 1 AS taken FROM number WHERE number = $1 AND (kind = $2 OR ($2 <> 'zaaknummer' AND kind <> 'zaaknummer'))";
    Ok(tx.row(sql, values![text, kind.word()])?.is_some())
}

/// Records a number with the entry it is for.
///
/// # Errors
/// When the database fails.
pub fn record(journal: &mut Journal, number: &Number, entry: &str, state: Use, reason: Option<&str>) -> Result<()> {
    let row = values![
        number.kind.word(),
        &number.text,
        number.series.as_ref(),
        number.seq,
        i64::from(number.year),
        number.origin.word(),
        state.word(),
        reason,
        entry,
    ];
    let sql = "INSERT INTO number (kind, number, series, seq, year, origin, status, reason, entry)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    journal.tx.exec(sql, row)?;
    if let (Origin::Imported, Some(series), Some(seq)) = (number.origin, &number.series, number.seq) {
        // The counter goes on after the numbers that came with an import.
        let raise = "INSERT INTO series (name, last) VALUES ($1, $2)
                     ON CONFLICT (name) DO UPDATE SET last = $2 WHERE series.last < $2";
        journal.tx.exec(raise, values![series, seq])?;
    }
    Ok(())
}

/// Says what became of the numbers of an entry.
///
/// # Errors
/// When the database fails.
pub fn settle(journal: &mut Journal, entry: &str, state: Use, reason: Option<&str>) -> Result<()> {
    let sql = "UPDATE number SET status = $2, reason = $3 WHERE entry = $1";
    journal.tx.exec(sql, values![entry, state.word(), reason]).map(drop)
}

/// Declares void the case numbers that were given for an entry which names another case now, unless another letter names
/// them. Whoever calls this notes it.
///
/// # Errors
/// When the database fails.
pub fn release_cases(journal: &mut Journal, entry: &str) -> Result<()> {
    let sql = "UPDATE number SET status = 'vervallen', reason = 'de brief noemt een ander zaaknummer'
               WHERE entry = $1 AND kind = 'zaaknummer' AND status <> 'vervallen'
               AND NOT EXISTS (SELECT 1 FROM entry AS holder WHERE holder.case_number = number.number)";
    journal.tx.exec(sql, values![entry]).map(drop)
}

fn series(kind: Kind, period: &str) -> String {
    format!("{} {period}", kind.word()).trim_end().to_string()
}
