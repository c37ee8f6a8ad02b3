//! Processes that are killed at every step there is, and a disk that is full: what the register recorded is there.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use postkamer::archive::fixity::RecordedVersion;
use postkamer::archive::store::Store;
use postkamer::error::Error;
use tempfile::TempDir;

use super::{Shelf, contents, facts, judged, put};

const ID: &str = "D2023-02-002694";
const NEIGHBOUR: &str = "D2023-02-000001";

/// What a killed process was to do, by the variable that tells it.
const ROLE: &str = "POSTKAMER_TEST_KILLED";

/// Archives the next version of the object with a register that is a file, as an office would; or recovers it.
fn work(root: &Path, role: &str, kill: usize) {
    let count = AtomicUsize::new(0);
    let store = Store::open(root).unwrap().watched(move |_| {
        if count.fetch_add(1, Ordering::SeqCst) == kill {
            std::process::abort();
        }
    });
    if role == "recover" {
        return recover(&store, root);
    }
    let base = store.object(ID).unwrap();
    let version = base.as_ref().map_or(1, |object| object.inventory().head() + 1);
    let text = format!("version {version}");
    let files = contents(&[("brief.pdf", &text), ("bijlagen/a.pdf", "the same")]);
    let staged = store.stage(ID, base.as_ref().map(|object| object.inventory()), &files, facts()).unwrap();
    let line = format!("{}{} {}\n", register(root), version, staged.inventory_digest());
    store.commit(staged).unwrap();
    if role == "commits" {
        std::fs::write(root.with_file_name("register"), line).unwrap();
    }
    store.settle(ID).unwrap();
}

fn register(root: &Path) -> String {
    std::fs::read_to_string(root.with_file_name("register")).unwrap_or_default()
}

/// What the register recorded of the object.
fn recorded(root: &Path) -> Vec<RecordedVersion> {
    let register = register(root);
    let lines = register.lines().filter_map(|line| line.split_once(' '));
    lines
        .map(|(version, digest)| RecordedVersion { version: version.parse().unwrap(), inventory_sha512: digest.into() })
        .collect()
}

fn recover(store: &Store, root: &Path) {
    store.sweep();
    for (id, _) in store.unsettled().unwrap() {
        store.recover(&id, u32::try_from(recorded(root).len()).unwrap()).unwrap();
    }
}

/// Runs [`work`] in a process of its own; whether it got to its end.
fn child(root: &Path, role: &str, kill: usize) -> bool {
    let test = "store::killed::what_the_register_recorded_survives_every_interruption";
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([test, "--exact", "--nocapture"]).env(ROLE, format!("{role} {kill} {}", root.display()));
    let output = command.output().unwrap();
    let is_killed = String::from_utf8_lossy(&output.stderr).contains("panicked");
    assert!(!is_killed, "{}", String::from_utf8_lossy(&output.stderr));
    output.status.success()
}

/// An archive with a neighbour and `versions` of the object, which the register recorded.
fn archive(versions: usize) -> Shelf {
    let mut shelf = Shelf::new();
    shelf.put(NEIGHBOUR, &[("brief.pdf", "neighbour")]);
    (0..versions).for_each(|_| work(shelf.root(), "commits", usize::MAX));
    shelf
}

/// The archive is whole and holds just what the register recorded; the work can be done again.
fn assert_whole(shelf: &mut Shelf, context: &str) {
    let root = shelf.root().to_path_buf();
    shelf.recorded.truncate(1);
    let versions = recorded(&root);
    let head = u32::try_from(versions.len()).unwrap();
    shelf.recorded.push(postkamer::archive::fixity::Recorded { id: ID.into(), versions });
    assert_eq!(shelf.faults(), [], "{context}");
    assert_eq!(shelf.store.unsettled().unwrap(), [], "{context}");
    shelf.is_swept();
    for version in 1..=head {
        assert_eq!(shelf.read(ID, "brief.pdf", version), format!("version {version}"), "{context}");
        assert_eq!(shelf.read(ID, "bijlagen/a.pdf", version), "the same", "{context}");
    }
    judged(&root, true);
    work(&root, "commits", usize::MAX);
    assert_eq!(shelf.read(ID, "brief.pdf", head + 1), format!("version {}", head + 1), "{context}");
}

