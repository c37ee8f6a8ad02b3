//! What an issue brings to the archive.

use std::cell::RefCell;

use super::ready::Ready;
use super::{Issued, Office, Typeset};
use crate::archive::contents::LETTER;
use crate::archive::issued::Issued as Version;
use crate::archive::keep::{Deposit, Version as Kept};
use crate::error::Result;
use crate::register::antecedent;
use crate::register::archived::{Archived, Kind};
use crate::register::chain::Head;
use crate::register::entry::Entry;
use crate::register::history::Event;
use crate::register::links;
use crate::register::listed::Listed;
use crate::workspace::bytes::Bytes;
use serde_json::json;

impl<'a> Office<'a> {
    /// Writes a version of a letter beside the archive: what `entry` says of it is what will be recorded.
    pub(super) fn stage(&mut self, ready: &Ready, entry: &Entry, pdf: &Bytes, made: &Typeset) -> Result<Deposit<'a>> {
        let (events, head, answered_by) = self.register.read(|tx| {
            let answered_by = links::answers_to(tx, &entry.id)?;
            Ok((Event::all(tx, &entry.id)?, Head::read(tx)?, answered_by))
        })?;
        let version = Version {
            workspace: self.workspace,
            draft: &ready.draft,
            letter: &ready.draft.letter,
            bundle: None,
            path: &ready.path,
            files: &made.files,
            enclosures: &ready.enclosures,
            places: &made.places,
            pdf,
            listed: Listed { entry: entry.clone(), answers: ready.answers.clone(), answered_by },
            events: &events,
            head: &head,
            clerk: self.clerk,
        };
        let register = RefCell::new(&mut *self.register);
        let contents = version.contents(&|id| register.borrow_mut().read(|tx| antecedent::of(tx, id)))?;
        let version =
            Kept { entry: &entry.id, kind: Kind::Issued, letter_version: entry.version, path: LETTER, head: &head };
        let standing = self.archive.standing(self.register, self.clerk, &entry.id)?;
        self.archive.stage(version, &standing, &contents, self.clerk)
    }

    /// Archives a letter that was issued before there was an archive, or by a program that had none.
    pub(super) fn archive(&mut self, ready: &Ready, issued: &Issued) -> Result<()> {
        let entry = &issued.entry;
        let is_archived =
            |archived: &Archived| archived.kind == Kind::Issued && archived.letter_version == entry.version;
        if self.register.read(|tx| Archived::all(tx, &entry.id))?.iter().any(is_archived) {
            return Ok(());
        }
        let made = self.typeset(&ready.draft, Some(entry))?;
        let path = self.workspace.root().join(&issued.pdf.path);
        let pdf = std::fs::read(&path).map_err(|cause| crate::error::Error::io("read", &path, cause))?.into();
        let deposit = self.stage(ready, entry, &pdf, &made)?;
        let done = self.register.write(self.clerk, |journal| {
            let placed = self.archive.place(journal, deposit)?;
            let details = json!({ "versie": entry.version, "archief": placed.version, "digest": placed.digest });
            journal.note(&entry.id, "gearchiveerd", &details)
        });
        self.archive.settled(&entry.id, self.register, self.clerk, done)
    }
}
