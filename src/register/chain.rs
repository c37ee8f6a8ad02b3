//! The chain of events: every change is appended, with the hash of the one before it.
//!
//! An event holds, of what changed, only a salted digest within its hash: the details themselves, which can be personal
//! data, may be destroyed lawfully and leave the chain whole. It also holds a digest of all that is recorded of its entry
//! once it has happened, so that a change behind the register's back is found whichever column it was made in.

use std::collections::HashMap;

use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use super::Clerk;
use super::db::{Row, Tx, Value, values};
use crate::error::{Finding, Result};
pub use crate::workspace::bytes::hex;

/// The head of a chain without events.
pub const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// How many entries are read together.
const TOGETHER: usize = 200;

/// Where the chain ends at some moment. Kept elsewhere, it shows later that no event before it was cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The number of the last event; 0 before the first.
    pub seq: i64,
    /// Its hash, or [`START`].
    pub hash: String,
}

impl Head {
    /// The end of the chain as it is recorded.
    ///
    /// # Errors
    /// When the database fails, or doesn't say it.
    pub fn read(tx: &mut Tx) -> Result<Self> {
        let row = tx.row("SELECT seq, head FROM chain WHERE id = 1", &[])?;
        let head = row.and_then(|row| Some(Self { seq: row.number("seq")?, hash: row.text("head") }));
        head.ok_or_else(|| Finding::error("row-broken").arg("id", "1").arg("table", "chain").into())
    }
}

/// A transaction that notes what it does.
pub struct Journal<'a, 'tx> {
    /// The transaction.
    pub tx: &'a mut Tx<'tx>,
    /// Who writes.
    pub clerk: &'a Clerk<'a>,
    seq: i64,
    head: String,
    noted: bool,
}

/// What an event's hash is made of, in this order, as a JSON array after the name of the format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link<'a> {
    /// Its number, from 1.
    pub seq: i64,
    /// The moment, such as `2023-02-21T11:00:00Z`.
    pub moment: &'a str,
    /// Who did it.
    pub who: &'a str,
    /// The entry it is about.
    pub entry: &'a str,
    /// What happened.
    pub what: &'a str,
    /// [`digest`] of the details.
    pub digest: &'a str,
    /// [`digest`] of the [`state`] of the entry.
    pub state: &'a str,
    /// The hash of the event before it.
    pub previous: &'a str,
}

impl Link<'_> {
    /// SHA-256 of the event, in hexadecimal.
    pub fn hash(&self) -> String {
        let parts = json!([
            "postkamer-event-1",
            self.seq,
            self.moment,
            self.who,
            self.entry,
            self.what,
            self.digest,
            self.state,
            self.previous,
        ]);
        hex(&Sha256::digest(parts.to_string()))
    }
}

/// SHA-256 of a salt and a text, in hexadecimal; the salt keeps the text from being guessed.
pub fn digest(salt: &str, text: &str) -> String {
    hex(&Sha256::new().chain_update(salt).chain_update("\n").chain_update(text).finalize())
}

/// Everything that is recorded of an entry, as JSON: its row, its numbers, its files, the links that it is the
/// source of and what the archive holds of it. Columns without a value are left out, so that a later version of the database may have more of them.
///
/// # Errors
/// When the database fails.
pub fn state(tx: &mut Tx, entry: &str) -> Result<String> {
    salted_state(tx, entry).map(|(_, state)| state)
}

/// The salt of an entry and its [`state`].
fn salted_state(tx: &mut Tx, entry: &str) -> Result<(String, String)> {
    let id = [Value::from(entry)];
    let row = tx.row("SELECT * FROM entry WHERE id = $1", &id)?;
    let numbers = tx.rows("SELECT * FROM number WHERE entry = $1 ORDER BY kind, number", &id)?;
    let files = tx.rows("SELECT * FROM file WHERE entry = $1 ORDER BY version, position", &id)?;
    let links = tx.rows("SELECT * FROM link WHERE source = $1 ORDER BY kind, target", &id)?;
    let archived = tx.rows("SELECT * FROM archived WHERE entry = $1 ORDER BY version", &id)?;
    let salt = row.as_ref().map(|row| row.text("salt")).unwrap_or_default();
    Ok((salt, state_of(row.as_ref(), &numbers, &files, &links, &archived)))
}

