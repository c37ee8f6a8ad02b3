//! What proving the archive costs, beside `sha512sum` over all the same files in the same run.
//!
//! `cargo bench --profile dev --bench archive` uses the dependencies that the tests have built.

use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use postkamer::archive::fixity::{self, Recorded, RecordedVersion};
use postkamer::archive::inventory::Facts;
use postkamer::archive::stage::Content;
use postkamer::archive::store::Store;
use tempfile::TempDir;

// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Letters in the archive.
const OBJECTS: usize = 10_000;
/// Letters that are archived at once to fill it: what is waited for is the disk.
const WRITERS: usize = 16;
const ROUNDS: usize = 7;

fn main() {
    println!("medians; a ratio is of each time to that of sha512sum right after it\n");
    let folder = TempDir::new().expect("a folder");
    let store = Store::open(&folder.path().join("archief")).expect("the archive is made");
    let recorded = fill(&store);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    // Once for the cache.
    sums(store.root(), 1);
    for threads in [1, cores] {
        let times: Vec<_> = (0..ROUNDS)
            .map(|_| {
                let started = Instant::now();
                let faults = fixity::check_all(&store, &recorded, threads, &|_| {});
                let ours = started.elapsed();
                assert_eq!(faults, []);
                let started = Instant::now();
                sums(store.root(), threads);
                (ours, started.elapsed())
            })
            .collect();
        println!("  {threads} at once");
        println!("    proven                {:>8.0} ms", millis(median(times.iter().map(|(ours, _)| *ours))));
        println!("    floor: sha512sum      {:>8.0} ms", millis(median(times.iter().map(|(_, sums)| *sums))));
        println!("    ratio                 {:>8.2}", ratio(times.iter().copied()));
    }
}

/// Archives letters of a usual size: a PDF, what it was made from, and three files of metadata.
fn fill(store: &Store) -> Vec<Recorded> {
    let (next, recorded, started) = (AtomicUsize::new(0), Mutex::new(Vec::new()), Instant::now());
    std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= OBJECTS {
                        return;
                    }
                    recorded.lock().expect("no writer failed").push(letter(store, n));
                }
            });
        }
    });
    println!("  {OBJECTS} letters archived in {:.0} s", started.elapsed().as_secs_f64());
    recorded.into_inner().expect("no writer failed")
}

fn letter(store: &Store, n: usize) -> Recorded {
    let id = format!("D2023-02-{n:06}");
    let file = |path: &str, size: usize| {
        let seed = format!("{n} {path} ");
        Content { path: path.into(), bytes: seed.bytes().cycle().take(size).collect() }
    };
    let contents = [
        file("brief.pdf", 55_000 + n % 10_000),
        file("bron/brief.md", 3_000),
        file("bron/brief.json", 1_500),
        file(&format!("{id}.MDTO.xml"), 3_500),
        file("brief.pdf.bestand.MDTO.xml", 1_800),
    ];
    let created = chrono::DateTime::from_timestamp(1_676_977_200, 0).expect("a moment");
    let facts = Facts { message: "vastgesteld", user: "maat", address: None, created };
    let staged = store.stage(&id, None, &contents, facts).expect("it is staged");
    let inventory_sha512 = staged.inventory_digest().to_string();
    store.commit(staged).expect("it is moved in");
    store.settle(&id).expect("it is settled");
    Recorded { id, versions: vec![RecordedVersion { version: 1, inventory_sha512 }] }
}

/// `sha512sum` over every file, by so many processes at once.
fn sums(root: &Path, processes: usize) {
    let each = if processes == 1 { String::new() } else { format!("-P {processes} -n 2000") };
    let line = format!("find \"$1\" -type f -print0 | xargs -0 {each} sha512sum > /dev/null");
    let done = Command::new("sh").args(["-c", &line, "sh"]).arg(root).status().expect("sh runs");
    assert!(done.success());
}

fn ratio(times: impl Iterator<Item = (Duration, Duration)>) -> f64 {
    let mut ratios: Vec<f64> = times.map(|(ours, floor)| ours.as_secs_f64() / floor.as_secs_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    times[times.len() / 2]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
