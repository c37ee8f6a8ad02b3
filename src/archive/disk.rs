//! File-system calls of the archive: durable, and never through a symbolic link.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

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
fn write(path: &Path, bytes: &[u8]) -> Result<File> {
    let fail = |cause| Error::io("write", path, cause);
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(fail)?;
    file.write_all(bytes).map_err(fail)?;
    Ok(file)
}

/// Files and folders that go to the disk together.
///
/// A file system commits what waits for it at the same time in one go, so that many small files cost little more than one.
/// One after the other, each would wait for a commit of its own.
#[derive(Default)]
pub(super) struct Batch {
    files: Vec<(PathBuf, File)>,
}

/// So many files are held open at most, and so many wait for the disk at once.
const TOGETHER: usize = 32;

impl Batch {
    /// Writes a new file, which is on the disk after [`Batch::sync`].
    pub(super) fn write_new(&mut self, path: PathBuf, bytes: &[u8]) -> Result<()> {
        let file = write(&path, bytes)?;
        self.files.push((path, file));
        if self.files.len() < TOGETHER { Ok(()) } else { self.sync() }
    }

    /// Waits until the files that were written are on the disk.
    pub(super) fn sync(&mut self) -> Result<()> {
        let files = std::mem::take(&mut self.files);
        together(&files, |(path, file)| file.sync_all().map_err(|cause| Error::io("write", path, cause)))
    }
}

/// Waits until the names in several folders are on the disk.
pub(super) fn sync_folders(folders: &[PathBuf]) -> Result<()> {
    folders.chunks(TOGETHER).try_for_each(|some| together(some, |folder| sync(folder)))
}

/// Does the same to each, all at once.
fn together<T: Sync>(all: &[T], work: impl Fn(&T) -> Result<()> + Sync) -> Result<()> {
    let work = &work;
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            all.iter().map(|one| (one, std::thread::Builder::new().spawn_scoped(scope, move || work(one)))).collect();
        // Each is waited for, and the first failure told. Where there is no thread to be had, it is done here.
        let done: Vec<_> = threads
            .into_iter()
            .map(|(one, thread)| match thread {
                Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
                Err(_) => work(one),
            })
            .collect();
        done.into_iter().collect()
    })
}

/// Makes a folder, unless it is there, durably.
pub(super) fn make_folder(path: &Path) -> Result<()> {
    match fs::create_dir(path) {
        Ok(()) => sync_parent(path),
        Err(cause) if cause.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(cause) => Err(Error::io("write", path, cause)),
    }
}

/// Moves a file or folder from where it is staged to its place, durably. A name that comes back where it was staged is
/// swept from there.
pub(super) fn move_in(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(|cause| Error::io("write", to, cause))?;
    sync_parent(to)
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
