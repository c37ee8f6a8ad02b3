//! Letters that one transaction records and one mark brings into the archive: the register and the archive have all of them
//! or none.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use postkamer::archive::keep::{Archive, Standing, Version};
use postkamer::archive::stage::Content;
use postkamer::archive::store::Step;
use postkamer::archive::together::Batch;
use postkamer::error::Error;
use postkamer::register::archived::{Archived, Kind};
use postkamer::register::chain::{Head, START};
use postkamer::register::entry::{Entry, Status};
use postkamer::register::{Clerk, Register};
use postkamer::workspace::Workspace;
use postkamer::workspace::bytes::Bytes;

use super::House;
use crate::store::judged;

/// Letters of a batch.
const LETTERS: usize = 5;

fn clerk() -> Clerk<'static> {
    let moment = chrono::DateTime::from_timestamp(crate::support::EPOCH.parse().unwrap(), 0).unwrap();
    Clerk { name: "toets", moment, day: moment.date_naive(), random: &|| *uuid::Uuid::new_v4().as_bytes() }
}

fn ids(name: &str) -> Vec<String> {
    (0..LETTERS).map(|n| format!("{name}-{n}")).collect()
}

/// Opens what a worker has.
fn open(root: &Path, environment: &dyn Fn(&str) -> Option<String>) -> (Register, Archive) {
    let workspace = Workspace::open(root, environment).unwrap();
    let mut register = Register::open(&workspace).unwrap();
    let archive = Archive::open(&workspace, &mut register, &clerk()).unwrap();
    (register, archive)
}

/// What a house has.
fn of(house: &House) -> (Register, Archive) {
    let url = house.office.url.clone();
    open(&house.path("").canonicalize().unwrap(), &|name| (name == "POSTKAMER_REGISTER_URL").then(|| url.clone()))
}

fn stage<'a>(archive: &'a Archive, ids: &[String]) -> Batch<'a> {
    let (mut batch, shared) = (archive.batch().unwrap(), Bytes::from(b"the same for all"));
    let head = Head { seq: 0, hash: START.into() };
    for id in ids {
        let file = |path: &str, bytes: Bytes| Content { path: path.into(), bytes };
        let letter = Bytes::from(format!("letter {id}").into_bytes());
        let contents = [file("brief.pdf", letter.clone()), file("bron/bron.zip", shared.clone())];
        let version = Version { entry: id, kind: Kind::Issued, letter_version: 1, path: "brief.pdf", head: &head };
        let at = batch.stage(version, &Standing::default(), &contents, &clerk()).unwrap();
        assert_eq!(batch.record(at).unwrap().digest, letter.sha256());
    }
    batch.sync().unwrap();
    batch
}

/// Gives letters their entries, as a reservation does.
fn reserve(register: &mut Register, ids: &[String]) {
    let reserved = register.write(&clerk(), |journal| {
        for id in ids {
            Entry::new(id, Status::Issued, "Bruggen", "", journal.salt()).insert(journal.tx)?;
        }
        let events: Vec<_> = ids.iter().map(|id| (id.as_str(), serde_json::json!({}))).collect();
        journal.note_all("gereserveerd", &events)
    });
    reserved.unwrap();
}

/// Records the letters of a batch.
fn place(register: &mut Register, archive: &Archive, batch: &mut Batch) -> Result<Vec<Archived>, Error> {
    register.write(&clerk(), |journal| archive.place_all(journal, batch))
}

/// How many of the letters the register has in the archive.
fn recorded(register: &mut Register, ids: &[String]) -> usize {
    let counts = ids.iter().map(|id| register.read(|tx| Archived::all(tx, id)).unwrap().len());
    counts.sum()
}

/// The process that is killed: it runs only when the test below starts it.
#[test]
#[ignore = "started by other tests"]
fn child() {
    let environment = |name: &str| std::env::var(name).ok();
    let Some(root) = environment("POSTKAMER_TEST_ROOT") else { return };
    let kill: usize = environment("POSTKAMER_TEST_KILL").unwrap().parse().unwrap();
    let (mut register, archive) = open(Path::new(&root), &environment);
    let (steps, written) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let archive = archive.watched(move |step| {
        // Every file of a batch is tried with the store alone.
        if step == Step::Written && written.fetch_add(1, Ordering::Relaxed) > 1 {
            return;
        }
        if steps.fetch_add(1, Ordering::Relaxed) == kill {
            std::process::abort();
        }
    });
    let ids = ids(&environment("POSTKAMER_TEST_NAME").unwrap());
    let mut batch = stage(&archive, &ids);
    let done = place(&mut register, &archive, &mut batch);
    assert_eq!(archive.settled_all(batch, &mut register, &clerk(), done).unwrap().len(), LETTERS);
}

fn killed_at(house: &House, name: &str, kill: usize) -> bool {
    let told = [("POSTKAMER_TEST_KILL", kill.to_string()), ("POSTKAMER_TEST_NAME", name.into())];
    super::is_killed(house, "in_step::batches::child", &told)
}

