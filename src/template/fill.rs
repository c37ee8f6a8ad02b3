//! Handlebars: a template is parsed and held against its contract once, and filled as often as there are letters.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use handlebars::template::{HelperTemplate, TemplateElement};
use handlebars::{Context, Handlebars, Helper, Output, RenderContext, RenderErrorReason, Template};
use serde_json::Value as Json;

use super::{literal, marks, names};
use crate::contract::Contract;
use crate::error::{Finding, Findings};
use crate::source::{SourceFile, SourceMap};

/// What a template is written in besides handlebars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The Markdown body of a letter.
    Body,
    /// The Typst of a letterhead; it may also use `{{typst value}}`.
    Letterhead,
}

/// The deepest nesting of blocks and of parentheses: handlebars' parser is recursive.
const MAX_DEPTH: usize = 24;

/// A template that passed its contract.
pub struct Filler {
    source: SourceFile,
    registry: Handlebars<'static>,
    pieces: Vec<Piece>,
    slots: Arc<Mutex<Vec<Slot>>>,
}

/// Where a piece of the template stands in the source.
#[derive(Debug, Clone)]
struct Piece {
    origin: Range<usize>,
    verbatim: bool,
}

/// What a value mark in a filled text stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Slot {
    /// Text of the data.
    Text(String),
    /// A whole value as a Typst expression, made by [`literal::typst`].
    Typst(String),
    /// A value that this letter does not have, by its name.
    Missing(String),
}

/// A filled template: text in which marks stand for values, and the way back to the source.
#[derive(Debug, Clone, PartialEq)]
pub struct Filled {
    /// The text.
    pub text: String,
    /// What the marks stand for, by their index.
    pub slots: Vec<Slot>,
    /// From offsets in `text` to offsets in the source file.
    pub map: SourceMap,
}

impl Filled {
    /// The text that a mark stands for; none for another character.
    pub fn value(&self, mark: char) -> Option<&str> {
        match self.slots.get(marks::value_index(mark)?)? {
            Slot::Text(text) | Slot::Typst(text) => Some(text),
            Slot::Missing(_) => Some(""),
        }
    }
}

impl Filler {
    /// Parses the part `range` of a file and holds its names against the contract; none when it was refused.
    pub fn parse(
        source: &SourceFile,
        range: Range<usize>,
        contract: &Contract,
        dialect: Dialect,
        findings: &mut Findings,
    ) -> Option<Self> {
        let text = &source.text()[range.clone()];
        let place = |local: Range<usize>| source.place(local.start + range.start..local.end + range.start);
        if let Some(at) = too_deep(text) {
            findings.push(Finding::error("nesting-too-deep").arg("limit", MAX_DEPTH).at(place(at..at + 2)));
            return None;
        }
        let mut template = match Template::compile(text) {
            Ok(template) => template,
            Err(error) => {
                let at = error.pos().map_or(0, |(line, column)| offset_of(text, line, column));
                let message = error.reason().to_string();
                let range = tag_range(text, at);
                findings.push(Finding::error("handlebars-syntax").arg("message", message.trim()).at(place(range)));
                return None;
            }
        };
        let locate = |line, column| tag_range(text, offset_of(text, line, column));
        let found = names::check(&template, contract, dialect, &locate);
        let refused = !found.is_empty();
        findings.extend(found.into_iter().map(|(finding, range)| finding.at(place(range))));
        if refused {
            return None;
        }
        let mut pieces = Pieces { text, offset: range.start, searched: 0, list: Vec::new() };
        if pieces.mark(&mut template).is_none() {
            findings.push(Finding::error("too-many-values").arg("limit", marks::CAPACITY).at(place(0..0)));
            return None;
        }
        let pieces = pieces.list;
        let slots = Arc::new(Mutex::new(Vec::new()));
        let registry = registry(template, &slots);
        Some(Self { source: source.clone(), registry, pieces, slots })
    }

    /// Fills the template. A value that the data lacks is a finding with its line.
    pub fn fill(&self, data: &Json, findings: &mut Findings) -> Filled {
        lock(&self.slots).clear();
        let rendered = Context::wraps(data).and_then(|context| self.registry.render_with_context("template", &context));
        let slots = std::mem::take(&mut *lock(&self.slots));
        let rendered = match rendered {
            Ok(text) => text,
            Err(error) => {
                let place = self.source.place_at(error.line_no.unwrap_or(1), error.column_no.unwrap_or(1));
                let message = error.reason().to_string();
                findings.push(Finding::error("handlebars-syntax").arg("message", message).at(place));
                String::new()
            }
        };
        if slots.len() >= marks::CAPACITY {
            findings.push(Finding::error("too-many-values").arg("limit", marks::CAPACITY).at(self.source.place(0..0)));
        }
        self.unmark(&rendered, slots, findings)
    }

    /// Takes the piece marks out of a rendered text and keeps what they say in the map.
    fn unmark(&self, rendered: &str, slots: Vec<Slot>, findings: &mut Findings) -> Filled {
        let mut text = String::with_capacity(rendered.len());
        let mut map = SourceMap::default();
        let mut current = 0..0;
        for character in rendered.chars() {
            if let Some(piece) = marks::piece_index(character).and_then(|index| self.pieces.get(index)) {
                current = piece.origin.clone();
                if piece.verbatim {
                    map.verbatim(text.len(), piece.origin.start);
                } else {
                    map.generated(text.len(), piece.origin.clone());
                }
                continue;
            }
            if let Some(Slot::Missing(name)) = marks::value_index(character).and_then(|index| slots.get(index)) {
                let finding = Finding::error("value-missing").key(name);
                findings.push(finding.at(self.source.place(current.clone())));
            }
            text.push(character);
        }
        Filled { text, slots, map }
    }
}

