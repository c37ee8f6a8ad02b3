//! The three answers about a letter, kept apart: its signatures, its contents, the standards.

use maud::{Markup, html};
use serde_json::Value as Json;

use super::super::visit::Visit;
use crate::zone;

/// How good an answer is: a sign beside the words, never instead of them.
#[derive(Clone, Copy)]
enum Tone {
    Good,
    Waiting,
    Late,
    Plain,
}

impl Tone {
    fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::Good => ("good", "✓"),
            Self::Waiting => ("waiting", "!"),
            Self::Late => ("late", "✕"),
            Self::Plain => ("plain", "–"),
        }
    }
}

/// The answers as `archive show` gives them. `is_ours`: the letter was issued here, and did not come in.
pub(super) fn show(visit: &Visit, whole: &Json, is_ours: bool) -> Markup {
    html! {
        div.archive-verdict {
            (answer("signatures", &visit.say("verdict-signatures"), &signatures(visit, whole)))
            (answer("letter", &visit.say("verdict-letter"), &contents(visit, whole, is_ours)))
            (answer("standards", &visit.say("verdict-standards"), &standards(visit, whole)))
        }
        @if let Some(moment) = whole["gecontroleerd"].as_str() {
            p.faint { (visit.text("web-archive-judged", &[("moment", &clock(moment))])) }
        }
    }
}

fn answer(id: &str, title: &str, body: &Markup) -> Markup {
    html! { section.card aria-labelledby={ "verdict-" (id) } { h2 id={ "verdict-" (id) } { (title) } (body) } }
}

fn line(tone: Tone, words: &str, reason: Option<&str>) -> Markup {
    let (class, sign) = tone.parts();
    html! {
        p.archive-answer.(class) {
            span.archive-sign aria-hidden="true" { (sign) }
            span { strong { (words) } @if let Some(reason) = reason { ": " (reason) } }
        }
    }
}

fn notes<'a>(notes: impl Iterator<Item = &'a str>) -> Markup {
    let notes: Vec<_> = notes.collect();
    html! { @if !notes.is_empty() { ul.archive-notes { @for note in notes { li { (note) } } } } }
}

fn all<'a>(whole: &'a Json, key: &str) -> impl Iterator<Item = &'a Json> {
    whole[key].as_array().into_iter().flatten()
}

fn texts<'a>(whole: &'a Json, key: &str) -> impl Iterator<Item = &'a str> {
    all(whole, key).filter_map(Json::as_str)
}

fn clock(moment: &str) -> String {
    moment.parse().map_or_else(|_| moment.to_string(), zone::minute)
}

fn signatures(visit: &Visit, whole: &Json) -> Markup {
    let found: Vec<_> = all(whole, "handtekeningen").chain(all(whole, "documenttijdstempels")).collect();
    html! {
        @if let Some(reason) = whole["reden"].as_str() {
            (line(Tone::Late, &visit.say("verdict-unreadable"), Some(reason)))
        } @else if found.is_empty() {
            (line(Tone::Plain, &visit.say("web-archive-unsigned"), None))
        }
        @for one in found { (signature(visit, one)) }
    }
}

fn signature(visit: &Visit, one: &Json) -> Markup {
    let of = |key: &str| one[key].as_str().filter(|text| !text.is_empty());
    let is_valid = one["geldig"].as_bool().unwrap_or_default();
    let (tone, id) = if is_valid { (Tone::Good, "verdict-valid") } else { (Tone::Late, "verdict-invalid") };
    let signatory = of("ondertekenaar").or(of("veld")).unwrap_or("?");
    let certificate = &one["certificaat"];
    let facts = [("tijdstip", "verdict-claimed", "moment"), ("tijdstempel", "verdict-timestamp", "moment")];
    html! {
        (line(tone, &visit.text(id, &[("signatory", signatory)]), of("reden")))
        ul.archive-notes {
            @for (key, id, name) in facts {
                @if let Some(moment) = of(key) { li { (visit.text(id, &[(name, &clock(moment))])) } }
            }
            @if let Some(issuer) = certificate["uitgever"].as_str() {
                li { (visit.text("web-archive-issuer", &[("issuer", issuer)])) }
            }
            @for note in texts(one, "opmerkingen") { li { (note) } }
        }
    }
}

fn contents(visit: &Visit, whole: &Json, is_ours: bool) -> Markup {
    let (tone, id) = match whole["ongewijzigd"].as_bool() {
        Some(true) => (Tone::Good, if is_ours { "verdict-unchanged" } else { "verdict-as-received" }),
        Some(false) => (Tone::Late, if is_ours { "verdict-changed" } else { "verdict-not-as-received" }),
        None => (Tone::Plain, "verdict-not-compared"),
    };
    html! {
        (line(tone, &visit.say(id), whole["wijziging"].as_str()))
        (notes(texts(whole, "opmerkingen")))
    }
}

fn standards(visit: &Visit, whole: &Json) -> Markup {
    let one = |key: &str, name: &str| {
        let conforms = whole[key].as_bool().unwrap_or_default();
        let (tone, id) =
            if conforms { (Tone::Good, "verdict-conforms") } else { (Tone::Waiting, "verdict-conforms-not") };
        let level = whole["pdfa_niveau"].as_str().filter(|_| key == "pdfa").map(|level| format!("-{level}"));
        let name = format!("{name}{}", level.unwrap_or_default());
        line(tone, &visit.text(id, &[("standard", &name)]), None)
    };
    html! {
        (one("pdfa", "PDF/A"))
        (one("pdfua", "PDF/UA-1"))
        (notes(texts(whole, "norm")))
    }
}
