//! Killed at every step of the archive, a command leaves what the next one puts right.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use postkamer::archive::accept::Counter;
use postkamer::archive::keep::Archive;
use postkamer::archive::later;
use postkamer::archive::receive;
use postkamer::archive::store::Step;
use postkamer::issue::Office as Desk;
use postkamer::register::attachment::Staged;
use postkamer::register::incoming::{Incoming, Received};
use postkamer::register::{Clerk, Register};
use postkamer::signature::trust::Trust;
use postkamer::typeset::world::Press;
use postkamer::workspace::Workspace;

use super::{House, KEY, text};
use crate::store::judged;

/// What is interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    Issue,
    Version,
    Signed,
    Scan,
    Receive,
    Missing,
    Better,
    Sign,
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n a scan";

/// The process that is killed: it runs only when the tests below start it.
#[test]
#[ignore = "started by other tests"]
fn child() {
    let environment = |name: &str| std::env::var(name).ok();
    let Some(root) = environment("POSTKAMER_TEST_ROOT") else { return };
    let kill: usize = environment("POSTKAMER_TEST_KILL").unwrap().parse().unwrap();
    let name = environment("POSTKAMER_TEST_NAME").unwrap();
    let root = Path::new(&root);
    let workspace = Workspace::open(root, &environment).unwrap();
    let mut register = Register::open(&workspace).unwrap();
    let moment = chrono::DateTime::from_timestamp(crate::support::EPOCH.parse().unwrap(), 0).unwrap();
    let clerk = Clerk { name: "toets", moment, day: moment.date_naive(), random: &|| *uuid::Uuid::new_v4().as_bytes() };
    let (steps, written) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let archive = Archive::open(&workspace, &mut register, &clerk).unwrap().watched(move |step| {
        // A version has many files; one that is interrupted halfway stands for all.
        if step == Step::Written && written.fetch_add(1, Ordering::Relaxed) > 1 {
            return;
        }
        if steps.fetch_add(1, Ordering::Relaxed) == kill {
            // As from a loss of power: nothing is tidied up.
            std::process::abort();
        }
    });
    let trust = Trust::of(&workspace).unwrap();
    let read = |extension: &str| std::fs::read(root.join(format!("{name}.{extension}"))).unwrap();
    let work = environment("POSTKAMER_TEST_WORK").unwrap();
    match work.as_str() {
        "Issue" | "Version" => {
            let press = Press::new(&workspace).unwrap();
            let (register, clerk) = (&mut register, &clerk);
            let mut desk =
                Desk { workspace: &workspace, press: &press, register, archive: &archive, clerk, step: &|_| {} };
            desk.issue(&root.join(format!("letters/{name}.md")), true).unwrap();
        }
        "Receive" => {
            let given = Received { subject: "Advies", from: "SER", dated: "2023-02-20", ..Received::default() };
            let incoming = Incoming::check(&given, workspace.settings(), clerk.day).unwrap();
            let path = root.join(format!("{name}.txt"));
            let file = Staged::copy(root, &incoming.folder(), &path, &path).unwrap();
            receive::receive(&archive, &workspace, &mut register, &trust, &clerk, &incoming, file).unwrap();
        }
        "Missing" | "Better" => {
            let id = environment("POSTKAMER_TEST_ID").unwrap();
            let letter = later::incoming(&mut register, &id).unwrap().unwrap();
            let path = root.join(format!("{name}.txt"));
            let file = Staged::copy(root, &letter.folder(clerk.day), &path, &path).unwrap();
            let (register, clerk) = (&mut register, &clerk);
            let mut counter = Counter { workspace: &workspace, archive: &archive, register, trust: &trust, clerk };
            counter.add_later(&letter, file).unwrap();
        }
        _ => {
            let id = environment("POSTKAMER_TEST_ID").unwrap();
            let (register, clerk) = (&mut register, &clerk);
            let mut counter = Counter { workspace: &workspace, archive: &archive, register, trust: &trust, clerk };
            match work.as_str() {
                "Scan" => counter.add_scan(&read("png"), &id).unwrap(),
                _ => counter.add(&read("pdf"), None).unwrap(),
            };
        }
    }
}

/// Does the work in a process that is killed at a step; false if it never came to that step.
fn killed_at(house: &House, work: Work, name: &str, id: &str, kill: usize) -> bool {
    let told = [
        ("POSTKAMER_TEST_WORK", format!("{:?}", if work == Work::Sign { Work::Signed } else { work })),
        ("POSTKAMER_TEST_KILL", kill.to_string()),
        ("POSTKAMER_TEST_NAME", name.into()),
        ("POSTKAMER_TEST_ID", id.into()),
    ];
    super::is_killed(house, "in_step::killed::child", &told)
}

