//! How letters of the register are shown: as JSON, or as a table.

use chrono::NaiveDate;

use super::super::context::Context;
use super::super::table::{Cell, Kind, Table, Tone};
use crate::error::Result;
use crate::register::entry::{Entry, Status};
use crate::register::listed::Listed;
use crate::register::query;

/// Shows the answer to `list` and `search`.
pub(super) fn answer(context: &Context, letters: &[Listed]) -> Result<()> {
    let day = context.day()?;
    let columns = [
        ("id", Kind::Firm),
        ("dag", Kind::Firm),
        ("in_uit", Kind::Spare),
        ("status", Kind::Firm),
        ("termijn", Kind::Firm),
        ("behandelaar", Kind::Spare),
        ("correspondent", Kind::Soft),
        ("onderwerp", Kind::Soft),
    ];
    answer_with(context, letters, &columns, &|entry| {
        // Once there is an answer, nobody asks when it had to be there.
        let term = entry.term.filter(|_| entry.status == Status::Open);
        vec![
            entry.id.as_str().into(),
            query::day(entry).into(),
            entry.direction.word().into(),
            Cell::new(entry.status.word(), tone(entry, day)),
            Cell::new(&term.map(|term| term.to_string()).unwrap_or_default(), late(entry, day)),
            entry.handler.as_deref().into(),
            entry.correspondent.as_deref().into(),
            entry.subject.as_str().into(),
        ]
    })
}

/// Shows letters as JSON, or as a table of these columns with a row of each.
pub(super) fn answer_with(
    context: &Context,
    letters: &[Listed],
    columns: &[(&str, Kind)],
    row: &dyn Fn(&Entry) -> Vec<Cell>,
) -> Result<()> {
    if context.json() {
        return context.answer_json_all(letters.iter().map(Listed::json));
    }
    if letters.is_empty() {
        context.say("list-none", &[]);
        return Ok(());
    }
    let heading = |(name, kind): &(&str, Kind)| (context.text(&format!("field-{name}"), &[]), *kind);
    let mut table = Table::new(columns.iter().map(heading));
    letters.iter().for_each(|letter| table.push(row(&letter.entry)));
    context.answer_styled(&table.render(context.width()))
}

/// What the status of a letter looks like on a day.
pub(super) fn tone(entry: &Entry, day: NaiveDate) -> Tone {
    match entry.status {
        Status::Open if late(entry, day) == Tone::Late => Tone::Late,
        Status::Open => Tone::Waiting,
        Status::Answered | Status::Sent => Tone::Good,
        Status::Void | Status::Withdrawn => Tone::Faded,
        Status::Reserved | Status::Issued | Status::Signed | Status::Handled => Tone::Plain,
    }
}

/// Whether a letter should have been answered before a day, as a tone.
pub(super) fn late(entry: &Entry, day: NaiveDate) -> Tone {
    if entry.is_late(day) { Tone::Late } else { Tone::Plain }
}
