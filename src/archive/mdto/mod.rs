//! MDTO 1.0.1 (Metagegevens voor Duurzaam Toegankelijke Overheidsinformatie, Nationaal Archief): what an archive has to know
//! of a letter and of each of its files, as XML.
//!
//! [`information`] and [`mod@file`] are the two kinds of object that the schema knows, [`lists`] the lists that their terms
//! come from; [`letter`] says what is true of a letter of the register, [`format`](mod@format) recognises the formats of files.

pub mod file;
pub mod format;
pub mod information;
pub mod letter;
pub mod lists;
mod xml;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
pub use xml::text;

/// `identificatieGegevens`: a number and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identification {
    /// The number (identificatieKenmerk).
    pub number: String,
    /// Who gave it out (identificatieBron).
    pub source: String,
}

/// `verwijzingGegevens`: another object, person or organisation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// Its name.
    pub name: String,
    /// By which it can be found.
    pub identification: Option<Identification>,
}

/// `begripGegevens`: a term of a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// Its words.
    pub label: String,
    /// Its code in the list.
    pub code: Option<String>,
    /// The name of the list.
    pub list: String,
}

/// When something was: a day, or a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// A day.
    Day(NaiveDate),
    /// A moment.
    Moment(DateTime<Utc>),
}

impl Identification {
    /// A number with where it comes from.
    pub fn new(number: impl Into<String>, source: impl Into<String>) -> Self {
        Self { number: number.into(), source: source.into() }
    }
}

impl Reference {
    /// A name alone.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), identification: None }
    }

    /// A name with a number.
    pub fn numbered(name: impl Into<String>, identification: Identification) -> Self {
        Self { name: name.into(), identification: Some(identification) }
    }
}

impl Term {
    /// A term without a code.
    pub fn new(label: impl Into<String>, list: impl Into<String>) -> Self {
        Self { label: label.into(), code: None, list: list.into() }
    }

    /// The same with its code.
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }
}

/// A day as `xsd:date`; none for one before year 1, which that type doesn't know (XML Schema part 2, 3.2.9).
pub fn xsd_date(day: NaiveDate) -> Option<String> {
    (day.year() >= 1).then(|| format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day()))
}

/// A moment as `xsd:dateTime` in UTC, to the second; none for one before year 1.
pub fn xsd_moment(moment: DateTime<Utc>) -> Option<String> {
    Some(format!("{}T{}Z", xsd_date(moment.date_naive())?, moment.format("%H:%M:%S")))
}

impl When {
    fn xsd(self) -> Option<String> {
        match self {
            Self::Day(day) => xsd_date(day),
            Self::Moment(moment) => xsd_moment(moment),
        }
    }
}
