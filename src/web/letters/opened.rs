//! A letter file as the editor opens it, and the text that a form makes of it.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::contract::Contract;
use crate::error::{Error, Finding, Result};
use crate::letter::{Letter, edit, front};
use crate::register::files::sha256;
use crate::source::SourceFile;
use crate::template::Template;
use crate::web::posted::Fields;
use crate::workspace::{Workspace, files};

/// Held while a letter is compared with what it was and written, so that of two who save at once one sees the other.
static SAVING: Mutex<()> = Mutex::new(());

/// A letter file.
pub(super) struct Opened {
    /// Its path from the workspace.
    pub path: String,
    /// What it holds.
    pub raw: String,
    /// The same with line feeds only.
    pub text: String,
    /// SHA-256 of what it holds.
    pub digest: String,
}

/// What became of a file that was to be saved.
pub(super) enum Saved {
    /// It holds what was given, and is now this.
    Done(Box<Opened>),
    /// It is another than it was: nothing was written.
    Another(Box<Opened>),
}

impl Opened {
    /// Opens a letter of the workspace.
    ///
    /// # Errors
    /// When there is no such letter, or it is no text.
    pub fn read(workspace: &Workspace, path: &str) -> Result<Self> {
        let bytes = files::read_bytes(&place(workspace, path)?, Path::new(path))?;
        let raw = files::utf8(bytes, Path::new(path))?;
        Ok(Self::of(path, raw))
    }

    fn of(path: &str, raw: String) -> Self {
        Self { path: path.to_string(), text: edit::plain(&raw), digest: sha256(raw.as_bytes()), raw }
    }

    /// Its front matter and its body; none without a front matter.
    pub fn parts(&self) -> Option<(&str, &str)> {
        let (front, body) = edit::parts(&self.text)?;
        Some((&self.text[front], &self.text[body]))
    }

    /// Writes a text in its place, if the file is still what it was when this was read.
    ///
    /// # Errors
    /// When it can't be read or written.
    pub fn save(workspace: &Workspace, path: &str, digest: &str, text: &str) -> Result<Saved> {
        let then = Self::read(workspace, path)?;
        if then.digest != digest {
            return Ok(Saved::Another(Box::new(then)));
        }
        let too_large =
            || Err(Finding::error("file-too-large").arg("size", 2).arg("limit", files::MAX_TEXT >> 20).into());
        if text.len() as u64 > files::MAX_TEXT {
            return too_large();
        }
        // What takes long is done while others can save.
        let raw = edit::restore(&then.raw, &then.with_own_fences(text));
        if raw.len() as u64 > files::MAX_TEXT {
            return too_large();
        }
        let _one = SAVING.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Self::read(workspace, path)?;
        if now.digest != digest {
            return Ok(Saved::Another(Box::new(now)));
        }
        if raw != now.raw {
            files::write_whole(&place(workspace, path)?, raw.as_bytes())?;
        }
        Ok(Saved::Done(Box::new(Self::of(path, raw))))
    }

    /// A text with the fences of this file around its front matter, which no form shows.
    fn with_own_fences(&self, text: &str) -> String {
        let (Some((front, body)), Some((own, own_body))) = (edit::parts(text), edit::parts(&self.text)) else {
            return text.to_string();
        };
        let close = &self.text[own.end..own_body.start];
        let feed = if close.ends_with('\n') || body.is_empty() { "" } else { "\n" };
        format!("{}{}{close}{feed}{}", &self.text[..own.start], &text[front], &text[body])
    }
}

/// The file of a letter of the workspace.
fn place(workspace: &Workspace, path: &str) -> Result<PathBuf> {
    let missing = || Error::from(Finding::error("file-missing").arg("path", path));
    let is_plain = path.split('/').all(|part| !part.is_empty() && !part.starts_with('.')) && !path.contains('\\');
    let file = workspace.file_beside(workspace.root(), path).filter(|_| is_plain).ok_or_else(missing)?;
    let is_letter = file.extension().is_some_and(|extension| extension == "md") && file.is_file();
    if is_letter && !workspace.is_in_archive(&file) { Ok(file) } else { Err(missing()) }
}

/// The contract of the template that a front matter names, or what every letter has.
pub(super) fn contract(workspace: &Workspace, front: &str) -> Contract {
    let source = SourceFile::new("", front);
    let name = Letter::template_name(&source, 0..front.len());
    let template = name.and_then(|name| Template::load(workspace, &name, None).ok());
    template.map_or_else(front::contract, |template| template.contract)
}

/// The text of the letter that a form holds.
///
/// # Errors
/// When its front matter can't take in what its fields say, or would end before its end.
pub(super) fn typed(workspace: &Workspace, fields: &Fields) -> Result<String> {
    if fields.has("text") {
        return Ok(edit::plain(fields.raw("text")));
    }
    let (front, was) = (edit::plain(fields.raw("front")), edit::plain(fields.raw("was")));
    let given = |key: &str| {
        let name = format!("f.{key}");
        fields.has(&name).then(|| fields.raw(&name))
    };
    match edit::apply(&front, &was, &contract(workspace, &was), &given) {
        Some(front) => joined(&front, fields),
        // What the fields say would be lost.
        None if fields.iter().any(|(name, _)| name.starts_with("f.")) => Err(Finding::error("letter-front").into()),
        // A front matter that is no TOML is saved as it is: it is its author's to mend.
        None => joined(&front, fields),
    }
}

fn joined(front: &str, fields: &Fields) -> Result<String> {
    let text = edit::joined(front, &edit::feeds(fields.raw("body")));
    text.ok_or_else(|| Finding::error("letter-fence").into())
}

/// The same with the front matter as it is, where its fields can't be taken in.
pub(super) fn as_typed(fields: &Fields) -> String {
    let front = edit::plain(fields.raw("front"));
    let feed = if front.is_empty() || front.ends_with('\n') { "" } else { "\n" };
    format!("+++\n{front}{feed}+++\n{}", edit::feeds(fields.raw("body")))
}
