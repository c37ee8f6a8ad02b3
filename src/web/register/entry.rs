//! One letter: its facts, what can be done to it, its thread, its files and what happened to it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use maud::{Markup, html};

use super::super::answer::Failure;
use super::super::house::House;
use super::super::page::{self, Room};
use super::super::visit::{Visit, form_urlencoded};
use super::forms::{self, Attempt};
use super::told::Told;
use super::{file, history, label, rooms, tag};
use crate::error::Result;
use crate::register::Register;
use crate::register::archived::Archived;
use crate::register::entry::{Direction, Entry, Status};
use crate::register::files::{FileRecord, Role, Wrong};
use crate::register::history::Event;
use crate::register::links::{self, Link};
use crate::register::listed::Listed;
use crate::register::thread::Thread;

/// So many letters of a thread are shown.
const MOST: usize = 50;

/// All that is shown of a letter.
pub(super) struct Sheet {
    pub listed: Listed,
    pub links: Vec<Link>,
    pub thread: Thread,
    pub events: Vec<Event>,
    pub archived: Vec<Archived>,
    pub files: Vec<(FileRecord, Option<Wrong>)>,
}

impl Sheet {
    fn read(register: &mut Register, id: &str) -> Result<Self> {
        let (mut sheet, files) = register.read(|tx| {
            let entry = Entry::get(tx, id)?;
            let files = FileRecord::all(tx, &entry.id)?;
            let sheet = Self {
                links: links::of(tx, &entry.id)?,
                thread: Thread::of(tx, &entry.id, MOST)?,
                events: Event::all(tx, &entry.id)?,
                archived: Archived::all(tx, &entry.id)?,
                files: Vec::new(),
                listed: Listed::one(tx, entry)?,
            };
            Ok((sheet, files))
        })?;
        // Read to the last byte: what is shown as the letter is what was recorded.
        let checked = files.into_iter().map(|file| {
            let wrong = file.check(register.root()).err();
            (file, wrong)
        });
        sheet.files = checked.collect();
        Ok(sheet)
    }

    /// The letter itself, as its last version is recorded.
    fn letter(&self) -> Option<&(FileRecord, Option<Wrong>)> {
        let letters = self.files.iter().filter(|(file, _)| file.role == Role::Letter);
        letters.max_by_key(|(file, _)| file.version)
    }
}

pub(super) async fn entry(
    State(house): State<Arc<House>>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    show(&house, &visit, id, None).await
}

/// The page of a letter; with what was tried and can't be done so, at its form.
pub(super) async fn show(
    house: &Arc<House>,
    visit: &Visit,
    id: String,
    attempt: Option<Attempt>,
) -> Result<Response, Failure> {
    let sheet = house.register(move |register| Sheet::read(register, &id)).await?;
    let (entry, today) = (&sheet.listed.entry, house.today());
    let told = Told::take(visit, &entry.id);
    let forms = forms::all(visit, &sheet, today, attempt.as_ref());
    let body = html! {
        p.subject { (entry.subject) }
        (rooms(visit, "/register/entry"))
        @if let Some(told) = told { (told.show(visit)) }
        div.sheet {
            div {
                section.card aria-labelledby="facts" {
                    h2 #facts { (visit.say("web-register-facts")) }
                    (facts(visit, &sheet.listed, today))
                }
                (document(visit, &sheet))
            }
            div {
                @if entry.status == Status::Issued && page::writes(visit) {
                    p { a.button.second href={ "/archive?id=" (page::segment(&entry.id)) } { (visit.say("web-register-hand-in")) } }
                }
                @if let Some(forms) = forms { (forms) }
                (history::thread(visit, &sheet.thread, &entry.id, today))
                (files(visit, &sheet))
                (history::events(visit, &sheet.events))
            }
        }
    };
    let page = page::page(visit, Room::Register, &entry.id, body);
    Ok(if attempt.is_some() { (StatusCode::UNPROCESSABLE_ENTITY, page).into_response() } else { page })
}

