//! What a letter costs, beside the floor of exporting a laid-out letter again in the same run.
//!
//! `cargo bench --profile dev` uses the dependencies that the tests have built; plain `cargo bench` builds its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use cpu_time::ProcessTime;
use postkamer::draft::{Draft, MAIN};
use postkamer::letter::Letter;
use postkamer::template::view::Numbering;
use postkamer::typeset::{self, world::Press};
use postkamer::workspace::Workspace;

mod support;

use support::{median, millis};

// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The two-page letter of the warm benchmark.
const LETTER: &str = "letters/reactie-sociale-innovatie.md";
const ROUNDS: usize = 300;

fn main() {
    // As a worker of a mailing: one thread, which does Typst's parallel work itself.
    rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global().expect("the first pool");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bench = Bench::new(root);
    println!(
        "medians of {ROUNDS} letters, in processor time; the floor is the export of a letter that is laid out already\n"
    );
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
    fn letter(&self, draft: &Draft, letter: &Letter) -> Times {
        let started = ProcessTime::now();
        let composed = draft.compose(&self.workspace, letter, self.day, Numbering::Draft, MAIN).expect("it composes");
        let filled = started.elapsed();
        let page = composed.lay_out(&self.press, MAIN).expect("it lays out");
        let laid_out = started.elapsed();
        let pdf = composed.pdf(&self.workspace, &self.press, &page).expect("it exports");
        let whole = started.elapsed();
        let started = ProcessTime::now();
        let again = composed.pdf(&self.workspace, &self.press, &page).expect("it exports");
        let floor = started.elapsed();
        assert_eq!(pdf, again);
        Times { fill: filled, layout: laid_out - filled, export: whole - laid_out, floor }
    }

    fn warm(&self, path: &Path) {
        let draft = self.draft(path);
        let times = (0..ROUNDS).map(|n| {
            if n % 32 == 0 {
                typeset::evict();
            }
            self.letter(&draft, &Self::to_addressee(&draft.letter, n))
        });
        report("one letter, one addressee after another", &times.skip(1).collect::<Vec<_>>());
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
        report("different letters in a row", &times.skip(drafts.len()).collect::<Vec<_>>());
    }
}

/// What one letter cost.
struct Times {
    fill: Duration,
    layout: Duration,
    export: Duration,
    floor: Duration,
}

impl Times {
    fn whole(&self) -> Duration {
        self.fill + self.layout + self.export
    }

    /// To its own floor, measured right after it: what else the machine does meets both.
    fn ratio(&self) -> f64 {
        self.whole().as_secs_f64() / self.floor.as_secs_f64()
    }
}

fn report(name: &str, times: &[Times]) {
    let show = |part: &str, of: fn(&Times) -> Duration| {
        println!("  {part:<23} {:>8.2} ms", millis(median(times.iter().map(of))));
    };
    println!("{name}");
    show("fill", |times| times.fill);
    show("layout", |times| times.layout);
    show("export", |times| times.export);
    show("fill + layout + export", Times::whole);
    show("floor: export alone", |times| times.floor);
    let mut ratios: Vec<f64> = times.iter().map(Times::ratio).collect();
    ratios.sort_by(f64::total_cmp);
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
