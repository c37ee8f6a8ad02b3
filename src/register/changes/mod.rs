//! What happens to a letter after it was recorded: who deals with it, how far it is, what was wrong about it, what it
//! belongs to.
//!
//! Each change works within [`Register::write`](super::Register::write), so that what it decides on can't change under it.
//! It is noted with the old value, the new one and, where one is asked for, the reason.

pub mod correct;
pub mod linking;
pub mod progress;

use chrono::NaiveDate;
use serde_json::{Map, Value as Json, json};

use super::chain::Journal;
use super::entry::Entry;
use super::given;
use super::listed::Listed;
use crate::error::{Finding, Result};

/// A letter after a change.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// The letter.
    pub listed: Listed,
    /// What whoever changed it had better look at.
    pub warnings: Vec<Finding>,
}

/// The letter that somebody named.
fn find(journal: &mut Journal, id: &str) -> Result<Entry> {
    Entry::get(journal.tx, &given::id(id)?)
}

/// Why something can't be done to a letter with its status; the words say what can be done instead.
fn refuse(entry: &Entry, action: &str) -> Finding {
    let status = entry.status.word();
    Finding::error("status-refuses").arg("id", &entry.id).arg("status", status).arg("action", action)
}

/// Writes a changed letter and notes what happened to it.
fn write(journal: &mut Journal, entry: &Entry, what: &str, details: &Json) -> Result<()> {
    entry.update(journal.tx)?;
    journal.note(&entry.id, what, details)
}

/// The details of a change: the field with its old and new value, and the reason if there is one.
fn details(field: &str, was: Option<&str>, becomes: Option<&str>, reason: Option<&str>) -> Map<String, Json> {
    let mut details = Map::new();
    details.insert("veld".into(), field.into());
    details.insert("was".into(), json!(was));
    details.insert("wordt".into(), json!(becomes));
    details.extend(reason.map(|reason| ("reden".to_string(), reason.into())));
    details
}

/// The letter as it now is.
fn changed(journal: &mut Journal, id: &str, warnings: Vec<Finding>) -> Result<Changed> {
    let entry = Entry::get(journal.tx, id)?;
    Ok(Changed { listed: Listed::one(journal.tx, entry)?, warnings })
}

/// The warning about a letter that was sent before its own date.
fn sent_finding(entry: &Entry, sent: NaiveDate) -> Option<Finding> {
    let dated = entry.dated.filter(|dated| *dated > sent)?;
    Some(Finding::warning("sent-before-date").key("verzonden").arg("value", sent).arg("dated", dated))
}
