//! Bringing a database up to date: by many at once, and never back.

use postkamer::register::chain::Journal;
use postkamer::register::db::LATEST;

use super::{ASK, LETTER, Post, ids};

#[test]
fn eight_processes_make_one_register() {
    for _ in 0..3 {
        for post in Post::all() {
            std::thread::scope(|scope| {
                let runs: Vec<_> = (0..8).map(|_| scope.spawn(|| post.run(&ASK))).collect();
                for run in runs {
                    let run = run.join().expect("it ran").exits(1);
                    assert_eq!(run.json()["fouten"][0]["code"], "id-unknown", "{}: {}", post.name, run.out);
                }
            });
            let versions = post.register().read(|tx| tx.rows("SELECT version FROM migration ORDER BY version", &[]));
            let versions: Vec<_> = versions.unwrap().iter().filter_map(|row| row.number("version")).collect();
            assert_eq!(versions, (1..=LATEST).collect::<Vec<_>>(), "{}", post.name);
        }
    }
}

#[test]
fn a_register_of_a_newer_program_is_left_alone() {
    for post in Post::all() {
        assert_eq!(post.issues(), "D2023-02-000001", "{}", post.name);
        let mut older = post.register();
        let newer = LATEST + 1;
        let sql = "INSERT INTO migration (version) VALUES ($1)";
        older.write(&super::clerk(), |journal| journal.tx.exec(sql, &[newer.into()])).unwrap();
        post.workspace.write("letters/b.md", post.workspace.read(LETTER));
        for command in [&ASK[..], &["issue", "--json", "letters/b.md"]] {
            let run = post.run(command).exits(1);
            let found = &run.json()["fouten"][0];
            assert_eq!(found["code"], "register-newer", "{}: {}", post.name, run.out);
            let said = found["melding"].as_str().unwrap_or_default();
            assert!(said.contains(&format!("versie {newer}")) && said.contains("niets veranderd"), "{said}");
        }
        // This one was opened before.
        assert_eq!(ids(&mut older), ["D2023-02-000001"], "{}", post.name);
    }
}

#[test]
fn a_register_from_before_the_archive_is_brought_up_to_date() {
    for post in Post::all() {
        let receive = ["register", "receive", "--onderwerp", "Advies", "--van", "SER", "--datum", "2023-02-20"];
        post.run(&receive).exits(0);
        let mut register = post.register();
        let undo = |journal: &mut Journal| {
            crate::support::BEFORE_THE_ARCHIVE.iter().try_for_each(|sql| journal.tx.exec(sql, &[]).map(drop))
        };
        register.write(&super::clerk(), undo).unwrap();
        drop(register);
        let verified = post.run(&["register", "verify", "--json"]).exits(0).json();
        assert_eq!(verified["gebeurtenissen"], 1, "{}", post.name);
        assert!(post.register().read(|tx| tx.rows("SELECT * FROM archived", &[])).unwrap().is_empty());
    }
}
