//! `postkamer register send ID --datum DATE --wijze TEXT`: marks an issued letter as sent.

use super::super::context::Context;
use crate::error::Result;
use crate::register::changes::progress;

/// Arguments of `send`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The kenmerk of the letter
    id: String,
    /// The day on which it was sent, such as 2023-02-21 or 21-2-2023
    #[arg(long, value_name = "DATE")]
    datum: String,
    /// How it was sent: by post, by e-mail
    #[arg(long, value_name = "TEXT")]
    wijze: String,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let changed =
            super::change(context, &self.id, |journal, _| progress::send(journal, &self.id, &self.datum, &self.wijze))?;
        super::answer(context, &changed, |id| context.say("entry-sent", &[("id", id)]))
    }
}
