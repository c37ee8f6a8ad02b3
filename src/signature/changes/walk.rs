//! What must be kept: everything that the older revision reaches from a value.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Finding;
use crate::signature::pdf::{Dict, Document, Id, Object, Value, View};

/// What part of the document a change is in, for the words about it.
#[derive(Debug, Clone)]
pub(super) enum Area {
    /// Below this key of the catalog.
    Catalog(Vec<u8>),
    /// On the page with this number, below a key of it.
    Page(usize, Vec<u8>),
    /// An annotation on the page with this number.
    Annotation(usize),
    /// The form.
    Form,
    /// The structure tree.
    Structure,
}

impl Area {
    /// A change there.
    pub fn refusal(&self) -> Finding {
        let name = |key: &[u8]| String::from_utf8_lossy(key).into_owned();
        match self {
            Self::Catalog(key) => Finding::error("change-catalog").arg("name", name(key)),
            Self::Page(page, key) => Finding::error("change-page").arg("page", page).arg("name", name(key)),
            Self::Annotation(page) => Finding::error("change-annotation").arg("page", page),
            Self::Form => Finding::error("change-form"),
            Self::Structure => Finding::error("change-structure"),
        }
    }
}

/// The objects that were looked at and are kept. Every object is looked at once.
pub(super) struct Kept<'a> {
    old: View<'a>,
    new: View<'a>,
    nodes: BTreeSet<Id>,
    seen: BTreeSet<Id>,
}

impl<'a> Kept<'a> {
    /// `nodes` are compared by others and not entered here.
    pub fn new(old: View<'a>, new: View<'a>, nodes: &BTreeSet<Id>) -> Self {
        Self { old, new, nodes: nodes.clone(), seen: BTreeSet::new() }
    }

    /// Holds everything that a value of the older revision reaches against the newer one.
    pub fn keep(&mut self, value: &'a Object, area: &Area) -> Result<(), Finding> {
        let mut waiting = Vec::new();
        references(value, &mut waiting);
        while let Some(id) = waiting.pop() {
            if self.nodes.contains(&id) || !self.seen.insert(id) {
                continue;
            }
            match (self.old.get(id), self.new.get(id)) {
                (None, None) => {}
                (Some(old), Some(new)) if same_value(self.old.document(), old, new) => match old {
                    Value::Object(object) => references(object, &mut waiting),
                    Value::Stream(stream) => stream.dict.iter().for_each(|(_, value)| references(value, &mut waiting)),
                },
                _ => return Err(area.refusal().arg("number", id.number)),
            }
        }
        Ok(())
    }

    /// Whether the older revision reaches an object along what must be kept, as far as was looked.
    pub fn reaches(&self, id: Id) -> bool {
        self.seen.contains(&id) || self.nodes.contains(&id)
    }
}

/// The references in a value; it nests as deep as the reader lets it.
fn references(value: &Object, out: &mut Vec<Id>) {
    match value {
        Object::Reference(id) => out.push(*id),
        Object::Array(items) => items.iter().for_each(|item| references(item, out)),
        Object::Dictionary(dict) => dict.iter().for_each(|(_, value)| references(value, out)),
        _ => {}
    }
}

/// The first key, but for some, of which two dictionaries differ in the value as it is written there.
pub(super) fn differing<'a>(old: &'a Dict, new: &'a Dict, but: &[&[u8]]) -> Option<&'a [u8]> {
    let (before, after) = (sorted(old), sorted(new));
    let keys = before.keys().chain(after.keys()).filter(|key| !but.contains(*key));
    keys.copied().find(|key| match (before.get(key), after.get(key)) {
        (Some(old), Some(new)) => !same(old, new),
        _ => true,
    })
}

/// Without the keys that are `null`, which are absent.
fn sorted(dict: &Dict) -> BTreeMap<&[u8], &Object> {
    dict.iter().filter(|(_, value)| **value != Object::Null).collect()
}

/// Whether two objects of a document say the same.
pub(super) fn same_value(document: &Document, old: &Value, new: &Value) -> bool {
    if std::ptr::eq(old, new) {
        return true;
    }
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => same(old, new),
        (Value::Stream(old), Value::Stream(new)) => {
            let data = |range| document.bytes().get(range);
            differing(&old.dict, &new.dict, &[]).is_none() && data(old.data.clone()) == data(new.data.clone())
        }
        _ => false,
    }
}

/// Whether two values say the same: programs write keys in another order and numbers with other zeros.
pub(super) fn same(old: &Object, new: &Object) -> bool {
    match (old, new) {
        (Object::Array(old), Object::Array(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same(old, new))
        }
        (Object::Dictionary(old), Object::Dictionary(new)) => differing(old, new, &[]).is_none(),
        (Object::Real(_), Object::Real(_) | Object::Integer(_)) | (Object::Integer(_), Object::Real(_)) => {
            old.as_number().is_some() && old.as_number() == new.as_number()
        }
        _ => old == new,
    }
}
