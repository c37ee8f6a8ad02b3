//! The archive of a workspace, in step with its register: a version is in both or in neither.
//!
//! A version is written in full beside the archive first. It is moved in within the transaction that records it, under the
//! register's lock, and marked until that transaction is known to have committed; whoever opens the archive next holds
//! what is marked against the register.

use super::object::Object;
use super::stage::Content;
use super::store::{Step, Store};
use super::together::Batch;
use crate::error::{Error, Finding, Result};
use crate::register::archived::{self, Archived, Kind};
use crate::register::chain::{Head, Journal};
use crate::register::entry::Entry;
use crate::register::{Clerk, Register};
use crate::workspace::Workspace;
use crate::workspace::durable::Manner;

/// The archive of a workspace.
pub struct Archive {
    store: Store,
}

/// What a version is, and of which letter.
#[derive(Debug, Clone, Copy)]
pub struct Version<'a> {
    /// The letter's ID.
    pub entry: &'a str,
    /// Why there is a version.
    pub kind: Kind,
    /// The version of the letter that it is of.
    pub letter_version: i64,
    /// The file that it is about, one of its contents.
    pub path: &'a str,
    /// The chain of the register when the version was made.
    pub head: &'a Head,
}

/// What a letter has in the archive, as the register has recorded it; by default nothing, as a letter has that just got
/// its number.
#[derive(Default)]
pub struct Standing {
    /// Its versions, the oldest first.
    pub archived: Vec<Archived>,
    /// Its object, if it has one: never one that another process is only moving in.
    pub object: Option<Object>,
}

/// A version that is written beside the archive. Dropped, it is gone.
pub struct Deposit<'a> {
    batch: Batch<'a>,
    record: Archived,
}

impl Archive {
    /// The archive of a workspace, which is made if it isn't there. What an interruption left is put right.
    ///
    /// # Errors
    /// [`Error::Refused`] when the folder that the settings name is no archive of this program, it is not there while the
    /// register has letters in it, or the archive and the register contradict each other; [`Error::Outside`] when the disk
    /// or the database fails.
    pub fn open(workspace: &Workspace, register: &mut Register, clerk: &Clerk) -> Result<Self> {
        if let Some(archive) = Self::open_existing(workspace, register, clerk)? {
            return Ok(archive);
        }
        let store = Store::open(&workspace.archive()).map_err(|error| placed(workspace, error))?;
        Self { store }.recovered(register, clerk)
    }

    /// The archive of a workspace, if there is one.
    ///
    /// # Errors
    /// As [`Archive::open`].
    pub fn open_existing(workspace: &Workspace, register: &mut Register, clerk: &Clerk) -> Result<Option<Self>> {
        match Self::open_as_it_is(workspace, register, clerk)? {
            Some(archive) if archive.store.is_gone()? => {
                let letters = archived::letters(register)?;
                let path = workspace.shown(archive.store.root()).display().to_string();
                let lost = Finding::error("archive-lost").arg("path", path).arg("letters", letters);
                Err(placed(workspace, lost.key("archief.url").into()))
            }
            archive => Ok(archive),
        }
    }

    /// The archive of a workspace, if there is one or the register has letters in it: one whose folder is gone is given
    /// too, for whoever asks what is gone.
    ///
    /// # Errors
    /// As [`Archive::open`].
    pub fn open_as_it_is(workspace: &Workspace, register: &mut Register, clerk: &Clerk) -> Result<Option<Self>> {
        let open = || Store::open_existing(&workspace.archive()).map_err(|error| placed(workspace, error));
        if let Some(store) = open()? {
            return Self { store }.recovered(register, clerk).map(Some);
        }
        if archived::letters(register)? == 0 {
            return Ok(None);
        }
        // Another process may have made it, and put its first letter in, since it was looked for.
        match open()? {
            Some(store) => Self { store }.recovered(register, clerk).map(Some),
            None => Ok(Some(Self { store: Store::at(&workspace.archive())? })),
        }
    }

    /// The same archive, which tells of every step of a change.
    pub fn watched(self, step: impl Fn(Step) + Send + Sync + 'static) -> Self {
        Self { store: self.store.watched(step) }
    }

    /// The store below.
    pub fn store(&self) -> &Store {
        &self.store
    }

    fn recovered(self, register: &mut Register, clerk: &Clerk) -> Result<Self> {
        self.tidy(register, clerk)?;
        Ok(self)
    }

    /// Puts right what was interrupted since the archive was opened, as opening it does.
    ///
    /// # Errors
    /// As [`Archive::open`].
    pub fn tidy(&self, register: &mut Register, clerk: &Clerk) -> Result<()> {
        self.store.sweep();
        self.recover(register, clerk)
    }

    /// Holds every version of which it is not certain that the register has recorded it against the register, and takes
    /// those out that it has not.
    ///
    /// # Errors
    /// As [`Archive::open`].
    pub fn recover(&self, register: &mut Register, clerk: &Clerk) -> Result<()> {
        if self.store.unsettled()?.is_empty() {
            return Ok(());
        }
        register.write(clerk, |journal| self.recover_within(journal))
    }

    /// The same within a transaction that writes.
    ///
    /// # Errors
    /// As [`Archive::open`].
    pub fn recover_within(&self, journal: &mut Journal) -> Result<()> {
        // Under the lock nobody is between moving a version in and recording it.
        for (id, _) in self.store.unsettled()? {
            let recorded = Archived::all(journal.tx, &id)?.last().map_or(0, |last| last.version);
            self.store.recover(&id, u32::try_from(recorded).unwrap_or(u32::MAX))?;
        }
        Ok(())
    }

