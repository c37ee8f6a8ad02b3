//! Who is signed in: a session is known by a random token that only the browser has.

use chrono::{DateTime, Duration, Utc};

use super::{Account, Role};
use crate::error::Result;
use crate::register::Register;
use crate::register::db::values;
use crate::register::files::sha256;

/// How long a session lasts, however much it is used: a working day.
const LASTS: Duration = Duration::hours(12);

/// How long a session lasts that is not used.
const IDLE: Duration = Duration::hours(2);

/// How precisely its last use is noted: not every request is worth a write.
const NOTED: Duration = Duration::minutes(1);

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The name of the account.
    pub name: String,
    /// What it may do.
    pub role: Role,
}

impl Session {
    /// Begins a session for an account under a token.
    ///
    /// # Errors
    /// When the database fails.
    pub fn begin(register: &mut Register, account: &Account, token: &str, now: DateTime<Utc>) -> Result<()> {
        let workspace = register.workspace().to_string();
        register.db.write(|tx| {
            // Nobody can use what is over; with every sign-in it is cleared away.
            let over = values![&workspace, &moment(now - LASTS), &moment(now - IDLE)];
            tx.exec("DELETE FROM web_session WHERE workspace = $1 AND (begun < $2 OR seen < $3)", over)?;
            let sql = "INSERT INTO web_session (digest, workspace, account, begun, seen) VALUES ($1, $2, $3, $4, $4)";
            tx.exec(sql, values![&digest(token), &workspace, &account.name, &moment(now)])?;
            Ok(())
        })
    }

    /// The session under a token, and whether its use is to be noted ([`Session::note`]); none if it was never begun, was
    /// ended, or is over. It writes nothing: who only reads doesn't wait for who writes.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of_token(register: &mut Register, token: &str, now: DateTime<Utc>) -> Result<Option<(Self, bool)>> {
        let workspace = register.workspace().to_string();
        let sql =
            "SELECT account.name AS name, account.role AS role, web_session.begun AS begun, web_session.seen AS seen
                   FROM web_session JOIN account
                     ON account.workspace = web_session.workspace AND account.name = web_session.account
                   WHERE web_session.digest = $1 AND web_session.workspace = $2";
        let digest = digest(token);
        let Some(row) = register.read(|tx| tx.row(sql, values![&digest, &workspace]))? else { return Ok(None) };
        let (begun, seen) = (row.text("begun"), row.text("seen"));
        if begun < moment(now - LASTS) || seen < moment(now - IDLE) {
            return Ok(None);
        }
        let is_due = seen < moment(now - NOTED);
        Ok(Role::of_word(&row.text("role")).map(|role| (Self { name: row.text("name"), role }, is_due)))
    }

    /// Notes that the session under a token was used.
    ///
    /// # Errors
    /// When the database fails.
    pub fn note(register: &mut Register, token: &str, now: DateTime<Utc>) -> Result<()> {
        let sql = "UPDATE web_session SET seen = $2 WHERE digest = $1 AND seen < $2";
        register.db.queue(|tx| tx.exec(sql, values![&digest(token), &moment(now)])).map(drop)
    }

    /// Ends the session under a token.
    ///
    /// # Errors
    /// When the database fails.
    pub fn end(register: &mut Register, token: &str) -> Result<()> {
        let digest = digest(token);
        register.db.queue(|tx| tx.exec("DELETE FROM web_session WHERE digest = $1", values![&digest])).map(drop)
    }
}

fn digest(token: &str) -> String {
    sha256(token.as_bytes())
}

/// A moment in the form in which the database compares it.
fn moment(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
