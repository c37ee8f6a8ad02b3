//! Fifty people at once: no error, nothing lost, and no more memory than it takes.

use std::sync::atomic::{AtomicUsize, Ordering};

use postkamer::register::files::sha256;

use crate::support::Workspace;
use crate::support::client::Client;
use crate::support::staff::{self, PASSWORD, STAFF, sign_in_from};
use crate::support::workbench::Workbench;

/// How many people there are.
const PEOPLE: usize = 50;

/// How often each of them goes through the rooms.
const ROUNDS: usize = 20;

/// How often each of them saves.
const SAVES: usize = 10;

/// What they look at.
const PATHS: [&str; 5] = ["/", "/letters", "/register", "/register?q=bruggen", "/archive"];

#[test]
fn fifty_people_work_at_once() {
    let workspace = Workspace::new();
    for number in 0..40 {
        let subject = format!("Brief {number} over bruggen");
        let receive = ["register", "receive", "--onderwerp", &subject, "--van", "De Brug", "--datum", "2023-02-20"];
        workspace.run(&receive).exits(0);
    }
    let workbench = staff::open(&workspace, &[]);
    let mut people: Vec<_> = (0..PEOPLE).map(|at| sign_in(&workbench, at)).collect();
    let asked = AtomicUsize::new(0);
    let mut work = |rounds: usize| {
        std::thread::scope(|scope| {
            for client in &mut people {
                let asked = &asked;
                scope.spawn(move || {
                    for _ in 0..rounds {
                        for path in PATHS {
                            client.get(path).is(200);
                            asked.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                });
            }
        });
    };
    work(2);
    let warm = memory(&workbench);
    let begun = std::time::Instant::now();
    work(ROUNDS);
    let (took, end) = (begun.elapsed(), memory(&workbench));
    eprintln!(
        "{} requests, the last {} in {took:?}; {warm} kB, then {end} kB",
        asked.load(Ordering::Relaxed),
        PEOPLE * ROUNDS * PATHS.len()
    );
    assert_eq!(asked.load(Ordering::Relaxed), PEOPLE * (ROUNDS + 2) * PATHS.len());
    assert!(end * 2 <= warm * 3, "{warm} kB became {end} kB");

    save_letters(&workspace, &mut people);

    // All of them hand in something that is no letter, each judged by a process of its own: a few at a time.
    std::thread::scope(|scope| {
        for (client, (_, role)) in people.iter_mut().zip(STAFF.iter().cycle()) {
            let expected = if *role == "lezen" { 403 } else { 422 };
            scope.spawn(move || client.upload("/archive/add", &[], ("file", "brief.pdf", b"geen pdf")).is(expected));
        }
    });
    // All of them sign out, and are out.
    for client in &people {
        client.post("/sign-out", &[]).is(303);
        client.get("/").is(303);
    }
    assert!(!workbench.log().contains("ERROR"), "{}", workbench.log());
    workspace.run(&["register", "verify"]).exits(0);
}

/// All of them write, each in a letter of their own, and then all in one: nothing that was said to be saved is lost.
fn save_letters(workspace: &Workspace, people: &mut [Client]) {
    let text = workspace.read("letters/reactie-sociale-innovatie.md");
    let path = |at: usize| format!("letters/eigen-{at}.md");
    (0..PEOPLE).for_each(|at| workspace.write(&path(at), &text));
    workspace.write("letters/samen.md", &text);
    let taken = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for (at, client) in people.iter_mut().enumerate() {
            let (text, taken) = (text.as_str(), &taken);
            scope.spawn(move || {
                let (page, may) = (format!("/letters/edit/{}", path(at)), STAFF[at % STAFF.len()].1 != "lezen");
                client.get(&page).is(200);
                let mut was = text.to_string();
                for round in 0..SAVES {
                    let mine = format!("{text}\nRonde {round} van {at}.\n");
                    let digest = sha256(was.as_bytes());
                    client.post(&page, &[("digest", &digest), ("text", &mine)]).is(if may { 303 } else { 403 });
                    was = mine;
                }
                let mine = format!("{text}\nDit schreef {at}.\n");
                let digest = sha256(text.as_bytes());
                let answer = client.post("/letters/edit/letters/samen.md", &[("digest", &digest), ("text", &mine)]);
                match (may, answer.status) {
                    (true, 303) => drop(taken.fetch_add(1, Ordering::Relaxed)),
                    (true, 409) | (false, 403) => {}
                    (_, status) => panic!("{at}: {status} {}", answer.text()),
                }
            });
        }
    });
    for at in 0..PEOPLE {
        let may = STAFF[at % STAFF.len()].1 != "lezen";
        let last = format!("{text}\nRonde {} van {at}.\n", SAVES - 1);
        assert_eq!(workspace.read(&path(at)), if may { last } else { text.clone() }, "{at}");
    }
    assert_eq!(taken.load(Ordering::Relaxed), 1, "of all who changed the same text, one was first");
    assert!(workspace.read("letters/samen.md").contains("Dit schreef "));
}

fn sign_in(workbench: &Workbench, at: usize) -> Client {
    let client = Client::new(workbench);
    sign_in_from(&client, STAFF[at % STAFF.len()].0, PASSWORD, &format!("10.3.0.{at}")).is(303);
    client
}

/// The memory of the program, in kibibytes.
fn memory(workbench: &Workbench) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", workbench.id())).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
