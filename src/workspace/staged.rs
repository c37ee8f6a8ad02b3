//! Files that are written in full before they are in their place.
//!
//! A staged file lies beside its place under a name of its own, and is moved there in one step. Whoever staged it holds a
//! lock on it; what an ended process left behind is unlocked, and swept.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// How the names of staged files begin.
const PREFIX: &str = ".postkamer-";

/// An empty file in a folder, to be filled and moved to its name; it is gone if that never happens.
///
/// # Errors
/// When the system can't.
pub fn file(folder: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    // Letters are for whom the user's umask lets read them, not for the writer alone as temporary files are.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let file = builder.tempfile_in(folder)?;
    file.as_file().lock()?;
    Ok(file)
}

/// A file that holds these bytes, durably, beside `place`, whose folders are made.
///
/// # Errors
/// [`Error::Outside`] when the system can't; nothing is left behind.
pub fn beside(place: &Path, bytes: &[u8]) -> Result<NamedTempFile> {
    let fail = |cause: std::io::Error| Error::io("write", place, cause);
    let folder = place.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(fail)?;
    let mut staged = file(folder).map_err(fail)?;
    staged.write_all(bytes).map_err(fail)?;
    staged.as_file().sync_all().map_err(fail)?;
    Ok(staged)
}

/// Moves a staged file to its place in the workspace at `root`, over what may be there, and sees to it that its name and
/// the folders on the way to it outlive a loss of power.
///
/// # Errors
/// [`Error::Outside`] when the system can't.
pub fn put(staged: NamedTempFile, root: &Path, place: &Path) -> Result<()> {
    let fail = |cause: std::io::Error| Error::io("write", place, cause);
    staged.persist(place).map_err(|error| fail(error.error))?;
    let folders = place.ancestors().skip(1).take_while(|folder| folder.starts_with(root));
    folders.into_iter().try_for_each(sync_folder).map_err(fail)
}

/// Removes from a folder what interrupted processes staged there.
pub fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_staged = entry.file_name().to_string_lossy().starts_with(PREFIX);
        // An empty one may have been made this very moment, its lock not yet taken.
        if !is_staged || entry.metadata().map_or(true, |metadata| metadata.len() == 0) {
            continue;
        }
        if File::open(entry.path()).is_ok_and(|left| left.try_lock().is_ok()) {
            // What can't be removed is no hindrance: it is never taken for a letter.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Waits until the names in a folder are on the disk.
///
/// # Errors
/// When the system can't.
pub fn sync_folder(folder: &Path) -> std::io::Result<()> {
    // Elsewhere a folder can't be opened, and the file system sees to it.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_live_process_staged_is_not_swept() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a/b.pdf");
        let staged = beside(&place, b"x").unwrap();
        let left = folder.path().join("a/.postkamer-left");
        fs::write(&left, b"y").unwrap();
        sweep(&folder.path().join("a"));
        assert!(!left.exists() && !place.exists());
        put(staged, folder.path(), &place).unwrap();
        assert_eq!(fs::read(&place).unwrap(), b"x");
    }
}
