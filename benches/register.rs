//! What the register costs on each database, beside a floor in the same run: a bare row that is committed just as
//! durably, and a plain LIKE scan.
//!
//! `cargo bench --profile dev --bench register` uses the dependencies that the tests have built.

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use postkamer::register::db::Value;
use postkamer::register::entry::{Entry, Status};
use postkamer::register::files::{FileRecord, Role};
use postkamer::register::outgoing::{self, Claim, Facts, Made};
use postkamer::register::query::{self, Filter, Order};
use postkamer::register::{Clerk, Register, search};
use postkamer::workspace::Workspace;
use tempfile::TempDir;

#[path = "../tests/it/support/postgres.rs"]
#[allow(dead_code)]
mod server;

mod support;

use support::{median, millis, ratio};

// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Letters that are issued one after another.
const LETTERS: usize = 1000;
/// Writers at once, and the letters that each of them issues.
const WRITERS: (usize, usize) = (8, 100);
/// Entries that are searched.
const ENTRIES: usize = 200_000;
/// Entries that are put in by one statement.
const TOGETHER: usize = 500;
const ROUNDS: usize = 15;

fn main() {
    println!("medians; a ratio is of each time to its own floor, measured right after it\n");
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("floor.db");
    measure("SQLite", "sqlite:register.db", &mut SqliteFloor::new(&file), &|_| {});
    // With fsync, as a server has it: what is measured is what is on disk.
    match server::Server::start("") {
        Some(server) => {
            let (database, floor) = (server.database(), server.database());
            let analyse = |_: &mut Register| server.run_sql(&database.name, "VACUUM ANALYZE");
            measure("PostgreSQL", &database.url, &mut PostgresFloor::new(&floor.url), &analyse);
        }
        None => println!("PostgreSQL is not here, so it is not measured"),
    }
}

/// A bare row, committed.
trait Floor {
    fn commit(&mut self);
}

struct SqliteFloor(rusqlite::Connection);

impl SqliteFloor {
    fn new(file: &std::path::Path) -> Self {
        let connection = rusqlite::Connection::open(file).expect("it opens");
        let settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE bare (n INTEGER)";
        connection.execute_batch(settings).expect("it is set up");
        Self(connection)
    }
}

impl Floor for SqliteFloor {
    fn commit(&mut self) {
        self.0.prepare_cached("INSERT INTO bare VALUES (1)").and_then(|mut it| it.execute([])).expect("a row");
    }
}

struct PostgresFloor(postgres::Client, postgres::Statement);

impl PostgresFloor {
    fn new(url: &str) -> Self {
        let mut client = postgres::Client::connect(url, postgres::NoTls).expect("the server is there");
        client.batch_execute("CREATE TABLE bare (n BIGINT)").expect("it is set up");
        let insert = client.prepare("INSERT INTO bare VALUES (1)").expect("a statement");
        Self(client, insert)
    }
}

impl Floor for PostgresFloor {
    fn commit(&mut self) {
        self.0.execute(&self.1, &[]).expect("a row");
    }
}

/// A workspace with its register at a URL.
struct Bench {
    workspace: Workspace,
    _folder: TempDir,
}

impl Bench {
    fn new(url: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        let settings = "[werkruimte]\nid = 'maat'\n[organisatie]\nnaam = 'Provincie Overijssel'\n";
        std::fs::write(folder.path().join("postkamer.toml"), settings).expect("the settings are written");
        let environment = |name: &str| (name == "POSTKAMER_REGISTER_URL").then(|| url.to_string());
        let workspace = Workspace::open(folder.path(), &environment).expect("the workspace is in order");
        Self { workspace, _folder: folder }
    }

    fn register(&self) -> Register {
        Register::open(&self.workspace).expect("the register opens")
    }

