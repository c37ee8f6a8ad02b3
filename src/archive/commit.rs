//! Moving written versions into the archive, and settling them once the register has recorded them.

use std::collections::BTreeSet;
use std::path::Path;

use crate::archive::digest::sha512;
use crate::archive::disk;
use crate::archive::inventory::{FILE, SIDECAR};
use crate::archive::layout;
use crate::archive::marks::Named;
use crate::archive::object::small;
use crate::archive::stage::{Batch, Staged, Written};
use crate::archive::store::{Step, Store};
use crate::error::{Error, Finding, Result};
use crate::workspace::durable::Disk;

/// The most versions that one mark names.
const IN_A_MARK: usize = 256;

impl Store {
    /// Moves a version into the archive, durably. Called within the register's write transaction, which lets in one writer
    /// at a time; [`Store::settle`] once that has committed, [`Store::recover`] in a later one if it has not.
    ///
    /// # Errors
    /// `archive-object-overtaken` when the object is no longer what the version was made to follow;
    /// [`Error::Outside`] when the disk fails. The object may then be half changed, and is marked.
    pub fn commit(&self, mut staged: Staged) -> Result<()> {
        self.commit_all(&mut staged.batch)
    }

    /// As [`Store::commit`], all versions of a batch under one mark, after which the batch is empty. When one of them is
    /// overtaken, none is moved in and the batch is what it was.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub fn commit_all(&self, batch: &mut Batch) -> Result<()> {
        batch.sync()?;
        let (versions, disk) = batch.parts();
        let mut named = Vec::new();
        let mut ids = BTreeSet::new();
        for written in versions.iter().flatten() {
            let (id, version) = (written.inventory.id(), written.inventory.head());
            let folder = self.folder(id);
            let is_next = match self.head_digest(&folder)? {
                None => written.base.is_none(),
                head => head == written.base && disk::kind(&folder.join(format!("v{version}")))?.is_none(),
            };
            if !is_next || !ids.insert(id) {
                return Err(Finding::error("archive-object-overtaken").arg("id", id).into());
            }
            named.push(Named { id: id.into(), version });
        }
        named.chunks(IN_A_MARK).try_for_each(|some| self.mark(some))?;
        for written in std::mem::take(versions).iter().flatten() {
            self.move_in(written, disk)?;
        }
        disk.sync()
    }

    /// Moves one version in, which is on the disk when `disk` is. The order in which its parts get there is of no matter:
    /// until it is settled, any of them is put right by what the register has recorded.
    fn move_in(&self, written: &Written, disk: &mut Disk) -> Result<()> {
        let (folder, version) = (self.folder(written.inventory.id()), format!("v{}", written.inventory.head()));
        if written.inventory.head() == 1 {
            let way: Vec<_> = folder.ancestors().skip(1).take(layout::TUPLES).collect();
            disk.named(self.root());
            for tuple in way.into_iter().rev() {
                disk::make(tuple)?;
                disk.named(tuple);
                self.step(Step::Way);
            }
            disk::rename(&written.folder, &folder)?;
            self.step(Step::ObjectIn);
            return Ok(());
        }
        disk.named(&folder);
        let parts = [(version.as_str(), Step::VersionIn), (FILE, Step::Inventory), (SIDECAR, Step::Sidecar)];
        for (name, step) in parts {
            disk::rename(&written.folder.join(name), &folder.join(name))?;
            self.step(step);
        }
        Ok(())
    }

    /// SHA-512 of the inventory that an object has; none where there is no object.
    fn head_digest(&self, folder: &Path) -> Result<Option<String>> {
        if disk::kind(folder)?.is_none() {
            return Ok(None);
        }
        match small(&folder.join(FILE)) {
            // A folder without an inventory is no object, and nothing that a version could follow.
            Err(Error::Refused(_)) => Ok(Some(String::new())),
            bytes => Ok(Some(sha512(&bytes?))),
        }
    }
}
