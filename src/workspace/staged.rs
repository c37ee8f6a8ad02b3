//! Files that are written in full before it is decided whether they are to be there.
//!
//! A staged file lies beside its place under a name of its own, and is moved there in one step. Whoever staged it holds a
//! lock on it; what an ended process left behind is unlocked, and swept.

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// How the names of staged files begin.
const PREFIX: &str = ".postkamer-";

/// A file that is written in full and not yet in its place.
pub struct Staged {
    file: NamedTempFile,
    place: PathBuf,
}

impl Staged {
    /// Writes the bytes beside `place`, whose folders are made.
    ///
    /// # Errors
    /// [`Error::Outside`] when the system can't; nothing is left behind.
    pub fn write(place: &Path, bytes: &[u8]) -> Result<Self> {
        let fail = |cause: std::io::Error| Error::io("write", place, cause);
        let folder = place.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(fail)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut file = builder.tempfile_in(folder).map_err(fail)?;
        file.as_file().lock().map_err(fail)?;
        file.write_all(bytes).map_err(fail)?;
        file.as_file().sync_all().map_err(fail)?;
        Ok(Self { file, place: place.to_path_buf() })
    }

    /// Moves the file to its place, over what may be there, and makes sure that it survives a loss of power.
    ///
    /// # Errors
    /// [`Error::Outside`] when the system can't.
    pub fn put(self) -> Result<()> {
        let fail = |cause: std::io::Error| Error::io("write", &self.place, cause);
        self.file.persist(&self.place).map_err(|error| fail(error.error))?;
        sync_folder(&self.place).map_err(fail)
    }
}

/// Removes from a folder what interrupted processes staged there.
pub fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_staged = entry.file_name().to_string_lossy().starts_with(PREFIX);
        // An empty one may have been made this very moment, its lock not yet taken.
        if !is_staged || entry.metadata().map_or(true, |metadata| metadata.len() == 0) {
            continue;
        }
        // What can't be removed is no hindrance: it is never taken for a letter.
        if let Ok(file) = File::open(entry.path()) {
            match file.try_lock() {
                Ok(()) => drop(fs::remove_file(entry.path())),
                Err(TryLockError::WouldBlock | TryLockError::Error(_)) => {}
            }
        }
    }
}

/// A renamed file is there after a loss of power only once its folder is written too.
#[cfg(unix)]
fn sync_folder(place: &Path) -> std::io::Result<()> {
    File::open(place.parent().unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_live_process_staged_is_not_swept() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a/b.pdf");
        let staged = Staged::write(&place, b"x").unwrap();
        let left = folder.path().join("a/.postkamer-left");
        fs::write(&left, b"y").unwrap();
        sweep(&folder.path().join("a"));
        assert!(!left.exists() && !place.exists());
        staged.put().unwrap();
        assert_eq!(fs::read(&place).unwrap(), b"x");
    }
}
