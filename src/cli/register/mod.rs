//! `postkamer register …`: the correspondence register, one file per verb.

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
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        match self {
            Self::Show(args) => args.run(context),
        }
    }
}

/// The workspace and its register.
fn open(context: &Context) -> Result<(Workspace, Register)> {
    let workspace = context.workspace(None)?;
    let register = context.register(&workspace)?;
    Ok((workspace, register))
}
