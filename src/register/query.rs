//! What is read from the register: lists by filter and order, what is due, what a question finds.
//!
//! All of it is one SELECT on `entry`, put together here from fixed pieces; what a user asks for is bound, never written
//! into the statement. Whatever the order, it is total, so that both databases give the same list every time.

use chrono::{Datelike, NaiveDate};
use serde_json::Value as Json;

use super::db::{Dialect, Tx, Value};
use super::entry::{Direction, Entry, Status};
use super::listed::Listed;
use super::search;
use crate::error::{Finding, Result};

/// The day under which a letter stands in the register, as `entry_day` indexes it; [`day`] in SQL. It is never NULL,
/// which the two databases would put at different ends.
const DAY: &str = "COALESCE(received, dated, reserved, '')";

/// Which letters are asked for: those that meet every condition given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// That way.
    pub direction: Option<Direction>,
    /// With one of these statuses; with any, if there are none.
    pub statuses: Vec<Status>,
    /// With their [`day`] in this year.
    pub year: Option<i32>,
    /// With their [`day`] on or after this one.
    pub from: Option<NaiveDate>,
    /// With their [`day`] on or before this one.
    pub until: Option<NaiveDate>,
    /// With a correspondent whose name holds this text, whatever case and accents.
    pub correspondent: Option<String>,
    /// Dealt with by this person, whatever case and accents.
    pub handler: Option<String>,
    /// Of this kind (soort), whatever case and accents.
    pub kind: Option<String>,
    /// Of the case with this number.
    pub case_number: Option<String>,
    /// Incoming and waiting for an answer.
    pub open: bool,
    /// With a term that ends on or before this day.
    pub due: Option<NaiveDate>,
}

/// What a list can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The number.
    Id,
    /// The date on the letter.
    Dated,
    /// The day it was received.
    Received,
    /// The day it was sent.
    Sent,
    /// The last day for an answer.
    Term,
    /// How far it is, by its word.
    Status,
    /// What it is about, by bytes.
    Subject,
    /// From whom it came or to whom it goes, by bytes.
    Correspondent,
}

/// The order of a list. Letters without a value come last; equal ones are ordered by number, in the same direction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// By [`day`], the newest first.
    #[default]
    Newest,
    /// By a field, upwards.
    Up(Field),
    /// By a field, downwards.
    Down(Field),
}

/// The day under which a letter stands in the register: that of receipt, else the date on the letter, else the day on
/// which its number was reserved. An outgoing letter is never received; an imported one may lack any of them.
pub fn day(entry: &Entry) -> Option<NaiveDate> {
    entry.received.or(entry.dated).or(entry.reserved)
}

impl Field {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Id,
        Self::Dated,
        Self::Received,
        Self::Sent,
        Self::Term,
        Self::Status,
        Self::Subject,
        Self::Correspondent,
    ];

    /// The word for it, which is its key in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Dated => "datum",
            Self::Received => "ontvangen",
            Self::Sent => "verzonden",
            Self::Term => "termijn",
            Self::Status => "status",
            Self::Subject => "onderwerp",
            Self::Correspondent => "correspondent",
        }
    }

    fn column(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Dated => "dated",
            Self::Received => "received",
            Self::Sent => "sent",
            Self::Term => "term",
            Self::Status => "status",
            Self::Subject => "subject",
            Self::Correspondent => "correspondent",
        }
    }
}

impl Order {
    /// The words for orders, but for the first: a field, upwards and downwards.
    #[rustfmt::skip]
    pub const WORDS: [&'static str; 16] = [
        "id", "-id", "datum", "-datum", "ontvangen", "-ontvangen", "verzonden", "-verzonden", "termijn", "-termijn",
        "status", "-status", "onderwerp", "-onderwerp", "correspondent", "-correspondent",
    ];

    /// The order of a word: that of a [`Field`], with `-` before it for downwards.
    pub fn of_word(word: &str) -> Option<Self> {
        let field = |word: &str| Field::ALL.into_iter().find(|field| field.word() == word);
        match word.strip_prefix('-') {
            Some(word) => field(word).map(Self::Down),
            None => field(word).map(Self::Up),
        }
    }

