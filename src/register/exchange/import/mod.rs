//! A table of letters, taken into the register: all its good rows in one transaction, or all or none.
//!
//! A row is good by itself ([`row`]), and beside the other rows and the register ([`relations`]). Then it is written
//! ([`write`]) with its number as it is: counters go on after the highest one of their series. A number that was written
//! by hand stays one, and raises no counter.

mod relations;
mod row;
mod write;

use std::path::Path;

use super::COLUMNS;
use crate::contract::nearest;
use crate::error::{Error, Finding, Findings, Result, Severity};
use crate::register::chain::hex;
use crate::register::entry::Direction;
use crate::register::{Clerk, Register};
use crate::table::Table;
use crate::workspace::numbers::Numbers;
use crate::workspace::settings::Settings;
use relations::Known;
use row::Candidate;

/// Columns without which a table says too little; `id` and `kenmerk` stand for each other.
const REQUIRED: [&str; 3] = ["richting", "datum", "onderwerp"];

/// The highest sequence number that a counter goes on after: what is higher is a slip, and leaves no room to count.
const MAX_SEQUENCE: i64 = 999_999_999_999;

/// A table to be taken in.
pub struct Source<'a> {
    /// Its rows.
    pub table: &'a Table,
    /// Its path as findings name it.
    pub shown: &'a Path,
}

/// What became of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Its rows, from top to bottom.
    pub rows: Vec<Outcome>,
    /// What was noticed about the table as a whole.
    pub warnings: Vec<Finding>,
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The row by the number that its spreadsheet shows.
    pub row: usize,
    /// The number of its letter, where it has one that can be read.
    pub id: Option<String>,
    /// Whether it is in the register now.
    pub is_taken: bool,
    /// What was found in it: errors only where it was refused.
    pub findings: Vec<Finding>,
}

impl Report {
    /// How many rows are in the register now.
    pub fn taken(&self) -> usize {
        self.rows.iter().filter(|row| row.is_taken).count()
    }

    /// How many are not.
    pub fn refused(&self) -> usize {
        self.rows.len() - self.taken()
    }
}

/// Takes a table in; with `all_or_none`, one bad row keeps all out.
///
/// # Errors
/// [`Error::Refused`] when the table lacks a column; that the database fails. Either way nothing was changed.
pub fn import(
    register: &mut Register,
    settings: &Settings,
    clerk: &Clerk,
    source: &Source,
    all_or_none: bool,
) -> Result<Report> {
    let warnings = check_columns(source)?;
    let workspace = register.workspace().to_string();
    let salt = || hex(&(clerk.random)());
    let read = |row| Candidate::read(row, source.shown, &workspace, salt());
    let mut candidates: Vec<_> = source.table.rows.iter().map(read).collect();
    candidates.iter_mut().for_each(|candidate| check_sequences(candidate, settings, source.shown));
    register.write(clerk, |journal| {
        let known = Known::load(journal.tx)?;
        relations::check(&mut candidates, &known, source.shown);
        if all_or_none && candidates.iter().any(Candidate::is_refused) {
            for candidate in candidates.iter_mut().filter(|candidate| !candidate.is_refused()) {
                candidate.find(source.shown, "id", Finding::error("import-none"));
            }
        } else {
            let links = relations::links(&candidates, &known);
            relations::settle(&mut candidates, &known, &links, source.shown);
            write::write(journal, settings, source.shown, &candidates, &known, &links)?;
        }
        Ok(())
    })?;
    let outcome = |candidate: Candidate| Outcome {
        row: candidate.row,
        is_taken: !candidate.is_refused(),
        id: Some(candidate.entry.id).filter(|id| !id.is_empty()),
        findings: candidate.findings,
    };
    Ok(Report { rows: candidates.into_iter().map(outcome).collect(), warnings })
}

/// Refuses numbers that would take their counter to the end of what it can count.
fn check_sequences(candidate: &mut Candidate, settings: &Settings, shown: &Path) {
    let own = match candidate.entry.direction {
        Direction::In => &settings.inkomend,
        Direction::Out => &settings.kenmerk,
    };
    let case = candidate.entry.case_number.as_deref().unwrap_or_default();
    let given = [("id", own, candidate.entry.id.as_str()), ("zaaknummer", &settings.zaaknummer, case)];
    let is_high = |numbers: &Numbers, number: &str| {
        numbers.patroon.sequence_of(number).is_some_and(|parsed| parsed.sequence > MAX_SEQUENCE)
    };
    let high = given.into_iter().filter(|(_, numbers, number)| is_high(numbers, number));
    for column in high.map(|(column, ..)| column).collect::<Vec<_>>() {
        candidate.find(shown, column, Finding::error("import-number-high").arg("limit", MAX_SEQUENCE));
    }
}

fn check_columns(source: &Source) -> Result<Vec<Finding>> {
    let Source { table, shown } = *source;
    let mut findings = Findings::default();
    if table.columns.is_empty() && table.rows.is_empty() {
        // The JSON of an empty register names no columns.
        return Ok(Vec::new());
    }
    let about = |finding: Finding, column: &str| finding.arg("file", shown.display()).key(column);
    let mut missing = REQUIRED.to_vec();
    if !table.has("kenmerk") {
        missing.insert(0, "id");
    }
    let given = || table.columns.iter().map(|column| column.name.as_str());
    let strange = || given().filter(|name| !COLUMNS.contains(name));
    for column in missing.into_iter().filter(|column| !table.has(column)) {
        let finding = Finding::error("import-column-missing");
        let meant = strange().find(|name| nearest(name, COLUMNS) == Some(column)).map(row::shown);
        findings.push(about(finding, column).arg("meant", meant.unwrap_or_default()));
    }
    for column in strange() {
        let finding = Finding::warning("import-column-unknown");
        findings.push(about(finding, &row::shown(column)).arg("meant", nearest(column, COLUMNS).unwrap_or_default()));
    }
    findings.refuse_errors().map_err(|error| match error {
        // With what may be the missing column among the warnings, the errors first.
        Error::Refused(mut findings) => {
            findings.sort_by_key(|finding| finding.severity != Severity::Error);
            Error::Refused(findings)
        }
        outside => outside,
    })
}
