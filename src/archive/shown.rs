//! What the archive has of a letter, for whoever asks.

use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};

use super::contents::{LETTER, SIGNATURES};
use super::keep::{Archive, check_own};
use super::layout;
use super::object::Object;
use crate::error::{Error, Finding, Result};
use crate::messages::Messages;
use crate::register::Register;
use crate::register::archived::{Archived, Kind};
use crate::register::entry::Entry;
use crate::register::files::{FileRecord, Role, sha256};
use crate::signature::trust::Trust;
use crate::signature::verdict::{self, Judgement};

/// A letter in the archive.
pub struct Held {
    /// What the register knows of it.
    pub entry: Entry,
    /// Its versions in the archive, the oldest first; at least one.
    pub archived: Vec<Archived>,
    /// Its files.
    pub object: Object,
    /// The digest of the letter as it was issued, SHA-256: that of the version that the last archived one is of.
    issued: Option<FileRecord>,
}

impl Held {
    /// The letter with an ID.
    ///
    /// # Errors
    /// [`crate::error::Error::Refused`] when the register doesn't know it, it is not in the archive, or the archive holds
    /// something else than was recorded; [`crate::error::Error::Outside`] when the disk or the database fails.
    pub fn find(archive: &Archive, register: &mut Register, id: &str) -> Result<Self> {
        let (entry, archived, files) =
            register.read(|tx| Ok((Entry::get(tx, id)?, Archived::all(tx, id)?, FileRecord::all(tx, id)?)))?;
        check_own(register, &entry)?;
        let missing = || Finding::error("archive-letter-missing").arg("id", id);
        let last = archived.last().ok_or_else(missing)?;
        let object = match Self::object(archive, id, last) {
            // Another process was moving the next version in, or has done so since the register was read.
            Err(Error::Refused(found)) => {
                archive.store().object_at(id, last.version, &last.inventory)?.ok_or(Error::Refused(found))?
            }
            object => object?,
        };
        let issued = files.into_iter().find(|file| file.role == Role::Letter && file.version == last.letter_version);
        Ok(Self { entry, object, issued, archived })
    }

    fn object(archive: &Archive, id: &str, last: &Archived) -> Result<Object> {
        let gone = || Finding::error("archive-object-missing").arg("id", id).arg("path", layout::folder_of(id));
        let object = archive.object(id)?.ok_or_else(gone)?;
        let is_it = object.inventory().digest() == last.inventory;
        if is_it { Ok(object) } else { Err(Finding::error("archive-object-changed").arg("id", id).into()) }
    }

    /// The file that people ask for: the letter as it was signed last, else as it was issued, or what was received.
    ///
    /// # Errors
    /// As [`Object::read`].
    pub fn letter(&self) -> Result<(String, Vec<u8>)> {
        let path = self.main();
        Ok((path.into(), self.object.read(path, self.object.inventory().head())?))
    }

    /// The letter as it was issued last, whatever was signed since.
    ///
    /// # Errors
    /// As [`Object::read`].
    pub fn issued(&self) -> Result<Vec<u8>> {
        let issued = self.archived.iter().rev().find(|archived| archived.kind == Kind::Issued);
        let version = issued.and_then(|archived| u32::try_from(archived.version).ok()).unwrap_or(1);
        self.object.read(LETTER, version)
    }

    /// The path of that file.
    pub(super) fn main(&self) -> &str {
        let newest = self.archived.iter().rev().find(|archived| archived.kind != Kind::Scanned);
        newest.map_or(LETTER, |archived| archived.path.as_str())
    }

    /// A JSON document that the last version holds; none when it holds none of that name.
    pub(super) fn recorded(&self, path: &str) -> Result<Option<Json>> {
        let head = self.object.inventory().head();
        if !self.object.files(head)?.iter().any(|file| file.path == path) {
            return Ok(None);
        }
        let broken = |_| Finding::error("archive-object-changed").arg("id", &self.entry.id);
        Ok(Some(serde_json::from_slice(&self.object.read(path, head)?).map_err(broken)?))
    }

    /// The three answers about it: those that were recorded when it was taken in, or of a letter that nobody signed, what it
    /// is now.
    ///
    /// # Errors
    /// As [`Object::read`].
    pub fn verdict(&self, trust: &Trust, moment: DateTime<Utc>, messages: &Messages) -> Result<Json> {
        let recorded = self.recorded(SIGNATURES)?.map(|recorded| verdict::told(recorded, messages));
        if let Some(whole) = recorded.as_ref().filter(|recorded| !recorded["ongewijzigd"].is_null()) {
            return Ok(whole.clone());
        }
        let (_, bytes) = self.letter()?;
        let mut verdict = recorded.unwrap_or_else(|| Judgement::of(&bytes, None, trust, moment).json(messages));
        // What came in, and what nobody signed, was held against nothing.
        if let Some(issued) = &self.issued {
            verdict["ongewijzigd"] = (sha256(&bytes) == issued.digest).into();
        }
        Ok(verdict)
    }

    /// Its versions with their files, as JSON.
    ///
    /// # Errors
    /// As [`Object::files`].
    pub fn versions(&self) -> Result<Json> {
        let version = |archived: &Archived| {
            let number = u32::try_from(archived.version).unwrap_or_default();
            let files = self.object.files(number)?;
            let file = |file: &super::object::Stored| json!({ "naam": file.path, "algoritme": "sha512", "digest": file.sha512, "omvang": file.size });
            Ok(json!({
                "versie": archived.version,
                "soort": archived.kind.word(),
                "brief_versie": archived.letter_version,
                "bestanden": files.iter().map(file).collect::<Vec<_>>(),
            }))
        };
        self.archived.iter().map(version).collect()
    }

    /// All of it, as `archive show` prints it.
    ///
    /// # Errors
    /// As [`Held::verdict`].
    pub fn json(&self, trust: &Trust, moment: DateTime<Utc>, messages: &Messages) -> Result<Json> {
        let mut whole = json!({ "id": self.entry.id, "versies": self.versions()? });
        if let (Json::Object(whole), Json::Object(verdict)) = (&mut whole, self.verdict(trust, moment, messages)?) {
            whole.extend(verdict);
        }
        Ok(whole)
    }
}
