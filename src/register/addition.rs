//! A file of a letter that came in, added after the letter was registered: the one that was missing, or the right one after
//! a wrong one. What was recorded before stays where it is.

use std::fs;
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use serde_json::{Value as Json, json};

use super::attachment::{Staged, folder_of};
use super::chain::Journal;
use super::db::Tx;
use super::entry::{Direction, Entry};
use super::files::{FileRecord, Role, file_name};
use super::incoming::free_stem;
use crate::error::{Error, Finding, Result};

/// What happened when a file is added, one of [`super::history::WHATS`].
const ADDED: &str = "aangevuld";

/// What happened when a file that was registered before there was an archive is archived.
const ARCHIVED: &str = "gearchiveerd";

/// A letter that came in, as it stands when a file is about to be added to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its entry.
    pub entry: Entry,
    /// Its files, the oldest first.
    pub files: Vec<FileRecord>,
}

/// What a file is to the letter that it is added to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The file that the letter has already, of this version of it.
    Known(i64),
    /// Its first file or a further one, of this version of it.
    Next(i64),
}

impl Part {
    /// The version of the letter that the file is of.
    pub fn version(self) -> i64 {
        match self {
            Self::Known(version) | Self::Next(version) => version,
        }
    }
}

impl Standing {
    /// The letter with that ID; none if there is none, or it goes out.
    ///
    /// # Errors
    /// When the database fails.
    pub fn find(tx: &mut Tx, id: &str) -> Result<Option<Self>> {
        let Some(entry) = Entry::find(tx, id)?.filter(|entry| entry.direction == Direction::In) else {
            return Ok(None);
        };
        let files = FileRecord::all(tx, &entry.id)?;
        Ok(Some(Self { entry, files }))
    }

    /// The folder in which a copy of the file waits for its place, from the workspace: that of the letter's year.
    pub fn folder(&self, today: NaiveDate) -> String {
        let day = self.entry.received.or(self.entry.dated).unwrap_or(today);
        folder_of(day.year())
    }

    /// What a file with this digest is to the letter. One that was followed by another comes back as a further one.
    pub fn part(&self, digest: &str) -> Part {
        let newest = self.files.iter().filter(|file| file.role == Role::Letter).max_by_key(|file| file.version);
        match newest {
            Some(newest) if newest.digest == digest => Part::Known(newest.version),
            Some(newest) => Part::Next(newest.version + 1),
            None => Part::Next(1),
        }
    }

    /// Makes sure, under the register's lock, that the letter is still what it was.
    ///
    /// # Errors
    /// `archive-object-overtaken`; [`Error::Outside`] when the database fails.
    pub fn check(&self, journal: &mut Journal) -> Result<()> {
        match Self::find(journal.tx, &self.entry.id)? {
            Some(now) if now == *self => Ok(()),
            _ => Err(Finding::error("archive-object-overtaken").arg("id", &self.entry.id).into()),
        }
    }

    /// Adds the file after [`Standing::check`], once its letter is in the archive with it as version `archived`, and notes
    /// it; `root` is the folder of the workspace. Gives the warning where a file is now that lay at its place unrecorded.
    ///
    /// It is moved to its place last of all. If what follows fails, the file is left there without being recorded, and gives
    /// way when one is added after all.
    ///
    /// # Errors
    /// [`Error::Outside`] when the database or the file system fails.
    pub fn add(&self, journal: &mut Journal, root: &Path, file: Staged, archived: i64) -> Result<Option<Finding>> {
        let id = &self.entry.id;
        let version = match self.part(file.digest()) {
            Part::Known(version) => {
                let details = json!({ "versie": version, "archief": archived, "digest": file.digest() });
                journal.note(id, ARCHIVED, &details)?;
                return Ok(None);
            }
            Part::Next(version) => version,
        };
        let mut entry = self.entry.clone();
        let stem = match &entry.stem {
            Some(stem) => stem.clone(),
            None => free_stem(journal.tx, &format!("{}/{}", self.folder(journal.clerk.day), file_name(id)))?,
        };
        entry.stem = Some(stem.clone());
        entry.version = version;
        entry.update(journal.tx)?;
        let (record, warning) = file.place(root, &self.place(root, &stem, version)?)?;
        let record = FileRecord { version, ..record };
        record.insert(journal.tx, id)?;
        journal.note(id, ADDED, &details(&record, archived))?;
        Ok(warning)
    }

    /// Where the file of a version goes, without its extension: the first at the letter's own place, those that follow in a
    /// folder of the letter's own, which is made.
    fn place(&self, root: &Path, stem: &str, version: i64) -> Result<String> {
        if version == 1 {
            return Ok(stem.into());
        }
        // A first file without an extension lies where the folder would.
        let is_taken = self.files.iter().any(|file| file.path == stem);
        let folder = if is_taken { format!("{stem}~") } else { stem.into() };
        let there = root.join(&folder);
        fs::create_dir_all(&there).map_err(|cause| Error::io("write", &there, cause))?;
        Ok(format!("{folder}/versie-{version}"))
    }
}

/// What the event says.
fn details(file: &FileRecord, archived: i64) -> Json {
    json!({
        "bestand": { "naam": file.name, "digest": file.digest }, "versie": file.version, "archief": archived,
    })
}
