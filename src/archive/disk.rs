//! File-system calls of the archive: durable, and never through a symbolic link.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use crate::error::{Error, Result};
use crate::workspace::staged::sync_folder;

/// What a name in a folder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    File,
    Folder,
    /// A symbolic link.
    Link,
    /// A device, a pipe, or something with a name that is not text.
    Other,
}

/// The names in a folder and what they stand for, sorted by name; a name that is not text is shown as well as it can be.
pub(super) fn list(folder: &Path) -> io::Result<Vec<(String, Kind)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let kind = match () {
            () if kind.is_symlink() => Kind::Link,
            () if kind.is_dir() => Kind::Folder,
            () if kind.is_file() => Kind::File,
            () => Kind::Other,
        };
        found.push(match entry.file_name().into_string() {
            Ok(name) => (name, kind),
            Err(name) => (name.to_string_lossy().into_owned(), Kind::Other),
        });
    }
    found.sort();
    Ok(found)
}

/// What lies at a path itself, not where a link there leads; none when nothing does.
pub(super) fn kind(path: &Path) -> Result<Option<Kind>> {
    match fs::symlink_metadata(path) {
        Ok(there) if there.is_symlink() => Ok(Some(Kind::Link)),
        Ok(there) if there.is_dir() => Ok(Some(Kind::Folder)),
        Ok(there) if there.is_file() => Ok(Some(Kind::File)),
        Ok(_) => Ok(Some(Kind::Other)),
        Err(cause) if matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(cause) => Err(Error::io("read", path, cause)),
    }
}

/// Fills `bytes` with what a file holds, up to one byte more than `most`.
pub(super) fn read_into(path: &Path, most: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
    bytes.clear();
    File::open(path)?.take(most.saturating_add(1)).read_to_end(bytes).map(|_| ())
}

/// A new file that is on the disk when this returns; its name is when its folder is synced.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    write(path, bytes)?.sync_all().map_err(|cause| Error::io("write", path, cause))
}

/// A new file, written and not yet on the disk.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<File> {
    let fail = |cause| Error::io("write", path, cause);
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(fail)?;
    file.write_all(bytes).map_err(fail)?;
    Ok(file)
}

/// Makes a folder, unless it is there; whether it was made. Its name is on the disk when the folder that it lies in is.
pub(super) fn make(path: &Path) -> Result<bool> {
    match fs::create_dir(path) {
        Ok(()) => Ok(true),
        Err(cause) if cause.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(false),
        Err(cause) => Err(Error::io("write", path, cause)),
    }
}

/// Makes a folder, unless it is there, durably.
pub(super) fn make_folder(path: &Path) -> Result<()> {
    if make(path)? { sync_parent(path) } else { Ok(()) }
}

/// Moves a file or folder from where it is staged to its place, durably. A name that comes back where it was staged is
/// swept from there.
pub(super) fn move_in(from: &Path, to: &Path) -> Result<()> {
    rename(from, to)?;
    sync_parent(to)
}

/// The same, on the disk once the folder that it lies in is.
pub(super) fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(|cause| Error::io("write", to, cause))
}

/// Moves a file or folder from its place to where it is deleted, durably.
pub(super) fn move_out(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(|cause| Error::io("write", from, cause))?;
    sync_parent(from)
}

/// Waits until the names in a folder are on the disk.
pub(super) fn sync(folder: &Path) -> Result<()> {
    sync_folder(folder).map_err(|cause| Error::io("write", folder, cause))
}

/// Waits until the name of a file or folder is on the disk.
pub(super) fn sync_parent(path: &Path) -> Result<()> {
    path.parent().map_or(Ok(()), sync)
}
