//! What is said, where: answers on standard output, the rest beside it.

use super::*;

#[test]
fn only_the_answer_goes_to_standard_output() {
    let post = Post::new();
    post.rows(&[row(1), wrong(2)]);
    let more = ["--out", "post", "--merge", "druk.pdf", "--report", "verslag.csv"];
    let run = post.mail(&more).exits(4);
    let lines: Vec<_> = run.out.lines().collect();
    assert_eq!(lines.len(), 2, "{}", run.out);
    assert!(lines[0].contains("straat.csv:3") && lines[0].contains("postcode"), "{}", run.out);
    assert!(lines[1].starts_with(NAME), "{}", run.out);
    for part in ["post", "druk.pdf", "verslag.csv"] {
        assert!(run.err.contains(part), "{part} is not in {}", run.err);
    }
    assert!(!run.err.contains('\u{1B}') && !run.out.contains('\u{1B}'));
    let quiet = post.mail(&[&more[..], &["--quiet"]].concat()).exits(4);
    assert_eq!((quiet.err.as_str(), quiet.out.as_str()), ("", run.out.as_str()));
    let json = post.mail(&[&more[..], &["--json"]].concat()).exits(4);
    assert_eq!(json.json(), post.status());
    let english = post.run(&["mail", "status", NAME, "--taal", "en"]).exits(0);
    assert!(english.out.contains("1 of 2 done, 1 refused, 0 waiting"), "{}", english.out);
    let dutch = post.run(&["mail", "status", NAME]).exits(0);
    assert_eq!(dutch.out, run.out);
    assert_eq!(dutch.err, "");
}

#[test]
fn what_is_noticed_of_the_columns_is_said_beside_the_answer() {
    let post = Post::new();
    post.write(TABLE, table(&rows(1..=2)).replace("thema\r\n", "thema;opmerking\r\n"));
    let run = post.mail(&["--json"]).exits(0);
    assert_eq!(counts(&run.json()), [2, 2, 0, 0]);
    let run = post.mail(&[]).exits(0);
    assert!(run.err.contains("opmerking") && run.err.contains("mail-column-unused"), "{}", run.err);
    assert_eq!(run.out.lines().count(), 1, "{}", run.out);
}

#[test]
fn of_many_refused_rows_the_first_are_told_and_all_are_reported() {
    let post = Post::new();
    post.rows(&(1..=60).map(wrong).collect::<Vec<_>>());
    let run = post.mail(&["--report", "verslag.csv"]).exits(4);
    let lines: Vec<_> = run.out.lines().collect();
    assert_eq!(lines.len(), 50 + 2, "{}", run.out);
    assert!(lines[49].contains("straat.csv:51: ") && lines[50].contains("10"), "{}", run.out);
    assert_eq!(post.office.workspace.read("verslag.csv").lines().count(), 61);
    assert_eq!(standing(&post.status()), (2..=61).map(refused).collect::<Vec<_>>());
}

#[test]
fn the_answer_has_the_fields_of_the_contract() {
    let post = Post::new();
    post.rows(&[row(1).replace("Bakker 1", ""), row(2)]);
    let report = post.mailed(4);
    assert_eq!(counts(&report), [2, 1, 1, 0]);
    let root = report.as_object().expect("an object");
    assert_eq!(
        root.keys().map(String::as_str).collect::<Vec<_>>(),
        ["naam", "totaal", "gereed", "geweigerd", "wachtend", "rijen"]
    );
}

#[test]
fn a_mailing_that_is_not_there_is_not_made_up() {
    for post in Post::all() {
        let found = post.refused(&["mail", "status", NAME]);
        assert_eq!(found[0]["code"], "mail-unknown");
        assert!(!post.office.workspace.path("register.db").exists());
        post.rows(&rows(1..=1));
        post.mailed(0);
        let found = post.refused(&["mail", "status", "Straat 2032"]);
        assert_eq!(found[0]["code"], "mail-unknown");
        assert!(found[0]["melding"].as_str().is_some_and(|words| words.contains(NAME)), "{found:?}");
        let found = post.refused(&["mail", "status", "iets heel anders\u{1B}[31m"]);
        assert!(found[0]["melding"].as_str().is_some_and(|words| !words.contains('\u{1B}')), "{found:?}");
        post.run(&["mail", "status"]).exits(2);
    }
}

#[test]
fn it_runs_from_any_folder() {
    let post = Post::new();
    post.rows(&[row(1), wrong(2)]);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_postkamer"));
    command.args(["mail", "run", "straat.md", "--recipients", "../straat.csv", "--name", NAME, "--out", "post"]);
    command.current_dir(post.office.workspace.path("letters")).env_clear();
    command.env("LANG", "nl_NL.UTF-8").env("SOURCE_DATE_EPOCH", crate::support::EPOCH);
    let run = Run::of(command.output().expect("postkamer runs")).exits(4);
    assert!(run.out.contains("../straat.csv:3: "), "{}", run.out);
    assert!(post.office.workspace.path("letters/post/D2023-02-000001 Bakker 1.pdf").is_file());
    // From elsewhere it is the same mailing.
    assert_eq!(standing(&post.mailed(4)), [done(2, 1), refused(3)]);
    post.is_sound();
}

/// Sends a signal to the processes of a program.
#[cfg(target_os = "linux")]
fn signal(signal: &str, program: u32) -> usize {
    let children = std::fs::read_to_string(format!("/proc/{program}/task/{program}/children")).unwrap_or_default();
    let workers: Vec<_> = children.split_whitespace().collect();
    workers
        .iter()
        .filter(|worker| {
            std::process::Command::new("kill").args([signal, worker]).status().is_ok_and(|status| status.success())
        })
        .count()
}

#[cfg(target_os = "linux")]
#[test]
fn where_there_is_no_terminal_lines_tell_how_far_it_is() {
    use std::process::Stdio;
    use std::time::{Duration, Instant};
    let post = Post::new();
    post.rows(&rows(1..=8));
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_postkamer"));
    command.args(["mail", "run", LETTER, "--recipients", TABLE, "--name", NAME, "--jobs", "1"]);
    command.current_dir(post.office.workspace.path("")).env_clear();
    command.env("LANG", "nl_NL.UTF-8").env("SOURCE_DATE_EPOCH", crate::support::EPOCH);
    let program = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("postkamer runs");
    let until = Instant::now() + Duration::from_secs(60);
    // Its process is held for a while, so that there is something to wait for.
    while signal("-STOP", program.id()) == 0 {
        assert!(Instant::now() < until, "no process is started");
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_secs(12));
    assert_eq!(signal("-CONT", program.id()), 1);
    let run = Run::of(program.wait_with_output().expect("it ends")).exits(0);
    assert!(run.err.contains("0 van 8 brieven"), "{}", run.err);
    assert_eq!(run.out, format!("{NAME}: 8 van 8 gereed, 0 geweigerd, 0 wachtend\n"));
}

#[test]
fn two_mailings_of_one_letter_do_not_meet() {
    for post in Post::all() {
        post.rows(&rows(1..=2));
        post.mailed(0);
        let run = post.run(&["mail", "run", LETTER, "--recipients", TABLE, "--name", "Nog eens", "--json"]).exits(0);
        assert_eq!(standing(&run.json()), [done(2, 3), done(3, 4)]);
        assert_eq!(standing(&post.status()), [done(2, 1), done(3, 2)]);
        // The letter file by itself is another letter again.
        let issued = post.run(&["issue", LETTER, "--json"]).exits(0).json();
        assert_eq!(issued[0]["kenmerk"], kenmerk(5));
        post.is_sound();
    }
}
