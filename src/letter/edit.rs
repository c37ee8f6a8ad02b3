//! Changes to the file of a letter as its author would make them: what is not changed stays what it was, byte for byte.

use std::fmt::Write as _;
use std::ops::Range;

use similar::DiffOp;
use toml_edit::{Array, Datetime, DocumentMut, Item, Table, TableLike, Value};

use self::compare::compared;
use super::file;
use crate::contract::{Contract, Field, Kind};
use crate::source::SourceFile;

/// In what a value is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// One line of text.
    Line,
    /// A text of more lines.
    Text,
    /// A day.
    Date,
    /// A whole number.
    Count,
    /// `true` or `false`.
    Boolean,
    /// One of these words.
    Choice(Vec<String>),
    /// Texts, one a line.
    List,
    /// Texts, one a line, or how many there are.
    ListOrCount,
    /// A text, or more of them, one a line.
    LineOrList,
    /// Something that no field of a form can show; it is left as it is.
    Other,
}

/// A key of a letter, with what the file has for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The keys that lead to it.
    pub path: Vec<String>,
    /// In what it is asked for.
    pub shape: Shape,
    /// What it holds, as text; empty if it is not there.
    pub value: String,
    /// Whether it must be filled in.
    pub required: bool,
    /// One line of help.
    pub help: String,
}

impl Slot {
    /// Its dotted key.
    pub fn key(&self) -> String {
        self.path.join(".")
    }
}

/// The two parts of a letter file with what stands before, between and after them; none if it has no front matter.
pub fn parts(text: &str) -> Option<(Range<usize>, Range<usize>)> {
    let parts = file::split(&SourceFile::new("", text)).ok()?;
    Some((parts.front, parts.body))
}

/// The text of a file with line feeds only and without a byte order mark.
pub fn plain(raw: &str) -> String {
    feeds(raw.strip_prefix('\u{feff}').unwrap_or(raw))
}

/// A text with line feeds only: a browser ends lines its own way.
pub fn feeds(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// A text as a basic string of TOML on one line.
pub fn one_line(text: &str) -> String {
    let mut written = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => written.extend(['\\', character]),
            '\n' => written.push_str("\\n"),
            character if character.is_control() => {
                let _ = write!(written, "\\u{:04X}", u32::from(character));
            }
            character => written.push(character),
        }
    }
    written.push('"');
    written
}

/// The text of a letter of a front matter and a body; none if a line of the front matter would end it too early.
pub fn joined(front: &str, body: &str) -> Option<String> {
    let feed = if front.is_empty() || front.ends_with('\n') { "" } else { "\n" };
    let text = format!("{0}\n{front}{feed}{0}\n{body}", file::FENCE);
    let (own, _) = parts(&text)?;
    (own.len() == front.len() + feed.len()).then_some(text)
}

/// The keys of a contract with what a front matter has for them; none if it is no TOML.
pub fn slots(front: &str, contract: &Contract) -> Option<Vec<Slot>> {
    let document: DocumentMut = front.parse().ok()?;
    let mut slots = Vec::new();
    walk(contract, Some(document.as_table()), &[], &mut slots);
    Some(slots)
}

/// A front matter with the values that a form gave, where they are others than what `was` in the front matter that the form
/// was made from; none if either is no TOML.
pub fn apply<'a>(
    front: &str,
    was: &str,
    contract: &Contract,
    given: &dyn Fn(&str) -> Option<&'a str>,
) -> Option<String> {
    let changed = slots(was, contract)?.into_iter().filter_map(|slot| {
        let value = feeds(given(&slot.key())?);
        (slot.shape != Shape::Other && value != feeds(&slot.value)).then_some((slot, value))
    });
    let changed: Vec<_> = changed.collect();
    if changed.is_empty() {
        return Some(front.to_string());
    }
    let mut document: DocumentMut = front.parse().ok()?;
    // What is cleared is first marked, and then left out with its line, so that the comments above it stay.
    let mut mark = String::from("leeg");
    while front.contains(&mark) || changed.iter().any(|(_, value)| value.contains(&mark)) {
        mark.push_str("-leeg");
    }
    for (slot, value) in changed {
        let value = value.trim();
        if value.is_empty() {
            clear(document.as_table_mut(), &slot.path, &mark, false);
        } else {
            put(document.as_table_mut(), &slot.path, &slot.shape, value);
        }
    }
    Some(document.to_string().split_inclusive('\n').filter(|line| !line.contains(&mark)).collect())
}

