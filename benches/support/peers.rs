//! Other ways to make the same letters, each where it is installed: what one costs them in processor time.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::children;
use super::letterhead::Sheet;

/// The first of these letters warm a peer up.
const WARM_UP: usize = 10;

/// A letter as peers get it.
pub struct Letter {
    /// All of it as Typst, to be compiled in the folder that holds the templates.
    pub typst: String,
    /// The same for those that have pages of their own.
    pub sheet: Sheet,
}

/// The Python of the tools, or else that of the system, if it has a package.
fn python(root: &Path, package: &str) -> Option<PathBuf> {
    let tools = std::env::var_os("POSTKAMER_TOOLS").map_or_else(|| root.join("target/tools"), PathBuf::from);
    let has = |python: &PathBuf| {
        let mut command = Command::new(python);
        let run = command.args(["-c", &format!("import {package}")]).stderr(Stdio::null()).status();
        run.is_ok_and(|status| status.success())
    };
    [tools.join("venv/bin/python"), "python3".into()].into_iter().find(has)
}

/// A script in Python that makes the letters one after the other in one process and prints the processor time of all
/// after the first [`WARM_UP`], in seconds.
fn loop_in(python: &Path, prepare: &str, each: &str, arguments: &[&Path]) -> Duration {
    let lines = [
        "import sys, time, pathlib",
        prepare,
        "started = 0",
        &format!(
            "for n, path in enumerate(sorted(pathlib.Path(sys.argv[1]).glob(sys.argv[2]))):\n    if n == {WARM_UP}: started = time.process_time()\n    {each}"
        ),
        &format!("print((time.process_time() - started) / (n + 1 - {WARM_UP}))"),
    ];
    let output = Command::new(python).arg("-c").arg(lines.join("\n")).args(arguments).output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let seconds = String::from_utf8_lossy(&output.stdout).trim().parse().expect("a time");
    Duration::from_secs_f64(seconds)
}

/// The typst Python package in a warm loop; `folder` holds the templates.
pub fn typst_python(root: &Path, folder: &Path, letters: &[Letter]) -> Option<Duration> {
    let python = python(root, "typst")?;
    for (n, letter) in letters.iter().enumerate() {
        std::fs::write(folder.join(format!("{n:04}.typ")), &letter.typst).expect("the letter is written");
    }
    let prepare =
        "import typst\ncompiler = typst.Compiler(root=sys.argv[1], font_paths=[sys.argv[3]], ignore_system_fonts=True)";
    let each = "compiler.compile(str(path), output=str(path) + '.pdf', pdf_standards=['a-2a', 'ua-1'])";
    Some(loop_in(&python, prepare, each, &[folder, Path::new("[0-9]*.typ"), &root.join("fonts")]))
}

/// WeasyPrint in a warm loop.
pub fn weasyprint(root: &Path, folder: &Path, letters: &[Letter]) -> Option<Duration> {
    let python = python(root, "weasyprint")?;
    for (n, letter) in letters.iter().enumerate() {
        let html = letter.sheet.html(&root.join("fonts"));
        std::fs::write(folder.join(format!("{n:04}.html")), html).expect("the letter is written");
    }
    let prepare = "import weasyprint\nfrom weasyprint.text.fonts import FontConfiguration\nfonts = FontConfiguration()";
    let each =
        "weasyprint.HTML(filename=str(path)).write_pdf(str(path) + '.pdf', pdf_variant='pdf/ua-1', font_config=fonts)";
    Some(loop_in(&python, prepare, each, &[folder, Path::new("*.html")]))
}

/// LibreOffice, which converts all letters in one run; the time of one that converts a single letter is taken off.
pub fn libreoffice(root: &Path, folder: &Path, letters: &[Letter]) -> Option<Duration> {
    let program = Command::new("soffice").arg("--version").output().ok().filter(|run| run.status.success());
    program?;
    // Beside the fonts of the system those of the letter.
    let fonts = root.join("fonts");
    let settings = folder.join("fonts.conf");
    let text = format!(
        "<?xml version=\"1.0\"?><fontconfig><include>/etc/fonts/fonts.conf</include><dir>{}</dir></fontconfig>",
        fonts.display()
    );
    std::fs::write(&settings, text).expect("the settings are written");
    let file = |n: usize| folder.join(format!("{n:04}.fodt"));
    for (n, letter) in letters.iter().enumerate() {
        std::fs::write(file(n), letter.sheet.fodt()).expect("the letter is written");
    }
    let convert = |count: usize| {
        let filter = r#"pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"},"PDFUACompliance":{"type":"boolean","value":"true"}}"#;
        let mut command = Command::new("soffice");
        let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
        command
            .env("FONTCONFIG_FILE", &settings)
            .args([&profile, "--headless", "--convert-to", filter, "--outdir"])
            .arg(folder);
        command.args((0..count).map(file)).stdout(Stdio::null()).stderr(Stdio::null());
        let (status, cost) = children::run(&mut command, &|_| false);
        assert!(status.success(), "LibreOffice converts");
        cost.cpu
    };
    // Once to make its profile.
    convert(1);
    let start = convert(1);
    Some(convert(letters.len()).saturating_sub(start) / (letters.len() - 1) as u32)
}
