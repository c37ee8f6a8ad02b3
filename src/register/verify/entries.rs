//! Every entry against what its last event says of it, and against what is searched.

use std::collections::HashMap;

use super::events::History;
use super::files::Claim;
use super::{Fault, by, page, value};
use crate::error::Result;
use crate::register::chain;
use crate::register::db::{Dialect, Row, Tx, Value};
use crate::register::entry::Entry;
use crate::register::files::{FileRecord, sha256};
use crate::register::search;

/// The tables with rows of entries, the columns that name an entry, and their keys.
const OF_ENTRIES: [(&str, &str, &[&str]); 6] = [
    ("number", "entry", &["kind", "number"]),
    ("file", "entry", &["entry", "version", "position"]),
    ("link", "source", &["source", "kind", "target"]),
    ("link", "target", &["source", "kind", "target"]),
    ("archived", "entry", &["entry", "version"]),
    ("search", "entry", &["entry"]),
];

/// Reads all entries with what belongs to them: gives the files that this workspace should have, of all entries if none is
/// named, and how many letters have theirs elsewhere.
pub(super) fn check(
    tx: &mut Tx,
    workspace: Option<&str>,
    history: &mut History,
    faults: &mut Vec<Fault>,
) -> Result<(Vec<Claim>, usize)> {
    let (mut claims, mut elsewhere, mut after) = (Vec::new(), 0, None);
    while let Some(entries) = page(tx, "entry", "id", &mut after)? {
        let mut belonging = Belonging::read(tx, &entries)?;
        for row in entries {
            let id = row.text("id");
            let files = belonging.files.remove(&id).unwrap_or_default();
            let numbers = belonging.numbers.remove(&id).unwrap_or_default();
            let links = belonging.links.remove(&id).unwrap_or_default();
            let archived = belonging.archived.remove(&id).unwrap_or_default();
            let state = chain::state_of(Some(&row), &numbers, &files, &links, &archived);
            match history.last.remove(&id) {
                None => faults.push(Fault::new("verify-entry-unnoted", "entry", &id).of(&id)),
                Some(last) if last.state != chain::digest(&row.text("salt"), &state) => {
                    faults.push(Fault::new("verify-entry-altered", "entry", &id).of(&id).arg("event", last.seq));
                }
                Some(_) => {}
            }
            searched(&row, belonging.search.get(&id).and_then(|rows| rows.first()), faults)?;
            if workspace.is_some_and(|workspace| row.text("workspace") != workspace) {
                elsewhere += usize::from(!files.is_empty());
            } else {
                let whole = files.iter().filter(|file| file.number("version") != row.number("pending"));
                claims.extend(whole.map(|file| Claim { entry: id.clone(), record: FileRecord::of_row(file) }));
            }
        }
    }
    let mut gone: Vec<_> = history.last.iter().collect();
    gone.sort_by_key(|(id, _)| *id);
    for (id, last) in gone {
        faults.push(Fault::new("verify-entry-missing", "entry", id).of(id).arg("event", &last.seq));
    }
    // Whoever destroys a letter lawfully destroys what events say of it.
    for (seq, entry) in history.silent.iter().filter(|(_, entry)| !history.last.contains_key(entry)) {
        faults.push(Fault::new("verify-details-gone", "event", seq).of(entry));
    }
    Ok((claims, elsewhere))
}

/// What belongs to a page of entries.
struct Belonging {
    numbers: HashMap<String, Vec<Row>>,
    files: HashMap<String, Vec<Row>>,
    links: HashMap<String, Vec<Row>>,
    archived: HashMap<String, Vec<Row>>,
    search: HashMap<String, Vec<Row>>,
}

impl Belonging {
    /// Each in the order in which [`chain::state`] reads them.
    fn read(tx: &mut Tx, entries: &[Row]) -> Result<Self> {
        let id = |row: Option<&Row>| row.and_then(|row| value(row, "id")).cloned().unwrap_or(Value::Null);
        let range = [id(entries.first()), id(entries.last())];
        let mut read = |columns: &str, table: &str, column: &str, order: &str| -> Result<_> {
            let sql = format!("SELECT {columns} FROM {table} WHERE {column} >= $1 AND {column} <= $2 ORDER BY {order}");
            Ok(by(tx.rows(&sql, &range)?, column))
        };
        Ok(Self {
            numbers: read("*", "number", "entry", "kind, number")?,
            files: read("*", "file", "entry", "version, position")?,
            links: read("*", "link", "source", "kind, target")?,
            archived: read("*", "archived", "entry", "version")?,
            search: read("entry, body, terms", "search", "entry", "entry")?,
        })
    }
}

/// What is searched of an entry, against the entry.
fn searched(row: &Row, found: Option<&Row>, faults: &mut Vec<Fault>) -> Result<()> {
    let id = row.text("id");
    let entry = match Entry::of_row(row) {
        Ok(entry) => entry,
        Err(error) => {
            faults.extend(Fault::refused(error, &id)?);
            return Ok(());
        }
    };
    let fault = |code| Fault::new(code, "search", &id).of(&id);
    let Some(found) = found else {
        faults.push(fault("verify-search-missing"));
        return Ok(());
    };
    let (body, terms) = (found.text("body"), found.text("terms"));
    let as_noted = match &entry.text_digest {
        Some(digest) => sha256(body.as_bytes()) == *digest,
        None => body.is_empty(),
    };
    if !as_noted {
        faults.push(fault("verify-search-body"));
    }
    if terms != search::entry_terms(&entry, &body) {
        faults.push(fault("verify-search-terms"));
    }
    Ok(())
}

/// Rows of entries that are not there.
pub(super) fn orphans(tx: &mut Tx, faults: &mut Vec<Fault>) -> Result<()> {
    for (table, column, key) in OF_ENTRIES {
        let columns: Vec<_> = key.iter().chain([&column]).map(|name| format!("{table}.{name} AS {name}")).collect();
        let sql = format!(
            "SELECT {} FROM {table} LEFT JOIN entry ON entry.id = {table}.{column} WHERE entry.id IS NULL",
            columns.join(", ")
        );
        for row in tx.rows(&sql, &[])? {
            let key: Vec<_> = key.iter().map(|column| row.text(column)).collect();
            let entry = row.text(column);
            faults.push(Fault::new("verify-orphan", table, key.join(" ")).of(&entry).arg("entry", &entry));
        }
    }
    Ok(())
}

/// What the index of the search refers to.
pub(super) fn index(tx: &mut Tx, faults: &mut Vec<Fault>) -> Result<()> {
    let sql = match tx.dialect() {
        Dialect::Sqlite => {
            "SELECT search.entry AS entry, search.id AS id FROM search
             LEFT JOIN search_index_docsize ON search_index_docsize.id = search.id WHERE search_index_docsize.id IS NULL
             UNION ALL
             SELECT search.entry AS entry, search_index_docsize.id AS id FROM search_index_docsize
             LEFT JOIN search ON search_index_docsize.id = search.id WHERE search.id IS NULL"
        }
        Dialect::Postgres => {
            "SELECT entry, entry AS id FROM search
             WHERE lexemes IS DISTINCT FROM array_to_tsvector(string_to_array(terms, ' '))"
        }
    };
    for row in tx.rows(sql, &[])? {
        let fault = Fault::new("verify-search-index", "search", row.optional("entry").unwrap_or(row.text("id")));
        faults.push(match row.optional("entry") {
            Some(entry) => fault.of(&entry),
            None => fault,
        });
    }
    Ok(())
}
