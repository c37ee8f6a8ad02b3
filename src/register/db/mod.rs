//! One set of statements for two databases: SQLite and PostgreSQL.
//!
//! Statements are written once, with `$1`, `$2` … for their values. What differs between the two stands in `sqlite.rs`
//! and `postgres.rs` and in [`Tx::dialect`]: how a connection opens, how a transaction takes its lock, and search.
//!
//! A write takes the register's only lock when it begins and holds it until it commits: `BEGIN IMMEDIATE` on SQLite,
//! the row of `chain` on PostgreSQL. Writers therefore wait for each other and never deadlock, and what a writer reads
//! can't change under it. Nothing slow happens inside: letters are typeset before or after.

mod location;
mod migrate;
mod mounts;
mod postgres;
mod presence;
mod sqlite;
mod tls;
mod value;

use std::path::{Path, PathBuf};

pub use location::Location;
pub use migrate::{LATEST, names};
pub use presence::Presence;
pub(crate) use value::values;
pub use value::{Row, Value};

use crate::error::{Error, Finding, Result};

/// Why a statement did not do its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DbError {
    /// Another process held the lock for longer than anyone waits.
    Busy,
    /// A row with that key is there already.
    Unique,
    /// The database is not there (any more).
    Gone(String),
    /// The disk is full or can't be written.
    Full(String),
    /// The file is no database, or a broken one.
    Broken(String),
    /// The file is the database of another program.
    Foreign,
    /// Anything else.
    Other(String),
}

/// Which of the two databases this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// An open connection.
pub struct Db {
    backend: Backend,
    shown: PathBuf,
    notes: Vec<Finding>,
    /// A statement of the running transaction failed, so that it can't be committed any more.
    failed: bool,
}

// A handful of connections at the most: the size of the larger variant costs nothing.
#[allow(clippy::large_enum_variant)]
enum Backend {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

/// Statements within a transaction.
pub struct Tx<'a> {
    db: &'a mut Db,
}

impl Db {
    /// Opens the database and brings it up to date: migrations that it lacks are run under its lock.
    ///
    /// # Errors
    /// [`Error::Outside`] when it can't be reached or written; [`Error::Refused`] when it is newer than this program.
    pub fn open(location: &Location) -> Result<Self> {
        let shown = location.shown();
        let backend = match location {
            Location::File(path) => sqlite::Sqlite::open(path).map(Backend::Sqlite),
            Location::Server { url, ca } => postgres::Postgres::open(url, ca.as_deref())?.map(Backend::Postgres),
        };
        let backend = backend.map_err(|cause| cause.at(&shown))?;
        let mut db = Self { backend, shown, notes: mounts::notes(location), failed: false };
        migrate::run(&mut db)?;
        Ok(db)
    }

    /// What its user should know about where the database lies: warnings.
    pub fn notes(&self) -> &[Finding] {
        &self.notes
    }

    /// Runs a write: everything in it or nothing. It takes the register's lock first and holds it until the end.
    ///
    /// # Errors
    /// What `work` returns, after which nothing is changed; [`Error::Outside`] when the database fails.
    pub fn write<T>(&mut self, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        self.transaction(Begin::Write, work)
    }

    /// Runs reads that see the database as it is at one moment.
    ///
    /// # Errors
    /// What `work` returns; [`Error::Outside`] when the database fails.
    pub fn read<T>(&mut self, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        self.transaction(Begin::Read, work)
    }

    /// Runs a change of what no event tells: who works on what. On PostgreSQL several run at once, each with rows of its
    /// own ([`Tx::unlocked`]).
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn queue<T>(&mut self, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        self.transaction(Begin::Queue, work)
    }

    fn transaction<T>(&mut self, begin: Begin, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        self.failed = false;
        let done = match self.control(|backend| backend.begin(begin)) {
            Ok(()) => work(&mut Tx { db: self }),
            Err(error) => Err(error),
        };
        let done = match done {
            // PostgreSQL would answer this COMMIT with a rollback and no word.
            Ok(_) if self.failed => {
                Err(DbError::Other("a statement of this transaction failed".into()).at(&self.shown))
            }
            Ok(value) => self.control(Backend::commit).map(|()| value),
            Err(error) => Err(error),
        };
        if done.is_err() {
            // What failed says more than a rollback that fails because of it.
            let _ = self.control(Backend::rollback);
        }
        done
    }

