//! Brings a database up to date: numbered steps, in order, each once.

use super::{Begin, Db, Dialect};
use crate::error::{Finding, Result};

/// A step: the statements that both databases share, and those of one of them.
struct Migration {
    shared: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// Every step there has been. Append-only: a step that has run somewhere is never changed.
const MIGRATIONS: [Migration; 4] = [
    Migration {
        shared: include_str!("../../../migrations/0001_register.sql"),
        sqlite: include_str!("../../../migrations/0001_register.sqlite.sql"),
        postgres: include_str!("../../../migrations/0001_register.postgres.sql"),
    },
    Migration { shared: include_str!("../../../migrations/0002_archive.sql"), sqlite: "", postgres: "" },
    Migration { shared: include_str!("../../../migrations/0003_mailing.sql"), sqlite: "", postgres: "" },
    Migration { shared: include_str!("../../../migrations/0004_account.sql"), sqlite: "", postgres: "" },
];

/// The version of a database that is up to date: the number of its last step.
pub const LATEST: i64 = MIGRATIONS.len() as i64;

/// The tables, indexes and triggers that an up-to-date SQLite register has, by the statements that make them.
pub fn names() -> Vec<&'static str> {
    let statements = MIGRATIONS.iter().flat_map(|migration| [migration.shared, migration.sqlite]);
    let lines = statements.flat_map(str::lines).filter_map(|line| line.strip_prefix("CREATE "));
    let kinds = ["UNIQUE ", "VIRTUAL ", "TABLE ", "INDEX ", "TRIGGER "];
    let bare = lines.map(|line| kinds.iter().fold(line, |line, kind| line.strip_prefix(kind).unwrap_or(line)));
    bare.filter_map(|line| line.split([' ', '(']).next()).collect()
}

pub(super) fn run(db: &mut Db) -> Result<()> {
    let mut found = db.read(version)?;
    if found < LATEST {
        // Another process may have been first while this one waited for the lock.
        found = db.transaction(Begin::Migrate, |tx| {
            let from = version(tx)?;
            for (step, migration) in (1..).zip(&MIGRATIONS).filter(|&(step, _)| step > from) {
                let sql = match tx.dialect() {
                    Dialect::Sqlite => [migration.shared.to_string(), migration.sqlite.to_string()],
                    Dialect::Postgres => [migration.shared, migration.postgres].map(in_bytes),
                };
                for sql in sql {
                    tx.db.control(|backend| backend.batch(&sql))?;
                }
                tx.exec("INSERT INTO migration (version) VALUES ($1)", &[step.into()])?;
            }
            Ok(from.max(LATEST))
        })?;
    }
    if found > LATEST {
        let finding = Finding::error("register-newer").arg("found", found).arg("known", LATEST);
        return Err(finding.arg("path", db.shown.display()).into());
    }
    Ok(())
}

/// On PostgreSQL texts are ordered as the database was once set up, mostly by a dictionary; here by their bytes, as
/// SQLite does, so that both give the same lists.
fn in_bytes(sql: &str) -> String {
    sql.replace(" TEXT", " TEXT COLLATE \"C\"")
}

fn version(tx: &mut super::Tx) -> Result<i64> {
    let there = match tx.dialect() {
        Dialect::Sqlite => "SELECT count(*) AS n FROM sqlite_master WHERE name = 'migration'",
        Dialect::Postgres => {
            "SELECT count(*) AS n FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'migration'"
        }
    };
    if tx.row(there, &[])?.and_then(|row| row.number("n")) == Some(0) {
        return Ok(0);
    }
    // The first step makes this table and notes itself in it: without a row, or with something else than a number,
    // somebody else was here, and no step may run again.
    let row = tx.row("SELECT max(version) AS version FROM migration", &[])?;
    let found = row.and_then(|row| row.number("version")).filter(|version| *version > 0);
    found.ok_or_else(|| Finding::error("row-broken").arg("id", "version").arg("table", "migration").into())
}
