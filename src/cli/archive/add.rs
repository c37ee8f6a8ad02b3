//! `postkamer archive add FILE`: a letter comes back signed.

use std::path::PathBuf;

use super::super::context::Context;
use super::super::sign::{MAX_PDF, read};
use super::{Opened, sheet};
use crate::archive::shown::Held;
use crate::error::Result;

/// Arguments of `add`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The signed PDF
    file: PathBuf,
    /// The letter that it should be [default: the one that it begins with]
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// It is the scan of a letter that was signed on paper: no signature is claimed
    #[arg(long, requires = "id")]
    scan: bool,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let mut opened = Opened::new(context)?;
        let trust = opened.trust()?;
        let file = read(context, &self.file, MAX_PDF)?;
        let clerk = context.clerk()?;
        let mut counter = opened.counter(&trust, &clerk);
        let id = match self.id.as_deref() {
            Some(id) if self.scan => counter.add_scan(&file, id)?,
            id => counter.add(&file, id)?,
        };
        let held = Held::find(&opened.archive, &mut opened.register, &id)?;
        sheet::answer(context, &held, &trust)?;
        Ok(0)
    }
}
