//! What a mailing costs: `mail run` from the table to the last archived letter, beside the floor of exporting a letter that is
//! laid out already, beside itself with another worker and with more letters, and beside other ways to make the letters.
//!
//! `cargo bench --profile dev --bench mailing` uses the dependencies that the tests have built. `POSTKAMER_BENCH_LETTERS` is how
//! many letters, 10,000 unless it is set; with `POSTKAMER_BENCH_MEMORY` memory is looked at over 100,000.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use chrono::NaiveDate;
use cpu_time::ProcessTime;
use postkamer::draft::{Draft, MAIN};
use postkamer::letter::Letter;
use postkamer::template::view::Numbering;
use postkamer::typeset::{self, world::Press};
use postkamer::workspace::Workspace;
use tempfile::TempDir;

mod support;

use support::children::{self, Cost};
use support::letterhead::Sheet;
use support::{median, millis, peers};

// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The letter of two pages whose text is sent.
const TEXT: &str = "letters/reactie-sociale-innovatie.md";
const LETTER: &str = "letters/mailing.md";
/// Letters that memory is held against.
const FEW: usize = 1_000;
/// Letters that are too many for memory to grow with them unseen.
const MANY: usize = 100_000;
/// Exports of the floor.
const ROUNDS: usize = 200;
/// Letters that a peer makes.
const PEERS: usize = 210;
/// What the ratios must not be above: to the floor, of two workers to one, of memory.
const LIMITS: [f64; 3] = [2.0, 1.05, 1.2];
/// How many letters of ours are to be made in the time of one of a peer: the typst package, LibreOffice, WeasyPrint.
const AIMS: [f64; 3] = [5.0, 80.0, 80.0];

fn main() {
    // As a worker of a mailing: one thread, which does Typst's parallel work itself.
    rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global().expect("the first pool");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let letters = std::env::var("POSTKAMER_BENCH_LETTERS").ok().and_then(|count| count.parse().ok()).unwrap_or(10_000);
    println!(
        "{letters} letters of two pages, PDF/A-2a and PDF/UA-1; processor time is of the program and all its workers\n"
    );
    let mut kept = Vec::new();
    let before = floor(root);
    let one = mail(root, letters, 1, &mut kept);
    let two = mail(root, letters, 2, &mut kept);
    let alone = letter_alone(root);
    let after = floor(root);
    let floor = (before + after) / 2;
    let per_letter = |cost: &Cost| cost.cpu / letters as u32;
    for (workers, cost) in [("one worker", &one), ("two workers", &two)] {
        println!("{workers}");
        println!("  letters per second     {:>9.1}", letters as f64 / cost.wall.as_secs_f64());
        println!("  processor time, each   {:>9.2} ms", millis(per_letter(cost)));
        println!(
            "  memory of a worker     {:>9.1} MiB, of the program {:.1}",
            mebibytes(cost.worker_peak),
            mebibytes(cost.own_peak)
        );
    }
    println!("letter alone, without register and archive {:>5.2} ms", millis(alone));
    println!(
        "floor: export alone      {:>9.2} ms ({:.2} before, {:.2} after)\n",
        millis(floor),
        millis(before),
        millis(after)
    );
    println!("ratio {:<27} {:>6.2}", "to the floor, letter alone", alone.div_duration_f64(floor));
    show("to the floor, one worker", per_letter(&one).div_duration_f64(floor), LIMITS[0]);
    show("two workers to one", two.cpu.div_duration_f64(one.cpu), LIMITS[1]);
    memory(root, letters, &two, &mut kept);
    let ours = Ours { between: two.wall / letters as u32, whole: per_letter(&one), alone };
    beside_peers(root, &ours);
}

fn show(name: &str, ratio: f64, limit: f64) {
    println!("ratio {name:<27} {ratio:>6.2}   (limit {limit:.2})");
}

fn mebibytes(kibibytes: u64) -> f64 {
    kibibytes as f64 / 1024.0
}

/// Peak memory of a big run to that of a small one.
fn memory(root: &Path, letters: usize, run: &Cost, kept: &mut Vec<TempDir>) {
    let (big, count) = match std::env::var_os("POSTKAMER_BENCH_MEMORY") {
        Some(_) => (mail(root, MANY, 2, kept).worker_peak, MANY),
        None => (run.worker_peak, letters),
    };
    let small = mail(root, FEW, 2, kept).worker_peak;
    println!("memory of a worker: {:.1} MiB over {FEW}, {:.1} MiB over {count}", mebibytes(small), mebibytes(big));
    show("memory", big as f64 / small as f64, LIMITS[2]);
}

