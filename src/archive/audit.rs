//! The archive held against the register: every file, every version, and the chain as the archive remembers it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::fixity::{self, Again, Fault, Recorded, RecordedVersion};
use super::keep::{Archive, check_own, head_in};
use super::layout;
use crate::error::{Finding, Result};
use crate::register::archived::{Archived, Kind};
use crate::register::chain::Head;
use crate::register::db::{Row, Tx, Value, values};
use crate::register::entry::Entry;
use crate::register::{Clerk, Register};

/// An audit of an archive.
pub struct Audit<'a> {
    /// The archive.
    pub archive: &'a Archive,
    /// Who asks: faults are looked for again under the register's lock.
    pub clerk: &'a Clerk<'a>,
    /// How many objects are read at once.
    pub threads: usize,
    /// Told how many objects are done, and of how many.
    pub progress: &'a (dyn Fn(u64, u64) + Sync),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Audited {
    /// The number of objects that the register has recorded.
    pub objects: u64,
    /// What is wrong, in the order of the files.
    pub faults: Vec<Fault>,
    /// What is not wrong, and worth knowing.
    pub notes: Vec<Finding>,
}

impl Audit<'_> {
    /// Looks at everything.
    ///
    /// # Errors
    /// [`crate::error::Error::Outside`] when the database fails. Files that can't be read are faults.
    pub fn all(&self, register: &mut Register) -> Result<Audited> {
        // Other workspaces keep their letters in archives of their own.
        let own = register.is_shared().then(|| register.workspace().to_string());
        let (archived, mut faults, notes) = register.read(|tx| {
            let archived = Archived::of_workspace(tx, own.as_deref())?;
            let faults = contradictions(tx, own.as_deref())?;
            Ok((archived, faults, missing(tx, own.as_deref())?))
        })?;
        let recorded: Vec<_> = archived.iter().map(|(id, versions)| recorded(id, versions)).collect();
        let all = recorded.len() as u64;
        let found =
            fixity::check_all(self.archive.store(), &recorded, self.threads, &|done| (self.progress)(done, all));
        faults.extend(self.again(register, found)?);
        let heads = self.heads(&recorded);
        faults.extend(register.read(|tx| forgotten(tx, &heads))?);
        Ok(Audited { objects: all, faults, notes })
    }

    /// Looks at one letter.
    ///
    /// # Errors
    /// [`crate::error::Error::Refused`] when the register doesn't know it or has not recorded that it is in the archive;
    /// [`crate::error::Error::Outside`] when the database fails.
    pub fn one(&self, register: &mut Register, id: &str) -> Result<Audited> {
        let (entry, versions) = register.read(|tx| Ok((Entry::get(tx, id)?, Archived::all(tx, id)?)))?;
        check_own(register, &entry)?;
        if versions.is_empty() {
            return Err(Finding::error("archive-letter-missing").arg("id", id).into());
        }
        let recorded = recorded(id, &versions);
        let found = fixity::check(self.archive.store(), id, &recorded.versions);
        let mut faults = self.again(register, found)?;
        let heads = self.heads(std::slice::from_ref(&recorded));
        faults.extend(register.read(|tx| forgotten(tx, &heads))?);
        (self.progress)(1, 1);
        Ok(Audited { objects: 1, faults, notes: Vec::new() })
    }

    /// Looks once more, under the register's lock, at the letters with faults: another process may have been moving a
    /// version in.
    fn again(&self, register: &mut Register, found: Vec<Fault>) -> Result<Vec<Fault>> {
        let mut ids = BTreeSet::new();
        let (own, mut rest): (Vec<_>, Vec<_>) = found.into_iter().partition(is_of_its_object);
        ids.extend(own.into_iter().filter_map(|fault| fault.id));
        if !rest.is_empty() {
            register.write(self.clerk, |_| {
                rest.retain(|fault| match fixity::again(self.archive.store(), fault) {
                    Again::Stands => true,
                    Again::Gone => false,
                    Again::Object(id) => {
                        ids.insert(id);
                        false
                    }
                });
                Ok(())
            })?;
        }
        let mut faults = rest;
        for id in ids {
            faults.extend(register.write(self.clerk, |journal| {
                let versions = Archived::all(journal.tx, &id)?;
                Ok(fixity::check(self.archive.store(), &id, &recorded(&id, &versions).versions))
            })?);
        }
        faults.sort_by(|one, other| one.file.cmp(&other.file));
        Ok(faults)
    }

    /// Where each object says that the register's chain was when its last version was made.
    fn heads(&self, recorded: &[Recorded]) -> Vec<(String, Head)> {
        let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        std::thread::scope(|scope| {
            for _ in 0..self.threads.clamp(1, 64) {
                scope.spawn(|| {
                    while let Some(object) = recorded.get(next.fetch_add(1, Ordering::Relaxed)) {
                        // What can't be read is a fault already.
                        let Ok(Some(held)) = self.archive.object(&object.id) else { continue };
                        let last = held.inventory().versions().last();
                        let head = last.and_then(|version| head_in(version.message.as_deref()?));
                        if let Some(head) = head {
                            let mut found = found.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                            found.push((object.id.clone(), head));
                        }
                    }
                });
            }
        });
        let mut found = found.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        found.sort_by(|one, other| one.0.cmp(&other.0));
        found
    }
}

