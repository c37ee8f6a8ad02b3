//! How processes of a mailing end that nobody kills behind their backs: by a row, by an interrupt, by being left alone.

use rustix::process::Signal;

use super::rest::{Rest, is_clear, list, text, verify};
use super::{LETTER, Site};
use crate::support::postgres::backends;
use crate::support::repository;

/// Code of a template for rows that ask for it. What no process has memory for; values within values, deeper than the stack
/// of any process reaches; and more rounds than anybody lives to see.
const DANGERS: &str = r##"{{#if rij.geheugen}}#{ let much = "x" * 12000000000; much.len() }{{/if}}
{{#if rij.diepte}}#{ let deep = (); for i in range(400) { for j in range(5000) { deep = (deep,) } }; repr(deep).len() }{{/if}}
{{#if rij.eindeloos}}#{ for i in range(9999) { for j in range(9999) { for k in range(9999) { } } } }{{/if}}
{{inhoud}}"##;

/// A workspace with a template that has rows end the process which makes them.
fn dangerous(url: &str) -> Site {
    let site = Site::new(url);
    for name in ["sjabloon.toml", "brief.typ.hbs"] {
        let path = format!("templates/uitnodiging/{name}");
        let text = std::fs::read_to_string(repository().join(&path)).expect("a file of the template");
        assert!(name == "sjabloon.toml" || text.contains("{{inhoud}}"));
        site.workspace.write(&path, text.replace("{{inhoud}}", DANGERS));
    }
    site.workspace.change(LETTER, "[rij]\n", "[rij]\ngeheugen = \"\"\ndiepte = \"\"\neindeloos = \"\"\n");
    site
}

const COLUMNS: [&str; 3] = ["geheugen", "diepte", "eindeloos"];

#[test]
fn a_row_that_ends_its_process_is_refused_and_no_other() {
    for backend in backends() {
        let site = dangerous(&backend.url);
        let row = |n: usize| match n {
            5 => "ja;;",
            40 => ";ja;",
            _ => ";;",
        };
        site.table_of("post", &COLUMNS, (2..=61).map(|n| row(n).into()));
        let run = site.mail("post").exits(4);
        is_clear(&site);
        let report = run.json();
        let mut words = String::new();
        for row in list(&report["rijen"]) {
            if row["rij"] == 5 || row["rij"] == 40 {
                assert_eq!(row["status"], "geweigerd", "{row}");
                words = text(&row["meldingen"][0]);
                assert!(words.contains("viel het programma telkens uit"), "{row}");
            } else {
                assert_eq!(row["status"], "gereed", "{row}");
                assert!(site.workspace.path(&text(&row["pdf"])).exists(), "{row}");
            }
        }
        let account = site.run(&["register", "report", "nummers", "--jaar", "2023", "--json"]).exits(0).json();
        for (number, at) in list(&account).iter().zip(2..) {
            let (status, reason) = if at == 5 || at == 40 { ("vervallen", &*words) } else { ("vastgesteld", "") };
            assert_eq!((text(&number["status"]), text(&number["reden"])), (status.into(), reason.into()), "{number}");
        }
        assert_eq!(list(&account).len(), 60);
        verify(std::slice::from_ref(&site));
        // Again, nothing is tried again.
        let again = site.mail("post").exits(4);
        assert_eq!(again.json(), report);
    }
}

#[test]
fn an_interrupt_stops_everything_at_once() {
    for backend in backends() {
        let site = Site::new(&backend.url);
        // So many that they are not done before a busy machine has asked how far they are.
        site.table("post", 700);
        let mut program = site.start("post");
        site.wait_for("post", 1);
        // Long before its rows are done: what waits below says so. The bound is for one that never ends.
        let group = program.group();
        program.signal_all(Signal::INT);
        assert!(!program.ends_within(15).success());
        group.is_gone_within(15);
        assert!(site.status("post")["wachtend"].as_u64() > Some(0), "it was over before it was stopped");
        verify(std::slice::from_ref(&site));
        site.mail("post").exits(0);
        Rest { sites: &[site], name: "post", rows: 700, before: 0 }.is_whole();
    }
}

#[test]
fn workers_do_not_outlive_their_program_even_in_an_endless_letter() {
    for backend in backends() {
        let site = dangerous(&backend.url);
        let rows = |endless: &'static str| (2..=9).map(move |n| if n == 3 { endless } else { ";;" }.to_string());
        site.table_of("post", &COLUMNS, rows(";;ja"));
        let mut program = site.start("post");
        // The rows come to the workers in small portions: those before the endless one are done.
        site.wait_for("post", 6);
        // The worker that made them ends a moment later.
        let is_alone = || {
            std::thread::sleep(std::time::Duration::from_millis(50));
            program.workers().len() == 1
        };
        assert!((0..200).any(|_| is_alone()), "one worker goes on with the endless letter");
        let group = program.group();
        program.signal(Signal::KILL);
        program.ends_within(3);
        group.is_gone_within(20);
        // The row had a process, which is gone: it can be mended.
        assert_eq!(site.status("post")["wachtend"], 2, "it and the one that was taken with it");
        site.table_of("post", &COLUMNS, rows(";;"));
        site.mail("post").exits(0);
        Rest { sites: &[site], name: "post", rows: 8, before: 0 }.is_whole();
    }
}
