//! The folder that letters are packed into: whole, or as it was.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::error::{Error, Finding, Result};

/// A folder that is being filled, beside the place where it will be.
pub(super) struct Target {
    staged: TempDir,
    place: PathBuf,
}

/// What is filled, in the temporary folder: it has the permissions that the user's new folders have.
const INNER: &str = "overdracht";

impl Target {
    /// Makes a folder to fill for `place`, an absolute path, which isn't there yet or is empty, and lies outside the archive.
    ///
    /// # Errors
    /// [`Error::Refused`] when something is there; [`Error::Outside`] when the system can't.
    pub fn stage(place: &Path, archive: &Path) -> Result<Self> {
        let shown = place.display();
        let fail = |cause: std::io::Error| Error::io("write", place, cause);
        // What a symbolic link leads to is filled, not the link.
        let place = place.canonicalize().unwrap_or_else(|_| place.to_path_buf());
        match fs::read_dir(&place).map(|mut entries| entries.next().is_none()) {
            Ok(true) => {}
            Err(cause) if cause.kind() == ErrorKind::NotFound => {}
            Ok(false) => return Err(Finding::error("export-folder-taken").arg("path", shown).into()),
            Err(cause) if cause.kind() == ErrorKind::NotADirectory => {
                return Err(Finding::error("export-folder-taken").arg("path", shown).into());
            }
            Err(cause) => return Err(fail(cause)),
        }
        // Folders on the way that aren't there are made last, so that a refusal leaves nothing.
        let near = place.ancestors().skip(1).find(|folder| folder.is_dir());
        let near = near.unwrap_or(Path::new(".")).canonicalize().map_err(fail)?;
        let is_archive = |folder: &Path| archive.canonicalize().is_ok_and(|archive| folder.starts_with(archive));
        if is_archive(&near) || is_archive(&place) {
            return Err(Finding::error("export-in-archive").arg("path", shown).into());
        }
        let staged = tempfile::Builder::new().prefix(".postkamer-").tempdir_in(&near).map_err(fail)?;
        fs::create_dir(staged.path().join(INNER)).map_err(fail)?;
        Ok(Self { staged, place })
    }

    /// Writes a file, with its folders, durably.
    ///
    /// # Errors
    /// [`Error::Outside`] when the system can't.
    pub fn write(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let shown = self.place.join(path);
        let fail = |cause: std::io::Error| Error::io("write", &shown, cause);
        let file = self.staged.path().join(INNER).join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(fail)?;
        }
        let mut open = fs::File::create_new(&file).map_err(fail)?;
        std::io::Write::write_all(&mut open, bytes).map_err(fail)?;
        open.sync_all().map_err(fail)
    }

    /// Moves the folder to its place, in one step.
    ///
    /// # Errors
    /// [`Error::Outside`] when the system can't, or something came there in the meantime.
    pub fn put(self) -> Result<()> {
        let fail = |cause: std::io::Error| Error::io("write", &self.place, cause);
        if let Some(parent) = self.place.parent() {
            fs::create_dir_all(parent).map_err(fail)?;
        }
        // Where a folder can't be moved over an empty one, that goes first; one that isn't empty stays.
        if cfg!(not(unix)) && self.place.is_dir() {
            fs::remove_dir(&self.place).map_err(fail)?;
        }
        fs::rename(self.staged.path().join(INNER), &self.place).map_err(fail)
    }
}
