//! The signatures of a document: where each stands and what it says it covers.

use std::ops::Range;

use super::limits::{SIGNATURES, within};
use super::text::decoded;
use super::{Defined, Dict, Document, Id, Object, Value, View};
use crate::error::Finding;

/// A signature field that is signed (12.7.5.5).
#[derive(Debug, Clone)]
pub struct SignatureField {
    /// Fully qualified name of the field.
    pub name: String,
    /// The field's object.
    pub field: Id,
    /// The widgets that show it.
    pub widgets: Vec<Id>,
    /// The revision in which its signature dictionary was added, from 0.
    pub revision: usize,
    /// The signature dictionary's object.
    pub id: Id,
    /// The signature dictionary (12.8.1, table 255).
    pub dict: Dict,
    /// `/Type`: `Sig`, `DocTimeStamp` or absent.
    pub kind: Option<String>,
    /// `/Filter`.
    pub filter: Option<String>,
    /// `/SubFilter`, such as `ETSI.CAdES.detached`.
    pub sub_filter: Option<String>,
    /// `/ByteRange` as it is written, not checked.
    pub byte_range: [i64; 4],
    /// Where in the file `/Contents` stands, from `<` up to and including `>`.
    pub contents: Range<usize>,
    /// The level of a certification: what may be done after it (12.8.2.2, table 257: 1, 2 or 3). It counts only when the
    /// catalog's `/Perms` names this signature as `/DocMDP`.
    pub certifies: Option<u8>,
    /// The fields that it locks (12.8.2.4).
    pub lock: Option<Lock>,
}

/// Which fields may not change after a signature (12.8.2.4, table 259).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lock {
    /// All of them.
    All,
    /// Those named.
    Include(Vec<String>),
    /// All but those named.
    Exclude(Vec<String>),
}

/// The signed fields of a document as it is, in the order of the form.
///
/// # Errors
/// When a signature is not where or what it must be: its dictionary an object of its own in the file, written once, with
/// four numbers as `/ByteRange` and a hexadecimal string as `/Contents`.
pub fn signatures(document: &Document) -> Result<Vec<SignatureField>, Finding> {
    let view = document.last();
    let mut found: Vec<SignatureField> = Vec::new();
    for field in view.fields()?.into_iter().filter(|field| field.kind == Some(b"Sig")) {
        let Some(value) = field.value else { continue };
        within("signatures", found.len() + 1, SIGNATURES)?;
        let wrong = || Finding::error("pdf-signature").arg("name", &field.name);
        let id = value.as_reference().ok_or_else(wrong)?;
        let dict = view.get(id).and_then(Value::object).and_then(Object::as_dict).ok_or_else(wrong)?;
        let again = found.iter().any(|other| other.id == id || other.name == field.name);
        let revision = written_once(document, id).filter(|_| !again).ok_or_else(wrong)?;
        let name =
            |key: &[u8]| dict.get(key).and_then(Object::as_name).map(|it| String::from_utf8_lossy(it).into_owned());
        let range = dict.get(b"ByteRange").and_then(Object::as_array).ok_or_else(wrong)?;
        let range: Option<Vec<i64>> = range.iter().map(Object::as_integer).collect();
        let byte_range = range.and_then(|range| <[i64; 4]>::try_from(range).ok()).ok_or_else(wrong)?;
        let contents = view.contents_span(id).ok_or_else(wrong)?;
        let transforms = transforms(&view, dict).ok_or_else(wrong)?;
        let certifies = match transforms.iter().find(|(method, _)| *method == b"DocMDP") {
            Some((_, parameters)) => Some(level(&view, *parameters).ok_or_else(wrong)?),
            None => None,
        };
        let locked = transforms.iter().find(|(method, _)| *method == b"FieldMDP").map(|(_, parameters)| *parameters);
        // Without a transform, what the field asked of its signer still holds (12.7.5.5, table 235).
        let locked = locked.or(field.dict.get(b"Lock").map(|lock| view.dict(lock)));
        let lock = match locked {
            Some(parameters) => Some(parameters.and_then(|dict| lock(&view, dict)).ok_or_else(wrong)?),
            None => None,
        };
        found.push(SignatureField {
            field: field.id,
            widgets: field.widgets.clone(),
            revision,
            id,
            kind: name(b"Type"),
            filter: name(b"Filter"),
            sub_filter: name(b"SubFilter"),
            byte_range,
            contents,
            certifies,
            lock,
            dict: dict.clone(),
            name: field.name,
        });
    }
    Ok(found)
}

/// The revision that defines an object, when only one does.
fn written_once(document: &Document, id: Id) -> Option<usize> {
    let mut defining = document.revisions().iter().enumerate().filter(|(_, revision)| {
        matches!(revision.defined.get(&id.number), Some(Defined::Bytes { .. } | Defined::Compressed { .. }))
    });
    let (revision, _) = defining.next()?;
    defining.next().is_none().then_some(revision)
}

/// The transforms of a signature with their parameters (12.8.1, table 256).
fn transforms<'b>(view: &View<'b>, dict: &'b Dict) -> Option<Vec<(&'b [u8], Option<&'b Dict>)>> {
    let Some(references) = dict.get(b"Reference") else { return Some(Vec::new()) };
    let references = view.resolve(references).as_array()?;
    let transform = |reference: &'b Object| {
        let reference = view.dict(reference)?;
        let method = view.resolve(reference.get(b"TransformMethod")?).as_name()?;
        Some((method, reference.get(b"TransformParams").and_then(|parameters| view.dict(parameters))))
    };
    references.iter().map(transform).collect()
}

/// What a certification leaves to be done, 2 where it does not say (12.8.2.2, table 257).
fn level(view: &View, parameters: Option<&Dict>) -> Option<u8> {
    let Some(level) = parameters.and_then(|dict| dict.get(b"P")) else { return Some(2) };
    let level = view.resolve(level).as_integer()?;
    u8::try_from(level).ok().filter(|level| (1..=3).contains(level))
}

fn lock(view: &View, parameters: &Dict) -> Option<Lock> {
    let names = || -> Option<Vec<String>> {
        let names = view.resolve(parameters.get(b"Fields")?).as_array()?;
        names.iter().map(|name| view.resolve(name).as_string().map(decoded)).collect()
    };
    match view.resolve(parameters.get(b"Action")?).as_name()? {
        b"All" => Some(Lock::All),
        b"Include" => names().map(Lock::Include),
        b"Exclude" => names().map(Lock::Exclude),
        _ => None,
    }
}
