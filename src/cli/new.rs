//! `postkamer new TEMPLATE NAME`: a letter file to fill in.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::context::Context;
use crate::error::{Error, Finding, Result};
use crate::letter::advice::{self, Advice};
use crate::letter::answered;
use crate::letter::words::Language;
use crate::register::lazy::LazyRegister;
use crate::source::SourceFile;
use crate::template::new::new_letter;
use crate::workspace::{Workspace, files};

/// Arguments of `new`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The template
    template: String,
    /// The name of the letter: letters/NAME.md
    name: String,
    /// The number in the register of the letter that this one answers
    #[arg(long, value_name = "ID")]
    in_reactie_op: Option<String>,
    /// A text with recommendations: each becomes a quote with "Onze reactie:" below it
    #[arg(long, value_name = "FILE")]
    aanbevelingen: Option<PathBuf>,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let workspace = context.workspace(None)?;
        let advice = match &self.aanbevelingen {
            Some(file) => advice(context, file)?,
            None => Advice::default(),
        };
        let known = match &self.in_reactie_op {
            Some(id) => known(context, &workspace, id)?,
            None => Vec::new(),
        };
        let relative = new_letter(&workspace, &self.template, &self.name, &known, &advice.body)?;
        if let Some(file) = &self.aanbevelingen {
            let code = match advice.count {
                0 => Some("advice-none"),
                advice::MANY.. => Some("advice-many"),
                _ => None,
            };
            let said = code.map(|code| Finding::warning(code).arg("path", file.display()).arg("count", advice.count));
            context.show(said.as_slice());
            if let (1.., Some(text)) = (advice.count, advice.left.first()) {
                let left = Finding::warning("advice-left").arg("path", file.display()).arg("text", text);
                context.show(&[left.arg("count", advice.left.len())]);
            }
        }
        context.say("written", &[("path", &relative.display().to_string())]);
        if context.json() {
            context.answer_json(&json!({ "brief": relative }))?;
        }
        Ok(0)
    }
}

/// The recommendations of a file.
fn advice(context: &Context, file: &Path) -> Result<Advice> {
    let refused = || Error::from(Finding::error("advice-binary").at(SourceFile::new(file, "").place(0..0)));
    // Such a file may be refused for its size before anything of it is read.
    let extension = file.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default();
    let is_no_text = ["pdf", "doc", "docx", "odt", "rtf"].contains(&extension.as_str());
    let text = files::read_text(&context.path(file), file).map_err(|error| match &error {
        Error::Refused(found)
            if found.iter().any(|one| {
                one.code == "file-binary" || is_no_text && matches!(one.code, "file-not-utf8" | "file-too-large")
            }) =>
        {
            refused()
        }
        _ => error,
    })?;
    if ["%PDF-", "{\\rtf"].iter().any(|start| text.starts_with(start)) {
        return Err(refused());
    }
    Ok(advice::answered(&text, Language::Nl))
}

/// What is known of a letter that answers another one: its number, and what the register knows of it.
fn known(context: &Context, workspace: &Workspace, id: &str) -> Result<Vec<(&'static str, String)>> {
    let mut known = vec![(answered::KEY, id.to_string())];
    match LazyRegister::new(workspace).find(id)? {
        Some(letter) => known.extend(letter.fields()),
        None => context.show(&[Finding::warning("answer-unknown").key(answered::KEY).arg("id", id)]),
    }
    Ok(known)
}