    /// The object of a letter.
    ///
    /// # Errors
    /// [`Error::Refused`] when it is damaged; [`Error::Outside`] when the disk fails.
    pub fn object(&self, entry: &str) -> Result<Option<Object>> {
        self.store.object(entry)
    }

    /// What a letter has in the archive. What another process was moving in when it was interrupted is taken out.
    ///
    /// # Errors
    /// [`Error::Refused`] when the archive holds something else of the letter than the register has recorded;
    /// [`Error::Outside`] when the disk or the database fails.
    pub fn standing(&self, register: &mut Register, clerk: &Clerk, entry: &str) -> Result<Standing> {
        let archived = register.read(|tx| Archived::all(tx, entry))?;
        match self.held(entry, archived) {
            Err(Error::Refused(_)) => register.write(clerk, |journal| self.standing_within(journal, entry)),
            standing => standing,
        }
    }

    /// The same within a transaction that writes: under its lock nobody is between moving a version in and recording it.
    ///
    /// # Errors
    /// As [`Archive::standing`].
    pub fn standing_within(&self, journal: &mut Journal, entry: &str) -> Result<Standing> {
        let archived = Archived::all(journal.tx, entry)?;
        if self.store.unsettled()?.iter().any(|(id, _)| id == entry) {
            let recorded = archived.last().map_or(0, |last| last.version);
            self.store.recover(entry, u32::try_from(recorded).unwrap_or(u32::MAX))?;
        }
        self.held(entry, archived)
    }

    /// What there is now, if it is what was recorded.
    fn held(&self, entry: &str, archived: Vec<Archived>) -> Result<Standing> {
        let object = self.object(entry)?;
        let (found, known) = (object.as_ref().map(|object| object.inventory().digest()), archived.last());
        if found != known.map(|last| last.inventory.as_str()) {
            let path = super::layout::folder_of(entry);
            let code = match (known, found) {
                (None, _) => "archive-object-unknown",
                (Some(_), None) => "archive-object-missing",
                (Some(_), Some(_)) => "archive-object-changed",
            };
            return Err(Finding::error(code).arg("id", entry).arg("path", path).into());
        }
        Ok(Standing { archived, object })
    }

    /// Writes a version beside the archive, to follow the one that the letter has there.
    ///
    /// # Errors
    /// [`Error::Refused`] when its names can't be kept; [`Error::Outside`] when the disk fails.
    pub fn stage(
        &self,
        version: Version,
        standing: &Standing,
        contents: &[Content],
        clerk: &Clerk,
    ) -> Result<Deposit<'_>> {
        let mut batch = self.batch_in(Manner::Each)?;
        let at = batch.stage(version, standing, contents, clerk)?;
        batch.sync()?;
        let missing = || Finding::error("archive-version-empty").arg("id", version.entry);
        let record = batch.record(at).cloned().ok_or_else(missing)?;
        Ok(Deposit { batch, record })
    }

    /// Moves a version into the archive and records it; the caller notes it, and calls [`Archive::settled`] once the
    /// transaction has committed.
    ///
    /// # Errors
    /// [`Error::Refused`] when the letter got another version in the archive meanwhile; [`Error::Outside`] when the disk
    /// or the database fails. Nothing may be committed then.
    pub fn place(&self, journal: &mut Journal, deposit: Deposit) -> Result<Archived> {
        let Deposit { mut batch, record } = deposit;
        self.place_all(journal, &mut batch)?;
        Ok(record)
    }

    /// After the transaction in which a version of a letter was placed: if it committed, that is certain from now on; if
    /// not, it is taken out again.
    ///
    /// # Errors
    /// What the transaction gave.
    pub fn settled<T>(&self, entry: &str, register: &mut Register, clerk: &Clerk, done: Result<T>) -> Result<T> {
        self.settle(std::iter::once(entry), register, clerk, done)
    }

    pub(super) fn settle<'e, T>(
        &self,
        mut entries: impl Iterator<Item = &'e str>,
        register: &mut Register,
        clerk: &Clerk,
        done: Result<T>,
    ) -> Result<T> {
        // Neither failure is one of the letters: the mark stays, and whoever opens the archive next does it.
        let _ = match &done {
            Ok(_) => entries.try_for_each(|entry| self.store.settle(entry)),
            Err(_) => self.recover(register, clerk),
        };
        done
    }
}

/// What is wrong with the folder is wrong where the settings name it.
fn placed(workspace: &Workspace, error: Error) -> Error {
    const KEY: &str = "archief.url";
    let Error::Refused(findings) = error else { return error };
    let at = |finding: Finding| finding.key(KEY).at(workspace.checked().place(KEY));
    Error::Refused(findings.into_iter().map(at).collect())
}

/// Refuses a letter of another workspace: its archive is elsewhere.
///
/// # Errors
/// `archive-elsewhere`.
pub(super) fn check_own(register: &Register, entry: &Entry) -> Result<()> {
    if register.is_shared() && register.workspace() != entry.workspace {
        return Err(Finding::error("archive-elsewhere").arg("id", &entry.id).into());
    }
    Ok(())
}

/// What the inventory says of a version: why there is one, and where the register's chain was.
pub(super) fn message(kind: Kind, head: &Head) -> String {
    format!("{}; register {} {}", kind.word(), head.seq, head.hash)
}

/// The chain's head in what an inventory says of a version.
pub(super) fn head_in(message: &str) -> Option<Head> {
    let (_, head) = message.rsplit_once("; register ")?;
    let (seq, hash) = head.split_once(' ')?;
    Some(Head { seq: seq.parse().ok()?, hash: hash.into() })
}
