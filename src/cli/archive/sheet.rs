//! A verdict for people: the signatures, then the letter, then the standards, each answer for itself.

use serde_json::Value as Json;

use super::super::context::Context;
use super::super::table::{Tone, shown};
use crate::archive::shown::Held;
use crate::error::Result;
use crate::register::entry::Direction;
use crate::signature::lines::{Line, Worth, answers};
use crate::signature::trust::Trust;

/// Answers with what the archive has of a letter.
pub(in super::super) fn answer(context: &Context, held: &Held, trust: &Trust) -> Result<()> {
    let whole = held.json(trust, context.clerk()?.moment, context.messages())?;
    if context.json() {
        return context.answer_json(&whole);
    }
    let mut text = format!("{}  {}\n", Tone::Strong.paint(&shown(&held.entry.id)), shown(&held.entry.subject));
    heading(context, &mut text, "archive-versions");
    for version in whole["versies"].as_array().into_iter().flatten() {
        let number = version["versie"].to_string();
        let kind = version["soort"].as_str().unwrap_or_default();
        let kind = context.text(&format!("archived-{kind}"), &[]);
        let files = version["bestanden"].as_array().map_or(0, Vec::len).to_string();
        let args = [("version", number.as_str()), ("kind", kind.as_str()), ("files", files.as_str())];
        text.push_str(&format!("  {}\n", context.text("archive-version", &args)));
    }
    let is_ours = held.entry.direction == Direction::Out;
    text.push_str(&sheet(context, &whole, is_ours));
    context.answer_styled(&text)
}

/// Answers with the verdict on a file.
pub(super) fn verdict(context: &Context, verdict: &Json) -> Result<()> {
    if context.json() {
        return context.answer_json(verdict);
    }
    context.answer_styled(sheet(context, verdict, true).trim_start_matches('\n'))
}

/// `is_ours`: it was issued here, and did not come in.
fn sheet(context: &Context, verdict: &Json, is_ours: bool) -> String {
    let mut text = String::new();
    for answer in answers(verdict, is_ours, context.messages()) {
        heading(context, &mut text, answer.title);
        answer.lines.iter().for_each(|one| line(&mut text, one));
    }
    text
}

fn heading(context: &Context, text: &mut String, id: &str) {
    text.push_str(&format!("\n{}\n", Tone::Strong.paint(&context.text(id, &[]))));
}

fn line(text: &mut String, line: &Line) {
    let tone = match line.worth {
        Worth::Good => Tone::Good,
        Worth::Doubtful => Tone::Waiting,
        Worth::Bad => Tone::Late,
        Worth::Neutral => Tone::Plain,
    };
    let reason = line.reason.as_ref().map(|reason| format!(": {}", shown(reason))).unwrap_or_default();
    text.push_str(&format!("  {}{reason}\n", tone.paint(&shown(&line.words))));
    line.notes.iter().for_each(|note| text.push_str(&format!("      {}\n", shown(note))));
}
