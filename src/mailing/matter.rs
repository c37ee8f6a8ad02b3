//! What all letters of a mailing share, read and made ready once in every process.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;

use super::specimen::Specimen;
use crate::archive::bundle::Bundle;
use crate::archive::source::Made;
use crate::draft::Draft;
use crate::error::Result;
use crate::issue::ready::{Ready, letter_key};
use crate::issue::typeset::Typesetter;
use crate::letter::answered::Lookup;
use crate::typeset::world::Press;
use crate::workspace::Workspace;

/// The letter of a mailing, whose specimen is in order.
pub struct Matter<'a> {
    workspace: &'a Workspace,
    press: &'a Press,
    day: NaiveDate,
    /// The letter file with all that belongs to it.
    pub ready: Ready,
    pub(super) model: Specimen,
    pub(super) bundle: Bundle,
}

impl<'a> Matter<'a> {
    /// Reads the letter of a mailing and makes its specimen.
    ///
    /// # Errors
    /// [`crate::error::Error::Refused`] when the letter itself is wrong; [`crate::error::Error::Outside`] when a file of it
    /// can't be read.
    pub fn read(
        workspace: &'a Workspace,
        press: &'a Press,
        letter: &Path,
        day: NaiveDate,
        lookup: &Lookup,
    ) -> Result<Self> {
        let draft = Draft::read(workspace, press, letter, lookup)?;
        let path = letter_key(workspace, letter, &draft)?;
        let model = Specimen::of(&Typesetter { workspace, press, draft: &draft, day })?;
        let ready = Ready::gather(workspace, draft, path)?;
        let bundle = Bundle::of(&Made {
            workspace,
            draft: &ready.draft,
            letter: &ready.draft.letter,
            path: &ready.path,
            files: &model.files,
            enclosures: &ready.enclosures,
            reference: "",
            case: None,
            day,
            bundle: None,
        })?;
        Ok(Self { workspace, press, day, ready, model, bundle })
    }

    /// What its letters are typeset with.
    pub fn typesetter(&self) -> Typesetter<'_> {
        Typesetter { workspace: self.workspace, press: self.press, draft: &self.ready.draft, day: self.day }
    }

    /// SHA-256 of all that its letters are made of besides their rows: the letter file, its enclosures and images, the
    /// template, the logo, the fonts of the workspace and the settings that a letter shows.
    pub fn digest(&self) -> &str {
        self.bundle.digest()
    }

    /// The files and settings of that, each with its SHA-256.
    pub fn sources(&self) -> &BTreeMap<String, String> {
        self.bundle.digests()
    }
}
