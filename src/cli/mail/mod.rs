//! `postkamer mail …`: mailings.

mod check;

use clap::Subcommand;

use super::context::Context;
use crate::error::Result;

/// What can be done with a mailing.
#[derive(Debug, Subcommand)]
pub(super) enum Args {
    /// Find everything that can be wrong in a letter to every row of a table, without producing anything
    Check(check::Args),
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        match self {
            Self::Check(args) => args.run(context),
        }
    }
}
