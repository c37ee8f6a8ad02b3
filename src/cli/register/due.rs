//! `postkamer register due`: what should have been answered, or soon.

use chrono::{Days, NaiveDate};

use super::super::context::Context;
use super::super::table::{Cell, Kind, Tone};
use super::letters;
use crate::error::Result;
use crate::register::query;

/// Arguments of `due`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    /// Also those whose deadline comes within so many days
    #[arg(long, value_name = "DAYS", default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=36_500))]
    within: u32,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let (_, mut register) = super::open(context)?;
        let today = context.day()?;
        let until = today.checked_add_days(Days::new(self.within.into())).unwrap_or(today);
        let found = register.read(|tx| query::due(tx, until))?;
        let columns = [
            ("id", Kind::Firm),
            ("termijn", Kind::Firm),
            ("dagen", Kind::Firm),
            ("behandelaar", Kind::Spare),
            ("correspondent", Kind::Soft),
            ("onderwerp", Kind::Soft),
        ];
        letters::answer_with(context, &found, &columns, &|entry| {
            let term = entry.term.unwrap_or(today);
            let tone = letters::late(entry, today);
            vec![
                Cell::new(&entry.id, tone),
                Cell::new(&term.to_string(), tone),
                Cell::new(&days(context, term, today), if term == today { Tone::Waiting } else { tone }),
                entry.handler.as_deref().into(),
                entry.correspondent.as_deref().into(),
                entry.subject.as_str().into(),
            ]
        })?;
        Ok(0)
    }
}

/// How long it still is, or has been.
fn days(context: &Context, term: NaiveDate, today: NaiveDate) -> String {
    let days = (term - today).num_days();
    let count = days.unsigned_abs().to_string();
    match days {
        0 => context.text("days-today", &[]),
        1.. => context.text("days-left", &[("days", &count)]),
        _ => context.text("days-over", &[("days", &count)]),
    }
}
