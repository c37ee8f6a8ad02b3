//! What all requests share: the workspace, connections to the register, the clock, and who may come in.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use tempfile::TempDir;
use tokio::sync::Semaphore;

use super::archive::fixity::Fixity;
use super::guard::Gate;
use super::previews::Previews;
use super::visit::{Attempts, Visit};
use crate::error::{Error, Result};
use crate::messages::{Messages, Tongue};
use crate::register::db::Location;
use crate::register::{Clerk, Register};
use crate::workspace::Workspace;
use crate::zone;

/// The most connections to the register at once; requests beyond them wait.
const CONNECTIONS: usize = 8;

/// Looks up a variable of the environment.
pub type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// What the workbench is started with.
pub struct Setup {
    /// The folder of the workspace.
    pub root: PathBuf,
    /// The environment, which overrides settings.
    pub environment: Environment,
    /// The moment, whenever it is asked.
    pub clock: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    /// Sixteen random bytes at each call, from a source that can't be guessed.
    pub random: Arc<dyn Fn() -> [u8; 16] + Send + Sync>,
    /// The folder for files that nobody needs afterwards.
    pub temporary: PathBuf,
    /// The program itself, to run what is done by a process of its own.
    pub program: PathBuf,
    /// Who is let in.
    pub gate: Gate,
    /// The name that events carry where there are no accounts.
    pub user: String,
}

/// Where a register is: the URL that the settings name, and which file that is. One that was put in its place, as from a
/// backup, has the same name; what is written by a connection to the one before it would be lost.
#[derive(Debug, PartialEq, Eq)]
struct Place(String, Option<(u64, u64)>);

/// What all requests share.
pub struct House {
    setup: Setup,
    /// Connections that nobody uses now, each with what it was opened for.
    idle: Mutex<Vec<(Place, Register)>>,
    connections: Arc<Semaphore>,
    words: [Arc<Messages>; 2],
    /// What the last audit of the archive came to.
    pub(super) fixity: Fixity,
    previews: Previews,
    /// How often somebody tried to sign in.
    pub(super) attempts: Attempts,
}

impl House {
    /// Opens the house. The workspace must be one: its settings are read again for every request.
    ///
    /// # Errors
    /// What is wrong with the settings, or with the register.
    pub fn open(setup: Setup) -> Result<Self> {
        let house = Self {
            setup,
            idle: Mutex::default(),
            connections: Arc::new(Semaphore::new(CONNECTIONS)),
            words: [Tongue::Nl, Tongue::En].map(|tongue| Arc::new(Messages::new(tongue))),
            fixity: Fixity::default(),
            previews: Previews::default(),
            attempts: Attempts::default(),
        };
        let workspace = house.workspace()?;
        let register = Register::open(&workspace)?;
        house.give_back(Place::of(&workspace)?, register);
        Ok(house)
    }

    /// The folder of the workspace.
    pub fn root(&self) -> &Path {
        &self.setup.root
    }

    /// The processes that preview letters.
    pub(super) fn previews(&self) -> &Previews {
        &self.previews
    }

    /// The folder for files that nobody needs afterwards.
    pub fn temporary(&self) -> &Path {
        &self.setup.temporary
    }

    /// A new folder in it, which is gone when it is dropped.
    ///
    /// # Errors
    /// [`Error::Outside`] when it can't be made.
    pub fn temporary_folder(&self) -> Result<TempDir> {
        let place = self.temporary();
        TempDir::new_in(place).map_err(|cause| Error::io("write", place, cause))
    }

    /// The program itself.
    pub fn program(&self) -> &Path {
        &self.setup.program
    }

    /// Who is let in.
    pub fn gate(&self) -> &Gate {
        &self.setup.gate
    }

    /// The name that events carry where there are no accounts.
    pub fn user(&self) -> &str {
        &self.setup.user
    }

    /// The workspace with its settings as they are now.
    ///
    /// # Errors
    /// As [`Workspace::open`].
    pub fn workspace(&self) -> Result<Workspace> {
        Workspace::open(&self.setup.root, &*self.setup.environment)
    }

