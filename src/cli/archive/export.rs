//! `postkamer archive export ID... -o DIR`: letters for an e-depot.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::super::context::Context;
use super::Opened;
use crate::archive::export::{Transfer, export};
use crate::archive::packing::Parcel;
use crate::error::Result;

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The letters, by reference or number
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    /// The folder to write, which is not there yet or is empty
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let mut opened = Opened::new(context)?;
        let trust = opened.trust()?;
        let organisation = opened.workspace.settings().organisatie.naam.clone();
        let (letters, parcel) =
            Parcel::gather(&opened.archive, &mut opened.register, &trust, &organisation, &self.ids)?;
        let transfer = Transfer {
            organisation: &organisation,
            letters: &letters,
            moment: context.moment()?,
            archive: opened.archive.store().root(),
        };
        let lines = export(&transfer, &parcel, &context.path(&self.output))?;
        if context.json() {
            let bytes = crate::archive::export::list::json(&lines, transfer.moment);
            context.answer_bytes(&bytes)?;
        } else {
            context.answer(&format!("{}\n", self.output.display()))?;
        }
        // A letter that is named twice goes once.
        let ids: BTreeSet<_> = self.ids.iter().collect();
        let files = lines.len().to_string();
        context.say("archive-exported", &[("letters", &ids.len().to_string()), ("files", &files)]);
        Ok(0)
    }
}
