//! A preview of letters that stays warm: it lays out one after another, as they are being written, for whoever asks.
//!
//! [`Shop`] is what a process keeps between letters. [`Job`] goes in, as a line of JSON; [`Sheets`] come out, as a line of JSON
//! that the pictures follow. [`check`](mod@check) is what one letter is held against.

pub mod check;
mod pictures;
pub mod work;

use std::io::Write;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::SystemTime;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use check::Bench;
use pictures::{Drawn, Pictures};

use crate::draft::Draft;
use crate::error::{Error, Finding, Result};
use crate::issue;
use crate::mailing::specimen;
use crate::messages::{Messages, Tongue};
use crate::register::lazy::LazyRegister;
use crate::table::{self, Table};
use crate::typeset;
use crate::typeset::world::Press;
use crate::workspace::{SETTINGS_FILE, Workspace, files};

/// After so many letters, what Typst remembers and did not use is thrown away, so that memory stays flat.
const EVICT_EVERY: usize = 16;

/// A letter to be laid out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// The path of the letter file, from the workspace.
    pub letter: String,
    /// What is to be taken for the text of the file; none for what it holds.
    #[serde(default)]
    pub text: Option<String>,
    /// The path of a table of recipients, from the workspace.
    #[serde(default)]
    pub table: Option<String>,
    /// The row of the table, as its spreadsheet numbers it, whose letter is asked for.
    #[serde(default)]
    pub row: Option<usize>,
    /// The language of the findings, `nl` or `en`.
    #[serde(default)]
    pub taal: String,
    /// The hashes of pages that whoever asks has: their pictures don't follow.
    #[serde(default)]
    pub known: Vec<String>,
}

/// A laid-out page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// SHA-256 of the picture, which is an SVG.
    pub hash: String,
    /// The bytes of the picture that follow the line; none of one that is known.
    pub bytes: usize,
}

/// What became of a job: the pages of the letter, none if it is refused, and what was found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheets {
    /// The pages.
    pub bladzijden: Vec<Sheet>,
    /// The findings, as the contract writes them; with `kort`, the message without its help, and `hulp`, the help alone.
    pub bevindingen: Vec<Json>,
}

/// What became of a job, with the pictures that follow it.
#[derive(Debug, Default)]
pub struct Answer {
    /// What became of it.
    pub sheets: Sheets,
    pictures: Vec<Arc<str>>,
}

impl Answer {
    /// Writes the line and what follows it.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn write(&self, mut out: impl Write) -> std::io::Result<()> {
        let mut line = serde_json::to_vec(&self.sheets)?;
        line.push(b'\n');
        out.write_all(&line)?;
        self.pictures.iter().try_for_each(|picture| out.write_all(picture.as_bytes()))?;
        out.flush()
    }
}

/// What stays between one letter and the next.
pub struct Shop<'a> {
    root: PathBuf,
    environment: &'a dyn Fn(&str) -> Option<String>,
    press: Option<(Vec<Stamp>, Press)>,
    table: Option<(Stamp, Table)>,
    workspace: Option<(String, Arc<Workspace>)>,
    pictures: Pictures,
    words: [Messages; 2],
    done: usize,
}

/// A file as it was when it was read.
type Stamp = (PathBuf, Option<SystemTime>, u64);

impl<'a> Shop<'a> {
    /// A shop for the workspace at `root`; `environment` overrides its settings.
    pub fn new(root: &Path, environment: &'a dyn Fn(&str) -> Option<String>) -> Self {
        let words = [Tongue::Nl, Tongue::En].map(Messages::new);
        Self {
            root: root.to_path_buf(),
            environment,
            workspace: None,
            press: None,
            table: None,
            pictures: Pictures::default(),
            words,
            done: 0,
        }
    }

    /// Lays a letter out. `day` is that of a letter without a date.
    pub fn lay_out(&mut self, job: &Job, day: NaiveDate) -> Answer {
        self.done += 1;
        if self.done.is_multiple_of(EVICT_EVERY) {
            typeset::evict();
        }
        let done = self.tried(job, day);
        let words = &self.words[usize::from(job.taal == "en")];
        let (drawn, findings) = match done {
            Ok((drawn, findings)) => (drawn, findings.iter().map(|finding| told(words, finding)).collect()),
            Err(Error::Refused(findings)) => {
                (Vec::new(), findings.iter().map(|finding| told(words, finding)).collect())
            }
            Err(outside) => (Vec::new(), failure(words, &outside)),
        };
        let (bladzijden, pictures): (_, Vec<_>) = drawn.into_iter().unzip();
        let pictures = pictures.into_iter().flatten().collect();
        Answer { sheets: Sheets { bladzijden, bevindingen: findings }, pictures }
    }

