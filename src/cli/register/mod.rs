//! `postkamer register …`: the correspondence register, one file per verb.

mod export;
mod import;
mod show;

use clap::Subcommand;

use super::context::Context;
use crate::error::Result;
use crate::register::Register;
use crate::workspace::Workspace;

/// What can be done with the register.
#[derive(Debug, Subcommand)]
pub(super) enum Args {
    /// Show a letter: what answered what, what happened to it, its files
    Show(show::Args),
    /// Take in a table of letters: their numbers stay as they are
    Import(import::Args),
    /// Write all letters as a table; their files can't travel in one
    Export(export::Args),
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        match self {
            Self::Show(args) => args.run(context),
            Self::Import(args) => args.run(context),
            Self::Export(args) => args.run(context),
        }
    }
}

/// The workspace and its register.
fn open(context: &Context) -> Result<(Workspace, Register)> {
    let workspace = context.workspace(None)?;
    let register = Register::open(&workspace)?;
    Ok((workspace, register))
}
