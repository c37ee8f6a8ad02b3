//! `postkamer register handle ID --reden TEXT`: puts an incoming letter away without an answer.

use super::super::context::Context;
use crate::error::Result;
use crate::register::changes::progress;

/// Arguments of `handle`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The number of the letter
    id: String,
    /// Why it needs no answer
    #[arg(long, value_name = "TEXT")]
    reden: String,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let changed = super::change(context, &self.id, |journal, _| progress::handle(journal, &self.id, &self.reden))?;
        super::answer(context, &changed, |id| context.say("entry-handled", &[("id", id)]))
    }
}