/// The bytes of a file that gets another text: lines that stay keep their ends, new ones get those of the first.
pub fn restore(raw: &str, text: &str) -> String {
    let (mark, raw) = match raw.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", raw),
    };
    let (old, new) = (lines(raw), lines(text));
    let usual = old.iter().map(|(_, end)| *end).find(|end| !end.is_empty()).unwrap_or("\n");
    let is_mixed = old.iter().any(|(_, end)| !end.is_empty() && *end != usual);
    let mut kept: Vec<Option<usize>> = vec![None; new.len()];
    // Where all lines end alike, nothing depends on which of them stayed.
    if is_mixed {
        let bare = |lines: &[(&'_ str, &'_ str)]| lines.iter().map(|(line, _)| line.to_string()).collect::<Vec<_>>();
        for op in compared(&bare(&old), &bare(&new)) {
            if let DiffOp::Equal { old_index, new_index, len } = op {
                (0..len).for_each(|at| kept[new_index + at] = Some(old_index + at));
            }
        }
    }
    let mut restored = String::from(mark);
    for ((line, end), kept) in new.iter().zip(kept) {
        restored.push_str(line);
        if !end.is_empty() {
            let own = kept.map_or("", |at| old[at].1);
            restored.push_str(if own.is_empty() { usual } else { own });
        }
    }
    restored
}

/// The lines of a text with their ends.
fn lines(text: &str) -> Vec<(&str, &str)> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let end = if rest[length..].starts_with("\r\n") { 2 } else { usize::from(length < rest.len()) };
        lines.push((&rest[..length], &rest[length..length + end]));
        rest = &rest[length + end..];
    }
    lines
}

fn walk(contract: &Contract, table: Option<&dyn TableLike>, above: &[String], slots: &mut Vec<Slot>) {
    for field in &contract.fields {
        let path: Vec<String> = above.iter().chain([&field.name]).cloned().collect();
        let item = table.and_then(|table| table.get(&field.name)).filter(|item| !item.is_none());
        match &field.kind {
            Kind::Table(inner) if item.is_none_or(Item::is_table_like) => {
                walk(inner, item.and_then(Item::as_table_like), &path, slots);
            }
            Kind::Map(kind) => {
                for (name, item) in item.and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter) {
                    let path = path.iter().cloned().chain([name.to_string()]).collect();
                    slots.push(slot(&Field::optional(name, (**kind).clone(), ""), path, Some(item)));
                }
            }
            _ => slots.push(slot(field, path, item)),
        }
    }
}

fn slot(field: &Field, path: Vec<String>, item: Option<&Item>) -> Slot {
    let asked = match &field.kind {
        Kind::Text => Shape::Line,
        Kind::Date => Shape::Date,
        Kind::Count => Shape::Count,
        Kind::Boolean => Shape::Boolean,
        Kind::Choice(words) => Shape::Choice(words.clone()),
        Kind::List(item) if **item == Kind::Text => Shape::List,
        Kind::Either(kinds) => match kinds.as_slice() {
            [Kind::List(_), Kind::Count] => Shape::ListOrCount,
            [Kind::Text, Kind::List(_)] => Shape::LineOrList,
            [Kind::Text, ..] => Shape::Line,
            _ => Shape::Other,
        },
        Kind::List(_) | Kind::Table(_) | Kind::Map(_) => Shape::Other,
    };
    let shown = match item {
        None => Some((asked, String::new())),
        Some(item) => shown(asked, item),
    };
    let (shape, value) = shown.unwrap_or((Shape::Other, item.map_or(String::new(), |item| item.to_string())));
    Slot { path, shape, value, required: field.required, help: field.help.clone() }
}

