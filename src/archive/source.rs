//! What a letter was typeset from: a small workspace from which this program, of the same version, makes the same bytes.
//!
//! It holds the letter file, what that names, the template files that were read, the settings that it shows, and what
//! was known when the letter was issued. Passwords, addresses of databases and contacts of other letters stay out.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::bundle::{self, Bundle};
use super::stage::Content;
use crate::assets;
use crate::draft::{Draft, MAIN};
use crate::error::{Error, Finding, Result};
use crate::letter::Letter;
use crate::letter::answered::{self, Answered, Lookup};
use crate::template::view::Numbering;
use crate::typeset::world::Press;
use crate::workspace::bytes::{Bytes, sha256};
use crate::workspace::{SETTINGS_FILE, Workspace, files, inside};

/// The folder of the small workspace in an archived letter.
pub const FOLDER: &str = "bron";

/// What was known at issue, in [`FOLDER`].
const FACTS: &str = "gegevens.json";

/// The form of [`FACTS`].
const FORM: &str = "postkamer-bron-1";

/// A letter that was typeset, with the numbers that it has got.
#[derive(Clone, Copy)]
pub struct Made<'a> {
    /// Its workspace.
    pub workspace: &'a Workspace,
    /// The letter file as it was read.
    pub draft: &'a Draft,
    /// The letter: the file's own, or what a row of a table made of it.
    pub letter: &'a Letter,
    /// Its path from the workspace, with `/` between the parts.
    pub path: &'a str,
    /// The files that it was laid out with: those of [`crate::draft::Page`].
    pub files: &'a [String],
    /// What its enclosures hold, in its own order.
    pub enclosures: &'a [(String, Bytes)],
    /// Its kenmerk.
    pub reference: &'a str,
    /// Its zaaknummer.
    pub case: Option<&'a str>,
    /// The day of its reservation, which is its date where its file has none.
    pub day: NaiveDate,
    /// What it shares with the other letters of its mailing; none for a letter by itself.
    pub bundle: Option<&'a Bundle>,
}

/// What was known when a letter was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Facts {
    formaat: String,
    brief: String,
    kenmerk: String,
    zaaknummer: Option<String>,
    /// The day of reservation.
    dag: String,
    /// The date on the letter.
    datum: String,
    in_reactie_op: BTreeMap<String, Known>,
    /// The fields of the letter file that a row of a table replaced.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    rij: Map<String, Json>,
    programma: Program,
    /// The shipped fonts with their SHA-256; those of the workspace lie beside.
    lettertypen: BTreeMap<String, String>,
}

/// What the register knew of a letter that is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    uw_brief: Option<String>,
    uw_kenmerk: Option<String>,
    zaaknummer: Option<String>,
    organisatie: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Program {
    naam: String,
    versie: String,
}

/// Everything that the letter was typeset from, below [`FOLDER`], sorted by path; `lookup` answers as it did when the
/// letter was read.
///
/// # Errors
/// [`Error::Outside`] when a file can't be read any more, or what `lookup` returns.
pub fn gather(made: &Made, lookup: &Lookup) -> Result<Vec<Content>> {
    let mut found = match made.bundle {
        Some(bundle) => bundle.rest(made)?,
        None => shared(made)?,
    };
    found.insert(FACTS.to_string(), facts(made, lookup)?);
    let content = |(path, bytes)| Content { path: format!("{FOLDER}/{path}"), bytes };
    Ok(found.into_iter().map(content).collect())
}

