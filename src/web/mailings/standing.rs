//! How a mailing stands: while it runs, when it stopped, and what came of every row.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::list::Standing;
use super::reading::Reading;
use super::runs::{Ended, Run};
use super::{Own, Work, below, start, table, url};
use crate::error::Error;
use crate::mailing::outcome::{self, Outcome, Summary};
use crate::register::mailings::{Progress, Standing as Row};
use crate::web::answer::Failure;
use crate::web::house::House;
use crate::web::page::{self, Room};
use crate::web::visit::{Visit, form_urlencoded};

/// How many rows a page shows.
const ROWS: usize = 100;

/// Which rows are asked for.
#[derive(Deserialize)]
pub(super) struct Asked {
    /// Those that are so far: a word of [`Progress`]; all if empty.
    #[serde(default)]
    status: String,
    /// The page, from 1.
    #[serde(default)]
    page: String,
}

/// The page of a mailing.
pub(super) async fn show(
    State(house): State<Arc<House>>,
    Extension(work): Own,
    visit: Visit,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let own = name.clone();
    let known = house
        .register(move |register| match Summary::read(register, &own) {
            Ok(summary) => Ok(Some(summary)),
            Err(Error::Refused(_)) => Ok(None),
            Err(error) => Err(error),
        })
        .await?;
    let reading = work.read(&house, &name).await?;
    let Some(summary) = known else {
        let reading = reading.ok_or(Failure::Missing)?;
        return Ok(if work.is_going(&name) {
            page::page(&visit, Room::Mailings, &name, planning(&visit, &reading))
        } else {
            table::shown(&house, &work, &visit, &reading, false)
        });
    };
    let standing = Standing::of(&work, &summary);
    let rows = match standing {
        Standing::Working => None,
        _ => {
            let own = name.clone();
            Some(house.register(move |register| Outcome::read(register, &own)).await?)
        }
    };
    let body = html! {
        @match standing {
            Standing::Working => (working(&visit, &work, &summary)),
            Standing::Stopped => (stopped(&visit, &work, &summary, reading.as_deref())),
            Standing::Done | Standing::Refused => (over(&visit, &work, &summary, standing, reading.as_deref())),
        }
        @if let Some(outcome) = rows {
            (facts(&visit, &summary, standing == Standing::Stopped))
            (downloads(&visit, &summary))
            (rows_of(&visit, &outcome, &asked))
        }
    };
    Ok(page::page(&visit, Room::Mailings, &name, body))
}

fn planning(visit: &Visit, reading: &Reading) -> Markup {
    let rows = reading.recipients.as_ref().map_or(0, |recipients| recipients.rows.len()).to_string();
    html! {
        section #progress data-renew="1" {
            p role="status" { (visit.text("web-mailings-planning", &[("count", &rows)])) }
            progress aria-label=(visit.say("web-mailings-progress")) {}
        }
    }
}

fn working(visit: &Visit, work: &Work, summary: &Summary) -> Markup {
    let (counts, name) = (&summary.counts, &summary.mailing.name);
    let ended = counts.done + counts.refused;
    let left = counts.total() - ended;
    let rate = work.rate(name, ended);
    let count = |number: u64| number.to_string();
    html! {
        section #progress data-renew="2" {
            p role="status" {
                strong {
                    (visit.text("web-mailings-so-far", &[("done", &count(ended)), ("total", &count(counts.total()))]))
                }
                @if let Some(rate) = rate {
                    " " (visit.text("web-mailings-rate", &[
                        ("rate", &if rate < 10.0 { page::decimal(visit, rate) } else { format!("{rate:.0}") }),
                        ("left", &time(visit, left as f64 / rate)),
                    ]))
                }
            }
            progress aria-label=(visit.say("web-mailings-progress")) max=(counts.total()) value=(ended) {}
            p.faint {
                (visit.text("web-mailings-workers", &[("count", &summary.workers.to_string())]))
                @if let Some(Run::Going(who)) = work.run(name) {
                    " " (visit.text("web-mailings-started-by", &[("name", &who)]))
                }
            }
            p.faint { (visit.say("web-mailings-working-help")) }
            (facts(visit, summary, true))
        }
    }
}

