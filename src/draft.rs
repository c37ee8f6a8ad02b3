//! From letter file to laid-out page: read, check, fill, assemble.
//!
//! What is wrong is gathered over all steps that can still be taken, so that a letter's author sees every mistake at once.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use handlebars::Context;
use typst_layout::PagedDocument;

use crate::contract::Contract;
use crate::contract::characters::character_finding;
use crate::error::{Error, Finding, Findings, Result};
use crate::letter::answered::{self, Lookup};
use crate::letter::characters::{self, SpecialText};
use crate::letter::{Letter, doubts, file, front};
use crate::markup::{self, Surroundings};
use crate::source::SourceFile;
use crate::template::fill::{Dialect, Filled, Filler};
use crate::template::splice::{self, Assembled, BodyIn, TypstBody};
use crate::template::view::{self, Numbering};
use crate::template::{BODY, Template};
use crate::typeset::places::{self, SignaturePlace};
use crate::typeset::world::{Press, Sheet, typst_path};
use crate::typeset::{self, Metadata, export};
use crate::workspace::{Workspace, files, settings};

/// The path under which a letter's Typst text can import itself while it is on the press; no file of a user is called so.
pub const MAIN: &str = "/.postkamer/brief.typ";

/// The kinds of image that a letter can hold.
const IMAGES: [&str; 7] = ["svg", "png", "jpg", "jpeg", "gif", "webp", "pdf"];

/// A letter file with its template, read and parsed once, to be composed as often as there are addressees.
pub struct Draft {
    /// The letter.
    pub letter: Letter,
    /// Its template.
    pub template: Template,
    /// The folder of the letter file.
    folder: PathBuf,
    body: Option<Filler>,
    /// The images that its bodies asked for.
    images: Mutex<BTreeSet<PathBuf>>,
    /// The last body as Typst: in a mailing it is mostly the same for every addressee.
    last_body: Mutex<Option<LastBody>>,
    findings: Vec<Finding>,
}

struct LastBody {
    filled: Filled,
    text: Arc<str>,
    body: TypstBody,
}

/// A letter as Typst, ready for the press.
pub struct Composed {
    /// The Typst text, with the way back to the user's files.
    pub assembled: Assembled,
    /// What the document will say of itself.
    pub metadata: Metadata,
    /// What was noticed and doesn't refuse.
    pub warnings: Vec<Finding>,
    /// The body as plain text, with its values, to be searched.
    pub text: Arc<str>,
    ident: String,
    special: Vec<SpecialText>,
}

/// A laid-out letter.
pub struct Page {
    /// The document.
    pub document: PagedDocument,
    /// The files of templates and workspace that it was made with, as [`Sheet::files_read`] gives them.
    pub files: Vec<String>,
    /// What was noticed and doesn't refuse.
    pub warnings: Vec<Finding>,
}

impl Draft {
    /// Reads a letter file. What is wrong in it is kept, and refused by [`Draft::compose`].
    ///
    /// `lookup` finds the letters that it answers, which fill in what it leaves out.
    ///
    /// # Errors
    /// When there is nothing to go on: the file can't be read, has no front matter, or its template is missing or wrong.
    pub fn read(workspace: &Workspace, press: &Press, path: &Path, lookup: &Lookup) -> Result<Self> {
        let text = files::read_text(path, &workspace.shown(path))?;
        Self::of_text(workspace, press, path, text, lookup)
    }

