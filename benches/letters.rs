//! What a letter costs, beside the floor of exporting a laid-out letter again in the same run.
//!
//! `cargo bench --profile dev` uses the dependencies that the tests have built; plain `cargo bench` builds its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use postkamer::draft::{Draft, MAIN};
use postkamer::letter::Letter;
use postkamer::template::view::Numbering;
use postkamer::typeset::{self, world::Press};
use postkamer::workspace::Workspace;

// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The two-page letter of the warm benchmark.
const LETTER: &str = "letters/reactie-sociale-innovatie.md";
const ROUNDS: usize = 300;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bench = Bench::new(root);
    println!("medians of {ROUNDS} letters; the floor is the export of a letter that is laid out already\n");
    bench.warm(&root.join(LETTER));
    bench.different_letters();
    cold_start(root);
}

struct Bench {
    workspace: Workspace,
    press: Press,
    day: NaiveDate,
}

impl Bench {
    fn new(root: &Path) -> Self {
        let workspace = Workspace::open(root, &|_| None).expect("the repository is a workspace");
        let press = Press::new(&workspace).expect("the fonts are there");
        Self { workspace, press, day: NaiveDate::from_ymd_opt(2023, 2, 21).expect("a day") }
    }

    fn draft(&self, path: &Path) -> Draft {
        Draft::read(&self.workspace, &self.press, path, &|_| Ok(None)).expect("the letter is in order")
    }

    /// The letter for addressee number `n`, as a mailing would fill it.
    fn to_addressee(letter: &Letter, n: usize) -> Letter {
        let mut letter = letter.clone();
        letter.front.values["ontvanger"]["organisatie"] = format!("Bakkerij De Korenaar {n}").into();
        letter.front.values.insert("kenmerk".into(), format!("D2023-02-{n:06}").into());
        letter
    }

    /// Fill, lay out and export; then export the same document once more, as the floor.
    fn letter(&self, draft: &Draft, letter: &Letter) -> (Duration, Duration) {
        let started = Instant::now();
        let composed = draft.compose(&self.workspace, letter, self.day, Numbering::Draft, MAIN).expect("it composes");
        let page = composed.lay_out(&self.press, MAIN).expect("it lays out");
        let pdf = composed.pdf(&self.workspace, &self.press, &page).expect("it exports");
        let whole = started.elapsed();
        let started = Instant::now();
        let again = composed.pdf(&self.workspace, &self.press, &page).expect("it exports");
        let floor = started.elapsed();
        assert_eq!(pdf, again);
        (whole, floor)
    }

    fn warm(&self, path: &Path) {
        let draft = self.draft(path);
        let times = (0..ROUNDS).map(|n| {
            if n % 32 == 0 {
                typeset::evict();
            }
            self.letter(&draft, &Self::to_addressee(&draft.letter, n))
        });
        report("one letter, one addressee after another", times.skip(1).collect());
    }

    fn different_letters(&self) {
        let paths = postkamer::workspace::files::letters(&self.workspace.root().join("letters")).expect("letters");
        let drafts: Vec<Draft> = paths.iter().map(|path| self.draft(path)).collect();
        let times = (0..ROUNDS).map(|n| {
            if n % 32 == 0 {
                typeset::evict();
            }
            let draft = &drafts[n % drafts.len()];
            self.letter(draft, &Self::to_addressee(&draft.letter, n))
        });
        report("different letters in a row", times.skip(drafts.len()).collect());
    }
}

fn report(name: &str, times: Vec<(Duration, Duration)>) {
    let whole = median(times.iter().map(|(whole, _)| *whole));
    let floor = median(times.iter().map(|(_, floor)| *floor));
    // Of each letter to its own floor, measured right after it: what else the machine does meets both.
    let mut ratios: Vec<f64> = times.iter().map(|(whole, floor)| whole.as_secs_f64() / floor.as_secs_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    println!("{name}");
    println!("  fill + layout + export  {:>8.2} ms", millis(whole));
    println!("  floor: export alone     {:>8.2} ms", millis(floor));
    println!("  ratio                   {:>8.2}\n", ratios[ratios.len() / 2]);
}

/// The binary from nothing to a finished PDF, beside the typst Python package on the same filled text.
fn cold_start(root: &Path) {
    let folder = tempfile::tempdir().expect("a folder");
    let binary = env!("CARGO_BIN_EXE_postkamer");
    let render = |output: &Path| {
        let mut command = Command::new(binary);
        command.args(["render", LETTER, "--quiet", "-o"]).arg(output).current_dir(root);
        command
    };
    let ours = cold(|| render(&folder.path().join("brief.pdf")));
    println!("from a cold start to a PDF");
    println!("  postkamer render        {:>8.2} ms", millis(ours));
    let Some(python) = typst_python(root) else {
        println!("  (no typst Python package: run ./test once, which installs it)");
        return;
    };
    let main = folder.path().join("brief.typ");
    assert!(render(&main).status().expect("postkamer runs").success());
    copy_templates(root, folder.path());
    let script = "import sys, typst; typst.compile(sys.argv[1], sys.argv[2], root=sys.argv[3], font_paths=[sys.argv[4]], \
                  ignore_system_fonts=True, pdf_standards=['a-2a'])";
    let theirs = cold(|| {
        let mut command = Command::new(&python);
        command.args(["-c", script]).arg(&main).arg(folder.path().join("peer.pdf")).arg(folder.path());
        command.arg(root.join("fonts"));
        command
    });
    println!("  typst Python package    {:>8.2} ms", millis(theirs));
    println!("  ratio                   {:>8.2}", ours.as_secs_f64() / theirs.as_secs_f64());
}

fn cold(command: impl Fn() -> Command) -> Duration {
    median((0..15).map(|_| {
        let mut command = command();
        let started = Instant::now();
        let status = command.stdout(Stdio::null()).status().expect("the command runs");
        assert!(status.success());
        started.elapsed()
    }))
}

fn typst_python(root: &Path) -> Option<PathBuf> {
    let tools = std::env::var_os("POSTKAMER_TOOLS").map_or_else(|| root.join("target/tools"), PathBuf::from);
    let python = tools.join("venv/bin/python");
    let works = Command::new(&python).args(["-c", "import typst"]).status().is_ok_and(|status| status.success());
    works.then_some(python)
}

fn copy_templates(root: &Path, to: &Path) {
    for path in postkamer::assets::template_paths() {
        let target = to.join(&path);
        std::fs::create_dir_all(target.parent().expect("a folder")).expect("the folder is made");
        std::fs::copy(root.join("templates").join(&path), target).expect("the file is copied");
    }
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    times[times.len() / 2]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