/// The archive is what the register says, and nothing is left beside it.
#[track_caller]
fn is_whole(house: &House, context: &str) {
    assert_eq!(house.found(&["archive", "verify"]), [], "{context}, {}", house.office.name);
    let left = super::names(&house.path(".archief-in-bewerking"));
    assert_eq!(left, Vec::<String>::new(), "{context}, {}", house.office.name);
}

#[test]
fn a_batch_that_is_killed_is_recorded_whole_or_not_at_all() {
    for house in House::all() {
        let (mut register, mut survived) = (of(&house).0, 0);
        for kill in 0.. {
            let (context, name) = (format!("killed at {kill}"), format!("K{kill}"));
            let ids = ids(&name);
            reserve(&mut register, &ids);
            let is_killed = killed_at(&house, &name, kill);
            is_whole(&house, &context);
            match recorded(&mut register, &ids) {
                0 => {
                    assert!(is_killed, "{context}");
                    assert!(!killed_at(&house, &name, usize::MAX), "{context}: it can be done again");
                    is_whole(&house, &context);
                }
                LETTERS => survived += 1,
                some => panic!("{context}: {some} of the letters are recorded"),
            }
            assert_eq!(recorded(&mut register, &ids), LETTERS, "{context}");
            if !is_killed {
                assert!(kill > 10 && survived > 1, "killed at {kill} steps, there after {survived}");
                break;
            }
        }
        judged(&house.archive(), true);
    }
}

#[test]
fn a_transaction_that_fails_takes_a_batch_out_again() {
    for house in House::all() {
        let (mut register, archive) = of(&house);
        let ids = ids("mislukt");
        reserve(&mut register, &ids);
        for is_first in [true, false] {
            let mut batch = stage(&archive, &ids);
            let done = register.write(&clerk(), |journal| {
                archive.place_all(journal, &mut batch)?;
                assert!(archive.object(&ids[4])?.is_some());
                if is_first {
                    Err(postkamer::error::Finding::error("letter-voided").arg("id", &ids[2]).into())
                } else {
                    Ok(())
                }
            });
            assert_eq!(archive.settled_all(batch, &mut register, &clerk(), done).is_err(), is_first);
            assert_eq!(recorded(&mut register, &ids), if is_first { 0 } else { LETTERS });
            assert_eq!(archive.object(&ids[4]).unwrap().is_some(), !is_first);
            is_whole(&house, "after a failure");
        }
    }
}

#[test]
fn a_batch_in_which_another_process_wins_goes_on_without_that_letter() {
    for house in House::all() {
        let (mut register, archive) = of(&house);
        let (mut others, other) = of(&house);
        let ids = ids("samen");
        reserve(&mut register, &ids);
        let mut batch = stage(&archive, &ids);
        let mut theirs = stage(&other, &ids[2..3]);
        let done = place(&mut others, &other, &mut theirs);
        other.settled_all(theirs, &mut others, &clerk(), done).unwrap();
        let refused = place(&mut register, &archive, &mut batch);
        let Err(Error::Refused(found)) = refused else { panic!("{refused:?}") };
        assert_eq!(found[0].code, "archive-object-overtaken");
        assert!(format!("{:?}", found[0]).contains(&ids[2]), "{found:?}");
        assert_eq!(recorded(&mut register, &ids), 1);
        assert_eq!(archive.store().unsettled().unwrap(), []);
        assert!(archive.object(&ids[0]).unwrap().is_none(), "nothing was moved in");
        batch.leave_out(2);
        let done = place(&mut register, &archive, &mut batch);
        let placed = archive.settled_all(batch, &mut register, &clerk(), done).unwrap();
        assert_eq!((placed.len(), recorded(&mut register, &ids)), (4, 5));
        is_whole(&house, "another was first");
    }
}

#[test]
fn what_another_process_was_moving_in_when_it_ended_is_in_nobodys_way() {
    for house in House::all() {
        let (mut register, archive) = of(&house);
        let ids = ids("rest");
        reserve(&mut register, &ids);
        let mut batch = stage(&archive, &ids);
        {
            // Its transaction is rolled back, and nobody says so.
            let (mut others, other) = of(&house);
            let mut theirs = stage(&other, &ids[1..4]);
            let done = others.write(&clerk(), |journal| {
                other.place_all(journal, &mut theirs)?;
                Err::<(), _>(postkamer::error::Finding::error("letter-voided").arg("id", &ids[2]).into())
            });
            assert!(done.is_err());
        }
        assert_eq!(archive.store().unsettled().unwrap().len(), 3);
        let done = place(&mut register, &archive, &mut batch);
        assert_eq!(archive.settled_all(batch, &mut register, &clerk(), done).unwrap().len(), LETTERS);
        assert_eq!(recorded(&mut register, &ids), LETTERS);
        is_whole(&house, "after what was left");
    }
}
