//! `postkamer mail …`: mailings.

mod check;
mod outcome;
mod print;
mod run;
mod status;
mod table;
mod worker;

use clap::Subcommand;

use super::context::Context;
use crate::error::Result;

/// What can be done with a mailing.
#[derive(Debug, Subcommand)]
pub(super) enum Args {
    /// Find everything that can be wrong in a letter to every row of a table, without producing anything
    Check(check::Args),
    /// Make and register a letter to every row of a table; run again, go on where it was
    Run(run::Args),
    /// Show how a mailing stands, also while it runs
    Status(status::Args),
    /// Make letters of a mailing: what `run` starts as often as there are processors
    #[command(hide = true)]
    Worker(worker::Args),
    /// Put the letters that there are in one file to print: what the workbench gives to download
    #[command(hide = true)]
    Print(print::Args),
    /// Say how large a table is: what the workbench asks before it reads one
    #[command(hide = true)]
    Table(table::Args),
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        match self {
            Self::Check(args) => args.run(context),
            Self::Run(args) => args.run(context),
            Self::Status(args) => args.run(context),
            Self::Worker(args) => args.run(context),
            Self::Print(args) => args.run(context),
            Self::Table(args) => args.run(context),
        }
    }
}
