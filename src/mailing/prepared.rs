//! Mailings that are prepared: each has a folder in the workspace with its table, and a note that names its letter.

use std::fs::{self, File, Permissions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use unicode_normalization::UnicodeNormalization;

use super::plan;
use crate::error::{Error, Finding, Result};
use crate::register::files::file_name;
use crate::table::Format;
use crate::workspace::Workspace;
use crate::workspace::files::{read_text, write_whole};
use crate::workspace::folders::MAILINGS;

/// The note in the folder of a mailing.
const NOTE: &str = "mailing.toml";

/// Bytes that are copied at once.
const CHUNK: usize = 1 << 16;

/// How the names of folders begin that are not finished yet.
const STAGED: &str = ".postkamer-";

/// A prepared mailing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepared {
    /// What it is called.
    #[serde(rename = "naam")]
    pub name: String,
    /// The path of its letter file, from the workspace.
    #[serde(rename = "brief")]
    pub letter: String,
    /// The name of its table's file.
    #[serde(rename = "tabel")]
    pub table: String,
}

impl Prepared {
    /// A mailing as its user describes it: the name as others write it too, the table under a name that a file can have.
    ///
    /// # Errors
    /// [`Error::Refused`] when the name is none for a mailing, or the table of a kind that is not read.
    pub fn new(name: &str, letter: &str, table: &str) -> Result<Self> {
        // Some systems write accents apart.
        let name: String = name.nfc().collect();
        plan::check_name(&name)?;
        let table = file_name(&table.nfc().collect::<String>());
        Format::of(Path::new(&table))?;
        Ok(Self { name, letter: letter.into(), table })
    }

    /// The prepared mailings of a workspace, by name; a folder without a note that can be read is none.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub fn all(workspace: &Workspace) -> Result<Vec<Self>> {
        let folder = workspace.root().join(MAILINGS);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(cause) => return Err(Error::io("read", &folder, cause)),
        };
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let mut found: Vec<Self> = names.filter_map(|name| Self::read(workspace, &name)).collect();
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    /// The prepared mailing of a name.
    pub fn find(workspace: &Workspace, name: &str) -> Option<Self> {
        plan::check_name(name).ok()?;
        Self::read(workspace, &file_name(name)).filter(|found| found.name == name)
    }

    fn read(workspace: &Workspace, folder: &str) -> Option<Self> {
        let note = workspace.file_beside(workspace.root(), &format!("{MAILINGS}/{folder}/{NOTE}"))?;
        let found: Self = toml::from_str(&read_text(&note, &workspace.shown(&note)).ok()?).ok()?;
        let is_own = file_name(&found.name) == folder && file_name(&found.table) == found.table;
        (is_own && plan::check_name(&found.name).is_ok()).then_some(found)
    }

    /// The path of its table, from the workspace.
    pub fn table_path(&self) -> String {
        format!("{MAILINGS}/{}/{}", file_name(&self.name), self.table)
    }

    /// Where its letter file and its table lie.
    ///
    /// # Errors
    /// [`Error::Refused`] when one of them lies outside the workspace, by `..` or by a symbolic link.
    pub fn files(&self, workspace: &Workspace) -> Result<[PathBuf; 2]> {
        let file = |path: &str| {
            let found = workspace.file_beside(workspace.root(), path);
            found.ok_or_else(|| Error::from(Finding::error("path-outside").arg("path", path)))
        };
        Ok([file(&self.letter)?, file(&self.table_path())?])
    }

    /// Keeps it with a table, which is copied: all of it or nothing.
    ///
    /// # Errors
    /// [`Error::Refused`] when there is one of this name already; [`Error::Outside`] when the disk fails.
    pub fn keep(&self, workspace: &Workspace, table: &Path) -> Result<()> {
        let parent = workspace.root().join(MAILINGS);
        let place = parent.join(file_name(&self.name));
        let fail = |cause: std::io::Error| Error::io("write", &place, cause);
        fs::create_dir_all(&parent).map_err(fail)?;
        sweep(&parent);
        let taken = || Finding::error("mail-taken").arg("name", &self.name);
        if place.exists() {
            return Err(taken().into());
        }
        let staged = staged(&parent).map_err(fail)?;
        // Whoever sweeps leaves a folder alone whose file is locked.
        let kept = copy(table, &staged.path().join(&self.table), &fail)?;
        write_whole(&staged.path().join(NOTE), self.note()?.as_bytes())?;
        match fs::rename(staged.path(), &place) {
            Ok(()) => drop(staged.keep()),
            Err(_) if place.exists() => return Err(taken().into()),
            Err(cause) => return Err(fail(cause)),
        }
        drop(kept);
        Ok(())
    }

    /// Gives it another table, which is copied; the one before is gone.
    ///
    /// # Errors
    /// As [`Prepared::new`], and when the disk fails.
    pub fn replace(&self, workspace: &Workspace, name: &str, table: &Path) -> Result<Self> {
        let other = Self::new(&self.name, &self.letter, name)?;
        let [_, before] = self.files(workspace)?;
        let [_, place] = other.files(workspace)?;
        let bytes = fs::read(table).map_err(|cause| Error::io("read", table, cause))?;
        write_whole(&place, &bytes)?;
        if other != *self {
            let note = before.with_file_name(NOTE);
            write_whole(&note, other.note()?.as_bytes())?;
            // On some disks `Lijst.csv` and `lijst.csv` are one file.
            let is_same = fs::canonicalize(&before).ok() == fs::canonicalize(&place).ok();
            if !is_same {
                // What is left of it harms nobody.
                let _ = fs::remove_file(before);
            }
        }
        Ok(other)
    }

    fn note(&self) -> Result<String> {
        toml::to_string(self).map_err(|cause| Error::io("write", Path::new(NOTE), cause))
    }
}

