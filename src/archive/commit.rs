//! Moving a written version into the archive, and the marks that say so until it is certain.
//!
//! A mark lies beside the archive before anything in the archive changes, and until the register's transaction is known to
//! be committed. Whatever interrupts that, the mark says which object to hold against the register.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::archive::digest::{sha256, sha512};
use crate::archive::disk::{self, Kind};
use crate::archive::inventory::{FILE, SIDECAR};
use crate::archive::layout;
use crate::archive::object::small;
use crate::archive::stage::Staged;
use crate::archive::store::{Step, Store};
use crate::error::{Error, Finding, Result};
use crate::workspace::staged;

/// What a mark holds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark {
    id: String,
    version: u32,
}

/// The largest mark, in bytes: an identifier with every byte escaped.
const MAX_MARK: u64 = 64 << 10;

/// How the names of marks begin.
const PREFIX: &str = "open-";

impl Store {
    /// Moves a version into the archive, durably. Called within the register's write transaction, which lets in one writer
    /// at a time; [`Store::settle`] once that has committed, [`Store::recover`] in a later one if it has not.
    ///
    /// # Errors
    /// `archive-object-overtaken` when the object is no longer what the version was made to follow;
    /// [`Error::Outside`] when the disk fails. The object may then be half changed, and is marked.
    pub fn commit(&self, staged: Staged) -> Result<()> {
        let id = staged.inventory.id().to_string();
        let folder = self.folder(&id);
        let version = format!("v{}", staged.version());
        if self.head_digest(&folder)? != staged.base || disk::kind(&folder.join(&version))?.is_some() {
            return Err(Finding::error("archive-object-overtaken").arg("id", id).into());
        }
        self.mark(&id, staged.version())?;
        self.step(Step::Marked);
        let made = staged.object();
        if staged.version() == 1 {
            let way: Vec<_> = folder.ancestors().skip(1).take(layout::TUPLES).collect();
            for tuple in way.into_iter().rev() {
                disk::make_folder(tuple)?;
                self.step(Step::Way);
            }
            disk::move_in(&made, &folder)?;
            self.step(Step::ObjectIn);
            return Ok(());
        }
        disk::move_in(&made.join(&version), &folder.join(&version))?;
        self.step(Step::VersionIn);
        for (name, step) in [(FILE, Step::Inventory), (SIDECAR, Step::Sidecar)] {
            disk::move_in(&made.join(name), &folder.join(name))?;
            self.step(step);
        }
        Ok(())
    }

    /// Says that the transaction in which this store moved versions of an object in has committed.
    ///
    /// # Errors
    /// [`Error::Outside`] when the system can't; [`Store::recover`] then does it later.
    pub fn settle(&self, id: &str) -> Result<()> {
        // Only its own: another process may have recovered this object since, and begun the next version of it.
        let mut own = self.own.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let (settled, rest) = std::mem::take(&mut *own).into_iter().partition(|(of, _)| of == id);
        *own = rest;
        drop(own);
        settled.into_iter().try_for_each(|(id, version): (String, u32)| self.unmark(&id, version))
    }

    /// The versions of which it is not certain whether the register has recorded them, by identifier and number, sorted:
    /// those that another process is moving in this moment, and those that were interrupted.
    ///
    /// # Errors
    /// `archive-mark-broken` for a mark that was touched; [`Error::Outside`] when the system can't.
    pub fn unsettled(&self) -> Result<Vec<(String, u32)>> {
        let names = match disk::list(self.staging()) {
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            names => names.map_err(|cause| Error::io("read", self.staging(), cause))?,
        };
        let mut found = Vec::new();
        for (name, kind) in names.iter().filter(|(name, _)| name.starts_with(PREFIX)) {
            let path = self.staging().join(name);
            let refuse = || Finding::error("archive-mark-broken").arg("path", path.display());
            if *kind != Kind::File {
                return Err(refuse().into());
            }
            let mut bytes = Vec::new();
            match disk::read_into(&path, MAX_MARK, &mut bytes) {
                // Settled since the folder was listed.
                Err(cause) if cause.kind() == ErrorKind::NotFound => continue,
                read => read.map_err(|cause| Error::io("read", &path, cause))?,
            }
            let mark: Option<Mark> = serde_json::from_slice(&bytes).ok();
            let mark = mark.filter(|mark| self.mark_path(&mark.id, mark.version) == path);
            let mark = mark.ok_or_else(refuse)?;
            found.push((mark.id, mark.version));
        }
        found.sort();
        Ok(found)
    }

    fn mark_path(&self, id: &str, version: u32) -> PathBuf {
        self.staging().join(format!("{PREFIX}{}-v{version}.json", sha256(id.as_bytes())))
    }

    fn mark(&self, id: &str, version: u32) -> Result<()> {
        let (path, staging) = (self.mark_path(id, version), self.staging_made()?);
        let mark = serde_json::to_vec(&Mark { id: id.into(), version });
        let mark = mark.map_err(|cause| Error::io("write", &path, cause))?;
        staged::put(staged::beside(&path, &mark)?, staging, &path)?;
        self.own.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push((id.into(), version));
        Ok(())
    }

    /// Takes a mark away, durably, if it is there.
    pub(super) fn unmark(&self, id: &str, version: u32) -> Result<()> {
        let path = self.mark_path(id, version);
        if disk::kind(&path)?.is_some() {
            self.step(Step::Certain);
        }
        match fs::remove_file(&path) {
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(()),
            removed => removed.map_err(|cause| Error::io("write", &path, cause))?,
        }
        disk::sync(self.staging())?;
        self.step(Step::Unmarked);
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
