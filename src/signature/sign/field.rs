//! The field of a signature: in the form, and as a widget on a page (ISO 32000-2, 12.7.5.5 and 12.5.6.19).

use super::increment::Increment;
use crate::error::Finding;
use crate::signature::pdf::text::encoded;
use crate::signature::pdf::{Dict, Id, Object};

/// Both signature flags of the form: it has signatures, and may only be appended to (12.7.3, table 225).
const SIG_FLAGS: i64 = 3;
/// Printed, and not to be moved (12.5.3, table 167): PDF/A asks for the first.
const FLAGS: i64 = 4 | 128;
/// Off every page and without size, so that nothing is shown, and PDF/UA asks for no place in the structure.
const NOWHERE: [i64; 4] = [-9999; 4];

/// What a widget shows on its page.
pub(super) struct Shown {
    /// Left, bottom, right and top, in points.
    pub rect: [f64; 4],
    /// The form XObject.
    pub form: Id,
    /// The widget's key in the structure's parent tree, where the document is tagged.
    pub struct_parent: Option<i64>,
}

/// Names for new fields that no other field has: `Handtekening1` and on.
///
/// # Errors
/// When the form can't be read.
pub(super) fn free_names(increment: &Increment, count: usize) -> Result<Vec<String>, Finding> {
    let fields = increment.view().fields()?;
    let taken = |name: &String| fields.iter().any(|field| field.name.split('.').next() == Some(name.as_str()));
    // Each field takes one name at most.
    let names = (1..=fields.len() + count).map(|number| format!("Handtekening{number}"));
    Ok(names.filter(|name| !taken(name)).take(count).collect())
}

/// What a field is made of.
pub(super) struct Parts {
    /// The field's name.
    pub name: String,
    /// What it is, for people: PDF/UA asks for it.
    pub description: String,
    /// The signature dictionary; none for a field that waits for one.
    pub signature: Option<Id>,
    /// What it shows, unless nothing.
    pub shown: Option<Shown>,
}

/// Writes the widget, merged with its field, and names it in the form and on its page.
///
/// # Errors
/// When the pages can't be read, or the file has no number left.
pub(super) fn add(increment: &mut Increment, widget: Id, page: Id, parts: Parts) -> Result<(), Finding> {
    let rect = match &parts.shown {
        Some(shown) => rect(shown.rect),
        None => Object::Array(NOWHERE.map(Object::Integer).to_vec()),
    };
    let mut dict = Dict::new()
        .with("Type", Object::name("Annot"))
        .with("Subtype", Object::name("Widget"))
        .with("FT", Object::name("Sig"))
        .with("T", encoded(&parts.name))
        .with("TU", encoded(&parts.description))
        .with("F", Object::Integer(FLAGS))
        .with("Rect", rect)
        .with("P", Object::Reference(page));
    if let Some(signature) = parts.signature {
        dict.set(b"V", Object::Reference(signature));
    }
    if let Some(shown) = &parts.shown {
        dict.set(b"AP", appearance(shown.form));
        if let Some(key) = shown.struct_parent {
            dict.set(b"StructParent", Object::Integer(key));
        }
    }
    increment.set(widget, Object::Dictionary(dict));
    add_to_form(increment, widget)?;
    add_to_page(increment, widget, page)
}

/// The field that waits for a signature in a place: one object with its only widget, which stands exactly there.
///
/// # Errors
/// When the form can't be read.
pub(super) fn waiting(increment: &Increment, page: Id, rect: [f64; 4]) -> Result<Option<Id>, Finding> {
    let view = increment.view();
    let fields = view.fields()?;
    let waits = fields.iter().find(|field| {
        let is_there = |place: &Object| {
            let numbers: Vec<f64> = place.as_array().unwrap_or_default().iter().filter_map(Object::as_number).collect();
            numbers.len() == 4 && numbers.iter().zip(rect).all(|(one, other)| (one - other).abs() < 0.01)
        };
        field.kind == Some(b"Sig")
            && field.value.is_none()
            && field.widgets == [field.id]
            && field.dict.get(b"P").and_then(Object::as_reference) == Some(page)
            && field.dict.get(b"Rect").is_some_and(|place| is_there(view.resolve(place)))
    });
    Ok(waits.map(|field| field.id))
}

