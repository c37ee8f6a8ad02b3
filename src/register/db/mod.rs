//! One set of statements for two databases: SQLite and PostgreSQL.
//!
//! Statements are written once, with `$1`, `$2` … for their values. What differs between the two stands in [`sqlite`]
//! and [`postgres`] and in [`Tx::dialect`]: how a connection opens, how a transaction takes its lock, and search.
//!
//! A write takes the register's only lock when it begins and holds it until it commits: `BEGIN IMMEDIATE` on SQLite,
//! the row of `chain` on PostgreSQL. Writers therefore wait for each other and never deadlock, and what a writer reads
//! can't change under it. Nothing slow happens inside: letters are typeset before or after.

mod migrate;
mod postgres;
mod sqlite;
mod tls;
mod value;

use std::path::{Path, PathBuf};

pub use migrate::LATEST;
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

/// Where the register is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// An SQLite file.
    File(PathBuf),
    /// A PostgreSQL database.
    Server {
        /// The URL, with its password if it has one.
        url: String,
        /// A file with the certificates that the server's is held against, instead of the system's.
        ca: Option<PathBuf>,
    },
}

/// An open connection.
pub struct Db {
    backend: Backend,
    shown: PathBuf,
}

// One connection a process: the size of the larger variant costs nothing.
#[allow(clippy::large_enum_variant)]
enum Backend {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

/// Statements within a transaction.
pub struct Tx<'a> {
    db: &'a mut Db,
}

impl Location {
    /// The location that a URL names: `sqlite:register.db`, relative to `root`, or `postgres://…`.
    ///
    /// # Errors
    /// When the URL is neither.
    pub fn parse(url: &str, root: &Path, ca: Option<&Path>) -> Result<Self> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Server { url: url.into(), ca: ca.map(|path| root.join(path)) });
        }
        let path = url.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path));
        match path.filter(|path| !path.trim().is_empty() && !path.starts_with(':')) {
            Some(path) => Ok(Self::File(root.join(path))),
            None => {
                Err(Finding::error("register-url").key("register.url").arg("value", url_without_password(url)).into())
            }
        }
    }

    /// The location as messages name it: without a password.
    pub fn shown(&self) -> PathBuf {
        match self {
            Self::File(path) => path.clone(),
            Self::Server { url, .. } => PathBuf::from(url_without_password(url)),
        }
    }

    /// Whether there is a database to be read, as far as can be seen without connecting.
    pub fn exists(&self) -> bool {
        match self {
            Self::File(path) => path.exists(),
            Self::Server { .. } => true,
        }
    }
}

/// A URL without its password and its parameters, which may hold one too.
fn url_without_password(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_string() };
    match rest.rsplit_once('@') {
        Some((user, host)) => format!("{scheme}://{}@{host}", user.split(':').next().unwrap_or_default()),
        None => url.to_string(),
    }
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
            Location::Server { url, ca } => {
                let tls = tls::connector(ca.as_deref())?;
                postgres::Postgres::open(url, tls).map(Backend::Postgres)
            }
        };
        let mut db = Self { backend: backend.map_err(|cause| cause.at(&shown))?, shown };
        migrate::run(&mut db)?;
        Ok(db)
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

    fn transaction<T>(&mut self, begin: Begin, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        self.control(|backend| backend.begin(begin))?;
        match work(&mut Tx { db: self }) {
            Ok(value) => {
                if let Err(error) = self.control(Backend::commit) {
                    let _ = self.control(Backend::rollback);
                    return Err(error);
                }
                Ok(value)
            }
            Err(error) => {
                // What failed says more than a rollback that fails because of it.
                let _ = self.control(Backend::rollback);
                Err(error)
            }
        }
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

    /// The rows that a statement answers with.
    ///
    /// # Errors
    /// [`Error::Outside`] when the database fails.
    pub fn rows(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        self.db.backend.query(sql, values).map_err(|cause| cause.at(&self.db.shown))
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
        self.db.backend.execute(sql, values).map_err(|cause| cause.at(&self.db.shown))
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
            Self::Other(cause) => ("register", cause),
        };
        Error::Outside { action, path: shown.to_path_buf(), cause }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_shown_without_its_password() {
        let shown = |url| url_without_password(url);
        assert_eq!(shown("postgres://jan:ge@heim@db.example/p?password=x"), "postgres://jan@db.example/p");
        assert_eq!(shown("postgres://db.example/p"), "postgres://db.example/p");
    }

    #[test]
    fn urls_name_a_file_or_a_server() {
        let root = Path::new("/w");
        let file = |path: &str| Location::File(PathBuf::from(path));
        assert_eq!(Location::parse("sqlite:register.db", root, None).unwrap(), file("/w/register.db"));
        assert_eq!(Location::parse("sqlite:///srv/r.db", root, None).unwrap(), file("/srv/r.db"));
        for wrong in ["register.db", "sqlite:", "sqlite::memory:", "mysql://x"] {
            assert!(Location::parse(wrong, root, None).is_err(), "{wrong}");
        }
    }
}
