//! `postkamer register assign ID --behandelaar NAME`: hands a letter to somebody.

use super::super::context::Context;
use crate::error::Result;
use crate::register::changes::progress;

/// Arguments of `assign`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The reference of an outgoing letter or the number of an incoming one
    id: String,
    /// Who deals with it
    #[arg(long, value_name = "NAME")]
    behandelaar: String,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let changed =
            super::change(context, &self.id, |journal, _| progress::assign(journal, &self.id, &self.behandelaar))?;
        super::answer(context, &changed, |id| {
            context.say(
                "entry-assigned",
                &[("id", id), ("name", changed.listed.entry.handler.as_deref().unwrap_or_default())],
            )
        })
    }
}
