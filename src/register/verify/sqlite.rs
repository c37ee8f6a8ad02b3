//! What only SQLite can have wrong: the file itself, values of another kind than their column's, and its search index.

use super::Fault;
use crate::error::{Error, Result};
use crate::register::db::{self, Db, Tx};

/// The most that SQLite reports of a broken file.
const MOST: usize = 100;

/// The file by SQLite's own check, and the kinds of its values.
pub(super) fn database(tx: &mut Tx, faults: &mut Vec<Fault>) -> Result<()> {
    for row in tx.rows(&format!("PRAGMA integrity_check({MOST})"), &[])? {
        let told = row.text("integrity_check");
        if told != "ok" {
            faults.push(Fault::new("verify-database", "", "").arg("cause", told));
        }
    }
    objects(tx, faults)?;
    let columns = "SELECT t.name AS \"table\", c.name AS \"column\", c.pk AS pk FROM sqlite_schema AS t
         JOIN pragma_table_info(t.name) AS c
         WHERE t.type = 'table' AND t.name NOT LIKE 'search\\_%' ESCAPE '\\' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
         ORDER BY t.name, c.pk";
    let mut columns = tx.rows(columns, &[])?;
    columns.retain(|column| db::names().contains(&column.text("table").as_str()));
    for column in &columns {
        let (table, name) = (column.text("table"), column.text("column"));
        let key = columns.iter().filter(|other| other.text("table") == table && other.number("pk") > Some(0));
        let key: Vec<_> = key.map(|column| format!("\"{}\"", column.text("column"))).collect();
        // Numbers and texts are told apart when rows are read; bytes are read as the text that they spell.
        let sql =
            format!("SELECT {} AS key FROM \"{table}\" WHERE typeof(\"{name}\") = 'blob'", key.join(" || ' ' || "));
        for row in tx.rows(&sql, &[])? {
            faults.push(Fault::new("verify-bytes", &table, row.text("key")).arg("column", &name));
        }
    }
    Ok(())
}

/// Tables, indexes and triggers that the program did not make, and those of its own that are gone.
fn objects(tx: &mut Tx, faults: &mut Vec<Fault>) -> Result<()> {
    let sql = "SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
    let found: Vec<_> = tx.rows(sql, &[])?.iter().map(|row| row.text("name")).collect();
    let known = db::names();
    // What the search index keeps of itself is checked with it.
    let is_strange = |name: &&String| !known.contains(&name.as_str()) && !name.starts_with("search_index_");
    faults
        .extend(found.iter().filter(is_strange).map(|name| Fault::new("verify-object-strange", "sqlite_schema", name)));
    let is_gone = |name: &&&str| !found.iter().any(|found| found == *name);
    faults.extend(known.iter().filter(is_gone).map(|name| Fault::new("verify-object-gone", "sqlite_schema", name)));
    Ok(())
}

/// The words of the index against those of the letters. SQLite checks them only for who may write; false if nobody may.
pub(super) fn index(db: &mut Db, faults: &mut Vec<Fault>) -> Result<bool> {
    let sql = "INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)";
    match db.write(|tx| tx.exec(sql, &[])) {
        Ok(_) => Ok(true),
        Err(Error::Outside { action: "register-broken", .. }) => {
            faults.push(Fault::new("verify-index", "search_index", "terms"));
            Ok(true)
        }
        Err(Error::Outside { action: "register-full", .. }) => Ok(false),
        Err(outside) => Err(outside),
    }
}
