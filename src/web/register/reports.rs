//! What a year comes to: which letters were answered and how soon, and where every number went.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use chrono::Datelike;
use maud::{Markup, html};
use serde_json::Value as Json;

use super::super::answer::Failure;
use super::super::house::House;
use super::super::page::{self, Room};
use super::super::visit::Visit;
use super::{Asked, chart, export, label, rooms};
use crate::register::entry::Status;
use crate::register::query::Choices;
use crate::register::reports::numbers::{self as account, Line};
use crate::register::reports::year::{Overview, Received};

/// So many years can be chosen from.
const MOST: u32 = 200;

/// The year that is asked for; this one, if none is.
fn year_of(asked: &Asked, house: &House) -> i32 {
    let year = asked.number("jaar").filter(|year| (0..=9999).contains(year));
    year.and_then(|year| i32::try_from(year).ok()).unwrap_or_else(|| house.today().year())
}

pub(super) async fn year(
    State(house): State<Arc<House>>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let year = year_of(&asked, &house);
    let read = house
        .register(move |register| register.read(|tx| Ok((Overview::read(tx, year)?, Choices::read(tx, MOST)?.years))));
    let (overview, years) = read.await?;
    let title = visit.text("web-register-year-title", &[("year", &year.to_string())]);
    let here = "/register/report/year";
    let body = html! {
        (rooms(&visit, here))
        (choice(&visit, here, year, &years))
        (totals(&visit, &overview))
        (chart::chart(&visit, &overview))
        (letters(&visit, &overview))
        (downloads(&visit, here, year))
    };
    Ok(page::page(&visit, Room::Register, &title, body))
}

pub(super) async fn year_json(
    State(house): State<Arc<House>>,
    _: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let year = year_of(&asked, &house);
    let overview = house.register(move |register| register.read(|tx| Overview::read(tx, year))).await?;
    let json: Json = overview.letters.iter().map(Received::json).collect();
    Ok(export::json(&format!("jaaroverzicht-{year:04}.json"), &json))
}

/// The form that chooses a year.
fn choice(visit: &Visit, path: &str, year: i32, years: &[String]) -> Markup {
    let year = format!("{year:04}");
    html! {
        form.row.no-print method="get" action=(path) {
            div.field {
                label for="jaar" { (label(visit, "jaar")) }
                select id="jaar" name="jaar" {
                    @if !years.contains(&year) { option value=(year) selected { (year) } }
                    @for known in years { option value=(known) selected[*known == year] { (known) } }
                }
            }
            button.second { (visit.say("web-register-show")) }
        }
    }
}

fn downloads(visit: &Visit, path: &str, year: i32) -> Markup {
    html! {
        section.downloads.no-print aria-labelledby="downloads" {
            h2 #downloads { (visit.say("web-register-keep")) }
            p { (visit.say("web-register-print-help")) }
            ul.links { li { a href=(format!("{path}.json?jaar={year}")) { (visit.say("web-register-this-json")) } } }
            p { (visit.say("web-register-export-help")) }
            (export::links(visit))
        }
    }
}

fn totals(visit: &Visit, overview: &Overview) -> Markup {
    let count = |count: usize| count.to_string();
    let tenths = |tenths: Option<i64>| {
        let tenths = tenths?;
        let sign = if tenths < 0 { "-" } else { "" };
        let point = visit.say("web-point");
        Some(format!("{sign}{}{point}{}", tenths.abs() / 10, tenths.abs() % 10))
    };
    let none = || "–".to_string();
    let all = [
        ("web-register-total-received", count(overview.letters.len())),
        ("web-register-total-answered", count(overview.answered())),
        ("web-register-total-handled", count(overview.handled())),
        ("web-register-total-open", count(overview.open())),
        ("web-register-total-late", count(overview.late())),
        ("web-register-total-average", tenths(overview.average()).unwrap_or_else(none)),
        ("web-register-total-median", tenths(overview.median()).unwrap_or_else(none)),
    ];
    html! {
        dl.totals { @for (id, value) in all { div { dt { (visit.text(id, &[])) } dd { (value) } } } }
    }
}

fn letters(visit: &Visit, overview: &Overview) -> Markup {
    let fields = ["id", "ontvangen", "beantwoord_op"];
    html! {
        section {
            h2 #received { (visit.say("web-register-year-letters")) }
            @if overview.letters.is_empty() { p.empty { (visit.say("web-register-year-none")) } }
            @else {
                div.scroll tabindex="0" role="region" aria-labelledby="received" {
                    table.report {
                        caption { (visit.say("web-register-year-caption")) }
                        thead {
                            tr {
                                @for field in fields { th scope="col" { (label(visit, field)) } }
                                th.number scope="col" { (label(visit, "dagen")) }
                                @for field in ["beantwoord_door", "onderwerp"] { th scope="col" { (label(visit, field)) } }
                            }
                        }
                        tbody { @for letter in &overview.letters { (row(visit, letter)) } }
                    }
                }
                @if overview.letters.iter().any(|letter| letter.entry.received.is_none()) {
                    p.help { (visit.say("year-dated")) }
                }
            }
        }
    }
}

