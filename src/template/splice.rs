//! Puts values into filled Typst, each escaped for the place where it stands.
//!
//! The place is not left to the template's author: Typst's own parser says whether a mark stands in markup, in a string
//! or in code. Where no text can stand (raw text, mathematics, a label) the template is refused.

use std::ops::Range;

use ecow::EcoVec;
use serde_json::Value as Json;
use typst::syntax::{LinkedNode, SyntaxKind};

use super::fill::{Filled, Slot};
use super::{BODY, literal, marks};
use crate::error::{Finding, Findings};
use crate::markup::escape::{typst_markup, typst_string};
use crate::source::{Place, SourceFile, SourceMap};

/// A letter's body as Typst, with the way back to the letter file.
#[derive(Debug, Clone, Default)]
pub struct TypstBody {
    /// The Typst markup.
    pub typst: String,
    /// From offsets in it to offsets in the filled Markdown.
    pub to_markdown: SourceMap,
    /// From there to offsets in the letter file.
    pub to_letter: SourceMap,
}

/// Whether the body stands in the letter's own text or in a file beside it; whole values stand where the body does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyIn {
    /// A file of its own, [`BODY_FILE`]: in a mailing it is the same for every addressee, parsed and evaluated once. So is
    /// the letter's own text when its values, in files of their own too, are all that differs.
    OwnFile,
    /// The same text, so that it can be written to one file.
    Text,
}

/// The path of the body, where it is a file of its own.
pub const BODY_FILE: &str = "/inhoud.typ";

/// The path of a whole value, where it is a file of its own.
pub fn value_file(index: usize) -> String {
    format!("/.postkamer/{index}.json")
}

/// What the body needs of the letterhead's library.
const BODY_IMPORT: &str = "#import \"/gedeeld/brief.typ\": aanbeveling\n";

/// A whole letter as Typst.
#[derive(Debug, Clone)]
pub struct Assembled {
    /// The text.
    pub text: String,
    /// The text of [`BODY_FILE`].
    pub body_text: String,
    /// Whole values as JSON, by the index that [`value_file`] takes.
    pub values: Vec<String>,
    letterhead: (SourceFile, SourceMap),
    letter: SourceFile,
    body: TypstBody,
    body_at: Option<usize>,
}

impl Assembled {
    /// A text of the program's own, which no file of the user stands behind.
    pub fn plain(text: String) -> Self {
        let nowhere = || SourceFile::new("", "");
        Self {
            text,
            body_text: String::new(),
            values: Vec::new(),
            letterhead: (nowhere(), SourceMap::default()),
            letter: nowhere(),
            body: TypstBody::default(),
            body_at: None,
        }
    }

    /// Where a range of the text comes from: the letter file or the template.
    pub fn place(&self, range: Range<usize>) -> Option<Place> {
        if let Some(at) = self.body_at
            && range.start >= at
            && range.start < at + self.body.typst.len()
        {
            return self.body_place(range.start - at..range.end.saturating_sub(at));
        }
        let (source, map) = &self.letterhead;
        Some(source.place(map.trace(range)?))
    }

    /// Where a range of [`BODY_FILE`] comes from.
    pub fn body_file_place(&self, range: Range<usize>) -> Option<Place> {
        let in_body = |at: usize| at.saturating_sub(BODY_IMPORT.len());
        self.body_place(in_body(range.start)..in_body(range.end))
    }

    /// Where the letter's body says something, by the Typst text that it became.
    pub fn place_in_body(&self, typst: &str) -> Option<Place> {
        let at = self.body.typst.find(typst)?;
        self.body_place(at..at + typst.len())
    }

    fn body_place(&self, range: Range<usize>) -> Option<Place> {
        let markdown = self.body.to_markdown.trace(range)?;
        Some(self.letter.place(self.body.to_letter.trace(markdown)?))
    }
}

/// Where a mark stands.
#[derive(Clone, Copy)]
enum Context {
    Markup,
    String,
    Code,
    Comment,
    /// Where no text can stand.
    Elsewhere,
}

