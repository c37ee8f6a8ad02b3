//! What answered what, and what happened to a letter.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::super::page;
use super::super::visit::Visit;
use super::{label, tag};
use crate::register::history::{self, Event, WHATS};
use crate::register::query;
use crate::register::thread::{Step, Thread};

/// The thread of a letter: an answer further in than what it answers. Nothing if the letter stands alone.
pub(super) fn thread(visit: &Visit, thread: &Thread, id: &str, today: NaiveDate) -> Markup {
    if thread.steps.len() < 2 {
        return html! {};
    }
    html! {
        section aria-labelledby="thread" {
            h2 #thread { (visit.say("web-register-thread")) }
            (level(visit, &thread.steps, id, today))
            @if thread.more { p.help { (visit.say("web-register-thread-more")) } }
        }
    }
}

/// Steps as a list: each with the deeper ones that follow it as a list of its own.
fn level(visit: &Visit, steps: &[Step], id: &str, today: NaiveDate) -> Markup {
    let mut rest = steps;
    let mut items = Vec::new();
    while let Some((first, after)) = rest.split_first() {
        let deeper = after.iter().take_while(|step| step.depth > first.depth).count();
        let (below, next) = after.split_at(deeper);
        items.push((first, below));
        rest = next;
    }
    html! {
        ol.thread {
            @for (step, below) in items {
                li {
                    (letter(visit, step, id, today))
                    @if !below.is_empty() { (level(visit, below, id, today)) }
                }
            }
        }
    }
}

fn letter(visit: &Visit, step: &Step, id: &str, today: NaiveDate) -> Markup {
    let (entry, answers) = (&step.listed.entry, &step.listed.answers);
    let is_this = entry.id == id;
    html! {
        div.step.this[is_this] {
            (page::day(query::day(entry))) " "
            @if is_this {
                strong { (entry.id) } " " span.faint { (visit.say("web-register-this")) }
            } @else {
                a href=(page::entry_url(&entry.id)) { (entry.id) }
            }
            " " (tag::status(visit, entry, today))
            span.about {
                @if !answers.is_empty() {
                    span.faint { (visit.text("thread-answers", &[("ids", &answers.join(", "))])) ": " }
                }
                (entry.subject)
            }
        }
    }
}

/// What happened to a letter, the oldest first.
pub(super) fn events(visit: &Visit, events: &[Event]) -> Markup {
    html! {
        section aria-labelledby="events" {
            h2 #events { (visit.say("sheet-events")) }
            ol.events {
                @for event in events {
                    li {
                        @let moment = history::local(&event.moment);
                        @match &moment {
                            Some(local) => time datetime=(event.moment) { (local) },
                            None => span { (event.moment) },
                        }
                        " " strong { (what(visit, &event.what)) } " " span.faint { (event.who) }
                        @let details = event.details.as_ref().map(history::details).unwrap_or_default();
                        @if !details.is_empty() {
                            dl.details {
                                @for (name, value) in details {
                                    dt { @if name.is_empty() { "–" } @else { (label(visit, &name)) } }
                                    dd { (value) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn what(visit: &Visit, what: &str) -> String {
    if WHATS.contains(&what) { visit.text(&format!("event-{what}"), &[]) } else { what.to_string() }
}
