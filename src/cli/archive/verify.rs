//! `postkamer archive verify [ID]`: whether every file is what was archived.

use serde_json::json;

use super::super::context::Context;
use super::super::progress::Bar;
use super::Opened;
use crate::archive::audit::Audit;
use crate::archive::fixity::Fault;
use crate::error::Result;

/// More than these are only counted; JSON has them all.
const MOST_SHOWN: usize = 100;

/// Arguments of `verify`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// Only this letter
    id: Option<String>,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let mut opened = Opened::as_it_is(context)?;
        let bar = Bar::new(context);
        let clerk = context.clerk()?;
        let progress = |done, all| bar.at(done, all);
        let audit = Audit { archive: &opened.archive, clerk: &clerk, threads: threads(), progress: &progress };
        let audited = match &self.id {
            Some(id) => audit.one(&mut opened.register, id),
            None => audit.all(&mut opened.register),
        };
        bar.end();
        let audited = audited?;
        context.show(&audited.notes);
        let code = u8::from(!audited.faults.is_empty());
        if context.json() {
            let fault = |fault: &Fault| json!({ "id": fault.id, "bestand": fault.file, "reden": context.words(&fault.finding) });
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

/// As many as the machine does at once.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
