//! What a mailing is to do, written in one go: its rows, and their kenmerken in the order of the rows.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{MailRow, Mailing, Progress};
use crate::error::Result;
use crate::register::chain::Journal;
use crate::register::changes::progress;
use crate::register::db::{Tx, values};
use crate::register::entry::{Entry, Status};
use crate::register::outgoing::{self, Claim, Facts};
use crate::workspace::settings::Settings;

/// What becomes of one row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The row of the mailing that it is, if it was planned before.
    pub known: Option<i64>,
    /// Its number in the spreadsheet.
    pub position: i64,
    /// Its cells by the names of their columns.
    pub cells: BTreeMap<String, String>,
    /// SHA-256 of its cells with the names of their columns.
    pub digest: String,
    /// What its letter says of itself; none for a row that is refused.
    pub facts: Option<Facts>,
    /// What was found, as JSON: an array.
    pub findings: Json,
}

/// What is written of a mailing.
pub struct Plan<'a> {
    /// The mailing.
    pub mailing: &'a Mailing,
    /// The rows that change, in the order of the table.
    pub rows: &'a [Planned],
    /// Rows of the mailing that are gone from the table and had no letter.
    pub dropped: &'a [i64],
    /// Whether a file lies at a path, from the workspace.
    pub is_printed: &'a dyn Fn(&str) -> bool,
    /// Why the number of a row that is refused now is void.
    pub reason: &'a dyn Fn(&Json) -> String,
}

/// Writes a plan, or what changes of it.
///
/// # Errors
/// When a letter with a number that the counter gives was printed already, or the database fails: nothing is planned then.
pub fn write(journal: &mut Journal, settings: &Settings, plan: &Plan) -> Result<()> {
    let mailing = plan.mailing;
    let (workspace, name) = (mailing.workspace.as_str(), mailing.name.as_str());
    save(journal.tx, mailing)?;
    for seq in plan.dropped {
        let sql = "DELETE FROM mail_row WHERE workspace = $1 AND mailing = $2 AND seq = $3";
        journal.tx.exec(sql, values![workspace, name, *seq])?;
    }
    let last = "SELECT max(seq) AS last FROM mail_row WHERE workspace = $1 AND mailing = $2";
    let mut last = journal.tx.row(last, values![workspace, name])?.and_then(|row| row.number("last")).unwrap_or(0);
    let mut reserved: Vec<(String, Json)> = Vec::new();
    for planned in plan.rows {
        let before = match planned.known {
            Some(seq) => read(journal.tx, mailing, seq)?,
            None => None,
        };
        let seq = before.as_ref().map_or_else(
            || {
                last += 1;
                last
            },
            |row| row.seq,
        );
        let own = match before.as_ref().filter(|row| row.progress == Progress::Waiting) {
            Some(row) => reserved_for(journal.tx, row)?,
            None => None,
        };
        let entry = match (&planned.facts, own) {
            (Some(facts), Some(id)) => {
                outgoing::describe_again(journal, &id, facts)?;
                // It may ask for a case only now.
                if facts.new_case {
                    outgoing::ensure_case(journal, settings, &id)?;
                }
                Some(id)
            }
            (Some(facts), None) => {
                let letter = letter_key(mailing, seq);
                let claim = Claim { letter: &letter, by_hand: None, facts, is_printed: plan.is_printed };
                let (entry, mut details) = outgoing::reserve_new(journal, settings, workspace, claim)?;
                details["mailing"] = name.into();
                details["rij"] = planned.position.into();
                reserved.push((entry.id.clone(), details));
                Some(entry.id)
            }
            (None, Some(id)) => {
                progress::void(journal, &id, &(plan.reason)(&planned.findings))?;
                Some(id)
            }
            (None, None) => before.as_ref().and_then(|row| row.entry.clone()),
        };
        let status = if planned.facts.is_some() { Progress::Waiting } else { Progress::Refused };
        let cells = json!(planned.cells).to_string();
        let sql = "INSERT INTO mail_row
                     (workspace, mailing, seq, position, cells, digest, entry, status, worker, crashes, kills, findings)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, 0, 0, $9)
                   ON CONFLICT (workspace, mailing, seq) DO UPDATE SET position = $4, cells = $5, digest = $6, entry = $7,
                     status = $8, worker = NULL, crashes = 0, kills = 0, findings = $9";
        let row = values![
            workspace,
            name,
            seq,
            planned.position,
            &cells,
            &planned.digest,
            entry.as_deref(),
            status.word(),
            &planned.findings.to_string(),
        ];
        journal.tx.exec(sql, row)?;
    }
    let noted: Vec<(&str, Json)> = reserved.iter().map(|(id, details)| (id.as_str(), details.clone())).collect();
    journal.note_all("gereserveerd", &noted)
}

/// Says where a row stands in its table now.
///
/// # Errors
/// When the database fails.
pub fn move_to(tx: &mut Tx, mailing: &Mailing, seq: i64, position: i64) -> Result<()> {
    let sql = "UPDATE mail_row SET position = $4 WHERE workspace = $1 AND mailing = $2 AND seq = $3";
    tx.exec(sql, values![&mailing.workspace, &mailing.name, seq, position]).map(drop)
}

/// Says something else of a row that stays as it is.
///
/// # Errors
/// When the database fails.
pub fn tell(tx: &mut Tx, mailing: &Mailing, seq: i64, findings: &Json) -> Result<()> {
    let sql = "UPDATE mail_row SET findings = $4 WHERE workspace = $1 AND mailing = $2 AND seq = $3";
    let findings = findings.to_string();
    tx.exec(sql, values![&mailing.workspace, &mailing.name, seq, &findings]).map(drop)
}

/// By what the register knows the letter of a row: no letter file is called so.
fn letter_key(mailing: &Mailing, seq: i64) -> String {
    format!("{}#{}/{seq}", mailing.letter, mailing.name)
}

/// The number that a row has which waits, unless somebody made it void since.
fn reserved_for(tx: &mut Tx, row: &MailRow) -> Result<Option<String>> {
    let Some(id) = &row.entry else { return Ok(None) };
    let is_reserved = Entry::get(tx, id)?.status == Status::Reserved;
    Ok(is_reserved.then(|| id.clone()))
}

fn read(tx: &mut Tx, mailing: &Mailing, seq: i64) -> Result<Option<MailRow>> {
    let sql = "SELECT * FROM mail_row WHERE workspace = $1 AND mailing = $2 AND seq = $3";
    let row = tx.row(sql, values![&mailing.workspace, &mailing.name, seq])?;
    row.map(|row| MailRow::of_row(&row, &mailing.name)).transpose()
}

fn save(tx: &mut Tx, mailing: &Mailing) -> Result<()> {
    let sql = "INSERT INTO mailing (workspace, name, letter, letter_digest, recipients, layout, planned, sources)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
               ON CONFLICT (workspace, name) DO UPDATE SET letter = $3, letter_digest = $4, recipients = $5, layout = $6,
                 sources = $8";
    let layout = mailing.layout.to_string();
    let row = values![
        &mailing.workspace,
        &mailing.name,
        &mailing.letter,
        &mailing.letter_digest,
        &mailing.recipients,
        &layout,
        &mailing.planned,
        &json!(mailing.sources).to_string(),
    ];
    tx.exec(sql, row).map(drop)
}
