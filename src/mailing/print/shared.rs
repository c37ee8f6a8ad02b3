//! The objects of many letters in one file, each written once.
//!
//! What a letter refers to is written before the letter's own reference to it, so that by then the object has its number in
//! the print file. Two objects are the same when they are so byte for byte with those numbers in them: then everything
//! below them is the same too.

use std::collections::HashMap;

use aws_lc_rs::digest::{Context, SHA256};

use super::file::File;
use crate::error::Result;
use crate::signature::pdf::{Dict, Id, Object, Value, View};

/// What a stream's dictionary says of the document that it comes from, not of what it shows (14.3.2, 14.5, 14.7.5).
const ABOUT_IT: [&[u8]; 4] = [b"Metadata", b"PieceInfo", b"StructParent", b"StructParents"];

/// What a document is made of; what stands on a page needs none of it, and would bring all of it.
const OF_A_DOCUMENT: [&[u8]; 5] = [b"Catalog", b"Page", b"Pages", b"StructElem", b"StructTreeRoot"];

/// The objects that are in the file already, by the SHA-256 of what was written.
#[derive(Default)]
pub(super) struct Shared(HashMap<[u8; 32], u32>);

/// How far an object of the letter is.
enum State {
    /// What it refers to is being brought; with its number, where that led back to it.
    Open(Option<Id>),
    /// It stands in the file: what to write for a reference to it.
    Done(Object),
}

/// Brings objects of one letter over to the file.
pub(super) struct Copy<'a, 'f, 'w> {
    view: View<'a>,
    file: &'f mut File<'w>,
    shared: &'f mut Shared,
    states: HashMap<Id, State>,
}

/// An object whose references are being brought.
struct Step<'a> {
    id: Id,
    value: &'a Value,
    waiting: Vec<Id>,
}

impl<'a, 'f, 'w> Copy<'a, 'f, 'w> {
    /// Of the letter as this view shows it.
    pub fn new(view: View<'a>, file: &'f mut File<'w>, shared: &'f mut Shared) -> Self {
        Self { view, file, shared, states: HashMap::new() }
    }

    /// The letter.
    pub fn view(&self) -> View<'a> {
        self.view
    }

    /// The file that they are brought to.
    pub fn file(&mut self) -> &mut File<'w> {
        self.file
    }

    /// The object with everything that it refers to in the file: references lead to there.
    ///
    /// # Errors
    /// When that can't be written.
    pub fn bring(&mut self, object: &Object) -> Result<Object> {
        let mut wanted = Vec::new();
        references(object, &mut wanted);
        for id in wanted {
            self.bring_all(id)?;
        }
        Ok(self.led(object))
    }

    /// Brings an object after everything below it. A letter made by a stranger can lead from object to object a million
    /// times, so the way is a list and not the stack.
    fn bring_all(&mut self, id: Id) -> Result<()> {
        let mut way = Vec::new();
        self.enter(id, &mut way);
        while let Some(step) = way.last_mut() {
            match step.waiting.pop() {
                Some(next) => match self.states.get_mut(&next) {
                    None => self.enter(next, &mut way),
                    // A circle: the object is referred to before it is written, and so can't be one that is there.
                    Some(State::Open(number @ None)) => *number = Some(self.file.reserve()?),
                    Some(_) => {}
                },
                None => {
                    let (id, value) = (step.id, step.value);
                    way.pop();
                    let reference = self.write(id, value)?;
                    self.states.insert(id, State::Done(reference));
                }
            }
        }
        Ok(())
    }

    fn enter(&mut self, id: Id, way: &mut Vec<Step<'a>>) {
        if self.states.contains_key(&id) {
            return;
        }
        let is_left =
            |dict: &Dict| dict.get(b"Type").and_then(Object::as_name).is_some_and(|name| OF_A_DOCUMENT.contains(&name));
        let Some(value) = self.view.get(id).filter(|value| !value.dict().is_some_and(is_left)) else {
            self.states.insert(id, State::Done(Object::Null));
            return;
        };
        let mut waiting = Vec::new();
        match value {
            Value::Object(object) => references(object, &mut waiting),
            Value::Stream(stream) => {
                kept(&stream.dict).for_each(|(_, value)| references(value, &mut waiting));
            }
        }
        self.states.insert(id, State::Open(None));
        way.push(Step { id, value, waiting });
    }

    /// Writes an object, unless the file has the same, and gives the reference to it.
    fn write(&mut self, id: Id, value: &Value) -> Result<Object> {
        let mut body = Vec::new();
        let data = match value {
            Value::Object(object) => {
                self.led(object).write(&mut body);
                None
            }
            Value::Stream(stream) => {
                let data = self.view.document().bytes().get(stream.data.clone()).unwrap_or_default();
                // In the letter the length may be an object of its own.
                let length = (b"Length".to_vec(), Object::Integer(data.len() as i64));
                let pairs = kept(&stream.dict).map(|(key, value)| (key.to_vec(), self.led(value)));
                Dict::of_pairs(pairs.chain([length]).collect()).write(&mut body);
                body.extend_from_slice(b"\nstream\n");
                Some(data)
            }
        };
        let parts: &[&[u8]] = match data {
            Some(data) => &[&body, data, b"\nendstream"],
            None => &[&body],
        };
        if let Some(State::Open(Some(number))) = self.states.get(&id) {
            let number = *number;
            self.file.put(number, parts)?;
            return Ok(Object::Reference(number));
        }
        let mut digest = Context::new(&SHA256);
        parts.iter().for_each(|part| digest.update(part));
        let mut key = [0; 32];
        key.copy_from_slice(digest.finish().as_ref());
        if let Some(number) = self.shared.0.get(&key) {
            return Ok(Object::Reference(Id::new(*number)));
        }
        let number = self.file.reserve()?;
        self.file.put(number, parts)?;
        self.shared.0.insert(key, number.number);
        Ok(Object::Reference(number))
    }

    /// The object with the numbers that its references have in the file.
    fn led(&self, object: &Object) -> Object {
        match object {
            Object::Reference(id) => match self.states.get(id) {
                Some(State::Done(reference)) => reference.clone(),
                Some(State::Open(Some(number))) => Object::Reference(*number),
                _ => Object::Null,
            },
            Object::Array(items) => Object::Array(items.iter().map(|item| self.led(item)).collect()),
            Object::Dictionary(dict) => {
                let pairs = dict.iter().map(|(key, value)| (key.to_vec(), self.led(value)));
                Object::Dictionary(Dict::of_pairs(pairs.collect()))
            }
            other => other.clone(),
        }
    }
}

/// What a stream's dictionary says of what it shows; its length is written anew.
fn kept(dict: &Dict) -> impl Iterator<Item = (&[u8], &Object)> {
    dict.iter().filter(|(key, _)| *key != b"Length" && !ABOUT_IT.contains(key))
}

/// Adds what an object refers to; the reader limits how deep it goes.
fn references(object: &Object, found: &mut Vec<Id>) {
    match object {
        Object::Reference(id) => found.push(*id),
        Object::Array(items) => items.iter().for_each(|item| references(item, found)),
        Object::Dictionary(dict) => dict.iter().for_each(|(_, value)| references(value, found)),
        _ => {}
    }
}
