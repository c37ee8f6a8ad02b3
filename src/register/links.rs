//! How letters belong together, seen from both ends.

use serde_json::json;

use super::chain::Journal;
use super::db::{Tx, values};
use super::entry::{Direction, Entry, Status};
use crate::error::Result;

/// What one letter is to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The source answers the target.
    Answers,
    /// Both belong to one case.
    SameCase,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Answers, Self::SameCase];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Answers => "beantwoordt",
            Self::SameCase => "zelfde-zaak",
        }
    }
}

/// Links two letters; a link that is there already stays as it is. True if it is new.
///
/// Whoever calls this notes it on the source; that an incoming letter is answered by it, [`refresh_answered`] notes.
///
/// # Errors
/// When the database fails.
pub fn add(tx: &mut Tx, source: &str, kind: Kind, target: &str) -> Result<bool> {
    let sql =
        "INSERT INTO link (source, kind, target) VALUES ($1, $2, $3) ON CONFLICT (source, kind, target) DO NOTHING";
    Ok(tx.exec(sql, values![source, kind.word(), target])? > 0)
}

/// Takes a link away. True if there was one.
///
/// # Errors
/// When the database fails.
pub fn remove(tx: &mut Tx, source: &str, kind: Kind, target: &str) -> Result<bool> {
    let sql = "DELETE FROM link WHERE source = $1 AND kind = $2 AND target = $3";
    Ok(tx.exec(sql, values![source, kind.word(), target])? > 0)
}

/// The letters that a letter answers, sorted.
///
/// # Errors
/// When the database fails.
pub fn answered_by(tx: &mut Tx, source: &str) -> Result<Vec<String>> {
    targets(tx, source, Kind::Answers)
}

/// The letters that a letter is linked to as the source of a link of that kind, sorted.
///
/// # Errors
/// When the database fails.
pub fn targets(tx: &mut Tx, source: &str, kind: Kind) -> Result<Vec<String>> {
    let sql = "SELECT target AS id FROM link WHERE source = $1 AND kind = $2 ORDER BY target";
    Ok(tx.rows(sql, values![source, kind.word()])?.iter().map(|row| row.text("id")).collect())
}

/// The letters that answer a letter, sorted, whatever their status.
///
/// # Errors
/// When the database fails.
pub fn answers_to(tx: &mut Tx, target: &str) -> Result<Vec<String>> {
    let sql = "SELECT source AS id FROM link WHERE target = $1 AND kind = 'beantwoordt' ORDER BY source";
    Ok(tx.rows(sql, values![target])?.iter().map(|row| row.text("id")).collect())
}

/// Two letters that belong together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The one that answers the other, or belongs to its case.
    pub source: String,
    /// What the source is to the target.
    pub kind: Kind,
    /// The other one.
    pub target: String,
}

/// The links of a letter, whichever end it is, sorted.
///
/// # Errors
/// When the database fails.
pub fn of(tx: &mut Tx, id: &str) -> Result<Vec<Link>> {
    let rows = tx.rows("SELECT source, kind, target FROM link WHERE source = $1 OR target = $1", values![id])?;
    let link = |row: &super::db::Row| {
        let kind = Kind::ALL.into_iter().find(|kind| kind.word() == row.text("kind"))?;
        Some(Link { source: row.text("source"), kind, target: row.text("target") })
    };
    let mut found: Vec<_> = rows.iter().filter_map(link).collect();
    found.sort();
    Ok(found)
}

/// Brings the status of an incoming letter in line with its answers: `beantwoord` while one of them stands, `open`
/// again when none does any more. A letter that was put away without an answer stays so until it gets one.
///
/// # Errors
/// When the database fails.
pub fn refresh_answered(journal: &mut Journal, id: &str) -> Result<()> {
    let Some(mut entry) = Entry::find(journal.tx, id)?.filter(|entry| entry.direction == Direction::In) else {
        return Ok(());
    };
    let mut answer = None;
    for source in answers_to(journal.tx, id)? {
        if Entry::find(journal.tx, &source)?.is_some_and(|letter| letter.status.stands()) {
            answer = Some(source);
            break;
        }
    }
    let (status, what) = match (&answer, entry.status) {
        (Some(_), Status::Open | Status::Handled) => (Status::Answered, "beantwoord"),
        (None, Status::Answered) => (Status::Open, "heropend"),
        _ => return Ok(()),
    };
    let was = std::mem::replace(&mut entry.status, status);
    entry.update(journal.tx)?;
    journal.note(id, what, &json!({ "was": was.word(), "wordt": status.word(), "door": answer }))
}
