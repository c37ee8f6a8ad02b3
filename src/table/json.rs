//! JSON: an array of objects, one for each row.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Unexpected, Visitor};
use serde_json::error::Category;

use super::{Column, Row, Table, column_name, list, text};
use crate::error::{Error, Finding, Result};

/// Before the messages of our own among those of the parser: what is wrong and of which column.
const SLIP: &str = "\u{1}";

/// Whole numbers beyond this are not kept exactly by every program that writes JSON (RFC 8259, section 6).
const MAX_EXACT: f64 = 9_007_199_254_740_991.0;

/// A table from the text of a JSON file: the columns are the names of the objects, in the order in which they first
/// occur; an array of texts is the cell that [`list::join`] makes of it; null is an empty cell.
///
/// The nth object has number n + 1, as in a spreadsheet of the same data with a header.
///
/// # Errors
/// [`Error::Refused`] with the line, when the text is no JSON or of another shape, or an object has a name twice.
pub(super) fn read(text: &str, shown: &Path) -> Result<Table> {
    let mut reading = Reading::default();
    let mut parser = serde_json::Deserializer::from_str(text);
    let read = parser.deserialize_seq(Rows(&mut reading)).and_then(|()| parser.end());
    read.map_err(|error| refused(&error, shown))?;
    let columns: Arc<[Column]> = reading.columns.into();
    let rows = reading.rows.into_iter().map(|(number, cells)| Row::new(number, cells, columns.clone()));
    Ok(Table { rows: rows.collect(), columns, header: 1 })
}

fn refused(error: &serde_json::Error, shown: &Path) -> Error {
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    let own = message.strip_prefix(SLIP).and_then(|own| own.split_once(' '));
    let (slip, name) = own.unwrap_or((if error.classify() == Category::Data { "shape" } else { "syntax" }, ""));
    let finding = Finding::error("table-json").key(name).arg("slip", slip).arg("message", message);
    finding.arg("file", shown.display()).arg("line", error.line()).into()
}

#[derive(Default)]
struct Reading {
    columns: Vec<Column>,
    indices: HashMap<String, usize>,
    rows: Vec<(usize, Vec<String>)>,
}

impl Reading {
    fn index(&mut self, name: String) -> usize {
        let position = self.columns.len();
        *self.indices.entry(name).or_insert_with_key(|name| {
            self.columns.push(Column { name: name.clone(), position });
            position
        })
    }
}

struct Rows<'r>(&'r mut Reading);

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<(), A::Error> {
        let mut number = 2;
        while let Some(cells) = items.next_element_seed(Object(self.0))? {
            if cells.iter().any(|cell| !cell.is_empty()) {
                self.0.rows.push((number, cells));
            }
            number += 1;
        }
        Ok(())
    }
}

struct Object<'r>(&'r mut Reading);

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = Vec<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> std::result::Result<Self::Value, A::Error> {
        let mut cells: Vec<Option<String>> = Vec::new();
        while let Some(key) = fields.next_key::<String>()? {
            let name = column_name(&key);
            let cell = fields.next_value_seed(Cell { may_be_list: true })?;
            if name.is_empty() {
                if cell.is_empty() {
                    continue;
                }
                return Err(A::Error::custom(format_args!("{SLIP}nameless ")));
            }
            let index = self.0.index(name);
            cells.resize(cells.len().max(index + 1), None);
            if cells[index].replace(cell).is_some() {
                let name = &self.0.columns[index].name;
                return Err(A::Error::custom(format_args!("{SLIP}double {name}")));
            }
        }
        Ok(cells.into_iter().map(Option::unwrap_or_default).collect())
    }
}

struct Cell {
    may_be_list: bool,
}

impl<'de> DeserializeSeed<'de> for Cell {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Cell {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.may_be_list { "a text, a number or an array of texts" } else { "a text or a number" })
    }

    fn visit_str<E>(self, value: &str) -> std::result::Result<String, E> {
        Ok(text(value))
    }

    fn visit_bool<E>(self, value: bool) -> std::result::Result<String, E> {
        Ok(super::sheet::boolean(value).to_string())
    }

    fn visit_u64<E>(self, value: u64) -> std::result::Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_i64<E>(self, value: i64) -> std::result::Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> std::result::Result<String, E> {
        if value.abs() > MAX_EXACT {
            return Err(E::custom(format_args!("{SLIP}number ")));
        }
        Ok(super::sheet::number(value))
    }

    fn visit_unit<E>(self) -> std::result::Result<String, E> {
        Ok(String::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<String, A::Error> {
        if !self.may_be_list {
            return Err(A::Error::invalid_type(Unexpected::Seq, &self));
        }
        let mut texts = Vec::new();
        while let Some(item) = items.next_element_seed(Cell { may_be_list: false })? {
            texts.push(item);
        }
        Ok(list::join(&texts))
    }
}
