//! Programs that others made, which judge what postkamer makes.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;
use tempfile::TempDir;

use crate::support::repository;

/// The folder of the tools. `./test` sets it and then they must be there; without it a test that needs one says so and
/// goes on without.
fn tools() -> Option<PathBuf> {
    std::env::var_os("POSTKAMER_TOOLS").map(PathBuf::from)
}

/// A program with its fixed arguments, if it is there.
fn program(name: &str) -> Option<Command> {
    let folder = tools().unwrap_or_else(|| repository().join("target/tools"));
    let (file, command) = match name {
        "verapdf" => {
            let jar = folder.join("verapdf.jar");
            let mut java = Command::new("java");
            java.arg("-cp").arg(&jar).arg("org.verapdf.apps.GreenfieldCliWrapper");
            (jar, java)
        }
        "python" => {
            let python = folder.join("venv/bin/python");
            (python.clone(), Command::new(python))
        }
        "rocfl" => {
            let file = folder.join("bin/rocfl");
            (file.clone(), Command::new(file))
        }
        "ocfl-root.py" => {
            let mut command = Command::new(folder.join("venv/bin/python"));
            let file = folder.join("venv/bin/ocfl-root.py");
            command.arg(&file);
            (file, command)
        }
        other => {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let file = std::env::split_paths(&path).map(|folder| folder.join(other)).find(|file| file.is_file());
            (file.unwrap_or_default(), Command::new(other))
        }
    };
    if file.is_file() {
        return Some(command);
    }
    assert!(tools().is_none(), "{name} is missing; ./test installs it");
    eprintln!("{name} is missing, so this is not tested; ./test installs it");
    None
}

/// Runs a program and gives its standard output; none when it is not there.
pub fn run(name: &str, arguments: &[&str], files: &[PathBuf]) -> Option<String> {
    let output = program(name)?.args(arguments).args(files).output().expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr);
    // veraPDF's exit code tells of a file that doesn't conform; its report says which, and why.
    assert!(output.status.success() || name == "verapdf", "{name} {arguments:?}: {said}");
    Some(String::from_utf8(output.stdout).expect("its output is UTF-8"))
}

/// Runs a program that judges by its exit code: whether that says yes, and all that it printed.
pub fn judge(name: &str, arguments: &[&str]) -> Option<(bool, String)> {
    let output = program(name)?.args(arguments).output().expect("the program runs");
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    Some((output.status.success(), said))
}

/// Runs a script of `tests/outside` on files; it answers in JSON.
pub fn script(name: &str, arguments: &[&str], files: &[PathBuf]) -> Option<Json> {
    let script = repository().join("tests/outside").join(name).display().to_string();
    let whole: Vec<&str> = std::iter::once(script.as_str()).chain(arguments.iter().copied()).collect();
    let out = run("python", &whole, files)?;
    Some(serde_json::from_str(&out).unwrap_or_else(|error| panic!("{name}: {error}\n{out}")))
}

/// PDFs in a folder of their own.
pub struct Pile {
    folder: TempDir,
    pub files: Vec<PathBuf>,
}

impl Pile {
    pub fn new() -> Self {
        Self { folder: TempDir::new().expect("a temporary folder"), files: Vec::new() }
    }

    /// Adds a PDF by a name that says what it is.
    pub fn add(&mut self, name: &str, pdf: &[u8]) {
        let path = self.folder.path().join(name).with_added_extension("pdf");
        std::fs::write(&path, pdf).expect("the file is written");
        self.files.push(path);
    }

    /// The text of a PDF as poppler reads it, in the order of its content.
    pub fn text(&self, at: usize) -> Option<String> {
        run("pdftotext", &["-raw", "-enc", "UTF-8"], &[self.files[at].clone(), "-".into()])
    }
}

/// The name by which a PDF was added.
pub fn name_of(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
