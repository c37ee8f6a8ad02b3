//! A letter of the register on a sheet for people: its fields, its thread, what happened to it, its files.

use chrono::NaiveDate;
use serde_json::Value as Json;

use super::super::context::Context;
use super::super::table::{Cell, Kind, Table, Tone, shown};
use super::letters;
use super::show::Shown;
use crate::error::Result;
use crate::register::history::{self, Event, WHATS};
use crate::register::query;
use crate::register::thread::{Step, Thread};

/// The sheet, with colours.
pub(super) fn sheet(context: &Context, letter: &Shown) -> Result<String> {
    let entry = &letter.listed.entry;
    let mut text = format!("{}  {}\n\n", Tone::Strong.paint(&shown(&entry.id)), shown(&entry.subject));
    text.push_str(&fields(context, letter)?);
    if letter.thread.steps.len() > 1 {
        section(context, &mut text, "sheet-thread", &thread(context, &letter.thread, &entry.id)?);
    }
    section(context, &mut text, "sheet-events", &events(context, &letter.events));
    if !letter.files.is_empty() {
        section(context, &mut text, "sheet-files", &files(context, letter));
    }
    Ok(text)
}

fn section(context: &Context, text: &mut String, heading: &str, lines: &[String]) {
    text.push_str(&format!("\n{}\n", Tone::Strong.paint(&context.text(heading, &[]))));
    lines.iter().for_each(|line| text.push_str(&format!("  {}\n", line.trim_end())));
}

fn fields(context: &Context, letter: &Shown) -> Result<String> {
    let (listed, entry) = (&letter.listed, &letter.listed.entry);
    let today = context.day()?;
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
    let all = |ids: &[String]| Some(ids.join(", ")).filter(|ids| !ids.is_empty());
    let plain = [
        ("richting", Some(entry.direction.word().to_string())),
        ("status", Some(entry.status.word().to_string())),
        ("soort", entry.kind.clone()),
        ("correspondent", entry.correspondent.clone()),
        ("zaaknummer", entry.case_number.clone()),
        ("datum", day(entry.dated)),
        ("ontvangen", day(entry.received)),
        ("verzonden", day(entry.sent)),
        ("wijze", entry.sent_by.clone()),
        ("termijn", day(entry.term)),
        ("behandelaar", entry.handler.clone()),
        ("uw_kenmerk", entry.their_reference.clone()),
        ("uw_brief", day(entry.their_date)),
        ("vertrouwelijkheid", entry.confidentiality.clone()),
        ("in_reactie_op", all(&listed.answers)),
        ("beantwoord_door", all(&answers(letter))),
    ];
    let known: Vec<_> = plain.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let label = |name: &str| context.text(&format!("field-{name}"), &[]);
    let width = known.iter().map(|(name, _)| label(name).chars().count()).max().unwrap_or(0);
    let line = |(name, value): (&str, String)| {
        let tone = match name {
            "status" => letters::tone(entry, today),
            "termijn" => letters::late(entry, today),
            _ => Tone::Plain,
        };
        format!("  {:width$}  {}\n", label(name), tone.paint(&shown(&value)))
    };
    Ok(known.into_iter().map(line).collect())
}

/// The letters that answer a letter; of one that does not stand, such as one that was withdrawn, what became of it.
fn answers(letter: &Shown) -> Vec<String> {
    let told = |id: &String| match letter.fallen.iter().find(|(fallen, _)| fallen == id) {
        Some((_, status)) => format!("{id} ({status})"),
        None => id.clone(),
    };
    letter.listed.answered_by.iter().map(told).collect()
}

/// Who answered whom: letters in the order of their days, an answer further in than what it answers.
fn thread(context: &Context, thread: &Thread, id: &str) -> Result<Vec<String>> {
    let today = context.day()?;
    // The columns speak for themselves here: day, ID, status, subject.
    let mut table = Table::new([Kind::Firm, Kind::Firm, Kind::Firm, Kind::Soft].map(|kind| (String::new(), kind)));
    for step in &thread.steps {
        let entry = &step.listed.entry;
        let number = format!("{}{}", indent(step), entry.id);
        table.push(vec![
            query::day(entry).into(),
            Cell::new(&number, if entry.id == id { Tone::Strong } else { Tone::Plain }),
            Cell::new(entry.status.word(), letters::tone(entry, today)),
            Cell::new(&about(context, step), Tone::Plain),
        ]);
    }
    let width = context.width().map(|width| width.saturating_sub(2));
    let mut lines: Vec<_> = table.render(width).lines().skip(1).map(String::from).collect();
    if thread.more {
        lines.push(context.text("thread-more", &[]));
    }
    Ok(lines)
}

fn indent(step: &Step) -> String {
    match step.depth {
        0 => String::new(),
        // Deeper than this says no more.
        depth => format!("{}└ ", "  ".repeat(depth.min(8) - 1)),
    }
}

fn about(context: &Context, step: &Step) -> String {
    let (answers, subject) = (&step.listed.answers, &step.listed.entry.subject);
    if answers.is_empty() {
        return subject.clone();
    }
    format!("→ {}: {subject}", context.text("thread-answers", &[("ids", &answers.join(", "))]))
}

fn events(context: &Context, events: &[Event]) -> Vec<String> {
    let mut lines = Vec::new();
    for event in events {
        let what = if WHATS.contains(&event.what.as_str()) {
            context.text(&format!("event-{}", event.what), &[])
        } else {
            event.what.clone()
        };
        lines.push(format!("{}  {}  {}", local(&event.moment), Tone::Strong.paint(&shown(&what)), shown(&event.who)));
        let details = event.details.as_ref().map(details).unwrap_or_default();
        lines.extend(details.iter().map(|detail| format!("    {}", shown(detail))));
    }
    lines
}

/// A moment on the clock in the Netherlands; what is none stays as it is.
fn local(moment: &str) -> String {
    history::local(moment).unwrap_or_else(|| shown(moment))
}

/// The details of an event, a line each.
fn details(details: &Json) -> Vec<String> {
    let line = |(name, value): (String, String)| match name.as_str() {
        "" => value,
        name => format!("{}: {value}", name.replace('_', " ")),
    };
    history::details(details).into_iter().map(line).collect()
}

fn files(context: &Context, letter: &Shown) -> Vec<String> {
    let mut lines = Vec::new();
    let mut tell = |path: &str, [role, name]: [&str; 2], version: i64, size: i64, digest: [&str; 2]| {
        let version = context.text("file-version", &[("version", &version.to_string())]);
        let size = context.text("file-size", &[("bytes", &size.to_string())]);
        let about = [role, &version, &shown(name), &size].join(", ");
        lines.push(format!("{}  {about}", Tone::Strong.paint(&shown(path))));
        lines.push(format!("    {}: {}", shown(digest[0]), shown(digest[1])));
    };
    for file in &letter.files {
        let digest = [file.algorithm.as_str(), &file.digest];
        tell(&file.path, [file.role.word(), &file.name], file.version, file.size, digest);
    }
    let archive = context.text("file-archived", &[]);
    for archived in &letter.returned {
        let digest = [archived.algorithm.as_str(), &archived.digest];
        tell(&archive, [archived.kind.word(), &archived.path], archived.letter_version, archived.size, digest);
    }
    lines
}
