//! `postkamer new TEMPLATE NAME`: a letter file to fill in.

use std::path::PathBuf;

use serde_json::json;

use super::context::Context;
use crate::error::{Finding, Result};
use crate::letter::answered;
use crate::letter::{scaffold, words::Language};
use crate::register::lazy::LazyRegister;
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
        let body = match &self.aanbevelingen {
            Some(file) => scaffold::answered(&files::read_text(&context.path(file), file)?, Language::Nl),
            None => String::new(),
        };
        let known = match &self.in_reactie_op {
            Some(id) => known(context, &workspace, id)?,
            None => Vec::new(),
        };
        let relative = new_letter(&workspace, &self.template, &self.name, &known, &body)?;
        context.say("written", &[("path", &relative.display().to_string())]);
        if context.json() {
            context.answer_json(&json!({ "brief": relative }))?;
        }
        Ok(0)
    }
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
