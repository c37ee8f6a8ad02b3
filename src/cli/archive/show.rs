//! `postkamer archive show ID`: what the archive has of a letter.

use super::super::context::Context;
use super::{Opened, sheet};
use crate::archive::shown::Held;
use crate::error::Result;

/// Arguments of `show`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The reference of an outgoing letter or the number of an incoming one
    id: String,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let mut opened = Opened::new(context)?;
        let trust = opened.trust()?;
        let held = Held::find(&opened.archive, &mut opened.register, &self.id)?;
        sheet::answer(context, &held, &trust)?;
        Ok(0)
    }
}