/// A registry whose every way of writing a value puts down a mark.
fn registry(template: Template, slots: &Arc<Mutex<Vec<Slot>>>) -> Handlebars<'static> {
    let mut registry = Handlebars::new();
    registry.register_template("template", template);
    for name in ["log", "raw", "lookup"] {
        registry.unregister_helper(name);
    }
    let text = Arc::clone(slots);
    registry.register_escape_fn(move |value| put(&text, Slot::Text(value.to_string())));
    let typst = Arc::clone(slots);
    registry.register_helper(
        "typst",
        Box::new(move |helper: &Helper, _: &Handlebars, _: &Context, _: &mut RenderContext, out: &mut dyn Output| {
            let value = helper.param(0).map_or(&Json::Null, |param| param.value());
            out.write(&put(&typst, Slot::Typst(literal::typst(value))))?;
            Ok(())
        }),
    );
    let missing = Arc::clone(slots);
    registry.register_helper(
        "helperMissing",
        Box::new(move |helper: &Helper, _: &Handlebars, _: &Context, _: &mut RenderContext, out: &mut dyn Output| {
            if !helper.params().is_empty() {
                return Err(RenderErrorReason::HelperNotFound(helper.name().to_string()).into());
            }
            out.write(&put(&missing, Slot::Missing(helper.name().to_string())))?;
            Ok(())
        }),
    );
    registry
}

fn put(slots: &Mutex<Vec<Slot>>, slot: Slot) -> String {
    let mut slots = lock(slots);
    slots.push(slot);
    marks::value(slots.len() - 1).map(String::from).unwrap_or_default()
}

fn lock(slots: &Mutex<Vec<Slot>>) -> std::sync::MutexGuard<'_, Vec<Slot>> {
    slots.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Puts a mark before every piece of a template.
struct Pieces<'a> {
    text: &'a str,
    offset: usize,
    /// Raw strings stand in the source in the order of the elements, so the search for the next one starts here.
    searched: usize,
    list: Vec<Piece>,
}

impl Pieces<'_> {
    fn mark(&mut self, template: &mut Template) -> Option<()> {
        let elements = std::mem::take(&mut template.elements);
        let mapping = std::mem::take(&mut template.mapping);
        for (at, mut element) in elements.into_iter().enumerate() {
            let position = mapping.get(at).map_or(self.searched, |map| offset_of(self.text, map.0, map.1));
            if let TemplateElement::RawString(raw) = &mut element {
                let origin = self.find(raw, position);
                raw.insert(0, self.put(origin)?);
            } else {
                let tag = tag_range(self.text, position);
                let before = self.put((tag, false))?;
                template.elements.push(TemplateElement::RawString(before.into()));
                template.mapping.extend(mapping.get(at).cloned());
                if let TemplateElement::HelperBlock(helper) | TemplateElement::Expression(helper) = &mut element {
                    self.helper(helper)?;
                }
            }
            template.elements.push(element);
            template.mapping.extend(mapping.get(at).cloned());
        }
        Some(())
    }

    fn helper(&mut self, helper: &mut HelperTemplate) -> Option<()> {
        if let Some(template) = &mut helper.template {
            self.mark(template)?;
        }
        if let Some(template) = &mut helper.inverse {
            self.mark(template)?;
        }
        Some(())
    }

    /// Handlebars trims white space around tags that stand alone, so a raw string may begin later than its element.
    fn find(&mut self, raw: &str, position: usize) -> (Range<usize>, bool) {
        let from = position.max(self.searched).min(self.text.len());
        match self.text.get(from..).and_then(|rest| rest.find(raw)) {
            Some(found) => {
                let start = from + found;
                self.searched = start + raw.len();
                (start..start + raw.len(), true)
            }
            None => (from..from, false),
        }
    }

    fn put(&mut self, (range, verbatim): (Range<usize>, bool)) -> Option<char> {
        self.list.push(Piece { origin: range.start + self.offset..range.end + self.offset, verbatim });
        marks::piece(self.list.len() - 1)
    }
}

/// The byte offset of a line and column, both counted from 1.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = &text[start..];
    start + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at)
}

/// From an offset to the end of the tag that begins there, or to the end of the line.
fn tag_range(text: &str, at: usize) -> Range<usize> {
    let rest = &text[at..];
    let line = rest.find('\n').unwrap_or(rest.len());
    let end = rest[..line].find("}}").map_or(line, |end| end + 2);
    at..at + end
}

/// Where blocks or parentheses nest deeper than any letter needs.
fn too_deep(text: &str) -> Option<usize> {
    let (mut blocks, mut parentheses, mut open) = (0usize, 0usize, false);
    let bytes = text.as_bytes();
    for at in 0..bytes.len().saturating_sub(2) {
        match &bytes[at..at + 3] {
            [b'{', b'{', b'#'] => blocks += 1,
            [b'{', b'{', b'/'] => blocks = blocks.saturating_sub(1),
            _ => {}
        }
        match &bytes[at..at + 2] {
            b"{{" => (open, parentheses) = (true, 0),
            b"}}" => open = false,
            [b'(', _] if open => parentheses += 1,
            [b')', _] => parentheses = parentheses.saturating_sub(1),
            _ => {}
        }
        if blocks > MAX_DEPTH || parentheses > MAX_DEPTH {
            return Some(at);
        }
    }
    None
}
