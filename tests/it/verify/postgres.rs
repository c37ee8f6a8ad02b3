//! PostgreSQL behind the program's back.

use postgres::{Client, NoTls};
use postkamer::register::db::Value;

use super::{Column, Database, Scene};

pub struct Postgres {
    client: Client,
}

impl Postgres {
    pub fn open(url: &str) -> Self {
        let mut client = Client::connect(url, NoTls).expect("the server is there");
        client.batch_execute("SET session_replication_role = replica").expect("no triggers, no foreign keys");
        let checks = "SELECT conrelid::regclass::text, conname::text FROM pg_constraint
                      WHERE contype = 'c' AND connamespace = current_schema()::regnamespace";
        for row in client.query(checks, &[]).expect("the constraints") {
            let (table, name): (String, String) = (row.get(0), row.get(1));
            client.batch_execute(&format!("ALTER TABLE {table} DROP CONSTRAINT \"{name}\"")).expect("no constraints");
        }
        Self { client }
    }
}

impl Database for Postgres {
    fn columns(&mut self) -> Vec<Column> {
        let sql = "SELECT c.table_name::text, c.column_name::text, c.is_nullable::text,
                     EXISTS (SELECT 1 FROM information_schema.key_column_usage AS k
                       JOIN information_schema.table_constraints AS t USING (constraint_schema, constraint_name)
                       WHERE t.constraint_type = 'PRIMARY KEY' AND k.table_schema = c.table_schema
                         AND k.table_name = c.table_name AND k.column_name = c.column_name)
                   FROM information_schema.columns AS c
                   WHERE c.table_schema = current_schema() AND c.is_generated = 'NEVER'
                   ORDER BY c.table_name, c.ordinal_position";
        let rows = self.client.query(sql, &[]).expect("the catalogue").into_iter();
        rows.map(|row| Column {
            table: row.get(0),
            name: row.get(1),
            nullable: row.get::<_, String>(2) == "YES",
            key: row.get(3),
        })
        .collect()
    }

    fn query(&mut self, sql: &str) -> Vec<Vec<Value>> {
        let rows = self.client.query(sql, &[]).expect("an answer").into_iter();
        rows.map(|row| (0..row.len()).map(|at| row.get::<_, Value>(at)).collect()).collect()
    }

    fn change(&mut self, sql: &str) -> Option<usize> {
        self.client.execute(sql, &[]).ok().map(|changed| changed as usize)
    }
}

#[test]
fn a_search_column_that_says_something_else_is_found() {
    let Some(mut scene) = Scene::postgres() else { return };
    // As somebody would who can change tables: the column is no longer made by the server.
    for sql in [
        "ALTER TABLE search ALTER COLUMN lexemes DROP EXPRESSION",
        "UPDATE search SET lexemes = 'geheim'::tsvector WHERE entry = 'D2023-02-000004'",
    ] {
        assert!(scene.database.change(sql).is_some(), "{sql}");
    }
    assert_eq!(scene.found(), [("verify-search-index".to_string(), "search".into(), "D2023-02-000004".into())]);
}
