//! A prepared mailing: its columns beside the letter, what was found in its rows, another table in the place of this one.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde_json::Value as Json;

use super::checks::{Check, Checked, is_error};
use super::reading::{Reading, Use};
use super::runs::Run;
use super::weigh::weighed;
use super::{Own, Work, below, new, standing};
use crate::error::{Error, Finding};
use crate::mailing::outcome::Outcome;
use crate::mailing::prepared::Prepared;
use crate::mailing::recipients::{Recipients, printable};
use crate::table;
use crate::web::answer::Failure;
use crate::web::house::House;
use crate::web::letters;
use crate::web::page::{self, Room};
use crate::web::posted::{Posted, Uploaded};
use crate::web::visit::Visit;

/// The most rows whose findings a page shows; the file to mend has all.
const MOST_SHOWN: usize = 200;

/// The page of a prepared mailing, also of one that was started.
pub(super) async fn show(
    State(house): State<Arc<House>>,
    Extension(work): Own,
    visit: Visit,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    let reading = work.read(&house, &name).await?.ok_or(Failure::Missing)?;
    Ok(shown(&house, &work, &visit, &reading, true))
}

/// Checks a mailing again, for what it is made with besides its letter and table.
pub(super) async fn check_again(
    State(house): State<Arc<House>>,
    Extension(work): Own,
    Path(name): Path<String>,
    Posted(_): Posted,
) -> Result<Response, Failure> {
    work.read(&house, &name).await?.ok_or(Failure::Missing)?;
    work.forget_check(&name);
    Ok(Redirect::to(&below(&name, "table")).into_response())
}

/// Gives a mailing another table; one that was started elsewhere gets its first.
pub(super) async fn replace(
    State(house): State<Arc<House>>,
    Extension(work): Own,
    visit: Visit,
    Path(name): Path<String>,
    mut sent: Uploaded,
) -> Result<Response, Failure> {
    let at = sent.files.iter().position(|file| file.field == "table");
    let file = at.map(|at| sent.files.swap_remove(at)).ok_or_else(|| Error::from(Finding::error("mail-no-table")))?;
    if work.is_going(&name) {
        return Err(Error::from(Finding::error("mail-busy").arg("name", printable(&name))).into());
    }
    let turn = weighed(&house, &visit, &file).await?;
    let own = name.clone();
    house
        .office(move |workspace, register| {
            let _turn = turn;
            let path = file.file.path();
            table::read(path, file.name.as_ref())?;
            if let Some(prepared) = Prepared::find(workspace, &own) {
                return prepared.replace(workspace, &file.name, path).map(drop);
            }
            let mailing = Outcome::mailing(register, &own)?;
            Prepared::new(&mailing.name, &mailing.letter, &file.name)?.keep(workspace, path)
        })
        .await?;
    Ok(Redirect::to(&below(&name, "table")).into_response())
}

/// The page of a prepared mailing.
pub(super) fn shown(house: &Arc<House>, work: &Work, visit: &Visit, reading: &Reading, is_started: bool) -> Response {
    let prepared = &reading.prepared;
    let check = reading.recipients.is_some().then(|| work.check(house, visit, reading));
    let failed = match work.run(&prepared.name) {
        Some(Run::Ended(ended)) if !is_started => Some(ended),
        _ => None,
    };
    let body = html! {
        @if let Some(ended) = failed { (standing::failed(visit, &ended)) }
        dl.facts.card {
            dt { (visit.say("web-mailings-letter")) }
            dd { a href=(letters::url("edit", &prepared.letter)) { (prepared.letter) } }
            dt { (visit.say("web-mailings-table")) }
            dd { (prepared.table) }
            @if let Some(recipients) = &reading.recipients {
                dt { (visit.say("web-mailings-rows")) }
                dd { (recipients.rows.len()) }
            }
            @if is_started {
                dt { (visit.say("web-mailings-state")) }
                dd { a href=(super::url(&prepared.name)) { (visit.say("web-mailings-to-standing")) } }
            }
        }
        @if !reading.refused.is_empty() {
            h2 { (visit.say("web-mailings-unreadable")) }
            (page::findings(visit, &reading.refused))
        }
        @if let (Some(recipients), Some(check)) = (&reading.recipients, &check) {
            h2 { (visit.say("web-mailings-checked")) }
            (found(visit, reading, recipients, check))
            (jump(visit, &prepared.name, recipients.rows.first().map_or(1, |row| row.number())))
            h2 { (visit.say("web-mailings-columns")) }
            (columns(visit, reading, recipients))
        }
        @if page::writes(visit) {
            h2 { (visit.say("web-mailings-replace")) }
            details open[!reading.refused.is_empty()] {
                summary { (visit.say("web-mailings-replace-summary")) }
                p.help { (visit.say("web-mailings-replace-help")) }
                (upload(visit, &prepared.name))
            }
        }
    };
    page::page(visit, Room::Mailings, &prepared.name, body)
}

