//! `postkamer user …`: who may use the workbench.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use serde_json::{Value as Json, json};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::context::{Context, random};
use crate::error::{Error, Finding, Result};
use crate::register::Register;
use crate::register::accounts::{Account, MIN_LENGTH, Password, Role};

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
pub(super) enum Args {
    /// Make an account for the workbench; the password is asked for
    Add(Add),
    /// List the accounts
    List,
    /// Take an account away, and sign it out everywhere
    Remove {
        /// The name of the account
        name: String,
    },
}

/// Arguments of `add`.
#[derive(Debug, clap::Args)]
pub(super) struct Add {
    /// The name to sign in with, which the events of the register carry
    name: String,
    /// What the account may do
    #[arg(long, value_enum, default_value_t = Rol::Schrijven)]
    rol: Rol,
    /// A file whose first line is the password [default: it is asked for]
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Give an account that is there a new password and role, and sign it out everywhere
    #[arg(long)]
    replace: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rol {
    /// See everything
    Lezen,
    /// Draft, issue, receive, send, run mailings, take signed letters in
    Schrijven,
    /// Correct, withdraw, void, unlink and check the archive as well
    Beheren,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let workspace = context.workspace(None)?;
        let mut register = context.register(&workspace)?;
        match self {
            Self::Add(args) => args.run(context, &mut register),
            Self::List => list(context, &mut register),
            Self::Remove { name } => {
                let name: String = name.nfc().collect();
                Account::remove(&mut register, &name)?;
                context.say("account-removed", &[("name", &name)]);
                Ok(0)
            }
        }
    }
}

impl Add {
    fn run(self, context: &Context, register: &mut Register) -> Result<u8> {
        let role = match self.rol {
            Rol::Lezen => Role::Read,
            Rol::Schrijven => Role::Write,
            Rol::Beheren => Role::Manage,
        };
        let created = context.clerk_now()?.moment.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let account = Account { name: self.name.nfc().collect(), role, created };
        let password = Password::new(self.password(context)?)?;
        Account::add(register, &account, &password, random(), self.replace)?;
        context.say("account-added", &[("name", &account.name), ("role", role.word())]);
        Ok(0)
    }

    fn password(&self, context: &Context) -> Result<Zeroizing<String>> {
        let Some(file) = &self.password_file else {
            let ask = |id, least: &str| context.ask_secret(id, &[("least", least)], Finding::error("password-missing"));
            let typed = ask("ask-password", &MIN_LENGTH.to_string())?;
            let again = ask("ask-password-again", "")?;
            return if typed == again { Ok(typed) } else { Err(Finding::error("password-differs").into()) };
        };
        let path = context.path(file);
        let text = std::fs::read_to_string(&path).map_err(|cause| Error::io("read", file, cause))?;
        let text = Zeroizing::new(text);
        Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_string()))
    }
}

fn list(context: &Context, register: &mut Register) -> Result<u8> {
    let accounts = Account::all(register)?;
    if context.json() {
        let json =
            |account: &Account| json!({ "naam": account.name, "rol": account.role.word(), "gemaakt": account.created });
        context.answer_json(&Json::Array(accounts.iter().map(json).collect()))?;
        return Ok(0);
    }
    for account in &accounts {
        context.answer(&format!("{}\t{}\t{}\n", account.name, account.role, account.created))?;
    }
    Ok(0)
}