/// What does not depend on the numbers of the letter, nor on its row, by path from [`FOLDER`].
pub(super) fn shared(made: &Made) -> Result<BTreeMap<String, Bytes>> {
    let (workspace, front) = (made.workspace, &made.draft.letter.front);
    let template = &made.draft.template.name;
    let own_files = ["sjabloon.toml", "brief.typ.hbs"].map(|file| format!("{template}/{file}"));
    let mut found = read_files(workspace, own_files.iter().chain(made.files))?;
    for logo in [workspace.checked().text("organisatie.logo"), front.text("afzender.logo")].into_iter().flatten() {
        if let Some(file) = workspace.file_beside(workspace.root(), logo) {
            let bytes = std::fs::read(&file).map_err(|cause| Error::io("read", &file, cause))?;
            found.insert(slashed(&workspace.shown(&file)), bytes.into());
        }
    }
    found.extend(enclosures(made));
    found.extend(workspace.fonts()?.into_iter().map(|(path, bytes)| (slashed(&path), bytes.into())));
    found.insert(made.path.to_string(), made.draft.letter.source.text().as_bytes().into());
    found.insert(SETTINGS_FILE.to_string(), settings(made)?.into_bytes().into());
    Ok(found)
}

/// The enclosures, under the paths from which the letter names them.
pub(super) fn enclosures(made: &Made) -> BTreeMap<String, Bytes> {
    let (paths, _) = made.draft.letter.enclosures();
    let named = paths.into_iter().zip(made.enclosures);
    let placed = named.filter_map(|(path, (_, bytes))| {
        let file = made.workspace.file_beside(made.draft.folder(), path)?;
        Some((slashed(&made.workspace.shown(&file)), bytes.clone()))
    });
    placed.collect()
}

/// The files of templates and workspace that a letter was laid out with.
pub(super) fn read_files<'a>(
    workspace: &Workspace,
    paths: impl Iterator<Item = &'a String>,
) -> Result<BTreeMap<String, Bytes>> {
    let mut found = BTreeMap::new();
    for path in paths {
        if let Some((bytes, _)) = workspace.template_file(path)? {
            found.insert(format!("templates/{path}"), bytes.into_owned().into());
        } else if let Some(bytes) = workspace_file(workspace, path)? {
            found.insert(path.clone(), bytes.into());
        }
    }
    Ok(found)
}

/// A file that Typst read which is no template's; none when there is none, or it is one that the program lives on.
fn workspace_file(workspace: &Workspace, path: &str) -> Result<Option<Vec<u8>>> {
    let file = inside(workspace.root(), path).filter(|file| file.is_file() && !workspace.is_own(file));
    file.map(|file| std::fs::read(&file).map_err(|cause| Error::io("read", &file, cause))).transpose()
}

fn slashed(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The settings that the letter shows or depends on, with what the environment said.
fn settings(made: &Made) -> Result<String> {
    let (checked, front) = (made.workspace.checked(), &made.draft.letter.front);
    let mut kept = Map::new();
    kept.insert("werkruimte".into(), json!({ "id": made.workspace.settings().werkruimte.id }));
    let mut organisation = checked.get("organisatie").cloned().unwrap_or_default();
    if let Some(table) = organisation.as_object_mut() {
        table.remove("rsin");
    }
    kept.insert("organisatie".into(), organisation);
    for (section, named) in [("inlichtingen", "inlichtingen_bij"), ("ondertekening", "ondertekening")] {
        // Keys of a map may hold dots.
        let entry = front.text(named).and_then(|key| Some((key, checked.get(section)?.as_object()?.get(key)?)));
        if let Some((key, entry)) = entry {
            kept.insert(section.into(), json!({ key: entry }));
        }
    }
    kept.insert("pdf".into(), json!({ "standaard": made.workspace.settings().pdf.standaard }));
    toml::to_string(&Json::Object(kept)).map_err(|cause| {
        let finding = Finding::error("source-unreadable").arg("path", SETTINGS_FILE);
        finding.arg("cause", cause).into()
    })
}

fn facts(made: &Made, lookup: &Lookup) -> Result<Bytes> {
    let front = &made.letter.front;
    let mut answers = BTreeMap::new();
    for (_, id) in answered::ids(front) {
        if let Some(known) = lookup(&id)? {
            answers.insert(id, Known::of(known));
        }
    }
    let facts = Facts {
        formaat: FORM.into(),
        brief: made.path.into(),
        kenmerk: made.reference.into(),
        zaaknummer: made.case.map(String::from),
        dag: made.day.to_string(),
        datum: front.date("datum").unwrap_or(made.day).to_string(),
        in_reactie_op: answers,
        rij: replaced(&made.draft.letter, made.letter),
        programma: Program { naam: env!("CARGO_PKG_NAME").into(), versie: env!("CARGO_PKG_VERSION").into() },
        lettertypen: font_digests().clone(),
    };
    Ok(super::contents::json_bytes(&json!(facts)).into())
}

/// SHA-256 of the shipped fonts by name. They are what the program is, and hashed once.
fn font_digests() -> &'static BTreeMap<String, String> {
    static DIGESTS: LazyLock<BTreeMap<String, String>> =
        LazyLock::new(|| assets::named_fonts().into_iter().map(|(name, bytes)| (name, sha256(&bytes))).collect());
    &DIGESTS
}