    fn sql(self) -> String {
        match self {
            Self::Newest => format!("{DAY} DESC, id DESC"),
            Self::Up(Field::Id) => "id".into(),
            Self::Down(Field::Id) => "id DESC".into(),
            Self::Up(field) => format!("{} NULLS LAST, id", field.column()),
            Self::Down(field) => format!("{} DESC NULLS LAST, id DESC", field.column()),
        }
    }
}

/// The letters that a filter asks for, at most `limit`.
///
/// # Errors
/// When the first day of a period comes after its last one; when the database fails.
pub fn list(tx: &mut Tx, filter: &Filter, order: Order, limit: Option<u32>) -> Result<Vec<Listed>> {
    let mut query = Query::default();
    query.filter(tx, filter)?;
    query.run(tx, &order.sql(), limit)
}

/// Part of a list, and how many letters the whole list has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The letters, in their order.
    pub letters: Vec<Entry>,
    /// How many there are in all.
    pub total: i64,
}

/// The letters that a filter and a question ask for, at most `limit` after the first `offset`. A question without
/// anything asks for all; of one that is still being typed, the last word is the beginning of one.
///
/// # Errors
/// As [`list`] and [`search()`].
pub fn part(tx: &mut Tx, question: &str, filter: &Filter, order: Order, limit: u32, offset: i64) -> Result<Part> {
    let mut query = Query::default();
    query.filter(tx, filter)?;
    let question = question.trim();
    if !question.is_empty() {
        let typed = format!("{question}*");
        let Some((condition, value)) = search::condition(tx.dialect(), &typed, query.values.len() + 1) else {
            return Err(Finding::error("search-empty").into());
        };
        query.conditions.push(condition);
        query.values.push(value);
    }
    let counted = format!("SELECT CAST(count(*) AS BIGINT) AS n FROM entry{}", query.condition());
    let total = tx.row(&counted, &query.values)?.and_then(|row| row.number("n")).unwrap_or_default();
    let condition = query.condition();
    let (limit, offset) = (query.bind(i64::from(limit)), query.bind(offset.max(0)));
    let sql = format!("SELECT * FROM entry{condition} ORDER BY {} LIMIT {limit} OFFSET {offset}", order.sql());
    let letters = tx.rows(&sql, &query.values)?.iter().map(Entry::of_row).collect::<Result<_>>()?;
    Ok(Part { letters, total })
}

/// What the letters of a register can be told apart by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// The years of their [`day`]s, the last first.
    pub years: Vec<String>,
    /// Their kinds (soort).
    pub kinds: Vec<String>,
    /// Who deals with them.
    pub handlers: Vec<String>,
}

impl Choices {
    /// Those of the register, at most `most` of each.
    ///
    /// # Errors
    /// When the database fails.
    pub fn read(tx: &mut Tx, most: u32) -> Result<Self> {
        let mut names = |value: &str, order: &str| -> Result<Vec<String>> {
            let sql = format!(
                "SELECT DISTINCT {value} AS name FROM entry WHERE {value} IS NOT NULL AND {value} <> ''
                 ORDER BY name {order} LIMIT {most}"
            );
            Ok(tx.rows(&sql, &[])?.iter().map(|row| row.text("name")).collect())
        };
        let years = names(&format!("substr({DAY}, 1, 4)"), "DESC")?;
        Ok(Self { years, kinds: names("kind", "")?, handlers: names("handler", "")? })
    }
}

/// The incoming letters that wait for an answer whose term ends on or before a day, by term and number.
///
/// # Errors
/// When the database fails.
pub fn due(tx: &mut Tx, until: NaiveDate) -> Result<Vec<Listed>> {
    let filter = Filter { open: true, due: Some(until), ..Filter::default() };
    list(tx, &filter, Order::Up(Field::Term), None)
}

