//! Templates: shipped ones and the workspace's own, their contracts, and filling them with handlebars.

pub mod fill;
pub mod literal;
pub mod manifest;
pub mod marks;
pub mod names;
pub mod new;
pub mod splice;
mod tags;
pub mod view;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::assets;
use crate::contract::{Contract, nearest};
use crate::error::{Error, Finding, Findings, Result};
use crate::letter::front;
use crate::source::{Place, SourceFile};
use crate::workspace::folders::TEMPLATES;
use crate::workspace::{Workspace, files};
use fill::{Dialect, Filler};
use manifest::Manifest;

/// What `{{inhoud}}` is filled with: the mark of the body, which no text of a user can hold.
pub const BODY: &str = "\u{10FFFD}";

/// The handlebars file of a template.
const LETTERHEAD: &str = "brief.typ.hbs";
/// Its data contract.
const MANIFEST: &str = "sjabloon.toml";

/// A template, ready to be filled.
pub struct Template {
    /// The name of its folder.
    pub name: String,
    /// Its `sjabloon.toml`.
    pub manifest: Manifest,
    /// What a letter with this template may hold.
    pub contract: Contract,
    /// Its handlebars file.
    pub source: SourceFile,
    /// The parsed handlebars file.
    pub filler: Filler,
}

impl Template {
    /// Loads a template of the workspace, or a shipped one.
    ///
    /// `asked` is the place in the letter that names it.
    ///
    /// # Errors
    /// When there is no such template, or it is wrong itself.
    pub fn load(workspace: &Workspace, name: &str, asked: Option<Place>) -> Result<Self> {
        let mut findings = Findings::default();
        let manifest_source = match template_text(workspace, name, MANIFEST)? {
            Some((source, _)) => source,
            None => return Err(unknown(workspace, name, asked).into()),
        };
        let manifest = Manifest::parse(&manifest_source, &front::contract(), &mut findings);
        let contract = manifest.letter_contract(front::contract());
        let Some((source, _)) = template_text(workspace, name, LETTERHEAD)? else {
            let path = shown(name, LETTERHEAD);
            let finding = Finding::error("file-missing").arg("path", path.display());
            return Err(finding.at(SourceFile::new(path, "").place(0..0)).into());
        };
        for (at, character) in source.text().char_indices().filter(|&(_, character)| marks::is_mark(character)) {
            let finding = crate::contract::characters::character_finding("character-private", character);
            findings.push(finding.at(source.place(at..at + character.len_utf8())));
        }
        let names = view::letterhead_contract(contract.clone());
        let whole = 0..source.text().len();
        let filler = Filler::parse(&source, whole, &names, Dialect::Letterhead, &mut findings);
        findings.refuse_errors()?;
        let filler = filler.ok_or(Error::Refused(Vec::new()))?;
        Ok(Self { name: name.into(), manifest, contract, source, filler })
    }
}

/// A template in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its languages.
    pub languages: Vec<String>,
    /// Whether the workspace has files of its own for it.
    pub own: bool,
}

/// Every template there is, by name, and what is wrong with those that can't be listed.
///
/// # Errors
/// [`Error::Outside`] when a `sjabloon.toml` can't be read.
pub fn list(workspace: &Workspace) -> Result<(Vec<Listed>, Vec<Finding>)> {
    let mut findings = Findings::default();
    let mut listed = Vec::new();
    for (name, own) in names_of(workspace) {
        let source = match template_text(workspace, &name, MANIFEST) {
            Ok(Some((source, _))) => source,
            Ok(None) => continue,
            Err(Error::Refused(found)) => {
                findings.extend(found);
                continue;
            }
            Err(outside) => return Err(outside),
        };
        let mut found = Findings::default();
        let manifest = Manifest::parse(&source, &front::contract(), &mut found);
        if found.has_errors() {
            findings.extend(found.0);
            continue;
        }
        listed.push(Listed { name, description: manifest.omschrijving, languages: manifest.talen, own });
    }
    Ok((listed, findings.sorted()))
}

/// Copies a shipped template into the workspace, to change; files that are there stay as they are.
///
/// # Errors
/// When there is no such template, or the workspace can't be written.
pub fn eject(workspace: &Workspace, name: &str) -> Result<Vec<(PathBuf, bool)>> {
    let prefix = format!("{name}/");
    let paths: Vec<String> = assets::template_paths().into_iter().filter(|path| path.starts_with(&prefix)).collect();
    if paths.is_empty() {
        return Err(unknown(workspace, name, None).into());
    }
    let mut written = Vec::new();
    for path in paths {
        let Some(bytes) = assets::template(&path) else { continue };
        let relative = Path::new(TEMPLATES).join(&path);
        let new = files::write_new(&workspace.root().join(&relative), &bytes)?;
        written.push((relative, new));
    }
    Ok(written)
}

/// The names of all templates, with whether the workspace has files of its own for each.
fn names_of(workspace: &Workspace) -> BTreeMap<String, bool> {
    let is_template =
        |path: &str| path.strip_suffix(MANIFEST).and_then(|name| name.strip_suffix('/')).map(String::from);
    let mut names: BTreeMap<_, _> =
        assets::template_paths().iter().filter_map(|path| Some((is_template(path)?, false))).collect();
    let own = std::fs::read_dir(workspace.root().join(TEMPLATES)).into_iter().flatten().flatten();
    for entry in own {
        let name = entry.file_name().to_string_lossy().into_owned();
        if names.contains_key(&name) || entry.path().join(MANIFEST).is_file() {
            names.insert(name, true);
        }
    }
    names
}

fn unknown(workspace: &Workspace, name: &str, asked: Option<Place>) -> Finding {
    let names: Vec<String> = names_of(workspace).into_keys().collect();
    let mut finding = Finding::error("unknown-template").key("sjabloon").arg("value", name).at(asked);
    if let Some(meant) = nearest(name, names.iter().map(String::as_str)) {
        finding = finding.arg("meant", meant);
    }
    finding.arg("choices", names.join(", "))
}

fn template_text(workspace: &Workspace, name: &str, file: &str) -> Result<Option<(SourceFile, bool)>> {
    let Some((bytes, own)) = workspace.template_file(&format!("{name}/{file}"))? else { return Ok(None) };
    let path = shown(name, file);
    let text = files::text_of(bytes.into_owned(), &path)?;
    Ok(Some((SourceFile::new(path, text), own)))
}

fn shown(name: &str, file: &str) -> PathBuf {
    Path::new(TEMPLATES).join(name).join(file)
}
