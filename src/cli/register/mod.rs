//! `postkamer register …`: the correspondence register, one file per verb.

mod report;
mod show;
mod verify;

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
    /// What a year comes to: which letters were answered, where every number went
    #[command(subcommand)]
    Report(report::Args),
    /// Prove that nothing was changed behind the register's back, or find what was
    Verify(verify::Args),
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        match self {
            Self::Show(args) => args.run(context),
            Self::Report(args) => args.run(context),
            Self::Verify(args) => args.run(context),
        }
    }
}

/// The workspace and its register.
fn open(context: &Context) -> Result<(Workspace, Register)> {
    let workspace = context.workspace(None)?;
    let register = Register::open(&workspace)?;
    Ok((workspace, register))
}
