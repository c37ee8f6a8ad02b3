//! Another list of texts in an array, in which what stays keeps its place and its comments.

use similar::DiffOp;
use toml_edit::{Array, RawString, Value};

use super::compare::compared;

/// An item with what stands around it.
#[derive(Default)]
struct Part {
    /// What stands before it: the lines above it and its indent.
    lead: String,
    value: Option<Value>,
    text: String,
    /// What stands between it and its comma.
    before: String,
    /// The comment behind it on its line.
    tail: String,
}

/// Puts other items in an array; those that stay are left as they are.
pub(super) fn put(array: &mut Array, items: &[&str]) {
    let (old, mut closing) = taken(array);
    let had_comma = array.trailing_comma();
    let first_lead = old.first().map(|part| space_of(&part.lead));
    let texts: Vec<String> = old.iter().map(|part| part.text.clone()).collect();
    let given: Vec<String> = items.iter().map(|item| (*item).to_string()).collect();
    let ops = compared(&texts, &given);
    let mut old: Vec<Option<Part>> = old.into_iter().map(Some).collect();
    let mut new: Vec<Part> = Vec::new();
    // The comments on lines above items that went.
    let mut left = String::new();
    for op in ops {
        let (was, is) = (op.old_range(), op.new_range());
        let is_same = matches!(op, DiffOp::Equal { .. });
        for at in 0..was.len().max(is.len()) {
            let part = was.clone().nth(at).and_then(|at| old.get_mut(at)).and_then(Option::take);
            let Some(text) = is.clone().nth(at).map(|at| items[at]) else {
                if let Some(part) = part.filter(|part| part.lead.contains('#')) {
                    left.push_str(part.lead.rfind('\n').map_or("", |end| &part.lead[..end]));
                }
                continue;
            };
            let mut part = part.unwrap_or_else(|| Part {
                // As the one before it: on a line of its own, where that is.
                lead: new.last().map(|part| space_of(&part.lead)).or(first_lead.clone()).unwrap_or_default(),
                ..Part::default()
            });
            if !is_same {
                part.value = Some(text.into());
            }
            part.lead.insert_str(0, &std::mem::take(&mut left));
            new.push(part);
        }
    }
    closing.insert_str(0, &left);
    array.clear();
    let count = new.len();
    let mut tail = String::new();
    for (at, part) in new.into_iter().enumerate() {
        let mut lead = part.lead;
        if lead.is_empty() && at > 0 {
            lead.push(' ');
        }
        let mut value = part.value.unwrap_or_else(|| part.text.into());
        value.decor_mut().set_prefix(after(&tail, &lead));
        let is_last = at + 1 == count && !had_comma;
        let suffix = if is_last { part.before + &after(&part.tail, &closing) } else { part.before };
        value.decor_mut().set_suffix(suffix);
        tail = part.tail;
        array.push_formatted(value);
    }
    if had_comma || count == 0 {
        array.set_trailing(after(&tail, &closing));
    } else {
        array.set_trailing("");
    }
    array.set_trailing_comma(had_comma && count > 0);
}

/// The items of an array with what is around each, and what stands before its end.
fn taken(array: &Array) -> (Vec<Part>, String) {
    let raw = |raw: Option<&RawString>| raw.and_then(RawString::as_str).map(str::to_string);
    let mut parts: Vec<Part> = Vec::new();
    for (at, value) in array.iter().enumerate() {
        let lead = raw(value.decor().prefix()).unwrap_or_else(|| if at == 0 { String::new() } else { " ".into() });
        let lead = match parts.last_mut() {
            Some(before) => own_line(&lead, &mut before.tail),
            None => lead,
        };
        let before = raw(value.decor().suffix()).unwrap_or_default();
        let text = value.as_str().unwrap_or_default().to_string();
        parts.push(Part { lead, value: Some(value.clone()), text, before, tail: String::new() });
    }
    let trailing = raw(Some(array.trailing())).unwrap_or_default();
    let closing = match parts.last_mut() {
        Some(last) if array.trailing_comma() => own_line(&trailing, &mut last.tail),
        Some(last) => own_line(&(std::mem::take(&mut last.before) + &trailing), &mut last.tail),
        None => trailing,
    };
    (parts, closing)
}

/// What stands after an item, without the comment on its line, which is put in `tail`.
fn own_line(text: &str, tail: &mut String) -> String {
    let end = text.find('\n').unwrap_or(text.len());
    if !text[..end].contains('#') {
        return text.to_string();
    }
    *tail = text[..end].to_string();
    text[end..].to_string()
}

/// The white space before an item, without the lines above it.
fn space_of(lead: &str) -> String {
    let space = lead.rfind('\n').map_or(lead, |at| &lead[at..]);
    if space.trim().is_empty() { space.to_string() } else { " ".into() }
}

/// What stands after a comment: on a line of its own.
fn after(tail: &str, next: &str) -> String {
    let feed = if tail.contains('#') && !next.starts_with('\n') { "\n" } else { "" };
    format!("{tail}{feed}{next}")
}