/// A workspace with the letter, and a table of so many recipients.
fn office(root: &Path, recipients: usize) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    fs::create_dir(folder.path().join("letters")).expect("the folder is made");
    fs::copy(root.join("postkamer.toml"), folder.path().join("postkamer.toml")).expect("the settings are copied");
    let text = fs::read_to_string(root.join(TEXT)).expect("the letter");
    let body = text.splitn(3, "+++").nth(2).expect("a letter has a text");
    let front = "sjabloon = 'gs-brief'\nonderwerp = 'Reactie op briefadvies'\ndatum = 2023-02-21\n\
        zaaknummer = '2023-003015'\ninlichtingen_bij = 'bom'\nondertekening = 'gs'\n\
        [ontvanger]\norganisatie = 'Bakkerij'\nachternaam = 'Berg'\nstraat = 'Kade'\nhuisnummer = '1'\n\
        postcode = '8012 EE'\nplaats = 'Zwolle'\n";
    fs::write(folder.path().join(LETTER), format!("+++\n{front}+++{body}")).expect("the letter is written");
    let mut table =
        String::from("organisatie;aanspreekvorm;voorletters;achternaam;straat;huisnummer;postcode;plaats\n");
    for n in 0..recipients {
        let to = recipient(n);
        let _ = writeln!(table, "{}", to.map(|(_, text)| text).join(";"));
    }
    fs::write(folder.path().join("ontvangers.csv"), table).expect("the table is written");
    folder
}

