//! A letter that came in goes into the archive as it came, with what its signatures are worth.

use super::arrival::Arrival;
use super::keep::{Archive, Version};
use super::mdto::letter::{About, Happened};
use super::mdto::lists::EventKind;
use crate::error::Result;
use crate::register::archived::Kind;
use crate::register::attachment::Staged;
use crate::register::incoming::{self, Incoming, Receipt};
use crate::register::{Clerk, Register};
use crate::signature::trust::Trust;
use crate::workspace::Workspace;
use crate::workspace::retention::Retention;

/// Registers a letter that came in with its file, in the register and in the archive: all of it or nothing.
///
/// A signature that doesn't hold is recorded and warned of; it refuses nothing, as the letter did come in.
///
/// # Errors
/// When the database or the file system fails; no number is given out then.
pub fn receive(
    archive: &Archive,
    workspace: &Workspace,
    register: &mut Register,
    trust: &Trust,
    clerk: &Clerk,
    incoming: &Incoming,
    file: Staged,
) -> Result<Receipt> {
    let arrival = Arrival::read(&file, trust, clerk)?;
    let settings = workspace.settings();
    let mut keep: Box<incoming::Keep> = Box::new(|journal, listed| {
        let mut about = About::new(settings, &Retention::default(), listed.clone(), None);
        about.events.push(Happened::by(clerk, EventKind::Received));
        let head = journal.head();
        let (contents, main) = arrival.contents(&about, &head, clerk)?;
        let id = listed.entry.id.as_str();
        let version = Version { entry: id, kind: Kind::Received, letter_version: 1, path: &main, head: &head };
        let deposit = archive.stage(version, &archive.standing_within(journal, id)?, &contents, clerk)?;
        archive.place(journal, deposit).map(drop)
    });
    let done = incoming::receive(register, clerk, settings, incoming, Some(file), Some(&mut *keep));
    drop(keep);
    let id = done.as_ref().map(|receipt| receipt.listed.entry.id.clone()).unwrap_or_default();
    let mut receipt = archive.settled(&id, register, clerk, done)?;
    receipt.warnings.extend(arrival.warnings());
    Ok(receipt)
}
