//! Entries with the letters they answer and are answered by, as lists show them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Value as Json, json};

use super::db::Tx;
use super::entry::{Direction, Entry};
use super::links;
use crate::error::Result;

/// More entries than this are given their links by one reading of all links.
const MANY: usize = 40;

/// An entry with its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The entry.
    pub entry: Entry,
    /// The letters it answers (in_reactie_op), sorted.
    pub answers: Vec<String>,
    /// The letters that answer it (beantwoord_door), sorted.
    pub answered_by: Vec<String>,
}

impl Listed {
    /// The entries with their answers, in the same order.
    ///
    /// # Errors
    /// When the database fails.
    pub fn all(tx: &mut Tx, entries: Vec<Entry>) -> Result<Vec<Self>> {
        if entries.len() <= MANY {
            return entries.into_iter().map(|entry| Self::one(tx, entry)).collect();
        }
        let (mut answers, mut answered_by) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
        for row in tx.rows("SELECT source, target FROM link WHERE kind = 'beantwoordt' ORDER BY source, target", &[])? {
            let (source, target) = (row.text("source"), row.text("target"));
            answered_by.entry(target.clone()).or_default().push(source.clone());
            answers.entry(source).or_default().push(target);
        }
        let with_links = |entry: Entry| Self {
            answers: answers.remove(&entry.id).unwrap_or_default(),
            answered_by: answered_by.remove(&entry.id).unwrap_or_default(),
            entry,
        };
        Ok(entries.into_iter().map(with_links).collect())
    }

    /// One entry with its answers.
    ///
    /// # Errors
    /// When the database fails.
    pub fn one(tx: &mut Tx, entry: Entry) -> Result<Self> {
        let answers = links::answered_by(tx, &entry.id)?;
        let answered_by = links::answers_to(tx, &entry.id)?;
        Ok(Self { entry, answers, answered_by })
    }

    /// The object of `register list`, with the field names of the letter file; absent values are null.
    pub fn json(&self) -> Json {
        let entry = &self.entry;
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
        json!({
            "id": entry.id,
            "richting": entry.direction.word(),
            "soort": entry.kind,
            "kenmerk": (entry.direction == Direction::Out).then_some(&entry.id),
            "zaaknummer": entry.case_number,
            "datum": day(entry.dated),
            "ontvangen": day(entry.received),
            "verzonden": day(entry.sent),
            "onderwerp": entry.subject,
            "correspondent": entry.correspondent,
            "behandelaar": entry.handler,
            "status": entry.status.word(),
            "uw_kenmerk": entry.their_reference,
            "uw_brief": day(entry.their_date),
            "termijn": day(entry.term),
            "in_reactie_op": self.answers,
            "beantwoord_door": self.answered_by,
        })
    }
}
