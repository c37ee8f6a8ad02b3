//! Who may use the workbench, in what role, and who is signed in.
//!
//! Accounts are those of a workspace: on a PostgreSQL that several workspaces share, each has its own. They are no part of
//! the chain of events; what somebody does under an account is, with the account's name.

mod password;
mod session;

use std::fmt;

pub use password::{MIN_LENGTH, Password};
pub use session::Session;

use super::Register;
use super::db::{Row, values};
use crate::error::{Finding, Result};

/// The longest name of an account, in characters.
const MAX_NAME: usize = 64;

/// What an account may do; each role may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// See letters, register, mailings and archive.
    Read,
    /// Draft, issue, receive, send, run mailings, take signed letters in.
    Write,
    /// Correct, withdraw and void as well.
    Manage,
}

/// Somebody who may use the workbench.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The name under which they sign in, which the events carry.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The moment at which the account was made, in UTC as RFC 3339 writes it.
    pub created: String,
}

impl Role {
    /// All of them, the least first.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Manage];

    /// The word for it in the database and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "lezen",
            Self::Write => "schrijven",
            Self::Manage => "beheren",
        }
    }

    /// The role with a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Account {
    /// Makes an account, with random bytes to salt its password. With `replace`, one that is there gets the new password and role, and is signed out everywhere.
    ///
    /// # Errors
    /// [`crate::error::Error::Refused`] when the name can't be one or is taken; [`crate::error::Error::Outside`] when the
    /// database fails.
    pub fn add(
        register: &mut Register,
        account: &Self,
        password: &Password,
        salt: [u8; 16],
        replace: bool,
    ) -> Result<()> {
        check_name(&account.name)?;
        let (workspace, hash) = (register.workspace().to_string(), password.hash(salt)?);
        register.db.write(|tx| {
            let key = values![&workspace, &account.name];
            if tx.row("SELECT name FROM account WHERE workspace = $1 AND name = $2", key)?.is_some() {
                if !replace {
                    return Err(Finding::error("account-taken").arg("name", &account.name).into());
                }
                tx.exec("DELETE FROM web_session WHERE workspace = $1 AND account = $2", key)?;
                tx.exec("DELETE FROM account WHERE workspace = $1 AND name = $2", key)?;
            }
            let (role, created) = (account.role.word(), &account.created);
            let sql = "INSERT INTO account (workspace, name, role, password, created) VALUES ($1, $2, $3, $4, $5)";
            tx.exec(sql, values![&workspace, &account.name, role, &hash, created])?;
            Ok(())
        })
    }

    /// The accounts of the workspace, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub fn all(register: &mut Register) -> Result<Vec<Self>> {
        let workspace = register.workspace().to_string();
        register.read(|tx| {
            let sql = "SELECT * FROM account WHERE workspace = $1 ORDER BY name";
            tx.rows(sql, values![&workspace])?.iter().map(Self::of_row).collect()
        })
    }

    /// Takes an account away, and signs it out everywhere.
    ///
    /// # Errors
    /// [`crate::error::Error::Refused`] when there is none of that name; [`crate::error::Error::Outside`] when the database
    /// fails.
    pub fn remove(register: &mut Register, name: &str) -> Result<()> {
        let workspace = register.workspace().to_string();
        register.db.write(|tx| {
            tx.exec("DELETE FROM web_session WHERE workspace = $1 AND account = $2", values![&workspace, name])?;
            let gone = tx.exec("DELETE FROM account WHERE workspace = $1 AND name = $2", values![&workspace, name])?;
            if gone == 0 {
                return Err(Finding::error("account-unknown").arg("name", name).into());
            }
            Ok(())
        })
    }

    /// The account with this name and password; none if either is wrong, which takes equally long to find out.
    ///
    /// # Errors
    /// When the database fails, or holds what this program would not write.
    pub fn of_password(register: &mut Register, name: &str, password: &Password) -> Result<Option<Self>> {
        let workspace = register.workspace().to_string();
        let sql = "SELECT * FROM account WHERE workspace = $1 AND name = $2";
        let row = register.read(|tx| tx.row(sql, values![&workspace, name]))?;
        let fits = password.fits(row.as_ref().map(|row| row.text("password")).as_deref())?;
        row.filter(|_| fits).as_ref().map(Self::of_row).transpose()
    }

    fn of_row(row: &Row) -> Result<Self> {
        let name = row.text("name");
        let broken = || Finding::error("row-broken").arg("id", &name).arg("table", "account");
        let role = Role::of_word(&row.text("role")).ok_or_else(broken)?;
        Ok(Self { created: row.text("created"), role, name })
    }
}

/// The name goes into events, lists and the environment of a process: letters, digits, and `.`, `-`, `_`, `@` between them.
fn check_name(name: &str) -> Result<()> {
    let inner = |c: char| matches!(c, '.' | '-' | '_' | '@');
    let fits = name.chars().count() <= MAX_NAME
        && name.chars().all(|c| c.is_alphanumeric() || inner(c))
        && name.starts_with(char::is_alphanumeric)
        && name.ends_with(char::is_alphanumeric);
    if fits { Ok(()) } else { Err(Finding::error("account-name").arg("name", name).into()) }
}
