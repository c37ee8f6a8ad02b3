//! SQLite behind the program's back, and what only SQLite can have wrong.

use std::path::Path;

use postkamer::register::db::Value;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;

use super::{Column, Database, Scene};

pub struct Sqlite {
    connection: Connection,
}

impl Sqlite {
    pub fn open(path: &Path) -> Self {
        let connection = Connection::open(path).expect("the database");
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).expect("no triggers");
        let off = "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA busy_timeout = 5000";
        connection.execute_batch(off).expect("no constraints");
        Self { connection }
    }
}

impl Database for Sqlite {
    fn columns(&mut self) -> Vec<Column> {
        let sql =
            "SELECT t.name, c.name, c.\"notnull\", c.pk FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c
                   WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.cid";
        let rows = self.query(sql).into_iter();
        let read = |row: Vec<Value>| {
            let [Value::Text(table), Value::Text(name), Value::Int(required), Value::Int(key)] = &row[..] else {
                panic!("{row:?}")
            };
            Column { table: table.clone(), name: name.clone(), nullable: *required == 0, key: *key > 0 }
        };
        rows.map(read).collect()
    }

    fn query(&mut self, sql: &str) -> Vec<Vec<Value>> {
        let mut statement = self.connection.prepare(sql).expect("a question");
        let count = statement.column_count();
        let mut rows = statement.query([]).expect("an answer");
        let mut read = Vec::new();
        while let Some(row) = rows.next().expect("a row") {
            let value = |at| match row.get_ref(at).expect("a value") {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(number) => Value::Int(number),
                other => Value::Text(other.as_str().expect("a text").into()),
            };
            read.push((0..count).map(value).collect());
        }
        read
    }

    fn change(&mut self, sql: &str) -> Option<usize> {
        self.connection.execute(sql, []).ok()
    }
}

#[test]
fn a_text_as_bytes_is_found_though_it_reads_the_same() {
    for (table, column, row, key) in [
        ("entry", "status", "id = 'D2023-02-000004'", "D2023-02-000004"),
        ("entry", "id", "id = 'D2023-02-000004'", "D2023-02-000004"),
        ("number", "status", "number = 'D2023-02-000004'", "kenmerk D2023-02-000004"),
        ("event", "what", "seq = 2", "2"),
        ("series", "name", "name = 'kenmerk 2023'", "kenmerk 2023"),
        ("search", "entry", "entry = 'D2023-02-000004'", ""),
    ] {
        let mut scene = Scene::sqlite();
        scene.change(&format!("UPDATE {table} SET {column} = CAST({column} AS BLOB) WHERE {row}"));
        let found = scene.found();
        let named = |(code, in_table, row): &(String, String, String)| {
            code == "verify-bytes" && in_table == table && (key.is_empty() || row == key)
        };
        assert!(found.iter().any(named), "{table}.{column}: {found:?}");
    }
}

#[test]
fn a_number_as_text_is_found() {
    let mut scene = Scene::sqlite();
    scene.change("UPDATE event SET seq = 'twee' WHERE seq = 2");
    let found = scene.found();
    assert!(found.iter().any(|(code, _, row)| code == "verify-event-missing" && row == "2"), "{found:?}");
    assert!(found.iter().any(|(code, _, row)| code == "verify-event-number" && row == "twee"), "{found:?}");
}

#[test]
fn a_search_index_that_says_something_else_is_found() {
    for sql in [
        // The words of one letter under another's name, and a word that no letter has.
        "INSERT INTO search_index (search_index, rowid, terms) SELECT 'delete', id, terms FROM search WHERE id = 1",
        "INSERT INTO search_index (rowid, terms) VALUES (77, 'geheim')",
        "INSERT INTO search_index (search_index) VALUES ('delete-all')",
    ] {
        let mut scene = Scene::sqlite();
        assert!(scene.database.change(sql).is_some(), "{sql}");
        let found = scene.found();
        assert!(found.iter().any(|(code, ..)| code == "verify-index"), "{sql}: {found:?}");
    }
}

#[test]
fn a_database_without_its_version_is_refused() {
    for sql in [
        "DELETE FROM migration",
        "UPDATE migration SET version = 'x' WHERE version = 1",
        "UPDATE migration SET version = -version",
    ] {
        let mut scene = Scene::sqlite();
        scene.change(sql);
        let json = scene.workspace.run(&["register", "verify", "--json"]).exits(1).json();
        assert_eq!(json["fouten"][0]["code"], "row-broken", "{sql}: {json}");
        assert!(json["fouten"][0]["melding"].as_str().unwrap().contains("migration"), "{json}");
    }
}
