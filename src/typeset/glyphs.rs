//! Finds text that no font could set: a box on the page where a letter should be.

use typst::layout::{Frame, FrameItem};
use typst::syntax::Span;
use typst_layout::PagedDocument;

/// Every character without a glyph, with the span of its text.
pub fn missing(document: &PagedDocument) -> Vec<(char, Span)> {
    let mut found = Vec::new();
    for page in document.pages() {
        search(&page.frame, &mut found);
    }
    found
}

fn search(frame: &Frame, found: &mut Vec<(char, Span)>) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => search(&group.frame, found),
            FrameItem::Text(text) => {
                for glyph in text.glyphs.iter().filter(|glyph| glyph.id == 0) {
                    let character = text.text[glyph.range()].chars().next().unwrap_or('\u{FFFD}');
                    found.push((character, glyph.span.0));
                }
            }
            _ => {}
        }
    }
}
