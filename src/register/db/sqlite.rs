//! SQLite: one file, several processes, no set-up.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ErrorCode, OpenFlags};

use super::{Begin, DbError, Row, Value};

/// How long a locked file is waited for when it is opened.
const WAIT: Duration = Duration::from_secs(30);

/// How often the lock is tried again afterwards: about half a minute in all.
const ATTEMPTS: i32 = 25_000;

/// A connection to a register in a file.
pub(super) struct Sqlite {
    connection: Connection,
}

impl Sqlite {
    /// Opens a file, which is made if it isn't there.
    ///
    /// # Errors
    /// When it can't be opened, or stays locked for half a minute.
    pub fn open(path: &Path) -> Result<Self, DbError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags)?;
        // Taking up the journal does not ask the busy handler everywhere: here it is waited for by hand.
        connection.busy_timeout(Duration::ZERO)?;
        let started = Instant::now();
        while let Err(error) = settle(&connection) {
            if error != DbError::Busy || started.elapsed() > WAIT {
                return Err(error);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        // SQLite's own back-off waits ever longer, so that one of many writers starves; short waits share the lock.
        connection.busy_handler(Some(|attempt: i32| {
            let spread = 300 + (attempt as u64 % 6) * 300;
            std::thread::sleep(Duration::from_micros(spread));
            attempt < ATTEMPTS
        }))?;
        connection.set_prepared_statement_cache_capacity(128);
        Ok(Self { connection })
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// When the lock of one that writes can't be had.
    pub fn begin(&mut self, begin: Begin) -> Result<(), DbError> {
        self.batch(match begin {
            Begin::Read => "BEGIN",
            // A transaction that reads first and writes later finds the lock taken with no way to wait for it.
            Begin::Write | Begin::Queue | Begin::Migrate => "BEGIN IMMEDIATE",
        })
    }

    /// Runs statements that give nothing.
    ///
    /// # Errors
    /// When one of them fails.
    pub fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        Ok(self.connection.execute_batch(sql)?)
    }

    /// The rows of a statement.
    ///
    /// # Errors
    /// When it fails.
    pub fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DbError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        let columns: Arc<[String]> = statement.column_names().map(String::from).collect();
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let values = (0..columns.len()).map(|at| Ok(value_of(row.get_ref(at)?)));
            let values = values.collect::<Result<_, rusqlite::Error>>()?;
            found.push(Row { columns: columns.clone(), values });
        }
        Ok(found)
    }

    /// Runs a statement that changes rows, and gives how many.
    ///
    /// # Errors
    /// When it fails.
    pub fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, DbError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        Ok(statement.raw_execute()? as u64)
    }
}

/// Takes up a file that is empty or a register: in another program's nothing is changed, not even its settings.
fn settle(connection: &Connection) -> Result<(), DbError> {
    let tables = "SELECT count(*), coalesce(sum(name = 'migration'), 0) FROM sqlite_master";
    let (tables, known): (i64, i64) = connection.query_row(tables, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if tables > 0 && known == 0 {
        return Err(DbError::Foreign);
    }
    let settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";
    Ok(connection.execute_batch(settings)?)
}

/// Binds by the number in the name: to SQLite `$2` is a name, numbered by where it first appears.
fn bind(statement: &mut CachedStatement, values: &[Value]) -> Result<(), DbError> {
    for index in 1..=statement.parameter_count() {
        let number = statement.parameter_name(index).and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
        let value = number.and_then(|number| values.get(number - 1));
        let value = value.ok_or_else(|| DbError::Other(format!("a value of the statement is missing: {index}")))?;
        statement.raw_bind_parameter(index, value)?;
    }
    Ok(())
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// SQLite lets any kind of value stand in any column; what another program put there is read as text.
fn value_of(value: ValueRef) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Real(number) => Value::Text(number.to_string()),
        ValueRef::Text(text) | ValueRef::Blob(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
    }
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        let cause = error.to_string();
        let Some(failure) = error.sqlite_error() else { return Self::Other(cause) };
        match failure.code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
            ErrorCode::ConstraintViolation
                if matches!(
                    failure.extended_code,
                    rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY
                ) =>
            {
                Self::Unique
            }
            ErrorCode::DiskFull | ErrorCode::ReadOnly | ErrorCode::SystemIoFailure => Self::Full(cause),
            ErrorCode::CannotOpen | ErrorCode::PermissionDenied => Self::Gone(cause),
            ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => Self::Broken(cause),
            _ => Self::Other(cause),
        }
    }
}
