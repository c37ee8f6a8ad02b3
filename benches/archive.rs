//! What bringing letters into the archive costs, and what proving it costs, beside `sha512sum` over all the same files in the same run.
//!
//! `cargo bench --profile dev --bench archive` uses the dependencies that the tests have built.

mod support;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use postkamer::archive::audit::Audit;
use postkamer::archive::keep::{Archive, Standing, Version};
use postkamer::archive::stage::Content;
use postkamer::archive::together::Batch;
use postkamer::register::archived::Kind;
use postkamer::register::chain::{Head, START};
use postkamer::register::entry::{Entry, Status};
use postkamer::register::{Clerk, Register};
use postkamer::workspace::Workspace;
use support::{median, millis, ratio};
use tempfile::TempDir;

// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Letters in the archive.
const OBJECTS: usize = 10_000;
/// Letters that one transaction records.
const TOGETHER: usize = 32;
const ROUNDS: usize = 7;
/// The files of a letter as it is issued, beside its PDF: their names and sizes in bytes.
const FILES: [(&str, usize); 18] = [
    ("brief.pdf.bestand.MDTO.xml", 1_600),
    ("kenmerk.MDTO.xml", 3_700),
    ("register.json", 800),
    ("bron/gegevens.json", 900),
    ("bron/letters/brief.md", 4_900),
    ("bron/postkamer.toml", 700),
    ("bron/templates/gedeeld/brief.typ", 4_300),
    ("bron/templates/gedeeld/hoofd.typ", 10_200),
    ("bron/templates/gedeeld/inhoud.typ", 4_600),
    ("bron/templates/gedeeld/papier.typ", 2_600),
    ("bron/templates/gedeeld/slot.typ", 3_600),
    ("bron/templates/gedeeld/staart.typ", 7_500),
    ("bron/templates/gedeeld/stijl.typ", 2_300),
    ("bron/templates/gedeeld/tabel.typ", 5_600),
    ("bron/templates/gedeeld/tekst.typ", 2_500),
    ("bron/templates/gs-brief/brief.typ.hbs", 1_600),
    ("bron/templates/gs-brief/sjabloon.toml", 700),
    ("bron/templates/gs-brief/stijl.typ", 100),
];

fn main() {
    println!("medians; a ratio is of each time to that of sha512sum right after it\n");
    let folder = TempDir::new().expect("a folder");
    let settings = "[werkruimte]\nid = 'maat'\n[organisatie]\nnaam = 'Provincie Overijssel'\n";
    std::fs::write(folder.path().join("postkamer.toml"), settings).expect("the settings are written");
    let workspace = Workspace::open(folder.path(), &|_| None).expect("the workspace is in order");
    let mut register = Register::open(&workspace).expect("the register opens");
    let archive = Archive::open(&workspace, &mut register, &clerk()).expect("the archive is made");
    let started = Instant::now();
    let each = fill(&archive, &mut register);
    println!("  {OBJECTS} letters archived in {:.0} s", started.elapsed().as_secs_f64());
    println!("  {:.2} ms of processor time for each", each.as_secs_f64() * 1000.0);

    let root = archive.store().root().to_path_buf();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    // Once for the cache.
    sums(&root, 1);
    for threads in [1, cores] {
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let started = Instant::now();
            let audit = Audit { archive: &archive, clerk: &clerk(), threads, progress: &|_, _| {} };
            let audited = audit.all(&mut register).expect("the register is read");
            let ours = started.elapsed();
            assert_eq!((audited.objects, audited.faults.len()), (OBJECTS as u64, 0));
            let started = Instant::now();
            sums(&root, threads);
            times.push((ours, started.elapsed()));
        }
        println!("  {threads} at once");
        println!("    archive verify        {:>8.0} ms", millis(median(times.iter().map(|(ours, _)| *ours))));
        println!("    floor: sha512sum      {:>8.0} ms", millis(median(times.iter().map(|(_, sums)| *sums))));
        println!("    ratio                 {:>8.2}", ratio(times.into_iter()));
    }
}

/// Archives letters of a usual size, as a mailing does; the processor time that the archive takes for each.
fn fill(archive: &Archive, register: &mut Register) -> Duration {
    let mut taken = Duration::ZERO;
    for first in (0..OBJECTS).step_by(TOGETHER) {
        let letters: Vec<_> =
            (first..OBJECTS.min(first + TOGETHER)).map(|n| (format!("D2023-02-{n:06}"), contents(n))).collect();
        let started = ProcessTime::now();
        let mut batch = archive.batch().expect("there is room");
        letters.iter().for_each(|(id, contents)| stage(&mut batch, id, contents));
        batch.sync().expect("it is on the disk");
        taken += started.elapsed();
        let done = register.write(&clerk(), |journal| {
            for (id, _) in &letters {
                Entry::new(id, Status::Issued, "Reactie", "maat", journal.salt()).insert(journal.tx)?;
            }
            let started = ProcessTime::now();
            archive.place_all(journal, &mut batch)?;
            taken += started.elapsed();
            let events: Vec<_> = letters.iter().map(|(id, _)| (id.as_str(), serde_json::json!({}))).collect();
            journal.note_all("vastgesteld", &events)
        });
        let started = ProcessTime::now();
        archive.settled_all(batch, register, &clerk(), done).expect("they are recorded");
        taken += started.elapsed();
    }
    taken / OBJECTS as u32
}

/// The files of a letter, its PDF the last.
fn contents(n: usize) -> Vec<Content> {
    let file = |path: &str, size: usize| {
        let seed = format!("{n} {path} ");
        Content { path: path.into(), bytes: seed.bytes().cycle().take(size).collect::<Vec<u8>>().into() }
    };
    let letter = file("brief.pdf", 45_000 + n % 10_000);
    FILES.iter().map(|(path, size)| file(path, *size)).chain([letter]).collect()
}

fn stage(batch: &mut Batch, id: &str, contents: &[Content]) {
    let head = Head { seq: 0, hash: START.into() };
    let version = Version { entry: id, kind: Kind::Issued, letter_version: 1, path: "brief.pdf", head: &head };
    batch.stage(version, &Standing::default(), contents, &clerk()).expect("it is staged");
}

fn clerk() -> Clerk<'static> {
    let moment = chrono::DateTime::from_timestamp(1_676_977_200, 0).expect("a moment");
    Clerk { name: "maat", moment, day: moment.date_naive(), random: &|| *uuid::Uuid::new_v4().as_bytes() }
}

/// `sha512sum` over every file, by so many processes at once.
fn sums(root: &Path, processes: usize) {
    let each = if processes == 1 { String::new() } else { format!("-P {processes} -n 2000") };
    let line = format!("find \"$1\" -type f -print0 | xargs -0 {each} sha512sum > /dev/null");
    let done = Command::new("sh").args(["-c", &line, "sh"]).arg(root).status().expect("sh runs");
    assert!(done.success());
}
