//! `postkamer register void ID --reden TEXT`: gives up a reserved number.

use super::super::context::Context;
use crate::error::Result;
use crate::register::changes::progress;

/// Arguments of `void`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The reference that was reserved
    id: String,
    /// Why no letter will have it
    #[arg(long, value_name = "TEXT")]
    reden: String,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let changed = super::change(context, &self.id, |journal, _| progress::void(journal, &self.id, &self.reden))?;
        super::answer(context, &changed, |id| context.say("entry-void", &[("id", id)]))
    }
}
