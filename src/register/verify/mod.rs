//! Proof that nothing was changed behind the register's back, or what was.
//!
//! Every event is held against the chain, every entry against what its last event says of it, the numbers against their
//! counters, what is searched against the letters, and the files of this workspace against their digests. Tables are read
//! in pages, so that a register of any size fits in memory. What remains unseen is a chain that ends early and rows that
//! agree with it: whoever has an older head, as archived letters do, can tell.

mod counts;
mod entries;
mod events;
mod files;
mod sqlite;

use std::collections::HashMap;
use std::fmt;

use super::Register;
use super::db::{Dialect, Row, Tx, Value};
use crate::contract::characters::unfit;
use crate::error::{Error, Finding, Result};
use crate::workspace::settings::Settings;

/// How many rows are read at a time.
const PAGE: usize = 1_000;

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    /// The number of events.
    pub events: u64,
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// What could not be checked from here, as warnings.
    pub unchecked: Vec<Finding>,
}

/// One thing wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// The letter that it concerns, if it is one letter.
    pub id: Option<String>,
    /// What is wrong and where: the arguments `table` and `row` name the row.
    pub finding: Finding,
}

impl Verified {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.faults.is_empty()
    }
}

impl Fault {
    fn new(code: &'static str, table: &str, row: impl fmt::Display) -> Self {
        let finding = Finding::error(code).arg("table", table).arg("row", plain(&row.to_string()));
        Self { id: None, finding }
    }

    /// About a letter.
    fn of(mut self, id: &str) -> Self {
        self.id = Some(plain(id));
        self
    }

    fn arg(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.finding = self.finding.arg(name, plain(&value.to_string()));
        self
    }

    /// The finding that another part of the register refuses a row with.
    fn refused(error: Error, id: &str) -> Result<Vec<Self>> {
        match error {
            Error::Refused(findings) => {
                let with_id = findings.into_iter().map(|mut finding| {
                    finding.args.iter_mut().for_each(|(_, value)| *value = plain(value));
                    Self { id: Some(plain(id)), finding }
                });
                Ok(with_id.collect())
            }
            outside => Err(outside),
        }
    }
}

/// Looks at everything.
///
/// # Errors
/// [`Error::Outside`] when the database fails. Files that can't be read are faults.
pub fn verify(register: &mut Register, settings: &Settings) -> Result<Verified> {
    // A register of one workspace has all its files there, whatever id it had when they were recorded.
    let workspace = register.is_shared().then(|| register.workspace().to_string());
    let (mut faults, mut unchecked) = (Vec::new(), Vec::new());
    let (events, (claims, elsewhere), dialect) = register.db.read(|tx| {
        counts::migrations(tx, &mut faults)?;
        if tx.dialect() == Dialect::Sqlite {
            sqlite::database(tx, &mut faults)?;
        }
        let mut history = events::check(tx, &mut faults)?;
        let claims = entries::check(tx, workspace.as_deref(), &mut history, &mut faults)?;
        entries::orphans(tx, &mut faults)?;
        entries::index(tx, &mut faults)?;
        counts::counters(tx, settings, &mut faults)?;
        Ok((history.count, claims, tx.dialect()))
    })?;
    if elsewhere > 0 {
        unchecked.push(Finding::warning("verify-elsewhere").arg("letters", elsewhere));
    }
    if dialect == Dialect::Sqlite && !sqlite::index(&mut register.db, &mut faults)? {
        unchecked.push(Finding::warning("verify-read-only"));
    }
    files::check(register, claims, &mut faults)?;
    Ok(Verified { events, faults, unchecked })
}

/// The next page of a table: the rows after that key, by key. None when there are no more.
fn page(tx: &mut Tx, table: &str, key: &str, after: &mut Option<Value>) -> Result<Option<Vec<Row>>> {
    let behind = if after.is_some() { format!("WHERE {key} > $1") } else { String::new() };
    let sql = format!("SELECT * FROM {table} {behind} ORDER BY {key} LIMIT {PAGE}");
    let rows = tx.rows(&sql, after.as_slice())?;
    let last = rows.last().and_then(|row| value(row, key)).cloned();
    // What SQLite keeps as bytes sorts behind every text, also behind itself as text.
    if last.is_none() || last == *after {
        return Ok(None);
    }
    *after = last;
    Ok(Some(rows))
}

fn value<'a>(row: &'a Row, column: &str) -> Option<&'a Value> {
    row.columns().find(|(name, _)| *name == column).map(|(_, value)| value)
}

/// Rows by the text in one of their columns, each in the order in which they came.
fn by(rows: Vec<Row>, column: &str) -> HashMap<String, Vec<Row>> {
    let mut grouped: HashMap<String, Vec<Row>> = HashMap::new();
    for row in rows {
        grouped.entry(row.text(column)).or_default().push(row);
    }
    grouped
}

/// A text of the database as it can be shown on a terminal.
fn plain(text: &str) -> String {
    let shown = |c: char| if unfit(c).is_some() { '\u{FFFD}' } else { c };
    text.chars().map(shown).collect()
}
