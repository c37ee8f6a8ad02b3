//! How far a letter is: with whom it lies, done with, sent, withdrawn, or its number void.

use serde_json::{Value as Json, json};

use super::{Changed, changed, details, find, refuse, sent_finding, write};
use crate::error::Result;
use crate::register::chain::Journal;
use crate::register::db::values;
use crate::register::entry::{Entry, Status};
use crate::register::numbering::{self, Use};
use crate::register::{given, links, search};

/// Hands a letter to somebody. Nothing is noted when it lies with them already.
///
/// # Errors
/// When the name is none, the letter is not there, or its number is void.
pub fn assign(journal: &mut Journal, id: &str, handler: &str) -> Result<Changed> {
    let handler = given::text("behandelaar", handler, given::NAME)?;
    let mut entry = find(journal, id)?;
    if entry.status == Status::Void {
        return Err(refuse(&entry, "assign").into());
    }
    if entry.handler.as_deref() != Some(&handler) {
        let was = entry.handler.replace(handler);
        let details = details("behandelaar", was.as_deref(), entry.handler.as_deref(), None);
        search::index(journal.tx, &entry, None)?;
        write(journal, &entry, "toegewezen", &details.into())?;
    }
    changed(journal, &entry.id, Vec::new())
}

/// Puts an incoming letter away without an answer.
///
/// # Errors
/// When there is no reason, or the letter is not open.
pub fn handle(journal: &mut Journal, id: &str, reason: &str) -> Result<Changed> {
    let reason = given::reason(reason)?;
    let entry = find(journal, id)?;
    if entry.status != Status::Open {
        return Err(refuse(&entry, "handle").into());
    }
    let id = step(journal, entry, Status::Handled, "afgedaan", json!({ "reden": reason }))?;
    changed(journal, &id, Vec::new())
}

/// Marks an outgoing letter as sent on a day and in a way.
///
/// # Errors
/// When the day is none or yet to come, the way is not given, or the letter is not ready to be sent or sent already.
pub fn send(journal: &mut Journal, id: &str, sent: &str, way: &str) -> Result<Changed> {
    let today = journal.clerk.day;
    let sent = given::day_until("verzonden", sent, today)?;
    let way = given::text("wijze", way, given::NAME)?;
    let mut entry = find(journal, id)?;
    if !matches!(entry.status, Status::Issued | Status::Signed) {
        return Err(refuse(&entry, "send").into());
    }
    let warnings = sent_finding(&entry, sent).into_iter().collect();
    entry.sent = Some(sent);
    entry.sent_by = Some(way.clone());
    let more = json!({ "verzonden": sent.to_string(), "wijze": way });
    let id = step(journal, entry, Status::Sent, "verzonden", more)?;
    changed(journal, &id, warnings)
}

/// Withdraws a letter that was issued. What it answered is open again, unless another letter answers it too.
///
/// # Errors
/// When there is no reason, or the letter was not issued or is withdrawn already.
pub fn withdraw(journal: &mut Journal, id: &str, reason: &str) -> Result<Changed> {
    let reason = given::reason(reason)?;
    let entry = find(journal, id)?;
    if !entry.status.stands() {
        return Err(refuse(&entry, "withdraw").into());
    }
    let id = step(journal, entry, Status::Withdrawn, "ingetrokken", json!({ "reden": reason }))?;
    for answered in links::answered_by(journal.tx, &id)? {
        links::refresh_answered(journal, &answered)?;
    }
    changed(journal, &id, Vec::new())
}

/// Gives up a number that was reserved, with the number of a case that was reserved for the same letter. It is kept with
/// the reason and never given out again.
///
/// # Errors
/// When there is no reason, or the letter has more than a reserved number.
pub fn void(journal: &mut Journal, id: &str, reason: &str) -> Result<Changed> {
    let reason = given::reason(reason)?;
    let mut entry = find(journal, id)?;
    if entry.status != Status::Reserved {
        return Err(refuse(&entry, "void").into());
    }
    entry.pending = None;
    numbering::settle(journal, &entry.id, Use::Void, Some(&reason))?;
    // A case that other letters belong to by now goes on without this one.
    let keep =
        "UPDATE number SET status = 'gebruikt', reason = NULL WHERE entry = $1 AND kind = 'zaaknummer' AND EXISTS
                (SELECT 1 FROM entry WHERE case_number = number.number AND id <> $1 AND status <> 'vervallen')";
    journal.tx.exec(keep, values![&entry.id])?;
    let id = step(journal, entry, Status::Void, "vervallen", json!({ "reden": reason }))?;
    changed(journal, &id, Vec::new())
}

/// Gives a letter its next status and notes that with more details; its ID.
fn step(journal: &mut Journal, mut entry: Entry, status: Status, what: &str, more: Json) -> Result<String> {
    let was = std::mem::replace(&mut entry.status, status);
    let mut details = details("status", Some(was.word()), Some(status.word()), None);
    if let Json::Object(more) = more {
        details.extend(more);
    }
    write(journal, &entry, what, &details.into())?;
    Ok(entry.id)
}
