//! Versions of several objects that are moved in together: killed at every step, at every file, all of them are there or
//! none, as the register has recorded.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use postkamer::archive::digest::sha256;
use postkamer::archive::fixity::{Recorded, RecordedVersion};
use postkamer::archive::stage::Batch;
use postkamer::archive::store::Store;
use postkamer::workspace::durable::Manner;

use super::{Shelf, code_of, contents, facts, judged};

/// Those of a batch; the last two have a version already.
const IDS: [&str; 5] = ["D2023-02-000001", "D2023-02-000002", "2023/een brief", "D2023-02-000004", "D2023-02-000005"];

/// What a killed process was to do.
const ROLE: &str = "POSTKAMER_TEST_KILLED_BATCH";

fn register(root: &Path) -> PathBuf {
    root.with_file_name("register")
}

/// What the register recorded: a file with a line for each version, written in one step as a transaction is.
fn recorded(root: &Path) -> Vec<Recorded> {
    let text = std::fs::read_to_string(register(root)).unwrap_or_default();
    let of = |id: &str| Recorded {
        id: id.into(),
        versions: text
            .lines()
            .filter_map(|line| line.split('|').collect::<Vec<_>>().try_into().ok())
            .filter(|[of, ..]: &[&str; 3]| *of == id)
            .map(|[_, version, digest]| RecordedVersion {
                version: version.parse().unwrap(),
                inventory_sha512: digest.into(),
            })
            .collect(),
    };
    IDS.map(of).into_iter().filter(|object| !object.versions.is_empty()).collect()
}

/// Stages the next version of each; what the register will record of them.
fn staged(store: &Store, ids: &[&str], manner: Manner) -> (Batch, String) {
    let mut batch = store.batch(manner).unwrap();
    let mut lines = String::new();
    for id in ids {
        let base = store.object(id).unwrap();
        let base = base.as_ref().map(|object| object.inventory());
        let text = format!("{id} {}", base.map_or(1, |base| base.head() + 1));
        let files = contents(&[("brief.pdf", &text), ("bron/alles.zip", "the same")]);
        let entered = store.stage_in(&mut batch, id, base, &files, facts()).unwrap();
        lines += &format!("{id}|{}|{}\n", entered.version, entered.inventory);
    }
    batch.sync().unwrap();
    (batch, lines)
}

/// Moves a batch in.
fn moved_in(store: &Store, ids: &[&str], manner: Manner) -> String {
    let (mut batch, lines) = staged(store, ids, manner);
    store.commit_all(&mut batch).unwrap();
    lines
}

fn record(root: &Path, lines: &str) {
    let before = std::fs::read_to_string(register(root)).unwrap_or_default();
    std::fs::write(root.with_file_name("register-new"), before + lines).unwrap();
    std::fs::rename(root.with_file_name("register-new"), register(root)).unwrap();
}

fn archive(store: &Store, ids: &[&str], manner: Manner) {
    let lines = moved_in(store, ids, manner);
    record(store.root(), &lines);
    ids.iter().for_each(|id| store.settle(id).unwrap());
}

fn recover(store: &Store) {
    store.sweep();
    for (id, _) in store.unsettled().unwrap() {
        let recorded = recorded(store.root());
        let versions = recorded.iter().find(|object| object.id == id).map_or(0, |object| object.versions.len());
        store.recover(&id, u32::try_from(versions).unwrap()).unwrap();
    }
}

/// The process that is killed: it runs only when the tests below start it.
#[test]
#[ignore = "started by other tests"]
fn child() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let [role, kill, root] = role.splitn(3, ' ').collect::<Vec<_>>()[..] else { panic!("{role}") };
    let (count, kill): (_, usize) = (AtomicUsize::new(0), kill.parse().unwrap());
    let store = Store::open(Path::new(root)).unwrap().watched(move |_| {
        if count.fetch_add(1, Ordering::SeqCst) == kill {
            std::process::abort();
        }
    });
    match role {
        "recover" => recover(&store),
        "each" => archive(&store, &IDS, Manner::Each),
        _ => archive(&store, &IDS, Manner::Together),
    }
}

/// Whether a process that is killed at a step got to its end before.
fn done(root: &Path, role: &str, kill: usize) -> bool {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::together::child", "--ignored", "--nocapture"])
        .env(ROLE, format!("{role} {kill} {}", root.display()))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("panicked"), "{said}");
    output.status.success()
}