    fn tried(&mut self, job: &Job, day: NaiveDate) -> Result<(Vec<Drawn>, Vec<Finding>)> {
        let workspace = &*self.workspace()?;
        let path = within(workspace, &job.letter)?;
        let recipients = match (&job.table, job.row) {
            (Some(table), Some(row)) => Some((PathBuf::from(table), self.row(workspace, table, row)?)),
            _ => None,
        };
        let press = Self::press(&mut self.press, workspace)?;
        let lazy = LazyRegister::new(workspace);
        let lookup = |id: &str| lazy.find(id);
        let draft = match &job.text {
            Some(text) => {
                let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
                Draft::of_text(workspace, press, &path, text, &lookup)?
            }
            None => Draft::read(workspace, press, &path, &lookup)?,
        };
        if let Some((shown, row)) = recipients {
            let typesetter = issue::typeset::Typesetter { workspace, press, draft: &draft, day };
            let (page, findings) = specimen::of_row(&typesetter, &shown, row)?;
            let drawn = page.map(|page| self.pictures.of(&page.document, &job.known));
            return Ok((drawn.unwrap_or_default(), findings));
        }
        let bench = Bench { workspace, press, register: &lazy, day };
        let (composed, page) = bench.lay_out(&draft)?;
        // The pages are drawn while their PDF is made, for what it would be refused for: whoever types waits for the longer
        // of the two. It is the PDF that stays on this thread, as its writer uses rayon.
        let (findings, drawn) = thread::scope(|scope| {
            let (pictures, document) = (&mut self.pictures, &page.document);
            let drawing = scope.spawn(move || pictures.of(document, &job.known));
            (bench.judge(&draft, &composed, &page), drawing.join())
        });
        Ok((drawn.unwrap_or_else(|panic| resume_unwind(panic)), findings?))
    }

    /// The workspace, with its settings as they are now.
    fn workspace(&mut self) -> Result<Arc<Workspace>> {
        let text = files::read_text(&self.root.join(SETTINGS_FILE), Path::new(SETTINGS_FILE))?;
        if let Some((_, workspace)) = self.workspace.as_ref().filter(|(before, _)| *before == text) {
            workspace.check_logo()?;
            return Ok(Arc::clone(workspace));
        }
        let workspace = Arc::new(Workspace::open(&self.root, self.environment)?);
        Ok(Arc::clone(&self.workspace.insert((text, workspace)).1))
    }

    /// The press, with the fonts as they are now and no file remembered that may have changed.
    fn press<'p>(kept: &'p mut Option<(Vec<Stamp>, Press)>, workspace: &Workspace) -> Result<&'p Press> {
        let fonts: Vec<Stamp> = workspace.font_files()?.iter().map(|file| stamp(file)).collect();
        let press = match kept.take().filter(|(before, _)| *before == fonts) {
            Some((_, mut press)) => {
                press.reset();
                press
            }
            None => Press::new(workspace)?,
        };
        Ok(&kept.insert((fonts, press)).1)
    }

    /// A table of recipients with one of its rows.
    fn row(&mut self, workspace: &Workspace, table: &str, row: usize) -> Result<Table> {
        let path = within(workspace, table)?;
        let now = stamp(&path);
        if self.table.as_ref().is_none_or(|(before, _)| *before != now) {
            self.table = Some((now, table::read(&path, Path::new(table))?));
        }
        let (_, whole) = self.table.as_ref().ok_or_else(|| unknown_row(row))?;
        let found = whole.rows.iter().find(|other| other.number == row).ok_or_else(|| unknown_row(row))?;
        Ok(Table { columns: whole.columns.clone(), rows: vec![found.clone()], header: whole.header })
    }
}

fn unknown_row(row: usize) -> Error {
    Finding::error("press-row").arg("row", row).into()
}

fn within(workspace: &Workspace, path: &str) -> Result<PathBuf> {
    let file = workspace.file_beside(workspace.root(), path);
    file.ok_or_else(|| Finding::error("path-outside").arg("path", path).into())
}

fn stamp(path: &Path) -> Stamp {
    let metadata = std::fs::metadata(path).ok();
    let changed = metadata.as_ref().and_then(|metadata| metadata.modified().ok());
    (path.to_path_buf(), changed, metadata.map_or(0, |metadata| metadata.len()))
}

/// A finding as [`Sheets`] holds it.
pub fn told(words: &Messages, finding: &Finding) -> Json {
    let mut told = words.finding_json(finding);
    let said = words.finding(finding);
    told["kort"] = said.message.into();
    told["hulp"] = said.help.into();
    told
}

/// A failure outside as [`Sheets`] holds it: nothing that the letter's author could mend.
pub fn failure(words: &Messages, error: &Error) -> Vec<Json> {
    let said = words.outside(error).into_iter();
    said.map(|said| {
        let whole = said.help.as_ref().map_or(said.message.clone(), |help| format!("{}; {help}", said.message));
        serde_json::json!({
            "ernst": "fout", "code": "outside", "bestand": null, "regel": null, "kolom": null, "sleutel": null,
            "melding": whole, "kort": said.message, "hulp": said.help,
        })
    })
    .collect()
}
