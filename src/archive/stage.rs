//! A new version of an object, written in full beside the archive.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::archive::digest::Digests;
use crate::archive::disk::Batch;
use crate::archive::inventory::{self, Facts, Inventory};
use crate::archive::store::{Step, Store};
use crate::archive::{disk, layout, paths};
use crate::error::{Error, Finding, Result};
use crate::workspace::staged;

/// The file that names an object, and what it holds (OCFL 1.1, 3.3).
pub(super) const DECLARATION: (&str, &str) = ("0=ocfl_object_1.1", "ocfl_object_1.1\n");

/// One file of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Its logical path: relative, `/` between the parts.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// A version that is written and on the disk, and not yet in the archive. Dropped, it is gone.
#[derive(Debug)]
pub struct Staged {
    pub(super) inventory: Inventory,
    /// The digest of the inventory that it follows.
    pub(super) base: Option<String>,
    pub(super) hold: Hold,
}

impl Staged {
    /// SHA-512 of the inventory of the new version: who has recorded it can prove every file of the object.
    pub fn inventory_digest(&self) -> &str {
        self.inventory.digest()
    }

    /// The inventory of the new version.
    pub fn inventory(&self) -> &Inventory {
        &self.inventory
    }

    /// The number of the new version.
    pub fn version(&self) -> u32 {
        self.inventory.head()
    }

    /// What is written, laid out as the object's folder.
    pub(super) fn object(&self) -> PathBuf {
        self.hold.folder().join("object")
    }
}

impl Store {
    /// Writes a version that follows `base`, or the first one. `contents` are all its files; bytes that an older version
    /// holds are not written again. All of it is on the disk when this returns, and nothing of it in the archive.
    ///
    /// # Errors
    /// `archive-id-refused`, `archive-path-refused` and `archive-path-twice` for names that can't be kept, and
    /// `archive-version-empty` for a version without files; [`Error::Outside`] when the disk fails.
    pub fn stage(&self, id: &str, base: Option<&Inventory>, contents: &[Content], facts: Facts) -> Result<Staged> {
        layout::check_id(id)?;
        if base.is_some_and(|base| base.id() != id) {
            return Err(Finding::error("archive-id-refused").arg("id", id).into());
        }
        paths::check(contents.iter().map(|content| content.path.as_str()))?;
        if contents.is_empty() {
            return Err(Finding::error("archive-version-empty").arg("id", id).into());
        }
        let files: Vec<_> =
            contents.iter().map(|content| (content.path.clone(), Digests::of(&content.bytes))).collect();
        let (inventory, text) = Inventory::next(id, base, &files, facts);
        let hold = Hold::new(self.staging_made()?)?;
        let staged = Staged { inventory, base: base.map(|base| base.digest().to_string()), hold };
        self.write(&staged, contents, &files, &text)?;
        Ok(staged)
    }

    fn write(&self, staged: &Staged, contents: &[Content], files: &[(String, Digests)], text: &str) -> Result<()> {
        let (object, inventory) = (staged.object(), &staged.inventory);
        let version = object.join(format!("v{}", staged.version()));
        let mut folders = BTreeSet::from([object.clone(), version.clone()]);
        let mut batch = Batch::default();
        let mut put = |path: PathBuf, bytes: &[u8]| {
            let folder = path.parent().unwrap_or(&object);
            fs::create_dir_all(folder).map_err(|cause| Error::io("write", folder, cause))?;
            folders.extend(folder.ancestors().take_while(|folder| folder.starts_with(&object)).map(Path::to_path_buf));
            batch.write_new(path, bytes)?;
            self.step(Step::Written);
            Ok::<_, Error>(())
        };
        let own = format!("v{}/", staged.version());
        let mut written = BTreeSet::new();
        for (content, (_, digests)) in contents.iter().zip(files) {
            let place = inventory.content(&digests.sha512).filter(|place| place.starts_with(&own));
            if let Some(place) = place.filter(|place| written.insert(*place)) {
                put(object.join(place), &content.bytes)?;
            }
        }
        let sidecar = inventory::sidecar(inventory.digest());
        for folder in [&version, &object] {
            put(folder.join(inventory::FILE), text.as_bytes())?;
            put(folder.join(inventory::SIDECAR), sidecar.as_bytes())?;
        }
        if staged.version() == 1 {
            put(object.join(DECLARATION.0), DECLARATION.1.as_bytes())?;
        }
        batch.sync()?;
        disk::sync_folders(&folders.into_iter().collect::<Vec<_>>())
    }
}

/// A folder beside the archive that is this process's own: it holds a lock on the file of the same name for as long as it
/// lives, so that no other process takes the folder for a leftover.
#[derive(Debug)]
pub(super) struct Hold {
    lock: NamedTempFile,
}

/// What the name of a held folder has after that of its lock.
const HELD: &str = ".map";

impl Hold {
    /// A new folder in `staging`.
    pub(super) fn new(staging: &Path) -> Result<Self> {
        let fail = |cause| Error::io("write", staging, cause);
        let mut lock = staged::file(staging).map_err(fail)?;
        // From here on it is no longer taken for one that was made this very moment.
        lock.write_all(b"1").map_err(fail)?;
        let hold = Self { lock };
        fs::create_dir(hold.folder()).map_err(fail)?;
        Ok(hold)
    }

    /// The folder.
    pub(super) fn folder(&self) -> PathBuf {
        self.lock.path().with_added_extension(&HELD[1..])
    }

    /// Deletes the folders in `staging` that no living process holds.
    pub(super) fn sweep(staging: &Path) {
        let names: Vec<String> = disk::list(staging).into_iter().flatten().map(|(name, _)| name).collect();
        // A folder outlives its lock only when somebody else deleted that.
        let lone =
            names.iter().filter_map(|name| name.strip_suffix(HELD)).filter(|lock| !names.iter().any(|it| it == lock));
        for lock in lone.filter(|lock| lock.starts_with('.') && !staging.join(lock).exists()) {
            let _ = fs::remove_dir_all(staging.join(format!("{lock}{HELD}")));
        }
        for name in names.iter().filter(|name| !name.ends_with(HELD)) {
            let lock = staging.join(name);
            let folder = lock.with_added_extension(&HELD[1..]);
            // What can't be deleted is no hindrance: it is in nobody's way.
            if folder.exists() && File::open(&lock).is_ok_and(|left| left.try_lock().is_ok()) {
                let _ = fs::remove_dir_all(folder);
                let _ = fs::remove_file(lock);
            }
        }
        staged::sweep(staging);
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        // Before the lock goes. What can't be deleted is swept later.
        let _ = fs::remove_dir_all(self.folder());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_holds_is_swept() {
        let staging = tempfile::tempdir().unwrap();
        let at = |name: &str| staging.path().join(name);
        let held = Hold::new(staging.path()).unwrap();
        fs::write(held.folder().join("x"), "x").unwrap();
        for left in [".postkamer-1.map/v1/content", ".postkamer-2.map"] {
            fs::create_dir_all(at(left)).unwrap();
        }
        for (file, text) in [(".postkamer-1", "1"), (".postkamer-3", "1"), ("open-1-v1.json", "{}")] {
            fs::write(at(file), text).unwrap();
        }
        Hold::sweep(staging.path());
        assert!(held.folder().join("x").exists());
        drop(held);
        let left: Vec<_> = disk::list(staging.path()).unwrap().into_iter().map(|(name, _)| name).collect();
        assert_eq!(left, ["open-1-v1.json"]);
    }
}
