//! Mailings in the register: what was planned, who works on it, what came of every row.
//!
//! [`plan`] writes what is to be done, [`queue`] hands rows to processes, one process each; this file reads how it stands.
//! The events of the letters themselves are in the chain like those of any letter: what stands here says who does them.

pub mod plan;
pub mod queue;

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::db::{Row, Tx, values};
use super::outgoing;
use crate::error::{Finding, Result};

/// A mailing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailing {
    /// The workspace whose letters these are.
    pub workspace: String,
    /// Its name.
    pub name: String,
    /// The path of the letter file, from the workspace.
    pub letter: String,
    /// SHA-256 of all that its letters are made of besides their rows.
    pub letter_digest: String,
    /// The files and settings of that, each with its SHA-256.
    pub sources: BTreeMap<String, String>,
    /// The table as its user named it.
    pub recipients: String,
    /// The columns of the table.
    pub layout: Json,
    /// The moment of planning, such as `2023-02-21T11:00:00Z`.
    pub planned: String,
}

/// How far a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Nobody works on it.
    Waiting,
    /// A process works on it.
    Busy,
    /// Its letter is recorded.
    Done,
    /// There is no letter for it.
    Refused,
}

/// A row of a mailing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRow {
    /// Its number in the order of planning.
    pub seq: i64,
    /// Its number in the spreadsheet.
    pub position: i64,
    /// Its cells by the names of their columns, without those that are empty.
    pub cells: BTreeMap<String, String>,
    /// SHA-256 of its cells with the names of their columns.
    pub digest: String,
    /// The ID of its letter.
    pub entry: Option<String>,
    /// How far it is.
    pub progress: Progress,
    /// The process that has taken it.
    pub worker: Option<String>,
    /// What was found, as JSON: an array.
    pub findings: Json,
}

/// A row with where its letter lies, for whoever asks how a mailing stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The row; its cells are left out.
    pub row: MailRow,
    /// The path of its PDF from the workspace, once there is one.
    pub pdf: Option<String>,
}

/// How many rows of a mailing are how far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Nobody works on them.
    pub waiting: u64,
    /// Processes work on them.
    pub busy: u64,
    /// Their letters are recorded.
    pub done: u64,
    /// There are no letters for them.
    pub refused: u64,
}

impl Progress {
    const ALL: [Self; 4] = [Self::Waiting, Self::Busy, Self::Done, Self::Refused];

    /// The word in the database and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "wachtend",
            Self::Busy => "bezig",
            Self::Done => "gereed",
            Self::Refused => "geweigerd",
        }
    }

    fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|progress| progress.word() == word)
    }
}

impl Counts {
    /// All rows.
    pub fn total(&self) -> u64 {
        self.waiting + self.busy + self.done + self.refused
    }

    /// Adds rows that are so far.
    pub fn add(&mut self, progress: Progress, rows: u64) {
        *match progress {
            Progress::Waiting => &mut self.waiting,
            Progress::Busy => &mut self.busy,
            Progress::Done => &mut self.done,
            Progress::Refused => &mut self.refused,
        } += rows;
    }

    /// The counts of a mailing.
    ///
    /// # Errors
    /// When the database fails.
    pub fn read(tx: &mut Tx, workspace: &str, name: &str) -> Result<Self> {
        let sql = "SELECT status, CAST(count(*) AS BIGINT) AS n FROM mail_row WHERE workspace = $1 AND mailing = $2 GROUP BY status";
        let mut counts = Self::default();
        for row in tx.rows(sql, values![workspace, name])? {
            let rows = u64::try_from(row.number("n").unwrap_or_default()).unwrap_or_default();
            counts.add(Progress::of_word(&row.text("status")).ok_or_else(|| broken(name))?, rows);
        }
        Ok(counts)
    }
}

/// How many rows of a mailing are how far, and who has them: a process for those that are busy.
///
/// # Errors
/// When the database fails.
pub fn shares(tx: &mut Tx, workspace: &str, name: &str) -> Result<Vec<(Progress, Option<String>, u64)>> {
    let sql = "SELECT status, worker, CAST(count(*) AS BIGINT) AS n FROM mail_row
               WHERE workspace = $1 AND mailing = $2 GROUP BY status, worker";
    let share = |row: &Row| {
        let progress = Progress::of_word(&row.text("status")).ok_or_else(|| broken(name))?;
        let rows = u64::try_from(row.number("n").unwrap_or_default()).unwrap_or_default();
        Ok((progress, row.optional("worker"), rows))
    };
    tx.rows(sql, values![workspace, name])?.iter().map(share).collect()
}