    /// Reads a text as if it stood in a letter file: one that is being written, and not saved.
    ///
    /// # Errors
    /// As [`Draft::read`].
    pub fn of_text(workspace: &Workspace, press: &Press, path: &Path, text: String, lookup: &Lookup) -> Result<Self> {
        let source = SourceFile::new(workspace.shown(path), text);
        let parts = file::split(&source)?;
        let mut findings = Findings::default();
        let (template, contract) = match load_template(workspace, &source, parts.front.clone()) {
            Ok(Some(template)) => {
                let contract = template.contract.clone();
                (Ok(template), contract)
            }
            Ok(None) => (Err(Error::Refused(Vec::new())), front::contract()),
            Err(error) => (Err(error), front::contract()),
        };
        let mut checked = crate::contract::check::check(&source, parts.front.clone(), &contract, &mut findings);
        answered::fill(&mut checked, lookup, &mut findings)?;
        let letter = Letter { source, front: checked, body: parts.body };
        front::check(&letter.front, workspace.settings(), &mut findings);
        doubts::check_theirs(&letter.front, &mut findings);
        doubts::check_body(&letter, &mut findings);
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        check_enclosures(&letter, workspace, &folder, &mut findings);
        if let Some(finding) = letter.front.text("afzender.logo").and_then(|path| workspace.logo_finding(path)) {
            findings.push(finding.key("afzender.logo").at(letter.front.place("afzender.logo")));
        }
        check_body_characters(&letter, press, &mut findings);
        let refused = |character| press.fonts().refused(character);
        characters::check_characters(&letter.front, &|_| true, &refused, &mut findings);
        characters::check_characters(workspace.checked(), &settings::is_printed, &refused, &mut findings);
        let template = match template {
            Ok(template) => template,
            Err(Error::Refused(found)) => {
                // Without its template, what the letter may hold is not known, unless the slip is in its name.
                let names_template = |finding: &Finding| finding.args.contains(&("meant", "sjabloon".into()));
                findings.0.retain(|finding| finding.code != "unknown-key" || names_template(finding));
                findings.extend(found);
                return Err(Error::Refused(findings.sorted()));
            }
            Err(error) => return Err(error),
        };
        check_language(&letter, &template, &mut findings);
        doubts::check_used(&letter, &own_fields(&template), template.source.text(), &mut findings);
        let names = letter.body_contract(&contract);
        let body = Filler::parse(&letter.source, letter.body.clone(), &names, Dialect::Body, &mut findings);
        Ok(Self {
            letter,
            template,
            folder,
            body,
            images: Mutex::default(),
            last_body: Mutex::new(None),
            findings: findings.0,
        })
    }

