//! A verdict for people: the signatures, then the letter, then the standards, each answer for itself.

use serde_json::Value as Json;

use super::super::context::Context;
use super::super::register::local;
use super::super::table::{Tone, shown};
use crate::archive::shown::Held;
use crate::error::Result;
use crate::register::entry::Direction;
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
    heading(context, &mut text, "verdict-signatures");
    let all = |key: &str| verdict[key].as_array().into_iter().flatten();
    if let Some(reason) = verdict["reden"].as_str() {
        line(&mut text, Tone::Late, &context.text("verdict-unreadable", &[]), Some(reason));
    } else if all("handtekeningen").chain(all("documenttijdstempels")).next().is_none() {
        line(&mut text, Tone::Plain, &context.text("verdict-none", &[]), None);
    }
    for signature in all("handtekeningen").chain(all("documenttijdstempels")) {
        signature_lines(context, &mut text, signature);
    }
    heading(context, &mut text, "verdict-letter");
    let (tone, id) = match verdict["ongewijzigd"].as_bool() {
        Some(true) => (Tone::Good, if is_ours { "verdict-unchanged" } else { "verdict-as-received" }),
        Some(false) => (Tone::Late, if is_ours { "verdict-changed" } else { "verdict-not-as-received" }),
        None => (Tone::Plain, "verdict-not-compared"),
    };
    line(&mut text, tone, &context.text(id, &[]), verdict["wijziging"].as_str());
    for note in all("opmerkingen").filter_map(Json::as_str) {
        text.push_str(&format!("      {}\n", shown(note)));
    }
    heading(context, &mut text, "verdict-standards");
    for (key, name) in [("pdfa", "PDF/A"), ("pdfua", "PDF/UA-1")] {
        let conforms = verdict[key].as_bool().unwrap_or_default();
        let (tone, id) =
            if conforms { (Tone::Good, "verdict-conforms") } else { (Tone::Waiting, "verdict-conforms-not") };
        let level = verdict["pdfa_niveau"].as_str().filter(|_| key == "pdfa").map(|level| format!("-{level}"));
        let name = format!("{name}{}", level.unwrap_or_default());
        line(&mut text, tone, &context.text(id, &[("standard", &name)]), None);
    }
    for failure in all("norm").filter_map(Json::as_str) {
        text.push_str(&format!("      {}\n", shown(failure)));
    }
    text
}

fn heading(context: &Context, text: &mut String, id: &str) {
    text.push_str(&format!("\n{}\n", Tone::Strong.paint(&context.text(id, &[]))));
}

fn line(text: &mut String, tone: Tone, words: &str, reason: Option<&str>) {
    let reason = reason.map(|reason| format!(": {}", shown(reason))).unwrap_or_default();
    text.push_str(&format!("  {}{reason}\n", tone.paint(&shown(words))));
}

fn signature_lines(context: &Context, text: &mut String, signature: &Json) {
    let of = |key: &str| signature[key].as_str().unwrap_or_default();
    let is_valid = signature["geldig"].as_bool().unwrap_or_default();
    let (tone, id) = if is_valid { (Tone::Good, "verdict-valid") } else { (Tone::Late, "verdict-invalid") };
    let signatory = if of("ondertekenaar").is_empty() { of("veld") } else { of("ondertekenaar") };
    let reason = Some(of("reden")).filter(|reason| !reason.is_empty());
    line(text, tone, &context.text(id, &[("signatory", signatory)]), reason);
    for (key, id) in [("tijdstip", "verdict-claimed"), ("tijdstempel", "verdict-timestamp")] {
        if let Some(moment) = signature[key].as_str() {
            text.push_str(&format!("      {}\n", context.text(id, &[("moment", &local(moment))])));
        }
    }
    for note in signature["opmerkingen"].as_array().into_iter().flatten().filter_map(Json::as_str) {
        text.push_str(&format!("      {}\n", shown(note)));
    }
}
