//! A letter: its file, its front matter held against the contract, and what is derived from it.

pub mod address;
pub mod addressee;
pub mod advice;
pub mod answered;
mod body;
pub mod characters;
pub mod doubts;
pub mod edit;
pub mod file;
pub mod front;
pub mod kix;
pub mod salutation;
pub mod scaffold;
pub mod words;

use std::ops::Range;

use crate::contract::check::{self, Checked};
use crate::contract::{Contract, Field, Kind};
use crate::error::Findings;
use crate::source::SourceFile;
use words::Language;

/// A letter file whose front matter passed its contract.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The file.
    pub source: SourceFile,
    /// The front matter.
    pub front: Checked,
    /// Where the body stands in the file.
    pub body: Range<usize>,
}

impl Letter {
    /// The name of the template in a letter file, as far as it can be read: the contract depends on it.
    pub fn template_name(source: &SourceFile, front: Range<usize>) -> Option<String> {
        Self::text_of(source, front, "sjabloon")
    }

    /// What a letter file is about, as far as it can be read: for lists, which show mistakes as little as they can.
    pub fn subject(source: &SourceFile) -> Option<String> {
        let parts = file::split(source).ok()?;
        Self::text_of(source, parts.front, "onderwerp").filter(|subject| !subject.trim().is_empty())
    }

    fn text_of(source: &SourceFile, front: Range<usize>, name: &str) -> Option<String> {
        let contract: Contract = [Field::optional(name, Kind::Text, "")].into_iter().collect();
        let checked = check::check(source, front, &contract, &mut Findings::default());
        checked.text(name).map(String::from)
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.front.text("taal").and_then(Language::from_code).unwrap_or_default()
    }

    /// The number printed on the letter, if its file has one.
    pub fn reference(&self) -> Option<&str> {
        self.front.text("kenmerk").map(str::trim)
    }

    /// Whether it asks the register for a case number of its own.
    pub fn asks_for_case(&self) -> bool {
        self.front.text("zaaknummer") == Some("nieuw")
    }

    /// The enclosures: their paths as written, and how many there are.
    pub fn enclosures(&self) -> (Vec<&str>, usize) {
        match self.front.get("bijlagen") {
            Some(serde_json::Value::Array(paths)) => {
                (paths.iter().filter_map(|path| path.as_str()).collect(), paths.len())
            }
            Some(count) => (Vec::new(), count.as_u64().unwrap_or(0) as usize),
            None => (Vec::new(), 0),
        }
    }

    /// What names the body may use: the front matter's, with the specimen row's own columns.
    pub fn body_contract(&self, front: &Contract) -> Contract {
        let row = self.front.keys_below("rij").map(|name| Field::optional(name, Kind::Text, "")).collect();
        front.clone().with([Field::optional("rij", Kind::Table(row), "")])
    }
}
