//! The form: it may gain signature fields, and empty ones may be filled.

use std::collections::{BTreeMap, BTreeSet};

use super::Comparison;
use super::walk::{Area, Kept, differing, same};
use crate::error::Finding;
use crate::signature::pdf::{Dict, Field, Id, Object, View};

/// What a form may gain or change with a signature (12.7.3, table 224).
const FORM: [&[u8]; 4] = [b"Fields", b"SigFlags", b"DR", b"DA"];

/// What a signature field and its widget may hold. No actions (`A`, `AA`), which could run a script or lead elsewhere, and
/// no `OC`, which could show the widget on paper only.
const WIDGET: [&[u8]; 28] = [
    b"Type",
    b"Subtype",
    b"FT",
    b"T",
    b"TU",
    b"TM",
    b"V",
    b"F",
    b"Rect",
    b"P",
    b"AP",
    b"MK",
    b"DA",
    b"Q",
    b"Ff",
    b"Lock",
    b"SV",
    b"StructParent",
    b"NM",
    b"M",
    b"Border",
    b"BS",
    b"H",
    b"Lang",
    b"Parent",
    b"Kids",
    b"Contents",
    b"C",
];

/// What changes in a field that is filled by its signer, and in its widget.
const FILLED: [&[u8]; 4] = [b"V", b"AP", b"M", b"MK"];

/// The fields of both revisions.
pub(super) struct Fields<'a> {
    old: Vec<Field<'a>>,
    /// New signature fields and their widgets.
    added: Vec<Field<'a>>,
    /// Widgets of the new fields.
    pub widgets: BTreeSet<Id>,
    /// The form itself, and empty signature fields of the older revision with their widgets: they may gain something.
    pub open: BTreeSet<Id>,
    /// Those of them that were filled since, whose appearance may be new.
    pub filled: BTreeSet<Id>,
}

fn is_signature(field: &Field) -> bool {
    field.kind == Some(b"Sig")
}

impl<'a> Fields<'a> {
    pub fn of(comparison: &Comparison<'a>) -> Result<Self, Finding> {
        let (old, new) = (comparison.old.fields()?, comparison.new.fields()?);
        let mut found =
            Self { old, added: Vec::new(), widgets: BTreeSet::new(), open: BTreeSet::new(), filled: BTreeSet::new() };
        if let Some(Object::Reference(id)) = comparison.old.catalog().1.get(b"AcroForm") {
            found.open.insert(*id);
        }
        let now: BTreeMap<Id, &Field> = new.iter().map(|field| (field.id, field)).collect();
        for field in found.old.iter().filter(|field| is_signature(field) && field.value.is_none()) {
            found.open.insert(field.id);
            found.open.extend(&field.widgets);
            if now.get(&field.id).is_some_and(|now| now.value.is_some()) {
                found.filled.insert(field.id);
                found.filled.extend(&field.widgets);
            }
        }
        let known: BTreeSet<Id> = found.old.iter().map(|field| field.id).collect();
        found.added = new.into_iter().filter(|field| !known.contains(&field.id)).collect();
        found.widgets = found.added.iter().flat_map(|field| field.widgets.iter().copied()).collect();
        Ok(found)
    }

    pub fn compare(&self, comparison: &Comparison<'a>, kept: &mut Kept<'a>) -> Result<(), Finding> {
        let (old, new) = (comparison.old, comparison.new);
        let empty = Dict::new();
        let form = |view: View<'a>| view.catalog().1.get(b"AcroForm").and_then(|form| view.dict(form));
        let before = form(old);
        let Some(after) = form(new) else {
            return if before.is_none() { Ok(()) } else { Err(Area::Form.refusal()) };
        };
        // To say that appearances need not be made anew is to say nothing.
        let idle = before.is_none() && after.get(b"NeedAppearances") == Some(&Object::Bool(false));
        let may: Vec<&[u8]> = FORM.into_iter().chain(idle.then_some(b"NeedAppearances".as_slice())).collect();
        if differing(before.unwrap_or(&empty), after, &may).is_some() {
            return Err(Area::Form.refusal());
        }
        if let Some(before) = before {
            resources(old, new, before, after)?;
            for (key, value) in before.iter().filter(|(key, _)| *key != b"Fields") {
                // A dictionary of resources that is an object of its own may gain some; what it holds may not change.
                let inner = if key == b"DR" { old.resolve(value) } else { value };
                kept.keep(inner, &Area::Form)?;
            }
            for item in list(old, before.get(b"Fields")) {
                kept.keep(item, &Area::Form)?;
            }
        }
        let (before, after) = (list(old, before.and_then(|form| form.get(b"Fields"))), list(new, after.get(b"Fields")));
        let gained = after.strip_prefix(before).ok_or_else(|| Area::Form.refusal())?;
        for root in gained {
            // A field of the form's own, not the child of another: no program makes its signature fields otherwise.
            let own = self.added.iter().any(|field| Some(field.id) == root.as_reference());
            if !own {
                return Err(Area::Form.refusal());
            }
        }
        if gained.len() != self.added.len() {
            return Err(Area::Form.refusal());
        }
        self.added.iter().try_for_each(|field| added(new, field))?;
        self.open.iter().try_for_each(|id| self.opened(comparison, kept, *id))
    }

