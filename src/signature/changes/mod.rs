//! What a later revision of a PDF changed, and whether a signature is all that it added.
//!
//! Everything that the older revision reaches must still be what it was, except at the few places where signing has to add
//! something: a signature field in the form, its widget on a page, its element in the structure tree, and what serves
//! validation. What stands at those places is held against a list of what may be there; nothing is looked for that may
//! not, since that list has no end.

mod form;
mod pages;
mod structure;
#[cfg(test)]
mod tests;
mod walk;

use std::collections::BTreeSet;

use crate::error::Finding;
use crate::signature::pdf::{Dict, Document, Id, Lock, Object, SignatureField, View, signatures};

use form::Fields;
use walk::{Area, Kept, same, same_value};

/// The two states of a document that are compared, and what is known of both.
struct Comparison<'a> {
    old: View<'a>,
    new: View<'a>,
    /// Objects that are compared key by key, because they may gain something.
    nodes: BTreeSet<Id>,
    notes: Vec<Finding>,
}

/// Catalog keys that may be added or changed: none of them is seen on a page. The first three are compared by themselves;
/// the metadata gives a note.
const CATALOG: [&[u8]; 7] = [b"AcroForm", b"Perms", b"StructTreeRoot", b"Metadata", b"DSS", b"Extensions", b"Version"];

/// Compares a document as it was after revision `a` with what it was after a later one, `b`; both counted from 0. The notes
/// tell of changes that are allowed and worth knowing.
///
/// # Errors
/// The first change that a signature does not need.
pub fn changes(document: &Document, a: usize, b: usize) -> Result<Vec<Finding>, Finding> {
    let (old, new) = (document.at(a), document.at(b));
    let mut comparison = Comparison { old, new, nodes: BTreeSet::new(), notes: Vec::new() };
    comparison.compare()?;
    certified(document, b)?;
    Ok(comparison.notes)
}

impl<'a> Comparison<'a> {
    fn compare(&mut self) -> Result<(), Finding> {
        let (old, new) = (self.old.catalog(), self.new.catalog());
        if old.0 != new.0 {
            return Err(Finding::error("change-catalog").arg("name", "Root"));
        }
        let fields = Fields::of(self)?;
        let (old_tree, new_tree) = (self.old.page_tree()?, self.new.page_tree()?);
        let ids = |pages: &[(Id, &Dict)]| pages.iter().map(|(id, _)| *id).collect::<Vec<_>>();
        if ids(&old_tree.1) != ids(&new_tree.1) || old_tree.0 != new_tree.0 {
            return Err(Finding::error("change-pages"));
        }
        self.nodes.insert(old.0);
        self.nodes.extend(ids(&old_tree.1));
        self.nodes.extend(fields.open.iter().copied());
        let structure = structure::Tree::of(self)?;
        self.nodes.extend(structure.nodes());

        let mut kept = Kept::new(self.old, self.new, &self.nodes);
        // Pages first: what they show is theirs, though the catalog reaches it too.
        for (number, ((_, old), (_, new))) in old_tree.1.iter().zip(&new_tree.1).enumerate() {
            let page = pages::Page { number: number + 1, old, new };
            let mut notes = page.compare(self, &mut kept, &fields)?;
            self.notes.append(&mut notes);
        }
        self.catalog(&mut kept, old.1, new.1)?;
        fields.compare(self, &mut kept)?;
        structure.compare(self, &mut kept, &fields)?;
        fields.are_new(&kept)?;
        self.information();
        Ok(())
    }

    fn catalog(&mut self, kept: &mut Kept<'a>, old: &'a Dict, new: &'a Dict) -> Result<(), Finding> {
        let none = Dict::new();
        let changed = |key: &[u8]| Finding::error("change-catalog").arg("name", String::from_utf8_lossy(key));
        if let Some(key) = walk::differing(old, new, &CATALOG) {
            return Err(changed(key));
        }
        for (key, value) in old.iter().filter(|(key, _)| !CATALOG.contains(key)) {
            kept.keep(value, &Area::Catalog(key.to_vec()))?;
        }
        // A certification can't be taken back (12.8.6).
        if let Some(permissions) = old.get(b"Perms").and_then(|value| self.old.dict(value)) {
            let now = new.get(b"Perms").and_then(|value| self.new.dict(value)).ok_or_else(|| changed(b"Perms"))?;
            for (key, value) in permissions.iter() {
                if !now.get(key).is_some_and(|now| same(value, now)) {
                    return Err(changed(b"Perms"));
                }
            }
        }
        let known = old.get(b"Perms").and_then(|value| self.old.dict(value)).unwrap_or(&none);
        let permissions = new.get(b"Perms").and_then(|value| self.new.dict(value)).unwrap_or(&none);
        if permissions.iter().any(|(key, _)| key != b"DocMDP" && known.get(key).is_none()) {
            return Err(changed(b"Perms"));
        }
        if new.get(b"DSS").is_none() && old.get(b"DSS").is_some() {
            self.notes.push(Finding::warning("change-validation-data"));
        }
        if !self.same_target(old.get(b"Metadata"), new.get(b"Metadata")) {
            self.notes.push(Finding::warning("change-metadata"));
        }
        Ok(())
    }

    fn information(&mut self) {
        let (old, new) = (self.old.trailer().get(b"Info"), self.new.trailer().get(b"Info"));
        if !self.same_target(old, new) {
            self.notes.push(Finding::warning("change-information"));
        }
    }

    /// Whether two values are or lead to the same.
    fn same_target(&self, old: Option<&Object>, new: Option<&Object>) -> bool {
        match (old, new) {
            (None, None) => true,
            (Some(Object::Reference(one)), Some(Object::Reference(other))) => {
                match (self.old.get(*one), self.new.get(*other)) {
                    (Some(one), Some(other)) => same_value(self.old.document(), one, other),
                    (one, other) => one.is_none() && other.is_none(),
                }
            }
            (Some(old), Some(new)) => same(old, new),
            _ => false,
        }
    }
}

/// What a certification or a lock forbids after it (12.8.2.2 and 12.8.2.4). Level 3 allows remarks; they are no part of a
/// letter, so that it counts as 2 here. A time-stamp is no change at any level.
fn certified(document: &Document, until: usize) -> Result<(), Finding> {
    let all = signatures(document)?;
    let stamps = |it: &SignatureField| it.kind.as_deref() == Some("DocTimeStamp");
    for first in all.iter().filter(|it| it.revision <= until) {
        let mut later = all.iter().filter(|it| it.revision > first.revision && it.revision <= until && !stamps(it));
        let against = |it: &SignatureField| match &first.lock {
            None => false,
            Some(Lock::All) => true,
            Some(Lock::Include(names)) => names.contains(&it.name),
            Some(Lock::Exclude(names)) => !names.contains(&it.name),
        };
        if let Some(later) = later.find(|it| first.certifies == Some(1) || against(it)) {
            return Err(Finding::error("change-certified").arg("name", &first.name).arg("later", &later.name));
        }
        // A certification is the first signature (12.8.2.2.1).
        let before = all.iter().any(|it| it.revision < first.revision && !stamps(it));
        if first.certifies.is_some() && before {
            return Err(Finding::error("change-certified-late").arg("name", &first.name));
        }
    }
    Ok(())
}
