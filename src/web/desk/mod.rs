//! The desk: what asks for attention.

mod drafts;
mod waiting;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};

use super::answer::Failure;
use super::house::House;
use super::page::{self, Room};
use super::visit::Visit;
use waiting::Waiting;

pub fn routes() -> Router<Arc<House>> {
    Router::new().route("/", get(desk))
}

async fn desk(State(house): State<Arc<House>>, visit: Visit) -> Result<Response, Failure> {
    let today = house.today();
    let found = house.office(move |workspace, register| Waiting::read(workspace, register, today)).await?;
    let body = html! {
        @if page::writes(&visit) { (quick(&visit)) }
        (waiting::due(&visit, &found, today))
        div.grid {
            div { (waiting::open(&visit, &found)) (waiting::unsigned(&visit, &found)) }
            div { (drafts::show(&visit, &found.drafts)) (waiting::mailings(&visit, &found)) }
        }
    };
    Ok(page::page(&visit, Room::Desk, &visit.say("web-room-desk"), body))
}

/// Where most work begins.
fn quick(visit: &Visit) -> Markup {
    html! {
        nav.actions.desk-quick aria-label=(visit.say("web-desk-quick")) {
            a.button href="/letters/new" { (visit.say("web-desk-new-letter")) }
            a.button.second href="/register/receive" { (visit.say("web-desk-receive")) }
            a.button.second href="/mailings/new" { (visit.say("web-desk-new-mailing")) }
        }
    }
}

/// A part of the desk, with how much there is in it.
fn part(id: &str, title: &str, count: &Count, body: &Markup) -> Markup {
    html! {
        section.card.desk-part aria-labelledby=(id) {
            h2 id=(id) { (title) @if count.shown > 0 { " " span.desk-count { (count.words()) } } }
            (body)
        }
    }
}

/// How many there are of what is shown in part.
#[derive(Default)]
struct Count {
    shown: usize,
    more: bool,
}

impl Count {
    fn of<T>(found: &mut Vec<T>, most: usize) -> Self {
        let more = found.len() > most;
        found.truncate(most);
        Self { shown: found.len(), more }
    }

    fn words(&self) -> String {
        format!("{}{}", self.shown, if self.more { "+" } else { "" })
    }
}
