//! PostgreSQL: a server that several machines share.

use std::collections::HashMap;
use std::error::Error as _;
use std::sync::Arc;

use postgres::config::{Host, SslMode};
use postgres::error::SqlState;
use postgres::types::private::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type};
use postgres::{Client, Config, NoTls, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Begin, DbError, Row, Value};

/// The advisory lock of migrations: the letters of "postkame" as a number. Programs that share a database agree on it.
const MIGRATION_LOCK: i64 = i64::from_be_bytes(*b"postkame");

/// What every session is told: a writer waits half a minute for the lock, and one that hangs while it holds the lock
/// is ended, so that it does not stop all others.
const SESSION: &str = "SET lock_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s'; \
     SET client_min_messages = 'warning'; SET TIME ZONE 'UTC'";

pub(super) struct Postgres {
    client: Client,
    statements: HashMap<String, Statement>,
}

impl Postgres {
    pub fn open(url: &str, tls: MakeRustlsConnect) -> Result<Self, DbError> {
        let mut config: Config = libpq_modes(url).parse().map_err(DbError::from)?;
        config.application_name("postkamer").connect_timeout(std::time::Duration::from_secs(10));
        let asked = config.get_ssl_mode() == SslMode::Require;
        // What crosses a network is encrypted, unless the URL says otherwise in so many words.
        let encrypted = asked || (config.get_ssl_mode() == SslMode::Prefer && !config.get_hosts().iter().all(is_here));
        let client = if encrypted {
            config.ssl_mode(SslMode::Require).connect(tls)
        } else {
            config.ssl_mode(SslMode::Disable).connect(NoTls)
        };
        let mut postgres = Self { client: client.map_err(not_there)?, statements: HashMap::new() };
        postgres.batch(SESSION)?;
        Ok(postgres)
    }

    pub fn begin(&mut self, begin: Begin) -> Result<(), DbError> {
        match begin {
            Begin::Read => self.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
            Begin::Write => self.batch("BEGIN; SELECT 1 FROM chain WHERE id = 1 FOR UPDATE"),
            Begin::Migrate => self.batch(&format!("BEGIN; SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")),
        }
    }

    pub fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        Ok(self.client.batch_execute(sql)?)
    }

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

/// The modes of libpq that this driver has no name for: both ask for encryption, and certificates are always checked.
fn libpq_modes(url: &str) -> String {
    ["verify-full", "verify-ca"]
        .iter()
        .fold(url.to_string(), |url, mode| url.replace(&format!("sslmode={mode}"), "sslmode=require"))
}

/// Whether a host is this machine: what goes there crosses no network.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
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
        let Some(code) = error.code() else { return Self::Gone(cause) };
        let gone = [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN, SqlState::CANNOT_CONNECT_NOW];
        match code {
            code if *code == SqlState::LOCK_NOT_AVAILABLE => Self::Busy,
            code if *code == SqlState::UNIQUE_VIOLATION => Self::Unique,
            code if gone.contains(code) || code.code().starts_with("08") => Self::Gone(cause),
            code if code.code().starts_with("53") => Self::Full(cause),
            _ => Self::Other(cause),
        }
    }
}