/// The salt and the [`state`] of several entries, read together.
fn states(tx: &mut Tx, ids: &[&str]) -> Result<HashMap<String, (String, String)>> {
    // Always as many values, so that the statements are prepared once.
    let padded = ids.iter().chain(std::iter::repeat_n(&ids[ids.len() - 1], TOGETHER - ids.len()));
    let values: Vec<Value> = padded.map(|id| Value::from(*id)).collect();
    let places: Vec<_> = (1..=TOGETHER).map(|at| format!("${at}")).collect();
    let places = places.join(", ");
    let mut of_each = |table: &str, column: &str, order: &str| -> Result<HashMap<String, Vec<Row>>> {
        let sql = format!("SELECT * FROM {table} WHERE {column} IN ({places}) ORDER BY {order}");
        let mut found: HashMap<_, Vec<_>> = HashMap::new();
        for row in tx.rows(&sql, &values)? {
            found.entry(row.text(column)).or_default().push(row);
        }
        Ok(found)
    };
    let entries = of_each("entry", "id", "id")?;
    let numbers = of_each("number", "entry", "kind, number")?;
    let files = of_each("file", "entry", "version, position")?;
    let links = of_each("link", "source", "kind, target")?;
    let archived = of_each("archived", "entry", "version")?;
    let rows = |of: &HashMap<String, Vec<Row>>, id: &str| of.get(id).cloned().unwrap_or_default();
    let state = |id: &&str| {
        let entry = entries.get(*id).and_then(|rows| rows.first());
        let salt = entry.map(|row| row.text("salt")).unwrap_or_default();
        let state = state_of(entry, &rows(&numbers, id), &rows(&files, id), &rows(&links, id), &rows(&archived, id));
        ((*id).to_string(), (salt, state))
    };
    Ok(ids.iter().map(state).collect())
}

/// The [`state`] from rows that were read already, in the order in which it reads them.
pub fn state_of(entry: Option<&Row>, numbers: &[Row], files: &[Row], links: &[Row], archived: &[Row]) -> String {
    let all = |rows: &[Row]| rows.iter().map(columns).collect::<Vec<_>>();
    let mut state = json!({
        "entry": entry.map(columns), "numbers": all(numbers), "files": all(files), "links": all(links),
    });
    // Events that are older than the archive were made without it.
    if !archived.is_empty() {
        state["archived"] = all(archived).into();
    }
    state.to_string()
}

fn columns(row: &Row) -> Json {
    let known = row.columns().filter_map(|(name, value)| {
        let value = match value {
            Value::Null => return None,
            Value::Int(number) => Json::from(*number),
            Value::Text(text) => Json::from(text.as_str()),
        };
        Some((name.to_string(), value))
    });
    // By name: a column that is added later comes last in a row, wherever it stands in a new database.
    let sorted: std::collections::BTreeMap<_, _> = known.collect();
    Json::Object(sorted.into_iter().collect::<Map<_, _>>())
}

impl<'a, 'tx> Journal<'a, 'tx> {
    pub(super) fn open(tx: &'a mut Tx<'tx>, clerk: &'a Clerk<'a>) -> Result<Self> {
        let Head { seq, hash } = Head::read(tx)?;
        Ok(Self { tx, clerk, seq, head: hash, noted: false })
    }

    /// Where the chain ends, with what was noted so far in this transaction.
    pub fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.head.clone() }
    }

    /// Notes what happened to an entry, after its rows were changed.
    ///
    /// # Errors
    /// When the database fails.
    pub fn note(&mut self, entry: &str, what: &str, details: &Json) -> Result<()> {
        let (salt, state) = salted_state(self.tx, entry)?;
        self.append(entry, what, details, &digest(&salt, &state))
    }

    /// Notes what happened to many entries, each named once, after all their rows were changed: in the order given, with
    /// a few readings for hundreds of them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn note_all(&mut self, what: &str, happened: &[(&str, Json)]) -> Result<()> {
        for some in happened.chunks(TOGETHER) {
            let ids: Vec<_> = some.iter().map(|(entry, _)| *entry).collect();
            let states = states(self.tx, &ids)?;
            for (entry, details) in some {
                let (salt, state) = states.get(*entry).cloned().unwrap_or_default();
                self.append(entry, what, details, &digest(&salt, &state))?;
            }
        }
        Ok(())
    }

    fn append(&mut self, entry: &str, what: &str, details: &Json, state: &str) -> Result<()> {
        let salt = self.salt();
        let (details, moment) = (details.to_string(), self.clerk.moment.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        let digest = digest(&salt, &details);
        self.seq += 1;
        let link = Link {
            seq: self.seq,
            moment: &moment,
            who: self.clerk.name,
            entry,
            what,
            digest: &digest,
            state,
            previous: &self.head,
        };
        let hash = link.hash();
        self.tx.exec(
            "INSERT INTO event (seq, moment, who, entry, what, details, salt, digest, state, previous, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            values![
                self.seq,
                &moment,
                self.clerk.name,
                entry,
                what,
                &details,
                &salt,
                &digest,
                state,
                &self.head,
                &hash
            ],
        )?;
        self.head = hash;
        self.noted = true;
        Ok(())
    }

    /// A fresh salt.
    pub fn salt(&self) -> String {
        hex(&(self.clerk.random)())
    }

    /// Writes the new head, once a transaction.
    pub(super) fn close(self) -> Result<()> {
        if self.noted {
            let head = values![self.seq, &self.head];
            self.tx.exec("UPDATE chain SET seq = $1, head = $2 WHERE id = 1", head)?;
        }
        Ok(())
    }
}
