//! Who works on which rows.
//!
//! A process takes some rows, and records their letters in one transaction in which it makes sure that the rows are still
//! its own. Rows of a process that is gone are put back, so that another takes them.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::{MailRow, Progress};
use crate::error::Result;
use crate::register::Register;
use crate::register::chain::Journal;
use crate::register::changes::progress;
use crate::register::db::{Presence, Tx, values};
use crate::register::entry::{Entry, Status};

/// Into how many takings what is left is divided, at least.
const SHARES: usize = 4;

/// A mailing that a process works on.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// The workspace whose mailing it is.
    pub workspace: &'a str,
    /// The name of the mailing.
    pub mailing: &'a str,
    /// The name of the process: one of its own, used once.
    pub worker: &'a str,
}

/// How a process ended in the middle of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// By itself: it ran out of stack or memory, or stopped moving.
    Crash,
    /// By somebody else's doing.
    Kill,
}

impl Desk<'_> {
    /// Says that this process is at work.
    ///
    /// # Errors
    /// When the database or the disk fails.
    pub fn announce(&self, register: &mut Register) -> Result<Presence> {
        register.db.announce(self.worker)
    }

    /// Takes some rows that nobody works on, the first ones first; towards the end fewer at a time, so that all processes
    /// are done at the same time. None are taken when the mailing was planned anew with another letter than `letter`, a
    /// [`Mailing::letter_digest`](super::Mailing::letter_digest).
    ///
    /// # Errors
    /// When the database fails.
    pub fn take(&self, register: &mut Register, letter: &str, most: usize) -> Result<Vec<MailRow>> {
        let mut taken = register.db.queue(|tx| {
            // Whoever plans has the row of the mailing to himself, so that nothing is taken meanwhile.
            let sql = format!("SELECT letter_digest FROM mailing WHERE workspace = $1 AND name = $2 {}", tx.shared());
            let planned = tx.row(&sql, values![self.workspace, self.mailing])?.map(|row| row.text("letter_digest"));
            if planned.as_deref() != Some(letter) {
                return Ok(Vec::new());
            }
            let sql = "SELECT CAST(count(*) AS BIGINT) AS n FROM (SELECT seq FROM mail_row
                       WHERE workspace = $1 AND mailing = $2 AND status = 'wachtend' LIMIT $3) AS ahead";
            let ahead = values![self.workspace, self.mailing, (SHARES * most) as i64];
            let left = tx.row(sql, ahead)?.and_then(|row| row.number("n")).unwrap_or_default();
            let most = (left / SHARES as i64).clamp(1, most as i64);
            let sql = format!(
                "WITH pick AS MATERIALIZED (SELECT seq FROM mail_row
                     WHERE workspace = $1 AND mailing = $2 AND status = 'wachtend' ORDER BY seq LIMIT $3 {})
                 UPDATE mail_row SET status = 'bezig', worker = $4
                 WHERE workspace = $1 AND mailing = $2 AND seq IN (SELECT seq FROM pick) RETURNING *",
                tx.unlocked()
            );
            let rows = tx.rows(&sql, values![self.workspace, self.mailing, most, self.worker])?;
            rows.iter().map(|row| MailRow::of_row(row, self.mailing)).collect::<Result<Vec<_>>>()
        })?;
        taken.sort_by_key(|row| row.seq);
        Ok(taken)
    }

    /// The rows that this process still has, by their numbers in the plan.
    ///
    /// # Errors
    /// When the database fails.
    pub fn held(&self, tx: &mut Tx) -> Result<BTreeSet<i64>> {
        let sql = "SELECT seq FROM mail_row WHERE workspace = $1 AND mailing = $2 AND worker = $3 AND status = 'bezig'";
        let rows = tx.rows(sql, values![self.workspace, self.mailing, self.worker])?;
        Ok(rows.iter().filter_map(|row| row.number("seq")).collect())
    }

    /// Puts back the rows that this process has and did not finish.
    ///
    /// # Errors
    /// When the database fails.
    pub fn release(&self, register: &mut Register) -> Result<()> {
        register.db.queue(|tx| put_back(tx, self.workspace, self.mailing, self.worker)).map(drop)
    }

    /// Says within the transaction that records it what came of a row; whether the row was still this process's own. If it
    /// was not, nothing of it may be recorded.
    ///
    /// # Errors
    /// When the database fails.
    pub fn finish(&self, journal: &mut Journal, row: &MailRow, progress: Progress, findings: &Json) -> Result<bool> {
        let sql = "UPDATE mail_row SET status = $5, worker = NULL, findings = $6
                   WHERE workspace = $1 AND mailing = $2 AND seq = $3 AND worker = $4 AND status = 'bezig'";
        let (word, findings) = (progress.word(), findings.to_string());
        let own = values![self.workspace, self.mailing, row.seq, self.worker, word, &findings];
        Ok(journal.tx.exec(sql, own)? == 1)
    }

    /// Refuses a row that this process, which is gone, had, and makes its number void, within the transaction that puts the
    /// others back.
    ///
    /// # Errors
    /// When the database fails.
    pub fn refuse(&self, journal: &mut Journal, seq: i64, findings: &Json, reason: &str) -> Result<()> {
        let sql = "UPDATE mail_row SET status = 'geweigerd', worker = NULL, findings = $5
                   WHERE workspace = $1 AND mailing = $2 AND seq = $3 AND worker = $4 AND status = 'bezig' RETURNING entry";
        let own = values![self.workspace, self.mailing, seq, self.worker, &findings.to_string()];
        let Some(id) = journal.tx.row(sql, own)?.and_then(|row| row.optional("entry")) else { return Ok(()) };
        if Entry::get(journal.tx, &id)?.status == Status::Reserved {
            progress::void(journal, &id, reason)?;
        }
        Ok(())
    }
}

