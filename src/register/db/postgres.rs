//! PostgreSQL: a server that several machines share.

use std::collections::HashMap;
use std::error::Error as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use postgres::config::SslMode;
use postgres::error::SqlState;
use postgres::types::private::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type};
use postgres::{Client, NoTls, Statement};

use super::{Begin, DbError, Row, Value, location, tls};
use crate::error::Result as Refused;

/// The advisory lock of migrations: the letters of "postkame" as a number. Programs that share a database agree on it.
const MIGRATION_LOCK: i64 = i64::from_be_bytes(*b"postkame");

/// What every session is told: a writer waits half a minute for the lock, and one that hangs while it holds the lock
/// is ended, so that it does not stop all others. What is committed is on disk, or a number that somebody has seen
/// could be given out again.
const SESSION: &str = "SET lock_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s'; \
     SET client_min_messages = 'warning'; SET TIME ZONE 'UTC'; \
     SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

pub(super) struct Postgres {
    client: Client,
    statements: HashMap<String, Statement>,
}

impl Postgres {
    /// Connects; the outer result is about the files of this machine, the inner one about the server.
    pub fn open(url: &str, ca: Option<&Path>) -> Refused<Result<Self, DbError>> {
        // `Location::parse` has read it before.
        let Some(mut config) = location::config(url) else { return Ok(Err(DbError::Gone("no address".into()))) };
        config.application_name("postkamer").connect_timeout(Duration::from_secs(10));
        // A server that falls silent with its network is given up after half a minute, not after hours.
        config.keepalives_idle(Duration::from_secs(20)).tcp_user_timeout(Duration::from_secs(30));
        let client = if location::is_encrypted(&config) {
            config.ssl_mode(SslMode::Require).connect(tls::connector(ca)?)
        } else {
            config.ssl_mode(SslMode::Disable).connect(NoTls)
        };
        Ok(client.map_err(not_there).and_then(|client| {
            let mut postgres = Self { client, statements: HashMap::new() };
            postgres.batch(SESSION)?;
            Ok(postgres)
        }))
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// When the server fails.
    pub fn begin(&mut self, begin: Begin) -> Result<(), DbError> {
        match begin {
            Begin::Read => self.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
            // What is read after the lock must be what the writer before left, whatever level the server prefers.
            Begin::Write => {
                self.batch("BEGIN ISOLATION LEVEL READ COMMITTED; SELECT 1 FROM chain WHERE id = 1 FOR UPDATE")
            }
            Begin::Queue => self.batch("BEGIN ISOLATION LEVEL READ COMMITTED"),
            Begin::Migrate => self.batch(&format!(
                "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"
            )),
        }
    }

    /// Runs statements that give nothing.
    ///
    /// # Errors
    /// When one of them fails.
    pub fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        Ok(self.client.batch_execute(sql)?)
    }

    /// The rows of a statement.
    ///
    /// # Errors
    /// When it fails.
    pub fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DbError> {
        let statement = self.statement(sql)?;
        let rows = self.client.query(&statement, &parameters(values))?;
        let columns: Arc<[String]> = statement.columns().iter().map(|column| column.name().to_string()).collect();
        let read = |row: postgres::Row| {
            let values = (0..columns.len()).map(|at| row.try_get::<_, Value>(at));
            Ok(Row { columns: columns.clone(), values: values.collect::<Result<_, postgres::Error>>()? })
        };
        rows.into_iter().map(read).collect()
    }

    /// Runs a statement that changes rows, and gives how many.
    ///
    /// # Errors
    /// When it fails.
    pub fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, DbError> {
        let statement = self.statement(sql)?;
        Ok(self.client.execute(&statement, &parameters(values))?)
    }

    fn statement(&mut self, sql: &str) -> Result<Statement, DbError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.statements.insert(sql.to_string(), statement.clone());
        Ok(statement)
    }
}

fn parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(number) if *ty == Type::INT4 => i32::try_from(*number)?.to_sql(ty, out),
            Self::Int(number) => number.to_sql(ty, out),
            Self::Text(text) => text.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(match *ty {
            Type::INT8 => Self::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::Int(i32::from_sql(ty, raw)?.into()),
            Type::BOOL => Self::Int(bool::from_sql(ty, raw)?.into()),
            _ => Self::Text(String::from_sql(ty, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::INT4 | Type::BOOL) || <String as FromSql>::accepts(ty)
    }
}

/// The message with its cause: the driver's own says only "db error".
fn words(error: &postgres::Error) -> String {
    match (error.as_db_error(), error.source()) {
        (Some(db), _) => db.message().to_string(),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    }
}

/// Whatever keeps a connection from being made: wrong password, no such database, no server, a certificate.
fn not_there(error: postgres::Error) -> DbError {
    DbError::Gone(words(&error))
}

impl From<postgres::Error> for DbError {
    fn from(error: postgres::Error) -> Self {
        let cause = words(&error);
        let Some(code) = error.code() else {
            let broke = error.is_closed() || error.source().is_some_and(|source| source.is::<std::io::Error>());
            return if broke { Self::Gone(cause) } else { Self::Other(cause) };
        };
        // The last one is what a server says to somebody who may not make or change tables.
        let gone = [
            SqlState::ADMIN_SHUTDOWN,
            SqlState::CRASH_SHUTDOWN,
            SqlState::CANNOT_CONNECT_NOW,
            SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
            SqlState::INSUFFICIENT_PRIVILEGE,
        ];
        match code {
            code if *code == SqlState::LOCK_NOT_AVAILABLE => Self::Busy,
            code if *code == SqlState::UNIQUE_VIOLATION => Self::Unique,
            code if gone.contains(code) || code.code().starts_with("08") => Self::Gone(cause),
            code if *code == SqlState::DISK_FULL || *code == SqlState::READ_ONLY_SQL_TRANSACTION => Self::Full(cause),
            // Too many connections, no memory.
            code if code.code().starts_with("53") => Self::Gone(cause),
            // The server could not read or write a file of its own.
            code if code.code().starts_with("58") => Self::Full(cause),
            _ => Self::Other(cause),
        }
    }
}
