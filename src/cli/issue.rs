//! `postkamer issue LETTER...`: the final PDF under its own number, recorded in the register.

use std::path::PathBuf;

use serde_json::{Value as Json, json};

use super::context::Context;
use super::render::letter_path;
use crate::archive::keep::Archive;
use crate::error::{Error, Result};
use crate::issue::{Issued, Office};
use crate::preview::work;
use crate::typeset;
use crate::typeset::world::Press;

/// After so many letters, what Typst remembers is thrown away, so that memory stays flat.
const EVICT_EVERY: usize = 32;

/// The most memory of a letter that the workbench issues, in bytes of the address space of this process.
const MEMORY: u64 = 4 << 30;

/// Arguments of `issue`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The letter files
    #[arg(required = true)]
    letters: Vec<PathBuf>,
    /// Issue a changed letter as a new version under its reference; the version before it is kept
    #[arg(long)]
    nieuwe_versie: bool,
    /// Refuse a letter whose text has another SHA-256 than this
    #[arg(long, value_name = "SHA256", hide = true)]
    digest: Option<String>,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        // Only the workbench says what was looked at: it runs this beside the pages of others.
        if self.digest.is_some() {
            work::limit_memory(MEMORY);
        }
        let workspace = context.workspace(self.letters.first().map(PathBuf::as_path))?;
        let press = Press::new(&workspace)?;
        let mut register = context.register(&workspace)?;
        let clerk = context.clerk()?;
        let archive = Archive::open(&workspace, &mut register, &clerk)?;
        let mut office = Office {
            workspace: &workspace,
            press: &press,
            register: &mut register,
            archive: &archive,
            clerk: &clerk,
            step: &|_| {},
        };
        let (mut done, mut refused) = (Vec::new(), Vec::new());
        let mut failure = None;
        for (at, letter) in self.letters.iter().enumerate() {
            if at % EVICT_EVERY == EVICT_EVERY - 1 {
                typeset::evict();
            }
            match office.issue_seen(&letter_path(context, letter), self.nieuwe_versie, self.digest.as_deref()) {
                Ok(issued) => {
                    context.show(&issued.warnings);
                    if !context.json() {
                        context.answer(&format!("{}\t{}\n", issued.entry.id, issued.pdf.path))?;
                    }
                    done.push(answer(&issued));
                }
                Err(Error::Refused(findings)) => refused.push(findings),
                Err(outside) => {
                    failure = Some(outside);
                    break;
                }
            }
        }
        if context.json() && !done.is_empty() {
            context.answer_json(&Json::Array(done.clone()))?;
        }
        if let Some(outside) = failure {
            return Err(outside);
        }
        match (refused.is_empty(), done.is_empty()) {
            (true, _) => Ok(0),
            (false, true) => Err(Error::Refused(refused.into_iter().flatten().collect())),
            (false, false) => {
                refused.iter().for_each(|findings| context.show(findings));
                let counts = [("done", done.len().to_string()), ("refused", refused.len().to_string())];
                context.say("issue-partly", &counts.each_ref().map(|(name, count)| (*name, count.as_str())));
                Ok(4)
            }
        }
    }
}

fn answer(issued: &Issued) -> Json {
    let entry = &issued.entry;
    json!({
        "brief": entry.letter,
        "kenmerk": entry.id,
        "zaaknummer": entry.case_number,
        "datum": entry.dated.map(|day| day.to_string()),
        "onderwerp": entry.subject,
        "pdf": issued.pdf.path,
        "sha256": issued.pdf.digest,
        "paginas": entry.pages,
    })
}