    /// The part of the register in issuing a letter: its number is reserved, then its version recorded.
    fn issue(&self, register: &mut Register, name: &str) -> [Duration; 2] {
        let (settings, clerk) = (self.workspace.settings(), clerk());
        let facts = Facts {
            subject: "Reactie op briefadvies ‘Meer aandacht voor sociale innovatie’".into(),
            correspondent: Some("SER Overijssel".into()),
            ..Facts::default()
        };
        let claim = Claim { letter: name, by_hand: None, facts: &facts, is_printed: &|_| false };
        let started = Instant::now();
        let reserve = register.write(&clerk, |journal| outgoing::reserve(journal, settings, "maat", claim));
        let entry = reserve.expect("a number is reserved");
        let reserved = started.elapsed();
        let path = outgoing::letter_path(&entry);
        let files = [FileRecord::of(name.as_bytes(), 1, Role::Letter, 0, name, &path)];
        let text = body(name.len());
        let made = Made { facts: &facts, digest: name, pages: 2, files: &files, text: &text, answers: &[] };
        let started = Instant::now();
        let settle = register.write(&clerk, |journal| {
            let entry = Entry::get(journal.tx, &entry.id)?;
            outgoing::settle(journal, &entry, &made, 1)
        });
        settle.expect("the version is recorded");
        [reserved, started.elapsed()]
    }
}

fn clerk() -> Clerk<'static> {
    let moment = chrono::DateTime::from_timestamp(1_676_977_200, 0).expect("a moment");
    Clerk { name: "maat", moment, day: moment.date_naive(), random: &|| *uuid::Uuid::new_v4().as_bytes() }
}

fn measure(name: &str, url: &str, floor: &mut dyn Floor, filled: &dyn Fn(&mut Register)) {
    println!("{name}");
    let bench = Bench::new(url);
    let mut register = bench.register();
    issuing(&bench, &mut register, floor);
    at_once(&bench);
    fill(&mut register);
    filled(&mut register);
    finding(&mut register);
    listing(&mut register);
    println!();
}

fn issuing(bench: &Bench, register: &mut Register, floor: &mut dyn Floor) {
    let times: Vec<_> = (0..LETTERS)
        .map(|n| {
            let [reserve, settle] = bench.issue(register, &format!("letters/brief-{n}.md"));
            let started = Instant::now();
            floor.commit();
            floor.commit();
            [reserve, settle, started.elapsed()]
        })
        .collect();
    let of = |at: usize| median(times.iter().map(|times| times[at]));
    let whole = median(times.iter().map(|[reserve, settle, _]| *reserve + *settle));
    println!("  issuing: reserve        {:>8.3} ms", millis(of(0)));
    println!("  issuing: record         {:>8.3} ms", millis(of(1)));
    println!("  issuing in all          {:>8.3} ms  {:>6.0} a second", millis(whole), 1.0 / whole.as_secs_f64());
    println!("  floor: two bare commits {:>8.3} ms", millis(of(2)));
    println!("  ratio                   {:>8.2}", ratio(times.iter().map(|[a, b, floor]| (*a + *b, *floor))));
}

fn at_once(bench: &Bench) {
    let (writers, each) = WRITERS;
    let started = Instant::now();
    let longest = std::thread::scope(|scope| {
        let work = |writer: usize| {
            let mut register = bench.register();
            let times = (0..each).map(|n| bench.issue(&mut register, &format!("letters/schrijver-{writer}-{n}.md")));
            times.flatten().max().unwrap_or_default()
        };
        let threads: Vec<_> = (0..writers).map(|writer| scope.spawn(move || work(writer))).collect();
        threads.into_iter().map(|thread| thread.join().expect("a writer")).max().unwrap_or_default()
    });
    let speed = (writers * each) as f64 / started.elapsed().as_secs_f64();
    println!("  {writers} writers at once       {:>8.3} ms longest wait  {speed:>6.0} a second", millis(longest));
}

