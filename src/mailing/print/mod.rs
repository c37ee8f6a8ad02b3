//! The print file of a mailing: its letters one after another in one PDF, to be printed on both sides of the paper.
//!
//! It is made for a printer and for nothing else. The letters in the archive count; tags, metadata, forms and whatever a
//! letter has besides its pages are left out, and nothing says PDF/A or PDF/UA.
//!
//! It is written as it grows (`file.rs`): a letter is read, its pages are brought over (`page.rs`), and it is forgotten.
//! What many letters have in common, such as fonts, logo and colour profiles, is written once (`shared.rs`). Kept are, for
//! each object, where it stands and the hash of what it is; for each page its number.

mod bookmarks;
mod file;
mod page;
mod shared;
#[cfg(test)]
mod tests;
mod tree;

use std::io::Write;

use bookmarks::Bookmarks;
use file::File;
use shared::{Copy, Shared};
use tree::PageTree;

use crate::error::{Error, Finding, Result};
use crate::messages::{Messages, Tongue};
use crate::signature::pdf::text::encoded;
use crate::signature::pdf::{Dict, Document, Id, Object};

/// One letter of a print file.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Its bookmark.
    pub title: String,
    /// The letter, signed or not.
    pub pdf: Vec<u8>,
}

/// What was put together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Printed {
    /// Letters.
    pub letters: usize,
    /// Pages, blank ones included.
    pub pages: usize,
    /// Blank pages, one after each letter with an odd number of pages.
    pub blanks: usize,
}

/// Writes the letters one after another as one PDF (1.7), to be printed on both sides of the paper: each begins on a
/// right-hand page and has a bookmark. The same letters give the same bytes.
///
/// `title` is the document's title and `language` the language of the letters (`nl`, `en`, `de`), in which the document's
/// properties say what it is; where the catalogues lack it, in English.
///
/// # Errors
/// [`Error::Refused`] when there are no letters, or one can't be read: `print-piece-broken` with its title, followed by
/// what the reader found; when one has layers that can be shown or not; when there are more objects than readers of PDF
/// take. [`Error::Outside`] with the action `print` and without a path when `out` takes no more. What was written until
/// then is no PDF.
pub fn merge(
    title: &str,
    language: &str,
    pieces: impl Iterator<Item = Result<Piece>>,
    out: &mut dyn Write,
) -> Result<Printed> {
    let mut file = File::begin(out)?;
    let mut bookmarks = Bookmarks::begin(&mut file)?;
    let (mut shared, mut tree, mut printed) = (Shared::default(), PageTree::default(), Printed::default());
    for piece in pieces {
        let piece = piece?;
        let before = tree.len();
        let (first, size) = add(&piece, &mut file, &mut shared, &mut tree)?;
        bookmarks.add(&mut file, &piece.title, first)?;
        printed.letters += 1;
        if (tree.len() - before) % 2 == 1 {
            page::put_blank(&mut file, &mut tree, size)?;
            printed.blanks += 1;
        }
    }
    if printed.letters == 0 {
        return Err(Finding::error("print-nothing").into());
    }
    printed.pages = tree.len();
    let pages = tree.finish(&mut file)?;
    let bookmarks = bookmarks.finish(&mut file)?;
    let (root, info) = (file.reserve()?, file.reserve()?);
    file.put_dict(root, &catalog(language, pages, bookmarks))?;
    file.put_dict(info, &information(title, language))?;
    file.finish(root, info)?;
    Ok(printed)
}

/// Adds the pages of a letter; gives the first one and the size of the last.
fn add(piece: &Piece, file: &mut File, shared: &mut Shared, tree: &mut PageTree) -> Result<(Id, Dict)> {
    let about = |code: &'static str| Finding::error(code).arg("title", &piece.title);
    let broken = |reasons: Vec<Finding>| Error::Refused([vec![about("print-piece-broken")], reasons].concat());
    let document = Document::read(&piece.pdf).map_err(|reason| broken(vec![reason]))?;
    let view = document.last();
    // Without the document's list of them, layers that are switched off would be printed.
    if view.catalog().1.get(b"OCProperties").is_some() {
        return Err(about("print-piece-layers").into());
    }
    let pages = page::list(&view).map_err(|reason| broken(vec![reason]))?;
    let mut copy = Copy::new(view, file, shared);
    let mut ends = None;
    for page in &pages {
        let (number, size) = page::put(&mut copy, tree, page)?;
        let first = ends.map_or(number, |(first, _)| first);
        ends = Some((first, size));
    }
    ends.ok_or_else(|| broken(Vec::new()))
}

/// The catalog: printed on both sides, turned over the long edge, at its own size (12.2, table 150).
fn catalog(language: &str, pages: Id, bookmarks: Id) -> Dict {
    let preferences = Dict::new()
        .with("DisplayDocTitle", Object::Bool(true))
        .with("Duplex", Object::name("DuplexFlipLongEdge"))
        .with("PrintScaling", Object::name("None"));
    Dict::new()
        .with("Type", Object::name("Catalog"))
        .with("Pages", Object::Reference(pages))
        .with("Outlines", Object::Reference(bookmarks))
        .with("PageMode", Object::name("UseOutlines"))
        .with("Lang", encoded(language))
        .with("ViewerPreferences", Object::Dictionary(preferences))
}

/// The document's properties, which say that it is not what is kept (14.3.3).
fn information(title: &str, language: &str) -> Dict {
    let messages = Messages::new(Tongue::of_locale(language));
    Dict::new()
        .with("Title", encoded(&messages.text("print-file-title", &[("title", title)])))
        .with("Subject", encoded(&messages.text("print-file-subject", &[])))
        .with("Keywords", encoded(&messages.text("print-file-keywords", &[])))
        .with("Creator", encoded(concat!("postkamer ", env!("CARGO_PKG_VERSION"))))
}
