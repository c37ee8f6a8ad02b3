//! Many processes at once, a third of them killed: every letter ends with one number and its PDF.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use super::Office;
use crate::support::EPOCH;

const LETTERS: usize = 1_000;
const PROCESSES: usize = 8;
/// Letters to a process.
const BATCH: usize = 20;

/// A small generator of numbers that look random, the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    }
}

#[test]
fn eight_processes_give_a_thousand_letters_a_number_each() {
    for office in Office::all() {
        let names: Vec<String> = (0..LETTERS).map(|n| format!("letters/serie/{n:04}.md")).collect();
        for (n, name) in names.iter().enumerate() {
            office.letter(name, &format!("Brief {n}"));
        }
        // Every tenth batch is given to two processes: the same letters at once.
        let mut batches: Vec<&[String]> = names.chunks(BATCH).collect();
        let doubled: Vec<_> = batches.iter().step_by(10).copied().collect();
        batches.extend(doubled);
        batches.sort();
        let queue = Mutex::new(batches);
        let killed = Mutex::new(0);
        std::thread::scope(|scope| {
            for worker in 0..PROCESSES as u64 {
                let (queue, killed, office) = (&queue, &killed, &office);
                scope.spawn(move || {
                    let mut dice = Dice(worker + 1);
                    while let Some(batch) = { queue.lock().unwrap().pop() } {
                        while !issued(office, batch, &mut dice, killed) {}
                    }
                });
            }
        });
        assert!(*killed.lock().unwrap() > 5, "hardly any process was killed");
        let account = office.run(&["register", "report", "nummers", "--jaar", "2023", "--json"]).exits(0).json();
        let numbers: Vec<_> = account.as_array().unwrap().iter().map(|one| one["nummer"].as_str().unwrap()).collect();
        let expected: Vec<_> = (1..=LETTERS).map(|n| format!("D2023-02-{n:06}")).collect();
        assert_eq!(numbers, expected, "{}", office.name);
        let list = office.run(&["register", "list", "--json"]).exits(0).json();
        let list = list.as_array().unwrap();
        assert_eq!(list.len(), LETTERS);
        assert!(list.iter().all(|entry| entry["status"] == "vastgesteld"));
        let subjects: BTreeSet<_> = list.iter().map(|entry| entry["onderwerp"].as_str().unwrap()).collect();
        assert_eq!(subjects.len(), LETTERS);
        for number in &expected {
            assert!(office.workspace.path(&format!("uitgaand/2023/{number}.pdf")).is_file(), "{number} has no PDF");
        }
        office.verifies();
    }
}

/// Starts a process that issues a batch; a third of them is killed at a random moment. True once a batch is done.
fn issued(office: &Office, batch: &[String], dice: &mut Dice, killed: &Mutex<usize>) -> bool {
    let mut child = Command::new(env!("CARGO_BIN_EXE_postkamer"))
        .arg("issue")
        .arg("--quiet")
        .args(batch)
        .current_dir(office.workspace.path(""))
        .env_clear()
        .env("SOURCE_DATE_EPOCH", EPOCH)
        .env("POSTKAMER_REGISTER_URL", &office.url)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("postkamer runs");
    if dice.below(3) == 0 {
        std::thread::sleep(Duration::from_millis(dice.below(1_500)));
        // It may have finished in the meantime.
        let _ = child.kill();
    }
    let output = child.wait_with_output().expect("it ends");
    match output.status.code() {
        Some(0) => true,
        Some(code) => panic!("{}: exit {code}: {}", office.name, String::from_utf8_lossy(&output.stderr)),
        None => {
            *killed.lock().unwrap() += 1;
            false
        }
    }
}
