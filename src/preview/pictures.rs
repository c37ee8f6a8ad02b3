//! The pictures of pages, kept while somebody types: most of a letter stays what it was.

use std::collections::VecDeque;
use std::sync::Arc;

use typst::utils::hash128;
use typst_layout::{Page, PagedDocument};

use super::Sheet;
use crate::register::files::sha256;
use crate::typeset::export;

/// How many pictures of pages are kept.
const DRAWN: usize = 32;

/// A page, with its picture unless that is known.
pub(super) type Drawn = (Sheet, Option<Arc<str>>);

/// Pictures of pages, the last used last.
#[derive(Default)]
pub(super) struct Pictures(VecDeque<Picture>);

struct Picture {
    page: u128,
    hash: String,
    svg: Arc<str>,
}

impl Pictures {
    /// The pages of a letter, with the pictures whose hashes are not in `known`.
    pub fn of(&mut self, document: &PagedDocument, known: &[String]) -> Vec<Drawn> {
        document.pages().iter().map(|page| self.of_page(page, known)).collect()
    }

    fn of_page(&mut self, page: &Page, known: &[String]) -> Drawn {
        let key = hash128(page);
        let kept = self.0.iter().position(|picture| picture.page == key).and_then(|at| self.0.remove(at));
        let picture = kept.unwrap_or_else(|| {
            let svg = export::svg_page(page);
            Picture { page: key, hash: sha256(svg.as_bytes()), svg: svg.into() }
        });
        let svg = (!known.contains(&picture.hash)).then(|| picture.svg.clone());
        let sheet = Sheet { hash: picture.hash.clone(), bytes: svg.as_ref().map_or(0, |svg| svg.len()) };
        self.0.push_back(picture);
        if self.0.len() > DRAWN {
            self.0.pop_front();
        }
        (sheet, svg)
    }
}