/// A time to wait in words.
fn time(visit: &Visit, seconds: f64) -> String {
    let (id, count) = if seconds < 90.0 {
        ("web-mailings-seconds", seconds.ceil().max(1.0))
    } else if seconds < 5400.0 {
        ("web-mailings-minutes", (seconds / 60.0).ceil())
    } else {
        ("web-mailings-hours", (seconds / 3600.0).ceil())
    };
    visit.text(id, &[("count", &format!("{count:.0}"))])
}

fn stopped(visit: &Visit, work: &Work, summary: &Summary, reading: Option<&Reading>) -> Markup {
    let counts = &summary.counts;
    let left = (counts.waiting + counts.busy).to_string();
    html! {
        div.alert role="alert" {
            p { strong { (visit.text("web-mailings-stopped-told", &[("count", &left)])) } }
            p { (visit.say("web-mailings-stopped-help")) }
        }
        (why(visit, work, summary))
        @if page::writes(visit) {
            @match reading {
                Some(reading) => (start::go_on(visit, reading)),
                None => {
                    p { (visit.say("web-mailings-elsewhere")) }
                    (table::upload(visit, &summary.mailing.name))
                },
            }
        }
    }
}

fn over(visit: &Visit, work: &Work, summary: &Summary, standing: Standing, reading: Option<&Reading>) -> Markup {
    let counts = [("done", summary.counts.done.to_string()), ("refused", summary.counts.refused.to_string())];
    let counts = counts.each_ref().map(|(name, count)| (*name, count.as_str()));
    html! {
        @if standing == Standing::Done {
            p.done role="status" { (visit.text("web-mailings-all-done", &counts)) }
        } @else {
            p.noted role="status" { (visit.text("web-mailings-some-refused", &counts)) }
        }
        (why(visit, work, summary))
        @if standing == Standing::Refused && page::writes(visit) {
            p {
                (visit.say("web-mailings-mend"))
                @if reading.is_some() {
                    " " a href=(below(&summary.mailing.name, "table")) { (visit.say("web-mailings-to-table")) }
                }
            }
            @if reading.is_none() { (table::upload(visit, &summary.mailing.name)) }
        }
    }
}

/// Why the last start came to nothing, if it did.
fn why(visit: &Visit, work: &Work, summary: &Summary) -> Markup {
    match work.run(&summary.mailing.name) {
        Some(Run::Ended(ended)) => failed(visit, &ended),
        _ => html! {},
    }
}

/// What a mailing said when it came to nothing.
pub(super) fn failed(visit: &Visit, ended: &Ended) -> Markup {
    html! {
        @match ended.code {
            Some(0 | 4) => {},
            Some(1) if !ended.findings.is_empty() => {
                h2 { (visit.say("web-mailings-start-refused")) }
                (page::told(visit, &ended.findings))
            },
            Some(_) => {
                h2 { (visit.say("web-mailings-start-failed")) }
                pre.output { (ended.said) }
            },
            None => p.alert { (visit.say("web-mailings-start-ended")) },
        }
    }
}

/// What it is made of, and how many rows are how far; with those that are to be done where there may be such.
fn facts(visit: &Visit, summary: &Summary, has_more: bool) -> Markup {
    let counts = &summary.counts;
    let mailing = &summary.mailing;
    html! {
        dl.facts.card {
            dt { (visit.say("web-mailings-letter")) } dd { (mailing.letter) }
            dt { (visit.say("web-mailings-table")) } dd { (mailing.recipients) }
            dt { (visit.say("web-mailings-rows")) } dd { (counts.total()) }
            dt { (visit.say("web-mailings-rows-done")) } dd { (counts.done) }
            dt { (visit.say("web-mailings-rows-refused")) } dd { (counts.refused) }
            @if has_more {
                dt { (visit.say("web-mailings-rows-waiting")) } dd { (counts.waiting) }
                dt { (visit.say("web-mailings-rows-busy")) } dd { (counts.busy) }
            }
        }
    }
}

