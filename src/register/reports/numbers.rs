//! The number account: every number of a year, and what became of it.

use serde_json::{Value as Json, json};

use crate::error::Result;
use crate::messages::Messages;
use crate::register::db::{Tx, values};
use crate::register::entry::Status;
use crate::register::gaps::{self, Gap};
use crate::register::history;
use crate::register::numbering::{Kind, Origin};
use crate::workspace::settings::Settings;

/// The status of numbers that an import passed.
pub const NOT_IMPORTED: &str = "niet_ingevoerd";

/// The status of numbers that should be there and are not.
pub const MISSING: &str = "ontbreekt";

/// A number of the account, or a stretch of numbers that no letter has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The number as it is printed; of a stretch, the first and last value of the counter.
    pub number: String,
    /// What it is the number of.
    pub kind: Kind,
    /// That of its letter; of the number of a case, its own; else [`NOT_IMPORTED`] or [`MISSING`].
    pub status: String,
    /// Whether it was written by hand in a letter.
    pub by_hand: bool,
    /// Why.
    pub reason: Option<Reason>,
    /// The letter that has it.
    pub id: Option<String>,
    /// How many numbers the line stands for.
    pub count: i64,
}

/// Why a number has its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// In the words of whoever made it void, or withdrew the letter or put it away.
    Given(String),
    /// An import raised the counter past it.
    Passed {
        /// The counter.
        series: String,
        /// The imported number.
        by: String,
    },
    /// Nobody knows.
    Missing {
        /// The counter.
        series: String,
    },
}

impl Reason {
    /// The reason in words.
    pub fn words(&self, messages: &Messages) -> String {
        match self {
            Self::Given(words) => words.clone(),
            Self::Passed { series, by } => messages.text("account-passed", &[("series", series), ("by", by)]),
            Self::Missing { series } => messages.text("account-missing", &[("series", series)]),
        }
    }
}

impl Line {
    /// The object of `register report nummers`.
    pub fn json(&self, messages: &Messages) -> Json {
        json!({
            "nummer": self.number,
            "reeks": self.kind.word(),
            "status": self.status,
            "handmatig": self.by_hand,
            "reden": self.reason.as_ref().map(|reason| reason.words(messages)),
            "id": self.id,
        })
    }
}

/// The account of a year: by series and, in it, by sequence; numbers without a place in a counter come last.
///
/// # Errors
/// When the database fails.
pub fn account(tx: &mut Tx, settings: &Settings, year: i32) -> Result<Vec<Line>> {
    let year = i64::from(year);
    let mut lines = Vec::new();
    let mut told = history::reasons(tx)?;
    let sql = "SELECT number.*, entry.status AS entry_status FROM number LEFT JOIN entry ON entry.id = number.entry
               WHERE number.year = $1";
    for row in tx.rows(sql, values![year])? {
        let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.word() == row.text("kind")) else { continue };
        let status = match kind {
            Kind::Case => None,
            Kind::Reference | Kind::Incoming => row.optional("entry_status"),
        };
        // Why a number is void stands beside it; why a letter was withdrawn or put away is said by its event, and beside the
        // number only by an import.
        let state = status.as_deref().and_then(Status::of_word).filter(|state| *state != Status::Void);
        let event = state.and_then(history::reason_event);
        let told = event.and_then(|what| told.remove(&(row.text("entry"), what.to_string())));
        let line = Line {
            number: row.text("number"),
            kind,
            status: status.unwrap_or_else(|| row.text("status")),
            by_hand: row.text("origin") == Origin::ByHand.word(),
            reason: told.or(row.optional("reason")).filter(|reason| !reason.is_empty()).map(Reason::Given),
            id: row.optional("entry"),
            count: 1,
        };
        lines.push((place(kind, row.optional("series"), row.number("seq")), line));
    }
    let gaps = gaps::gaps(&gaps::counters(tx, settings)?);
    // What belongs to no year that is known is missing from each.
    for gap in gaps.into_iter().filter(|gap| gap.year.is_none_or(|known| known == year)) {
        lines.push((place(gap.kind, Some(gap.series.clone()), Some(gap.first)), line_of(gap)));
    }
    lines.sort_by(|(place, line), (other_place, other)| (place, &line.number).cmp(&(other_place, &other.number)));
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

/// Where a number stands in the account.
fn place(kind: Kind, series: Option<String>, seq: Option<i64>) -> (usize, bool, Option<String>, Option<i64>) {
    let rank = Kind::ALL.into_iter().position(|other| other == kind).unwrap_or_default();
    (rank, series.is_none(), series, seq)
}

fn line_of(gap: Gap) -> Line {
    let (number, count, series) = (gap.shown(), gap.count(), gap.series);
    let (status, reason) = match gap.imported {
        Some(by) => (NOT_IMPORTED, Reason::Passed { series, by }),
        None => (MISSING, Reason::Missing { series }),
    };
    Line { number, kind: gap.kind, status: status.into(), by_hand: false, reason: Some(reason), id: None, count }
}

/// How many numbers have each status, in the order in which statuses first come.
pub fn totals(lines: &[Line]) -> Vec<(&str, i64)> {
    let mut totals: Vec<(&str, i64)> = Vec::new();
    for line in lines {
        match totals.iter_mut().find(|(status, _)| *status == line.status) {
            Some((_, total)) => *total = total.saturating_add(line.count),
            None => totals.push((&line.status, line.count)),
        }
    }
    totals
}
