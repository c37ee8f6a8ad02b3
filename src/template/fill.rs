//! Handlebars: a template is parsed and held against its contract once, and filled as often as there are letters.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use handlebars::template::{HelperTemplate, TemplateElement};
use handlebars::{Context, Handlebars, Helper, Output, RenderContext, RenderErrorReason, Template};
use serde_json::Value as Json;

use super::tags::{bounds, offset_of, slip, tag_range};
use super::{marks, names};
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

/// The most bytes that a filled template may hold, its values included: loops within loops could fill any memory.
const MAX_FILLED: usize = 4 << 20;

/// A template that passed its contract.
pub struct Filler {
    source: SourceFile,
    /// The part of the file that is the template.
    range: Range<usize>,
    registry: Handlebars<'static>,
    pieces: Vec<Piece>,
    slots: Arc<Mutex<Slots>>,
}

/// The values of a text that is being filled.
#[derive(Default)]
struct Slots {
    list: Vec<Slot>,
    /// Bytes of their text.
    size: usize,
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
    /// A whole value, which Typst gets as it is.
    Whole(Json),
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
            Slot::Text(text) => Some(text),
            Slot::Whole(_) | Slot::Missing(_) => Some(""),
        }
    }

    /// The text with its values in place.
    pub fn plain(&self) -> String {
        let mut plain = String::with_capacity(self.text.len());
        for character in self.text.chars() {
            match self.value(character) {
                Some(value) => plain.push_str(value),
                None => plain.push(character),
            }
        }
        plain
    }

    /// Whether a part of the text holds the mark of a missing value.
    pub fn has_missing(&self, text: &str) -> bool {
        let slots = text.chars().filter_map(|mark| self.slots.get(marks::value_index(mark)?));
        slots.into_iter().any(|slot| matches!(slot, Slot::Missing(_)))
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
        if let Err((finding, at)) = bounds(text) {
            findings.push(finding.at(place(at..at + 2)));
            return None;
        }
        let mut template = match Template::compile(text) {
            Ok(template) => template,
            Err(error) => {
                let (finding, range) = slip(text).unwrap_or_else(|| {
                    let at = error.pos().map_or(0, |(line, column)| offset_of(text, line, column));
                    (Finding::error("handlebars-syntax"), tag_range(text, at))
                });
                findings.push(finding.at(place(range)));
                return None;
            }
        };
        let locate = |line, column| tag_range(text, offset_of(text, line, column));
        // What is wrong is left out when the text is filled, so that the rest of it can still be judged.
        let found = names::check(&template, contract, dialect, &locate);
        findings.extend(found.into_iter().map(|(finding, range)| finding.at(place(range))));
        let mut pieces = Pieces { text, offset: range.start, searched: 0, list: Vec::new() };
        if pieces.mark(&mut template).is_none() {
            findings.push(Finding::error("too-many-values").arg("limit", marks::CAPACITY).at(place(0..0)));
            return None;
        }
        let pieces = pieces.list;
        let slots = Arc::new(Mutex::new(Slots::default()));
        let registry = registry(template, &slots);
        Some(Self { source: source.clone(), range, registry, pieces, slots })
    }

    /// Whether the template is plain text, which is filled alike whatever the data are.
    pub fn has_no_tags(&self) -> bool {
        self.pieces.iter().all(|piece| piece.verbatim)
    }

    /// Fills the template. A value that the data lacks is a finding with its line.
    pub fn fill(&self, data: &Json, findings: &mut Findings) -> Filled {
        self.fill_in(&Context::from(data.clone()), findings)
    }

    /// Fills the template with data that handlebars has already: more than one template is filled with the same.
    pub fn fill_in(&self, data: &Context, findings: &mut Findings) -> Filled {
        *lock(&self.slots) = Slots::default();
        let mut out = Page { text: Vec::new(), slots: &self.slots };
        let rendered = self.registry.render_with_context_to_write("template", data, &mut out);
        let text = out.text;
        let Slots { list: slots, size } = std::mem::take(&mut *lock(&self.slots));
        let rendered = match rendered {
            Ok(()) if size <= MAX_FILLED => String::from_utf8(text).unwrap_or_default(),
            Err(error) if size <= MAX_FILLED && !matches!(error.reason(), RenderErrorReason::IOError(_)) => {
                let text = &self.source.text()[self.range.clone()];
                let at = offset_of(text, error.line_no.unwrap_or(1), error.column_no.unwrap_or(1));
                let tag = tag_range(text, at);
                let place = self.source.place(self.range.start + tag.start..self.range.start + tag.end);
                tracing::debug!(%error, "a template could not be filled");
                findings.push(Finding::error("handlebars-syntax").at(place));
                String::new()
            }
            _ => {
                let start = self.range.start;
                findings.push(Finding::error("body-too-long").at(self.source.place(start..start)));
                String::new()
            }
        };
        self.unmark(&rendered, slots, findings)
    }

    /// Takes the piece marks out of a rendered text and keeps what they say in the map.
    fn unmark(&self, rendered: &str, slots: Vec<Slot>, findings: &mut Findings) -> Filled {
        let mut text = String::with_capacity(rendered.len());
        let mut map = SourceMap::default();
        let mut current = 0..0;
        let mut rest = rendered;
        while let Some(at) = rest.bytes().position(marks::may_begin) {
            text.push_str(&rest[..at]);
            let mut characters = rest[at..].chars();
            let Some(character) = characters.next() else { break };
            rest = characters.as_str();
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
        text.push_str(rest);
        Filled { text, slots, map }
    }
}

