//! A new letter file, as its template begins it.

use std::path::{Path, PathBuf};

use super::{MANIFEST, Template, template_text};
use crate::error::{Finding, Result};
use crate::letter::{edit, scaffold};
use crate::source::SourceFile;
use crate::workspace::folders::LETTERS;
use crate::workspace::{Workspace, files, inside};

/// The text with which letters of a template begin, where it has one.
const BEGIN: &str = "begin.md";

/// Writes a new letter file, `letters/NAME.md`, and gives its path from the workspace; `known` are the dotted keys that have
/// a value already, `body` the Markdown below; where it is empty, the text with which the template begins a letter.
///
/// # Errors
/// When the template is wrong, the name can't be that of a letter, or there is one of that name already.
pub fn new_letter(
    workspace: &Workspace,
    template: &str,
    name: &str,
    known: &[(&str, String)],
    body: &str,
) -> Result<PathBuf> {
    let template = Template::load(workspace, template, None)?;
    let name = name.strip_suffix(".md").unwrap_or(name);
    let relative = Path::new(LETTERS).join(format!("{name}.md"));
    // What begins with a hyphen, a command takes for an option.
    let is_plain = name.split('/').all(|part| !part.is_empty() && !part.starts_with(['.', '-']) && part.trim() == part)
        && !name.contains(|c: char| c == '\\' || c.is_control());
    let path = inside(workspace.root(), &relative.to_string_lossy()).filter(|_| is_plain);
    let path = path.ok_or_else(|| Finding::error("letter-name").arg("value", name))?;
    let begin = if body.is_empty() { begin_of(workspace, &template.name)? } else { None };
    let body = begin.as_ref().map_or(body, SourceFile::text);
    let text = scaffold::letter_file(
        &template.name,
        &template.contract,
        workspace.settings(),
        |field| template.manifest.default_of(field),
        known,
        body,
    );
    // What is known comes from elsewhere: it must not end the front matter before its end.
    if edit::parts(&text).is_none_or(|(_, own)| text[own].strip_prefix('\n') != Some(body)) {
        return Err(Finding::error("letter-fence").into());
    }
    if !files::write_new(&path, text.as_bytes())? {
        return Err(Finding::error("letter-exists").arg("path", relative.display()).into());
    }
    Ok(relative)
}

/// The text with which a template begins a letter. A shipped one names the fields of the shipped contract: it is no text for
/// a template of that name with a contract of its own.
fn begin_of(workspace: &Workspace, template: &str) -> Result<Option<SourceFile>> {
    let Some((begin, is_own)) = template_text(workspace, template, BEGIN)? else { return Ok(None) };
    let has_contract = template_text(workspace, template, MANIFEST)?.is_some_and(|(_, is_own)| is_own);
    Ok((is_own || !has_contract).then_some(begin))
}
