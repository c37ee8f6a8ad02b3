//! A page of a letter in the print file: what is to be seen on paper, and nothing of the document around it.

use super::file::File;
use super::shared::Copy;
use super::tree::PageTree;
use crate::error::{Finding, Result};
use crate::signature::pdf::{Dict, Id, Object, View, limits};

/// How large a page is and what of it is shown (ISO 32000-1, 7.7.3.3, table 30).
const SIZE: [&[u8]; 7] = [b"MediaBox", b"CropBox", b"BleedBox", b"TrimBox", b"ArtBox", b"Rotate", b"UserUnit"];
/// What is on it.
const SHOWN: [&[u8]; 3] = [b"Contents", b"Group", b"Resources"];
/// What a page has from the nodes above it, where it has none itself (7.7.3.4).
const INHERITED: [&[u8]; 4] = [b"CropBox", b"MediaBox", b"Resources", b"Rotate"];

/// Flags of an annotation (12.5.3, table 165).
const HIDDEN: i64 = 2;
const PRINT: i64 = 4;

/// A page of a letter, with what it inherits.
pub(super) struct Page<'a> {
    size: Vec<(&'static [u8], &'a Object)>,
    shown: Vec<(&'static [u8], &'a Object)>,
    dict: &'a Dict,
}

/// The pages of a letter.
///
/// # Errors
/// When they are not in order: no tree, or a page without a size.
pub(super) fn list<'a>(view: &View<'a>) -> Result<Vec<Page<'a>>, Finding> {
    let mut pages = Vec::new();
    for (id, dict) in view.pages()? {
        let found = |keys: &[&'static [u8]]| -> Vec<(&'static [u8], &'a Object)> {
            keys.iter().filter_map(|key| Some((*key, own(view, dict, key)?))).collect()
        };
        let page = Page { size: found(&SIZE), shown: found(&SHOWN), dict };
        let paper = page.size.iter().find(|(key, _)| *key == b"MediaBox").map(|(_, paper)| view.resolve(paper));
        let sides = paper.and_then(Object::as_array).unwrap_or_default();
        if sides.len() != 4 || !sides.iter().all(|side| side.as_number().is_some()) {
            return Err(Finding::error("pdf-page-tree").arg("number", id.number));
        }
        pages.push(page);
    }
    Ok(pages)
}

/// Writes a page; gives it and its size.
///
/// # Errors
/// When it can't be written.
pub(super) fn put(copy: &mut Copy, tree: &mut PageTree, page: &Page) -> Result<(Id, Dict)> {
    let mut size = Dict::new();
    for (key, value) in &page.size {
        size.set(key, copy.bring(value)?);
    }
    let mut dict = size.clone();
    for (key, value) in &page.shown {
        dict.set(key, copy.bring(value)?);
    }
    let stamps = stamps(copy, page.dict)?;
    if !stamps.is_empty() {
        dict.set(b"Annots", Object::Array(stamps));
    }
    Ok((add(copy.file(), tree, dict)?, size))
}

/// Writes a page of this size without anything on it.
///
/// # Errors
/// When it can't be written.
pub(super) fn put_blank(file: &mut File, tree: &mut PageTree, size: Dict) -> Result<()> {
    add(file, tree, size).map(|_| ())
}

fn add(file: &mut File, tree: &mut PageTree, mut page: Dict) -> Result<Id> {
    let parent = tree.parent(file)?;
    let number = file.reserve()?;
    page.set(b"Type", Object::name("Page"));
    page.set(b"Parent", Object::Reference(parent));
    if page.get(b"Resources").is_none() {
        page.set(b"Resources", Object::Dictionary(Dict::new()));
    }
    file.put_dict(number, &page)?;
    tree.add(number);
    Ok(number)
}

/// A page's own value of a key, or the one that it inherits.
fn own<'a>(view: &View<'a>, page: &'a Dict, key: &[u8]) -> Option<&'a Object> {
    let mut node = page;
    // The reader of the page tree has made sure that the way up ends within these levels.
    for _ in 0..=limits::LEVELS {
        match node.get(key) {
            None if INHERITED.contains(&key) => node = view.get(node.get(b"Parent")?.as_reference()?)?.dict()?,
            found => return found,
        }
    }
    None
}

/// What annotations show on paper, such as a visible signature: their appearance, in the same place, on an annotation that is no
/// field of a form and does nothing. Links show nothing of their own.
fn stamps(copy: &mut Copy, page: &Dict) -> Result<Vec<Object>> {
    let view = &copy.view();
    let annotations = page.get(b"Annots").and_then(|list| view.resolve(list).as_array()).unwrap_or_default();
    let mut stamps = Vec::new();
    for annotation in annotations.iter().filter_map(|annotation| view.dict(annotation)) {
        let flags = annotation.get(b"F").and_then(|flags| view.resolve(flags).as_integer()).unwrap_or(0);
        let kind = annotation.get(b"Subtype").and_then(|kind| view.resolve(kind).as_name());
        let is_printed = flags & PRINT != 0 && flags & HIDDEN == 0 && !matches!(kind, Some(b"Link" | b"Popup"));
        let (Some(form), Some(place)) = (appearance(view, annotation), annotation.get(b"Rect")) else { continue };
        if !is_printed {
            continue;
        }
        let shown = Dict::new().with("N", copy.bring(form)?);
        let stamp = Dict::new()
            .with("Type", Object::name("Annot"))
            .with("Subtype", Object::name("Stamp"))
            .with("Rect", copy.bring(place)?)
            .with("F", Object::Integer(PRINT))
            .with("AP", Object::Dictionary(shown));
        let file = copy.file();
        let number = file.reserve()?;
        file.put_dict(number, &stamp)?;
        stamps.push(Object::Reference(number));
    }
    Ok(stamps)
}

/// The form XObject that an annotation normally shows; of several, the one for its state (12.5.5).
fn appearance<'a>(view: &View<'a>, annotation: &'a Dict) -> Option<&'a Object> {
    let normal = view.dict(annotation.get(b"AP")?)?.get(b"N")?;
    if view.stream(normal).is_some() {
        return Some(normal);
    }
    let state = view.resolve(annotation.get(b"AS")?).as_name()?;
    let shown = view.dict(normal)?.get(state)?;
    view.stream(shown).map(|_| shown)
}
