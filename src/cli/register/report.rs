//! `postkamer register report jaaroverzicht | nummers`: what a year comes to.

use std::ops::RangeInclusive;

use clap::value_parser;
use serde_json::Value as Json;

use super::super::context::Context;
use super::super::table::{Cell, Kind, Table, Tone, shown};
use crate::error::Result;
use crate::register::reports::numbers::{self, Line};
use crate::register::reports::year::{Overview, Received};

/// The years of letters: any other is a slip, such as 26 for 2026.
pub(super) const YEARS: RangeInclusive<i64> = 1000..=9999;

/// The reports there are.
#[derive(Debug, clap::Subcommand)]
pub(in super::super) enum Args {
    /// Every letter received in a year, with the letter that answered it
    Jaaroverzicht(Year),
    /// Every number of a year, and what became of it
    Nummers(Year),
}

/// The year of a report.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(in super::super) struct Year {
    /// The year
    #[arg(long, value_name = "YEAR", value_parser = value_parser!(i32).range(YEARS))]
    jaar: i32,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        match self {
            Self::Jaaroverzicht(year) => overview(context, year.jaar),
            Self::Nummers(year) => account(context, year.jaar),
        }
    }
}

fn overview(context: &Context, year: i32) -> Result<u8> {
    let (_, mut register) = super::open(context)?;
    let overview = register.read(|tx| Overview::read(tx, year))?;
    if context.json() {
        let rows: Vec<Json> = overview.letters.iter().map(Received::json).collect();
        context.answer_json(&rows.into())?;
        return Ok(0);
    }
    let columns = [
        ("id", Kind::Firm),
        ("ontvangen", Kind::Firm),
        ("beantwoord_op", Kind::Firm),
        ("dagen", Kind::Firm),
        ("beantwoord_door", Kind::Firm),
        ("correspondent", Kind::Soft),
        ("onderwerp", Kind::Soft),
    ];
    let rows = overview.letters.iter().map(|letter| {
        let (entry, answer) = (&letter.entry, letter.answer.as_ref());
        let received = match (entry.received, entry.dated) {
            (Some(day), _) => day.to_string(),
            (None, dated) => dated.map(|day| format!("({day})")).unwrap_or_default(),
        };
        let tone = if letter.is_late() { Tone::Late } else { Tone::Plain };
        let days = letter.days().map(|days| format!("{days:>5}")).unwrap_or_default();
        vec![
            entry.id.as_str().into(),
            received.as_str().into(),
            answer.and_then(|answer| answer.dated).into(),
            Cell::new(&days, tone),
            answer.map(|answer| answer.id.as_str()).into(),
            entry.correspondent.as_deref().into(),
            entry.subject.as_str().into(),
        ]
    });
    answer_table(context, &columns, rows.collect())?;
    let count = |count: usize| count.to_string();
    let total = context.text(
        "year-total",
        &[
            ("year", &year.to_string()),
            ("received", &count(overview.letters.len())),
            ("answered", &count(overview.answered())),
            ("handled", &count(overview.handled())),
            ("open", &count(overview.open())),
        ],
    );
    context.answer(&format!("{total}\n"))?;
    if let Some((average, median)) = overview.average().zip(overview.median()) {
        let days = context.text(
            "year-days",
            &[
                ("average", &whole(average)),
                ("average_tenth", &tenth(average)),
                ("median", &whole(median)),
                ("median_tenth", &tenth(median)),
                ("late", &count(overview.late())),
            ],
        );
        context.answer(&format!("{days}\n"))?;
    }
    if overview.letters.iter().any(|letter| letter.entry.received.is_none()) {
        context.answer(&format!("{}\n", context.text("year-dated", &[])))?;
    }
    Ok(0)
}

/// The whole part of a number of tenths; the sign stands before it.
fn whole(tenths: i64) -> String {
    format!("{}{}", if tenths < 0 { "-" } else { "" }, tenths.abs() / 10)
}

fn tenth(tenths: i64) -> String {
    (tenths.abs() % 10).to_string()
}

fn account(context: &Context, year: i32) -> Result<u8> {
    let (workspace, mut register) = super::open(context)?;
    let lines = register.read(|tx| numbers::account(tx, workspace.settings(), year))?;
    let reason = |line: &Line| line.reason.as_ref().map(|reason| reason.words(context.messages()));
    if context.json() {
        let rows = lines.iter().map(|line| line.json(context.messages()));
        context.answer_json(&rows.collect::<Vec<_>>().into())?;
        return Ok(0);
    }
    let columns = [
        ("id", Kind::Firm),
        ("reeks", Kind::Firm),
        ("status", Kind::Firm),
        ("handmatig", Kind::Firm),
        ("brief", Kind::Firm),
        ("reden", Kind::Soft),
    ];
    let by_hand = context.text("account-by-hand", &[]);
    let rows = lines.iter().map(|line| {
        let tone = if line.status == numbers::MISSING { Tone::Late } else { Tone::Plain };
        vec![
            line.number.as_str().into(),
            line.kind.word().into(),
            Cell::new(&line.status, tone),
            line.by_hand.then_some(by_hand.as_str()).into(),
            // A letter has its number as its name.
            line.id.as_deref().filter(|id| *id != line.number).into(),
            reason(line).as_deref().into(),
        ]
    });
    answer_table(context, &columns, rows.collect())?;
    let totals = numbers::totals(&lines);
    let all = totals.iter().fold(0_i64, |sum, (_, count)| sum.saturating_add(*count));
    let (year, all) = (year.to_string(), all.to_string());
    context.answer(&format!("{}\n", context.text("account-year", &[("year", &year), ("count", &all)])))?;
    for (status, count) in totals {
        let args = [("status", &*shown(status)), ("count", &count.to_string())];
        context.answer(&format!("  {}\n", context.text("account-total", &args)))?;
    }
    Ok(0)
}

/// Shows a table with an empty line below it, unless it has no rows.
fn answer_table(context: &Context, columns: &[(&str, Kind)], rows: Vec<Vec<Cell>>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let heading = |(name, kind): &(&str, Kind)| (context.text(&format!("field-{name}"), &[]), *kind);
    let mut table = Table::new(columns.iter().map(heading));
    rows.into_iter().for_each(|row| table.push(row));
    context.answer_styled(&format!("{}\n", table.render(context.width())))
}