fn facts(visit: &Visit, listed: &Listed, today: NaiveDate) -> Markup {
    let entry = &listed.entry;
    let text = |text: &Option<String>| text.as_ref().map(|text| html! { (text) });
    let day = |day: Option<NaiveDate>| day.map(|day| page::day(Some(day)));
    let letters = |ids: &[String]| {
        (!ids.is_empty()).then(|| {
            html! { @for (at, id) in ids.iter().enumerate() { @if at > 0 { ", " } a href=(page::entry_url(id)) { (id) } } }
        })
    };
    let open = entry.term.is_some().then(|| tag::term(visit, entry, today));
    let term = open.filter(|words| !words.0.is_empty()).or(day(entry.term));
    let all = [
        ("richting", Some(html! { (tag::direction(visit, entry.direction)) })),
        ("status", Some(tag::status(visit, entry, today))),
        ("termijn", term),
        ("behandelaar", Some(html! { (entry.handler.as_deref().unwrap_or("–")) })),
        ("correspondent", text(&entry.correspondent)),
        ("soort", text(&entry.kind)),
        ("zaaknummer", text(&entry.case_number)),
        ("datum", day(entry.dated)),
        ("ontvangen", day(entry.received)),
        ("verzonden", day(entry.sent)),
        ("wijze", text(&entry.sent_by)),
        ("uw_kenmerk", text(&entry.their_reference)),
        ("uw_brief", day(entry.their_date)),
        ("vertrouwelijkheid", text(&entry.confidentiality)),
        ("in_reactie_op", letters(&listed.answers)),
        ("beantwoord_door", letters(&listed.answered_by)),
    ];
    html! {
        dl.facts {
            @for (name, value) in all {
                @if let Some(value) = value { dt { (label(visit, name)) } dd { (value) } }
            }
        }
    }
}

/// The letter itself, where a browser can show it and it is what was recorded.
fn document(visit: &Visit, sheet: &Sheet) -> Markup {
    let id = &sheet.listed.entry.id;
    let wrong: Vec<_> = sheet
        .files
        .iter()
        .filter_map(|(file, wrong)| wrong.as_ref().map(|wrong| file::finding(id, file, wrong)))
        .collect();
    let shown = sheet.letter().filter(|(file, wrong)| wrong.is_none() && file::is_pdf(file));
    html! {
        @if !wrong.is_empty() { div role="alert" { (page::findings(visit, &wrong)) } }
        @if let Some((file, _)) = shown {
            section aria-labelledby="letter" {
                h2 #letter { (visit.say("web-register-letter")) }
                iframe.pdf src=(file::url(id, file)) title=(visit.text("web-register-letter-title", &[("id", id)])) {}
                p { a href=(file::url(id, file)) target="_blank" { (visit.say("web-register-letter-apart")) } }
            }
        }
    }
}

fn files(visit: &Visit, sheet: &Sheet) -> Markup {
    let id = &sheet.listed.entry.id;
    html! {
        section aria-labelledby="files" {
            h2 #files { (visit.say("sheet-files")) }
            @if sheet.files.is_empty() && sheet.archived.is_empty() {
                p.empty { (visit.say("web-register-no-files")) }
            }
            @if !sheet.files.is_empty() {
                ul.kept {
                    @for (file, wrong) in &sheet.files {
                        li {
                            @if wrong.is_none() {
                                a href=(file::url_to_keep(id, file)) { (file.name) }
                                " " span.tag.good { (visit.say("web-register-file-whole")) }
                            } @else {
                                (file.name) " " span.tag.late { (visit.say("web-register-file-wrong")) }
                            }
                            (about(visit, role(visit, file.role), file.version, file.size, &file.algorithm, &file.digest))
                        }
                    }
                }
            }
            @if sheet.listed.entry.direction == Direction::In && page::writes(visit) {
                p {
                    a href={ "/archive?" (form_urlencoded(&[("id", id), ("scan", "1")])) "#add" } {
                        (visit.say(if sheet.files.is_empty() { "web-register-add-file" } else { "web-register-replace-file" }))
                    }
                }
            }
            @if !sheet.archived.is_empty() {
                h3 { (visit.say("web-register-archived")) }
                ul.kept {
                    @for version in &sheet.archived {
                        li {
                            (version.path)
                            @let what = visit.text(&format!("web-register-archived-{}", version.kind.word()), &[]);
                            (about(visit, what, version.version, version.size, &version.algorithm, &version.digest))
                        }
                    }
                }
                p { a href={ "/archive/" (page::segment(id)) } { (visit.say("web-register-archive")) } }
            }
        }
    }
}

fn role(visit: &Visit, role: Role) -> String {
    match role {
        Role::Letter => visit.say("web-register-role-letter"),
        Role::Enclosure => visit.say("web-register-role-enclosure"),
    }
}

fn about(visit: &Visit, what: String, version: i64, size: i64, algorithm: &str, digest: &str) -> Markup {
    html! {
        span.about-file {
            (what) ", " (visit.text("file-version", &[("version", &version.to_string())])) ", " (weight(size))
        }
        details.digest { summary { (visit.say("web-register-digest")) } code { (algorithm) ": " (digest) } }
    }
}

/// A size for people, in the units of file managers.
fn weight(bytes: i64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", (bytes + 500) / 1_000),
        _ => format!("{},{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}
