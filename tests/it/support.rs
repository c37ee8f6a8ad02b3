//! What the tests share: a workspace of their own and the program in a fixed surrounding.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

pub mod browser;
pub mod client;
pub mod postgres;
pub mod staff;
pub mod tools;
pub mod workbench;

/// 21 February 2023, noon in the Netherlands: the day of every test.
pub const EPOCH: &str = "1676977200";

/// What takes a register back to what it was before there was an archive, and everything that came later.
pub const BEFORE_THE_ARCHIVE: [&str; 7] = [
    "DROP TABLE web_session",
    "DROP TABLE account",
    "DROP TABLE mail_row",
    "DROP TABLE mailing",
    "DROP TABLE archived",
    "DROP INDEX file_size",
    "DELETE FROM migration WHERE version > 1",
];

/// The repository, which is a workspace itself.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A workspace of its own for a test.
pub struct Workspace {
    folder: TempDir,
}

impl Workspace {
    /// A fresh workspace with the repository's settings and example letters.
    pub fn new() -> Self {
        let workspace = Self { folder: TempDir::new().expect("a temporary folder") };
        let copy = |from: &Path, to: &Path| {
            std::fs::create_dir_all(to.parent().expect("a folder")).expect("the folder is made");
            std::fs::copy(from, to).expect("the file is copied");
        };
        copy(&repository().join("postkamer.toml"), &workspace.path("postkamer.toml"));
        for file in files_below(&repository().join("letters")) {
            copy(&file, &workspace.path("letters").join(file.strip_prefix(repository().join("letters")).unwrap()));
        }
        workspace
    }

    /// A path in the workspace.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        std::fs::write(path, text).expect("the file is written");
    }

    /// The text of a file.
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).expect("the file is there")
    }

    /// Writes a letter with part of its text replaced; the part must be there.
    pub fn change(&self, letter: &str, from: &str, to: &str) {
        let text = self.read(letter);
        assert!(text.contains(from), "{letter} does not hold {from:?}");
        self.write(letter, text.replacen(from, to, 1));
    }

    /// Runs `postkamer` in the workspace, in Dutch, on the day of the tests.
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, &[])
    }

    /// The same with more environment.
    pub fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_postkamer"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        command.env("LANG", "nl_NL.UTF-8").env("SOURCE_DATE_EPOCH", EPOCH).envs(environment.iter().copied());
        Run::of(command.output().expect("postkamer runs"))
    }
}

/// What a run of the program gave.
#[derive(Debug)]
pub struct Run {
    /// Exit code; none when it was killed.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Run {
    /// What a program gave that was run another way.
    pub fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Asserts the exit code, showing what was said.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in {}\n{}", self.out, self.err))
    }
}

/// The text of a PDF, as poppler reads it.
pub fn pdf_text(path: &Path) -> String {
    let run = Command::new("pdftotext").arg(path).arg("-").output().expect("pdftotext is there");
    String::from_utf8_lossy(&run.stdout).into_owned()
}

/// Every file below a folder, sorted.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// The names of the example letters, `letters/….md`.
pub fn example_letters() -> Vec<String> {
    let files = files_below(&repository().join("letters"));
    let letters = files.iter().filter(|file| file.extension().is_some_and(|ext| ext == "md"));
    letters.map(|file| file.strip_prefix(repository()).unwrap().display().to_string()).collect()
}
