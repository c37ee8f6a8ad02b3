//! How a mailing stands, and what came of every row.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use crate::contract::nearest;
use crate::error::{Finding, Result};
use crate::register::Register;
use crate::register::files;
use crate::register::mailings::{self, Counts, Mailing, Progress, Standing, queue};
use crate::table::{Table, office_csv};
use crate::workspace::staged;

/// How a mailing stands at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The mailing.
    pub mailing: Mailing,
    /// Its rows, in the order of the table.
    pub rows: Vec<Standing>,
}

/// How far a mailing is at one moment, without its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The mailing.
    pub mailing: Mailing,
    /// How many rows are how far; those of processes that are gone are waiting.
    pub counts: Counts,
    /// How many processes work on it.
    pub workers: usize,
}

impl Summary {
    /// How far the mailing of a name is.
    ///
    /// # Errors
    /// As [`Outcome::read`].
    pub fn read(register: &mut Register, name: &str) -> Result<Self> {
        let mailing = Outcome::mailing(register, name)?;
        let gone = queue::gone(register, &mailing.workspace, name)?;
        let shares = register.read(|tx| mailings::shares(tx, &mailing.workspace, name))?;
        let mut summary = Self { mailing, counts: Counts::default(), workers: 0 };
        for (progress, worker, rows) in shares {
            let is_left = worker.as_ref().is_some_and(|worker| gone.contains(worker));
            summary.counts.add(if is_left { Progress::Waiting } else { progress }, rows);
            summary.workers += usize::from(progress == Progress::Busy && !is_left);
        }
        Ok(summary)
    }

    /// How far each mailing of the workspace is, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub fn all(register: &mut Register) -> Result<Vec<Self>> {
        let workspace = register.workspace().to_string();
        let names = register.read(|tx| Mailing::names(tx, &workspace))?;
        names.iter().map(|name| Self::read(register, name)).collect()
    }
}

impl Outcome {
    /// Reads how the mailing of a name stands. Rows of processes that are gone are said to be waiting.
    ///
    /// # Errors
    /// [`crate::error::Error::Refused`] when there is no such mailing; [`crate::error::Error::Outside`] when the database
    /// fails.
    pub fn read(register: &mut Register, name: &str) -> Result<Self> {
        let workspace = register.workspace().to_string();
        let mailing = Self::mailing(register, name)?;
        let gone = queue::gone(register, &workspace, name)?;
        let mut rows = register.read(|tx| Standing::all(tx, &workspace, name))?;
        let is_left = |row: &Standing| row.row.worker.as_ref().is_some_and(|worker| gone.contains(worker));
        rows.iter_mut().filter(|row| is_left(row)).for_each(|row| row.row.progress = Progress::Waiting);
        Ok(Self { mailing, rows })
    }

    /// The mailing of a name.
    ///
    /// # Errors
    /// As [`Outcome::read`].
    pub fn mailing(register: &mut Register, name: &str) -> Result<Mailing> {
        let workspace = register.workspace().to_string();
        let (mailing, names) =
            register.read(|tx| Ok((Mailing::find(tx, &workspace, name)?, Mailing::names(tx, &workspace)?)))?;
        mailing.ok_or_else(|| {
            let meant = nearest(name, names.iter().map(String::as_str)).unwrap_or_default();
            let finding = Finding::error("mail-unknown").arg("name", super::recipients::printable(name));
            finding.arg("meant", meant).arg("names", names.join(", ")).into()
        })
    }

    /// Removes what ended processes staged in the folders where its letters lie, in the workspace at `root`.
    pub fn sweep(&self, root: &Path) {
        let letters = self.rows.iter().filter_map(|row| row.pdf.as_deref()).map(Path::new);
        let folders: BTreeSet<PathBuf> = letters
            .flat_map(|pdf| [pdf.parent().map(Path::to_path_buf), Some(pdf.with_extension("").join(files::ENCLOSURES))])
            .flatten()
            .collect();
        folders.iter().for_each(|folder| staged::sweep(&root.join(folder)));
    }

    /// How many rows are how far.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        self.rows.iter().for_each(|row| counts.add(row.row.progress, 1));
        counts
    }

    /// The processes that work on it.
    pub fn workers(&self) -> usize {
        let busy = self.rows.iter().filter(|row| row.row.progress == Progress::Busy);
        busy.filter_map(|row| row.row.worker.as_deref()).collect::<HashSet<_>>().len()
    }

    /// It as JSON: those that processes work on count as waiting.
    pub fn json(&self) -> Json {
        let counts = self.counts();
        let row = |row: &Standing| {
            json!({
                "rij": row.row.position,
                "kenmerk": kenmerk(row),
                "status": row.row.progress.word(),
                "pdf": row.pdf,
                "meldingen": said(row),
            })
        };
        json!({
            "naam": self.mailing.name,
            "totaal": counts.total(),
            "gereed": counts.done,
            "geweigerd": counts.refused,
            "wachtend": counts.waiting + counts.busy,
            "rijen": self.rows.iter().map(row).collect::<Vec<_>>(),
        })
    }

    /// The rows as a table for a spreadsheet program.
    pub fn csv(&self) -> Vec<u8> {
        let mut table = Table::new(["rij", "kenmerk", "status", "pdf", "meldingen"]);
        for row in &self.rows {
            let found = said(row).join("; ");
            let cells = [row.row.position.to_string(), kenmerk(row).unwrap_or_default().into()];
            let rest = [row.row.progress.word().to_string(), row.pdf.clone().unwrap_or_default(), found];
            table.push(cells.into_iter().chain(rest));
        }
        office_csv(&table)
    }
}

/// The kenmerk of a row; a refused row has none, though it may have had one that is void now.
fn kenmerk(row: &Standing) -> Option<&str> {
    row.row.entry.as_deref().filter(|_| row.row.progress != Progress::Refused)
}

/// What was found in a row, each in a sentence that names its column.
pub fn said(row: &Standing) -> Vec<String> {
    let findings = row.row.findings.as_array().into_iter().flatten();
    let said = findings.map(|finding| {
        let words = finding["melding"].as_str().unwrap_or_default();
        match finding["sleutel"].as_str() {
            Some(column) => format!("{column}: {words}"),
            None => words.to_string(),
        }
    });
    said.collect()
}
