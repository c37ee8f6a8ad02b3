//! What happened to an entry, as its events tell it.

use std::collections::HashMap;

use serde_json::{Value as Json, json};

use super::db::{Row, Tx, values};
use super::entry::Status;
use crate::error::Result;
use crate::zone;

/// What can happen to an entry: the word in the database, of which `event-…` in the message catalogues is the reading.
pub const WHATS: [&str; 23] = [
    "ontvangen",
    "gereserveerd",
    "opnieuw-beschreven",
    "vastgesteld",
    "nieuwe-versie-begonnen",
    "nieuwe-versie-opgegeven",
    "nieuwe-versie",
    "beantwoord",
    "heropend",
    "gekoppeld",
    "ontkoppeld",
    "toegewezen",
    "afgedaan",
    "verzonden",
    "gecorrigeerd",
    "ingetrokken",
    "vervallen",
    "ingevoerd",
    "handmatig",
    "ondertekend",
    "gescand",
    "gearchiveerd",
    "aangevuld",
];

/// An event as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The moment, such as `2023-02-21T11:00:00Z`.
    pub moment: String,
    /// Who did it.
    pub who: String,
    /// What happened, one of [`WHATS`].
    pub what: String,
    /// What changed; none where it was destroyed.
    pub details: Option<Json>,
    /// Its hash in the chain.
    pub hash: String,
}

impl Event {
    /// The events of an entry, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn all(tx: &mut Tx, entry: &str) -> Result<Vec<Self>> {
        let sql = "SELECT moment, who, what, details, hash FROM event WHERE entry = $1 ORDER BY seq";
        Ok(tx.rows(sql, values![entry])?.iter().map(Self::of_row).collect())
    }

    fn of_row(row: &Row) -> Self {
        Self {
            moment: row.text("moment"),
            who: row.text("who"),
            what: row.text("what"),
            // Details that are no JSON were put there by another program: `register verify` says so, reading goes on.
            details: row.optional("details").map(|text| serde_json::from_str(&text).unwrap_or(Json::String(text))),
            hash: row.text("hash"),
        }
    }

    /// The object of `register show`.
    pub fn json(&self) -> Json {
        json!({
            "tijdstip": self.moment, "wie": self.who, "wat": self.what, "hash": self.hash,
            "bijzonderheden": self.details,
        })
    }
}

/// The event that gave an entry a status for which there is a reason.
pub fn reason_event(status: Status) -> Option<&'static str> {
    match status {
        Status::Void => Some("vervallen"),
        Status::Withdrawn => Some("ingetrokken"),
        Status::Handled => Some("afgedaan"),
        _ => None,
    }
}

/// The reason that the last event of each of these kinds gave, by entry and event.
///
/// # Errors
/// When the database fails.
pub fn reasons(tx: &mut Tx) -> Result<HashMap<(String, String), String>> {
    let sql = "SELECT entry, what, details FROM event
               WHERE what IN ('vervallen', 'ingetrokken', 'afgedaan') AND details IS NOT NULL ORDER BY seq";
    let rows = tx.rows(sql, &[])?;
    let read = rows.iter().filter_map(|row| {
        let details: Json = serde_json::from_str(&row.text("details")).ok()?;
        let reason = details.get("reden")?.as_str()?.to_string();
        Some(((row.text("entry"), row.text("what")), reason))
    });
    Ok(read.collect())
}

/// A moment of an event on the clock in the Netherlands; none if it is no moment.
pub fn local(moment: &str) -> Option<String> {
    moment.parse().ok().map(zone::minute)
}

/// The details of an event, each by its name, which is empty where it has none; those that say nothing are left out.
pub fn details(details: &Json) -> Vec<(String, String)> {
    let Json::Object(fields) = details else {
        return value(details).map(|value| (String::new(), value)).into_iter().collect();
    };
    fields.iter().filter_map(|(name, field)| Some((name.clone(), value(field)?))).collect()
}

fn value(json: &Json) -> Option<String> {
    match json {
        Json::Null => None,
        Json::String(text) if text.is_empty() => None,
        Json::String(text) => Some(text.clone()),
        Json::Array(items) => {
            Some(items.iter().filter_map(value).collect::<Vec<_>>().join(", ")).filter(|text| !text.is_empty())
        }
        Json::Object(fields) => {
            let parts = fields
                .iter()
                .filter_map(|(name, field)| Some(format!("{}: {}", name.replace('_', " "), value(field)?)));
            Some(parts.collect::<Vec<_>>().join(", ")).filter(|text| !text.is_empty())
        }
        other => Some(other.to_string()),
    }
}