/// Puts letters in the register that hold common words, rarer ones and one of their own. Many to a statement, since
/// that is not what is measured.
fn fill(register: &mut Register) {
    let started = Instant::now();
    let first = NaiveDate::from_ymd_opt(2015, 1, 1).expect("a day");
    let rows = |columns: usize| {
        let row = |at: usize| (1..=columns).map(|n| format!("${}", at * columns + n)).collect::<Vec<_>>().join(", ");
        (0..TOGETHER).map(|at| format!("({})", row(at))).collect::<Vec<_>>().join(", ")
    };
    let entries =
        "INSERT INTO entry (id, direction, status, subject, correspondent, received, workspace, version, salt)";
    let entries = format!("{entries} VALUES {}", rows(9));
    let texts = format!("INSERT INTO search (entry, body, terms) VALUES {}", rows(3));
    let fill = register.write(&clerk(), |journal| {
        for from in (0..ENTRIES).step_by(TOGETHER) {
            let (mut of_entries, mut of_texts): (Vec<Value>, Vec<Value>) = Default::default();
            for n in from..from + TOGETHER {
                let subject = format!("Besluit over {} en {}", word(n), word(n / 7 + 3));
                let entry = Entry::new(&format!("I{n:06}"), Status::Open, &subject, "maat", String::new());
                let received = first.checked_add_days(chrono::Days::new(n as u64 / 60));
                let from = format!("Gemeente {}", word(n / 11));
                let (way, status) = (entry.direction.word(), entry.status.word());
                let text = body(n);
                of_texts.extend([Value::from(&entry.id), (&text).into(), search::entry_terms(&entry, &text).into()]);
                of_entries.extend([Value::from(entry.id), way.into(), status.into(), subject.into(), from.into()]);
                of_entries.extend([Value::from(received), "maat".into(), 1.into(), "".into()]);
            }
            journal.tx.exec(&entries, &of_entries)?;
            journal.tx.exec(&texts, &of_texts)?;
        }
        Ok(())
    });
    fill.expect("the register is filled");
    println!("  {ENTRIES} entries put in: {:.0} s", started.elapsed().as_secs_f64());
}

/// One of a thousand words.
fn word(n: usize) -> String {
    let parts = ["dijk", "brug", "weg", "kade", "haven", "plein", "tuin", "veld", "bos", "beek"];
    format!("{}{}{}", parts[n % 10], parts[n / 10 % 10], parts[n / 100 % 10])
}

/// The text of a letter: some two hundred characters.
fn body(n: usize) -> String {
    let words = (0..16).map(|at| word(n + at * 131)).collect::<Vec<_>>().join(" ");
    format!("Geachte heer, hierbij zenden wij u de stukken {words} van dossier{n}. Hoogachtend")
}

fn finding(register: &mut Register) {
    for (kind, question, scanned) in [
        ("the only word of its kind", "dossier123456", "dossier123456"),
        ("a word of many letters", &word(5), &word(5)),
        ("the beginning of a word", "dossier12345*", "dossier12345"),
    ] {
        let mut found = 0;
        let times: Vec<_> = (0..ROUNDS)
            .map(|_| {
                let started = Instant::now();
                let letters = register.read(|tx| query::search(tx, question, None)).expect("it is searched");
                let ours = started.elapsed();
                let started = Instant::now();
                let sql = "SELECT entry.* FROM entry JOIN search ON search.entry = entry.id
                           WHERE subject LIKE $1 OR body LIKE $1 ORDER BY received DESC, id DESC";
                let pattern = format!("%{scanned}%");
                let rows = register.read(|tx| tx.rows(sql, &[pattern.into()])).expect("it is scanned");
                assert_eq!(letters.len(), rows.len(), "{kind}");
                found = letters.len();
                (ours, started.elapsed())
            })
            .collect();
        println!("  search: {kind} ({found} found)");
        println!("    found                 {:>8.3} ms", millis(median(times.iter().map(|(ours, _)| *ours))));
        println!("    floor: LIKE scan      {:>8.3} ms", millis(median(times.iter().map(|(_, scan)| *scan))));
        println!("    ratio                 {:>8.4}", ratio(times.iter().copied()));
    }
}

fn listing(register: &mut Register) {
    let times: Vec<_> = (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            let letters = register.read(|tx| query::list(tx, &Filter::default(), Order::Newest, Some(50)));
            let letters = letters.expect("it is listed");
            let ours = started.elapsed();
            assert_eq!(letters.len(), 50);
            let started = Instant::now();
            let rows = register.read(|tx| tx.rows("SELECT * FROM entry LIMIT 50", &[])).expect("rows");
            assert_eq!(rows.len(), 50);
            (ours, started.elapsed())
        })
        .collect();
    println!("  the newest 50");
    println!("    listed                {:>8.3} ms", millis(median(times.iter().map(|(ours, _)| *ours))));
    println!("    floor: any 50 rows    {:>8.3} ms", millis(median(times.iter().map(|(_, any)| *any))));
    println!("    ratio                 {:>8.2}", ratio(times.iter().copied()));
}