/// The form for another table.
pub(super) fn upload(visit: &Visit, name: &str) -> Markup {
    html! {
        form.card.mailing-form method="post" action=(below(name, "table")) enctype="multipart/form-data" {
            (page::hidden(visit))
            (new::table_field(visit))
            button.second { (visit.say("web-mailings-upload")) }
        }
    }
}

fn found(visit: &Visit, reading: &Reading, recipients: &Recipients, check: &Check) -> Markup {
    let name = &reading.prepared.name;
    match check {
        Check::Running => html! {
            section #check data-renew="2" {
                p role="status" { (visit.text("web-mailings-checking", &[("count", &recipients.rows.len().to_string())])) }
                progress aria-label=(visit.say("web-mailings-checked")) {}
            }
        },
        Check::Failed(findings) => html! {
            section #check {
                p { (visit.say("web-mailings-check-failed")) }
                (page::told(visit, findings))
                (again(visit, name))
            }
        },
        Check::Done(checked) => html! {
            section #check {
                (verdict(visit, checked))
                @if is_ready(recipients, checked) {
                    @if page::writes(visit) && checked.fine > 0 {
                        p.actions {
                            a.button href=(below(name, "start")) { (visit.say("web-mailings-to-start")) }
                        }
                    }
                } @else {
                    p.alert { (visit.say("web-mailings-not-ready")) }
                }
                (findings(visit, name, recipients, checked))
                (again(visit, name))
            }
        },
    }
}

/// Whether nothing in the columns keeps the mailing from being started.
pub(super) fn is_ready(recipients: &Recipients, checked: &Checked) -> bool {
    !checked.of(recipients.layout.header).iter().any(is_error)
}

/// How many rows are in order, and how many not.
fn verdict(visit: &Visit, checked: &Checked) -> Markup {
    let count = |number: u64| number.to_string();
    let counts =
        [("total", &*count(checked.total)), ("fine", &*count(checked.fine)), ("wrong", &*count(checked.wrong))];
    let class = if checked.wrong == 0 { "done" } else { "noted" };
    let words = if checked.wrong == 0 { "web-mailings-all-fine" } else { "web-mailings-some-wrong" };
    html! { p class=(class) { (visit.text(words, &counts)) } }
}

fn again(visit: &Visit, name: &str) -> Markup {
    html! {
        @if page::writes(visit) {
            form.actions method="post" action=(below(name, "check")) {
                (page::hidden(visit))
                button.plain { (visit.say("web-mailings-check-again")) }
                span.help { (visit.say("web-mailings-check-again-help")) }
            }
        }
    }
}

fn findings(visit: &Visit, name: &str, recipients: &Recipients, checked: &Checked) -> Markup {
    let header = recipients.layout.header as u64;
    let of_columns = checked.of(recipients.layout.header);
    let rows = || checked.rows.iter().filter(|(row, _)| *row != header);
    let is_wrong = |found: &[Json]| found.iter().any(is_error);
    let wrong: Vec<_> = rows().filter(|(_, found)| is_wrong(found)).collect();
    let noted: Vec<_> = rows().filter(|(_, found)| !is_wrong(found)).collect();
    html! {
        @if !of_columns.is_empty() {
            h3 { (visit.say("web-mailings-found-columns")) }
            (rows_found(visit, name, &[(header, of_columns)], false))
        }
        @if !wrong.is_empty() {
            h3 { (visit.say("web-mailings-found-wrong")) }
            p { a href=(below(name, "refused.csv")) download { (visit.say("web-mailings-refused-csv")) } }
            (rows_found(visit, name, &shorten(&wrong), true))
            (more(visit, wrong.len()))
        }
        @if !noted.is_empty() {
            h3 { (visit.say("web-mailings-found-noted")) }
            (rows_found(visit, name, &shorten(&noted), true))
            (more(visit, noted.len()))
        }
    }
}