/// The fields of a recipient, other than all others.
fn recipient(n: usize) -> [(&'static str, String); 8] {
    let letter = |shift: usize| char::from(b'A' + ((n / 9000 + shift) % 18) as u8);
    [
        ("organisatie", format!("Bakkerij De Korenaar {n}")),
        ("aanspreekvorm", ["mevrouw", "heer"][n % 2].into()),
        ("voorletters", format!("{}.{}.", letter(n), letter(n / 18))),
        ("achternaam", format!("Vos{}{}", letter(n).to_ascii_lowercase(), letter(n / 7).to_ascii_lowercase())),
        ("straat", "Luttenbergstraat".into()),
        ("huisnummer", (n % 300 + 1).to_string()),
        ("postcode", format!("{} {}{}", 1000 + n % 9000, letter(0), letter(1))),
        ("plaats", ["Zwolle", "Deventer", "Almelo", "Hengelo"][n % 4].into()),
    ]
}

/// A whole mailing in a workspace of its own, which stays until the end: a file system is slow to give out anew what was deleted
/// just before.
fn mail(root: &Path, letters: usize, workers: usize, kept: &mut Vec<TempDir>) -> Cost {
    let folder = office(root, letters);
    let answer = folder.path().join("antwoord.json");
    let mut command = Command::new(env!("CARGO_BIN_EXE_postkamer"));
    command.args(["mail", "run", LETTER, "--recipients", "ontvangers.csv", "--name", "maat", "--json", "--jobs"]);
    command.arg(workers.to_string()).current_dir(folder.path()).env("SOURCE_DATE_EPOCH", "1676977200");
    command.stdout(File::create(&answer).expect("a file for the answer"));
    let (status, cost) = children::run(&mut command, &|arguments| arguments.contains(" mail worker "));
    assert!(status.success(), "the mailing is made: {status}");
    let answer = fs::read(answer).expect("the answer");
    let answer: serde_json::Value = serde_json::from_slice(&answer).expect("the answer is JSON");
    assert_eq!(answer["gereed"].as_u64(), Some(letters as u64));
    kept.push(folder);
    cost
}

/// The letter in this process.
struct Desk {
    _folder: TempDir,
    workspace: Workspace,
    press: Press,
    draft: Draft,
    day: NaiveDate,
}

impl Desk {
    fn new(root: &Path) -> Self {
        let folder = office(root, 1);
        let workspace = Workspace::open(folder.path(), &|_| None).expect("the workspace is in order");
        let press = Press::new(&workspace).expect("the fonts are there");
        let draft = Draft::read(&workspace, &press, &folder.path().join(LETTER), &|_| Ok(None)).expect("the letter");
        Self { _folder: folder, workspace, press, draft, day: NaiveDate::from_ymd_opt(2023, 2, 21).expect("a day") }
    }

    fn letter(&self, n: usize) -> Letter {
        let mut letter = self.draft.letter.clone();
        recipient(n).into_iter().for_each(|(field, text)| letter.front.values["ontvanger"][field] = text.into());
        letter
    }
}

/// The processor time of a letter from its recipient to its PDF, as a worker makes it but without register and archive: what
/// a peer does.
fn letter_alone(root: &Path) -> Duration {
    let desk = Desk::new(root);
    let times = (0..ROUNDS).map(|n| {
        if n % 32 == 0 {
            typeset::evict();
        }
        let letter = desk.letter(n);
        let kenmerk = format!("D2023-02-{n:06}");
        let numbering = Numbering::Given { reference: &kenmerk, case: None };
        let started = ProcessTime::now();
        let composed = desk.draft.compose(&desk.workspace, &letter, desk.day, numbering, MAIN).expect("it composes");
        let page = composed.lay_out(&desk.press, MAIN).expect("it is laid out");
        composed.pdf(&desk.workspace, &desk.press, &page).expect("it is exported");
        started.elapsed()
    });
    median(times.skip(1))
}

/// The processor time of exporting a letter that is laid out already.
fn floor(root: &Path) -> Duration {
    let desk = Desk::new(root);
    let numbering = Numbering::Given { reference: "D2023-02-000001", case: None };
    let composed =
        desk.draft.compose(&desk.workspace, &desk.letter(1), desk.day, numbering, MAIN).expect("it composes");
    let page = composed.lay_out(&desk.press, MAIN).expect("it is laid out");
    assert_eq!(page.document.pages().len(), 2, "the letter has two pages");
    let export = || composed.pdf(&desk.workspace, &desk.press, &page).expect("it is exported");
    let first = export();
    median((0..ROUNDS).map(|round| {
        if round % 32 == 0 {
            typeset::evict();
        }
        let started = ProcessTime::now();
        let again = export();
        let time = started.elapsed();
        assert_eq!(first, again);
        time
    }))
}

/// What a letter of ours costs.
struct Ours {
    /// From one letter to the next, with two workers, register and archive.
    between: Duration,
    /// Processor time with one worker, register and archive.
    whole: Duration,
    /// Processor time without register and archive.
    alone: Duration,
}

/// The peers make letters in one process each, and neither number, register nor archive them. How many letters of ours are
/// made in the time of one of theirs is held against the aims; beside it stand the ratios of processor time.
fn beside_peers(root: &Path, ours: &Ours) {
    let desk = Desk::new(root);
    let letters: Vec<peers::Letter> = (0..PEERS)
        .map(|n| {
            let kenmerk = format!("D2023-02-{n:06}");
            let numbering = Numbering::Given { reference: &kenmerk, case: None };
            let letter = desk.letter(n);
            let main = format!("/{n:04}.typ");
            let composed =
                desk.draft.compose(&desk.workspace, &letter, desk.day, numbering, &main).expect("it composes");
            let sheet = sheet(n, &kenmerk, &composed.text);
            // Our own titles are set on the finished document.
            let typst = format!("#set document(title: \"Reactie op briefadvies\")\n{}", composed.assembled.text);
            peers::Letter { typst, sheet }
        })
        .collect();
    let folder = TempDir::new().expect("a folder");
    copy_templates(root, folder.path());
    println!(
        "\nthe same letter elsewhere, in one process: letters of ours, registered and archived by two workers, in its time"
    );
    println!("  (and its processor time to that of ours with one worker, and without register and archive)");
    let found = [
        ("typst Python package, warm", peers::typst_python(root, folder.path(), &letters)),
        ("LibreOffice, in one batch", peers::libreoffice(root, folder.path(), &letters)),
        ("WeasyPrint, warm", peers::weasyprint(root, folder.path(), &letters)),
    ];
    for ((name, time), aim) in found.into_iter().zip(AIMS) {
        match time {
            Some(time) => {
                let [ratio, whole, alone] =
                    [ours.between, ours.whole, ours.alone].map(|ours| time.div_duration_f64(ours));
                let time = millis(time);
                println!("  {name:<27} {time:>8.2} ms, ratio {ratio:>6.2} (aim {aim:.0})   ({whole:.2}, {alone:.2})");
            }
            None => println!("  {name:<27} is not installed"),
        }
    }
}

/// Letter number `n` for those that don't read our letters.
fn sheet(n: usize, kenmerk: &str, text: &str) -> Sheet {
    let [(_, company), (_, form), (_, initials), (_, name), (_, street), (_, house), (_, postcode), (_, town)] =
        recipient(n);
    Sheet {
        address: vec![
            company,
            format!("T.a.v. {form} {initials} {name}"),
            format!("{street} {house}"),
            format!("{postcode}  {}", town.to_uppercase()),
        ],
        kenmerk: kenmerk.into(),
        salutation: format!("Geachte {form} {name},"),
        paragraphs: text.split("\n\n").map(String::from).collect(),
    }
}

fn copy_templates(root: &Path, to: &Path) {
    for path in postkamer::assets::template_paths() {
        let target = to.join(&path);
        fs::create_dir_all(target.parent().expect("a folder")).expect("the folder is made");
        fs::copy(root.join("templates").join(&path), target).expect("the file is copied");
    }
}