    /// The images that the composed letters show, sorted by path.
    pub fn images(&self) -> Vec<PathBuf> {
        self.images.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// The folder of the letter file, from which its paths are read.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Composes the letter for `letter`, which is this draft's own or that with another addressee.
    ///
    /// `day` is the day of a letter whose file has none; `main` the path under which the Typst text can import itself,
    /// [`MAIN`] unless it is written to a file.
    ///
    /// # Errors
    /// [`Error::Refused`] with everything that is wrong.
    pub fn compose(
        &self,
        workspace: &Workspace,
        letter: &Letter,
        day: NaiveDate,
        numbering: Numbering,
        main: &str,
    ) -> Result<Composed> {
        let mut findings = Findings(self.findings.clone());
        let front_is_wrong = findings.has_errors();
        let settings = workspace.settings();
        let data = view::data(letter, &self.template.contract, &self.template.manifest, settings, day, numbering);
        let mut data = Context::from(data);
        let mut later = Findings::default();
        let (body, text) = match &self.body {
            Some(filler) => self.fill_body(workspace, letter, filler, &data, &mut later),
            None => (TypstBody::default(), "".into()),
        };
        data.data_mut()["inhoud"] = BODY.into();
        data.data_mut()["bestand"] = main.into();
        let filled = self.template.filler.fill_in(&data, &mut later);
        // What a field that was refused leaves empty is no second mistake.
        findings.extend(later.0.into_iter().filter(|finding| !(front_is_wrong && finding.code == "value-missing")));
        let body_in = if main == MAIN { BodyIn::OwnFile } else { BodyIn::Text };
        let assembled = splice::assemble(&filled, &self.template.source, &letter.source, body, body_in, &mut findings);
        let warnings = findings.refuse_errors()?;
        let data = data.data();
        let kenmerk = data["brief"]["kenmerk"].as_str();
        let case = data["brief"]["zaaknummer"].as_str();
        let metadata = Metadata {
            title: letter.front.text("onderwerp").unwrap_or_default().to_string(),
            author: data["brief"]["afzender"]["naam"].as_str().unwrap_or_default().to_string(),
            day: letter.front.date("datum").unwrap_or(day),
            keywords: [kenmerk, case].into_iter().flatten().map(String::from).collect(),
        };
        let ident = [
            settings.werkruimte.id.as_str(),
            &letter.source.path().to_string_lossy(),
            kenmerk.unwrap_or_default(),
            &data["brief"]["adres"].to_string(),
        ]
        .join("\n");
        let special = [&letter.front, workspace.checked()].into_iter().flat_map(characters::special_texts).collect();
        Ok(Composed { assembled, metadata, warnings, text, ident, special })
    }

    fn fill_body(
        &self,
        workspace: &Workspace,
        letter: &Letter,
        filler: &Filler,
        data: &Context,
        findings: &mut Findings,
    ) -> (TypstBody, Arc<str>) {
        let mut last = self.last_body.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = last.as_ref().filter(|_| filler.has_no_tags()) {
            return (last.body.clone(), last.text.clone());
        }
        let filled = filler.fill_in(data, findings);
        if let Some(last) = last.as_ref().filter(|last| last.filled == filled) {
            return (last.body.clone(), last.text.clone());
        }
        let around = LetterSurroundings { filled: &filled, workspace, folder: &self.folder, images: &self.images };
        let body = markup::markdown::to_typst(&filled.text, &around);
        let is_clean = findings.0.is_empty() && body.findings.is_empty();
        for found in body.findings {
            // A link or image that is made of a missing value is no second mistake.
            let made = found.finding.code.starts_with("link-") || found.finding.code.starts_with("image-");
            if made && filled.text.get(found.range.clone()).is_some_and(|text| filled.has_missing(text)) {
                continue;
            }
            let place = filled.map.trace(found.range).map(|range| letter.source.place(range));
            findings.push(found.finding.at(place));
        }
        let body = TypstBody { typst: body.typst, to_markdown: body.map, to_letter: filled.map.clone() };
        let text: Arc<str> = filled.plain().into();
        *last = is_clean.then(|| LastBody { filled, text: text.clone(), body: body.clone() });
        (body, text)
    }
}

impl Page {
    /// Where its digital signatures are to be seen; nowhere, unless the template asks for it.
    pub fn signature_places(&self) -> Vec<SignaturePlace> {
        places::signature_places(&self.document)
    }
}

impl Composed {
    /// Lays the letter out.
    ///
    /// # Errors
    /// [`Error::Refused`] with what Typst refuses.
    pub fn lay_out(&self, press: &Press, main: &str) -> Result<Page> {
        let sheet = Sheet::new(press, main, &self.assembled);
        let mut findings = Findings(self.warnings.clone());
        let document = typeset::lay_out(&sheet, &self.assembled, &self.metadata, &mut findings).map_err(|error| {
            let Error::Refused(found) = error else { return error };
            Error::Refused(found.into_iter().map(|finding| characters::name_field(finding, &self.special)).collect())
        })?;
        Ok(Page { document, files: sheet.files_read(), warnings: findings.0 })
    }

