//! What the preview of a letter that is being written costs, beside making its PDF in a warm process: with every round one
//! more character is typed.
//!
//! `cargo bench --profile dev --bench web` uses the dependencies that the tests have built.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use postkamer::draft::{Draft, MAIN};
use postkamer::preview::{Job, Sheets};
use postkamer::template::view::Numbering;
use postkamer::typeset::{self, world::Press};
use postkamer::workspace::Workspace;

mod support;

use support::{median, millis, ratio};

// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The two-page letter of the warm benchmark.
const LETTER: &str = "letters/reactie-sociale-innovatie.md";
const ROUNDS: usize = 120;

/// The first of these are not counted.
const WARM_UP: usize = 20;

fn main() {
    rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global().expect("the first pool");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = Workspace::open(root, &|_| None).expect("the repository is a workspace");
    let press = Press::new(&workspace).expect("the fonts are there");
    let mut preview = Preview::start(root);
    let text = std::fs::read_to_string(root.join(LETTER)).expect("the letter is there");
    let mut pairs = Vec::new();
    let mut typed = String::new();
    for round in 0..ROUNDS {
        typed.push(char::from(b'a' + (round % 26) as u8));
        let text = typed_in(&text, &typed);
        if round % 16 == 0 {
            typeset::evict();
        }
        // In turn the one or the other first: what else the machine does meets both.
        let (render, shown) = if round % 2 == 0 {
            let render = pdf(&workspace, &press, &text);
            (render, preview.lay_out(&text))
        } else {
            let shown = preview.lay_out(&text);
            (pdf(&workspace, &press, &text), shown)
        };
        if round >= WARM_UP {
            pairs.push((shown, render));
        }
    }
    println!("medians of {} edits of a letter of two pages, in wall-clock time", pairs.len());
    println!("  warm render to a PDF    {:>8.2} ms", millis(median(pairs.iter().map(|(_, render)| *render))));
    println!("  preview, job to answer  {:>8.2} ms", millis(median(pairs.iter().map(|(shown, _)| *shown))));
    println!("  ratio                   {:>8.2}", ratio(pairs.into_iter()));
}

/// The letter with a word typed at the end of its first paragraph.
fn typed_in(text: &str, typed: &str) -> String {
    let body = text.rfind("+++\n").expect("a front matter") + 5;
    let end = body + text[body..].find("\n\n").expect("a paragraph");
    // Words of ten letters, as a hand types them.
    let words: Vec<&str> = typed.as_bytes().chunks(10).filter_map(|word| std::str::from_utf8(word).ok()).collect();
    format!("{} {}{}", &text[..end], words.join(" "), &text[end..])
}

fn pdf(workspace: &Workspace, press: &Press, text: &str) -> Duration {
    let started = Instant::now();
    let path = workspace.root().join(LETTER);
    let day = NaiveDate::from_ymd_opt(2023, 2, 21).expect("a day");
    let draft = Draft::of_text(workspace, press, &path, text.to_string(), &|_| Ok(None)).expect("it is in order");
    let composed = draft.compose(workspace, &draft.letter, day, Numbering::Draft, MAIN).expect("it is in order");
    let page = composed.lay_out(press, MAIN).expect("it is laid out");
    let pdf = composed.pdf(workspace, press, &page).expect("it is exported");
    assert!(page.document.pages().len() == 2 && pdf.len() > 10_000);
    started.elapsed()
}

/// A press as the workbench keeps it at hand.
struct Preview {
    child: std::process::Child,
    output: BufReader<std::process::ChildStdout>,
    given: Vec<String>,
}

impl Preview {
    fn start(root: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_postkamer"));
        command.arg("--workspace").arg(root).arg("press").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the press starts");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        Self { child, output, given: Vec::new() }
    }

    fn lay_out(&mut self, text: &str) -> Duration {
        let started = Instant::now();
        let known = std::mem::take(&mut self.given);
        let job =
            Job { letter: LETTER.into(), text: Some(text.to_string()), taal: "nl".into(), known, ..Job::default() };
        let input = self.child.stdin.as_mut().expect("its input");
        let line = serde_json::to_string(&job).expect("JSON") + "\n";
        input.write_all(line.as_bytes()).and_then(|()| input.flush()).expect("it listens");
        let mut answer = String::new();
        self.output.read_line(&mut answer).expect("it answers");
        let sheets: Sheets = serde_json::from_str(&answer).expect("JSON");
        assert_eq!(sheets.bladzijden.len(), 2, "{:?}", sheets.bevindingen);
        let mut pictures = vec![0; sheets.bladzijden.iter().map(|sheet| sheet.bytes).sum()];
        self.output.read_exact(&mut pictures).expect("the pictures follow");
        let took = started.elapsed();
        self.given = sheets.bladzijden.into_iter().map(|sheet| sheet.hash).collect();
        took
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        // It ends when nobody can ask anything more.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
