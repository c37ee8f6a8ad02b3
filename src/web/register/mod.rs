//! The register: what came in and went out, what answered what, and what is noted of it.
//!
//! [`list`] finds letters, [`entry`] shows one, with [`history`] what happened to it and [`file`] what belongs to it.
//! [`forms`] are what can be done to it and [`actions`] does that; what it gave is [`told`] on the page that follows.
//! [`receive`] takes in what came, [`reports`] say what a year comes to, [`verify`] holds the register against itself.

mod actions;
mod chart;
mod entry;
mod export;
mod file;
mod forms;
mod history;
mod list;
mod receive;
mod reports;
mod tag;
mod told;
mod verify;

pub(in crate::web) use told::Told;

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use maud::{Markup, html};

use super::MAX_FILE;
use super::house::House;
use super::page;
use super::visit::Visit;
use crate::register::accounts::Role;

pub fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/register", get(list::list))
        .route("/register/entry/{id}", get(entry::entry))
        .route("/register/entry/{id}/{action}", post(actions::act))
        .route("/register/file/{id}", get(file::file))
        .route("/register/export/{format}", get(export::export))
        .route("/register/receive", get(receive::form).post(receive::receive).layer(DefaultBodyLimit::max(MAX_FILE)))
        .route("/register/report/year", get(reports::year))
        .route("/register/report/year.json", get(reports::year_json))
        .route("/register/report/numbers", get(reports::numbers))
        .route("/register/report/numbers.json", get(reports::numbers_json))
        .route("/register/verify", get(verify::verify))
}

/// What a query asks, by its names: whoever writes one by hand gets a page whatever it holds.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(transparent)]
struct Asked(HashMap<String, String>);

impl Asked {
    /// The value of a name without white space around it; empty if it is not there.
    fn text(&self, name: &str) -> &str {
        self.0.get(name).map(|value| value.trim()).unwrap_or_default()
    }

    fn some(&self, name: &str) -> Option<String> {
        Some(self.text(name).to_string()).filter(|text| !text.is_empty())
    }

    /// Whether anything is asked for at all.
    fn is_anything(&self) -> bool {
        self.0.values().any(|value| !value.trim().is_empty())
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.text(name).parse().ok()
    }
}

/// The pages of the room; `here` is the path of the one that shows them.
fn rooms(visit: &Visit, here: &str) -> Markup {
    let pages = [
        ("/register", visit.say("web-register-list"), true),
        ("/register/receive", visit.say("web-register-receive"), page::writes(visit)),
        ("/register/report/year", visit.say("web-register-year"), true),
        ("/register/report/numbers", visit.say("web-register-numbers"), true),
        ("/register/verify", visit.say("web-register-verify"), visit.may(Role::Manage)),
    ];
    html! {
        nav.pages.no-print aria-label=(visit.say("web-register-pages")) {
            @for (path, name, shown) in pages {
                @if shown { a href=(path) aria-current=[(path == here).then_some("page")] { (name) } }
            }
        }
    }
}

/// A number of days in words.
fn days(visit: &Visit, days: i64) -> String {
    match days {
        1 => visit.say("web-register-one-day"),
        _ => visit.text("web-register-days", &[("days", &days.to_string())]),
    }
}

/// What a field of a letter is called, with a capital; a name that has no words stays as it is.
fn label(visit: &Visit, field: &str) -> String {
    let known = ["web-register-field", "field"].map(|room| format!("{room}-{field}")).into_iter();
    let words = known.map(|id| (visit.text(&id, &[]), id)).find(|(words, id)| words != id).map(|(words, _)| words);
    page::capital(&words.unwrap_or_else(|| field.replace('_', " ")))
}
