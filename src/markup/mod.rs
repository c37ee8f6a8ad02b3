//! Text to Typst: escaping for every position, and a letter's Markdown body.
//!
//! Values from data reach the Markdown as *sentinels*, one private-use character each, which CommonMark takes for part
//! of a word. Whatever a value holds, it is written as a Typst string and never read as Markdown or Typst.

pub mod escape;
pub mod markdown;

use std::ops::Range;

use crate::error::Finding;
use crate::source::SourceMap;

/// The sentinel of the first value; those of the others follow it.
pub const FIRST_VALUE: char = '\u{F0000}';

/// The last character that can stand for a value.
pub const LAST_VALUE: char = '\u{FFFFD}';

/// What a body may ask about the world around it.
pub trait Surroundings {
    /// The value that a sentinel stands for; none if the character is the writer's own.
    fn value(&self, sentinel: char) -> Option<&str>;

    /// The Typst path of an image as the body names it (`figuren/x.svg`).
    ///
    /// # Errors
    /// Why it can't be had: it isn't there, lies outside the workspace, or is no image.
    fn image(&self, path: &str) -> Result<String, Finding>;
}

/// A body turned into Typst markup.
#[derive(Debug)]
pub struct Body {
    /// The markup, which expects the letterhead to define `aanbeveling(nummer, tekst)`.
    pub typst: String,
    /// Leads offsets in `typst` back to the Markdown.
    pub map: SourceMap,
    /// What is wrong with the Markdown, in the order of the text.
    pub findings: Vec<MarkupFinding>,
}

/// A finding and where in the Markdown it is.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkupFinding {
    /// The finding, still without a place: only the caller knows the file that the Markdown stands in.
    pub finding: Finding,
    /// Byte range in the Markdown text.
    pub range: Range<usize>,
}

/// Whether a character is one that stands for a value.
fn is_sentinel(c: char) -> bool {
    (FIRST_VALUE..=LAST_VALUE).contains(&c)
}