fn shorten<'a>(rows: &[&'a (u64, Vec<Json>)]) -> Vec<(u64, &'a [Json])> {
    rows.iter().take(MOST_SHOWN).map(|(row, found)| (*row, found.as_slice())).collect()
}

fn more(visit: &Visit, count: usize) -> Markup {
    let left = count.saturating_sub(MOST_SHOWN);
    html! { @if left > 0 { p.faint { (visit.text("web-mailings-more", &[("count", &left.to_string())])) } } }
}

fn rows_found(visit: &Visit, name: &str, rows: &[(u64, &[Json])], links: bool) -> Markup {
    html! {
        div.scroll { table.found {
            caption.visually-hidden { (visit.say("web-mailings-checked")) }
            thead { tr {
                th.number scope="col" { (visit.say("web-mailings-row")) }
                th scope="col" { (visit.say("web-mailings-column")) }
                th scope="col" { (visit.say("web-mailings-finding")) }
            } }
            tbody { @for (row, found) in rows { @for finding in *found { tr {
                td.number {
                    @if links { a href=(below(name, &format!("row/{row}"))) { (row) } } @else { (row) }
                }
                td { (finding["sleutel"].as_str().unwrap_or("–")) }
                td { (severity(visit, finding)) " " (finding["melding"].as_str().unwrap_or_default()) }
            } } } }
        } }
    }
}

fn severity(visit: &Visit, finding: &Json) -> Markup {
    if is_error(finding) {
        html! { span.tag.late { (visit.say("label-error")) } }
    } else {
        html! { span.tag.waiting { (visit.say("label-warning")) } }
    }
}

/// The way to the letter of a row.
pub(super) fn jump(visit: &Visit, name: &str, row: usize) -> Markup {
    html! {
        form.row.no-print method="get" action=(below(name, "row")) {
            div.field {
                label for="rij" { (visit.say("web-mailings-jump")) }
                input #rij.short type="number" name="rij" min="1" required value=(row);
            }
            button.second { (visit.say("web-mailings-jump-go")) }
        }
    }
}

fn columns(visit: &Visit, reading: &Reading, recipients: &Recipients) -> Markup {
    let first = recipients.rows.first();
    html! {
        div.scroll { table {
            caption { (visit.say("web-mailings-columns-caption")) }
            thead { tr {
                th scope="col" { (visit.say("web-mailings-column")) }
                th scope="col" { (visit.say("web-mailings-column-name")) }
                th scope="col" { (visit.say("web-mailings-column-use")) }
                th scope="col" { (visit.say("web-mailings-column-first")) }
            } }
            tbody { @for (index, (name, number, fills)) in recipients.layout.columns.iter().enumerate() { tr {
                td { (table::letters(number.saturating_sub(1))) }
                th scope="row" { (printable(name)) }
                td { (uses(visit, &reading.uses(index, name, fills))) }
                td { (first.map(|row| printable(row.row.cell(index))).unwrap_or_default()) }
            } } }
        } }
    }
}

fn uses(visit: &Visit, what: &Use) -> Markup {
    match what {
        Use::Field(key) => html! { (visit.say("web-mailings-use-field")) " " code { (key) } },
        Use::Named(name) => {
            html! { (visit.say("web-mailings-use-named")) " " code { "{{rij." (printable(name)) "}}" } }
        }
        Use::Reason => html! { (visit.say("web-mailings-use-reason")) },
        Use::Unused => html! {
            span.tag.waiting { (visit.say("web-mailings-unused")) } " " (visit.say("web-mailings-unused-help"))
        },
    }
}
