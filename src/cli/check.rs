//! `postkamer check [LETTER...]`: everything that can be wrong, found without producing anything.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::context::Context;
use crate::draft::Draft;
use crate::error::{Error, Finding, Result, refuses};
use crate::preview::check::Bench;
use crate::register::lazy::LazyRegister;
use crate::typeset::world::Press;
use crate::workspace::files;
use crate::workspace::folders::LETTERS;

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Letter files [default: every letter of the workspace]
    letters: Vec<PathBuf>,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let workspace = context.workspace(self.letters.first().map(PathBuf::as_path))?;
        let press = Press::new(&workspace)?;
        let lazy = LazyRegister::new(&workspace);
        let bench = Bench { workspace: &workspace, press: &press, register: &lazy, day: context.day()? };
        let letters = if self.letters.is_empty() {
            files::letters(&workspace.root().join(LETTERS))?
        } else {
            self.letters.iter().map(|letter| super::render::letter_path(context, letter)).collect()
        };
        let (mut report, mut wrong) = (Vec::new(), 0);
        for path in &letters {
            let findings = match check(&bench, path) {
                Ok(warnings) => warnings,
                Err(Error::Refused(findings)) => findings,
                Err(outside) => return Err(outside),
            };
            wrong += usize::from(refuses(&findings));
            if !context.json() {
                context.show(&findings);
            }
            let found: Vec<_> = findings.iter().map(|finding| context.finding_json(finding)).collect();
            report.push(json!({ "brief": workspace.shown(path), "bevindingen": found }));
        }
        if context.json() {
            context.answer_json(&report.into())?;
        } else {
            let id = if wrong == 0 { "check-clean" } else { "check-wrong" };
            context.say(id, &[("total", &letters.len().to_string()), ("wrong", &wrong.to_string())]);
        }
        Ok(u8::from(wrong > 0))
    }
}

fn check(bench: &Bench, path: &Path) -> Result<Vec<Finding>> {
    let draft = Draft::read(bench.workspace, bench.press, path, &|id| bench.register.find(id))?;
    let (composed, page) = bench.lay_out(&draft)?;
    bench.judge(&draft, &composed, &page)
}
