//! Fifty people at once: no error, nothing lost, and no more memory than it takes.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::Workspace;
use crate::support::client::Client;
use crate::support::staff::{self, PASSWORD, STAFF, sign_in_from};
use crate::support::workbench::Workbench;

/// How many people there are.
const PEOPLE: usize = 50;

/// How often each of them goes through the rooms.
const ROUNDS: usize = 20;

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
