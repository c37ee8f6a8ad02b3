//! `postkamer render LETTER`: a letter file becomes a PDF, without side effects.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::ValueEnum;
use serde_json::json;

use super::context::Context;
use crate::draft::{Draft, MAIN};
use crate::error::{Error, Finding, Result};
use crate::register::lazy::LazyRegister;
use crate::template::view::Numbering;
use crate::typeset::export;
use crate::typeset::world::Press;
use crate::workspace::{Workspace, files};

/// Arguments of `render`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The letter file
    letter: PathBuf,
    /// Where to write; `-` is standard output [default: NAME.pdf, NAME-1.png … in the current directory]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What to make [default: by the output's extension, else pdf]
    #[arg(long)]
    format: Option<Format>,
}

/// What a letter can be rendered to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// One PDF
    Pdf,
    /// A picture a page, 144 dots an inch
    Png,
    /// A vector picture a page
    Svg,
    /// The filled Typst text
    Typ,
}

impl Format {
    fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Svg => "svg",
            Self::Typ => "typ",
        }
    }

    /// The format that an output names by its extension, a PDF where it names none of these; none where it is called like
    /// a file that is opened by something else, such as `x.docx`.
    fn of_output(output: Option<&Path>) -> Option<Self> {
        let Some(extension) = output.and_then(Path::extension).and_then(OsStr::to_str) else { return Some(Self::Pdf) };
        let is_it = |name: &str| extension.eq_ignore_ascii_case(name);
        if OTHERS.into_iter().any(is_it) {
            return None;
        }
        Some(ALL.into_iter().find(|format| is_it(format.extension())).unwrap_or(Self::Pdf))
    }
}

/// All formats.
const ALL: [Format; 4] = [Format::Pdf, Format::Png, Format::Svg, Format::Typ];

/// Extensions of files that people take for something else than a letter from here.
const OTHERS: [&str; 20] = [
    "doc", "docx", "docm", "dotx", "odt", "ott", "rtf", "txt", "md", "html", "htm", "eml", "msg", "jpg", "jpeg", "gif",
    "tif", "tiff", "webp", "xps",
];

/// Refuses an output that is called like a file of another kind than these.
pub(super) fn refuse_extension(output: &Path, formats: &[Format]) -> Error {
    let choices: Vec<_> = formats.iter().map(|format| format!(".{}", format.extension())).collect();
    let finding = Finding::error("output-extension").arg("path", output.display());
    finding.arg("choices", choices.join(", ")).into()
}

/// A rendered letter: its files, in the order of its pages, and what was noticed.
pub(super) struct Rendered {
    pub files: Vec<Vec<u8>>,
    pub pages: usize,
    pub warnings: Vec<Finding>,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let path = letter_path(context, &self.letter);
        let workspace = context.workspace(Some(&self.letter))?;
        let press = Press::new(&workspace)?;
        let output = self.output.as_deref();
        let named = self.format.or_else(|| Format::of_output(output));
        let format = named.unwrap_or(Format::Pdf);
        let target = Target::new(output, &self.letter, format);
        target.spares(context, &path)?;
        if named.is_none() {
            return Err(refuse_extension(target.path(), &ALL));
        }
        let rendered = render(&workspace, &press, &path, context.day()?, format, &target.main())?;
        // What is wrong with the letter comes first: where it is no file, no name for its output comes of it either.
        context.spare(&workspace, target.path())?;
        if !context.json() {
            context.show(&rendered.warnings);
        }
        let written = target.write(context, &rendered.files)?;
        if context.json() && !target.is_stdout() {
            let findings: Vec<_> = rendered.warnings.iter().map(|finding| context.finding_json(finding)).collect();
            let written = written.iter().map(|file| workspace.shown(&letter_path(context, file)));
            context.answer_json(&json!({
                "brief": workspace.shown(&path), "bestanden": written.collect::<Vec<_>>(), "paginas": rendered.pages, "bevindingen": findings,
            }))?;
        }
        for file in &written {
            context.say("written", &[("path", &file.display().to_string())]);
        }
        Ok(0)
    }
}