    /// The PDF of a laid-out letter, to the standards of the settings.
    ///
    /// # Errors
    /// [`Error::Refused`] with what keeps it from conforming.
    pub fn pdf(&self, workspace: &Workspace, press: &Press, page: &Page) -> Result<Vec<u8>> {
        let checked = workspace.checked();
        let settings = export::PdfSettings::new(&workspace.settings().pdf.standaard, self.ident.clone())
            .map_err(|finding| finding.at(checked.place("pdf.standaard")))?;
        export::pdf(&page.document, &settings).map_err(|errors| {
            let sheet = Sheet::new(press, MAIN, &self.assembled);
            typeset::refused(&sheet, &self.assembled, &errors)
        })
    }
}

fn load_template(
    workspace: &Workspace,
    source: &SourceFile,
    front: std::ops::Range<usize>,
) -> Result<Option<Template>> {
    let Some(name) = Letter::template_name(source, front.clone()) else { return Ok(None) };
    let contract: Contract = front::contract().fields.into_iter().filter(|field| field.name == "sjabloon").collect();
    let named = crate::contract::check::check(source, front, &contract, &mut Findings::default());
    Template::load(workspace, &name, Some(named.place("sjabloon"))).map(Some)
}

/// The fields that a template asks for and other letters don't know: what all know, a letterhead shows by itself.
fn own_fields(template: &Template) -> Vec<&str> {
    let common = front::contract();
    let own = template.contract.fields.iter().filter(|field| field.required && field.name != "afzender");
    own.map(|field| field.name.as_str()).filter(|name| common.field(name).is_none()).collect()
}

fn check_language(letter: &Letter, template: &Template, findings: &mut Findings) {
    let language = letter.language().code();
    let languages = &template.manifest.talen;
    if !languages.is_empty() && !languages.iter().any(|code| code == language) {
        let finding = Finding::error("template-language").key("taal").arg("value", language);
        findings.push(finding.arg("choices", languages.join(", ")).at(letter.front.place("taal")));
    }
}

fn check_enclosures(letter: &Letter, workspace: &Workspace, folder: &Path, findings: &mut Findings) {
    let (paths, _) = letter.enclosures();
    for (at, path) in paths.into_iter().enumerate() {
        let key = format!("bijlagen.{at}");
        let code = match workspace.file_beside(folder, path) {
            Some(file) if file.is_file() => continue,
            Some(_) => "enclosure-missing",
            None => "path-outside",
        };
        findings.push(Finding::error(code).key(&key).arg("path", path).at(letter.front.place(&key)));
    }
}

/// The author's own text may hold soft hyphens, which say where a word may break; nothing else that can't be seen.
fn check_body_characters(letter: &Letter, press: &Press, findings: &mut Findings) {
    let mut seen = Vec::new();
    let body = &letter.source.text()[letter.body.clone()];
    for (at, character) in
        body.char_indices().filter(|(_, character)| !matches!(character, ' '..='~' | '\n' | '\t' | '\u{AD}'))
    {
        let Some(code) = press.fonts().refused(character).filter(|_| !seen.contains(&character)) else { continue };
        seen.push(character);
        let start = letter.body.start + at;
        let place = letter.source.place(start..start + character.len_utf8());
        findings.push(character_finding(code, character).at(place));
        if seen.len() == 20 {
            break;
        }
    }
}

/// What the Markdown of a letter may ask of its surroundings.
struct LetterSurroundings<'a> {
    filled: &'a Filled,
    workspace: &'a Workspace,
    folder: &'a Path,
    images: &'a Mutex<BTreeSet<PathBuf>>,
}

impl Surroundings for LetterSurroundings<'_> {
    fn value(&self, sentinel: char) -> Option<&str> {
        self.filled.value(sentinel)
    }

    fn image(&self, path: &str) -> std::result::Result<String, Finding> {
        let refuse = |code| Finding::error(code).arg("path", path);
        let file = self.workspace.file_beside(self.folder, path).ok_or_else(|| refuse("path-outside"))?;
        let extension = file.extension().and_then(|ext| ext.to_str()).unwrap_or_default().to_lowercase();
        if !IMAGES.contains(&extension.as_str()) {
            return Err(refuse("image-format").arg("choices", IMAGES.join(", ")));
        }
        if !file.is_file() {
            return Err(refuse("image-missing"));
        }
        let path = typst_path(self.workspace.root(), &file).ok_or_else(|| refuse("path-outside"))?;
        self.images.lock().unwrap_or_else(PoisonError::into_inner).insert(file);
        Ok(path)
    }
}
