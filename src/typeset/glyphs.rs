//! Finds text that no font could set, and gives every glyph the text that is its own.

use std::ops::Range;

use ecow::EcoVec;
use typst::layout::{Frame, FrameItem};
use typst::model::Document as _;
use typst::syntax::Span;
use typst::text::{Glyph, TextItem};
use typst_layout::{Page, PagedDocument};

/// Whether no text lacks a glyph or has a letter that could be in pieces, as in nearly every letter: nothing else here
/// needs to be asked then.
pub fn are_ordinary(document: &PagedDocument) -> bool {
    document.pages().iter().all(|page| is_ordinary(&page.frame))
}

fn is_ordinary(frame: &Frame) -> bool {
    frame.items().all(|(_, item)| match item {
        FrameItem::Group(group) => is_ordinary(&group.frame),
        FrameItem::Text(text) => is_plain(&text.text) && text.glyphs.iter().all(|glyph| glyph.id != 0),
        _ => true,
    })
}

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

/// Divides letters that are set in pieces over those pieces.
///
/// Where a font puts a mark at a height of its own, Typst makes a second piece of text for it and says of both that they
/// are the whole letter, so that a search, a copy or a reading aloud has it twice.
///
/// # Errors
/// A letter in more pieces than it has characters, with its span: it can't be divided.
pub fn divide(document: PagedDocument) -> Result<PagedDocument, (String, Span)> {
    if document.pages().iter().all(|page| !is_doubled(&page.frame)) {
        return Ok(document);
    }
    let mut pages: EcoVec<Page> = document.pages().into();
    pages.make_mut().iter_mut().try_for_each(|page| divide_frame(&mut page.frame))?;
    Ok(PagedDocument::new(pages, document.info().clone()))
}

fn is_doubled(frame: &Frame) -> bool {
    let inner = |(_, item): &(_, FrameItem)| matches!(item, FrameItem::Group(group) if is_doubled(&group.frame));
    frame.items().any(inner) || letters(frame).iter().any(Letter::is_in_pieces)
}

/// A letter of several characters, and the glyphs that it is set in.
struct Letter<'a> {
    text: &'a str,
    span: (Span, u16),
    /// Item, glyph and range in the item's text.
    glyphs: Vec<(usize, usize, Range<usize>)>,
}

impl Letter<'_> {
    fn is_in_pieces(&self) -> bool {
        self.glyphs.first().map(|glyph| glyph.0) != self.glyphs.last().map(|glyph| glyph.0)
    }

    /// The part of its text that each glyph stands for, in the order in which they are read.
    fn parts(&self) -> Option<Vec<Range<usize>>> {
        let mut starts: Vec<usize> = self.text.char_indices().map(|(at, _)| at).collect();
        let spare = starts.len().checked_sub(self.glyphs.len())?;
        starts.drain(1..=spare);
        let ends = starts[1..].iter().copied().chain([self.text.len()]);
        let mut parts: Vec<_> = starts.iter().zip(ends).map(|(&start, end)| start..end).collect();
        // Glyphs go from left to right, whichever way the script runs.
        if self.text.starts_with(is_from_right_to_left) {
            parts.reverse();
        }
        Some(parts)
    }
}

/// Whether a letter is of a script that runs from right to left: Hebrew, Arabic and their neighbours.
fn is_from_right_to_left(letter: char) -> bool {
    matches!(
        letter,
        '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}'
    )
}

/// The letters of several characters in the text of a frame, which Typst puts in one item after the other.
fn letters(frame: &Frame) -> Vec<Letter<'_>> {
    let mut found: Vec<Letter> = Vec::new();
    let mut last_item = None;
    for (at, (_, item)) in frame.items().enumerate() {
        let FrameItem::Text(text) = item else { continue };
        if is_plain(&text.text) {
            last_item = Some(at);
            continue;
        }
        for (index, glyph) in text.glyphs.iter().enumerate() {
            let (letter, range) = (&text.text[glyph.range()], glyph.range());
            if letter.chars().nth(1).is_none() {
                continue;
            }
            let continues = |last: &&mut Letter| {
                let follows = last.glyphs.last().is_some_and(|&(item, before, _)| {
                    (item == at && before + 1 == index)
                        || (index == 0 && last_item == Some(item) && is_last(frame, item, before))
                });
                follows && last.span == glyph.span && last.text == letter
            };
            match found.last_mut().filter(continues) {
                Some(last) => last.glyphs.push((at, index, range)),
                None => found.push(Letter { text: letter, span: glyph.span, glyphs: vec![(at, index, range)] }),
            }
        }
        last_item = Some(at);
    }
    found
}

/// Whether a text has no marks that combine: Latin letters and the punctuation of running text, so nearly always.
fn is_plain(text: &str) -> bool {
    text.is_ascii()
        || text
            .chars()
            .all(|letter| letter < '\u{300}' || matches!(letter, '\u{2010}'..='\u{2044}' | '\u{20A0}'..='\u{20BF}'))
}

fn is_last(frame: &Frame, item: usize, glyph: usize) -> bool {
    matches!(frame.items().nth(item), Some((_, FrameItem::Text(TextItem { glyphs, .. }))) if glyphs.len() == glyph + 1)
}

fn divide_frame(frame: &mut Frame) -> Result<(), (String, Span)> {
    let mut changes: Vec<(usize, usize, Range<usize>)> = Vec::new();
    for letter in letters(frame).iter().filter(|letter| letter.is_in_pieces()) {
        let parts = letter.parts().ok_or_else(|| (letter.text.to_string(), letter.span.0))?;
        let own = |((item, glyph, whole), part): (&(usize, usize, Range<usize>), Range<usize>)| {
            (*item, *glyph, whole.start + part.start..whole.start + part.end)
        };
        changes.extend(letter.glyphs.iter().zip(parts).map(own));
    }
    let (mut at, mut result) = (0, Ok(()));
    frame.retain(|item| {
        match item {
            FrameItem::Group(group) if result.is_ok() && is_doubled(&group.frame) => {
                result = divide_frame(&mut group.frame);
            }
            FrameItem::Text(text) => {
                for (_, glyph, range) in changes.iter().filter(|change| change.0 == at) {
                    set_range(&mut text.glyphs[*glyph], range);
                }
            }
            _ => {}
        }
        at += 1;
        true
    });
    result
}

fn set_range(glyph: &mut Glyph, range: &Range<usize>) {
    // The whole had offsets of 16 bits, so its parts have.
    glyph.range = range.start as u16..range.end as u16;
}
