//! How much a file may ask of the program, so that a small hostile file can't take all memory or a day.

use crate::error::Finding;

/// Bytes of a file. A letter with scanned enclosures stays below a tenth of it.
pub const FILE: usize = 256 << 20;
/// Entries of all cross-reference sections together; a tagged page has some hundreds.
pub const OBJECTS: usize = 2_000_000;
/// Numbers, names, strings, arrays and dictionaries of all objects together: each takes up to sixty bytes in memory, where
/// two bytes of the file can write one.
pub const VALUES: usize = 12_000_000;
/// Arrays and dictionaries in each other: what programs write stays below ten.
pub const NESTING: usize = 64;
/// Saves of one file: a signature with its time-stamps takes up to four.
pub const REVISIONS: usize = 200;
/// Decoded bytes of one cross-reference or object stream.
pub const DECODED: usize = 64 << 20;
/// Decoded bytes of all of them.
pub const DECODED_IN_ALL: usize = 512 << 20;
/// Pages of a document.
pub const PAGES: usize = 100_000;
/// Levels of the page tree and of the tree of fields, whose nodes can refer to each other in a circle.
pub const LEVELS: usize = 64;
/// Fields of the form and their widgets.
pub const FIELDS: usize = 100_000;

/// Signatures of a document; each is looked up in every revision.
pub const SIGNATURES: usize = 200;

/// What a file has used of the limits so far.
#[derive(Debug, Default)]
pub(super) struct Budget {
    values: usize,
    objects: usize,
    decoded: usize,
}

impl Budget {
    /// Another value.
    ///
    /// # Errors
    /// When there are more than any letter has.
    pub fn value(&mut self) -> Result<(), Finding> {
        self.values += 1;
        within("values", self.values, VALUES)
    }

    /// Another entry of a cross-reference section.
    ///
    /// # Errors
    /// When there are more than any letter has.
    pub fn object(&mut self) -> Result<(), Finding> {
        self.objects += 1;
        within("objects", self.objects, OBJECTS)
    }

    /// How many bytes a stream may decode to.
    pub fn decodable(&self) -> usize {
        DECODED.min(DECODED_IN_ALL.saturating_sub(self.decoded))
    }

    /// So many bytes were decoded.
    pub fn decoded(&mut self, bytes: usize) {
        self.decoded = self.decoded.saturating_add(bytes);
    }
}

/// Refuses a number above its limit.
pub(super) fn within(what: &'static str, number: usize, most: usize) -> Result<(), Finding> {
    if number <= most {
        return Ok(());
    }
    Err(Finding::error("pdf-limit").arg("what", what).arg("most", most))
}

/// A refusal of what stands at an offset of the file.
pub(super) fn refuse(code: &'static str, offset: usize) -> Finding {
    Finding::error(code).arg("offset", offset)
}
