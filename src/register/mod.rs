//! The register: which letters came in, which went out, under which number, who answered what, and proof that nothing
//! was changed afterwards.
//!
//! Every change is made within [`Register::write`] and noted in the [`chain`] of events. [`entry`] is a letter as the
//! register knows it, [`numbering`] gives out numbers, [`db`] is the one place that knows which database lies below.

pub mod accounts;
pub mod addition;
pub mod antecedent;
pub mod archived;
pub mod attachment;
pub mod chain;
pub mod changes;
pub mod db;
pub mod entry;
pub mod exchange;
pub mod files;
pub mod gaps;
pub mod given;
pub mod history;
pub mod incoming;
pub mod lazy;
pub mod links;
pub mod listed;
pub mod mailings;
pub mod numbering;
pub mod outgoing;
pub mod query;
pub mod reports;
pub mod search;
pub mod thread;
pub mod verify;

use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};

use crate::error::{Finding, Result};
use crate::workspace::Workspace;
use chain::Journal;
use db::{Db, Location, Tx};

/// Who makes a change, and when: handed in by whoever opened the door, so that a test has its own clock and randomness.
pub struct Clerk<'a> {
    /// The name that events carry.
    pub name: &'a str,
    /// The moment of the change.
    pub moment: DateTime<Utc>,
    /// The day in the Netherlands.
    pub day: NaiveDate,
    /// Sixteen random bytes at each call, for salts.
    pub random: &'a dyn Fn() -> [u8; 16],
}

/// An open register.
pub struct Register {
    db: Db,
    root: PathBuf,
    workspace: String,
    shared: bool,
}

impl Register {
    /// Opens the register of a workspace; a file that isn't there yet is made.
    ///
    /// # Errors
    /// When the URL is none, the database can't be reached, or it is newer than this program.
    pub fn open(workspace: &Workspace) -> Result<Self> {
        let location = location(workspace)?;
        let shared = matches!(location, Location::Server { .. });
        let id = workspace.settings().werkruimte.id.clone();
        Ok(Self { db: Db::open(&location)?, root: workspace.root().to_path_buf(), workspace: id, shared })
    }

    /// Opens the register of a workspace if there is one: nothing is made.
    ///
    /// # Errors
    /// As [`Register::open`].
    pub fn open_existing(workspace: &Workspace) -> Result<Option<Self>> {
        if location(workspace)?.exists() { Self::open(workspace).map(Some) } else { Ok(None) }
    }

    /// What its user should know about where the register lies: warnings, to be shown once.
    pub fn notes(&self) -> &[Finding] {
        self.db.notes()
    }

    /// The folder below which files lie that the register names.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The identity of the workspace: with its path, that of a letter.
    pub fn workspace(&self) -> &str {
        &self.workspace
    }

    /// Whether other workspaces can have their letters in it too.
    pub fn is_shared(&self) -> bool {
        self.shared
    }

    /// Makes changes: all of them or none, each noted.
    ///
    /// # Errors
    /// What `work` returns, after which nothing is changed; or that the database fails.
    pub fn write<T>(&mut self, clerk: &Clerk, work: impl FnOnce(&mut Journal) -> Result<T>) -> Result<T> {
        self.db.write(|tx| {
            let mut journal = Journal::open(tx, clerk)?;
            let value = work(&mut journal)?;
            journal.close()?;
            Ok(value)
        })
    }

    /// Reads, all as it is at one moment.
    ///
    /// # Errors
    /// What `work` returns; or that the database fails.
    pub fn read<T>(&mut self, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        self.db.read(work)
    }
}

fn location(workspace: &Workspace) -> Result<Location> {
    let settings = &workspace.settings().register;
    Location::parse(&settings.url, workspace.root(), settings.ca.as_deref())
        .map_err(|error| error.placed(&|key| workspace.checked().place(key)))
}
