//! Many files that are written in full before they are in their places, and go to the disk together.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::durable::{Disk, Manner};
use super::staged;
use crate::error::{Error, Result};

/// Files of a workspace that are written beside their places, as [`staged::beside`] and [`staged::put`] do with one. Those
/// that are not put in their places are gone with this.
pub struct Together {
    root: PathBuf,
    manner: Manner,
    files: Vec<Option<(NamedTempFile, PathBuf)>>,
    /// By the number that the system gives each.
    disks: BTreeMap<u64, Disk>,
    /// On which of them each folder lies that has been written in.
    folders: BTreeMap<PathBuf, u64>,
}

impl Together {
    /// No files yet, of the workspace at `root`.
    pub fn new(root: &Path, manner: Manner) -> Self {
        let (files, disks, folders) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        Self { root: root.into(), manner, files, disks, folders }
    }

    /// Writes a file beside `place`, whose folders are made; gives its number, from 0. It is on the disk after
    /// [`Together::sync`].
    ///
    /// # Errors
    /// [`Error::Outside`] when the system can't; nothing is left behind.
    pub fn beside(&mut self, place: &Path, bytes: &[u8]) -> Result<usize> {
        let fail = |cause: std::io::Error| Error::io("write", place, cause);
        let folder = place.parent().unwrap_or(Path::new("."));
        let disk = self.disk(folder)?;
        let mut file = staged::file(folder).map_err(fail)?;
        file.write_all(bytes).map_err(fail)?;
        disk.written(place, file.as_file())?;
        self.files.push(Some((file, place.into())));
        Ok(self.files.len() - 1)
    }

    /// Deletes a file that is not in its place yet. The others keep their numbers.
    pub fn leave_out(&mut self, at: usize) {
        if let Some(file) = self.files.get_mut(at) {
            *file = None;
        }
    }

    /// Waits until all is on the disk: what the files hold, and of those that are in their places also their names and the
    /// folders on the way to them.
    ///
    /// # Errors
    /// [`Error::Outside`] when a disk fails. Nothing of it can be relied on then.
    pub fn sync(&mut self) -> Result<()> {
        self.disks.values_mut().try_for_each(Disk::sync)
    }

    /// Moves a file to its place, over what may be there; its name is on the disk after the next [`Together::sync`]. What
    /// it holds is there before: a file that was not waited for is waited for now. Nothing happens where there is none.
    ///
    /// # Errors
    /// [`Error::Outside`] when the system can't.
    pub fn put(&mut self, at: usize) -> Result<()> {
        let Some((file, place)) = self.files.get_mut(at).and_then(Option::take) else { return Ok(()) };
        if self.is_unwritten() {
            self.sync()?;
        }
        file.persist(&place).map_err(|error| Error::io("write", &place, error.error))?;
        let root = self.root.clone();
        for folder in place.ancestors().skip(1).take_while(|folder| folder.starts_with(&root)) {
            self.disk(folder)?.named(folder);
        }
        Ok(())
    }

    fn is_unwritten(&self) -> bool {
        self.disks.values().any(Disk::is_unwritten)
    }

    /// The disk that a folder lies on; it is made first.
    fn disk(&mut self, folder: &Path) -> Result<&mut Disk> {
        let fail = |cause| Error::io("write", folder, cause);
        let number = match self.folders.get(folder) {
            Some(number) => *number,
            None => {
                fs::create_dir_all(folder).map_err(fail)?;
                let number = number(folder).map_err(fail)?;
                self.folders.insert(folder.into(), number);
                number
            }
        };
        match self.disks.entry(number) {
            std::collections::btree_map::Entry::Occupied(disk) => Ok(disk.into_mut()),
            std::collections::btree_map::Entry::Vacant(none) => Ok(none.insert(Disk::of(folder, self.manner)?)),
        }
    }
}

/// The number of the file system that a folder lies on.
#[cfg(unix)]
fn number(folder: &Path) -> std::io::Result<u64> {
    fs::metadata(folder).map(|there| std::os::unix::fs::MetadataExt::dev(&there))
}

/// Elsewhere every file is waited for by itself.
#[cfg(not(unix))]
fn number(_: &Path) -> std::io::Result<u64> {
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_to_their_places_whole_or_not_at_all() {
        for manner in [Manner::Each, Manner::Together] {
            let folder = tempfile::tempdir().unwrap();
            let place = |n: usize| folder.path().join(format!("{}/{n}.pdf", n % 3));
            let mut together = Together::new(folder.path(), manner);
            for n in 0..40 {
                assert_eq!(together.beside(&place(n), n.to_string().as_bytes()).unwrap(), n);
            }
            fs::write(place(1), "what lay there").unwrap();
            together.leave_out(0);
            together.sync().unwrap();
            // A sweep takes nothing from a living process.
            (0..3).for_each(|n| staged::sweep(&folder.path().join(n.to_string())));
            (0..39).for_each(|n| together.put(n).unwrap());
            together.sync().unwrap();
            drop(together);
            assert!((1..39).all(|n| fs::read(place(n)).unwrap() == n.to_string().as_bytes()));
            let all = super::super::files::below(folder.path());
            assert_eq!(all.len(), 38, "the one that was left out and the one that was not put are gone: {all:?}");
        }
    }

    #[test]
    fn nothing_is_moved_before_it_is_on_the_disk() {
        for manner in [Manner::Each, Manner::Together] {
            let folder = tempfile::tempdir().unwrap();
            let mut together = Together::new(folder.path(), manner);
            let [one, other] = ["a", "b"].map(|name| together.beside(&folder.path().join(name), b"x").unwrap());
            assert!(together.is_unwritten());
            together.put(one).unwrap();
            assert!(!together.is_unwritten());
            // The name still waits, and nothing is written that the next move has to wait for.
            together.put(other).unwrap();
            assert!(together.disks.values().all(Disk::is_behind));
            together.sync().unwrap();
            assert!(!together.disks.values().any(Disk::is_behind));
        }
    }

    #[test]
    fn a_place_that_cannot_be_is_told() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "x").unwrap();
        let mut together = Together::new(folder.path(), Manner::Together);
        assert!(together.beside(&folder.path().join("file/a.pdf"), b"x").is_err());
        assert_eq!(together.beside(&folder.path().join("a.pdf"), b"x").unwrap(), 0);
    }
}
