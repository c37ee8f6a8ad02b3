//! What all requests share: the workspace, connections to the register, the clock, and who may come in.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};
use tokio::sync::Semaphore;

use super::archive::fixity::Fixity;
use super::guard::Gate;
use super::visit::{Attempts, Visit};
use crate::error::{Error, Result};
use crate::messages::{Messages, Tongue};
use crate::register::{Clerk, Register};
use crate::workspace::Workspace;

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
    /// The program itself, to run what is done by a process of its own.
    pub program: PathBuf,
    /// Who is let in.
    pub gate: Gate,
    /// The name that events carry where there are no accounts.
    pub user: String,
}

/// What all requests share.
pub struct House {
    setup: Setup,
    /// Connections that nobody uses now, each with the URL that it was opened for.
    idle: Mutex<Vec<(String, Register)>>,
    connections: Arc<Semaphore>,
    words: [Arc<Messages>; 2],
    /// What the last audit of the archive came to.
    pub(super) fixity: Fixity,
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
            attempts: Attempts::default(),
        };
        let workspace = house.workspace()?;
        house.give_back(&workspace, Register::open(&workspace)?);
        Ok(house)
    }

    /// The folder of the workspace.
    pub fn root(&self) -> &Path {
        &self.setup.root
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
        self.now().with_timezone(&chrono_tz::Europe::Amsterdam).date_naive()
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
            let mut register = house.take(&workspace).map_or_else(|| Register::open(&workspace), Ok)?;
            let done = work(&workspace, &mut register);
            // After a failure of the database a connection may be of no more use; the next request opens another.
            if !matches!(done, Err(Error::Outside { .. })) {
                house.give_back(&workspace, register);
            }
            done
        })
        .await
    }

    fn take(&self, workspace: &Workspace) -> Option<Register> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        // Those of a register that the settings no longer name are of no use.
        idle.retain(|(url, _)| *url == workspace.settings().register.url);
        idle.pop().map(|(_, register)| register)
    }

    fn give_back(&self, workspace: &Workspace, register: Register) {
        let url = workspace.settings().register.url.clone();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push((url, register));
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