fn put_back(tx: &mut Tx, workspace: &str, mailing: &str, worker: &str) -> Result<u64> {
    let sql = "UPDATE mail_row SET status = 'wachtend', worker = NULL
               WHERE workspace = $1 AND mailing = $2 AND worker = $3 AND status = 'bezig'";
    tx.exec(sql, values![workspace, mailing, worker])
}

/// The processes that have rows of a mailing and are gone.
///
/// # Errors
/// When the database or the disk fails.
pub fn gone(register: &mut Register, workspace: &str, mailing: &str) -> Result<BTreeSet<String>> {
    let sql = "SELECT DISTINCT worker FROM mail_row WHERE workspace = $1 AND mailing = $2 AND status = 'bezig'";
    let rows = register.db.read(|tx| tx.rows(sql, values![workspace, mailing]))?;
    let mut gone = BTreeSet::new();
    for worker in rows.iter().filter_map(|row| row.optional("worker")) {
        if !register.db.is_present(&worker)? {
            gone.insert(worker);
        }
    }
    Ok(gone)
}

/// Clears away what processes that are [`gone`] left on the disk of how they were at work.
pub fn clear_gone(register: &Register) {
    register.db.clear_gone();
}

/// Puts back the rows of processes that are [`gone`]. What they were bringing into the archive is to be put right within the
/// same transaction, before anybody takes the rows.
///
/// # Errors
/// When the database fails.
pub fn reclaim(journal: &mut Journal, workspace: &str, mailing: &str, gone: &BTreeSet<String>) -> Result<u64> {
    let mut rows = 0;
    for worker in gone {
        rows += put_back(journal.tx, workspace, mailing, worker)?;
    }
    Ok(rows)
}

/// Counts the end of a process against the row that it was busy with; how often processes ended so in that row.
///
/// # Errors
/// When the database fails.
pub fn ended(register: &mut Register, workspace: &str, mailing: &str, seq: i64, end: End) -> Result<u64> {
    let column = match end {
        End::Crash => "crashes",
        End::Kill => "kills",
    };
    register.db.queue(|tx| {
        let sql = format!(
            "UPDATE mail_row SET {column} = {column} + 1 WHERE workspace = $1 AND mailing = $2 AND seq = $3
             RETURNING {column} AS ends"
        );
        let row = tx.row(&sql, values![workspace, mailing, seq])?;
        Ok(row.and_then(|row| u64::try_from(row.number("ends")?).ok()).unwrap_or_default())
    })
}
