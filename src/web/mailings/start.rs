//! The last look before a mailing starts, and its start.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::checks::{Check, Checked};
use super::reading::Reading;
use super::{Own, below, table, url};
use crate::error::{Error, Finding};
use crate::mailing::outcome::Summary;
use crate::mailing::recipients::printable;
use crate::register::accounts::Role;
use crate::register::numbering::{Kind, peek};
use crate::web::answer::Failure;
use crate::web::house::House;
use crate::web::page::{self, Room};
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// What is known of a mailing before it starts.
struct Look {
    /// How far it is, where it was started before.
    before: Option<Summary>,
    /// The number that the register would give next.
    next: String,
}

/// The last look.
pub(super) async fn look(
    State(house): State<Arc<House>>,
    Extension(work): Own,
    visit: Visit,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    visit.must(Role::Write)?;
    let reading = work.read(&house, &name).await?.ok_or(Failure::Missing)?;
    let checked = match (&reading.recipients, work.check(&house, &visit, &reading)) {
        (Some(recipients), Check::Done(checked)) if table::is_ready(recipients, &checked) => checked,
        // There is nothing to look at yet.
        _ => return Ok(Redirect::to(&below(&name, "table")).into_response()),
    };
    let (own, today) = (name.clone(), house.today());
    let look = house
        .office(move |workspace, register| {
            let before = match Summary::read(register, &own) {
                Ok(summary) => Some(summary),
                Err(Error::Refused(_)) => None,
                Err(error) => return Err(error),
            };
            let numbers = &workspace.settings().kenmerk;
            let next = register.read(|tx| peek(tx, Kind::Reference, numbers, today))?;
            Ok(Look { before, next })
        })
        .await?;
    let title = visit.text("web-mailings-start-title", &[("name", &printable(&name))]);
    Ok(page::page(&visit, Room::Mailings, &title, shown(&visit, &reading, &checked, &look)))
}

/// Starts a mailing, or goes on with it.
pub(super) async fn start(
    State(house): State<Arc<House>>,
    Extension(work): Own,
    visit: Visit,
    Path(name): Path<String>,
    Posted(fields): Posted,
) -> Result<Response, Failure> {
    let reading = work.read(&house, &name).await?.ok_or(Failure::Missing)?;
    if !work.is_going(&name) {
        if fields.text("digest") != reading.digest {
            return Err(Error::from(Finding::error("mail-look-old")).into());
        }
        work.start(&house, &visit, &reading.prepared)?;
    }
    Ok(Redirect::to(&url(&name)).into_response())
}

/// The button that goes on with a mailing as its table and letter are now.
pub(super) fn go_on(visit: &Visit, reading: &Reading) -> Markup {
    html! {
        form.actions method="post" action=(below(&reading.prepared.name, "start")) {
            (page::hidden(visit))
            input type="hidden" name="digest" value=(reading.digest);
            button { (visit.say("web-mailings-go-on")) }
        }
    }
}

fn shown(visit: &Visit, reading: &Reading, checked: &Checked, look: &Look) -> Markup {
    let prepared = &reading.prepared;
    let count = |number: u64| number.to_string();
    let is_new = look.before.is_none();
    html! {
        dl.facts.card {
            dt { (visit.say("web-mailings-letter")) }
            dd { (prepared.letter) }
            dt { (visit.say("web-mailings-table")) }
            dd { (prepared.table) }
            dt { (visit.say("web-mailings-rows")) }
            dd { (checked.total) }
            @if let Some(before) = &look.before {
                dt { (visit.say("web-mailings-have-letter")) }
                dd { (before.counts.done) }
                dt { (visit.say("web-mailings-get-letter")) }
                dd { strong { (checked.fine.saturating_sub(before.counts.done)) } }
            } @else {
                dt { (visit.say("web-mailings-get-letter")) }
                dd { strong { (checked.fine) } }
            }
            dt { (visit.say("web-mailings-refused-rows")) }
            dd { (checked.wrong) @if checked.wrong > 0 { " – " (visit.say("web-mailings-refused-out")) } }
            dt { (visit.say("web-mailings-numbers")) }
            dd { (visit.text("web-mailings-numbers-from", &[("number", &look.next)])) }
        }
        @if is_new {
            p { (visit.text("web-mailings-start-new", &[("count", &count(checked.fine))])) }
        } @else {
            p { (visit.say("web-mailings-start-again")) }
        }
        form.actions method="post" action=(below(&prepared.name, "start")) {
            (page::hidden(visit))
            input type="hidden" name="digest" value=(reading.digest);
            button {
                @if is_new { (visit.text("web-mailings-start", &[("count", &count(checked.fine))])) }
                @else { (visit.say("web-mailings-go-on")) }
            }
            a href=(below(&prepared.name, "table")) { (visit.say("web-mailings-back")) }
        }
    }
}