/// The fields that a row of a table replaced.
fn replaced(file: &Letter, own: &Letter) -> Map<String, Json> {
    let differs = |(key, value): &(&String, &Json)| file.front.get(key) != Some(*value);
    own.front.values.iter().filter(differs).map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Typesets an archived letter again from its small workspace, which lies in `folder`, and gives the PDF. What is
/// packed there is unpacked in the folder `temporary`, and gone afterwards.
///
/// With the version of the program that made it, these are the bytes that were issued.
///
/// # Errors
/// [`Error::Refused`] when what lies there is not what [`gather`] gave; [`Error::Outside`] when it can't be read.
pub fn typeset(folder: &Path, temporary: &Path) -> Result<Vec<u8>> {
    let whole = bundle::unpacked(folder, temporary)?;
    let folder = whole.as_ref().map_or(folder, |whole| whole.path());
    let text = files::read_text(&folder.join(FACTS), Path::new(FACTS))?;
    let broken = |cause: String| Finding::error("source-unreadable").arg("path", FACTS).arg("cause", cause);
    let facts: Facts = serde_json::from_str(&text).map_err(|cause| broken(cause.to_string()))?;
    if facts.formaat != FORM {
        return Err(broken(facts.formaat).into());
    }
    let day: NaiveDate = facts.dag.parse().map_err(|_| broken(facts.dag.clone()))?;
    let letter = inside(folder, &facts.brief).ok_or_else(|| broken(facts.brief.clone()))?;
    let workspace = Workspace::open(folder, &|_| None)?;
    let press = Press::new(&workspace)?;
    let lookup = |id: &str| Ok(facts.in_reactie_op.get(id).map(Known::answered));
    let draft = Draft::read(&workspace, &press, &letter, &lookup)?;
    let numbering = Numbering::Given { reference: &facts.kenmerk, case: facts.zaaknummer.as_deref() };
    let mut own = draft.letter.clone();
    facts.rij.into_iter().for_each(|(key, value)| own.front.replace(&key, value));
    let composed = draft.compose(&workspace, &own, day, numbering, MAIN)?;
    let page = composed.lay_out(&press, MAIN)?;
    composed.pdf(&workspace, &press, &page)
}

impl Known {
    fn of(answered: Answered) -> Self {
        Self {
            uw_brief: answered.dated.map(|day| day.to_string()),
            uw_kenmerk: answered.reference,
            zaaknummer: answered.case_number,
            organisatie: answered.correspondent,
        }
    }

    fn answered(&self) -> Answered {
        Answered {
            dated: self.uw_brief.as_deref().and_then(|day| day.parse().ok()),
            reference: self.uw_kenmerk.clone(),
            case_number: self.zaaknummer.clone(),
            correspondent: self.organisatie.clone(),
            // What was issued is pointed out no more.
            since: None,
        }
    }
}
