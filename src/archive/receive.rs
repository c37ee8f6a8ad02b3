//! A letter that came in goes into the archive as it came, with what its signatures are worth.

use super::contents::{self, FILE_ENDING, Letter};
use super::keep::{Archive, Version};
use super::mdto::letter::{About, Happened};
use super::mdto::lists::EventKind;
use crate::error::{Finding, Result, Severity};
use crate::register::archived::Kind;
use crate::register::attachment::Staged;
use crate::register::incoming::{self, Incoming, Receipt};
use crate::register::{Clerk, Register};
use crate::signature::trust::Trust;
use crate::signature::verdict::Judgement;
use crate::workspace::Workspace;
use crate::workspace::bytes::Bytes;
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
    let (bytes, name) = (Bytes::from(file.bytes()?), file.name().to_string());
    let judgement = bytes.starts_with(b"%PDF-").then(|| Judgement::of(&bytes, None, trust, clerk.moment));
    let judgement = judgement.filter(|judgement| match judgement.inspection.flaw {
        Some(_) => looks_signed(&bytes),
        None => !judgement.inspection.signatures.is_empty(),
    });
    let verdict = judgement.as_ref().map(Judgement::record);
    let settings = workspace.settings();
    let mut keep: Box<incoming::Keep> = Box::new(|journal, listed| {
        let mut about = About::new(settings, &Retention::default(), listed.clone(), None);
        about.events.push(Happened::by(clerk, EventKind::Received));
        let head = journal.head();
        let letter = Letter {
            about: &about,
            name: &name,
            bytes: bytes.clone(),
            enclosures: &[],
            scan: None,
            source: &[],
            places: &[],
            signatures: verdict.as_ref(),
            head: &head,
            moment: clerk.moment,
        };
        let contents = contents::contents(&letter)?;
        // The one file that is described. Its sender may have called it like the description of one of ours: then that
        // one seems described too, and its name is the shorter.
        let described = |path: &str| contents.iter().any(|content| content.path == format!("{path}{FILE_ENDING}"));
        let main = contents.iter().map(|content| content.path.as_str()).filter(|path| described(path));
        let main = main.max_by_key(|path| path.len()).unwrap_or_default();
        let id = listed.entry.id.as_str();
        let version = Version { entry: id, kind: Kind::Received, letter_version: 1, path: main, head: &head };
        let deposit = archive.stage(version, &archive.standing_within(journal, id)?, &contents, clerk)?;
        archive.place(journal, deposit).map(drop)
    });
    let done = incoming::receive(register, clerk, settings, incoming, Some(file), Some(&mut *keep));
    drop(keep);
    let id = done.as_ref().map(|receipt| receipt.listed.entry.id.clone()).unwrap_or_default();
    let mut receipt = archive.settled(&id, register, clerk, done)?;
    receipt.warnings.extend(judgement.iter().flat_map(|judgement| warnings(judgement, &name)));
    Ok(receipt)
}

/// Whether a file that can't be read strictly has a signature nevertheless: what a signature covers stands in the open.
fn looks_signed(bytes: &[u8]) -> bool {
    const RANGE: &[u8] = b"/ByteRange";
    bytes.windows(RANGE.len()).any(|window| window == RANGE)
}

/// Which signatures don't hold, each followed by the reason.
fn warnings(judgement: &Judgement, name: &str) -> Vec<Finding> {
    let as_warning = |reason: Finding| Finding { severity: Severity::Warning, ..reason };
    if let Some(flaw) = &judgement.inspection.flaw {
        let about = Finding::warning("signature-received-unread").arg("path", name);
        return vec![about, as_warning(flaw.clone())];
    }
    let broken = judgement.inspection.signatures.iter().filter(|verdict| !verdict.is_valid);
    let told = broken.flat_map(|verdict| {
        let about = Finding::warning("signature-received").arg("signatory", &verdict.signatory).arg("path", name);
        let reason = verdict.reason.clone().map(as_warning);
        std::iter::once(about).chain(reason)
    });
    told.collect()
}
