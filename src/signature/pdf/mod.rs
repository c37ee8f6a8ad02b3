//! A strict reader of PDF revisions (ISO 32000-2, 7.5): what the file says, or why it can't be trusted to say it.
//!
//! A signature covers bytes, a reader of the file sees objects. Where a file can be read in two ways, a signed letter can
//! show one person another text than was signed; so nothing is repaired here, and what a lenient program would guess at
//! is refused.

mod chain;
mod filter;
pub mod limits;
mod load;
pub mod object;
mod signatures;
mod syntax;
#[cfg(test)]
mod tests;
pub mod text;
mod trees;
mod view;
mod xref;

use std::collections::BTreeMap;
use std::ops::Range;

pub use object::{Dict, Id, Object, Stream, Value};
pub use signatures::{Lock, SignatureField, signatures};
pub use trees::Field;
pub use view::View;

use crate::error::Finding;

/// A PDF in memory with all its revisions.
#[derive(Debug)]
pub struct Document<'a> {
    bytes: &'a [u8],
    revisions: Vec<Revision>,
    history: load::History,
    notes: Vec<Finding>,
}

/// What one save of the file added to it (7.5.6).
#[derive(Debug, Clone)]
pub struct Revision {
    /// Its bytes in the file; they end after the line end that follows its `%%EOF`, where there is one.
    pub bytes: Range<usize>,
    /// Offset of its cross-reference section, the number after its `startxref`.
    pub xref: usize,
    /// Whether that section is a stream (7.5.8) and not a table.
    pub stream: bool,
    /// Its trailer; for a cross-reference stream that stream's dictionary.
    pub trailer: Dict,
    /// Every object that it defines or frees, by number.
    pub defined: BTreeMap<u32, Defined>,
}

/// Where a revision defines an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Defined {
    /// In the file itself: the bytes from its number to its `endobj`.
    Bytes {
        /// Generation number.
        generation: u16,
        /// Offsets in the file.
        span: Range<usize>,
    },
    /// In an object stream (7.5.7).
    Compressed {
        /// Number of the object stream.
        container: u32,
        /// Its place in there, from 0.
        index: u32,
    },
    /// Nowhere any more: it was freed.
    Free,
}

impl<'a> Document<'a> {
    /// Reads a file.
    ///
    /// # Errors
    /// The first thing that keeps it from being read in one way only, with the offset where it stands.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Finding> {
        let mut budget = limits::Budget::default();
        let links = chain::chain(bytes, &mut budget)?;
        let mut loader = load::Loader::new(bytes, budget);
        let mut revisions = Vec::with_capacity(links.len());
        for (number, link) in links.into_iter().enumerate() {
            revisions.push(loader.revision(link, number)?);
        }
        let (history, notes) = loader.finish()?;
        let document = Self { bytes, revisions, history, notes };
        for (number, revision) in document.revisions.iter().enumerate() {
            let catalog = document.at(number).catalog().1;
            if catalog.get(b"Type").and_then(Object::as_name) != Some(b"Catalog") {
                return Err(limits::refuse("pdf-root", revision.xref));
            }
        }
        Ok(document)
    }

    /// The file.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Its revisions, the oldest first; at least one.
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// How many arrays and dictionaries there are in all its objects: no way through it is longer.
    pub fn containers(&self) -> usize {
        let values = self.history.values().flatten().filter_map(|version| version.value.as_ref());
        values
            .map(|value| match value {
                Value::Object(object) => object.containers(),
                Value::Stream(stream) => stream.dict.containers(),
            })
            .sum()
    }

    /// What is odd about it and refuses nothing.
    pub fn notes(&self) -> &[Finding] {
        &self.notes
    }

    /// The document as it was after a revision, counted from 0; the last one for a number beyond it.
    pub fn at(&self, revision: usize) -> View<'_> {
        View::new(self, revision)
    }

    /// The document as it is.
    pub fn last(&self) -> View<'_> {
        self.at(usize::MAX)
    }
}