    fn control(&mut self, step: impl FnOnce(&mut Backend) -> Result<(), DbError>) -> Result<()> {
        step(&mut self.backend).map_err(|cause| cause.at(&self.shown))
    }
}

/// How a transaction begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begin {
    /// A snapshot.
    Read,
    /// With the register's lock.
    Write,
    /// With no lock but those of the rows that it takes.
    Queue,
    /// With the lock of migrations, before there is a register.
    Migrate,
}

impl Backend {
    fn begin(&mut self, begin: Begin) -> Result<(), DbError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.begin(begin),
            Self::Postgres(postgres) => postgres.begin(begin),
        }
    }

    fn commit(&mut self) -> Result<(), DbError> {
        self.batch("COMMIT")
    }

    fn rollback(&mut self) -> Result<(), DbError> {
        self.batch("ROLLBACK")
    }

    fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.batch(sql),
            Self::Postgres(postgres) => postgres.batch(sql),
        }
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DbError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.query(sql, values),
            Self::Postgres(postgres) => postgres.query(sql, values),
        }
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, DbError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.execute(sql, values),
            Self::Postgres(postgres) => postgres.execute(sql, values),
        }
    }
}

impl Tx<'_> {
    /// Which database this is, for the few statements that differ.
    pub fn dialect(&self) -> Dialect {
        match self.db.backend {
            Backend::Sqlite(_) => Dialect::Sqlite,
            Backend::Postgres(_) => Dialect::Postgres,
        }
    }

    /// What a `SELECT` ends with that takes its rows for this transaction and passes over those that another has taken.
    pub fn unlocked(&self) -> &'static str {
        match self.dialect() {
            // There is one writer at a time.
            Dialect::Sqlite => "",
            Dialect::Postgres => "FOR UPDATE SKIP LOCKED",
        }
    }

    /// What a `SELECT` ends with whose rows nobody may change until this transaction is over; others may read them alike.
    pub fn shared(&self) -> &'static str {
        match self.dialect() {
            Dialect::Sqlite => "",
            Dialect::Postgres => "FOR SHARE",
        }
    }

    /// What a `SELECT` ends with whose rows this transaction alone may change until it is over.
    pub fn exclusive(&self) -> &'static str {
        match self.dialect() {
            Dialect::Sqlite => "",
            Dialect::Postgres => "FOR UPDATE",
        }
    }

    /// The rows that a statement answers with.
    ///
    /// # Errors
    /// [`Error::Outside`] when the database fails.
    pub fn rows(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        let done = self.db.backend.query(sql, values);
        self.db.failed |= done.is_err();
        done.map_err(|cause| cause.at(&self.db.shown))
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// As [`Tx::rows`].
    pub fn row(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>> {
        Ok(self.rows(sql, values)?.into_iter().next())
    }

    /// Runs a statement; how many rows it changed.
    ///
    /// # Errors
    /// As [`Tx::rows`].
    pub fn exec(&mut self, sql: &str, values: &[Value]) -> Result<u64> {
        let done = self.db.backend.execute(sql, values);
        self.db.failed |= done.is_err();
        done.map_err(|cause| cause.at(&self.db.shown))
    }
}

impl DbError {
    /// The failure as the program reports it.
    fn at(self, shown: &Path) -> Error {
        let (action, cause) = match self {
            Self::Busy => ("register-busy", String::new()),
            Self::Unique => ("register", "unique".into()),
            Self::Gone(cause) => ("register-gone", cause),
            Self::Full(cause) => ("register-full", cause),
            Self::Broken(cause) => ("register-broken", cause),
            Self::Foreign => return Finding::error("register-foreign").arg("path", shown.display()).into(),
            Self::Other(cause) => ("register", cause),
        };
        Error::Outside { action, path: shown.to_path_buf(), cause }
    }
}
