//! The place of a visible signature in the structure of a tagged document (ISO 32000-2, 14.7; PDF/UA-1, 7.18.1): a `Form`
//! element that the widget belongs to, and the way back from the widget in the parent tree.

use super::field::{current_dict, extend};
use super::increment::Increment;
use crate::error::Finding;
use crate::signature::pdf::{Dict, Id, Object};

/// The most levels of a parent tree that are walked: with few numbers a leaf, that many would hold billions.
const MAX_DEPTH: usize = 16;

/// Adds the element, and gives the widget's key in the parent tree; none when the document has no structure.
///
/// # Errors
/// When the structure is not what it should be.
pub(super) fn add(increment: &mut Increment, widget: Id, page: Id) -> Result<Option<i64>, Finding> {
    let Some(root) = increment.view().catalog().1.get(b"StructTreeRoot") else { return Ok(None) };
    let root = root.as_reference().ok_or_else(broken)?;
    let mut dict = current_dict(increment, root);
    if dict.is_empty() {
        return Err(broken());
    }
    let kid = Dict::new()
        .with("Type", Object::name("OBJR"))
        .with("Pg", Object::Reference(page))
        .with("Obj", Object::Reference(widget));
    let element = Dict::new()
        .with("Type", Object::name("StructElem"))
        .with("S", Object::name("Form"))
        .with("P", Object::Reference(root))
        .with("Pg", Object::Reference(page))
        .with("K", Object::Dictionary(kid));
    let element = increment.add(Object::Dictionary(element))?;
    add_child(increment, &mut dict, element);
    let key = add_parent(increment, &mut dict, element)?;
    dict.set(b"ParentTreeNextKey", Object::Integer(key + 1));
    increment.set(root, Object::Dictionary(dict));
    Ok(Some(key))
}

/// `/K` of the root: one element, or an array of them (14.7.2, table 354).
fn add_child(increment: &mut Increment, root: &mut Dict, element: Id) {
    let kids = root.get(b"K").cloned().unwrap_or(Object::Null);
    let is_array = match &kids {
        Object::Array(_) => true,
        Object::Reference(id) => increment.current(*id).as_array().is_some(),
        _ => false,
    };
    if is_array || kids == Object::Null {
        extend(increment, root, b"K", element, true);
    } else {
        root.set(b"K", Object::Array(vec![kids, Object::Reference(element)]));
    }
}

/// Enters the element in the parent tree, a number tree (7.9.7), under a key behind all others.
fn add_parent(increment: &mut Increment, root: &mut Dict, element: Id) -> Result<i64, Finding> {
    let tree = root.get(b"ParentTree").cloned().unwrap_or(Object::Null);
    let next = root.get(b"ParentTreeNextKey").and_then(Object::as_integer).unwrap_or(0);
    // The way to the last leaf: the nodes, each with its object unless it stands in its parent.
    let mut path: Vec<(Option<Id>, Dict)> = Vec::new();
    let mut node = tree;
    loop {
        let id = node.as_reference();
        let dict = id.map_or(node, |id| increment.current(id));
        let Object::Dictionary(dict) = dict else {
            if path.is_empty() {
                path.push((None, Dict::new()));
                break;
            }
            return Err(broken());
        };
        let kids = dict.get(b"Kids").map(|kids| resolved(increment, kids));
        path.push((id, dict));
        let Some(kids) = kids else { break };
        node = kids.as_array().and_then(<[_]>::last).cloned().ok_or_else(broken)?;
        if path.len() > MAX_DEPTH || node.as_reference().is_none() {
            return Err(broken());
        }
    }
    let key = enter(increment, &mut path, next, element)?;
    let top = path.first().and_then(|(id, _)| *id);
    for (id, node) in path {
        match id {
            Some(id) => increment.set(id, Object::Dictionary(node)),
            None => root.set(b"ParentTree", Object::Dictionary(node)),
        }
    }
    if let Some(top) = top {
        root.set(b"ParentTree", Object::Reference(top));
    }
    Ok(key)
}

/// Appends to the leaf at the end of the path, and raises the limits on the way to it.
fn enter(increment: &mut Increment, path: &mut [(Option<Id>, Dict)], next: i64, element: Id) -> Result<i64, Finding> {
    let (_, leaf) = path.last_mut().ok_or_else(broken)?;
    let nums = leaf.get(b"Nums").cloned().unwrap_or(Object::Array(Vec::new()));
    let place = nums.as_reference();
    let Object::Array(mut numbers) = resolved(increment, &nums) else { return Err(broken()) };
    let last = match numbers.len() {
        0 => -1,
        some => numbers.get(some.saturating_sub(2)).and_then(Object::as_integer).ok_or_else(broken)?,
    };
    if numbers.len() % 2 != 0 || last == i64::MAX {
        return Err(broken());
    }
    let key = next.max(last + 1);
    numbers.extend([Object::Integer(key), Object::Reference(element)]);
    match place {
        Some(id) => increment.set(id, Object::Array(numbers)),
        None => leaf.set(b"Nums", Object::Array(numbers)),
    }
    for (_, node) in path {
        let limits = node.get(b"Limits").map(|limits| resolved(increment, limits));
        if let Some(first) = limits.as_ref().and_then(|limits| limits.as_array()?.first()) {
            node.set(b"Limits", Object::Array(vec![first.clone(), Object::Integer(key)]));
        }
    }
    Ok(key)
}

fn resolved(increment: &Increment, object: &Object) -> Object {
    object.as_reference().map_or_else(|| object.clone(), |id| increment.current(id))
}

fn broken() -> Finding {
    Finding::error("sign-structure")
}
