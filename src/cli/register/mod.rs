//! `postkamer register …`: the correspondence register, one file per verb.

mod due;
mod letters;
mod list;
mod search;
mod sheet;
mod show;

use clap::Subcommand;

use super::context::Context;
use crate::error::Result;
use crate::register::Register;
use crate::workspace::Workspace;

/// What can be done with the register.
#[derive(Debug, Subcommand)]
pub(super) enum Args {
    /// List letters; on a terminal cut to its width, elsewhere whole
    List(list::Args),
    /// Show a letter: what answered what, what happened to it, its files
    Show(show::Args),
    /// List incoming letters that wait for an answer past their term
    Due(due::Args),
    /// Find letters by their words: numbers, subject, correspondent, text
    Search(search::Args),
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        match self {
            Self::List(args) => args.run(context),
            Self::Show(args) => args.run(context),
            Self::Due(args) => args.run(context),
            Self::Search(args) => args.run(context),
        }
    }
}

/// The workspace and its register.
fn open(context: &Context) -> Result<(Workspace, Register)> {
    let workspace = context.workspace(None)?;
    let register = Register::open(&workspace)?;
    Ok((workspace, register))
}
