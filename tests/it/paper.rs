//! Letters in memory: a workspace, its press, and the PDFs they give.

use std::path::Path;

use chrono::NaiveDate;
use postkamer::draft::{Composed, Draft, MAIN};
use postkamer::error::{Error, Finding, Result};
use postkamer::template::view::Numbering;
use postkamer::typeset::places::SignaturePlace;
use postkamer::typeset::world::Press;
use postkamer::workspace::Workspace;

use crate::support;

/// The number that a letter without one in its file gets.
pub const KENMERK: &str = "D2023-02-002694";

/// An opened workspace with its press.
pub struct Desk {
    pub files: support::Workspace,
    pub workspace: Workspace,
    pub press: Press,
}

impl Desk {
    /// A workspace with the repository's settings and example letters.
    pub fn new() -> Self {
        Self::changed(|_| {})
    }

    /// The same, with what `change` does to its files first.
    pub fn changed(change: impl FnOnce(&support::Workspace)) -> Self {
        let files = support::Workspace::new();
        change(&files);
        let workspace = Workspace::open(&files.path(""), &|_| None).expect("the settings are in order");
        let press = Press::new(&workspace).expect("the fonts are there");
        Self { files, workspace, press }
    }

    /// Writes a letter and composes it under a number.
    pub fn compose(&self, name: &str, text: &str, numbering: Numbering) -> Result<Composed> {
        self.files.write(name, text);
        self.composed(&self.files.path(name), numbering)
    }

    fn composed(&self, path: &Path, numbering: Numbering) -> Result<Composed> {
        let draft = Draft::read(&self.workspace, &self.press, path, &|_| Ok(None))?;
        draft.compose(&self.workspace, &draft.letter, day(), numbering, MAIN)
    }

    /// The PDF of a letter text under a number.
    pub fn pdf(&self, text: &str) -> Result<Vec<u8>> {
        self.printed(&self.compose("letters/x.md", text, given())?)
    }

    /// The PDF of a letter of the workspace.
    pub fn pdf_of(&self, letter: &str, numbering: Numbering) -> Result<Vec<u8>> {
        self.printed(&self.composed(&self.files.path(letter), numbering)?)
    }

    /// The PDF of a letter of the workspace, and where its signatures are to be seen.
    pub fn pdf_and_places(&self, letter: &str) -> (Vec<u8>, Vec<SignaturePlace>) {
        let composed = self.composed(&self.files.path(letter), given()).expect("a letter in order");
        let page = composed.lay_out(&self.press, MAIN).expect("it can be laid out");
        let pdf = composed.pdf(&self.workspace, &self.press, &page).expect("it conforms");
        (pdf, page.signature_places())
    }

    fn printed(&self, composed: &Composed) -> Result<Vec<u8>> {
        let page = composed.lay_out(&self.press, MAIN)?;
        composed.pdf(&self.workspace, &self.press, &page)
    }
}

/// A number for a letter that has none.
pub fn given() -> Numbering<'static> {
    Numbering::Given { reference: KENMERK, case: None }
}

/// The day of every test.
pub fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2023, 2, 21).expect("a day of the calendar")
}

/// The findings of a refusal.
#[track_caller]
pub fn refusal<T>(result: Result<T>) -> Vec<Finding> {
    match result {
        Ok(_) => panic!("it was not refused"),
        Err(Error::Refused(findings)) => findings,
        Err(error) => panic!("{error}"),
    }
}

/// A text as a TOML string, in which every character can stand.
pub fn toml(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            character if character.is_control() => quoted.push_str(&format!("\\U{:08X}", character as u32)),
            character => quoted.push(character),
        }
    }
    quoted + "\""
}
