//! What judging a signed letter costs, beside the time to hash the same file with SHA-256 in the same run.
//!
//! `cargo bench --profile dev --bench signatures FILE.pdf ISSUED.pdf ANCHORS.pem`; without arguments the letter is issued
//! and signed here with the programs that a test uses.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use chrono::{TimeZone, Utc};
use postkamer::register::files::sha256;
use postkamer::signature::trust::Trust;
use postkamer::signature::verdict::Judgement;
use postkamer::signature::verify::inspect;
use tempfile::TempDir;

// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 101;

fn main() {
    let folder = TempDir::new().expect("a folder");
    let given: Vec<PathBuf> = std::env::args_os().skip(1).filter(|it| it != "--bench").map(PathBuf::from).collect();
    let [file, issued, anchors] = &given.try_into().unwrap_or_else(|_| made(folder.path()));
    let read = |path: &Path| std::fs::read(path).expect("a file");
    let (file, issued) = (read(file), read(issued));
    let anchors = Trust::read_pem(&read(anchors)).expect("anchors");
    let trust = Trust { anchors, timestamp_required: false };
    let moment = Utc.with_ymd_and_hms(2023, 2, 21, 11, 0, 0).single().expect("a moment");
    assert_eq!(Judgement::of(&file, Some(&issued), &trust, moment).refusals(), []);
    println!("medians; a ratio is of each time to that of SHA-256 right after it; {} bytes\n", file.len());
    measure("signatures", &file, &|| drop(black_box(inspect(&file, &trust, moment))));
    measure("the whole judgement", &file, &|| drop(black_box(Judgement::of(&file, Some(&issued), &trust, moment))));
}

fn measure(name: &str, file: &[u8], work: &dyn Fn()) {
    let time = |work: &dyn Fn()| {
        let started = Instant::now();
        work();
        started.elapsed()
    };
    let floor = || drop(black_box(sha256(black_box(file))));
    let times: Vec<_> = (0..ROUNDS).map(|_| (time(work), time(&floor))).collect();
    let mut ratios: Vec<f64> = times.iter().map(|(ours, floor)| ours.as_secs_f64() / floor.as_secs_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    println!("  {name}");
    println!("    judged                {:>8.2} ms", millis(median(times.iter().map(|(ours, _)| *ours))));
    println!("    floor: SHA-256        {:>8.2} ms", millis(median(times.iter().map(|(_, floor)| *floor))));
    println!("    ratio                 {:>8.1}", ratios[ratios.len() / 2]);
}

/// A signed letter, the letter as it was issued, and the anchors.
fn made(folder: &Path) -> [PathBuf; 3] {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (issued, other) = (folder.join("brief.pdf"), folder.join("ander.pdf"));
    for (letter, path) in [("reactie-sociale-innovatie", &issued), ("advies-kracht-van-oost", &other)] {
        let letter = format!("letters/{letter}.md");
        let mut render = Command::new(env!("CARGO_BIN_EXE_postkamer"));
        render.args(["render", &letter, "-o"]).arg(path).current_dir(repository).env("SOURCE_DATE_EPOCH", "1676977200");
        assert!(render.status().expect("postkamer runs").success());
    }
    let script = repository.join("tests/outside/attacks.py");
    let tools = std::env::var_os("POSTKAMER_TOOLS").map_or_else(|| repository.join("target/tools"), PathBuf::from);
    let mut python = Command::new(tools.join("venv/bin/python"));
    let done = python.arg(script).args([folder, &issued, &other]).output().expect("./test installs Python's packages");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    [folder.join("good-stamped.pdf"), issued, folder.join("anchors.pem")]
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    times[times.len() / 2]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
