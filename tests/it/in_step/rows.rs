//! The register's side of the archive, touched behind the program's back: one of the two verifies says of which letter.

use postkamer::register::db::Value;

use super::{House, copy_folder, names};
use crate::verify::Database;
use crate::verify::postgres::Postgres;
use crate::verify::sqlite::Sqlite;

/// A workspace with a letter that was signed, one that wasn't, and one that came in; their IDs in this order.
fn fill(house: &House) -> Vec<String> {
    let signed = house.issue("getekend");
    house.sign_file(&signed, "getekend.pdf");
    house.run(&["archive", "add", "getekend.pdf"]).exits(0);
    let issued = house.issue("vastgesteld");
    house.office.workspace.write("advies.txt", "een advies");
    let received = house.receive("advies.txt").exits(0).out.trim().to_string();
    house.is_clean("before anything is touched");
    vec![signed, issued, received]
}

fn database(house: &House) -> Box<dyn Database> {
    match house.office.name {
        "sqlite" => Box::new(Sqlite::open(&house.path("register.db"))),
        _ => Box::new(Postgres::open(&house.office.url)),
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Null => "NULL".into(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
    }
}

/// Which of the verifies name a letter: the register's, and the archive's.
fn naming(house: &House, id: &str) -> (bool, bool) {
    let names = |verb: &str| {
        let found = house.found(&[verb, "verify"]);
        // A row that can't be read is told in the words of the refusal.
        found.iter().any(|(of, _, words)| of == id || words.contains(id))
    };
    (names("register"), names("archive"))
}

#[test]
fn no_row_of_the_archive_can_be_touched_unseen() {
    for house in House::all() {
        let ids = fill(&house);
        let mut database = database(&house);
        let columns: Vec<_> = database.columns().into_iter().filter(|column| column.table == "archived").collect();
        let list = columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ");
        let rows = database.query(&format!("SELECT {list} FROM archived ORDER BY entry, version"));
        assert_eq!(rows.len(), 4);
        let mut change = |sql: &str| assert_eq!(database.change(sql), Some(1), "{sql}");
        for row in &rows {
            let at = |name: &str| columns.iter().position(|column| column.name == name).expect("a column");
            let (Value::Text(id), Value::Int(version)) = (&row[at("entry")], &row[at("version")]) else { panic!() };
            let is_row = format!("entry = '{id}' AND version = {version}");
            let values = row.iter().map(literal).collect::<Vec<_>>().join(", ");
            let insert = format!("INSERT INTO archived ({list}) VALUES ({values})");
            for (column, value) in columns.iter().zip(row) {
                let other = match (column.name.as_str(), value) {
                    ("entry", _) => format!("'{}'", ids.iter().find(|other| *other != id).expect("another")),
                    (_, Value::Int(number)) => (number + 7).to_string(),
                    (_, value) => literal(value).to_uppercase().replace("''", "'x'").replacen('\'', "'0", 1),
                };
                change(&format!("DELETE FROM archived WHERE {is_row}"));
                let altered: Vec<_> = columns
                    .iter()
                    .zip(row)
                    .map(|(own, value)| if own.name == column.name { other.clone() } else { literal(value) })
                    .collect();
                // Another letter can have that version: then the row only goes.
                let add = format!("INSERT INTO archived ({list}) VALUES ({})", altered.join(", "));
                let is_added = if column.name == "entry" { false } else { (change(&add), true).1 };
                let (by_register, by_archive) = naming(&house, id);
                assert!(by_register, "{}: {} of {id}", house.office.name, column.name);
                // What the archive can be held against: which versions there are, and what their inventories were.
                if ["entry", "version", "inventory", "kind", "digest", "size"].contains(&column.name.as_str()) {
                    let is_seen =
                        by_archive || *id == ids[0] && ["kind", "digest", "size"].contains(&column.name.as_str());
                    assert!(is_seen, "{}: {} of {id}", house.office.name, column.name);
                }
                if is_added {
                    let version = if column.name == "version" { version + 7 } else { *version };
                    change(&format!("DELETE FROM archived WHERE entry = '{id}' AND version = {version}"));
                }
                change(&insert);
            }
            // One that the letter never had.
            change(&format!(
                "INSERT INTO archived ({list}) SELECT {} FROM archived WHERE {is_row}",
                list.replace("version,", "version + 1000,").replace("letter_version + 1000,", "letter_version,")
            ));
            assert_eq!(naming(&house, id), (true, true), "{}: one more of {id}", house.office.name);
            change(&format!("DELETE FROM archived WHERE entry = '{id}' AND version = {}", version + 1000));
        }
        house.is_clean("all put back");
    }
}

/// The newest events with the rows that they made: a chain that was cut off is whole, and the archive remembers more.
#[test]
fn an_older_copy_of_the_register_is_found() {
    for house in House::all() {
        let ids = fill(&house);
        let older = snapshot(&house, "ouder");
        let later = house.issue("later");
        house.run(&["archive", "add", "getekend.pdf"]).exits(0);
        house.office.workspace.write("scan.jpg", b"\xff\xd8\xff a scan");
        house.run(&["archive", "add", "scan.jpg", "--scan", "--id", &ids[1]]).exits(0);
        house.is_clean("before it is put back");
        let found = older.found(&house, &["archive", "verify"]);
        for id in [&later, &ids[1]] {
            assert!(found.iter().any(|(of, ..)| of == id), "{}: {id}: {found:?}", house.office.name);
        }
        assert!(found.iter().all(|(of, ..)| [&later, &ids[1]].contains(&of)), "{found:?}");
        // Nothing is taken out of the archive, and nothing put over what it has.
        let refused = older.run(&house, &["archive", "add", "scan.jpg", "--scan", "--id", &ids[1]]);
        assert_eq!(refused.code, Some(1), "{}", refused.err);
        let refused = older.run(&house, &["issue", "letters/later.md"]);
        assert_eq!(refused.code, Some(1), "{}", refused.err);
        assert!(refused.err.contains("[number-printed]"), "{}", refused.err);
        house.is_clean("the newer register");
    }
}

/// A register that is whole and was made anew, with the same numbers: the archive was made after other events.
#[test]
fn a_register_that_was_made_anew_is_found() {
    for house in House::all() {
        let ids = fill(&house);
        let mut database = database(&house);
        let last = database.query("SELECT seq FROM event ORDER BY seq DESC LIMIT 1");
        let Value::Int(last) = last[0][0] else { panic!() };
        // As if every event had another salt: its hash is another, and so is all that is made of it.
        for seq in 1..=last {
            let sql = format!("UPDATE event SET hash = reverse_of WHERE seq = {seq}");
            let hash = database.query(&format!("SELECT hash FROM event WHERE seq = {seq}"));
            let Value::Text(hash) = &hash[0][0] else { panic!() };
            let other: String = hash.chars().rev().collect();
            assert_eq!(database.change(&sql.replace("reverse_of", &format!("'{other}'"))), Some(1));
        }
        let found = house.found(&["archive", "verify"]);
        // The first letter was archived when it was all but the first thing that happened.
        for id in &ids {
            let is_named = |(of, _, words): &(String, String, String)| of == id && words.contains("gebeurtenis");
            assert!(found.iter().any(is_named), "{}: {id}: {found:?}", house.office.name);
        }
    }
}

/// A register as it was.
struct Older(String);

impl Older {
    fn run(&self, house: &House, arguments: &[&str]) -> crate::support::Run {
        house.office.workspace.run_with(arguments, &[("POSTKAMER_REGISTER_URL", &self.0)])
    }

    fn found(&self, house: &House, arguments: &[&str]) -> Vec<(String, String, String)> {
        let run = self.run(house, &[arguments, &["--json"]].concat()).exits(1);
        let faults = run.json()["fouten"].take();
        let told = |fault: &serde_json::Value| {
            (super::text(&fault["id"]), super::text(&fault["bestand"]), super::text(&fault["reden"]))
        };
        faults.as_array().expect("a list").iter().map(told).collect()
    }
}

fn snapshot(house: &House, name: &str) -> Older {
    if house.office.name == "sqlite" {
        // With its journal, as nobody is writing.
        let folder = house.path(name);
        copy_folder(&house.path("uitgaand"), &folder.join("uitgaand"));
        for file in names(&house.path("")).iter().filter(|file| file.starts_with("register.db")) {
            std::fs::copy(house.path(file), folder.join(file)).expect("it is copied");
        }
        return Older(format!("sqlite:{name}/register.db"));
    }
    let (server, database) = house.office.url.rsplit_once('/').expect("an address");
    let mut client = postgres::Client::connect(&format!("{server}/postgres"), postgres::NoTls).expect("the server");
    client.batch_execute(&format!("CREATE DATABASE {database}_{name} TEMPLATE {database}")).expect("a copy");
    Older(format!("{server}/{database}_{name}"))
}
