//! What a prepared mailing holds: its table beside its letter, read once and kept until one of them changes.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Work, weigh};
use crate::draft::Draft;
use crate::error::{Error, Finding, Result};
use crate::mailing::columns;
use crate::mailing::prepared::Prepared;
use crate::mailing::recipients::{Fills, REASON, Recipients};
use crate::register::files::sha256;
use crate::register::lazy::LazyRegister;
use crate::table;
use crate::typeset::world::Press;
use crate::web::house::House;
use crate::workspace::{SETTINGS_FILE, Workspace};

/// The most mailings whose tables are kept in memory.
const MOST_KEPT: usize = 4;

/// A prepared mailing, read.
pub(super) struct Reading {
    /// The mailing.
    pub prepared: Prepared,
    /// SHA-256 of its letter file, its table and the settings.
    pub digest: String,
    /// Its columns and rows; none when the letter or the table can't be read.
    pub recipients: Option<Recipients>,
    /// What keeps it from being read.
    pub refused: Vec<Finding>,
    /// The columns that fill no field and are named nowhere.
    unused: HashSet<usize>,
}

/// What a column is for.
pub(super) enum Use<'a> {
    /// It fills a field of the letter.
    Field(String),
    /// The letter names it.
    Named(&'a str),
    /// It says why a row was refused the time before.
    Reason,
    /// Nothing.
    Unused,
}

impl Reading {
    /// What the column at an index is for.
    pub fn uses(&self, index: usize, name: &str, fills: &'_ Fills) -> Use<'_> {
        match fills {
            Fills::Row(_) if name == REASON => Use::Reason,
            Fills::Row(_) if self.unused.contains(&index) => Use::Unused,
            Fills::Row(_) => {
                let columns = self.recipients.iter().flat_map(|recipients| recipients.layout.columns.get(index));
                let mut named = columns.filter_map(|(_, _, fills)| match fills {
                    Fills::Row(name) => Some(name.as_str()),
                    _ => None,
                });
                Use::Named(named.next().unwrap_or_default())
            }
            fills => Use::Field(fills.key()),
        }
    }
}

/// Mailings that were read before, the latest last.
#[derive(Default)]
pub(super) struct Readings(Mutex<Vec<Arc<Reading>>>);

impl Work {
    /// Reads the prepared mailing of a name; none if there is no such.
    ///
    /// # Errors
    /// When the register can't be read, or something outside fails. What is wrong with the mailing is in the reading.
    pub async fn read(self: &Arc<Self>, house: &Arc<House>, name: &str) -> Result<Option<Arc<Reading>>> {
        let (work, own) = (self.clone(), name.to_string());
        let known = house.office(move |workspace, _| {
            let Some(prepared) = Prepared::find(workspace, &own) else { return Ok(Some(None)) };
            Ok(work.readings.known(&Reading::new(workspace, prepared)?).map(Some))
        });
        if let Some(known) = known.await? {
            return Ok(known);
        }
        let turn = weigh::turn(house).await?;
        let (work, own) = (self.clone(), name.to_string());
        let read = house.office(move |workspace, _| {
            let _turn = turn;
            let Some(prepared) = Prepared::find(workspace, &own) else { return Ok(None) };
            work.readings.of(workspace, prepared).map(Some)
        });
        read.await
    }
}

impl Readings {
    fn of(&self, workspace: &Workspace, prepared: Prepared) -> Result<Arc<Reading>> {
        let [letter, table] = prepared.files(workspace)?;
        let mut reading = Reading::new(workspace, prepared)?;
        // Somebody else may have read it while this one waited for its turn.
        if let Some(known) = self.known(&reading) {
            return Ok(known);
        }
        match reading.fill(workspace, &letter, &table) {
            Err(Error::Refused(findings)) => reading.refused = findings,
            done => done?,
        }
        let reading = Arc::new(reading);
        let mut kept = self.lock();
        kept.retain(|other| other.prepared.name != reading.prepared.name);
        if kept.len() == MOST_KEPT {
            kept.remove(0);
        }
        kept.push(reading.clone());
        Ok(reading)
    }

    /// The same mailing as it was read before.
    fn known(&self, reading: &Reading) -> Option<Arc<Reading>> {
        let is_it = |kept: &&Arc<Reading>| kept.digest == reading.digest && kept.prepared == reading.prepared;
        self.lock().iter().find(is_it).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Reading>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reading {
    /// A mailing as it is now, of which nothing is read yet.
    fn new(workspace: &Workspace, prepared: Prepared) -> Result<Self> {
        let [letter, table] = prepared.files(workspace)?;
        let digest = |path: &Path| sha256(&fs::read(path).unwrap_or_default());
        let parts = [digest(&letter), digest(&table), digest(&workspace.root().join(SETTINGS_FILE))];
        let digest = sha256(format!("{} {} {}", parts.join(" "), prepared.letter, prepared.table).as_bytes());
        Ok(Self { prepared, digest, recipients: None, refused: Vec::new(), unused: HashSet::new() })
    }

    fn fill(&mut self, workspace: &Workspace, letter: &Path, table: &Path) -> Result<()> {
        let press = Press::new(workspace)?;
        let lazy = LazyRegister::new(workspace);
        let draft = Draft::read(workspace, &press, letter, &|id| lazy.find(id))?;
        let shown = self.prepared.table_path();
        let recipients = Recipients::read(Path::new(&shown), table::read(table, Path::new(&shown))?, &draft.letter)?;
        let unused = columns::check(&recipients, &draft).into_iter().filter(|found| found.code == "mail-column-unused");
        // They are about the heading of a column, which is the column of the spreadsheet.
        let numbers: HashSet<usize> = unused.filter_map(|found| Some(found.place?.column())).collect();
        let columns = recipients.layout.columns.iter().enumerate();
        self.unused = columns.filter(|(_, (_, number, _))| numbers.contains(number)).map(|(at, _)| at).collect();
        self.recipients = Some(recipients);
        Ok(())
    }
}
