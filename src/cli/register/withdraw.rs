//! `postkamer register withdraw ID --reden TEXT`: withdraws an issued letter.

use super::super::context::Context;
use crate::error::Result;
use crate::register::changes::progress;

/// Arguments of `withdraw`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The reference of the letter
    id: String,
    /// Why it is withdrawn
    #[arg(long, value_name = "TEXT")]
    reden: String,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let changed =
            super::change(context, &self.id, |journal, _| progress::withdraw(journal, &self.id, &self.reden))?;
        super::answer(context, &changed, |id| context.say("entry-withdrawn", &[("id", id)]))
    }
}
