//! Each column of each row of each table, changed behind the program's back: rows changed, taken away, put in, swapped
//! and cut off. Tables and columns are those of the database's own catalogue, so that a new one is held to this too.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use postkamer::register::chain;
use postkamer::register::db::Value;

use super::{Column, Scene};

/// The tables of the register: a table that is not among them fails the test until it is thought of.
const TABLES: [&str; 10] =
    ["archived", "chain", "entry", "event", "file", "link", "migration", "number", "search", "series"];

/// The tables that say how far work is and who may do it, and prove nothing: what came of it is in the letters' own rows.
const WORK: [&str; 4] = ["account", "mail_row", "mailing", "web_session"];

/// The column that says which letter a row belongs to, for rows that are told by their letter.
const OWNERS: [(&str, &str); 5] =
    [("archived", "entry"), ("file", "entry"), ("link", "source"), ("number", "entry"), ("search", "entry")];

/// A table with its rows.
struct Table {
    name: String,
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
}

fn tables(scene: &mut Scene) -> Vec<Table> {
    let mut tables: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    for column in scene.database.columns().into_iter().filter(|column| !WORK.contains(&column.table.as_str())) {
        tables.entry(column.table.clone()).or_default().push(column);
    }
    assert_eq!(tables.keys().map(String::as_str).collect::<Vec<_>>(), TABLES);
    let read = |(name, columns): (String, Vec<Column>)| {
        let names: Vec<_> = columns.iter().map(|column| column.name.as_str()).collect();
        let rows = scene.database.query(&format!("SELECT {} FROM {name}", names.join(", ")));
        assert!(!rows.is_empty(), "no row in {name}");
        Table { name, columns, rows }
    };
    tables.into_iter().map(read).collect()
}

impl Table {
    fn at(&self, column: &str) -> usize {
        self.columns.iter().position(|known| known.name == column).expect("a column")
    }

    /// The condition that a row fulfils and no other.
    fn is(&self, row: &[Value]) -> String {
        let keys = self.columns.iter().zip(row).filter(|(column, _)| column.key);
        keys.map(|(column, value)| format!("{} = {}", column.name, literal(value))).collect::<Vec<_>>().join(" AND ")
    }

