//! `postkamer register verify`: whether anything was changed behind the register's back.

use serde_json::json;

use super::super::context::Context;
use crate::error::{Finding, Result};
use crate::register::Register;
use crate::register::db::Location;
use crate::register::verify::{Fault, verify};

/// More than these are only counted; JSON has them all.
const MOST_SHOWN: usize = 100;

/// Arguments of `verify`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let workspace = context.workspace(None)?;
        let Some(mut register) = Register::open_existing(&workspace)? else {
            let settings = &workspace.settings().register;
            let location = Location::parse(&settings.url, workspace.root(), None)?;
            let path = workspace.shown(&location.shown()).display().to_string();
            return Err(Finding::error("register-missing").arg("path", path).into());
        };
        context.show(register.notes());
        let verified = verify(&mut register, workspace.settings())?;
        context.show(&verified.unchecked);
        let faults = &verified.faults;
        let code = u8::from(!verified.is_clean());
        if context.json() {
            let reason = |fault: &Fault| json!({ "id": fault.id, "reden": context.words(&fault.finding) });
            context.answer_json(&json!({
                "gebeurtenissen": verified.events,
                "in_orde": verified.is_clean(),
                "fouten": faults.iter().map(reason).collect::<Vec<_>>(),
            }))?;
            return Ok(code);
        }
        let shown: Vec<_> = faults.iter().take(MOST_SHOWN).map(|fault| fault.finding.clone()).collect();
        context.show(&shown);
        let counted = faults.len().to_string();
        if faults.len() > shown.len() {
            context.say("verify-more", &[("more", &(faults.len() - shown.len()).to_string())]);
        }
        let id = if verified.is_clean() { "verify-clean" } else { "verify-wrong" };
        context.say(id, &[("events", &verified.events.to_string()), ("faults", &counted)]);
        Ok(code)
    }
}