/// The letters that a question finds, the newest first; see [`super::search`] for what a question is.
///
/// # Errors
/// When the question holds no word; when the database fails.
pub fn search(tx: &mut Tx, question: &str, limit: Option<u32>) -> Result<Vec<Listed>> {
    let Some((condition, value)) = search::condition(tx.dialect(), question, 1) else {
        return Err(Finding::error("search-empty").into());
    };
    let query = Query { conditions: vec![condition], values: vec![value] };
    query.run(tx, &Order::Newest.sql(), limit)
}

/// A SELECT on `entry` in the making.
#[derive(Default)]
struct Query {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Query {
    /// Binds a value; the place where it goes.
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// A condition: a fixed text, then a value.
    fn and(&mut self, condition: &str, value: impl Into<Value>) {
        let place = self.bind(value);
        self.conditions.push(format!("{condition} {place}"));
    }

    fn filter(&mut self, tx: &mut Tx, filter: &Filter) -> Result<()> {
        if let (Some(from), Some(until)) = (filter.from, filter.until)
            && from > until
        {
            return Err(Finding::error("list-period").arg("from", from).arg("until", until).into());
        }
        if let Some(direction) = filter.direction {
            self.and("direction =", direction.word());
        }
        if !filter.statuses.is_empty() {
            let places: Vec<_> = filter.statuses.iter().map(|status| self.bind(status.word())).collect();
            self.conditions.push(format!("status IN ({})", places.join(", ")));
        }
        if filter.open {
            self.and("status =", Status::Open.word());
        }
        let year = filter.year.and_then(|year| NaiveDate::from_ymd_opt(year, 1, 1));
        let (first, last) = (year, year.and_then(|first| first.with_month(12)?.with_day(31)));
        for from in filter.from.into_iter().chain(first) {
            self.and(&format!("{DAY} >="), from);
        }
        for until in filter.until.into_iter().chain(last) {
            self.and(&format!("{DAY} <="), until);
        }
        if let Some(due) = filter.due {
            self.and("term <=", due);
        }
        if let Some(number) = &filter.case_number {
            self.and("case_number =", number.trim());
        }
        if let Some(part) = filter.correspondent.as_deref().map(search::plain) {
            self.named(tx, "correspondent", &|name| name.contains(part.trim()))?;
        }
        for (column, asked) in [("handler", &filter.handler), ("kind", &filter.kind)] {
            if let Some(asked) = asked.as_deref().map(search::plain) {
                self.named(tx, column, &|name| name.trim() == asked.trim())?;
            }
        }
        Ok(())
    }

    /// The condition that a column holds one of the names that fit, without their accents and in lower case. The
    /// databases disagree on what those are, so that the names there are get compared here.
    fn named(&mut self, tx: &mut Tx, column: &str, fits: &dyn Fn(&str) -> bool) -> Result<()> {
        let names = tx.rows(&format!("SELECT DISTINCT {column} AS name FROM entry WHERE {column} IS NOT NULL"), &[])?;
        let names = names.into_iter().map(|row| row.text("name")).filter(|name| fits(&search::plain(name)));
        // There can be more names than a statement can bind values.
        let place = self.bind(names.collect::<Json>().to_string());
        self.conditions.push(match tx.dialect() {
            Dialect::Sqlite => format!("{column} IN (SELECT value FROM json_each({place}))"),
            Dialect::Postgres => {
                format!("{column} IN (SELECT json_array_elements_text(CAST(CAST({place} AS text) AS json)))")
            }
        });
        Ok(())
    }

    fn condition(&self) -> String {
        if self.conditions.is_empty() { String::new() } else { format!(" WHERE {}", self.conditions.join(" AND ")) }
    }

    fn run(mut self, tx: &mut Tx, order: &str, limit: Option<u32>) -> Result<Vec<Listed>> {
        let limit = limit.map(|limit| format!(" LIMIT {}", self.bind(i64::from(limit)))).unwrap_or_default();
        let sql = format!("SELECT * FROM entry{} ORDER BY {order}{limit}", self.condition());
        // Row by row: a whole register is large enough without being there twice.
        let rows = tx.rows(&sql, &self.values)?.into_iter();
        let entries = rows.map(|row| Entry::of_row(&row)).collect::<Result<Vec<_>>>()?;
        Listed::all(tx, entries)
    }
}
