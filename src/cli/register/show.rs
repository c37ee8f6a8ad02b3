//! `postkamer register show ID`: one letter with its thread, its events and its files.

use super::super::context::Context;
use crate::error::Result;
use crate::register::entry::Entry;
use crate::register::listed::Listed;

/// Arguments of `show`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The kenmerk of an outgoing letter or the number of an incoming one
    id: String,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let (_, mut register) = super::open(context)?;
        let listed = register.read(|tx| {
            let entry = Entry::get(tx, &self.id)?;
            Listed::one(tx, entry)
        })?;
        context.answer_json(&listed.json())?;
        Ok(0)
    }
}
