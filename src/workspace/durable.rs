//! Files and folders that go to the disk together.
//!
//! Waiting for many files one after the other costs a commit of the file system for each. Waiting for all of the file system
//! once costs one, and is what many letters at a time do where that can be relied on.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::workspace::staged::sync_folder;

/// How files get to the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Each file and folder by itself, many at the same time: nobody waits for what other programs wrote.
    Each,
    /// The whole file system at once, where that can be relied on; elsewhere as [`Manner::Each`].
    Together,
}

/// So many files are held open at most, and so many wait for the disk at once.
const MOST: usize = 32;

/// A file system, and what was written there and is not yet certain to be on the disk.
#[derive(Debug)]
pub struct Disk {
    /// A folder that is waited for with all else on its file system. It is opened before anything is written: the system
    /// tells of what failed since then.
    whole: Option<File>,
    /// Where that folder is, for whoever is told of a failure.
    shown: PathBuf,
    files: Vec<(PathBuf, File)>,
    folders: BTreeSet<PathBuf>,
    is_behind: bool,
    is_unwritten: bool,
}

impl Disk {
    /// The file system that a folder lies on.
    ///
    /// # Errors
    /// [`Error::Outside`] when the folder can't be opened.
    pub fn of(folder: &Path, manner: Manner) -> Result<Self> {
        let whole = match manner {
            Manner::Each => None,
            Manner::Together => whole(folder).map_err(|cause| Error::io("write", folder, cause))?,
        };
        let (files, folders) = (Vec::new(), BTreeSet::new());
        Ok(Self { whole, shown: folder.into(), files, folders, is_behind: false, is_unwritten: false })
    }

    /// A file was written, of which the name counts from [`Disk::named`] on.
    ///
    /// # Errors
    /// [`Error::Outside`] when the disk fails.
    pub fn written(&mut self, path: &Path, file: &File) -> Result<()> {
        (self.is_behind, self.is_unwritten) = (true, true);
        if self.whole.is_none() {
            self.files.push((path.into(), file.try_clone().map_err(|cause| Error::io("write", path, cause))?));
            if self.files.len() >= MOST {
                return self.sync_files();
            }
        }
        Ok(())
    }

    /// Names came into a folder or went from it.
    pub fn named(&mut self, folder: &Path) {
        self.is_behind = true;
        if self.whole.is_none() && !self.folders.contains(folder) {
            self.folders.insert(folder.into());
        }
    }

    /// Whether there is something that is not certain to be on the disk.
    pub fn is_behind(&self) -> bool {
        self.is_behind
    }

    /// Whether there is a file of which it is not certain that what it holds is on the disk.
    pub fn is_unwritten(&self) -> bool {
        self.is_unwritten
    }

    /// Waits until all of it is on the disk.
    ///
    /// # Errors
    /// [`Error::Outside`] when the disk fails. Nothing of it can be relied on then.
    pub fn sync(&mut self) -> Result<()> {
        if !self.is_behind {
            return Ok(());
        }
        match &self.whole {
            Some(folder) => sync_whole(folder).map_err(|cause| Error::io("write", &self.shown, cause))?,
            None => {
                self.sync_files()?;
                let folders: Vec<_> = std::mem::take(&mut self.folders).into_iter().collect();
                let sync = |folder: &PathBuf| sync_folder(folder).map_err(|cause| Error::io("write", folder, cause));
                folders.chunks(MOST).try_for_each(|some| together(some, sync))?;
            }
        }
        (self.is_behind, self.is_unwritten) = (false, false);
        Ok(())
    }

    fn sync_files(&mut self) -> Result<()> {
        let files = std::mem::take(&mut self.files);
        together(&files, |(path, file)| file.sync_all().map_err(|cause| Error::io("write", path, cause)))
    }
}

/// The open folder, if waiting for its whole file system means that all of it is on the disk.
#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
fn whole(folder: &Path) -> std::io::Result<Option<File>> {
    // ext2 to ext4, XFS, Btrfs, F2FS, ZFS, overlays of these, and memory. Others may hand the data on and not ask for
    // it to be written: FUSE tells only some of its servers to (`fuse_sync_fs` in Linux's fs/fuse/inode.c).
    const RELIABLE: [rustix::fs::FsWord; 7] =
        [0xEF53, 0x5846_5342, 0x9123_683E, 0xF2F5_2010, 0x2FC1_2FC1, 0x794C_7630, 0x0102_1994];
    let open = File::open(folder)?;
    let is_reliable = RELIABLE.contains(&rustix::fs::fstatfs(&open)?.f_type);
    Ok(is_reliable.then_some(open))
}

#[cfg(not(all(target_os = "linux", target_pointer_width = "64")))]
fn whole(_: &Path) -> std::io::Result<Option<File>> {
    Ok(None)
}

#[cfg(target_os = "linux")]
fn sync_whole(folder: &File) -> std::io::Result<()> {
    Ok(rustix::fs::syncfs(folder)?)
}

#[cfg(not(target_os = "linux"))]
fn sync_whole(folder: &File) -> std::io::Result<()> {
    folder.sync_all()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_waits_once_it_is_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        for manner in [Manner::Each, Manner::Together] {
            let mut disk = Disk::of(folder.path(), manner).unwrap();
            // More than are held open.
            for n in 0..=MOST {
                let path = folder.path().join(format!("{manner:?}-{n}"));
                disk.written(&path, &File::create(&path).unwrap()).unwrap();
                assert!(disk.is_behind() && disk.files.len() < MOST);
            }
            disk.named(folder.path());
            disk.sync().unwrap();
            assert!(!disk.is_behind() && disk.files.is_empty() && disk.folders.is_empty());
        }
    }

    #[test]
    fn a_folder_that_is_gone_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let gone = folder.path().join("gone");
        assert!(Disk::of(&gone, Manner::Together).is_err());
        let mut disk = Disk::of(folder.path(), Manner::Each).unwrap();
        disk.named(&gone);
        assert!(disk.sync().is_err() && disk.is_behind());
    }
}