fn survives(house: &House, work: Work) {
    let mut received = Vec::new();
    for kill in 0.. {
        let name = format!("n{kill}");
        let context = format!("{work:?} killed at {kill}");
        let file = |extension: &str| format!("{name}.{extension}");
        let letter = format!("letters/{name}.md");
        let before = match work {
            Work::Issue => {
                house.office.letter(&letter, &name);
                String::new()
            }
            Work::Receive => {
                house.office.workspace.write(&file("txt"), format!("advies {kill}"));
                String::new()
            }
            Work::Missing | Work::Better => {
                house.office.workspace.write(&file("txt"), format!("advies {kill}"));
                house.office.workspace.write("eerst.txt", "het verkeerde advies");
                let with_file = ["--bestand", "eerst.txt"];
                let about = ["--onderwerp", "Advies", "--van", "SER", "--datum", "2023-02-20"];
                let more = if work == Work::Better { &with_file[..] } else { &[] };
                house.run(&[&["register", "receive"][..], &about, more].concat()).exits(0).out.trim().to_string()
            }
            _ => house.issue(&name),
        };
        // What the archive has of the letter before.
        let first = match work {
            Work::Issue | Work::Receive | Work::Missing => None,
            Work::Better => Some(("eerst.txt", house.office.bytes("eerst.txt"))),
            _ => Some(("brief.pdf", house.office.bytes(&format!("uitgaand/2023/{before}.pdf")))),
        };
        match work {
            Work::Version => house.office.workspace.change(&letter, "uit.", "van harte uit."),
            Work::Signed | Work::Sign => house.sign_file(&before, &file("pdf")),
            Work::Scan => house.office.workspace.write(&file("png"), PNG),
            Work::Issue | Work::Receive | Work::Missing | Work::Better => {}
        }
        let known = house.numbers().len();
        let is_killed = killed_at(house, work, &name, &before, kill);
        // Before any other command has put anything right.
        house.office.verifies();
        if kill % 2 == 1 {
            // The next command may be one of another kind.
            house.is_verified(&context);
        }
        let id = match work {
            Work::Issue => text(&house.office.issue(&letter, &[])["kenmerk"]),
            Work::Version => text(&house.office.issue(&letter, &["--nieuwe-versie"])["kenmerk"]),
            Work::Signed => text(&house.run(&["archive", "add", &file("pdf"), "--json"]).exits(0).json()["id"]),
            Work::Scan | Work::Missing | Work::Better => {
                let file = file(if work == Work::Scan { "png" } else { "txt" });
                let add = ["archive", "add", &file, "--scan", "--id", &before, "--json"];
                text(&house.run(&add).exits(0).json()["id"])
            }
            Work::Sign => {
                let run = house.run(&[&["sign", &before, "--json"][..], &KEY].concat()).exits(0);
                text(&run.json()["id"])
            }
            // A letter that was recorded before the process was killed is there; else its number is given out now.
            Work::Receive if house.numbers().len() > known => house.numbers().last().unwrap().clone(),
            Work::Receive => house.receive(&file("txt")).exits(0).out.trim().to_string(),
        };
        house.is_clean(&context);
        let expected = match work {
            Work::Issue | Work::Receive | Work::Missing => vec![1],
            // What was recorded before the process was killed is signed once more.
            Work::Sign => vec![2, 3],
            _ => vec![2],
        };
        assert!(expected.contains(&house.versions(&id)), "{context}: {} versions", house.versions(&id));
        if !before.is_empty() {
            assert_eq!(id, before, "{context}");
        }
        if let Some((path, bytes)) = first {
            let root = house.archive();
            let hold = postkamer::archive::store::Store::open_existing(&root).unwrap().unwrap();
            let object = hold.object(&id).unwrap().unwrap();
            assert_eq!(object.read(path, 1).unwrap(), bytes, "{context}: the version before is not whole");
        }
        received.push(id);
        if !is_killed {
            assert!(kill >= 6, "{work:?} was killed at {kill} steps only");
            break;
        }
    }
    let came_in = matches!(work, Work::Receive | Work::Missing | Work::Better);
    let pattern = if came_in { "I2023-" } else { "D2023-02-" };
    let expected: Vec<_> = (1..=received.len()).map(|n| format!("{pattern}{n:06}")).collect();
    assert_eq!(house.numbers(), expected, "{work:?}");
    assert_eq!(received, expected, "{work:?}");
    judged(&house.archive(), true);
}

#[test]
fn an_issue_is_taken_up_again() {
    House::all().for_each(|house| survives(&house, Work::Issue));
}

#[test]
fn a_next_version_is_taken_up_again() {
    House::all().for_each(|house| survives(&house, Work::Version));
}

#[test]
fn a_signed_letter_is_handed_in_again() {
    House::all().for_each(|house| survives(&house, Work::Signed));
}

#[test]
fn a_letter_is_signed_again() {
    House::all().for_each(|house| survives(&house, Work::Sign));
}

#[test]
fn a_scan_is_handed_in_again() {
    House::all().for_each(|house| survives(&house, Work::Scan));
}

#[test]
fn a_letter_that_came_in_is_registered_again() {
    House::all().for_each(|house| survives(&house, Work::Receive));
}

#[test]
fn a_file_that_was_missing_is_added_again() {
    House::all().for_each(|house| survives(&house, Work::Missing));
}

#[test]
fn the_right_file_after_a_wrong_one_is_added_again() {
    House::all().for_each(|house| survives(&house, Work::Better));
}
