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
    loop {
        let file = builder.tempfile_in(folder)?;
        file.as_file().lock()?;
        // Before it was locked, a sweep may have taken it for a leftover.
        if is_at(file.as_file(), file.path()) {
            return Ok(file);
        }
    }
}

/// Whether an open file is the one that lies at a path, rather than one that was removed there.
pub(crate) fn is_at(file: &File, path: &Path) -> bool {
    let Ok(there) = fs::metadata(path) else { return false };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        file.metadata().is_ok_and(|own| (own.dev(), own.ino()) == (there.dev(), there.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = (file, there);
        true
    }
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
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        // Whoever has just made one, and not yet locked it, sees that it is gone and makes another: for that it is held until
        // it is gone.
        let Ok(left) = File::open(entry.path()) else { continue };
        if left.try_lock().is_ok() {
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
        let left = ["left", "empty"].map(|name| folder.path().join(format!("a/.postkamer-{name}")));
        fs::write(&left[0], b"y").unwrap();
        // Its process was ended before it wrote anything.
        fs::write(&left[1], b"").unwrap();
        sweep(&folder.path().join("a"));
        assert!(!left.iter().any(|left| left.exists()) && !place.exists());
        put(staged, folder.path(), &place).unwrap();
        assert_eq!(fs::read(&place).unwrap(), b"x");
    }

    #[test]
    fn a_sweep_takes_no_file_from_who_is_making_it() {
        let folder = tempfile::tempdir().unwrap();
        let is_over = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !is_over.load(std::sync::atomic::Ordering::Relaxed) {
                    sweep(folder.path());
                }
            });
            let made: Vec<bool> = (0..400).map(|_| file(folder.path()).is_ok_and(|it| it.path().exists())).collect();
            is_over.store(true, std::sync::atomic::Ordering::Relaxed);
            assert_eq!(made, [true; 400]);
        });
    }
}
