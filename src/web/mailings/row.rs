//! The letter of one row, as it would be printed.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::checks::Check;
use super::reading::{Reading, Use};
use super::{Own, below, table};
use crate::mailing::recipients::{Recipients, printable};
use crate::preview::Job;
use crate::web::answer::Failure;
use crate::web::house::House;
use crate::web::page::{self, Room};
use crate::web::previews::Laid;
use crate::web::visit::Visit;

/// Which row is asked for.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    rij: String,
}

/// Goes to the row of a number, or the next one where that row is empty.
pub(super) async fn jump(
    State(house): State<Arc<House>>,
    Extension(work): Own,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let reading = work.read(&house, &name).await?.ok_or(Failure::Missing)?;
    let rows = reading.recipients.as_ref().map(|recipients| recipients.rows.as_slice()).unwrap_or_default();
    let wanted: usize = asked.rij.trim().parse().map_err(|_| Failure::Missing)?;
    let found = rows.iter().find(|row| row.number() >= wanted).or(rows.last()).ok_or(Failure::Missing)?;
    Ok(Redirect::to(&below(&name, &format!("row/{}", found.number()))).into_response())
}

/// The page of a row.
pub(super) async fn show(
    State(house): State<Arc<House>>,
    Extension(work): Own,
    visit: Visit,
    Path((name, row)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let reading = work.read(&house, &name).await?.ok_or(Failure::Missing)?;
    let recipients = reading.recipients.as_ref().ok_or(Failure::Missing)?;
    let number: usize = row.parse().map_err(|_| Failure::Missing)?;
    let at = recipients.rows.iter().position(|row| row.number() == number).ok_or(Failure::Missing)?;
    let job = Job {
        letter: reading.prepared.letter.clone(),
        table: Some(reading.prepared.table_path()),
        row: Some(number),
        ..Job::default()
    };
    let laid = house.lay_out(&visit, job).await?;
    // What was found in the whole table knows of doubles too.
    let found = match work.check(&house, &visit, &reading) {
        Check::Done(checked) => checked.of(number).to_vec(),
        Check::Running | Check::Failed(_) => laid.findings.clone(),
    };
    let title = visit.text("web-mailings-row-title", &[("row", &number.to_string()), ("name", &name)]);
    let body = html! {
        (steps(&visit, recipients, &name, at))
        div.letter-row {
            div.letter-facts {
                @if !found.is_empty() {
                    h2 { (visit.say("web-mailings-row-found")) }
                    (page::told(&visit, &found))
                }
                h2 { (visit.say("web-mailings-row-cells")) }
                (cells(&visit, &reading, recipients, at))
            }
            (pages(&visit, &laid))
        }
    };
    Ok(page::page(&visit, Room::Mailings, &title, body))
}

fn steps(visit: &Visit, recipients: &Recipients, name: &str, at: usize) -> Markup {
    let row = |at: usize| recipients.rows.get(at).map(|row| below(name, &format!("row/{}", row.number())));
    let (before, after) = (at.checked_sub(1).and_then(row), row(at + 1));
    let count = |number: usize| number.to_string();
    html! {
        nav.row.steps aria-label=(visit.say("web-mailings-row-steps")) {
            @if let Some(before) = before {
                a.button.second href=(before) rel="prev" { (visit.say("web-mailings-row-before")) }
            }
            @if let Some(after) = after {
                a.button.second href=(after) rel="next" { (visit.say("web-mailings-row-after")) }
            }
            (table::jump(visit, name, recipients.rows[at].number()))
            a href=(below(name, "table")) { (visit.say("web-mailings-row-back")) }
            span.faint {
                (visit.text("web-mailings-row-of", &[("at", &count(at + 1)), ("count", &count(recipients.rows.len()))]))
            }
        }
    }
}

fn cells(visit: &Visit, reading: &Reading, recipients: &Recipients, at: usize) -> Markup {
    let columns = recipients.layout.columns.iter().enumerate();
    let row = &recipients.rows[at].row;
    let filled = columns.filter(|(index, _)| !row.cell(*index).is_empty());
    html! {
        dl.facts.card {
            @for (index, (name, _, fills)) in filled {
                dt { (printable(name)) }
                dd {
                    (printable(row.cell(index)))
                    @if matches!(reading.uses(index, name, fills), Use::Unused) {
                        " " span.tag.waiting { (visit.say("web-mailings-unused")) }
                    }
                }
            }
        }
    }
}

fn pages(visit: &Visit, laid: &Laid) -> Markup {
    let count = laid.pages.len().to_string();
    html! {
        div.sheets {
            @if laid.pages.is_empty() {
                p.empty { (visit.say("web-mailings-row-no-pages")) }
            } @else {
                p.help { (visit.say("web-mailings-row-example")) }
            }
            @for (at, hash) in laid.pages.iter().enumerate() {
                img src={ "/letters/pages/" (hash) ".svg" }
                    alt=(visit.text("web-mailings-row-page", &[("at", &(at + 1).to_string()), ("count", &count)]));
            }
        }
    }
}
