//! A letter as the register knows it, and the row it is kept in.

use std::fmt;

use chrono::NaiveDate;

use super::db::{Row, Tx, Value};
use crate::error::{Error, Finding, Result};

/// Which way a letter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// It came in.
    In,
    /// It goes out.
    Out,
}

/// How far a letter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Outgoing: its number is reserved, its letter not yet there.
    Reserved,
    /// Outgoing: the final letter is made and recorded.
    Issued,
    /// Outgoing: it came back signed.
    Signed,
    /// Outgoing: it was sent.
    Sent,
    /// Outgoing: withdrawn after it was issued.
    Withdrawn,
    /// Outgoing: its number is void.
    Void,
    /// Incoming: waits for an answer.
    Open,
    /// Incoming: its answer is issued.
    Answered,
    /// Incoming: done with, without an answer.
    Handled,
}

impl Direction {
    /// Both.
    pub const ALL: [Self; 2] = [Self::In, Self::Out];

    /// The word in the database and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "uit",
        }
    }

    /// The direction of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|direction| direction.word() == word)
    }
}

impl Status {
    /// All of them, outgoing first.
    pub const ALL: [Self; 9] = [
        Self::Reserved,
        Self::Issued,
        Self::Signed,
        Self::Sent,
        Self::Withdrawn,
        Self::Void,
        Self::Open,
        Self::Answered,
        Self::Handled,
    ];

    /// The word in the database and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reserved => "gereserveerd",
            Self::Issued => "vastgesteld",
            Self::Signed => "ondertekend",
            Self::Sent => "verzonden",
            Self::Withdrawn => "ingetrokken",
            Self::Void => "vervallen",
            Self::Open => "open",
            Self::Answered => "beantwoord",
            Self::Handled => "afgedaan",
        }
    }

    /// The status of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }

    /// Which way letters go that have this status.
    pub fn direction(self) -> Direction {
        match self {
            Self::Open | Self::Answered | Self::Handled => Direction::In,
            _ => Direction::Out,
        }
    }

    /// Whether an outgoing letter with this status stands: it was issued and not withdrawn.
    pub fn stands(self) -> bool {
        matches!(self, Self::Issued | Self::Signed | Self::Sent)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// An entry of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The kenmerk of an outgoing letter, the number of an incoming one.
    pub id: String,
    /// Which way it goes.
    pub direction: Direction,
    /// How far it is.
    pub status: Status,
    /// Kind of letter (soort): the key of a term.
    pub kind: Option<String>,
    /// What it is about (onderwerp).
    pub subject: String,
    /// From whom it came or to whom it goes.
    pub correspondent: Option<String>,
    /// Number of its case (zaaknummer).
    pub case_number: Option<String>,
    /// The date on the letter (datum).
    pub dated: Option<NaiveDate>,
    /// The day it was received (ontvangen).
    pub received: Option<NaiveDate>,
    /// The day it was sent (verzonden).
    pub sent: Option<NaiveDate>,
    /// How it was sent (wijze).
    pub sent_by: Option<String>,
    /// Who deals with it (behandelaar).
    pub handler: Option<String>,
    /// The last day for an answer (termijn).
    pub term: Option<NaiveDate>,
    /// The correspondent's own reference (uw kenmerk).
    pub their_reference: Option<String>,
    /// The date of the correspondent's letter (uw brief).
    pub their_date: Option<NaiveDate>,
    /// The ZGW level (vertrouwelijkheid).
    pub confidentiality: Option<String>,
    /// The workspace that recorded it.
    pub workspace: String,
    /// The letter file of an outgoing letter, from the workspace.
    pub letter: Option<String>,
    /// SHA-256 of everything that letter was made from.
    pub letter_digest: Option<String>,
    /// The day on which its number was reserved.
    pub reserved: Option<NaiveDate>,
    /// Where its files go, from the workspace, without an extension.
    pub stem: Option<String>,
    /// The last version that is whole; 0 while the number is only reserved.
    pub version: i64,
    /// The version that is being made.
    pub pending: Option<i64>,
    /// Pages of the last version.
    pub pages: Option<i64>,
    /// Digest of the letter's own text, as [`super::search`] keeps it.
    pub text_digest: Option<String>,
    /// What digests of its data are made with.
    pub salt: String,
}

/// The columns of `entry`, in the order of [`Entry::values`].
const COLUMNS: [&str; 26] = [
    "id",
    "direction",
    "status",
    "kind",
    "subject",
    "correspondent",
    "case_number",
    "dated",
    "received",
    "sent",
    "sent_by",
    "handler",
    "term",
    "their_reference",
    "their_date",
    "confidentiality",
    "workspace",
    "letter",
    "letter_digest",
    "reserved",
    "stem",
    "version",
    "pending",
    "pages",
    "text_digest",
    "salt",
];

