//! The three answers about a letter, kept apart: its signatures, its contents, the standards.

use maud::{Markup, html};
use serde_json::Value as Json;

use super::super::visit::Visit;
use crate::signature::lines::{Line, Worth, answers};
use crate::zone;

/// The class of an answer, and the sign beside its words, never instead of them.
fn parts(worth: Worth) -> (&'static str, &'static str) {
    match worth {
        Worth::Good => ("good", "✓"),
        Worth::Doubtful => ("waiting", "!"),
        Worth::Bad => ("late", "✕"),
        Worth::Neutral => ("plain", "–"),
    }
}

/// The answers as `archive show` gives them. `is_ours`: the letter was issued here, and did not come in.
pub(super) fn show(visit: &Visit, whole: &Json, is_ours: bool) -> Markup {
    html! {
        div.archive-verdict {
            @for answer in answers(whole, is_ours, visit.messages()) {
                section.card aria-labelledby=(answer.title) {
                    h2 id=(answer.title) { (visit.say(answer.title)) }
                    @for one in &answer.lines { (line(one)) }
                }
            }
        }
        @if let Some(moment) = whole["gecontroleerd"].as_str() {
            p.faint { (visit.text("web-archive-judged", &[("moment", &clock(moment))])) }
        }
    }
}

fn line(line: &Line) -> Markup {
    let (class, sign) = parts(line.worth);
    html! {
        p.archive-answer.(class) {
            span.archive-sign aria-hidden="true" { (sign) }
            span { strong { (line.words) } @if let Some(reason) = &line.reason { ": " (reason) } }
        }
        @if !line.notes.is_empty() { ul.archive-notes { @for note in &line.notes { li { (note) } } } }
    }
}

fn clock(moment: &str) -> String {
    moment.parse().map_or_else(|_| moment.to_string(), zone::minute)
}
