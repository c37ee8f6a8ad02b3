//! What goes into a statement and what comes out of it, alike on both databases.

use std::sync::Arc;

/// A value of a column. Dates and moments are texts (ISO 8601), so that both databases keep and order them alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// No value.
    Null,
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
}

/// A row of an answer.
#[derive(Debug, Clone)]
pub struct Row {
    pub(super) columns: Arc<[String]>,
    pub(super) values: Vec<Value>,
}

impl Row {
    /// The value of a column.
    ///
    /// # Panics
    /// When the statement has no such column: that is a mistake in the program, which every test of the query meets.
    fn get(&self, column: &str) -> &Value {
        let at = self.columns.iter().position(|name| name == column);
        at.map(|at| &self.values[at]).unwrap_or_else(|| panic!("no column {column} in {:?}", self.columns))
    }

    /// The text of a column; empty for none.
    pub fn text(&self, column: &str) -> String {
        self.optional(column).unwrap_or_default()
    }

    /// The text of a column that may be empty.
    pub fn optional(&self, column: &str) -> Option<String> {
        match self.get(column) {
            Value::Null => None,
            Value::Int(number) => Some(number.to_string()),
            Value::Text(text) => Some(text.clone()),
        }
    }

    /// The number in a column; none where there is none or it is no number (another program may have put text there).
    pub fn number(&self, column: &str) -> Option<i64> {
        match self.get(column) {
            Value::Int(number) => Some(*number),
            Value::Null | Value::Text(_) => None,
        }
    }

    /// Every column with its value.
    pub fn columns(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.columns.iter().map(String::as_str).zip(&self.values)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<chrono::NaiveDate> for Value {
    fn from(day: chrono::NaiveDate) -> Self {
        Self::Text(day.to_string())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The values of a statement: `values![id, day, None::<i64>]`.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::register::db::Value::from($value)),*] };
}
pub(crate) use values;