fn row(visit: &Visit, letter: &Received) -> Markup {
    let (entry, answer) = (&letter.entry, letter.answer.as_ref());
    html! {
        tr {
            th scope="row" { a href=(page::entry_url(&entry.id)) { (entry.id) } }
            td.nowrap {
                @if entry.received.is_none() && entry.dated.is_some() { "(" (page::day(entry.dated)) ")" }
                @else { (page::day(entry.received)) }
            }
            td.nowrap { (page::day(answer.and_then(|answer| answer.dated))) }
            td.number {
                @if let Some(days) = letter.days() { (days) } @else { "–" }
                @if letter.is_late() { br; span.tag.late { (visit.say("web-register-late-answer")) } }
            }
            td {
                @if let Some(answer) = answer { a href=(page::entry_url(&answer.id)) { (answer.id) } }
                @else { (page::status(visit, entry.status)) }
            }
            td.about {
                (entry.subject)
                @if let Some(name) = &entry.correspondent { span.from { (name) } }
            }
        }
    }
}

pub(super) async fn numbers(
    State(house): State<Arc<House>>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let year = year_of(&asked, &house);
    let read = house.office(move |workspace, register| {
        register.read(|tx| Ok((account::account(tx, workspace.settings(), year)?, Choices::read(tx, MOST)?.years)))
    });
    let (lines, years) = read.await?;
    let title = visit.text("web-register-numbers-title", &[("year", &year.to_string())]);
    let here = "/register/report/numbers";
    let body = html! {
        (rooms(&visit, here))
        (choice(&visit, here, year, &years))
        p { (visit.say("web-register-numbers-help")) }
        (account(&visit, &lines))
        (downloads(&visit, here, year))
    };
    Ok(page::page(&visit, Room::Register, &title, body))
}

pub(super) async fn numbers_json(
    State(house): State<Arc<House>>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let year = year_of(&asked, &house);
    let read =
        house.office(move |workspace, register| register.read(|tx| account::account(tx, workspace.settings(), year)));
    let json: Json = read.await?.iter().map(|line| line.json(visit.messages())).collect();
    Ok(export::json(&format!("nummers-{year:04}.json"), &json))
}

fn account(visit: &Visit, lines: &[Line]) -> Markup {
    let totals = account::totals(lines);
    let all = totals.iter().fold(0_i64, |sum, (_, count)| sum.saturating_add(*count));
    html! {
        @if lines.is_empty() { p.empty { (visit.say("web-register-numbers-none")) } }
        @else {
            table.report.small {
                caption { (visit.say("web-register-numbers-totals")) }
                thead {
                    tr { th scope="col" { (label(visit, "status")) } th.number scope="col" { (label(visit, "aantal")) } }
                }
                tbody {
                    @for (status, count) in &totals {
                        tr { th scope="row" { (status_word(visit, status)) } td.number { (count) } }
                    }
                }
                tfoot { tr { th scope="row" { (visit.say("web-register-sum")) } td.number { (all) } } }
            }
            h2 #account { (visit.say("web-register-numbers")) }
            div.scroll tabindex="0" role="region" aria-labelledby="account" {
                table.report {
                    caption { (visit.say("web-register-numbers-caption")) }
                    thead {
                        tr { @for name in ["id", "reeks", "status", "brief", "reden"] { th scope="col" { (label(visit, name)) } } }
                    }
                    tbody { @for line in lines { (line_row(visit, line)) } }
                }
            }
        }
    }
}

fn line_row(visit: &Visit, line: &Line) -> Markup {
    let is_missing = line.status == account::MISSING;
    html! {
        tr {
            th scope="row" { (line.number) }
            td { (visit.text(&format!("web-register-series-{}", line.kind.word()), &[])) }
            td {
                span.tag.late[is_missing] { (status_word(visit, &line.status)) }
                @if line.by_hand { " " span.faint { (visit.say("web-register-by-hand")) } }
            }
            td { @if let Some(id) = &line.id { a href=(page::entry_url(id)) { (id) } } @else { "–" } }
            td.about { (line.reason.as_ref().map(|reason| reason.words(visit.messages())).unwrap_or_default()) }
        }
    }
}

/// The status of a number: that of its letter, or what became of it without one.
fn status_word(visit: &Visit, status: &str) -> String {
    match (Status::of_word(status), status) {
        (Some(status), _) => page::status(visit, status),
        (None, "gebruikt" | account::NOT_IMPORTED | account::MISSING) => {
            visit.text(&format!("web-register-number-{}", status.replace('_', "-")), &[])
        }
        (None, other) => other.to_string(),
    }
}
