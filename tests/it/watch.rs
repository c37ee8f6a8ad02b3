//! `watch`: renders again on every change and outlives mistakes.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::support::{EPOCH, Workspace, repository};

const LETTER: &str = "letters/invitation-partners.md";

struct Watch {
    child: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn start(workspace: &Workspace, letter: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_postkamer"))
            .args(["watch", letter, "-o", "uit.pdf"])
            .current_dir(workspace.path(""))
            .env_clear()
            .env("LANG", "nl_NL.UTF-8")
            .env("SOURCE_DATE_EPOCH", EPOCH)
            .stderr(Stdio::piped())
            .spawn()
            .expect("postkamer runs");
        let (sender, lines) = channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { child, lines }
    }

    /// Waits for a line with this text; what was said meanwhile, where it does not come.
    fn hears(&self, text: &str, patience: Duration) -> Result<(), String> {
        let deadline = Instant::now() + patience;
        let mut said = Vec::new();
        while let Ok(line) = self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            if line.contains(text) {
                return Ok(());
            }
            said.push(line);
        }
        Err(said.join("\n"))
    }

    #[track_caller]
    fn says(&self, text: &str) {
        self.hears(text, Duration::from_secs(30)).unwrap_or_else(|said| panic!("{text} was not said, but:\n{said}"));
    }

    /// Makes a change and waits for what is said of it. A file that is changed before the watch has turned to it again is
    /// written once more.
    #[track_caller]
    fn changes(&self, workspace: &Workspace, path: &str, change: impl FnOnce(), text: &str) {
        std::thread::sleep(Duration::from_millis(150));
        change();
        let mut said = String::new();
        for _ in 0..6 {
            match self.hears(text, Duration::from_secs(5)) {
                Ok(()) => return,
                Err(more) => said.push_str(&more),
            }
            workspace.write(path, workspace.read(path));
        }
        panic!("{text} was not said of {path}, but:\n{said}");
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn text(workspace: &Workspace) -> String {
    let run = Command::new("pdftotext").arg(workspace.path("uit.pdf")).arg("-").output().expect("pdftotext is there");
    String::from_utf8(run.stdout).unwrap()
}

#[test]
fn a_letter_is_rendered_again_whenever_something_it_is_made_of_changes() {
    let workspace = Workspace::new();
    let mut watch = Watch::start(&workspace, LETTER);
    watch.says("uit.pdf (");
    assert!(text(&workspace).contains("As our guest"));

    watch.changes(&workspace, LETTER, || workspace.change(LETTER, "As our guest", "As our visitor"), "uit.pdf (");
    assert!(text(&workspace).contains("As our visitor"));

    let before = std::fs::read(workspace.path("uit.pdf")).unwrap();
    watch.changes(&workspace, LETTER, || workspace.change(LETTER, "sjabloon =", "sjablon ="), "[unknown-key]");
    assert!(std::fs::read(workspace.path("uit.pdf")).unwrap() == before, "a refused letter changes the PDF");
    watch.changes(&workspace, LETTER, || workspace.change(LETTER, "sjablon =", "sjabloon ="), "uit.pdf (");

    watch.changes(
        &workspace,
        "postkamer.toml",
        || workspace.change("postkamer.toml", "naam = \"Provincie Overijssel\"", "naam = \"Provincie Elders\""),
        "uit.pdf (",
    );
    assert!(text(&workspace).contains("Provincie Elders"));
    watch.changes(
        &workspace,
        "postkamer.toml",
        || workspace.change("postkamer.toml", "[pdf]", "[pdff]"),
        "[unknown-key]",
    );
    watch.changes(&workspace, "postkamer.toml", || workspace.change("postkamer.toml", "[pdff]", "[pdf]"), "uit.pdf (");

    let shipped = std::fs::read_to_string(repository().join("templates/uitnodiging/brief.typ.hbs")).unwrap();
    let own = "templates/uitnodiging/brief.typ.hbs";
    std::fs::create_dir_all(workspace.path("templates/uitnodiging")).unwrap();
    watch.changes(
        &workspace,
        own,
        || workspace.write(own, shipped.replace("{{inhoud}}", "Own words.\n\n{{inhoud}}")),
        "uit.pdf (",
    );
    assert!(text(&workspace).contains("Own words."));
    watch.changes(&workspace, own, || workspace.write(own, "#onbekend()\n{{inhoud}}"), "[typst]");
    watch.changes(&workspace, own, || workspace.write(own, &shipped), "uit.pdf (");
    assert!(watch.child.try_wait().unwrap().is_none(), "the watch has ended");
}

#[test]
fn a_template_with_a_new_name_and_an_image_are_watched_too() {
    let workspace = Workspace::new();
    workspace.write("templates/eigen/sjabloon.toml", "omschrijving = \"x\"\ntalen = [\"nl\"]\n");
    let letterhead = "#set document(title: [x])\n#set text(lang: \"nl\")\n{{inhoud}}\n";
    workspace.write("templates/eigen/brief.typ.hbs", letterhead);
    let letter = "+++\nsjabloon = \"eigen\"\nonderwerp = \"X\"\n[ontvanger]\norganisatie = \"X\"\n+++\n\nTekst.\n\n![Een vlak](v.svg)\n";
    workspace.write("letters/x.md", letter);
    let image = |size: u32| {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size}\" height=\"9\"><rect width=\"9\" height=\"9\"/></svg>"
        )
    };
    workspace.write("letters/v.svg", image(20));
    let watch = Watch::start(&workspace, "letters/x.md");
    watch.says("uit.pdf (");
    watch.changes(
        &workspace,
        "templates/eigen/brief.typ.hbs",
        || workspace.write("templates/eigen/brief.typ.hbs", letterhead.replace("{{inhoud}}", "Ook dit.\n\n{{inhoud}}")),
        "uit.pdf (",
    );
    assert!(text(&workspace).contains("Ook dit."));
    watch.changes(&workspace, "letters/v.svg", || workspace.write("letters/v.svg", "<svg"), "[typst]");
    watch.changes(&workspace, "letters/v.svg", || workspace.write("letters/v.svg", image(30)), "uit.pdf (");
    watch.changes(
        &workspace,
        "templates/eigen/sjabloon.toml",
        || workspace.write("templates/eigen/sjabloon.toml", "omschrijving = 1\n"),
        "[wrong-type]",
    );
}

#[test]
fn a_letter_that_was_never_there_is_a_slip_and_one_that_goes_is_waited_for() {
    let workspace = Workspace::new();
    for (path, code) in [("letters/bestaatniet.md", "[file-missing]"), ("letters", "[file-is-folder]")] {
        let run = workspace.run(&["watch", path, "-o", "uit.pdf"]).exits(1);
        assert!(run.err.contains(code), "{}", run.err);
    }
    let letter = workspace.read(LETTER);
    let watch = Watch::start(&workspace, LETTER);
    watch.says("uit.pdf (");
    std::thread::sleep(Duration::from_millis(150));
    std::fs::remove_file(workspace.path(LETTER)).expect("the letter goes");
    watch.says("wacht tot letters/invitation-partners.md er weer is");
    watch.changes(&workspace, LETTER, || workspace.write(LETTER, &letter), "uit.pdf (");
}
