//! `postkamer archive verify [ID]`: whether every file is what was archived.

use serde_json::json;

use super::super::context::Context;
use super::super::progress::Bar;
use super::Opened;
use crate::archive::audit::{Audit, Fault};
use crate::error::Result;

/// More than these are only counted; JSON has them all.
const MOST_SHOWN: usize = 100;

/// Arguments of `verify`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only this letter
    id: Option<String>,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let mut opened = Opened::new(context)?;
        let bar = Bar::new(context);
        let audit = Audit { archive: &opened.archive, threads: context.threads(), progress: &|done, all| bar.at(done, all) };
        let audited = audit.run(&mut opened.register, self.id.as_deref());
        bar.end();
        let audited = audited?;
        context.show(&audited.unchecked);
        let code = u8::from(!audited.faults.is_empty());
        if context.json() {
            let fault = |fault: &Fault| {
                json!({ "id": fault.id, "bestand": fault.file, "reden": context.words(&fault.finding) })
            };
            context.answer_json(&json!({
                "objecten": audited.objects,
                "in_orde": audited.faults.is_empty(),
                "fouten": audited.faults.iter().map(fault).collect::<Vec<_>>(),
            }))?;
            return Ok(code);
        }
        let shown: Vec<_> = audited.faults.iter().take(MOST_SHOWN).map(|fault| fault.finding.clone()).collect();
        context.show(&shown);
        if audited.faults.len() > shown.len() {
            context.say("verify-more", &[("more", &(audited.faults.len() - shown.len()).to_string())]);
        }
        let id = if audited.faults.is_empty() { "archive-verify-clean" } else { "archive-verify-wrong" };
        let (objects, faults) = (audited.objects.to_string(), audited.faults.len().to_string());
        context.say(id, &[("objects", &objects), ("faults", &faults)]);
        Ok(code)
    }
}
