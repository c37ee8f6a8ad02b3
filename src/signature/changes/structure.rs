//! The structure tree (ISO 32000-2, 14.7): it may gain an element for the widget of each new signature.

use std::collections::{BTreeMap, BTreeSet};

use super::Comparison;
use super::form::Fields;
use super::walk::{Area, Kept, differing, same};
use crate::error::Finding;
use crate::signature::pdf::limits::LEVELS;
use crate::signature::pdf::{Dict, Id, Object, View};

/// What the root may gain.
const ROOT: [&[u8]; 3] = [b"K", b"ParentTree", b"ParentTreeNextKey"];

/// What the element of a widget may hold: nothing that replaces what is seen when the document is read aloud.
const ELEMENT: [&[u8]; 8] = [b"Type", b"S", b"P", b"K", b"Pg", b"Alt", b"T", b"Lang"];

/// The root of the tree and the elements right below it, which may gain kids.
pub(super) struct Tree {
    root: Option<Id>,
    tops: BTreeSet<Id>,
}

fn refusal() -> Finding {
    Area::Structure.refusal()
}

/// The kids of an element: `/K` is one, or an array of them.
fn kids<'a>(view: View<'a>, dict: &'a Dict) -> &'a [Object] {
    let Some(value) = dict.get(b"K") else { return &[] };
    view.resolve(value).as_array().unwrap_or(std::slice::from_ref(value))
}

impl Tree {
    pub fn of(comparison: &Comparison) -> Result<Self, Finding> {
        let (old, new) = (comparison.old.catalog().1, comparison.new.catalog().1);
        let (before, after) = (old.get(b"StructTreeRoot"), new.get(b"StructTreeRoot"));
        let root = before.map(|root| root.as_reference().ok_or_else(refusal)).transpose()?;
        if before != after {
            return Err(refusal());
        }
        let kids = root.and_then(|root| comparison.old.dict_at(root)).map(|dict| kids(comparison.old, dict));
        let tops = kids.unwrap_or_default().iter().filter_map(Object::as_reference);
        let tops = tops.filter(|id| comparison.old.dict_at(*id).is_some()).collect();
        Ok(Self { root, tops })
    }

    pub fn nodes(&self) -> impl Iterator<Item = Id> {
        self.root.into_iter().chain(self.tops.iter().copied())
    }

    pub fn compare<'a>(
        &self,
        comparison: &Comparison<'a>,
        kept: &mut Kept<'a>,
        fields: &Fields<'a>,
    ) -> Result<(), Finding> {
        let Some(root) = self.root else { return Ok(()) };
        let (old, new) = (comparison.old, comparison.new);
        let mut gained = Vec::new();
        for id in self.nodes() {
            let (Some(before), Some(after)) = (old.dict_at(id), new.dict_at(id)) else {
                return if old.get(id).is_none() && new.get(id).is_none() { Ok(()) } else { Err(refusal()) };
            };
            let may: &[&[u8]] = if id == root { &ROOT } else { &[b"K"] };
            if differing(before, after, may).is_some() {
                return Err(refusal());
            }
            for (_, value) in before.iter().filter(|(key, _)| !may.contains(key)) {
                kept.keep(value, &Area::Structure)?;
            }
            let (before, after) = (kids(old, before), kids(new, after));
            for kid in before {
                kept.keep(kid, &Area::Structure)?;
            }
            if after.len() < before.len() || !before.iter().zip(after).all(|(old, new)| same(old, new)) {
                return Err(refusal());
            }
            for kid in after.iter().skip(before.len()) {
                gained.push((id, kid.as_reference().ok_or_else(refusal)?));
            }
        }
        let mut shown = BTreeSet::new();
        for (parent, element) in &gained {
            let widget =
                element_of(new, *parent, *element).filter(|id| fields.widgets.contains(id) && shown.insert(*id));
            if widget.is_none() {
                return Err(refusal());
            }
        }
        let added: BTreeSet<Id> = gained.into_iter().map(|(_, element)| element).collect();
        parents(comparison, kept, root, &added)?;
        // Now that all of the older tree was looked at.
        if added.iter().any(|id| kept.reaches(*id)) { Err(refusal()) } else { Ok(()) }
    }
}

/// The widget that a new element stands for.
fn element_of(view: View, parent: Id, element: Id) -> Option<Id> {
    let dict = view.dict_at(element)?;
    let form = dict.get(b"S").and_then(Object::as_name) == Some(b"Form");
    let below = dict.get(b"P").and_then(Object::as_reference) == Some(parent);
    if !form || !below || dict.iter().any(|(key, _)| !ELEMENT.contains(&key)) {
        return None;
    }
    let [kid] = kids(view, dict) else { return None };
    let kid = view.dict(kid)?;
    let reference = kid.get(b"Type").and_then(Object::as_name) == Some(b"OBJR");
    kid.get(b"Obj").and_then(Object::as_reference).filter(|_| reference)
}

/// The parent tree: every entry that was there is still there, and what came leads to a new element.
fn parents<'a>(
    comparison: &Comparison<'a>,
    kept: &mut Kept<'a>,
    root: Id,
    added: &BTreeSet<Id>,
) -> Result<(), Finding> {
    let tree = |view: View<'a>| match view.dict_at(root).and_then(|dict| dict.get(b"ParentTree")) {
        None => Ok(BTreeMap::new()),
        Some(tree) => numbers(view, tree).ok_or_else(refusal),
    };
    let (before, after) = (tree(comparison.old)?, tree(comparison.new)?);
    for (number, value) in &before {
        kept.keep(value, &Area::Structure)?;
        if !after.get(number).is_some_and(|now| same(value, now)) {
            return Err(refusal());
        }
    }
    let mut gained = after.iter().filter(|(number, _)| !before.contains_key(number));
    if gained.all(|(_, value)| value.as_reference().is_some_and(|id| added.contains(&id))) {
        Ok(())
    } else {
        Err(refusal())
    }
}

/// The entries of a number tree (7.9.7), whose numbers must rise: some programs search it, others read it through.
fn numbers<'a>(view: View<'a>, tree: &'a Object) -> Option<BTreeMap<i64, &'a Object>> {
    let (mut found, mut seen, mut last) = (BTreeMap::new(), BTreeSet::new(), None);
    let mut waiting = vec![(tree, 0)];
    while let Some((node, level)) = waiting.pop() {
        if level > LEVELS || node.as_reference().is_some_and(|id| !seen.insert(id)) {
            return None;
        }
        let dict = view.dict(node)?;
        if let Some(kids) = dict.get(b"Kids") {
            waiting.extend(view.resolve(kids).as_array()?.iter().rev().map(|kid| (kid, level + 1)));
        }
        let Some(entries) = dict.get(b"Nums") else { continue };
        let entries = view.resolve(entries).as_array()?;
        if entries.len() % 2 != 0 {
            return None;
        }
        for pair in entries.chunks_exact(2) {
            let [number, value] = pair else { return None };
            let number = number.as_integer().filter(|number| last.is_none_or(|last| *number > last))?;
            last = Some(number);
            found.insert(number, value);
        }
    }
    Some(found)
}