/// Puts a signature in a field that waits for one. Nothing else of the field changes, which an earlier signature allows.
pub(super) fn fill(increment: &mut Increment, field: Id, signature: Id, form: Id) {
    let mut dict = current_dict(increment, field);
    dict.set(b"V", Object::Reference(signature));
    dict.set(b"AP", appearance(form));
    increment.set(field, Object::Dictionary(dict));
}

/// A rectangle, to a thousandth of a point.
pub(super) fn rect(rect: [f64; 4]) -> Object {
    Object::Array(rect.map(|value| Object::Real(format!("{value:.3}"))).to_vec())
}

fn appearance(form: Id) -> Object {
    Object::Dictionary(Dict::new().with("N", Object::Reference(form)))
}

fn add_to_form(increment: &mut Increment, widget: Id) -> Result<(), Finding> {
    let (catalog, _) = increment.view().catalog();
    let old = current_dict(increment, catalog);
    // An object, or in the catalog itself: it stays what it is, since a move could look like tampering.
    let (id, form) = match old.get(b"AcroForm") {
        Some(Object::Reference(id)) => (Some(*id), increment.current(*id)),
        Some(direct) => (None, direct.clone()),
        None => {
            let id = increment.reserve()?;
            let mut catalog_dict = current_dict(increment, catalog);
            catalog_dict.set(b"AcroForm", Object::Reference(id));
            increment.set(catalog, Object::Dictionary(catalog_dict));
            (Some(id), Object::Null)
        }
    };
    let mut form = form.as_dict().cloned().unwrap_or_default();
    extend(increment, &mut form, b"Fields", widget, true);
    let flags = form.get(b"SigFlags").map(|flags| increment.view().resolve(flags).as_integer().unwrap_or(0));
    form.set(b"SigFlags", Object::Integer(flags.unwrap_or(0) | SIG_FLAGS));
    match id {
        Some(id) => increment.set(id, Object::Dictionary(form)),
        None => {
            let mut catalog_dict = current_dict(increment, catalog);
            catalog_dict.set(b"AcroForm", Object::Dictionary(form));
            increment.set(catalog, Object::Dictionary(catalog_dict));
        }
    }
    Ok(())
}

fn add_to_page(increment: &mut Increment, widget: Id, page: Id) -> Result<(), Finding> {
    let mut dict = current_dict(increment, page);
    let annots = dict.get(b"Annots").and_then(Object::as_reference);
    let pages = increment.view().pages()?;
    let sharing = pages
        .iter()
        .filter(|(_, other)| annots.is_some() && other.get(b"Annots").and_then(Object::as_reference) == annots);
    let own = sharing.count() < 2;
    extend(increment, &mut dict, b"Annots", widget, own);
    let is_tagged = increment.view().catalog().1.get(b"StructTreeRoot").is_some();
    // PDF/UA-1, 7.18.3: the tab order of a page with annotations is that of the structure.
    if is_tagged || dict.get(b"Tabs").is_none() {
        dict.set(b"Tabs", Object::name("S"));
    }
    increment.set(page, Object::Dictionary(dict));
    Ok(())
}

/// Appends a reference to an array of a dictionary, in the object of its own that the array may be; `own` tells that no one
/// else refers to that.
pub(super) fn extend(increment: &mut Increment, dict: &mut Dict, key: &[u8], added: Id, own: bool) {
    let value = dict.get(key).cloned().unwrap_or(Object::Null);
    let place = value.as_reference();
    let array = place.map_or(value, |id| increment.current(id));
    let mut items = match array {
        Object::Array(items) => items,
        _ => Vec::new(),
    };
    items.push(Object::Reference(added));
    match place.filter(|id| own && increment.current(*id).as_array().is_some()) {
        Some(id) => increment.set(id, Object::Array(items)),
        None => dict.set(key, Object::Array(items)),
    }
}

/// The dictionary that an object holds now.
pub(super) fn current_dict(increment: &Increment, id: Id) -> Dict {
    increment.current(id).as_dict().cloned().unwrap_or_default()
}
