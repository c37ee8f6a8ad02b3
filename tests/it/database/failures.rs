//! A database that fails while it is used: the exit code says so, what was recorded stays, and the command can be run
//! again.

use std::time::{Duration, Instant};

use postkamer::archive::keep::Archive;
use postkamer::issue::{Office, Step};
use postkamer::typeset::world::Press;

use super::{ASK, LETTER, Post, add, clerk, ids, is_outside};
use crate::support::postgres::{Server, database};

#[test]
fn a_server_that_stops_halfway_loses_nothing() {
    let Some(server) = Server::start("") else { return };
    let post = Post::at_url("postgres", &server.database().url);
    let mut register = post.register();
    add(&mut register, "I1").expect("it is added");

    // In the middle of a transaction.
    let halfway = register.write(&clerk(), |journal| {
        let sql = "INSERT INTO series (name, last) VALUES ('x', 1)";
        journal.tx.exec(sql, &[])?;
        server.crash();
        journal.tx.exec(sql, &[])
    });
    assert_eq!(is_outside(halfway), "register-gone");
    // Between two.
    assert_eq!(is_outside(add(&mut register, "I2")), "register-gone");
    let run = post.run(&["issue", LETTER]).exits(3);
    assert!(run.err.contains("niet bereikbaar") && run.err.contains("is heel"), "{}", run.err);
    assert!(!post.workspace.path("uitgaand").exists());
    assert!(server.resume());
    let mut register = post.register();
    assert_eq!(ids(&mut register), ["I1"]);
    add(&mut register, "I2").expect("it is added");
    let series = register.read(|tx| tx.rows("SELECT * FROM series WHERE name = 'x'", &[])).unwrap();
    assert!(series.is_empty(), "what was not committed is gone");

    // At every step of an issue.
    let workspace = post.open();
    let press = Press::new(&workspace).expect("the fonts are there");
    for (step, number) in [(Step::Checked, 1), (Step::Reserved, 2), (Step::Staged, 3), (Step::Placed, 4)] {
        let letter = format!("letters/{step:?}.md");
        post.workspace.write(&letter, post.workspace.read(LETTER));
        let mut register = post.register();
        let stop = |at: Step| {
            if at == step {
                server.stop();
            }
        };
        let archive = Archive::open(&workspace, &mut register, &clerk()).expect("the archive opens");
        let (register, clerk) = (&mut register, &clerk());
        let mut office =
            Office { workspace: &workspace, press: &press, register, archive: &archive, clerk, step: &stop };
        let failed = office.issue(&workspace.root().join(&letter), false);
        assert_eq!(is_outside(failed), "register-gone", "{step:?}");
        assert!(server.resume());
        let issued = post.run(&["issue", "--json", &letter]).exits(0).json();
        assert_eq!(issued[0]["kenmerk"], format!("D2023-02-{number:06}"), "{step:?}");
    }
    // What was said to be done survives the machine.
    server.crash();
    assert!(server.resume());
    let entry = post.run(&["register", "show", "D2023-02-000004", "--json"]).exits(0).json();
    assert_eq!(entry["status"], "vastgesteld");
}

#[test]
fn a_session_that_the_server_ends_is_an_outside_failure() {
    let Some(database) = database() else { return };
    let post = Post::at_url("postgres", &database.url);
    let mut register = post.register();
    let ended = register.write(&clerk(), |journal| {
        let mine = "SELECT CAST(pg_backend_pid() AS BIGINT) AS pid";
        let pid = journal.tx.row(mine, &[])?.and_then(|row| row.number("pid")).expect("a process");
        let mut other = postgres::Client::connect(&database.url, postgres::NoTls).expect("another session");
        other.batch_execute(&format!("SELECT pg_terminate_backend({pid})")).expect("it is ended");
        std::thread::sleep(Duration::from_millis(200));
        journal.tx.row(mine, &[])
    });
    assert_eq!(is_outside(ended), "register-gone");
    add(&mut post.register(), "I1").expect("it is added");
}