fn downloads(visit: &Visit, summary: &Summary) -> Markup {
    let name = &summary.mailing.name;
    let print = |order: &str| format!("{}?order={order}", below(name, "print.pdf"));
    html! {
        h2 { (visit.say("web-mailings-downloads")) }
        ul {
            li { a href=(below(name, "report.csv")) { (visit.say("web-mailings-report-csv")) } }
            li { a href=(below(name, "report.json")) { (visit.say("web-mailings-report-json")) } }
            @if summary.counts.done > 0 {
                li { a href=(print("tabel")) { (visit.say("web-mailings-print-table")) } }
                li { a href=(print("postcode")) { (visit.say("web-mailings-print-postcode")) } }
            }
        }
        p.help { (visit.say("web-mailings-print-help")) }
    }
}

fn rows_of(visit: &Visit, outcome: &Outcome, asked: &Asked) -> Markup {
    let name = &outcome.mailing.name;
    let rows: Vec<&Row> =
        outcome.rows.iter().filter(|row| asked.status.is_empty() || row.row.progress.word() == asked.status).collect();
    let last = rows.len().div_ceil(ROWS).max(1);
    let page = asked.page.parse().unwrap_or(1).clamp(1, last);
    let link = |status: &str, page: usize| {
        let query = form_urlencoded(&[("status", status), ("page", &page.to_string())]);
        format!("{}?{query}#rows", url(name))
    };
    let kinds = [("", "web-mailings-show-all"), ("gereed", "web-mailings-show-done")];
    let kinds = kinds.into_iter().chain([("geweigerd", "web-mailings-show-refused")]);
    let count = |number: usize| number.to_string();
    html! {
        h2 #rows { (visit.say("web-mailings-outcome")) }
        nav.row aria-label=(visit.say("web-mailings-show")) {
            @for (status, words) in kinds {
                a href=(link(status, 1)) aria-current=[(asked.status == status).then_some("true")] { (visit.say(words)) }
            }
        }
        @if rows.is_empty() { p.empty { (visit.say("web-mailings-no-rows")) } } @else {
            div.scroll { table.found {
                caption {
                    (visit.text("web-mailings-rows-shown", &[
                        ("from", &count((page - 1) * ROWS + 1)),
                        ("to", &count((page * ROWS).min(rows.len()))),
                        ("count", &count(rows.len())),
                    ]))
                }
                thead { tr {
                    th.number scope="col" { (visit.say("web-mailings-row")) }
                    th scope="col" { (visit.say("web-mailings-number")) }
                    th scope="col" { (visit.say("web-mailings-state")) }
                    th scope="col" { (visit.say("web-mailings-pdf")) }
                    th scope="col" { (visit.say("web-mailings-said")) }
                } }
                tbody { @for row in rows.iter().skip((page - 1) * ROWS).take(ROWS) { (row_of(visit, name, row)) } }
            } }
        }
        @if last > 1 {
            nav.row aria-label=(visit.say("web-mailings-pages")) {
                @if page > 1 { a href=(link(&asked.status, page - 1)) rel="prev" { (visit.say("web-mailings-page-before")) } }
                @if page < last { a href=(link(&asked.status, page + 1)) rel="next" { (visit.say("web-mailings-page-after")) } }
            }
        }
    }
}

fn row_of(visit: &Visit, name: &str, row: &Row) -> Markup {
    let (class, state) = match row.row.progress {
        Progress::Waiting => ("tag", "web-mailings-is-waiting"),
        Progress::Busy => ("tag", "web-mailings-is-busy"),
        Progress::Done => ("tag good", "web-mailings-is-done"),
        Progress::Refused => ("tag late", "web-mailings-is-refused"),
    };
    let number = row.row.position.to_string();
    html! {
        tr {
            td.number { (number) }
            td { @if let Some(id) = &row.row.entry { a href=(page::entry_url(id)) { (id) } } @else { "–" } }
            td { span class=(class) { (visit.say(state)) } }
            td {
                @if row.pdf.is_some() {
                    a href=(below(name, &format!("letter/{}", row.row.seq))) {
                        "PDF" span.visually-hidden { " " (visit.text("web-mailings-pdf-of", &[("row", &number)])) }
                    }
                } @else { "–" }
            }
            td { @for said in outcome::said(row) { div { (said) } } }
        }
    }
}
