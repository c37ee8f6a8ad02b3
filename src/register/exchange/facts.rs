//! What a table says of a letter, and tables of all letters.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use chrono::NaiveDate;
use serde_json::{Map, Value as Json, json};
use unicode_normalization::UnicodeNormalization;

use super::COLUMNS;
use crate::error::Result;
use crate::register::db::Tx;
use crate::register::entry::Entry;
use crate::register::history::{reason_event, reasons};
use crate::register::links;
use crate::register::listed::Listed;
use crate::register::numbering::{Kind, Origin};
use crate::table::{self, Table, list};

/// A letter with all that a table says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The entry with its answers.
    pub listed: Listed,
    /// The letters of the same case (zelfde_zaak), whichever end they were linked from, sorted.
    pub same_case: Vec<String>,
    /// Why it is void, withdrawn or done with (reden).
    pub reason: Option<String>,
    /// Whether its number was written by hand (handmatig).
    pub by_hand: bool,
}

impl Facts {
    /// All letters, by the day they were received or else the day on them, then by ID.
    ///
    /// # Errors
    /// When the database fails.
    pub fn all(tx: &mut Tx) -> Result<Vec<Self>> {
        let entries = tx.rows("SELECT * FROM entry", &[])?;
        let mut entries = entries.iter().map(Entry::of_row).collect::<Result<Vec<_>>>()?;
        let day = |entry: &Entry| entry.received.or(entry.dated).or(entry.reserved);
        // Here and not in the database, which may order texts otherwise than by their bytes.
        entries.sort_by(|one, other| (day(one), &one.id).cmp(&(day(other), &other.id)));
        let (mut numbers, mut cases, mut events) = (numbers(tx)?, same_cases(tx)?, reasons(tx)?);
        let of_entry = |mut listed: Listed| {
            listed.answers.sort();
            listed.answered_by.sort();
            let id = listed.entry.id.as_str();
            let (by_hand, noted) = numbers.remove(id).unwrap_or_default();
            // The event is the later of the two: an import writes the reason beside the number, once.
            let told = reason_event(listed.entry.status).and_then(|what| events.remove(&(id.into(), what.into())));
            let has_reason = reason_event(listed.entry.status).is_some();
            let reason = told.or(noted).filter(|reason| has_reason && !reason.is_empty());
            let same_case = cases.remove(id).unwrap_or_default().into_iter().collect();
            Self { listed, same_case, reason, by_hand }
        };
        Ok(Listed::all(tx, entries)?.into_iter().map(of_entry).collect())
    }

    /// The object of `register list` and what else a table says, by the names of [`COLUMNS`] and in their order; absent
    /// values are null.
    pub fn json(&self) -> Json {
        let entry = &self.listed.entry;
        let mut known = match self.listed.json() {
            Json::Object(known) => known,
            _ => Map::new(),
        };
        known.extend([
            ("wijze".to_string(), json!(entry.sent_by)),
            ("vertrouwelijkheid".to_string(), json!(entry.confidentiality)),
            ("zelfde_zaak".to_string(), json!(self.same_case)),
            ("reden".to_string(), json!(self.reason)),
            ("handmatig".to_string(), json!(self.by_hand)),
            ("gereserveerd".to_string(), json!(entry.reserved.map(|day| day.to_string()))),
        ]);
        let ordered = COLUMNS.map(|name| (name.to_string(), known.remove(name).map_or(Json::Null, tidy)));
        Json::Object(ordered.into_iter().collect())
    }
}

/// The letters as a table.
pub fn table(letters: &[Facts]) -> Table {
    let mut table = Table::new(COLUMNS);
    for letter in letters {
        let json = letter.json();
        table.push(COLUMNS.map(|name| cell(&json[name])));
    }
    table
}

/// The letters as CSV.
pub fn csv(letters: &[Facts]) -> Vec<u8> {
    table::csv(&table(letters))
}

/// The letters as a JSON array of objects.
pub fn json(letters: &[Facts]) -> Json {
    letters.iter().map(Facts::json).collect()
}

/// The letters as an Excel workbook made on that day; `shown` is the path that findings name.
///
/// # Errors
/// [`Error::Refused`](crate::error::Error::Refused) when there are more letters, or longer texts, than a sheet can hold.
pub fn xlsx(letters: &[Facts], day: NaiveDate, shown: &Path) -> Result<Vec<u8>> {
    table::xlsx(&table(letters), day.and_time(chrono::NaiveTime::MIN), shown)
}

fn cell(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Bool(true) => "ja".into(),
        Json::Bool(false) => "nee".into(),
        Json::Array(items) => list::join(&items.iter().filter_map(Json::as_str).collect::<Vec<_>>()),
        _ => String::new(),
    }
}

/// The value with its texts as cells of a table hold them, so that all formats say the same.
fn tidy(value: Json) -> Json {
    match value {
        Json::String(text) => Json::String(text.trim().nfc().collect()),
        Json::Array(items) => items.into_iter().map(tidy).collect(),
        other => other,
    }
}

/// Of each letter's number: whether it was written by hand, and the reason beside it.
fn numbers(tx: &mut Tx) -> Result<HashMap<String, (bool, Option<String>)>> {
    let sql = "SELECT entry, origin, reason FROM number WHERE kind <> $1";
    let rows = tx.rows(sql, &[Kind::Case.word().into()])?;
    let by_hand = |origin: String| origin == Origin::ByHand.word();
    Ok(rows.iter().map(|row| (row.text("entry"), (by_hand(row.text("origin")), row.optional("reason")))).collect())
}

/// The letters of the same case, from both ends.
fn same_cases(tx: &mut Tx) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let mut cases = BTreeMap::<String, BTreeSet<String>>::new();
    let sql = "SELECT source, target FROM link WHERE kind = $1";
    for row in tx.rows(sql, &[links::Kind::SameCase.word().into()])? {
        let (source, target) = (row.text("source"), row.text("target"));
        cases.entry(source.clone()).or_default().insert(target.clone());
        cases.entry(target).or_default().insert(source);
    }
    Ok(cases)
}