    /// Refuses a new field or widget that is an object which the older revision reaches: it would be shown as something else
    /// than it was.
    pub fn are_new(&self, kept: &Kept) -> Result<(), Finding> {
        let old = |field: &&Field| std::iter::once(&field.id).chain(&field.widgets).any(|id| kept.reaches(*id));
        match self.added.iter().find(old) {
            Some(field) => Err(Finding::error("change-field").arg("name", &field.name)),
            None => Ok(()),
        }
    }

    /// An empty signature field or its widget: untouched, or filled.
    fn opened(&self, comparison: &Comparison<'a>, kept: &mut Kept<'a>, id: Id) -> Result<(), Finding> {
        if comparison.old.catalog().1.get(b"AcroForm") == Some(&Object::Reference(id)) {
            return Ok(());
        }
        let (Some(old), Some(new)) = (comparison.old.dict_at(id), comparison.new.dict_at(id)) else {
            return Err(Area::Form.refusal().arg("number", id.number));
        };
        let may: &[&[u8]] = if self.filled.contains(&id) { &FILLED } else { &[] };
        if differing(old, new, may).is_some() {
            return Err(Area::Form.refusal().arg("number", id.number));
        }
        let mut values = old.iter().filter(|(key, _)| !may.contains(key));
        values.try_for_each(|(_, value)| kept.keep(value, &Area::Form))
    }
}

/// A new signature field and its widgets.
fn added(new: View, field: &Field) -> Result<(), Finding> {
    let wrong = || Finding::error("change-field").arg("name", &field.name);
    if !is_signature(field) {
        return Err(wrong());
    }
    for id in std::iter::once(&field.id).chain(&field.widgets) {
        let dict = new.dict_at(*id).ok_or_else(wrong)?;
        let parent = dict.get(b"Parent").is_none_or(|parent| parent.as_reference() == Some(field.id));
        if !parent || dict.iter().any(|(key, _)| !WIDGET.contains(&key)) {
            return Err(wrong());
        }
        // A field that waits for its signature shows nothing: nobody answers for what it would show.
        if field.value.is_none() && (dict.get(b"MK").is_some() || !is_blank(new, dict.get(b"AP"))) {
            return Err(wrong());
        }
    }
    Ok(())
}

/// Whether an appearance (12.5.5) shows nothing.
fn is_blank(view: View, appearance: Option<&Object>) -> bool {
    let Some(appearance) = appearance.and_then(|appearance| view.dict(appearance)) else { return true };
    let shows_nothing = |stream: &Object| {
        let drawn = view.stream(stream).and_then(|stream| view.decoded(stream));
        drawn.is_some_and(|drawn| drawn.trim_ascii().is_empty())
    };
    appearance.iter().all(|(key, stream)| key == b"N" && shows_nothing(stream))
}

/// The elements of an array, none where there is none.
pub(super) fn list<'a>(view: View<'a>, value: Option<&'a Object>) -> &'a [Object] {
    value.and_then(|value| view.resolve(value).as_array()).unwrap_or_default()
}

/// The form's resources keep what they held and may gain more.
fn resources(old: View, new: View, before: &Dict, after: &Dict) -> Result<(), Finding> {
    let Some(before) = before.get(b"DR").and_then(|value| old.dict(value)) else { return Ok(()) };
    let after = after.get(b"DR").and_then(|value| new.dict(value)).ok_or_else(|| Area::Form.refusal())?;
    for (key, value) in before.iter() {
        let now = after.get(key).ok_or_else(|| Area::Form.refusal())?;
        let kept = match (value.as_dict(), now.as_dict()) {
            (Some(before), Some(after)) => {
                before.iter().all(|(key, value)| after.get(key).is_some_and(|now| same(value, now)))
            }
            _ => same(value, now),
        };
        if !kept {
            return Err(Area::Form.refusal());
        }
    }
    Ok(())
}
