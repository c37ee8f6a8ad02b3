//! The chain of events, link by link.

use std::collections::HashMap;

use super::{Fault, page};
use crate::error::Result;
use crate::register::chain::{self, Link};
use crate::register::db::{Row, Tx, Value};

/// What the events say.
pub(super) struct History {
    /// How many there are.
    pub count: u64,
    /// The last event of each entry.
    pub last: HashMap<String, Last>,
    /// Events whose details can't be read any more, with their entries.
    pub silent: Vec<(String, String)>,
}

/// The last event about an entry.
pub(super) struct Last {
    /// Its number.
    pub seq: String,
    /// What it says of the entry.
    pub state: String,
}

/// Reads all events and holds them against each other and against the head of the chain.
pub(super) fn check(tx: &mut Tx, faults: &mut Vec<Fault>) -> Result<History> {
    let mut history = History { count: 0, last: HashMap::new(), silent: Vec::new() };
    let (mut expected, mut previous) = (1, chain::START.to_string());
    let mut after: Option<Value> = None;
    while let Some(rows) = page(tx, "event", "seq", &mut after)? {
        for row in rows {
            let (seq, entry) = (row.text("seq"), row.text("entry"));
            let fault = |code| Fault::new(code, "event", &seq).of(&entry);
            let number = row.number("seq").filter(|number| *number >= expected);
            match number {
                None => faults.push(fault("verify-event-number")),
                Some(number) if number > expected => faults.push(missing(expected, number - 1)),
                Some(_) => {}
            }
            expected = number.map_or(expected, |number| number.saturating_add(1));
            if row.text("previous") != previous {
                faults.push(fault("verify-event-previous"));
            }
            if link_hash(&row).as_ref() != Some(&row.text("hash")) {
                faults.push(fault("verify-event-altered"));
            }
            match row.optional("details").zip(row.optional("salt")) {
                Some((details, salt)) if chain::digest(&salt, &details) == row.text("digest") => {}
                Some(_) => faults.push(fault("verify-details-altered")),
                None => history.silent.push((seq.clone(), entry.clone())),
            }
            previous = row.text("hash");
            history.count += 1;
            history.last.insert(entry, Last { seq, state: row.text("state") });
        }
    }
    head(tx, expected - 1, &previous, faults)?;
    Ok(history)
}

/// The hash that an event should have; none for a row that no event can be.
fn link_hash(row: &Row) -> Option<String> {
    let text = |column| row.text(column);
    let link = Link {
        seq: row.number("seq")?,
        moment: &text("moment"),
        who: &text("who"),
        entry: &text("entry"),
        what: &text("what"),
        digest: &text("digest"),
        state: &text("state"),
        previous: &text("previous"),
    };
    Some(link.hash())
}

/// That these events are gone.
fn missing(first: i64, last: i64) -> Fault {
    let row = if first == last { first.to_string() } else { format!("{first}–{last}") };
    Fault::new("verify-event-missing", "event", row)
}

/// The row that says where the chain ends: one, and it says so.
fn head(tx: &mut Tx, seq: i64, hash: &str, faults: &mut Vec<Fault>) -> Result<()> {
    let rows = tx.rows("SELECT * FROM chain ORDER BY id", &[])?;
    for row in rows.iter().filter(|row| row.number("id") != Some(1)) {
        faults.push(Fault::new("verify-row-extra", "chain", row.text("id")));
    }
    match rows.iter().find(|row| row.number("id") == Some(1)) {
        None => faults.push(Fault::new("verify-row-missing", "chain", 1)),
        Some(row) => {
            let known = row.number("seq");
            if known != Some(seq) {
                faults.push(Fault::new("verify-head-seq", "chain", 1).arg("found", row.text("seq")).arg("last", seq));
            }
            if row.text("head") != hash {
                faults.push(Fault::new("verify-head", "chain", 1).arg("last", seq));
                if let Some(known) = known.filter(|known| *known > seq) {
                    faults.push(missing(seq + 1, known));
                }
            }
        }
    }
    Ok(())
}
