//! Killed at every step, an issue leaves nothing, or a reservation that the next one takes up again.

use std::process::Command;

use postkamer::archive::keep::Archive;
use postkamer::issue::{Office as Desk, Step};
use postkamer::register::{Clerk, Register};
use postkamer::typeset::world::Press;
use postkamer::workspace::Workspace;

use super::{LETTER, Office};

const STEPS: [Step; 7] =
    [Step::Checked, Step::Kept, Step::Reserved, Step::Typeset, Step::Staged, Step::Placed, Step::Recorded];

/// The process that is killed: it runs only when the tests below start it, with a workspace and a step.
#[test]
#[ignore = "started by other tests"]
fn child() {
    let Ok(root) = std::env::var("POSTKAMER_TEST_ROOT") else { return };
    let environment = |name: &str| std::env::var(name).ok();
    let workspace = Workspace::open(std::path::Path::new(&root), &environment).unwrap();
    let press = Press::new(&workspace).unwrap();
    let mut register = Register::open(&workspace).unwrap();
    let moment = chrono::DateTime::from_timestamp(crate::support::EPOCH.parse().unwrap(), 0).unwrap();
    let clerk = Clerk { name: "toets", moment, day: moment.date_naive(), random: &|| *uuid::Uuid::new_v4().as_bytes() };
    let wanted = environment("POSTKAMER_TEST_STEP").unwrap();
    let step = |step: Step| {
        if format!("{step:?}") == wanted {
            // As from a loss of power: nothing is tidied up.
            std::process::abort();
        }
    };
    let archive = Archive::open(&workspace, &mut register, &clerk).unwrap();
    let (register, clerk) = (&mut register, &clerk);
    let mut desk = Desk { workspace: &workspace, press: &press, register, archive: &archive, clerk, step: &step };
    desk.issue(&std::path::Path::new(&root).join(LETTER), true).unwrap();
}

/// Issues the letter in a process that is killed at a step; false if it never came to that step.
pub fn killed_at(office: &Office, step: Step) -> bool {
    let root = office.workspace.path("").canonicalize().unwrap();
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "issue::interrupted::child", "--ignored", "--quiet"])
        .env("POSTKAMER_TEST_ROOT", root)
        .env("POSTKAMER_TEST_STEP", format!("{step:?}"))
        .env("POSTKAMER_REGISTER_URL", &office.url)
        .output()
        .unwrap()
        .status;
    !status.success()
}

#[test]
fn a_first_version_is_taken_up_again() {
    for step in STEPS.into_iter().filter(|step| *step != Step::Kept) {
        for office in Office::all() {
            office.workspace.change(LETTER, "sjabloon", "zaaknummer = \"nieuw\"\nsjabloon");
            assert!(killed_at(&office, step), "{step:?} was not reached");
            let entry = office.run(&["register", "show", "D2023-02-000001", "--json"]);
            match step {
                Step::Checked => assert_eq!(entry.code, Some(1), "{step:?}"),
                Step::Recorded => assert_eq!(entry.json()["status"], "vastgesteld"),
                _ => assert_eq!(entry.json()["status"], "gereserveerd", "{step:?}"),
            }
            office.verifies();
            let answer = office.issue(LETTER, &[]);
            assert_eq!(answer["kenmerk"], "D2023-02-000001", "{step:?}");
            assert_eq!(answer["zaaknummer"], "2023-000001", "{step:?}");
            office.verifies();
            // The next letter has the next number.
            office.letter("letters/volgende.md", "Volgende");
            assert_eq!(office.issue("letters/volgende.md", &[])["kenmerk"], "D2023-02-000002");
            let left = std::fs::read_dir(office.workspace.path("uitgaand/2023")).unwrap().flatten();
            let names: Vec<_> = left.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
            assert!(!names.iter().any(|name| name.starts_with('.')), "{step:?} left {names:?}");
        }
    }
}

#[test]
fn a_next_version_is_taken_up_again_and_the_one_before_stays_whole() {
    for step in STEPS {
        for office in Office::all() {
            let first = office.issue(LETTER, &[]);
            let old = office.bytes("uitgaand/2023/D2023-02-000001.pdf");
            office.workspace.change(LETTER, "bruggen", "wegen");
            assert!(killed_at(&office, step), "{step:?} was not reached");
            office.verifies();
            let second = office.issue(LETTER, &["--nieuwe-versie"]);
            assert_eq!(second["kenmerk"], first["kenmerk"]);
            assert_eq!(office.bytes("uitgaand/2023/D2023-02-000001/versie-1.pdf"), old, "{step:?}");
            assert_ne!(office.bytes("uitgaand/2023/D2023-02-000001.pdf"), old, "{step:?}");
            let entry = office.run(&["register", "show", "D2023-02-000001", "--json"]).exits(0).json();
            assert_eq!(entry["bestanden"].as_array().map(Vec::len), Some(2), "{step:?}");
            office.verifies();
        }
    }
}

#[test]
fn a_reservation_keeps_its_day_and_its_number_whatever_the_letter_says_later() {
    for office in Office::all() {
        assert!(killed_at(&office, Step::Reserved));
        let later = [("POSTKAMER_REGISTER_URL", office.url.as_str()), ("SOURCE_DATE_EPOCH", "1711000000")];
        office.workspace.change(LETTER, "sjabloon", "kenmerk = \"ANDERS-1\"\nsjabloon");
        let run = office.workspace.run_with(&["issue", LETTER], &later).exits(1);
        assert!(run.err.contains("[letter-reserved]"), "{}", run.err);
        office.workspace.change(LETTER, "kenmerk = \"ANDERS-1\"\n", "");
        let run = office.workspace.run_with(&["issue", LETTER, "--json"], &later).exits(0);
        let answer = &run.json()[0];
        assert_eq!((&answer["kenmerk"], &answer["datum"]), (&"D2023-02-000001".into(), &"2023-02-21".into()));
        office.verifies();
    }
}