/// Assembles a letter from its filled letterhead and its body.
pub fn assemble(
    filled: &Filled,
    template: &SourceFile,
    letter: &SourceFile,
    body: TypstBody,
    body_in: BodyIn,
    findings: &mut Findings,
) -> Assembled {
    let mut text = String::with_capacity(filled.text.len() + body.typst.len());
    let mut map = SourceMap::default();
    let (mut body_at, mut has_body) = (None, false);
    let mut values = Vec::new();
    let mut whole = |value: &Json| match body_in {
        BodyIn::Text => literal::typst(value),
        BodyIn::OwnFile => {
            // As `to_string`, but without a formatter between them.
            values.push(serde_json::to_string(value).unwrap_or_default());
            format!("std.json({})", typst_string(&value_file(values.len() - 1)))
        }
    };
    let mut copied = 0;
    for (at, context) in contexts(&filled.text) {
        let Some(mark) = filled.text[at..].chars().next() else { continue };
        map.copy(&filled.map, copied..at, text.len());
        text.push_str(&filled.text[copied..at]);
        copied = at + mark.len_utf8();
        let Some(slot) = marks::value_index(mark).and_then(|index| filled.slots.get(index)) else { continue };
        let origin = filled.map.trace(at..copied).unwrap_or(0..0);
        map.generated(text.len(), origin.clone());
        match (slot, context) {
            (Slot::Text(value), context) if value == BODY => {
                has_body |= !matches!(context, Context::Comment);
                match (context, body_in) {
                    (Context::Markup, BodyIn::Text) => {
                        body_at = Some(text.len());
                        text.push_str(&body.typst);
                    }
                    (Context::Markup, BodyIn::OwnFile) => {
                        text.push_str("#include ");
                        text.push_str(&typst_string(BODY_FILE));
                        text.push(';');
                    }
                    (Context::Comment, _) => {}
                    _ => findings.push(Finding::error("value-misplaced").at(template.place(origin))),
                }
            }
            (Slot::Text(value), Context::Markup) => text.push_str(&typst_markup(value)),
            (Slot::Text(value), Context::Code) => text.push_str(&typst_string(value)),
            (Slot::Text(value), Context::String) => {
                let quoted = typst_string(value);
                text.push_str(&quoted[1..quoted.len() - 1]);
            }
            (Slot::Whole(value), Context::Code) => text.push_str(&whole(value)),
            (Slot::Whole(value), Context::Markup) => {
                text.push('#');
                text.push_str(&whole(value));
                text.push(';');
            }
            (_, Context::Comment) | (Slot::Missing(_), _) => {}
            (_, Context::Elsewhere | Context::String) => {
                findings.push(Finding::error("value-misplaced").at(template.place(origin)));
            }
        }
    }
    map.copy(&filled.map, copied..filled.text.len(), text.len());
    text.push_str(&filled.text[copied..]);
    if !has_body && !body.typst.is_empty() {
        findings.push(Finding::error("body-left-out").at(template.place(0..0)));
    }
    let body_text = [BODY_IMPORT, &body.typst].concat();
    let letterhead = (template.clone(), map);
    Assembled { text, body_text, values, letterhead, letter: letter.clone(), body, body_at }
}

/// Every mark in a filled letterhead, in order, with its context. Letters that differ in their values only have the same.
#[comemo::memoize]
fn contexts(text: &str) -> EcoVec<(usize, Context)> {
    let mut found = EcoVec::new();
    let root = typst::syntax::parse(text);
    let mut stack = vec![LinkedNode::new(&root)];
    while let Some(node) = stack.pop() {
        let children: Vec<_> = node.children().collect();
        if !children.is_empty() {
            stack.extend(children.into_iter().rev());
            continue;
        }
        let text = node.leaf_text();
        for (at, _) in text.char_indices().filter(|&(_, character)| marks::is_mark(character)) {
            let context = match node.kind() {
                SyntaxKind::Text if node.parent_kind() == Some(SyntaxKind::Raw) => Context::Elsewhere,
                SyntaxKind::Text => Context::Markup,
                SyntaxKind::Str => Context::String,
                SyntaxKind::LineComment | SyntaxKind::BlockComment => Context::Comment,
                SyntaxKind::Error => Context::Code,
                _ => Context::Elsewhere,
            };
            found.push((node.offset() + at, context));
        }
    }
    found
}
