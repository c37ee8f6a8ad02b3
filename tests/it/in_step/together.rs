//! Many processes at once: nothing is lost, and none of them is told of a fault that isn't there.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{House, text};
use crate::store::judged;

/// Processes that issue, and letters to each.
const PROCESSES: usize = 6;
const LETTERS: usize = 10;

#[test]
fn issuing_signing_receiving_and_verifying_go_together() {
    for house in House::all() {
        let signed: Vec<_> = (0..6).map(|n| house.issue(&format!("eerst{n}"))).collect();
        for id in &signed {
            house.sign_file(id, &format!("{id}.pdf"));
        }
        let letters: Vec<Vec<String>> = (0..PROCESSES)
            .map(|process| (0..LETTERS).map(|n| format!("letters/p{process}-{n}.md")).collect())
            .collect();
        for path in letters.iter().flatten() {
            house.office.letter(path, path);
        }
        house.office.workspace.write("advies.txt", "een advies");
        let is_done = AtomicBool::new(false);
        let (verified, received) = std::thread::scope(|scope| {
            let issuing: Vec<_> = letters
                .iter()
                .map(|batch| {
                    let house = &house;
                    scope.spawn(move || {
                        let paths: Vec<_> = batch.iter().map(String::as_str).collect();
                        house.run(&[&["issue", "--quiet"][..], &paths].concat()).exits(0);
                    })
                })
                .collect();
            let adding = scope.spawn(|| {
                for id in &signed {
                    let run = house.run(&["archive", "add", &format!("{id}.pdf"), "--json"]).exits(0);
                    assert_eq!(text(&run.json()["id"]), *id);
                }
            });
            let verifying = scope.spawn(|| {
                let mut times = 0;
                while !is_done.load(Ordering::Relaxed) {
                    for verb in ["archive", "register"] {
                        assert_eq!(house.found(&[verb, "verify"]), [], "{}", house.office.name);
                    }
                    let shown = house.run(&["archive", "show", &signed[times % signed.len()], "--json"]);
                    assert_eq!(shown.code, Some(0), "{}", shown.err);
                    times += 1;
                }
                times
            });
            let receiving = scope.spawn(|| {
                let mut times = 0;
                while !is_done.load(Ordering::Relaxed) {
                    house.receive("advies.txt").exits(0);
                    times += 1;
                }
                times
            });
            let done: Vec<_> = issuing.into_iter().chain([adding]).map(|thread| thread.join()).collect();
            // Also when one of them failed: the others would never end.
            is_done.store(true, Ordering::Relaxed);
            assert!(done.iter().all(Result::is_ok));
            (verifying.join().expect("nothing was found"), receiving.join().expect("all was received"))
        });
        assert!(verified > 1 && received > 1, "{verified} verified, {received} received");
        let all = PROCESSES * LETTERS + signed.len();
        let incoming = (1..=received).map(|n| format!("I2023-{n:06}"));
        let expected: Vec<_> = (1..=all).map(|n| format!("D2023-02-{n:06}")).chain(incoming).collect();
        assert_eq!(house.numbers(), expected, "{}", house.office.name);
        assert!(signed.iter().all(|id| house.versions(id) == 2));
        house.is_clean("together");
        judged(&house.archive(), true);
    }
}