/// What an item holds, as far as a field of that shape can show it and give it back.
fn shown(shape: Shape, item: &Item) -> Option<(Shape, String)> {
    let text = item.as_str().map(String::from);
    let list = || {
        let items: Option<Vec<&str>> = item.as_array()?.iter().map(Value::as_str).collect();
        let items = items?;
        let is_plain = |item: &&str| !item.is_empty() && item.trim() == *item && !item.contains(['\n', '\r']);
        items.iter().all(is_plain).then(|| items.join("\n"))
    };
    let value = match &shape {
        Shape::Line if text.as_ref().is_some_and(|text| text.contains(['\n', '\r'])) => {
            return Some((Shape::Text, text?));
        }
        Shape::Line | Shape::Text | Shape::Choice(_) => text,
        Shape::Date => item.as_datetime().filter(|day| day.time.is_none()).map(ToString::to_string),
        Shape::Count => item.as_integer().map(|count| count.to_string()),
        Shape::Boolean => item.as_bool().map(|answer| answer.to_string()),
        Shape::List => list(),
        Shape::ListOrCount => item.as_integer().map(|count| count.to_string()).or_else(list),
        Shape::LineOrList => text.filter(|text| !text.contains(['\n', '\r'])).or_else(list),
        Shape::Other => None,
    };
    value.map(|value| (shape, value))
}

/// Marks a value that is cleared; in a table on one line it is removed.
fn clear(table: &mut dyn TableLike, path: &[String], mark: &str, is_inline: bool) {
    let [key, below @ ..] = path else { return };
    if below.is_empty() && is_inline {
        table.remove(key);
        return;
    }
    let Some(item) = table.get_mut(key) else { return };
    let is_inline = is_inline || item.is_inline_table();
    if !below.is_empty() {
        if let Some(inner) = item.as_table_like_mut() {
            clear(inner, below, mark, is_inline);
        }
    } else if let Some(value) = item.as_value_mut() {
        become_of(value, mark.into());
    }
}

fn put(table: &mut dyn TableLike, path: &[String], shape: &Shape, value: &str) {
    let [key, below @ ..] = path else { return };
    if below.is_empty() {
        return put_here(table, key, shape, value);
    }
    if table.get(key).is_none_or(|item| !item.is_table_like()) {
        let mut new = Table::new();
        new.decor_mut().set_prefix("\n");
        table.insert(key, Item::Table(new));
    }
    if let Some(inner) = table.get_mut(key).and_then(Item::as_table_like_mut) {
        put(inner, below, shape, value);
    }
}

fn put_here(table: &mut dyn TableLike, key: &str, shape: &Shape, value: &str) {
    let items = || value.lines().map(str::trim).filter(|line| !line.is_empty());
    let new = match shape {
        // What is no day or number is kept as it was typed: it is the author's to mend, and said so.
        Shape::Date => value.parse::<Datetime>().map_or_else(|_| value.into(), Value::from),
        Shape::Count => value.parse::<i64>().map_or_else(|_| value.into(), Value::from),
        Shape::Boolean => value.parse::<bool>().map_or_else(|_| value.into(), Value::from),
        Shape::ListOrCount if value.parse::<u32>().is_ok() => value.parse::<i64>().unwrap_or_default().into(),
        Shape::LineOrList if items().count() == 1 => value.into(),
        Shape::List | Shape::ListOrCount | Shape::LineOrList => {
            if let Some(array) = table.get_mut(key).and_then(Item::as_array_mut) {
                return items::put(array, &items().collect::<Vec<_>>());
            }
            items().collect::<Array>().into()
        }
        // A fence would end the front matter in the middle of the value.
        _ if value.lines().any(|line| line.trim_end() == file::FENCE) => {
            one_line(value).parse().unwrap_or_else(|_| value.into())
        }
        _ => value.into(),
    };
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => become_of(old, new),
        None => drop(table.insert(key, Item::Value(new))),
    }
}

/// Another value in the same place, with the same white space and comments around it.
fn become_of(old: &mut Value, mut new: Value) {
    *new.decor_mut() = old.decor().clone();
    *old = new;
}

pub mod compare;
mod items;
#[cfg(test)]
mod tests;
