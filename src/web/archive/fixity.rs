//! Whether every file is what was archived: asked for by who manages, done in a process of its own, told on a page.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use serde_json::Value as Json;

use super::super::answer::Failure;
use super::super::errand;
use super::super::house::House;
use super::super::page::{self, Room};
use super::super::posted::Posted;
use super::super::visit::Visit;
use crate::register::accounts::Role;
use crate::zone;

/// How long an audit may take: all bytes of the archive are read.
const LIMIT: Duration = Duration::from_secs(24 * 60 * 60);

/// The most faults that the page names.
const MOST: usize = 200;

/// The last audit since the workbench was started, of which there is one at a time.
#[derive(Default)]
pub struct Fixity(Mutex<Option<Audit>>);

#[derive(Clone)]
struct Audit {
    name: String,
    begun: DateTime<Utc>,
    end: Option<End>,
}

#[derive(Clone)]
enum End {
    /// What `archive verify` answers.
    Answer(Json),
    /// Why there is no answer: findings, or nothing but that it failed.
    Refused(Vec<Json>),
    Failed,
}

impl Fixity {
    fn now(&self) -> Option<Audit> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Begins an audit, unless one is under way.
    fn begin(&self, audit: Audit) -> bool {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_free = now.as_ref().is_none_or(|audit| audit.end.is_some());
        if is_free {
            *now = Some(audit);
        }
        is_free
    }

    fn end(&self, end: End) {
        if let Some(audit) = self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            audit.end = Some(end);
        }
    }
}

pub(super) async fn verify(State(house): State<Arc<House>>, visit: Visit, _: Posted) -> Result<Response, Failure> {
    visit.must(Role::Manage)?;
    let audit = Audit { name: visit.name().to_string(), begun: house.now(), end: None };
    if house.fixity.begin(audit) {
        tokio::spawn(async move {
            let done = errand::run(&house, &visit, &["archive".into(), "verify".into()], LIMIT).await;
            house.fixity.end(match done {
                Ok(done) => End::Answer(done.answer),
                Err(Failure::Told(findings)) => End::Refused(findings),
                Err(_) => End::Failed,
            });
        });
    }
    Ok(Redirect::to("/archive/fixity").into_response())
}

pub(super) async fn show(State(house): State<Arc<House>>, visit: Visit) -> Response {
    let last = house.fixity.now();
    let runs = last.as_ref().is_some_and(|audit| audit.end.is_none());
    let body = html! {
        p { (visit.say("web-fixity-what")) }
        div #audit data-renew=[runs.then_some("1")] {
            @match &last {
                None => p.empty { (visit.say("web-fixity-none")) },
                Some(audit) => (told(&visit, audit)),
            }
        }
        @if visit.may(Role::Manage) && !runs {
            form.actions method="post" action="/archive/verify" {
                (page::hidden(&visit))
                button { (visit.say("web-fixity-do")) }
            }
        }
        p { a href="/archive" { (visit.say("web-fixity-back")) } }
    };
    page::page(&visit, Room::Archive, &visit.say("web-archive-fixity"), body)
}

fn told(visit: &Visit, audit: &Audit) -> Markup {
    let (moment, name) = (zone::minute(audit.begun), audit.name.as_str());
    html! {
        p.faint { (visit.text("web-fixity-when", &[("moment", &moment), ("name", name)])) }
        div role="status" {
            @match &audit.end {
                None => p { (visit.say("web-fixity-runs")) },
                Some(End::Answer(answer)) => (verdict(visit, answer)),
                Some(End::Refused(findings)) => (page::told(visit, findings)),
                Some(End::Failed) => p.alert { (visit.say("web-fixity-failed")) },
            }
        }
    }
}

fn verdict(visit: &Visit, answer: &Json) -> Markup {
    let faults: Vec<_> = answer["fouten"].as_array().into_iter().flatten().collect();
    let letters = answer["objecten"].as_u64().unwrap_or_default().to_string();
    if answer["in_orde"].as_bool() == Some(true) {
        let letters = if letters == "1" { "one" } else { &letters };
        return html! {
            p.done { span aria-hidden="true" { "✓ " } (visit.text("web-fixity-clean", &[("letters", letters)])) }
        };
    }
    let number = faults.len().to_string();
    let number = if number == "1" { "one" } else { &number };
    html! {
        p.alert {
            span aria-hidden="true" { "✕ " }
            (visit.text("web-fixity-wrong", &[("letters", &letters), ("faults", number)]))
        }
        ul.findings {
            @for fault in faults.iter().take(MOST) {
                li.error {
                    @if let Some(id) = fault["id"].as_str() {
                        a href={ "/archive/" (page::segment(id)) } { (id) } ": "
                    }
                    (reason(&fault["reden"]))
                    @if let Some(file) = fault["bestand"].as_str() { " " code { (file) } }
                }
            }
        }
        @if faults.len() > MOST { p { (visit.say("web-fixity-more")) } }
    }
}

/// Why a file is not what it was: words, or a finding with words.
fn reason(reason: &Json) -> &str {
    reason.as_str().or(reason["melding"].as_str()).unwrap_or_default()
}