#[test]
fn what_the_register_recorded_survives_every_interruption() {
    if let Ok(role) = std::env::var(ROLE) {
        let mut words = role.splitn(3, ' ');
        let (role, kill) = (words.next().unwrap(), words.next().unwrap().parse().unwrap());
        return work(Path::new(words.next().unwrap()), role, kill);
    }
    for versions in [0, 1, 2] {
        let mut kill = 0;
        loop {
            let mut shelf = archive(versions);
            let root = shelf.root().to_path_buf();
            if child(&root, "commits", kill) {
                break;
            }
            recover(&shelf.store, &root);
            assert_whole(&mut shelf, &format!("after {versions} versions, killed at {kill}"));
            kill += 1;
        }
        assert!(kill > 8, "it was killed at {kill} steps only");
    }
}

#[test]
fn a_recovery_that_is_killed_is_taken_up_again() {
    for (versions, least) in [(0, 4), (1, 3)] {
        // The transaction was rolled back after everything was moved in: the most there is to undo.
        let interrupted = || {
            let shelf = archive(versions);
            let base = shelf.store.object(ID).unwrap();
            let files = contents(&[("brief.pdf", "lost")]);
            let staged = shelf.store.stage(ID, base.as_ref().map(|base| base.inventory()), &files, facts()).unwrap();
            shelf.store.commit(staged).unwrap();
            shelf
        };
        let mut kill = 0;
        loop {
            let mut shelf = interrupted();
            let root = shelf.root().to_path_buf();
            let is_done = child(&root, "recover", kill);
            recover(&shelf.store, &root);
            assert_whole(&mut shelf, &format!("after {versions} versions, recovery killed at {kill}"));
            if is_done {
                break;
            }
            kill += 1;
        }
        assert!(kill >= least, "it was killed at {kill} steps only");
    }
}

/// A disk that fills up while a version is written, at every size: it is refused, and nothing is changed.
#[test]
fn a_full_disk_changes_nothing() {
    let place = TempDir::new().unwrap();
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=256k", "none"]).arg(place.path()).output();
    if !mount.is_ok_and(|mount| mount.status.success()) {
        eprintln!("no small disk can be made here, so a full one is not tested; run as root");
        return;
    }
    let outcome = std::panic::catch_unwind(|| {
        let store = Store::open(&place.path().join("archief")).unwrap();
        let first = put(&store, ID, &[("brief.pdf", "whole")]);
        let base = store.object(ID).unwrap().unwrap();
        let mut failed = 0;
        for filler in (0..64).rev() {
            let full = place.path().join("filler");
            // As much as fits.
            let _ = std::fs::write(&full, vec![0; filler * 4096]);
            let text = "x".repeat(8192);
            let files = contents(&[("brief.pdf", &text), ("b.pdf", "more")]);
            let done = store.stage(ID, Some(base.inventory()), &files, facts()).and_then(|it| store.commit(it));
            std::fs::remove_file(&full).unwrap();
            match done {
                Err(Error::Outside { .. }) => failed += 1,
                done => done.unwrap(),
            }
            store.recover(ID, 1).unwrap();
            assert_eq!(postkamer::archive::fixity::check(&store, ID, std::slice::from_ref(&first)), []);
            store.sweep();
        }
        assert!((1..64).contains(&failed), "{failed} failed");
    });
    let unmount = Command::new("umount").arg(place.path()).status();
    assert!(unmount.is_ok_and(|unmount| unmount.success()));
    outcome.unwrap();
}
