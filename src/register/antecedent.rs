//! What the register tells of a letter to one that answers it.

use super::db::Tx;
use super::entry::{Direction, Entry};
use crate::error::Result;
use crate::letter::answered::Answered;

/// The letter with that ID, as the one who answers it needs to know it; none when there is no such letter.
///
/// Of an outgoing letter of our own nothing is filled in: its kenmerk is not the addressee's.
///
/// # Errors
/// When the database fails.
pub fn of(tx: &mut Tx, id: &str) -> Result<Option<Answered>> {
    let entry = Entry::find(tx, id.trim())?;
    Ok(entry.map(|entry| match entry.direction {
        Direction::In => Answered {
            dated: entry.dated,
            reference: entry.their_reference,
            case_number: entry.case_number,
            correspondent: entry.correspondent,
            since: entry.received.or(entry.dated),
        },
        Direction::Out => Answered { case_number: entry.case_number, since: entry.dated, ..Answered::default() },
    }))
}