    /// How a finding may name a row: by table and key or, for what belongs to a letter, by the letter.
    fn names(&self, row: &[Value]) -> (String, Option<String>) {
        let key = self.columns.iter().zip(row).filter(|(column, _)| column.key);
        let key = key.map(|(_, value)| shown(value)).collect::<Vec<_>>().join(" ");
        let owner = OWNERS.iter().find(|(table, _)| *table == self.name);
        (key, owner.map(|(_, column)| shown(&row[self.at(column)])))
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Null => "NULL".into(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => text.clone(),
    }
}

/// Other values for a column: what another row has, one that is nearly the same, and none.
fn others(table: &Table, at: usize, value: &Value) -> Vec<Value> {
    let elsewhere = table.rows.iter().map(|row| &row[at]).find(|other| *other != value && **other != Value::Null);
    let nearly = match value {
        Value::Null => vec![Value::Text("2023-01-31".into()), Value::Int(7)],
        Value::Int(number) => vec![Value::Int(number + 1), Value::Int(number + 1_000)],
        Value::Text(text) => match text.parse::<NaiveDate>() {
            Ok(day) => vec![Value::Text(day.succ_opt().expect("a day").to_string())],
            Err(_) => vec![Value::Text(format!("{text}x")), Value::Text(text.to_uppercase())],
        },
    };
    let mut others: Vec<_> = elsewhere.cloned().into_iter().chain(nearly).collect();
    if table.columns[at].nullable && !table.columns[at].key {
        others.push(Value::Null);
    }
    others.retain(|other| other != value);
    others.dedup();
    others
}

/// Asserts that a row is named among what is found.
#[track_caller]
fn is_named(scene: &mut Scene, table: &Table, rows: &[&[Value]], what: &str) {
    let faults = scene.verify().faults;
    let named = faults.iter().any(|fault| {
        let arg = |name: &str| fault.finding.args.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
        rows.iter().any(|row| {
            let (key, owner) = table.names(row);
            let by_row = arg("table") == Some(&table.name) && arg("row") == Some(&key);
            by_row || (owner.is_some() && fault.id == owner)
        })
    });
    assert!(named, "{what} is not named in {faults:#?}");
}

fn every_column_of_every_row(scene: &mut Scene) {
    assert_eq!(scene.verify().faults, []);
    let mut tried = 0;
    for table in tables(scene) {
        for row in &table.rows {
            for (at, column) in table.columns.iter().enumerate() {
                let mut accepted = 0;
                for other in others(&table, at, &row[at]) {
                    let set = |value: &Value| format!("UPDATE {} SET {} = {}", table.name, column.name, literal(value));
                    let mut changed = row.clone();
                    changed[at] = other.clone();
                    if scene.database.change(&format!("{} WHERE {}", set(&other), table.is(row))).is_none() {
                        continue;
                    }
                    accepted += 1;
                    let what =
                        format!("{}.{} from {:?} to {other:?} at {}", table.name, column.name, row[at], table.is(row));
                    is_named(scene, &table, &[row, &changed], &what);
                    scene.change(&format!("{} WHERE {}", set(&row[at]), table.is(&changed)));
                }
                assert!(accepted > 0, "nothing else can stand in {}.{} at {}", table.name, column.name, table.is(row));
                tried += accepted;
            }
        }
    }
    assert!(tried > 1_000, "{tried}");
    assert_eq!(scene.verify().faults, []);
}

fn every_row_that_goes(scene: &mut Scene) {
    for table in tables(scene) {
        let names: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
        for row in &table.rows {
            scene.change(&format!("DELETE FROM {} WHERE {}", table.name, table.is(row)));
            is_named(scene, &table, &[row], &format!("{} without {}", table.name, table.is(row)));
            let values: Vec<_> = row.iter().map(literal).collect();
            let (names, values) = (names.join(", "), values.join(", "));
            scene.change(&format!("INSERT INTO {} ({names}) VALUES ({values})", table.name));
        }
    }
    assert_eq!(scene.verify().faults, []);
}

fn a_row_that_comes(scene: &mut Scene) {
    for table in tables(scene) {
        let names: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
        for row in &table.rows {
            // The same under another key, of which there is no other.
            let mut added = row.clone();
            for (column, value) in table.columns.iter().zip(&mut added) {
                let is_unique = ["stem", "letter", "entry"].contains(&column.name.as_str()) || column.name == "seq";
                match value {
                    Value::Int(number) if column.key || is_unique => *number += 1_000,
                    Value::Text(text) if column.key || (is_unique && table.name != "number") => text.push('x'),
                    _ => {}
                }
            }
            let values: Vec<_> = added.iter().map(literal).collect();
            let insert = format!("INSERT INTO {} ({}) VALUES ({})", table.name, names.join(", "), values.join(", "));
            scene.change(&insert);
            is_named(scene, &table, &[&added], &insert);
            scene.change(&format!("DELETE FROM {} WHERE {}", table.name, table.is(&added)));
        }
    }
    for (insert, id) in [
        ("INSERT INTO link (source, kind, target) VALUES ('D2023-02-000004', 'beantwoordt', 'I2023-000002')", "D2023-02-000004"),
        (
            "INSERT INTO file (entry, version, role, position, name, path, algorithm, digest, size)
             SELECT 'D2023-02-000004', version, role, position, name, path || 'x', algorithm, digest, size FROM file WHERE position = 1",
            "D2023-02-000004",
        ),
        (
            "INSERT INTO number (kind, number, year, origin, status, entry)
             VALUES ('kenmerk', 'vrij', 2023, 'handmatig', 'gebruikt', 'I2023-000002')",
            "I2023-000002",
        ),
    ] {
        scene.change(insert);
        let found = scene.found();
        assert!(found.contains(&("verify-entry-altered".into(), "entry".into(), id.into())), "{insert}: {found:?}");
    }
}

fn rows_that_are_swapped(scene: &mut Scene) {
    for (table, column, key, one, other, code) in [
        ("event", "seq", "seq", "3", "4", "verify-event-altered"),
        ("event", "what", "seq", "1", "3", "verify-event-altered"),
        ("event", "details", "seq", "1", "2", "verify-details-altered"),
        ("entry", "subject", "id", "'I2023-000001'", "'D2023-02-000001'", "verify-entry-altered"),
        ("entry", "salt", "id", "'I2023-000001'", "'D2023-02-000001'", "verify-entry-altered"),
        ("search", "body", "entry", "'I2023-000001'", "'D2023-02-000001'", "verify-search-body"),
        ("search", "terms", "entry", "'I2023-000001'", "'I2023-000002'", "verify-search-terms"),
        ("series", "last", "name", "'kenmerk 2023'", "'inkomend 2023'", "verify-counter"),
    ] {
        let value = |scene: &mut Scene, key_value: &str| {
            let rows = scene.database.query(&format!("SELECT {column} FROM {table} WHERE {key} = {key_value}"));
            literal(&rows[0][0])
        };
        let (first, second) = (value(scene, one), value(scene, other));
        let mut swap = |first: &str, second: &str| {
            // Through a value of its own: a key can't be there twice.
            let away = if column == "seq" { "900" } else { "'-'" };
            let away = if column == "last" { "0" } else { away };
            let moved = |from: &str| if column == key { from.to_string() } else { String::new() };
            let (one, other) = if column == key { (moved(first), moved(second)) } else { (one.into(), other.into()) };
            let held = if column == key { away.to_string() } else { one.clone() };
            scene.change(&format!("UPDATE {table} SET {column} = {away} WHERE {key} = {one}"));
            scene.change(&format!("UPDATE {table} SET {column} = {first} WHERE {key} = {other}"));
            scene.change(&format!("UPDATE {table} SET {column} = {second} WHERE {key} = {held}"));
            scene.found()
        };
        let found = swap(&first, &second);
        assert_eq!(found.iter().filter(|(known, ..)| known == code).count(), 2, "{table}.{column}: {found:?}");
        assert_eq!(swap(&second, &first), [], "{table}.{column}");
    }
}

/// A chain whose newest events are cut off is whole; what it says of the letters is not what they are.
fn a_chain_that_is_cut_off(scene: &mut Scene) {
    let events = scene.database.query("SELECT seq, hash, entry FROM event ORDER BY seq");
    for kept in (0..events.len()).rev() {
        let head = if kept == 0 { chain::START.into() } else { shown(&events[kept - 1][1]) };
        scene.change(&format!("DELETE FROM event WHERE seq > {kept}"));
        scene.change(&format!("UPDATE chain SET seq = {kept}, head = '{head}'"));
        let found = scene.found();
        let id = shown(&events[kept][2]);
        let named = |(code, _, row): &(String, String, String)| {
            *row == id && ["verify-entry-altered", "verify-entry-unnoted"].contains(&code.as_str())
        };
        assert!(found.iter().any(named), "{kept} events are left: {found:?}");
        assert!(!found.iter().any(|(_, table, _)| table == "event" || table == "chain"), "{found:?}");
    }
}

/// Details of events that were destroyed leave the chain whole, but the letter is still there.
fn details_that_are_gone(scene: &mut Scene) {
    for sql in ["details = NULL, salt = NULL", "details = NULL", "salt = NULL"] {
        scene.change(&format!("UPDATE event SET {sql} WHERE seq = 3"));
        assert_eq!(scene.found(), [("verify-details-gone".to_string(), "event".into(), "3".into())]);
    }
}

#[test]
fn no_column_can_be_changed_unseen() {
    Scene::all().for_each(|mut scene| every_column_of_every_row(&mut scene));
}

#[test]
fn no_row_can_be_taken_away_unseen() {
    Scene::all().for_each(|mut scene| every_row_that_goes(&mut scene));
}

#[test]
fn no_row_can_be_put_in_unseen() {
    Scene::all().for_each(|mut scene| a_row_that_comes(&mut scene));
}

#[test]
fn no_rows_can_be_swapped_unseen() {
    Scene::all().for_each(|mut scene| rows_that_are_swapped(&mut scene));
}

#[test]
fn a_chain_that_ends_early_does_not_agree_with_its_letters() {
    Scene::all().for_each(|mut scene| a_chain_that_is_cut_off(&mut scene));
}

#[test]
fn details_of_a_letter_that_is_there_are_missed() {
    Scene::all().for_each(|mut scene| details_that_are_gone(&mut scene));
}
