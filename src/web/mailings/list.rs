//! The mailings of the workspace: those that were started, as the register has them, and those that are prepared.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::{Own, Work, url};
use crate::mailing::outcome::Summary;
use crate::mailing::prepared::Prepared;
use crate::web::answer::Failure;
use crate::web::house::House;
use crate::web::page::{self, Room};
use crate::web::visit::Visit;

/// How a mailing stands, in one word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Processes work on it.
    Working,
    /// Rows wait, and nobody works on them.
    Stopped,
    /// Every row has its letter.
    Done,
    /// Every row has its letter or was refused.
    Refused,
}

impl Standing {
    pub fn of(work: &Work, summary: &Summary) -> Self {
        let counts = &summary.counts;
        if summary.workers > 0 || work.is_going(&summary.mailing.name) {
            Self::Working
        } else if counts.waiting + counts.busy > 0 {
            Self::Stopped
        } else if counts.refused > 0 {
            Self::Refused
        } else {
            Self::Done
        }
    }

    /// The tag that shows it.
    pub fn tag(self, visit: &Visit) -> Markup {
        let (class, words) = match self {
            Self::Working => ("tag", "web-mailings-working"),
            Self::Stopped => ("tag late", "web-mailings-stopped"),
            Self::Done => ("tag good", "web-mailings-done"),
            Self::Refused => ("tag waiting", "web-mailings-refused"),
        };
        html! { span class=(class) { (visit.say(words)) } }
    }
}

/// The page of all mailings.
pub(super) async fn list(
    State(house): State<Arc<House>>,
    Extension(work): Own,
    visit: Visit,
) -> Result<Response, Failure> {
    let (started, mut prepared) =
        house.office(|workspace, register| Ok((Summary::all(register)?, Prepared::all(workspace)?))).await?;
    prepared.retain(|prepared| !started.iter().any(|summary| summary.mailing.name == prepared.name));
    let title = visit.say("web-room-mailings");
    let body = html! {
        p { (visit.say("web-mailings-about")) }
        @if page::writes(&visit) {
            p.actions { a.button href="/mailings/new" { (visit.say("web-mailings-new")) } }
        }
        @if started.is_empty() && prepared.is_empty() {
            p.empty { (visit.say("web-mailings-none")) }
        }
        @if !prepared.is_empty() {
            h2 { (visit.say("web-mailings-prepared")) }
            div.scroll { table {
                caption.visually-hidden { (visit.say("web-mailings-prepared")) }
                thead { tr {
                    th scope="col" { (visit.say("web-mailings-name")) }
                    th scope="col" { (visit.say("web-mailings-letter")) }
                    th scope="col" { (visit.say("web-mailings-table")) }
                } }
                tbody { @for mailing in &prepared { tr {
                    th scope="row" { a href=(url(&mailing.name)) { (mailing.name) } }
                    td { (mailing.letter) }
                    td { (mailing.table) }
                } } }
            } }
        }
        @if !started.is_empty() {
            h2 { (visit.say("web-mailings-started")) }
            div.scroll { table {
                caption.visually-hidden { (visit.say("web-mailings-started")) }
                thead { tr {
                    th scope="col" { (visit.say("web-mailings-name")) }
                    th scope="col" { (visit.say("web-mailings-letter")) }
                    th scope="col" { (visit.say("web-mailings-state")) }
                    th.number scope="col" { (visit.say("web-mailings-rows")) }
                    th.number scope="col" { (visit.say("web-mailings-rows-done")) }
                    th.number scope="col" { (visit.say("web-mailings-rows-refused")) }
                    th.number scope="col" { (visit.say("web-mailings-rows-waiting")) }
                } }
                tbody { @for summary in &started { tr {
                    th scope="row" { a href=(url(&summary.mailing.name)) { (summary.mailing.name) } }
                    td { (summary.mailing.letter) }
                    td { (Standing::of(&work, summary).tag(&visit)) }
                    td.number { (summary.counts.total()) }
                    td.number { (summary.counts.done) }
                    td.number { (summary.counts.refused) }
                    td.number { (summary.counts.waiting + summary.counts.busy) }
                } } }
            } }
        }
    };
    Ok(page::page(&visit, Room::Mailings, &title, body))
}
