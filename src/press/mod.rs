//! A press that stays warm: it lays out one letter after another, as it is being written, for whoever asks.
//!
//! [`Shop`] is what a process keeps between letters; [`Job`] and [`Sheets`] are what goes in and comes out, one line of JSON
//! each. [`check`](mod@check) is what one letter is held against.

pub mod check;
pub mod work;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use typst::utils::hash128;
use typst_layout::Page;

use crate::draft::Draft;
use crate::error::{Error, Finding, Result};
use crate::issue;
use crate::mailing::specimen;
use crate::messages::{Messages, Tongue};
use crate::register::answers::Answers;
use crate::register::files::sha256;
use crate::table::{self, Table};
use crate::typeset::world::Press;
use crate::typeset::{self, export};
use crate::workspace::Workspace;

/// After so many letters, what Typst remembers and did not use is thrown away, so that memory stays flat.
const EVICT_EVERY: usize = 16;

/// How many pictures of pages are kept.
const DRAWN: usize = 32;

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
    /// The hashes of pages that whoever asks has: their pictures are left out.
    #[serde(default)]
    pub known: Vec<String>,
}

/// A laid-out page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// SHA-256 of the picture.
    pub hash: String,
    /// The picture, as SVG.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub svg: String,
}

/// What became of a job: the pages of the letter, none if it is refused, and what was found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheets {
    /// The pages.
    pub bladzijden: Vec<Sheet>,
    /// The findings, as the contract writes them; with `kort`, the message without its help, and `hulp`, the help alone.
    pub bevindingen: Vec<Json>,
}

/// What stays between one letter and the next.
pub struct Shop<'a> {
    root: PathBuf,
    environment: &'a dyn Fn(&str) -> Option<String>,
    press: Option<(Vec<Stamp>, Press)>,
    table: Option<(Stamp, Table)>,
    drawn: VecDeque<(u128, Sheet)>,
    words: [Messages; 2],
    done: usize,
}

/// A file as it was when it was read.
type Stamp = (PathBuf, Option<SystemTime>, u64);

impl<'a> Shop<'a> {
    /// A shop for the workspace at `root`; `environment` overrides its settings.
    pub fn new(root: &Path, environment: &'a dyn Fn(&str) -> Option<String>) -> Self {
        let words = [Tongue::Nl, Tongue::En].map(Messages::new);
        Self { root: root.to_path_buf(), environment, press: None, table: None, drawn: VecDeque::new(), words, done: 0 }
    }

    /// Lays a letter out. `day` is that of a letter without a date.
    pub fn lay_out(&mut self, job: &Job, day: NaiveDate) -> Sheets {
        self.done += 1;
        if self.done.is_multiple_of(EVICT_EVERY) {
            typeset::evict();
        }
        let done = self.tried(job, day);
        let words = &self.words[usize::from(job.taal == "en")];
        match done {
            Ok((pages, findings)) => {
                Sheets { bladzijden: pages, bevindingen: findings.iter().map(|finding| told(words, finding)).collect() }
            }
            Err(Error::Refused(findings)) => Sheets {
                bladzijden: Vec::new(),
                bevindingen: findings.iter().map(|finding| told(words, finding)).collect(),
            },
            Err(outside) => Sheets { bladzijden: Vec::new(), bevindingen: failure(words, &outside) },
        }
    }

    fn tried(&mut self, job: &Job, day: NaiveDate) -> Result<(Vec<Sheet>, Vec<Finding>)> {
        // Settings and templates may have changed since the last letter.
        let workspace = Workspace::open(&self.root, self.environment)?;
        let path = within(&workspace, &job.letter)?;
        let recipients = match (&job.table, job.row) {
            (Some(table), Some(row)) => Some((PathBuf::from(table), self.row(&workspace, table, row)?)),
            _ => None,
        };
        let press = self.press(&workspace)?;
        let answers = Answers::new(&workspace);
        let lookup = |id: &str| answers.find(id);
        let draft = match &job.text {
            Some(text) => {
                let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
                Draft::of_text(&workspace, press, &path, text, &lookup)?
            }
            None => Draft::read(&workspace, press, &path, &lookup)?,
        };
        let (page, findings) = match recipients {
            Some((shown, row)) => {
                let table = issue::typeset::Table { workspace: &workspace, press, draft: &draft, day };
                specimen::of_row(&table, &shown, row)?
            }
            None => {
                let (page, findings) = check::check(&workspace, press, &draft, day, &answers)?;
                (Some(page), findings)
            }
        };
        let pages =
            page.iter().flat_map(|page| page.document.pages()).map(|page| self.drawn(page, &job.known)).collect();
        Ok((pages, findings))
    }

    /// The picture of a page. Most of a letter stays what it was while somebody types in it.
    fn drawn(&mut self, page: &Page, known: &[String]) -> Sheet {
        let key = hash128(page);
        if let Some(at) = self.drawn.iter().position(|(known, _)| *known == key)
            && let Some(known) = self.drawn.remove(at)
        {
            self.drawn.push_back(known);
        } else {
            let svg = export::svg_page(page);
            self.drawn.push_back((key, Sheet { hash: sha256(svg.as_bytes()), svg }));
        }
        if self.drawn.len() > DRAWN {
            self.drawn.pop_front();
        }
        match self.drawn.back() {
            Some((_, sheet)) if known.contains(&sheet.hash) => Sheet { hash: sheet.hash.clone(), svg: String::new() },
            Some((_, sheet)) => sheet.clone(),
            None => Sheet::default(),
        }
    }

    /// The press, with the fonts as they are now and no file remembered that may have changed.
    fn press(&mut self, workspace: &Workspace) -> Result<&Press> {
        let mut fonts: Vec<Stamp> = match std::fs::read_dir(workspace.root().join("fonts")) {
            Ok(entries) => entries.flatten().map(|entry| stamp(&entry.path())).collect(),
            Err(_) => Vec::new(),
        };
        fonts.sort();
        let press = match self.press.take().filter(|(before, _)| *before == fonts) {
            Some((_, mut press)) => {
                press.reset();
                press
            }
            None => Press::new(workspace)?,
        };
        Ok(&self.press.insert((fonts, press)).1)
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
