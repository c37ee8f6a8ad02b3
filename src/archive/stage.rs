//! New versions of objects, written in full beside the archive.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::archive::hold::Hold;
use crate::archive::inventory::{self, Facts, Inventory};
use crate::archive::store::{Step, Store};
use crate::archive::{disk, layout, paths};
use crate::error::{Error, Finding, Result};
use crate::workspace::bytes::Bytes;
use crate::workspace::durable::{Disk, Manner};

/// The file that names an object, and what it holds (OCFL 1.1, 3.3).
pub(super) const DECLARATION: (&str, &str) = ("0=ocfl_object_1.1", "ocfl_object_1.1\n");

/// One file of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Its logical path: relative, `/` between the parts.
    pub path: String,
    /// What it holds.
    pub bytes: Bytes,
}

/// Versions that are written beside the archive, and not yet in it. Dropped, they are gone.
#[derive(Debug)]
pub struct Batch {
    hold: Hold,
    disk: Disk,
    versions: Vec<Option<Written>>,
}

/// A version of a batch.
#[derive(Debug)]
pub(super) struct Written {
    pub inventory: Inventory,
    /// The digest of the inventory that it follows.
    pub base: Option<String>,
    /// What is written, laid out as the object's folder.
    pub folder: PathBuf,
}

/// Where a version is in its batch, and by what it can be proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// Its place in the batch, from 0; it keeps that when others are left out.
    pub at: usize,
    /// Its number, from 1.
    pub version: u32,
    /// SHA-512 of its inventory: who has recorded it can prove every file of the object.
    pub inventory: String,
}

/// One version that is written and on the disk, and not yet in the archive. Dropped, it is gone.
#[derive(Debug)]
pub struct Staged {
    pub(super) batch: Batch,
    entered: Entered,
}

impl Staged {
    /// SHA-512 of the inventory of the new version.
    pub fn inventory_digest(&self) -> &str {
        &self.entered.inventory
    }

    /// The number of the new version.
    pub fn version(&self) -> u32 {
        self.entered.version
    }
}

impl Batch {
    /// Leaves a version out again; nothing happens where there is none.
    pub fn leave_out(&mut self, at: usize) {
        if let Some(left) = self.versions.get_mut(at).and_then(Option::take) {
            // What can't be deleted goes with the folder of the batch.
            let _ = fs::remove_dir_all(left.folder);
        }
    }

    /// Waits until all that was staged is on the disk.
    ///
    /// # Errors
    /// [`Error::Outside`] when the disk fails. Nothing of the batch may be moved in then.
    pub fn sync(&mut self) -> Result<()> {
        self.disk.sync()
    }

    /// Its versions, to be moved in, and the disk that they lie on, which the archive is on too.
    pub(super) fn parts(&mut self) -> (&mut Vec<Option<Written>>, &mut Disk) {
        (&mut self.versions, &mut self.disk)
    }
}

impl Store {
    /// An empty batch, in a folder beside the archive that nobody else touches while it lives.
    ///
    /// # Errors
    /// [`Error::Outside`] when the disk fails.
    pub fn batch(&self, manner: Manner) -> Result<Batch> {
        let staging = self.staging_made()?;
        let disk = Disk::of(staging, manner)?;
        Ok(Batch { hold: Hold::new(staging)?, disk, versions: Vec::new() })
    }

    /// Writes a version that follows `base`, or the first one. `contents` are all its files; bytes that an older version
    /// holds are not written again. All of it is on the disk when this returns, and nothing of it in the archive.
    ///
    /// # Errors
    /// `archive-id-refused`, `archive-path-refused` and `archive-path-twice` for names that can't be kept, and
    /// `archive-version-empty` for a version without files; [`Error::Outside`] when the disk fails.
    pub fn stage(&self, id: &str, base: Option<&Inventory>, contents: &[Content], facts: Facts) -> Result<Staged> {
        let mut batch = self.batch(Manner::Each)?;
        let entered = self.stage_in(&mut batch, id, base, contents, facts)?;
        batch.sync()?;
        Ok(Staged { batch, entered })
    }

    /// As [`Store::stage`], as one more of a batch: it is on the disk after [`Batch::sync`]. After a failure the batch is
    /// what it was.
    ///
    /// # Errors
    /// As [`Store::stage`].
    pub fn stage_in(
        &self,
        batch: &mut Batch,
        id: &str,
        base: Option<&Inventory>,
        contents: &[Content],
        facts: Facts,
    ) -> Result<Entered> {
        layout::check_id(id)?;
        if base.is_some_and(|base| base.id() != id) {
            return Err(Finding::error("archive-id-refused").arg("id", id).into());
        }
        paths::check(contents.iter().map(|content| content.path.as_str()))?;
        if contents.is_empty() {
            return Err(Finding::error("archive-version-empty").arg("id", id).into());
        }
        let (inventory, text) = Inventory::next(id, base, contents, facts);
        let at = batch.versions.len();
        let folder = batch.hold.folder().join(at.to_string());
        if let Err(error) = self.write(&mut batch.disk, &folder, &inventory, contents, &text) {
            // As in `leave_out`.
            let _ = fs::remove_dir_all(&folder);
            return Err(error);
        }
        let entered = Entered { at, version: inventory.head(), inventory: inventory.digest().into() };
        let base = base.map(|base| base.digest().to_string());
        batch.versions.push(Some(Written { inventory, base, folder }));
        Ok(entered)
    }

    /// Writes what is new in a version to `object`, laid out as the object's folder.
    fn write(
        &self,
        disk: &mut Disk,
        object: &Path,
        inventory: &Inventory,
        contents: &[Content],
        text: &str,
    ) -> Result<()> {
        let own = format!("v{}", inventory.head());
        let mut made = BTreeSet::new();
        let mut make = |disk: &mut Disk, folder: &str| {
            if made.insert(folder.to_string()) {
                let folder = object.join(folder);
                fs::create_dir(&folder).map_err(|cause| Error::io("write", &folder, cause))?;
                disk.named(&folder);
            }
            Ok::<_, Error>(())
        };
        let put = |disk: &mut Disk, path: &str, bytes: &[u8]| {
            let path = object.join(path);
            let file = disk::write(&path, bytes)?;
            disk.written(&path, &file)?;
            self.step(Step::Written);
            Ok::<_, Error>(())
        };
        for folder in ["", &own] {
            make(disk, folder)?;
        }
        let mut written = BTreeSet::new();
        for content in contents {
            let place = inventory.content(content.bytes.sha512());
            let is_new = |place: &&str| place.strip_prefix(&own).is_some_and(|rest| rest.starts_with('/'));
            let Some(place) = place.filter(is_new).filter(|place| written.insert(*place)) else { continue };
            for (end, _) in place.match_indices('/') {
                make(disk, place.get(..end).unwrap_or_default())?;
            }
            put(disk, place, &content.bytes)?;
        }
        let sidecar = inventory::sidecar(inventory.digest());
        for (name, bytes) in [(inventory::FILE, text), (inventory::SIDECAR, &sidecar)] {
            put(disk, &format!("{own}/{name}"), bytes.as_bytes())?;
            put(disk, name, bytes.as_bytes())?;
        }
        if inventory.head() == 1 {
            put(disk, DECLARATION.0, DECLARATION.1.as_bytes())?;
        }
        Ok(())
    }
}
