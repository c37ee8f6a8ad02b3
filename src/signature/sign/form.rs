//! A page of one PDF as a form XObject in another (ISO 32000-2, 8.10), with all that it refers to.

use std::collections::BTreeMap;

use super::increment::Increment;
use crate::error::Finding;
use crate::signature::pdf::{Dict, Document, Id, Object, Value, View};

/// The most objects that come along: a line of text with its font takes a dozen.
const MAX_OBJECTS: usize = 1000;
/// The most levels of a page tree.
const MAX_DEPTH: usize = 32;
/// The most levels of arrays and dictionaries in an object.
const MAX_NESTING: usize = 100;

/// Brings in the only page of a PDF, and gives the form XObject's number.
///
/// # Errors
/// When it isn't a PDF of one page with one content stream.
pub(super) fn import(increment: &mut Increment, pdf: &[u8]) -> Result<Id, Finding> {
    let document = Document::read(pdf)?;
    let source = document.last();
    let pages = source.pages()?;
    let [(_, page)] = pages.as_slice() else { return Err(unfit()) };
    let content = page.get(b"Contents").map(|contents| {
        source.resolve(contents).as_array().map_or(contents, |all| if let [one] = all { one } else { &Object::Null })
    });
    let stream = content.and_then(|content| source.stream(content)).ok_or_else(unfit)?;
    let mut copy = Copy { increment, source, numbers: BTreeMap::new(), left: Vec::new() };
    let mut dict = Dict::new().with("Type", Object::name("XObject")).with("Subtype", Object::name("Form"));
    dict.set(b"BBox", copy.object(inherited(source, page, b"MediaBox").ok_or_else(unfit)?, 0)?);
    let resources = inherited(source, page, b"Resources").cloned().unwrap_or(Object::Dictionary(Dict::new()));
    dict.set(b"Resources", copy.object(&resources, 0)?);
    for (from, key) in [(*page, &b"Group"[..]), (&stream.dict, b"Filter"), (&stream.dict, b"DecodeParms")] {
        if let Some(value) = from.get(key) {
            dict.set(key, copy.object(value, 0)?);
        }
    }
    let data = pdf.get(stream.data.clone()).unwrap_or_default().to_vec();
    copy.rest(pdf)?;
    let form = increment.reserve()?;
    increment.set_stream(form, dict, data);
    Ok(form)
}

/// A form XObject that shows nothing: PDF/A-2, 6.3.3, asks for an appearance where there is a place.
///
/// # Errors
/// When the file has no number left.
pub(super) fn empty(increment: &mut Increment, [left, bottom, right, top]: [f64; 4]) -> Result<Id, Finding> {
    let form = increment.reserve()?;
    let dict = Dict::new()
        .with("Type", Object::name("XObject"))
        .with("Subtype", Object::name("Form"))
        .with("BBox", super::field::rect([0.0, 0.0, right - left, top - bottom]))
        .with("Resources", Object::Dictionary(Dict::new()));
    increment.set_stream(form, dict, Vec::new());
    Ok(form)
}

/// What a page has, or the nodes above it have for it (7.7.3.4).
fn inherited<'b>(source: View<'b>, page: &'b Dict, key: &[u8]) -> Option<&'b Object> {
    let mut node = page;
    for _ in 0..MAX_DEPTH {
        if let Some(value) = node.get(key) {
            return Some(value);
        }
        node = source.dict(node.get(b"Parent")?)?;
    }
    None
}

/// A copy under way: which number each object gets, and those that are still to be copied.
struct Copy<'b, 'a> {
    increment: &'b mut Increment<'a>,
    source: View<'b>,
    numbers: BTreeMap<Id, Id>,
    left: Vec<Id>,
}

impl Copy<'_, '_> {
    /// An object with its references renumbered.
    fn object(&mut self, object: &Object, depth: usize) -> Result<Object, Finding> {
        if depth > MAX_NESTING {
            return Err(unfit());
        }
        Ok(match object {
            Object::Reference(id) => Object::Reference(self.number(*id)?),
            Object::Array(items) => {
                let copied: Result<Vec<_>, _> = items.iter().map(|item| self.object(item, depth + 1)).collect();
                Object::Array(copied?)
            }
            Object::Dictionary(dict) => Object::Dictionary(self.dict(dict, depth)?),
            other => other.clone(),
        })
    }

    fn dict(&mut self, dict: &Dict, depth: usize) -> Result<Dict, Finding> {
        let mut copied = Dict::new();
        for (key, value) in dict.iter() {
            copied.set(key, self.object(value, depth + 1)?);
        }
        Ok(copied)
    }

    fn number(&mut self, id: Id) -> Result<Id, Finding> {
        if let Some(number) = self.numbers.get(&id) {
            return Ok(*number);
        }
        if self.numbers.len() == MAX_OBJECTS {
            return Err(unfit());
        }
        let number = self.increment.reserve()?;
        self.numbers.insert(id, number);
        self.left.push(id);
        Ok(number)
    }

    /// Copies what was referred to, and what that refers to.
    fn rest(&mut self, pdf: &[u8]) -> Result<(), Finding> {
        while let Some(id) = self.left.pop() {
            let number = self.number(id)?;
            match self.source.get(id) {
                Some(Value::Object(object)) => {
                    let object = self.object(object, 0)?;
                    self.increment.set(number, object);
                }
                Some(Value::Stream(stream)) => {
                    let mut dict = self.dict(&stream.dict, 0)?;
                    // The length may be an object of its own, which is not needed here.
                    dict.remove(b"Length");
                    let data = pdf.get(stream.data.clone()).unwrap_or_default().to_vec();
                    self.increment.set_stream(number, dict, data);
                }
                None => self.increment.set(number, Object::Null),
            }
        }
        Ok(())
    }
}

fn unfit() -> Finding {
    Finding::error("sign-appearance")
}
