//! A letter comes back signed: on which letter it is built, whether it is that letter still, and into the archive with it.
//!
//! Only the comparison with the bytes that were issued catches everything: a letter whose content was changed and that was
//! then signed honestly passes every check of its signature.

use super::again::{self, Addition, scan_extension};
use super::contents::LETTER;
use super::keep::{Archive, Standing, Version, check_own};
use super::stage::Content;
use crate::error::{Error, Finding, Result};
use crate::register::archived::{self, Archived, Beginning, Kind};
use crate::register::chain::Head;
use crate::register::entry::{Entry, Status};
use crate::register::files::sha256;
use crate::register::history::Event;
use crate::register::listed::Listed;
use crate::register::{Clerk, Register};
use crate::signature::trust::Trust;
use crate::signature::verdict::Judgement;
use crate::workspace::Workspace;
use serde_json::{Value as Json, json};

/// Where letters are handed in.
pub struct Counter<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// Its archive.
    pub archive: &'a Archive,
    /// Its register.
    pub register: &'a mut Register,
    /// Whose signatures count.
    pub trust: &'a Trust,
    /// Who hands it in, and when.
    pub clerk: &'a Clerk<'a>,
}

/// What the letter is and what the archive has of it.
struct Known {
    entry: Entry,
    listed: Listed,
    events: Vec<Event>,
    archived: Vec<Archived>,
    head: Head,
}

impl Counter<'_> {
    /// Takes in a signed letter, and gives its ID; `id` names the letter that it should be. One that was taken in before
    /// is answered as it was.
    ///
    /// # Errors
    /// [`Error::Refused`] with every reason when it is not the issued letter with valid signatures added to it;
    /// [`Error::Outside`] when the disk or the database fails. Nothing is changed then.
    pub fn add(&mut self, file: &[u8], id: Option<&str>) -> Result<String> {
        if let Some(id) = self.known_already(file, Kind::Signed, id)? {
            return Ok(id);
        }
        // What is asked of the letter that is named comes first, whatever the file is.
        if let Some(id) = id {
            check_ready(&self.known(id)?)?;
        }
        let beginning = self.beginning(file, id)?;
        let known = self.known(&beginning.entry)?;
        check_ready(&known)?;
        if known.entry.version != beginning.version {
            let finding = Finding::error("archive-superseded").arg("id", &known.entry.id);
            return Err(finding.arg("version", beginning.version).arg("current", known.entry.version).into());
        }
        check_follows(&known, file)?;
        let issued = usize::try_from(beginning.size).ok().and_then(|size| file.get(..size)).unwrap_or_default();
        let judgement = Judgement::of(file, Some(issued), self.trust, self.clerk.moment);
        let refusals = judgement.refusals();
        if !refusals.is_empty() {
            return Err(Error::Refused(refusals));
        }
        let verdict = judgement.record();
        let signatories: Vec<_> = judgement.signatures().map(|verdict| verdict.signatory.clone()).collect();
        let details = json!({ "ondertekenaars": signatories });
        self.keep(known, Kind::Signed, LETTER, file, Some(verdict), details)
    }

    /// Takes in the scan of a letter of ours that was signed on paper. No signature is claimed by it.
    ///
    /// # Errors
    /// [`Error::Refused`] when it is no scan or the letter can't have one; [`Error::Outside`] when the disk or the database
    /// fails. Nothing is changed then.
    pub fn add_scan(&mut self, file: &[u8], id: &str) -> Result<String> {
        let known = self.known(id)?;
        if let Some(id) = self.known_already(file, Kind::Scanned, Some(id))? {
            return Ok(id);
        }
        check_ready(&known)?;
        let extension = scan_extension(file).ok_or_else(|| Finding::error("archive-scan-unknown"))?;
        self.keep(known, Kind::Scanned, &format!("scan.{extension}"), file, None, json!({}))
    }

    /// The letter that has this very file in the archive already, for this same reason.
    fn known_already(&mut self, file: &[u8], kind: Kind, id: Option<&str>) -> Result<Option<String>> {
        let digest = sha256(file);
        let found = self.register.read(|tx| {
            for (entry, version) in archived::with_digest(tx, &digest)? {
                let (archived, known) = (Archived::all(tx, &entry)?, Entry::get(tx, &entry)?);
                let of_letter =
                    |archived: &&Archived| archived.kind == kind && archived.letter_version == known.version;
                let newest = archived.iter().rev().find(of_letter).map(|newest| newest.version);
                let is_there = archived.iter().filter(of_letter).any(|archived| archived.version == version);
                // A signature stays when the next one comes; the right scan may come back after a wrong one.
                let is_it = if kind == Kind::Scanned { newest == Some(version) } else { is_there };
                if is_it && id.is_none_or(|id| id == entry) {
                    return Ok(Some(known));
                }
            }
            Ok(None)
        })?;
        let Some(entry) = found else { return Ok(None) };
        check_own(self.register, &entry)?;
        Ok(Some(entry.id))
    }

    fn beginning(&mut self, file: &[u8], id: Option<&str>) -> Result<Beginning> {
        let found = self.register.read(|tx| {
            if let Some(id) = id {
                Entry::get(tx, id)?;
            }
            archived::beginning_with(tx, file)
        })?;
        let other = found.first().map(|beginning| beginning.entry.clone());
        let own = found.into_iter().find(|beginning| id.is_none_or(|id| id == beginning.entry));
        own.ok_or_else(|| {
            let finding = match (id, other) {
                (Some(id), Some(other)) => Finding::error("archive-other-letter").arg("id", id).arg("other", other),
                (Some(id), None) => Finding::error("archive-not-this-letter").arg("id", id),
                (None, _) => Finding::error("archive-no-letter"),
            };
            finding.into()
        })
    }

    fn known(&mut self, id: &str) -> Result<Known> {
        let known = self.register.read(|tx| {
            let entry = Entry::get(tx, id)?;
            let listed = Listed::one(tx, entry.clone())?;
            let (events, archived, head) = (Event::all(tx, id)?, Archived::all(tx, id)?, Head::read(tx)?);
            Ok(Known { entry, listed, events, archived, head })
        })?;
        check_own(self.register, &known.entry)?;
        Ok(known)
    }

    fn keep(
        &mut self,
        known: Known,
        kind: Kind,
        path: &str,
        file: &[u8],
        verdict: Option<Json>,
        mut details: Json,
    ) -> Result<String> {
        let Known { entry, mut listed, events, archived, head } = known;
        let id = entry.id.clone();
        let standing = self.archive.standing(self.register, self.clerk, &id)?;
        if standing.archived != archived {
            return Err(Finding::error("archive-object-overtaken").arg("id", &id).into());
        }
        let before = contents_of(&standing, &id)?;
        let mut after = entry.clone();
        if kind == Kind::Signed && after.status == Status::Issued {
            after.status = Status::Signed;
        }
        listed.entry = after.clone();
        let addition = Addition {
            organisation: &self.workspace.settings().organisatie.naam,
            listed,
            events: &events,
            kind,
            extension: path.strip_prefix("scan.").unwrap_or_default(),
            file: file.into(),
            verdict,
            head: &head,
            clerk: self.clerk,
        };
        let contents = again::contents(before, addition)?;
        let version = Version { entry: &id, kind, letter_version: entry.version, path, head: &head };
        let deposit = self.archive.stage(version, &standing, &contents, self.clerk)?;
        let done = self.register.write(self.clerk, |journal| {
            if Entry::get(journal.tx, &id)? != entry {
                return Err(Finding::error("archive-object-overtaken").arg("id", &id).into());
            }
            let placed = self.archive.place(journal, deposit)?;
            after.update(journal.tx)?;
            details["versie"] = placed.version.into();
            details["digest"] = placed.digest.into();
            journal.note(&id, kind.word(), &details)
        });
        self.archive.settled(&id, self.register, self.clerk, done)?;
        Ok(id)
    }
}