#[test]
fn a_server_without_room_or_rights_says_so_and_keeps_what_it_had() {
    let Some(database) = database() else { return };
    let post = Post::at_url("postgres", &database.url);
    let mut register = post.register();
    add(&mut register, "I1").expect("it is added");
    let mut administrator = postgres::Client::connect(&database.url, postgres::NoTls).expect("a session");
    // The server's own word for a full disk, at the last statement but one of a write.
    let full = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$; \
                CREATE TRIGGER full_disk BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION full_disk()";
    administrator.batch_execute(full).expect("it is set up");
    assert_eq!(is_outside(add(&mut register, "I2")), "register-full");
    let run = post.run(&["issue", LETTER]).exits(3);
    assert!(run.err.contains("niet te beschrijven") && run.err.contains("could not extend file"), "{}", run.err);
    administrator.batch_execute("DROP TRIGGER full_disk ON event").expect("it is taken away");
    assert_eq!(ids(&mut register), ["I1"]);
    assert_eq!(post.issues(), "D2023-02-000001");

    // A user who may not make tables.
    let role = format!("lezer_{}", uuid::Uuid::new_v4().simple());
    administrator.batch_execute(&format!("CREATE ROLE {role} LOGIN PASSWORD 'x'")).expect("a user");
    let fresh = crate::support::postgres::database().expect("a database");
    let (_, place) = fresh.url.split_once('@').expect("a place");
    let run = Post::at_url("postgres", &format!("postgres://{role}:x@{place}")).run(&ASK).exits(3);
    assert!(run.err.contains("permission denied") && run.err.contains("rechten"), "{}", run.err);
}

/// Another process that does not let go of the lock. Each of these waits half a minute, all at once.
#[test]
fn a_register_in_use_is_waited_for_and_then_given_up() {
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let post = Post::sqlite();
            post.run(&ASK).exits(1);
            let held = rusqlite::Connection::open(post.workspace.path("register.db")).expect("it opens");
            held.execute_batch("BEGIN EXCLUSIVE").expect("it is locked");
            // Reading goes on meanwhile.
            post.run(&ASK).exits(1);
            gives_up(&post, || held.execute_batch("ROLLBACK").expect("it is let go"));
        });
        scope.spawn(|| {
            // Before there is a journal that reading can go on beside.
            let post = Post::sqlite();
            let held = rusqlite::Connection::open(post.workspace.path("register.db")).expect("it opens");
            held.execute_batch("BEGIN EXCLUSIVE").expect("it is locked");
            gives_up(&post, || held.execute_batch("ROLLBACK").expect("it is let go"));
        });
        scope.spawn(|| {
            let Some(database) = database() else { return };
            let post = Post::at_url("postgres", &database.url);
            post.run(&ASK).exits(1);
            let mut held = postgres::Client::connect(&database.url, postgres::NoTls).expect("a session");
            held.batch_execute("BEGIN; SELECT 1 FROM chain FOR UPDATE").expect("it is locked");
            post.run(&ASK).exits(1);
            gives_up(&post, || held.batch_execute("ROLLBACK").expect("it is let go"));
        });
    });
}

fn gives_up(post: &Post, let_go: impl FnOnce()) {
    let started = Instant::now();
    let run = post.run(&["issue", LETTER]).exits(3);
    let waited = started.elapsed();
    assert!(run.err.contains("bezet") && run.err.contains("niets veranderd"), "{}: {}", post.name, run.err);
    assert!((20..90).contains(&waited.as_secs()), "{}: waited {waited:?}", post.name);
    assert!(!post.workspace.path("uitgaand").exists());
    // One that is let go in time is had.
    std::thread::scope(|scope| {
        let patient = scope.spawn(|| post.issues());
        std::thread::sleep(Duration::from_secs(2));
        let_go();
        assert_eq!(patient.join().expect("it ran"), "D2023-02-000001", "{}", post.name);
    });
}