/// A registry whose every way of writing a value puts down a mark.
fn registry(template: Template, slots: &Arc<Mutex<Slots>>) -> Handlebars<'static> {
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
            out.write(&put(&typst, Slot::Whole(value.clone())))?;
            Ok(())
        }),
    );
    let missing = Arc::clone(slots);
    registry.register_helper(
        "helperMissing",
        Box::new(move |helper: &Helper, _: &Handlebars, _: &Context, _: &mut RenderContext, out: &mut dyn Output| {
            // With parameters it is a helper that does not exist, and was found as such.
            if helper.params().is_empty() {
                out.write(&put(&missing, Slot::Missing(helper.name().to_string())))?;
            }
            Ok(())
        }),
    );
    registry.register_helper(
        "blockHelperMissing",
        Box::new(|_: &Helper, _: &Handlebars, _: &Context, _: &mut RenderContext, _: &mut dyn Output| Ok(())),
    );
    registry
}

fn put(slots: &Mutex<Slots>, slot: Slot) -> String {
    let mut slots = lock(slots);
    slots.size += match &slot {
        Slot::Text(text) | Slot::Missing(text) => text.len(),
        Slot::Whole(value) => size(value),
    };
    let mark = marks::value(slots.list.len()).filter(|_| slots.size <= MAX_FILLED);
    match mark {
        Some(mark) => {
            slots.list.push(slot);
            mark.into()
        }
        None => {
            slots.size = usize::MAX / 2;
            String::new()
        }
    }
}

/// About as many bytes as a value takes when it is written.
fn size(value: &Json) -> usize {
    match value {
        Json::String(text) => text.len() + 4,
        Json::Array(items) => items.iter().map(size).sum::<usize>() + 2,
        Json::Object(fields) => fields.iter().map(|(key, value)| key.len() + 4 + size(value)).sum::<usize>() + 2,
        _ => 8,
    }
}

/// A text that is being filled, up to a length.
struct Page<'a> {
    text: Vec<u8>,
    slots: &'a Mutex<Slots>,
}

impl std::io::Write for Page<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.text.len() + bytes.len() + lock(self.slots).size > MAX_FILLED {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn lock(slots: &Mutex<Slots>) -> std::sync::MutexGuard<'_, Slots> {
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
                let mut marked = String::with_capacity(raw.len() + 4);
                // Braces in it were written with a backslash, which handlebars took away.
                let starts = raw.match_indices("{{").map(|(start, _)| start).filter(|&start| start > 0);
                let ends: Vec<usize> = starts.chain([raw.len()]).collect();
                let mut start = 0;
                for end in ends {
                    let origin = self.find(&raw[start..end], if start == 0 { position } else { self.searched });
                    marked.push(self.put(origin)?);
                    marked.push_str(&raw[start..end]);
                    start = end;
                }
                *raw = marked;
            } else {
                let tag = tag_range(self.text, position);
                let before = self.put((tag, false))?;
                template.elements.push(TemplateElement::RawString(before.into()));
                template.mapping.extend(mapping.get(at).cloned());
                element = match element {
                    TemplateElement::HelperBlock(mut helper) => {
                        self.helper(&mut helper)?;
                        TemplateElement::HelperBlock(helper)
                    }
                    // Refused, but its value is still a value.
                    TemplateElement::Expression(helper) | TemplateElement::HtmlExpression(helper) => {
                        TemplateElement::Expression(helper)
                    }
                    _ => TemplateElement::RawString(String::new()),
                };
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

    /// Handlebars trims white space around tags that stand alone, so a raw string may begin later than its element; and
    /// the position it gives of a raw string lies behind the white space that this begins with.
    fn find(&mut self, raw: &str, position: usize) -> (Range<usize>, bool) {
        let blank = raw.len() - raw.trim_start().len();
        let from = self.text.ceil_char_boundary(position.saturating_sub(blank).max(self.searched));
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