/// Whether a fault lies within the folder of its object: a copy elsewhere says that it is that object too.
fn is_of_its_object(fault: &Fault) -> bool {
    let Some(id) = &fault.id else { return false };
    let folder = layout::folder_of(id);
    let is_within =
        |file: &String| file.strip_prefix(&folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    // A folder on the way to it can be what is wrong.
    fault.file.as_ref().is_none_or(|file| is_within(file) || folder.starts_with(&format!("{file}/")))
}

/// What the register recorded of an object, as its fixity is checked against it.
pub(super) fn recorded(id: &str, versions: &[Archived]) -> Recorded {
    let version = |archived: &Archived| RecordedVersion {
        version: u32::try_from(archived.version).unwrap_or_default(),
        inventory_sha512: archived.inventory.clone(),
    };
    Recorded { id: id.into(), versions: versions.iter().map(version).collect() }
}

/// Heads that the chain doesn't have any more: events were cut off, or the chain was made anew.
fn forgotten(tx: &mut Tx, heads: &[(String, Head)]) -> Result<Vec<Fault>> {
    let (Some(least), Some(most)) =
        (heads.iter().map(|(_, head)| head.seq).min(), heads.iter().map(|(_, head)| head.seq).max())
    else {
        return Ok(Vec::new());
    };
    let rows = tx.rows("SELECT seq, hash FROM event WHERE seq >= $1 AND seq <= $2", values![least, most])?;
    let known: BTreeMap<i64, String> =
        rows.iter().filter_map(|row| Some((row.number("seq")?, row.text("hash")))).collect();
    let is_known = |head: &Head| head.seq == 0 || known.get(&head.seq) == Some(&head.hash);
    let lost = heads.iter().filter(|(_, head)| !is_known(head));
    let fault = |(id, head): &(String, Head)| Fault {
        id: Some(id.clone()),
        file: None,
        finding: Finding::error("archive-chain-lost").arg("id", id).arg("event", head.seq),
    };
    Ok(lost.map(fault).collect())
}

/// Versions whose letter has another digest among the files of the register.
fn contradictions(tx: &mut Tx, workspace: Option<&str>) -> Result<Vec<Fault>> {
    let sql = "SELECT archived.entry AS entry, archived.path AS path, entry.workspace AS workspace FROM archived
               JOIN entry ON entry.id = archived.entry
               JOIN file ON file.entry = archived.entry AND file.version = archived.letter_version AND file.position = 0
               WHERE archived.kind IN ($1, $2) AND (archived.digest <> file.digest OR archived.size <> file.size)
               ORDER BY archived.entry, archived.version";
    let rows = tx.rows(sql, values![Kind::Issued.word(), Kind::Received.word()])?;
    let own = rows.iter().filter(|row| workspace.is_none_or(|own| row.text("workspace") == own));
    let fault = |row: &Row| {
        let (id, path) = (row.text("entry"), row.text("path"));
        let finding = Finding::error("archive-register-differs").arg("id", &id).arg("path", &path);
        Fault { id: Some(id), file: Some(path), finding }
    };
    Ok(own.map(fault).collect())
}

/// How many letters have files and are not in the archive: they are older than it.
fn missing(tx: &mut Tx, workspace: Option<&str>) -> Result<Vec<Finding>> {
    let sql = "SELECT CAST(count(DISTINCT file.entry) AS BIGINT) AS n FROM file JOIN entry ON entry.id = file.entry
               WHERE NOT EXISTS (SELECT 1 FROM archived WHERE archived.entry = file.entry)";
    let row = match workspace {
        Some(workspace) => tx.row(&format!("{sql} AND entry.workspace = $1"), &[Value::from(workspace)])?,
        None => tx.row(sql, &[])?,
    };
    let count = row.and_then(|row| row.number("n")).unwrap_or_default();
    Ok((count > 0).then(|| Finding::warning("archive-letters-missing").arg("letters", count)).into_iter().collect())
}
