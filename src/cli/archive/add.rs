//! `postkamer archive add FILE`: a letter comes back signed, or gets the scan or file that it lacks.

use std::path::PathBuf;

use super::super::context::Context;
use super::super::sign::{MAX_PDF, read};
use super::{Opened, sheet};
use crate::archive::keep::Archive;
use crate::archive::later;
use crate::archive::shown::Held;
use crate::error::Result;
use crate::register::Register;
use crate::register::addition::Standing;
use crate::register::attachment::Staged;
use crate::signature::trust::Trust;
use crate::workspace::Workspace;

/// Arguments of `add`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// The signed PDF, the scan, or the file of a letter that came in
    file: PathBuf,
    /// The letter that it should be [default: the one that it begins with]
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// It is the scan of a letter that was signed on paper: no signature is claimed; or the file of a letter that came in
    #[arg(long, requires = "id")]
    scan: bool,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let workspace = context.workspace(None)?;
        let mut register = context.register(&workspace)?;
        if let Some(id) = self.id.as_deref().filter(|_| self.scan)
            && let Some(letter) = later::incoming(&mut register, id)?
        {
            return self.later(context, workspace, register, &letter);
        }
        let mut opened = Opened::of(context, workspace, register, Archive::open_existing)?;
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

    /// Adds the file to a letter that came in: what `register receive` takes is taken.
    fn later(&self, context: &Context, workspace: Workspace, mut register: Register, letter: &Standing) -> Result<u8> {
        let clerk = context.clerk()?;
        let place = context.path(&self.file);
        let file = Staged::copy(workspace.root(), &letter.folder(clerk.day), &place, &self.file)?;
        let trust = Trust::of(&workspace)?;
        // It may be the first letter that the archive gets.
        let archive = Archive::open(&workspace, &mut register, &clerk)?;
        let mut opened = Opened { workspace, register, archive };
        let warnings = opened.counter(&trust, &clerk).add_later(letter, file)?;
        let held = Held::find(&opened.archive, &mut opened.register, &letter.entry.id)?;
        context.show(&warnings);
        sheet::answer(context, &held, &trust)?;
        Ok(0)
    }
}