impl Mailing {
    /// A mailing by its name.
    ///
    /// # Errors
    /// When the database fails.
    pub fn find(tx: &mut Tx, workspace: &str, name: &str) -> Result<Option<Self>> {
        Self::select(tx, workspace, name, "")
    }

    /// The same for whoever changes its plan: nobody takes rows of it until this transaction is over.
    ///
    /// # Errors
    /// When the database fails.
    pub fn find_to_plan(tx: &mut Tx, workspace: &str, name: &str) -> Result<Option<Self>> {
        let lock = tx.exclusive();
        Self::select(tx, workspace, name, lock)
    }

    fn select(tx: &mut Tx, workspace: &str, name: &str, lock: &str) -> Result<Option<Self>> {
        let sql = format!("SELECT * FROM mailing WHERE workspace = $1 AND name = $2 {lock}");
        let Some(row) = tx.row(&sql, values![workspace, name])? else { return Ok(None) };
        Ok(Some(Self {
            workspace: row.text("workspace"),
            name: row.text("name"),
            letter: row.text("letter"),
            letter_digest: row.text("letter_digest"),
            sources: serde_json::from_str(&row.text("sources")).map_err(|_| broken(name))?,
            recipients: row.text("recipients"),
            layout: serde_json::from_str(&row.text("layout")).map_err(|_| broken(name))?,
            planned: row.text("planned"),
        }))
    }

    /// The names of the mailings of a workspace, sorted.
    ///
    /// # Errors
    /// When the database fails.
    pub fn names(tx: &mut Tx, workspace: &str) -> Result<Vec<String>> {
        let sql = "SELECT name FROM mailing WHERE workspace = $1 ORDER BY name";
        Ok(tx.rows(sql, values![workspace])?.iter().map(|row| row.text("name")).collect())
    }
}

impl MailRow {
    /// The rows of a mailing, in the order of its table.
    ///
    /// # Errors
    /// When the database fails, or holds what this program would not write.
    pub fn all(tx: &mut Tx, workspace: &str, name: &str) -> Result<Vec<Self>> {
        let sql = "SELECT * FROM mail_row WHERE workspace = $1 AND mailing = $2 ORDER BY position, seq";
        tx.rows(sql, values![workspace, name])?.iter().map(|row| Self::of_row(row, name)).collect()
    }

    pub(super) fn of_row(row: &Row, name: &str) -> Result<Self> {
        let number = |column: &str| row.number(column).ok_or_else(|| broken(name));
        Ok(Self {
            seq: number("seq")?,
            position: number("position")?,
            cells: serde_json::from_str(&row.text("cells")).map_err(|_| broken(name))?,
            digest: row.text("digest"),
            entry: row.optional("entry"),
            progress: Progress::of_word(&row.text("status")).ok_or_else(|| broken(name))?,
            worker: row.optional("worker"),
            findings: serde_json::from_str(&row.text("findings")).map_err(|_| broken(name))?,
        })
    }
}

impl Standing {
    /// How every row of a mailing stands, in the order of its table.
    ///
    /// # Errors
    /// As [`MailRow::all`].
    pub fn all(tx: &mut Tx, workspace: &str, name: &str) -> Result<Vec<Self>> {
        let sql = "SELECT mail_row.seq AS seq, mail_row.position AS position, '{}' AS cells, mail_row.digest AS digest,
                          mail_row.entry AS entry, mail_row.status AS status, mail_row.worker AS worker,
                          mail_row.findings AS findings, entry.stem AS stem
                   FROM mail_row LEFT JOIN entry ON entry.id = mail_row.entry
                   WHERE mail_row.workspace = $1 AND mail_row.mailing = $2 ORDER BY mail_row.position, mail_row.seq";
        let standing = |row: &Row| {
            let found = MailRow::of_row(row, name)?;
            let stem = row.optional("stem").filter(|_| found.progress == Progress::Done);
            Ok(Self { row: found, pdf: stem.map(|stem| outgoing::pdf_path(&stem)) })
        };
        tx.rows(sql, values![workspace, name])?.iter().map(standing).collect()
    }
}

/// What another program than this one put in a row.
fn broken(name: &str) -> crate::error::Error {
    Finding::error("row-broken").arg("id", name).arg("table", "mail_row").into()
}