/// What the archive holds of a letter now.
fn contents_of(standing: &Standing, id: &str) -> Result<Vec<Content>> {
    let object = standing.object.as_ref().ok_or_else(|| Finding::error("archive-letter-missing").arg("id", id))?;
    let version = object.inventory().head();
    let files = object.files(version)?;
    files
        .into_iter()
        .map(|file| Ok(Content { bytes: object.read(&file.path, version)?.into(), path: file.path }))
        .collect()
}

/// Refuses a letter that can't be signed: one that came in, is not issued yet, or was withdrawn.
///
/// # Errors
/// `archive-not-standing`.
pub fn check_standing(entry: &Entry) -> Result<()> {
    if entry.status.stands() {
        return Ok(());
    }
    let finding = Finding::error("archive-not-standing").arg("id", &entry.id).arg("status", entry.status.word());
    Err(finding.arg("direction", entry.direction.word()).into())
}

/// The same, and one that is not in the archive.
fn check_ready(known: &Known) -> Result<()> {
    check_standing(&known.entry)?;
    if known.archived.is_empty() {
        return Err(Finding::error("archive-letter-missing").arg("id", &known.entry.id).into());
    }
    Ok(())
}

/// Refuses a file that lacks a signature which the letter has in the archive: signatories sign one after the other.
fn check_follows(known: &Known, file: &[u8]) -> Result<()> {
    let signed = known
        .archived
        .iter()
        .rev()
        .find(|archived| archived.kind == Kind::Signed && archived.letter_version == known.entry.version);
    let Some(signed) = signed else { return Ok(()) };
    let begins = usize::try_from(signed.size).ok().and_then(|size| file.get(..size));
    if begins.is_some_and(|begins| sha256(begins) == signed.digest) {
        return Ok(());
    }
    Err(Finding::error("archive-signature-lost").arg("id", &known.entry.id).into())
}