/// A folder to be filled and moved to its name; it is gone if that never happens.
fn staged(parent: &Path) -> std::io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(STAGED);
    #[cfg(unix)]
    builder.permissions(<Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o777));
    builder.tempdir_in(parent)
}

/// Copies a file; `failed` is what is told when the copy can't be written.
fn copy(from: &Path, to: &Path, failed: &dyn Fn(std::io::Error) -> Error) -> Result<File> {
    let unread = |cause| Error::io("read", from, cause);
    let mut original = File::open(from).map_err(unread)?;
    let mut kept = File::create_new(to).map_err(failed)?;
    kept.lock().map_err(failed)?;
    let mut chunk = vec![0; CHUNK];
    loop {
        match original.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => kept.write_all(&chunk[..read]).map_err(failed)?,
            Err(cause) if cause.kind() == ErrorKind::Interrupted => {}
            Err(cause) => return Err(unread(cause)),
        }
    }
    kept.sync_all().map_err(failed)?;
    Ok(kept)
}

/// Removes what interrupted processes left unfinished.
fn sweep(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let is_staged = entry.file_name().to_string_lossy().starts_with(STAGED);
        let held = |file: fs::DirEntry| File::open(file.path()).is_ok_and(|file| file.try_lock().is_err());
        if is_staged && !fs::read_dir(entry.path()).into_iter().flatten().flatten().any(held) {
            // Another process may sweep it too.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::SETTINGS_FILE;

    #[test]
    fn a_table_that_cannot_be_read_is_told_of_by_its_own_path() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(SETTINGS_FILE), "[organisatie]\nnaam = \"X\"\n").unwrap();
        let workspace = Workspace::open(folder.path(), &|_| None).unwrap();
        let prepared = Prepared::new("Straat", "letters/a.md", "lijst.csv").unwrap();
        let (table, nowhere) = (folder.path().join("lijst.csv"), folder.path().join("weg.csv"));
        let told = |done: Result<()>| match done {
            Err(Error::Outside { action, path, .. }) => (action, path),
            other => panic!("{other:?}"),
        };
        assert_eq!(told(prepared.keep(&workspace, &nowhere)), ("read", nowhere.clone()));
        assert_eq!(Prepared::find(&workspace, "Straat"), None);
        fs::write(&table, "achternaam\nBom\n").unwrap();
        prepared.keep(&workspace, &table).unwrap();
        let kept = workspace.root().join(prepared.table_path());
        assert_eq!(fs::read(&kept).unwrap(), b"achternaam\nBom\n");
        assert_eq!(told(prepared.replace(&workspace, "nieuw.csv", &nowhere).map(drop)), ("read", nowhere.clone()));
        assert_eq!(fs::read(&kept).unwrap(), b"achternaam\nBom\n");
        assert_eq!(Prepared::find(&workspace, "Straat"), Some(prepared));
    }
}
