//! `postkamer register receive …`: a letter that came in gets its number.

use std::path::PathBuf;

use super::super::context::Context;
use crate::archive::keep::Archive;
use crate::archive::receive as archived;
use crate::error::Result;
use crate::register::Register;
use crate::register::attachment::Staged;
use crate::register::incoming::{Incoming, Received, receive};
use crate::signature::trust::Trust;

/// Arguments of `receive`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// What the letter is about
    #[arg(long, value_name = "TEXT")]
    onderwerp: String,
    /// From whom it came
    #[arg(long, value_name = "ORGANISATIE")]
    van: String,
    /// The date on it, such as 2023-02-21 or 21-2-2023
    #[arg(long, value_name = "DATE")]
    datum: String,
    /// The day it was received [default: today]
    #[arg(long, value_name = "DATE")]
    ontvangen: Option<String>,
    /// Its kind; [termijnen] in postkamer.toml may set a deadline for it
    #[arg(long, value_name = "KIND")]
    soort: Option<String>,
    /// The sender's own reference
    #[arg(long, value_name = "TEXT")]
    uw_kenmerk: Option<String>,
    /// The number of its case; "nieuw" for a new one
    #[arg(long, value_name = "Z")]
    zaaknummer: Option<String>,
    /// The last day for an answer [default: as set for its kind]
    #[arg(long, value_name = "DATE")]
    termijn: Option<String>,
    /// The letter itself, such as a scan; it is copied to inkomend/ and archived as it is
    #[arg(long, value_name = "FILE")]
    bestand: Option<PathBuf>,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let workspace = context.workspace(None)?;
        let (settings, clerk) = (workspace.settings(), context.clerk()?);
        let received = Received {
            subject: &self.onderwerp,
            from: &self.van,
            dated: &self.datum,
            received: self.ontvangen.as_deref(),
            kind: self.soort.as_deref(),
            their_reference: self.uw_kenmerk.as_deref(),
            case_number: self.zaaknummer.as_deref(),
            term: self.termijn.as_deref(),
        };
        let incoming = Incoming::check(&received, settings, clerk.day)?;
        let copy = |file: &PathBuf| Staged::copy(workspace.root(), &incoming.folder(), &context.path(file), file);
        let file = self.bestand.as_ref().map(copy).transpose()?;
        let mut register = Register::open(&workspace)?;
        let receipt = match file {
            Some(file) => {
                let trust = Trust::of(&workspace)?;
                let archive = Archive::open(&workspace, &mut register, &clerk)?;
                archived::receive(&archive, &workspace, &mut register, &trust, &clerk, &incoming, file)?
            }
            None => receive(&mut register, &clerk, settings, &incoming, None, None)?,
        };
        context.show(&receipt.warnings);
        if context.json() {
            context.answer_json(&receipt.listed.json())?;
        } else {
            context.answer(&format!("{}\n", receipt.listed.entry.id))?;
            if let Some(case) = &receipt.new_case {
                context.say("case-given", &[("number", case)]);
            }
        }
        Ok(0)
    }
}