    /// The moment.
    pub fn now(&self) -> DateTime<Utc> {
        (self.setup.clock)()
    }

    /// The day in the Netherlands.
    pub fn today(&self) -> NaiveDate {
        zone::day(&self.now())
    }

    /// Sixteen random bytes.
    pub fn random(&self) -> [u8; 16] {
        (self.setup.random)()
    }

    /// The catalogue of a language.
    pub fn words(&self, tongue: Tongue) -> Arc<Messages> {
        let [dutch, english] = &self.words;
        match tongue {
            Tongue::Nl => dutch.clone(),
            Tongue::En => english.clone(),
        }
    }

    /// Does work that waits for the disk or takes long, on a thread where nobody's request waits for it.
    ///
    /// # Errors
    /// What `work` returns, or that it panicked.
    pub async fn apart<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let done = tokio::task::spawn_blocking(work).await;
        done.unwrap_or_else(|cause| Err(Error::io("request", &self.setup.root, cause)))
    }

    /// Does work with a connection to the register.
    ///
    /// # Errors
    /// What `work` returns, or that the database can't be reached.
    pub async fn register<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut Register) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.office(move |_, register| work(register)).await
    }

    /// The same with the workspace, as it is now.
    ///
    /// # Errors
    /// As [`House::register`], and what is wrong with the settings.
    pub async fn office<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Workspace, &mut Register) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let turn = self.connections.clone().acquire_owned().await;
        let turn = turn.map_err(|cause| Error::io("request", &self.setup.root, cause))?;
        let house = self.clone();
        self.apart(move || {
            let _turn = turn;
            let workspace = house.workspace()?;
            // Before it is opened: of two files one after the other, the connection is taken to be to the first.
            let place = Place::of(&workspace)?;
            let mut register = house.take(&place).map_or_else(|| Register::open(&workspace), Ok)?;
            let done = work(&workspace, &mut register);
            // After a failure of the database a connection may be of no more use; the next request opens another.
            if !matches!(done, Err(Error::Outside { .. })) {
                house.give_back(place, register);
            }
            done
        })
        .await
    }

    /// Looks whether there still is a register: whatever opens it where there is none makes an empty one.
    ///
    /// # Errors
    /// As [`House::workspace`], and that the register is gone.
    pub fn holds_register(&self) -> Result<()> {
        Place::of(&self.workspace()?).map(drop)
    }

    fn take(&self, place: &Place) -> Option<Register> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        // Those of a register that is no longer the one that the settings name are of no use.
        idle.retain(|(other, _)| other == place);
        idle.pop().map(|(_, register)| register)
    }

    fn give_back(&self, place: Place, register: Register) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push((place, register));
    }

    /// Makes a change in the register in the name of a visitor.
    ///
    /// # Errors
    /// As [`House::register`].
    pub async fn change<T: Send + 'static>(
        self: &Arc<Self>,
        visit: &Visit,
        work: impl FnOnce(&Workspace, &mut Register, &Clerk) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (house, name) = (self.clone(), visit.name().to_string());
        self.office(move |workspace, register| {
            let random = || house.random();
            let clerk = Clerk { name: &name, moment: house.now(), day: house.today(), random: &random };
            work(workspace, register, &clerk)
        })
        .await
    }
}

impl Place {
    /// Where the register of a workspace is now.
    ///
    /// # Errors
    /// That there is no such file, or it can't be looked at.
    fn of(workspace: &Workspace) -> Result<Self> {
        let settings = &workspace.settings().register;
        let url = settings.url.clone();
        // What is wrong with a URL, opening the register tells with its place.
        let Ok(Location::File(path)) = Location::parse(&url, workspace.root(), settings.ca.as_deref()) else {
            return Ok(Self(url, None));
        };
        let file = std::fs::metadata(&path).map_err(|cause| Error::io("register-gone", &path, cause))?;
        Ok(Self(url, identity(&file)))
    }
}

/// What tells a file from another of the same name, where the system says.
#[cfg(unix)]
fn identity(file: &std::fs::Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn identity(_: &std::fs::Metadata) -> Option<(u64, u64)> {
    None
}