/// An archive in which the last two have a version.
fn shelf() -> Shelf {
    let shelf = Shelf::new();
    archive(&shelf.store, &IDS[3..], Manner::Each);
    shelf
}

/// The archive is whole and holds just what the register recorded: all of the batch or none of it.
#[track_caller]
fn assert_whole(shelf: &mut Shelf, context: &str) {
    shelf.recorded = recorded(shelf.root());
    let versions: Vec<_> = IDS.map(|id| shelf.versions(id).len()).into();
    assert!(versions == [0, 0, 0, 1, 1] || versions == [1, 1, 1, 2, 2], "{context}: {versions:?}");
    assert_eq!(shelf.faults(), [], "{context}");
    assert_eq!(shelf.store.unsettled().unwrap(), [], "{context}");
    shelf.is_swept();
    for (id, versions) in IDS.iter().zip(versions) {
        for version in 1..=u32::try_from(versions).unwrap() {
            assert_eq!(shelf.read(id, "brief.pdf", version), format!("{id} {version}"), "{context}");
        }
    }
}

#[test]
fn a_batch_that_is_killed_is_there_whole_or_not_at_all() {
    for manner in ["each", "together"] {
        let (mut kill, mut survived) = (0, 0);
        loop {
            let mut shelf = shelf();
            let root = shelf.root().to_path_buf();
            let is_done = done(&root, manner, kill);
            recover(&shelf.store);
            let context = format!("{manner}, killed at {kill}");
            assert_whole(&mut shelf, &context);
            survived += usize::from(shelf.versions(IDS[0]).len() == 1);
            // The work can be done again.
            archive(&shelf.store, &IDS, Manner::Together);
            shelf.recorded = recorded(&root);
            assert_eq!(shelf.faults(), [], "{context}");
            if kill % 10 == 0 {
                judged(&root, true);
            }
            if is_done {
                break;
            }
            kill += 1;
        }
        // Files of five letters, folders on the way to three, and what is moved: more steps than these.
        assert!(kill > 50 && (2..=4).contains(&survived), "killed at {kill} steps, there after {survived}");
    }
}

#[test]
fn a_recovery_of_a_batch_that_is_killed_is_taken_up_again() {
    for is_recorded in [false, true] {
        let mut kill = 0;
        loop {
            let mut shelf = shelf();
            let root = shelf.root().to_path_buf();
            let lines = moved_in(&shelf.store, &IDS, Manner::Together);
            if is_recorded {
                record(&root, &lines);
            }
            let is_done = done(&root, "recover", kill);
            recover(&shelf.store);
            assert_whole(&mut shelf, &format!("recorded {is_recorded}, recovery killed at {kill}"));
            assert_eq!(shelf.versions(IDS[0]).len(), usize::from(is_recorded));
            if is_done {
                break;
            }
            kill += 1;
        }
        assert!(kill >= 10, "it was killed at {kill} steps only");
    }
}

/// What was moved in of some objects of a batch, and of others not, with any of their parts in their places.
#[test]
fn a_loss_of_power_may_leave_any_part_of_a_batch() {
    for left in 0_u32..64 {
        let mut shelf = shelf();
        let store = &shelf.store;
        let before = shelf.root().with_file_name("before");
        crate::in_step::copy_folder(shelf.root(), &before);
        moved_in(store, &IDS, Manner::Together);
        // Any of these may not have got to the disk.
        let (first, next) = (store.folder(IDS[1]), store.folder(IDS[3]));
        let was = before.join(next.strip_prefix(store.root()).unwrap());
        let lost = |bit: u32| left & 1 << bit == 0;
        if lost(0) {
            std::fs::remove_dir_all(&first).unwrap();
        }
        if lost(0) && lost(1) {
            std::fs::remove_dir(first.parent().unwrap()).unwrap();
        }
        if lost(2) {
            std::fs::remove_dir_all(next.join("v2")).unwrap();
        }
        for (bit, name) in [(3, "inventory.json"), (4, "inventory.json.sha512")] {
            if lost(bit) {
                std::fs::copy(was.join(name), next.join(name)).unwrap();
            }
        }
        if lost(5) {
            std::fs::remove_dir_all(store.folder(IDS[2])).unwrap();
        }
        std::fs::remove_dir_all(&before).unwrap();
        recover(&shelf.store);
        assert_whole(&mut shelf, &format!("{left:b}"));
    }
}