impl Entry {
    /// An entry with nothing but what every entry has.
    pub fn new(id: &str, status: Status, subject: &str, workspace: &str, salt: String) -> Self {
        Self {
            id: id.into(),
            direction: status.direction(),
            status,
            kind: None,
            subject: subject.into(),
            correspondent: None,
            case_number: None,
            dated: None,
            received: None,
            sent: None,
            sent_by: None,
            handler: None,
            term: None,
            their_reference: None,
            their_date: None,
            confidentiality: None,
            workspace: workspace.into(),
            letter: None,
            letter_digest: None,
            reserved: None,
            stem: None,
            version: 0,
            pending: None,
            pages: None,
            text_digest: None,
            salt,
        }
    }

    /// Whether it waits for an answer that should have been there before a day.
    pub fn is_late(&self, day: NaiveDate) -> bool {
        self.status == Status::Open && self.term.is_some_and(|term| term < day)
    }

    /// The entry with that ID.
    ///
    /// # Errors
    /// When the database fails.
    pub fn find(tx: &mut Tx, id: &str) -> Result<Option<Self>> {
        let row = tx.row("SELECT * FROM entry WHERE id = $1", &[id.into()])?;
        row.map(|row| Self::of_row(&row)).transpose()
    }

    /// The entry with that ID, which a user named.
    ///
    /// # Errors
    /// [`Error::Refused`] when there is none.
    pub fn get(tx: &mut Tx, id: &str) -> Result<Self> {
        Self::find(tx, id)?.ok_or_else(|| Finding::error("id-unknown").arg("id", id).into())
    }

    /// Adds the entry.
    ///
    /// # Errors
    /// When the database fails.
    pub fn insert(&self, tx: &mut Tx) -> Result<()> {
        let places: Vec<_> = (1..=COLUMNS.len()).map(|at| format!("${at}")).collect();
        let sql = format!("INSERT INTO entry ({}) VALUES ({})", COLUMNS.join(", "), places.join(", "));
        tx.exec(&sql, &self.values()).map(drop)
    }

    /// Writes the entry over the one with its ID.
    ///
    /// # Errors
    /// When the database fails.
    pub fn update(&self, tx: &mut Tx) -> Result<()> {
        let set = COLUMNS.iter().zip(1..).skip(1).map(|(column, at)| format!("{column} = ${at}"));
        let sql = format!("UPDATE entry SET {} WHERE id = $1", set.collect::<Vec<_>>().join(", "));
        tx.exec(&sql, &self.values()).map(drop)
    }

    fn values(&self) -> Vec<Value> {
        vec![
            (&self.id).into(),
            self.direction.word().into(),
            self.status.word().into(),
            self.kind.as_ref().into(),
            (&self.subject).into(),
            self.correspondent.as_ref().into(),
            self.case_number.as_ref().into(),
            self.dated.into(),
            self.received.into(),
            self.sent.into(),
            self.sent_by.as_ref().into(),
            self.handler.as_ref().into(),
            self.term.into(),
            self.their_reference.as_ref().into(),
            self.their_date.into(),
            self.confidentiality.as_ref().into(),
            (&self.workspace).into(),
            self.letter.as_ref().into(),
            self.letter_digest.as_ref().into(),
            self.reserved.into(),
            self.stem.as_ref().into(),
            self.version.into(),
            self.pending.into(),
            self.pages.into(),
            self.text_digest.as_ref().into(),
            (&self.salt).into(),
        ]
    }

    /// The entry in a row that has all columns of `entry`.
    ///
    /// # Errors
    /// When another program put something else in the row than this one would.
    pub fn of_row(row: &Row) -> Result<Self> {
        let broken = |column: &str| {
            Error::from(
                Finding::error("row-broken").arg("id", row.text("id")).arg("column", column).arg("table", "entry"),
            )
        };
        let day = |column: &str| match row.optional(column) {
            Some(text) => text.parse().map(Some).map_err(|_| broken(column)),
            None => Ok(None),
        };
        Ok(Self {
            id: row.text("id"),
            direction: Direction::of_word(&row.text("direction")).ok_or_else(|| broken("direction"))?,
            status: Status::of_word(&row.text("status")).ok_or_else(|| broken("status"))?,
            kind: row.optional("kind"),
            subject: row.text("subject"),
            correspondent: row.optional("correspondent"),
            case_number: row.optional("case_number"),
            dated: day("dated")?,
            received: day("received")?,
            sent: day("sent")?,
            sent_by: row.optional("sent_by"),
            handler: row.optional("handler"),
            term: day("term")?,
            their_reference: row.optional("their_reference"),
            their_date: day("their_date")?,
            confidentiality: row.optional("confidentiality"),
            workspace: row.text("workspace"),
            letter: row.optional("letter"),
            letter_digest: row.optional("letter_digest"),
            reserved: day("reserved")?,
            stem: row.optional("stem"),
            version: row.number("version").ok_or_else(|| broken("version"))?,
            pending: row.number("pending"),
            pages: row.number("pages"),
            text_digest: row.optional("text_digest"),
            salt: row.text("salt"),
        })
    }
}
