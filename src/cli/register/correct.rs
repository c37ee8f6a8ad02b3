//! `postkamer register correct ID --veld FIELD --waarde TEXT --reden TEXT`: what the register says of a letter, put right.

use super::super::context::Context;
use crate::error::Result;
use crate::register::changes::correct::correct;

/// Arguments of `correct`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The reference of an outgoing letter or the number of an incoming one
    id: String,
    /// The field, by its name in JSON: onderwerp, correspondent, datum …
    #[arg(long, value_name = "FIELD")]
    veld: String,
    /// The value that it should have; an empty one empties the field
    #[arg(long, value_name = "TEXT")]
    waarde: String,
    /// Why it is corrected
    #[arg(long, value_name = "TEXT")]
    reden: String,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let corrected = super::change(context, &self.id, |journal, settings| {
            correct(journal, settings, &self.id, &self.veld, &self.waarde, &self.reden)
        })?;
        super::answer(context, &corrected.changed, |id| {
            let value = corrected.value.as_deref().unwrap_or_default();
            context.say("entry-corrected", &[("id", id), ("key", corrected.field), ("meant", value)]);
            if corrected.letter_differs {
                context.say("entry-letter-differs", &[("id", id)]);
            }
        })
    }
}
