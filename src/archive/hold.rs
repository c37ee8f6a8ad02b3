//! A folder beside the archive that one process has for itself.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::archive::disk;
use crate::error::{Error, Result};
use crate::workspace::staged;

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
        let hold = Self { lock: staged::file(staging).map_err(fail)? };
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
        for (file, text) in [(".postkamer-1", "1"), (".postkamer-3", ""), ("open-1-v1.json", "{}")] {
            fs::write(at(file), text).unwrap();
        }
        Hold::sweep(staging.path());
        assert!(held.folder().join("x").exists());
        drop(held);
        let left: Vec<_> = disk::list(staging.path()).unwrap().into_iter().map(|(name, _)| name).collect();
        assert_eq!(left, ["open-1-v1.json"]);
    }
}
