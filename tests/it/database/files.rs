//! SQLite files that are broken, another's, not to be written, or on a full disk.

use std::process::Command;

use super::{ASK, LETTER, Post, ids};
use crate::support::{EPOCH, Run};

/// That a register file is whole, as SQLite itself sees it.
fn is_whole(post: &Post) {
    let connection = rusqlite::Connection::open(post.workspace.path("register.db")).expect("it opens");
    let said: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("it is checked");
    assert_eq!(said, "ok");
}

/// Runs the program from another one, such as a shell that sets limits.
fn run_from(post: &Post, program: &str, before: &[&str], arguments: &[&str]) -> Run {
    let mut command = Command::new(program);
    command.args(before).arg(env!("CARGO_BIN_EXE_postkamer")).args(arguments);
    command.current_dir(post.workspace.path("")).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("LANG", "nl_NL.UTF-8").env("SOURCE_DATE_EPOCH", EPOCH);
    Run::of(command.output().unwrap_or_else(|error| panic!("{program}: {error}")))
}

#[test]
fn what_is_no_register_is_left_as_it_is() {
    let text = "Dit is geen database, maar een brief van een kantje of wat.\n".repeat(99);
    for content in [text.as_bytes(), &[0; 4096], b"SQLite format 3\0 en dan niets meer"] {
        let post = Post::sqlite();
        post.workspace.write("register.db", content);
        for command in [&["issue", LETTER][..], &["register", "show", "X"]] {
            let run = post.run(command).exits(3);
            assert!(run.err.contains("geen (heel) databasebestand"), "{}", run.err);
            assert!(run.err.contains("register.db") && run.err.contains("reservekopie"), "{}", run.err);
        }
        assert_eq!(std::fs::read(post.workspace.path("register.db")).unwrap(), content);
    }
    // An empty file is what a register begins as.
    let post = Post::sqlite();
    post.workspace.write("register.db", "");
    assert_eq!(post.issues(), "D2023-02-000001");
}

#[test]
fn a_damaged_register_is_said_to_be_so() {
    for (from, length) in [(0, 16), (100, 60)] {
        let post = Post::sqlite();
        post.issues();
        let mut bytes = std::fs::read(post.workspace.path("register.db")).unwrap();
        bytes[from..from + length].fill(0xa5);
        post.workspace.write("register.db", &bytes);
        let run = post.run(&["register", "show", "D2023-02-000001"]).exits(3);
        assert!(run.err.contains("geen (heel) databasebestand"), "{from}: {}", run.err);
        assert_eq!(std::fs::read(post.workspace.path("register.db")).unwrap(), bytes);
    }
    // Cut off in the middle.
    let post = Post::sqlite();
    post.issues();
    let bytes = std::fs::read(post.workspace.path("register.db")).unwrap();
    post.workspace.write("register.db", &bytes[..bytes.len() / 2]);
    let run = post.run(&["register", "show", "D2023-02-000001"]).exits(3);
    assert!(run.err.contains("geen (heel) databasebestand"), "{}", run.err);
}

#[test]
fn the_database_of_another_program_is_refused_and_kept() {
    let post = Post::sqlite();
    let other = rusqlite::Connection::open(post.workspace.path("register.db")).unwrap();
    other.execute_batch("CREATE TABLE klanten (naam TEXT); INSERT INTO klanten VALUES ('De Korenaar')").unwrap();
    drop(other);
    let before = std::fs::read(post.workspace.path("register.db")).unwrap();
    let run = post.run(&["issue", "--json", LETTER]).exits(1);
    assert_eq!(run.json()["fouten"][0]["code"], "register-foreign");
    assert_eq!(std::fs::read(post.workspace.path("register.db")).unwrap(), before);
    assert!(!post.workspace.path("uitgaand").exists());
}

#[test]
fn a_place_where_no_file_can_be_is_an_outside_failure() {
    for url in ["sqlite:letters", "sqlite:nergens/register.db", "sqlite:postkamer.toml/register.db"] {
        let run = Post::at_url("sqlite", url).run(&["issue", LETTER]).exits(3);
        let path = url.trim_start_matches("sqlite:");
        assert!(run.err.contains("niet bereikbaar") && run.err.contains(path), "{}", run.err);
    }
}

/// Root writes whatever it likes; without these two powers it is held to what a file allows.
fn run_without_powers(post: &Post, arguments: &[&str]) -> Run {
    match std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(post.workspace.path("")).unwrap()) {
        0 => {
            let powers = "--bounding-set=-dac_override,-dac_read_search";
            run_from(post, "setpriv", &[powers, "--inh-caps=-all", "--"], arguments)
        }
        _ => post.run(arguments),
    }
}

#[test]
fn a_register_that_may_not_be_written_stays_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |post: &Post, path: &str, mode: u32| {
        std::fs::set_permissions(post.workspace.path(path), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    // The file.
    let post = Post::sqlite();
    post.run(&ASK).exits(1);
    let before = std::fs::read(post.workspace.path("register.db")).unwrap();
    mode(&post, "register.db", 0o444);
    let run = run_without_powers(&post, &["issue", LETTER]).exits(3);
    assert!(run.err.contains("niet te beschrijven") && run.err.contains("is heel"), "{}", run.err);
    assert_eq!(std::fs::read(post.workspace.path("register.db")).unwrap(), before);
    mode(&post, "register.db", 0o644);
    assert_eq!(post.issues(), "D2023-02-000001");
    // Its folder, in which nothing can be laid beside it.
    let post = Post::sqlite();
    post.run(&ASK).exits(1);
    mode(&post, "", 0o555);
    let run = run_without_powers(&post, &["issue", LETTER]);
    mode(&post, "", 0o755);
    assert!(run.err.contains("register.db") && run.err.contains("is heel"), "{}", run.err);
    assert_eq!(run.code, Some(3));
    assert_eq!(post.issues(), "D2023-02-000001");
    // A file that may not be read.
    let post = Post::sqlite();
    post.run(&ASK).exits(1);
    mode(&post, "register.db", 0o000);
    let run = run_without_powers(&post, &ASK).exits(3);
    assert!(run.err.contains("register.db") && run.err.contains("rechten"), "{}", run.err);
}

/// No file may grow past a size: wherever the room runs out, nothing is lost and the next try goes through.
#[test]
fn a_disk_that_is_full_takes_nothing_away() {
    let mut failed = 0;
    for blocks in [8, 32, 100, 200, 300, 400, 600] {
        for made in [false, true] {
            let post = Post::sqlite();
            if made {
                post.run(&ASK).exits(1);
            }
            let limits = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
            let run = run_from(&post, "sh", &["-c", &limits], &["issue", LETTER]);
            match run.code {
                Some(3) => {
                    assert!(run.err.contains("niet te ") || run.err.contains("te schrijven"), "{}", run.err);
                    failed += 1;
                }
                code => assert_eq!(code, Some(0), "{blocks}: {}", run.err),
            }
            is_whole(&post);
            // The number that was perhaps reserved is the one that is used: none is lost.
            assert_eq!(post.issues(), "D2023-02-000001", "{blocks}");
            is_whole(&post);
            assert_eq!(ids(&mut post.register()), ["D2023-02-000001"]);
        }
    }
    assert!(failed >= 4, "the limits were never met: {failed}");
}
