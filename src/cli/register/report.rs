//! `postkamer register report jaaroverzicht | nummers`: what a year comes to.

use clap::value_parser;
use comfy_table::{Cell, CellAlignment, Table, presets};
use serde_json::{Value as Json, json};

use super::super::context::Context;
use crate::contract::characters::unfit;
use crate::error::Result;
use crate::register::reports::numbers::{self, Line, Reason};
use crate::register::reports::year::{Overview, Received};

/// The longest text in a column, in characters.
const LONGEST: usize = 48;

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
    #[arg(long, value_name = "YEAR", value_parser = value_parser!(i32).range(0..=9999))]
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
        let rows: Vec<Json> = overview.letters.iter().map(letter_json).collect();
        context.answer_json(&rows.into())?;
        return Ok(0);
    }
    let headings = ["id", "received", "correspondent", "subject", "answer", "answered", "days"];
    let mut table = table(&headings.map(|heading| context.text(&format!("year-heading-{heading}"), &[])));
    for letter in &overview.letters {
        let entry = &letter.entry;
        let received = match (entry.received, entry.dated) {
            (Some(day), _) => day.to_string(),
            (None, dated) => dated.map(|day| format!("({day})")).unwrap_or_default(),
        };
        let answer = letter.answer.as_ref();
        let answered = answer.and_then(|answer| answer.dated).map(|day| day.to_string());
        table.add_row([
            cell(&entry.id),
            cell(&received),
            cell(entry.correspondent.as_deref().unwrap_or_default()),
            cell(&entry.subject),
            cell(answer.map(|answer| answer.id.as_str()).unwrap_or_default()),
            cell(&answered.unwrap_or_default()),
            cell(&letter.days().map(|days| days.to_string()).unwrap_or_default()).set_alignment(CellAlignment::Right),
        ]);
    }
    answer_table(context, &table)?;
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

fn letter_json(letter: &Received) -> Json {
    let answer = letter.answer.as_ref();
    json!({
        "id": letter.entry.id,
        "onderwerp": letter.entry.subject,
        "correspondent": letter.entry.correspondent,
        "ontvangen": letter.entry.received.map(|day| day.to_string()),
        "beantwoord_door": answer.map(|answer| &answer.id),
        "beantwoord_op": answer.and_then(|answer| answer.dated).map(|day| day.to_string()),
        "dagen": letter.days(),
    })
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
    let reason = |line: &Line| match line.reason.as_ref()? {
        Reason::Given(words) => Some(words.clone()),
        Reason::Passed { series, by } => Some(context.text("account-passed", &[("series", series), ("by", by)])),
        Reason::Missing { series } => Some(context.text("account-missing", &[("series", series)])),
    };
    if context.json() {
        let rows = lines.iter().map(|line| {
            json!({
                "nummer": line.number,
                "reeks": line.kind.word(),
                "status": line.status,
                "handmatig": line.by_hand,
                "reden": reason(line),
                "id": line.id,
            })
        });
        context.answer_json(&rows.collect::<Vec<_>>().into())?;
        return Ok(0);
    }
    let headings = ["number", "series", "status", "hand", "id", "reason"];
    let mut table = table(&headings.map(|heading| context.text(&format!("account-heading-{heading}"), &[])));
    let by_hand = context.text("account-by-hand", &[]);
    for line in &lines {
        table.add_row([
            cell(&line.number),
            cell(line.kind.word()),
            cell(&line.status),
            cell(if line.by_hand { &by_hand } else { "" }),
            cell(line.id.as_deref().unwrap_or_default()),
            whole_cell(&reason(line).unwrap_or_default()),
        ]);
    }
    answer_table(context, &table)?;
    let totals = numbers::totals(&lines);
    let all = totals.iter().fold(0_i64, |sum, (_, count)| sum.saturating_add(*count));
    let (year, all) = (year.to_string(), all.to_string());
    context.answer(&format!("{}\n", context.text("account-year", &[("year", &year), ("count", &all)])))?;
    for (status, count) in totals {
        let args = [("status", &*plain(status)), ("count", &count.to_string())];
        context.answer(&format!("  {}\n", context.text("account-total", &args)))?;
    }
    Ok(0)
}

fn table(headings: &[String]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(headings);
    table
}

/// Writes a table, unless it has no rows.
fn answer_table(context: &Context, table: &Table) -> Result<()> {
    if table.is_empty() {
        return Ok(());
    }
    let text: String = table.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    context.answer(&format!("{text}\n"))
}

/// A cell with the beginning of a text.
fn cell(text: &str) -> Cell {
    match text.char_indices().nth(LONGEST) {
        Some(_) => Cell::new(format!("{}…", plain(&text.chars().take(LONGEST - 1).collect::<String>()))),
        None => whole_cell(text),
    }
}

fn whole_cell(text: &str) -> Cell {
    Cell::new(plain(text))
}

/// A text as a terminal may show it.
fn plain(text: &str) -> String {
    let shown = |c: char| {
        if c.is_whitespace() {
            ' '
        } else if unfit(c).is_some() {
            '\u{FFFD}'
        } else {
            c
        }
    };
    text.chars().map(shown).collect()
}
