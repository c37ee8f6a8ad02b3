//! The fonts: the binary's and the workspace's, never the system's, so that a letter looks the same everywhere.

use typst::foundations::Bytes;
use typst::layout::Abs;
use typst::text::{Font, FontBook, FontFlags, FontInstance, FontVariations};
use typst::utils::LazyHash;
use typst_kit::fonts::FontStore;
use unicode_normalization::UnicodeNormalization;

use crate::assets;
use crate::contract::characters;
use crate::error::{Finding, Result};
use crate::source::SourceFile;
use crate::workspace::Workspace;

/// The fonts of a workspace.
pub struct Fonts {
    store: FontStore,
    /// Those for running text, which fonts for code are not.
    running: Vec<FontInstance>,
}

impl Fonts {
    /// Loads the workspace's own fonts and the shipped ones; the workspace's win.
    ///
    /// # Errors
    /// When a font of the workspace can't be read.
    pub fn load(workspace: &Workspace) -> Result<Self> {
        let mut store = FontStore::new();
        let mut running = Vec::new();
        let mut own = Vec::new();
        for (path, bytes) in workspace.fonts()? {
            let bytes = Bytes::new(bytes);
            if Font::iter(bytes.clone()).next().is_none() {
                let place = SourceFile::new(&path, "").place(0..0);
                return Err(Finding::error("font-unreadable").arg("path", path.display()).at(place).into());
            }
            own.push(bytes);
        }
        let shipped = assets::fonts().into_iter().map(|font| match font {
            std::borrow::Cow::Borrowed(bytes) => Bytes::new(bytes),
            std::borrow::Cow::Owned(bytes) => Bytes::new(bytes),
        });
        for font in own.into_iter().chain(shipped).flat_map(Font::iter) {
            let info = font.info().clone();
            if !info.flags.contains(FontFlags::MONOSPACE) {
                running.push(font.clone().instantiate(info.variant, Abs::zero(), &FontVariations::default()));
            }
            store.push((font, info));
        }
        Ok(Self { store, running })
    }

    /// What Typst asks of the fonts.
    pub fn book(&self) -> &LazyHash<FontBook> {
        self.store.book()
    }

    /// The font with an index of the book.
    pub fn font(&self, index: usize) -> Option<Font> {
        self.store.font(index)
    }

    /// Why a character of a value can't be set, as a code of a finding; none if it can.
    ///
    /// Refused are control characters, characters that steer the direction of the text or show nothing, and characters
    /// that no font has.
    pub fn refused(&self, character: char) -> Option<&'static str> {
        if let Some(code) = characters::unfit(character) {
            return Some(code);
        }
        let composed = || std::iter::once(character).nfc().all(|character| self.has(character));
        (!self.has(character) && !composed()).then_some("character-without-font")
    }

    /// Whether a font for running text has a glyph for a character.
    ///
    /// The book's coverage won't do: it also counts characters that a font maps to its empty box.
    fn has(&self, character: char) -> bool {
        self.running.iter().any(|font| font.ttf().glyph_index(character).is_some_and(|glyph| glyph.0 != 0))
    }
}
