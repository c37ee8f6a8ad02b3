//! The marks that say which versions are being moved into the archive, until it is certain what became of them.
//!
//! A mark lies beside the archive before anything in the archive changes, and until the register's transaction is known to
//! be committed. Whatever interrupts that, the mark says which objects to hold against the register.
//!
//! It is a file with the versions that were moved in together, and is called by the digest of what it holds: one that
//! somebody touched is told from one that this program wrote.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::archive::digest::sha256;
use crate::archive::disk::{self, Kind};
use crate::archive::store::{Step, Store};
use crate::error::{Error, Finding, Result};
use crate::workspace::staged;

/// A version that is not settled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    pub id: String,
    pub version: u32,
}

/// What a mark holds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark {
    versions: Vec<Named>,
}

/// The largest mark, in bytes: 256 identifiers with every byte escaped.
const MAX_MARK: u64 = 16 << 20;

/// How the names of marks begin.
const PREFIX: &str = "open-";

impl Store {
    /// Says that the transaction in which this store moved versions of an object in has committed, and with it all that
    /// one mark names with them.
    ///
    /// # Errors
    /// [`Error::Outside`] when the system can't; [`Store::recover`] then does it later.
    pub fn settle(&self, id: &str) -> Result<()> {
        // Only its own: another process may have recovered this object since, and begun the next version of it.
        let mut own = self.own.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let is_of = |mark: &Vec<Named>| mark.iter().any(|named| named.id == id);
        let (settled, rest) = std::mem::take(&mut *own).into_iter().partition(is_of);
        *own = rest;
        drop(own);
        settled.into_iter().try_for_each(|mark: Vec<Named>| {
            // Another process that recovered one of them wrote a mark for the rest.
            if self.remove(&self.path_of(&text(&mark)?))? { Ok(()) } else { self.strike(|named| mark.contains(named)) }
        })
    }

    /// The versions of which it is not certain whether the register has recorded them, by identifier and number, sorted:
    /// those that another process is moving in in this moment, and those that were interrupted.
    ///
    /// # Errors
    /// `archive-mark-broken` for a mark that was touched; [`Error::Outside`] when the system can't.
    pub fn unsettled(&self) -> Result<Vec<(String, u32)>> {
        let named = self.marks()?.into_iter().flat_map(|(_, named)| named);
        let mut found: Vec<_> = named.map(|named| (named.id, named.version)).collect();
        found.sort();
        found.dedup();
        Ok(found)
    }

    /// Says beside the archive, durably, which versions are about to be moved in.
    pub(super) fn mark(&self, versions: &[Named]) -> Result<()> {
        self.write_mark(versions)?;
        self.own.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(versions.to_vec());
        Ok(())
    }

    /// What was recovered of an object is certain: no mark names it any more.
    pub(super) fn unmark(&self, id: &str) -> Result<()> {
        let mut own = self.own.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        own.iter_mut().for_each(|mark| mark.retain(|named| named.id != id));
        own.retain(|mark| !mark.is_empty());
        drop(own);
        self.strike(|named| named.id == id)
    }

    /// Takes versions off the marks that name them. What else such a mark names stays marked at every moment.
    fn strike(&self, is_certain: impl Fn(&Named) -> bool) -> Result<()> {
        for (path, named) in self.marks()? {
            let all = named.len();
            let rest: Vec<Named> = named.into_iter().filter(|named| !is_certain(named)).collect();
            if rest.len() == all {
                continue;
            }
            let written = if rest.is_empty() { None } else { Some(self.write_mark(&rest)?) };
            let was_there = self.remove(&path)?;
            if let Some(rest) = written.filter(|_| !was_there) {
                // Whoever had moved them in settled them all in the meantime.
                self.remove(&rest)?;
            }
        }
        Ok(())
    }

    /// Every mark with what it names, sorted by its file.
    fn marks(&self) -> Result<Vec<(PathBuf, Vec<Named>)>> {
        let names = match disk::list(self.staging()) {
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            names => names.map_err(|cause| Error::io("read", self.staging(), cause))?,
        };
        let mut found = Vec::new();
        for (name, kind) in names.iter().filter(|(name, _)| name.starts_with(PREFIX)) {
            let path = self.staging().join(name);
            let refuse = || Finding::error("archive-mark-broken").arg("path", path.display());
            if *kind != Kind::File {
                return Err(refuse().into());
            }
            let mut bytes = Vec::new();
            match disk::read_into(&path, MAX_MARK, &mut bytes) {
                // Settled since the folder was listed.
                Err(cause) if cause.kind() == ErrorKind::NotFound => continue,
                read => read.map_err(|cause| Error::io("read", &path, cause))?,
            }
            let named = self.named(&path, &bytes).ok_or_else(refuse)?;
            found.push((path, named));
        }
        Ok(found)
    }

    /// What a mark names; none for one that this program didn't write.
    fn named(&self, path: &Path, bytes: &[u8]) -> Option<Vec<Named>> {
        if let Ok(mark) = serde_json::from_slice::<Mark>(bytes) {
            return Some(mark.versions).filter(|named| !named.is_empty() && self.path_of(bytes) == path);
        }
        // As the first version of this program wrote them: each names one, and is called by its identifier and number.
        let named: Named = serde_json::from_slice(bytes).ok()?;
        let name = format!("{PREFIX}{}-v{}.json", sha256(named.id.as_bytes()), named.version);
        (self.staging().join(name) == path).then(|| vec![named])
    }

    fn path_of(&self, mark: &[u8]) -> PathBuf {
        self.staging().join(format!("{PREFIX}{}.json", sha256(mark)))
    }

    fn write_mark(&self, versions: &[Named]) -> Result<PathBuf> {
        let (mark, staging) = (text(versions)?, self.staging_made()?);
        let path = self.path_of(&mark);
        staged::put(staged::beside(&path, &mark)?, staging, &path)?;
        self.step(Step::Marked);
        Ok(path)
    }

    /// Takes a mark away, durably; whether it was there.
    fn remove(&self, path: &Path) -> Result<bool> {
        if disk::kind(path)?.is_some() {
            self.step(Step::Certain);
        }
        match fs::remove_file(path) {
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(false),
            removed => removed.map_err(|cause| Error::io("write", path, cause))?,
        }
        disk::sync(self.staging())?;
        self.step(Step::Unmarked);
        Ok(true)
    }
}

fn text(versions: &[Named]) -> Result<Vec<u8>> {
    let mark = Mark { versions: versions.to_vec() };
    serde_json::to_vec(&mark).map_err(|cause| Error::io("write", Path::new(PREFIX), cause))
}
