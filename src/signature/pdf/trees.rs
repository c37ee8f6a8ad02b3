//! The trees of a document: its pages and the fields of its form.

use std::collections::BTreeSet;

use super::limits::{FIELDS, LEVELS, PAGES, within};
use super::text::decoded;
use super::{Dict, Id, Object, Value, View};
use crate::error::Finding;

/// The nodes of a page tree above the pages, and the pages.
pub type PageTree<'a> = (Vec<Id>, Vec<(Id, &'a Dict)>);

/// A terminal field of the document's form (12.7.4) with what it inherits.
#[derive(Debug, Clone)]
pub struct Field<'a> {
    /// The field's object.
    pub id: Id,
    /// Its fully qualified name, the partial names joined by full stops.
    pub name: String,
    /// `/FT`, its own or inherited.
    pub kind: Option<&'a [u8]>,
    /// `/V`, its own or inherited, not resolved.
    pub value: Option<&'a Object>,
    /// Its dictionary.
    pub dict: &'a Dict,
    /// The widget annotations that show it: the field itself when they are one object.
    pub widgets: Vec<Id>,
}

fn not_pages(id: Id) -> Finding {
    Finding::error("pdf-page-tree").arg("number", id.number)
}

fn not_fields(number: u32) -> Finding {
    Finding::error("pdf-fields").arg("number", number)
}

impl<'a> View<'a> {
    fn node(&self, id: Id) -> Option<&'a Dict> {
        self.get(id).and_then(Value::object).and_then(Object::as_dict)
    }

    fn references(&self, array: Option<&'a Object>) -> Option<Vec<Id>> {
        self.resolve(array?).as_array()?.iter().map(Object::as_reference).collect()
    }

    /// The nodes of the page tree above the pages, and the pages, both in their order.
    ///
    /// # Errors
    /// When the page tree is not a tree, or its nodes are not what they should be (7.7.3).
    pub fn page_tree(&self) -> Result<PageTree<'a>, Finding> {
        let (catalog_id, catalog) = self.catalog();
        let root = catalog.get(b"Pages").and_then(Object::as_reference).ok_or_else(|| not_pages(catalog_id))?;
        let (mut nodes, mut pages, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut waiting = vec![(root, None, 0)];
        while let Some((id, parent, level)) = waiting.pop() {
            within("levels", level, LEVELS)?;
            within("pages", nodes.len().max(pages.len()), PAGES)?;
            let dict = self.node(id).filter(|_| seen.insert(id)).ok_or_else(|| not_pages(id))?;
            // A page inherits from its parent: one that names another than lists it would be two pages.
            if dict.get(b"Parent").and_then(Object::as_reference) != parent {
                return Err(not_pages(id));
            }
            match dict.get(b"Type").and_then(Object::as_name) {
                Some(b"Page") if parent.is_some() => pages.push((id, dict)),
                Some(b"Pages") => {
                    let kids = self.references(dict.get(b"Kids")).ok_or_else(|| not_pages(id))?;
                    nodes.push(id);
                    waiting.extend(kids.into_iter().rev().map(|kid| (kid, Some(id), level + 1)));
                }
                _ => return Err(not_pages(id)),
            }
        }
        let count = self.node(root).and_then(|dict| dict.get(b"Count")).map(|count| self.resolve(count));
        let right =
            count.and_then(Object::as_integer).and_then(|count| usize::try_from(count).ok()) == Some(pages.len());
        if right { Ok((nodes, pages)) } else { Err(not_pages(root)) }
    }

    /// The pages in their order.
    ///
    /// # Errors
    /// Those of [`page_tree`](Self::page_tree).
    pub fn pages(&self) -> Result<Vec<(Id, &'a Dict)>, Finding> {
        Ok(self.page_tree()?.1)
    }

    /// The terminal fields of the form, in the form's order; none when there is no form.
    ///
    /// # Errors
    /// When the tree of fields is not a tree of indirect objects.
    pub fn fields(&self) -> Result<Vec<Field<'a>>, Finding> {
        let Some(form) = self.catalog().1.get(b"AcroForm") else { return Ok(Vec::new()) };
        let form = self.dict(form).ok_or_else(|| not_fields(0))?;
        let Some(roots) = form.get(b"Fields") else { return Ok(Vec::new()) };
        let roots = self.references(Some(roots)).ok_or_else(|| not_fields(0))?;
        let (mut fields, mut seen) = (Vec::new(), BTreeSet::new());
        within("fields", roots.len(), FIELDS)?;
        let above = Above { name: String::new(), kind: None, value: None, level: 0 };
        let mut waiting: Vec<(Id, Above)> = roots.into_iter().rev().map(|id| (id, above.clone())).collect();
        while let Some((id, above)) = waiting.pop() {
            within("levels", above.level, LEVELS)?;
            let dict = self.node(id).filter(|_| seen.insert(id)).ok_or_else(|| not_fields(id.number))?;
            within("fields", seen.len(), FIELDS)?;
            let own = above.with(self, dict);
            within("values", own.name.len(), NAME)?;
            let kids = match dict.get(b"Kids") {
                None => Vec::new(),
                kids => self.references(kids).ok_or_else(|| not_fields(id.number))?,
            };
            let named = |kid: &Id| self.node(*kid).map(|dict| dict.get(b"T").is_some());
            let kinds: Option<BTreeSet<bool>> = kids.iter().map(named).collect();
            match kinds {
                Some(kinds) if kinds.is_empty() => fields.push(own.field(id, dict, vec![id])),
                // Kids without a name are the widgets of the field (12.7.4.1).
                Some(kinds) if kinds == BTreeSet::from([false]) => {
                    if !kids.iter().all(|kid| seen.insert(*kid)) {
                        return Err(not_fields(id.number));
                    }
                    fields.push(own.field(id, dict, kids));
                }
                Some(kinds) if kinds == BTreeSet::from([true]) => {
                    within("fields", waiting.len() + kids.len(), FIELDS)?;
                    waiting.extend(kids.into_iter().rev().map(|kid| (kid, own.clone())));
                }
                _ => return Err(not_fields(id.number)),
            }
        }
        Ok(fields)
    }
}

/// Bytes of a field's full name: at every level the names above it are copied.
const NAME: usize = 1024;

/// What a field inherits (12.7.4.1, table 226).
#[derive(Clone)]
struct Above<'a> {
    name: String,
    kind: Option<&'a [u8]>,
    value: Option<&'a Object>,
    level: usize,
}

impl<'a> Above<'a> {
    fn with(&self, view: &View<'a>, dict: &'a Dict) -> Self {
        let part = dict.get(b"T").and_then(|name| view.resolve(name).as_string()).map(decoded);
        let name = match part {
            Some(part) if self.name.is_empty() => part,
            Some(part) => format!("{}.{part}", self.name),
            None => self.name.clone(),
        };
        let kind = dict.get(b"FT").and_then(|kind| view.resolve(kind).as_name()).or(self.kind);
        Self { name, kind, value: dict.get(b"V").or(self.value), level: self.level + 1 }
    }

    fn field(self, id: Id, dict: &'a Dict, widgets: Vec<Id>) -> Field<'a> {
        Field { id, name: self.name, kind: self.kind, value: self.value, dict, widgets }
    }
}