/// A letter file's whole path, so that it is known by its place in the workspace.
pub(super) fn letter_path(context: &Context, letter: &Path) -> PathBuf {
    let path = context.path(letter);
    // A file that isn't there has no canonical path, but its folder may.
    path.canonicalize()
        .ok()
        .or_else(|| Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?)))
        .unwrap_or(path)
}

/// Renders a letter in memory; `main` is the path by which its Typst text imports itself.
pub(super) fn render(
    workspace: &Workspace,
    press: &Press,
    letter: &Path,
    day: NaiveDate,
    format: Format,
    main: &str,
) -> Result<Rendered> {
    let lazy = LazyRegister::new(workspace);
    let draft = Draft::read(workspace, press, letter, &|id| lazy.find(id))?;
    let composed = draft.compose(workspace, &draft.letter, day, Numbering::Draft, main)?;
    let page = composed.lay_out(press, main)?;
    let files = match format {
        Format::Pdf => vec![composed.pdf(workspace, press, &page)?],
        Format::Png => export::png(&page.document)?,
        Format::Svg => export::svg(&page.document),
        Format::Typ => vec![composed.assembled.text.clone().into_bytes()],
    };
    Ok(Rendered { files, pages: page.document.pages().len(), warnings: page.warnings })
}

/// Where the output goes.
pub(super) struct Target {
    path: PathBuf,
    named: bool,
    format: Format,
}

impl Target {
    pub fn new(output: Option<&Path>, letter: &Path, format: Format) -> Self {
        let stem = letter.file_stem().unwrap_or_default();
        let path = output.map_or_else(|| Path::new(stem).with_added_extension(format.extension()), Path::to_path_buf);
        Self { path, named: output.is_some(), format }
    }

    /// The path by which the Typst text imports itself: that of its own file, where it is written to one.
    pub fn main(&self) -> String {
        match (self.format, self.path.file_name().and_then(|name| name.to_str())) {
            (Format::Typ, Some(name)) if name != "-" && !name.contains('\\') => format!("/{name}"),
            (Format::Typ, _) => "/brief.typ".into(),
            _ => MAIN.into(),
        }
    }

    /// The file, when the format has one.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file is called as files of its format are, or has no extension at all.
    pub fn has_own_extension(&self) -> bool {
        Format::of_output(Some(&self.path)) == Some(self.format)
    }

    /// Whether the output itself goes to standard output.
    pub fn is_stdout(&self) -> bool {
        self.path == Path::new("-")
    }

    /// Refuses to write over the letter that is read.
    pub fn spares(&self, context: &Context, letter: &Path) -> Result<()> {
        match context.path(&self.path).canonicalize() {
            Ok(there) if there == letter && there.is_file() => {
                Err(Finding::error("output-is-letter").arg("path", self.path.display()).into())
            }
            _ => Ok(()),
        }
    }

    /// Writes the files, each whole or not at all; pages get numbers, but for one page in a file named by the user.
    pub fn write(&self, context: &Context, files: &[Vec<u8>]) -> Result<Vec<PathBuf>> {
        if self.is_stdout() {
            if files.len() > 1 {
                return Err(Finding::error("pages-to-stdout").arg("pages", files.len()).into());
            }
            return context.answer_bytes(&files.concat()).map(|()| Vec::new());
        }
        let numbered = matches!(self.format, Format::Png | Format::Svg) && !(self.named && files.len() == 1);
        let mut written = Vec::new();
        for (at, bytes) in files.iter().enumerate() {
            let path = if numbered { self.numbered(at + 1) } else { self.path.clone() };
            files::write_whole(&context.path(&path), bytes)?;
            written.push(path);
        }
        Ok(written)
    }

    fn numbered(&self, page: usize) -> PathBuf {
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
        let extension = self.path.extension().map_or(self.format.extension().into(), |ext| ext.to_string_lossy());
        self.path.with_file_name(format!("{stem}-{page}.{extension}"))
    }
}
