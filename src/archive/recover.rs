//! Bringing an object back to the version that the register has recorded, after an interruption.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::archive::disk::{self, Kind};
use crate::archive::hold::Hold;
use crate::archive::inventory::{self, FILE, SIDECAR, read};
use crate::archive::layout;
use crate::archive::object::{broken, small};
use crate::archive::store::{Step, Store};
use crate::error::{Error, Finding, Result};

impl Store {
    /// Brings an object to `recorded`, the newest version that the register has recorded; 0 when it has recorded none. What
    /// an interrupted [`Store::commit`] moved in after that is taken out, and one that the register did record is
    /// finished. Called under the register's write lock, for every object that [`Store::unsettled`] names; it can be
    /// interrupted itself, and called again.
    ///
    /// Only versions that are marked as not settled are ever taken out: a register that was put back from a backup never
    /// costs the archive a version.
    ///
    /// # Errors
    /// `archive-ahead` when the archive holds later versions that were settled, `archive-behind` when it lacks the
    /// recorded one, `archive-inventory-broken` or `archive-inventory-changed` when that one is damaged; nothing is
    /// changed then. [`Error::Outside`] when the system can't.
    pub fn recover(&self, id: &str, recorded: u32) -> Result<()> {
        let marked: Vec<u32> =
            self.unsettled()?.into_iter().filter(|(of, _)| of == id).map(|(_, version)| version).collect();
        let folder = self.folder(id);
        let there = versions(&folder)?;
        let beyond: Vec<u32> = there.iter().copied().filter(|version| *version > recorded).collect();
        let refuse = |code| Finding::error(code).arg("id", id).arg("version", recorded);
        if let Some(settled) = beyond.iter().find(|version| !marked.contains(version)) {
            return Err(refuse("archive-ahead").arg("found", settled).into());
        }
        if recorded > 0 && !there.contains(&recorded) {
            return Err(refuse("archive-behind").into());
        }
        if marked.is_empty() {
            return Ok(());
        }
        if recorded == 0 {
            self.take_out(&folder)?;
            self.clear_way(&folder)?;
        } else {
            self.restore_inventory(id, &folder, recorded)?;
            for version in beyond.iter().rev() {
                self.take_out(&folder.join(format!("v{version}")))?;
            }
        }
        self.unmark(id)
    }

    /// Gives the object the inventory and the digest of one of its versions.
    fn restore_inventory(&self, id: &str, folder: &Path, version: u32) -> Result<()> {
        let from = folder.join(format!("v{version}"));
        let inventory = small(&from.join(FILE))?;
        let path = from.join(FILE);
        let read = read::read(&inventory).map_err(|why| broken(&path, &why))?;
        if read.id() != id || read.head() != version {
            return Err(Finding::error("archive-inventory-changed").arg("path", path.display()).into());
        }
        let sidecar = inventory::sidecar(read.digest()).into_bytes();
        if small(&from.join(SIDECAR))? != sidecar {
            return Err(Finding::error("archive-inventory-changed").arg("path", path.display()).into());
        }
        let hold = Hold::new(self.staging_made()?)?;
        for (name, bytes, step) in [(FILE, inventory, Step::Inventory), (SIDECAR, sidecar, Step::Sidecar)] {
            let place = folder.join(name);
            if disk::kind(&place)? == Some(Kind::File) && small(&place)? == bytes {
                continue;
            }
            let made = hold.folder().join(name);
            disk::write_new(&made, &bytes)?;
            disk::move_in(&made, &place)?;
            self.step(step);
        }
        Ok(())
    }

    /// Takes a folder out of the archive in one step, and deletes it outside.
    fn take_out(&self, folder: &Path) -> Result<()> {
        if disk::kind(folder)?.is_none() {
            return Ok(());
        }
        let hold = Hold::new(self.staging_made()?)?;
        disk::move_out(folder, &hold.folder().join("out"))?;
        self.step(Step::Out);
        Ok(())
    }

    /// Removes the folders on the way to an object that nothing lies in any more: OCFL allows no empty folder (4.1).
    fn clear_way(&self, folder: &Path) -> Result<()> {
        for tuple in folder.ancestors().skip(1).take(layout::TUPLES) {
            match fs::remove_dir(tuple) {
                Ok(()) => disk::sync_parent(tuple)?,
                Err(cause) if cause.kind() == ErrorKind::NotFound => continue,
                Err(cause) if cause.kind() == ErrorKind::DirectoryNotEmpty => break,
                Err(cause) => return Err(Error::io("write", tuple, cause)),
            }
            self.step(Step::WayGone);
        }
        Ok(())
    }
}

/// The numbers of the versions in an object's folder, from the lowest; none where there is no folder.
fn versions(folder: &Path) -> Result<Vec<u32>> {
    if disk::kind(folder)? != Some(Kind::Folder) {
        return Ok(Vec::new());
    }
    let names = disk::list(folder).map_err(|cause| Error::io("read", folder, cause))?;
    let mut found: Vec<u32> = names.iter().filter_map(|(name, _)| read::number(name)).collect();
    found.sort_unstable();
    Ok(found)
}
