//! Versions of many letters, brought into the archive together: one mark, one transaction, few waits for the disk.

use std::collections::BTreeSet;

use super::inventory::Facts;
use super::keep::{Archive, Standing, Version, message};
use super::object::Object;
use super::stage::{self, Content};
use crate::error::{Finding, Result};
use crate::register::archived::{self, Archived};
use crate::register::chain::Journal;
use crate::register::files::ALGORITHM;
use crate::register::{Clerk, Register};
use crate::workspace::durable::Manner;

/// Versions of letters that are written beside the archive, each of another letter. Dropped, they are gone.
pub struct Batch<'a> {
    archive: &'a Archive,
    written: stage::Batch,
    /// The letters, with what will be recorded of each.
    records: Vec<Option<(String, Archived)>>,
}

impl Archive {
    /// An empty batch, in a folder beside the archive that no other process touches while it lives.
    ///
    /// # Errors
    /// [`crate::error::Error::Outside`] when the disk fails.
    pub fn batch(&self) -> Result<Batch<'_>> {
        self.batch_in(Manner::Together)
    }

    pub(super) fn batch_in(&self, manner: Manner) -> Result<Batch<'_>> {
        Ok(Batch { archive: self, written: self.store().batch(manner)?, records: Vec::new() })
    }

    /// Moves the versions of a batch into the archive and records them, in the order in which they were staged; the caller
    /// notes them, and calls [`Archive::settled_all`] once the transaction has committed. What another process was moving
    /// in of these letters when it was interrupted is taken out first.
    ///
    /// # Errors
    /// [`crate::error::Error::Refused`] when one of the letters got another version in the archive meanwhile: none is
    /// moved in then, and the batch can be placed without it. [`crate::error::Error::Outside`] when the disk or the
    /// database fails. Nothing may be committed then.
    pub fn place_all(&self, journal: &mut Journal, batch: &mut Batch) -> Result<Vec<Archived>> {
        let letters: Vec<_> = batch.records.iter().flatten().collect();
        let ids: BTreeSet<&str> = letters.iter().map(|(id, _)| id.as_str()).collect();
        let newest = archived::newest(journal.tx, &ids)?;
        let recorded = |id: &str| newest.get(id).copied().unwrap_or_default();
        for (id, _) in self.store().unsettled()?.iter().filter(|(id, _)| ids.contains(id.as_str())) {
            self.store().recover(id, u32::try_from(recorded(id)).unwrap_or(u32::MAX))?;
        }
        if let Some((id, _)) = letters.iter().find(|(id, record)| recorded(id) + 1 != record.version) {
            return Err(Finding::error("archive-object-overtaken").arg("id", id).into());
        }
        self.store().commit_all(&mut batch.written)?;
        for (id, record) in &letters {
            record.insert(journal.tx, id)?;
        }
        Ok(letters.into_iter().map(|(_, record)| record.clone()).collect())
    }

    /// As [`Archive::settled`], for the letters of a batch.
    ///
    /// # Errors
    /// What the transaction gave.
    pub fn settled_all<T>(&self, batch: Batch, register: &mut Register, clerk: &Clerk, done: Result<T>) -> Result<T> {
        self.settle(batch.records.iter().flatten().map(|(id, _)| id.as_str()), register, clerk, done)
    }
}

impl Batch<'_> {
    /// Writes one more version, to follow the one that the letter has in the archive; gives its place in the batch. It is
    /// on the disk after [`Batch::sync`].
    ///
    /// # Errors
    /// As [`Archive::stage`]; the batch is what it was then.
    pub fn stage(
        &mut self,
        version: Version,
        standing: &Standing,
        contents: &[Content],
        clerk: &Clerk,
    ) -> Result<usize> {
        let entry = version.entry;
        let base = standing.object.as_ref().map(Object::inventory);
        let about = contents.iter().find(|content| content.path == version.path);
        let about = about.ok_or_else(|| Finding::error("archive-version-empty").arg("id", entry))?;
        let message = message(version.kind, version.head);
        let facts = Facts { message: &message, user: clerk.name, address: None, created: clerk.moment };
        let entered = self.archive.store().stage_in(&mut self.written, entry, base, contents, facts)?;
        let record = Archived {
            version: i64::from(entered.version),
            kind: version.kind,
            letter_version: version.letter_version,
            path: version.path.into(),
            algorithm: ALGORITHM.into(),
            digest: about.bytes.sha256().into(),
            size: about.bytes.len() as i64,
            inventory: entered.inventory,
        };
        self.records.push(Some((entry.into(), record)));
        Ok(entered.at)
    }

    /// What will be recorded of the version at a place; none where it was left out.
    pub fn record(&self, at: usize) -> Option<&Archived> {
        self.records.get(at)?.as_ref().map(|(_, record)| record)
    }

    /// Leaves a version out again. The others keep their places.
    pub fn leave_out(&mut self, at: usize) {
        self.written.leave_out(at);
        if let Some(record) = self.records.get_mut(at) {
            *record = None;
        }
    }

    /// Waits until all that was staged is on the disk. [`Archive::place_all`] does so too, but within the transaction, for
    /// which others wait.
    ///
    /// # Errors
    /// [`crate::error::Error::Outside`] when the disk fails. The batch can't be placed then.
    pub fn sync(&mut self) -> Result<()> {
        self.written.sync()
    }
}
