//! The letters in the archive, and the counter where signed ones are handed in.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::super::MAX_FILE;
use super::super::answer::Failure;
use super::super::house::House;
use super::super::page::{self, Field, Room};
use super::super::visit::{self, Visit};
use crate::error::Result;
use crate::register::Register;
use crate::register::archived::{self, Archived};
use crate::register::entry::{Entry, Status};
use crate::register::query;

/// How many letters a page has.
const PAGE: usize = 50;

/// What a page of the list is asked for by.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// From the first page on, which is 1.
    page: Option<usize>,
    /// The letter that a signed file is about to come in for.
    id: Option<String>,
    /// Whether that file is a scan, or that of a letter that came in.
    scan: Option<String>,
    /// What was not a letter: no file was sent.
    empty: Option<String>,
}

/// A page of the list.
struct Shown {
    letters: Vec<(Entry, Vec<Archived>)>,
    page: usize,
    pages: usize,
    all: usize,
}

pub(super) async fn list(
    State(house): State<Arc<House>>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let trouble = html! { @if asked.empty.is_some() { p.alert role="alert" { (visit.say("web-archive-no-file")) } } };
    whole(&house, &visit, &asked, &trouble).await
}

/// The page after a file that was not taken in, with why.
pub(super) async fn refused(
    house: &Arc<House>,
    visit: &Visit,
    id: Option<String>,
    is_scan: bool,
    trouble: &Markup,
) -> Result<Response, Failure> {
    let scan = is_scan.then(|| "1".to_string());
    whole(house, visit, &Asked { id, scan, ..Asked::default() }, trouble).await
}

async fn whole(house: &Arc<House>, visit: &Visit, asked: &Asked, trouble: &Markup) -> Result<Response, Failure> {
    let page = asked.page.unwrap_or(1);
    let shown = house.register(move |register| read(register, page)).await?;
    let body = html! {
        (trouble)
        @if page::writes(visit) { (counter(visit, asked.id.as_deref(), asked.scan.is_some())) }
        (table(visit, &shown))
        p.archive-fixity-link { a href="/archive/fixity" { (visit.say("web-archive-fixity")) } }
    };
    Ok(page::page(visit, Room::Archive, &visit.say("web-room-archive"), body))
}

/// The newest numbers first.
fn read(register: &mut Register, page: usize) -> Result<Shown> {
    let all = usize::try_from(archived::letters(register)?).unwrap_or_default();
    let pages = all.div_ceil(PAGE).max(1);
    let page = page.clamp(1, pages);
    let some = archived::last(register, PAGE as i64, ((page - 1) * PAGE) as i64)?.into_iter();
    let letters = register.read(|tx| some.map(|(id, versions)| Ok((Entry::get(tx, &id)?, versions))).collect())?;
    Ok(Shown { letters, page, pages, all })
}

/// Where a signed letter is handed in, or the file of one that came in.
fn counter(visit: &Visit, id: Option<&str>, is_scan: bool) -> Markup {
    // With a letter that came in, any file can have come.
    let kinds = (!is_scan).then_some("application/pdf,.pdf,image/png,image/jpeg,image/tiff,.tif,.tiff");
    let (label, help) = (visit.say("web-archive-id"), visit.say("web-archive-id-help"));
    html! {
        section.card aria-labelledby="add" {
            h2 #add { (visit.say("web-archive-add")) }
            form method="post" action="/archive/add" enctype="multipart/form-data" {
                (page::hidden(visit))
                div.archive-counter {
                    div.field {
                        label for="file" { (visit.say("web-archive-file")) span.required aria-hidden="true" { " *" } }
                        p.help #file-help { (visit.text("web-archive-file-help", &[("most", &page::megabytes(MAX_FILE))])) }
                        input #file name="file" type="file" required aria-describedby="file-help"
                            accept=[kinds];
                    }
                    div {
                        (Field { name: "id", label: &label, kind: "text", value: id.unwrap_or(""), help: &help, required: false }.show())
                        p.archive-tick {
                            input #scan name="scan" type="checkbox" value="1" checked[is_scan];
                            " " label for="scan" { (visit.say("web-archive-scan")) }
                        }
                    }
                }
                button { (visit.say("web-archive-take-in")) }
            }
        }
    }
}

fn table(visit: &Visit, shown: &Shown) -> Markup {
    if shown.letters.is_empty() {
        return html! { p.empty { (visit.say("web-archive-none")) } };
    }
    let numbers =
        [("all", shown.all.to_string()), ("page", shown.page.to_string()), ("pages", shown.pages.to_string())];
    let args: Vec<_> = numbers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    html! {
        h2 { (visit.say("web-archive-letters")) }
        div.scroll tabindex="0" role="region" aria-label=(visit.say("web-archive-letters")) {
            table.archive-letters {
                caption { (visit.text("web-archive-caption", &args)) }
                thead {
                    tr {
                        @for name in ["id", "datum", "onderwerp", "status", "versies"] {
                            th scope="col" { (visit.say(&format!("field-{name}"))) }
                        }
                        @if page::writes(visit) { th scope="col" { span.visually-hidden { (visit.say("web-archive-do")) } } }
                    }
                }
                tbody { @for (entry, versions) in &shown.letters { (row(visit, entry, versions)) } }
            }
        }
        (pager(visit, shown))
    }
}

fn row(visit: &Visit, entry: &Entry, versions: &[Archived]) -> Markup {
    let waits = entry.status == Status::Issued;
    let mut kinds: Vec<_> = versions.iter().map(|one| visit.say(&format!("archived-{}", one.kind.word()))).collect();
    kinds.dedup();
    html! {
        tr {
            th scope="row" { a href={ "/archive/" (page::segment(&entry.id)) } { (entry.id) } }
            td.archive-day { (page::day(query::day(entry))) }
            td { (entry.subject) @if let Some(other) = &entry.correspondent { span.from { (other) } } }
            td {
                @if waits { span.tag.waiting { (visit.say("web-archive-waits")) } } @else { (page::status(visit, entry.status)) }
            }
            td { (versions.len()) ": " (kinds.join(", ")) }
            @if page::writes(visit) {
                td {
                    @if waits {
                        a href={ "/archive?" (visit::form_urlencoded(&[("id", &entry.id)])) "#add" } {
                            (visit.say("web-archive-take-in")) span.visually-hidden { " " (entry.id) }
                        }
                    }
                }
            }
        }
    }
}

fn pager(visit: &Visit, shown: &Shown) -> Markup {
    html! {
        @if shown.pages > 1 {
            nav.actions aria-label=(visit.say("web-archive-pages")) {
                @if shown.page > 1 {
                    a.button.second href={ "/archive?page=" (shown.page - 1) } { (visit.say("web-archive-newer")) }
                }
                @if shown.page < shown.pages {
                    a.button.second href={ "/archive?page=" (shown.page + 1) } { (visit.say("web-archive-older")) }
                }
            }
        }
    }
}