#[test]
fn a_batch_in_which_one_is_overtaken_moves_nothing() {
    let mut shelf = shelf();
    let (store, other) = (&shelf.store, Store::open(shelf.root()).unwrap());
    for late in [0, 3] {
        let (mut batch, lines) = staged(store, &IDS, Manner::Together);
        let before = crate::support::files_below(store.root());
        let theirs = moved_in(&other, &IDS[late..=late], Manner::Together);
        let after = crate::support::files_below(store.root());
        assert_eq!(code_of(store.commit_all(&mut batch)), "archive-object-overtaken");
        assert_eq!(crate::support::files_below(store.root()), after);
        assert_eq!(store.unsettled().unwrap().len(), 1, "only what the other moved in is marked");
        if late == 0 {
            // The other one's transaction fails.
            other.recover(IDS[0], 0).unwrap();
            assert_eq!(crate::support::files_below(store.root()), before);
        } else {
            record(store.root(), &theirs);
            other.settle(IDS[3]).unwrap();
            batch.leave_out(late);
            // What is left of the batch goes on.
            store.commit_all(&mut batch).unwrap();
            let own: Vec<_> = lines.lines().filter(|line| !line.starts_with(IDS[3])).collect();
            record(store.root(), &(own.join("\n") + "\n"));
            store.settle(IDS[0]).unwrap();
        }
    }
    drop(other);
    assert_whole(&mut shelf, "with one of another process");
    assert_eq!(shelf.versions(IDS[0]).len(), 1);
}

#[test]
fn one_letter_is_not_twice_in_a_batch() {
    let shelf = shelf();
    let (mut batch, _) = staged(&shelf.store, &[IDS[0], IDS[0]], Manner::Together);
    let before = crate::support::files_below(shelf.root());
    assert_eq!(code_of(shelf.store.commit_all(&mut batch)), "archive-object-overtaken");
    batch.leave_out(1);
    assert_eq!(crate::support::files_below(shelf.root()), before);
    shelf.store.commit_all(&mut batch).unwrap();
    shelf.store.recover(IDS[0], 0).unwrap();
    drop(batch);
    assert_eq!(crate::support::files_below(shelf.root()), before);
    shelf.is_swept();
}

/// Another process needs one letter of a batch between the commit of the transaction and the word that it is settled.
#[test]
fn a_mark_of_several_is_settled_though_another_took_one_off() {
    let shelf = shelf();
    let (store, other) = (&shelf.store, Store::open(shelf.root()).unwrap());
    let lines = moved_in(store, &IDS, Manner::Together);
    record(store.root(), &lines);
    other.recover(IDS[2], 1).unwrap();
    let left: Vec<_> = store.unsettled().unwrap().into_iter().map(|(id, _)| id).collect();
    assert_eq!(left, [IDS[0], IDS[1], IDS[3], IDS[4]]);
    moved_in(&other, &IDS[2..3], Manner::Together);
    store.settle(IDS[4]).unwrap();
    assert_eq!(other.unsettled().unwrap(), [(IDS[2].to_string(), 2)]);
    other.recover(IDS[2], 1).unwrap();
    drop(other);
    shelf.is_swept();
}

/// A mark that the first version of this program left.
#[test]
fn a_mark_of_one_version_is_understood() {
    for is_recorded in [false, true] {
        let mut shelf = shelf();
        let lines = moved_in(&shelf.store, &IDS, Manner::Each);
        if is_recorded {
            record(shelf.root(), &lines);
        }
        let staging = shelf.store.staging().to_path_buf();
        std::fs::remove_file(&crate::support::files_below(&staging)[0]).unwrap();
        for (id, version) in IDS.iter().zip([1, 1, 1, 2, 2]) {
            let name = format!("open-{}-v{version}.json", sha256(id.as_bytes()));
            std::fs::write(staging.join(name), format!("{{\"id\":\"{id}\",\"version\":{version}}}")).unwrap();
        }
        assert_eq!(Store::open(shelf.root()).unwrap().unsettled().unwrap().len(), 5);
        recover(&shelf.store);
        assert_whole(&mut shelf, &format!("recorded {is_recorded}"));
        assert_eq!(shelf.versions(IDS[0]).len(), usize::from(is_recorded));
    }
}
