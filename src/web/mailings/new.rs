//! A new mailing: which letter, to whom, under what name.

use std::path::Path;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::url;
use super::weigh::{MOST_BYTES, weighed};
use crate::error::{Error, Finding, Result};
use crate::letter::Letter;
use crate::mailing::outcome::Outcome;
use crate::mailing::prepared::Prepared;
use crate::mailing::recipients::MAX_ROWS;
use crate::source::SourceFile;
use crate::table;
use crate::web::answer::Failure;
use crate::web::house::House;
use crate::web::page::{self, Room};
use crate::web::posted::{Fields, SentFile, Uploaded};
use crate::web::visit::Visit;
use crate::workspace::folders::LETTERS;
use crate::workspace::{Workspace, files};

/// A letter that can be sent to many.
struct Choice {
    /// Its path from the workspace.
    path: String,
    /// What it is about.
    subject: String,
    /// Whether it has a specimen row: it is meant for a mailing.
    is_meant: bool,
}

/// The form.
pub(super) async fn form(State(house): State<Arc<House>>, visit: Visit) -> Result<Response, Failure> {
    visit.must(crate::register::accounts::Role::Write)?;
    let choices = house.office(|workspace, _| choices(workspace)).await?;
    Ok(shown(&visit, &choices, &Fields::default(), &[]))
}

/// Keeps what was sent as a prepared mailing.
pub(super) async fn make(State(house): State<Arc<House>>, visit: Visit, sent: Uploaded) -> Result<Response, Failure> {
    let Uploaded { fields, mut files } = sent;
    let file = files.iter().position(|file| file.field == "table").map(|at| files.swap_remove(at));
    let (name, letter) = (fields.text("name").to_string(), fields.text("letter").to_string());
    let turn = match &file {
        Some(file) => match weighed(&house, &visit, file).await {
            Ok(turn) => Ok(Some(turn)),
            Err(Failure::Error(error)) => Err(error),
            Err(failure) => return Err(failure),
        },
        None => Ok(None),
    };
    let (choices, kept) = house
        .office(move |workspace, register| {
            let choices = choices(workspace)?;
            let letter = Some(letter).filter(|letter| is_one(&choices, letter));
            let kept = turn.and_then(|_turn| keep(workspace, register, &name, letter, file));
            Ok((choices, kept))
        })
        .await?;
    match kept {
        Ok(prepared) => Ok(Redirect::to(&url(&prepared.name)).into_response()),
        Err(Error::Refused(findings)) => {
            let page = shown(&visit, &choices, &fields, &findings);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn keep(
    workspace: &Workspace,
    register: &mut crate::register::Register,
    name: &str,
    letter: Option<String>,
    file: Option<SentFile>,
) -> Result<Prepared> {
    let letter = letter.ok_or_else(|| Finding::error("mail-no-letter"))?;
    let file = file.ok_or_else(|| Finding::error("mail-no-table"))?;
    let prepared = Prepared::new(name, &letter, &file.name)?;
    match Outcome::mailing(register, &prepared.name) {
        Ok(_) => return Err(Finding::error("mail-taken").arg("name", &prepared.name).into()),
        Err(Error::Refused(_)) => {}
        Err(error) => return Err(error),
    }
    table::read(file.file.path(), Path::new(&prepared.table))?;
    prepared.keep(workspace, file.file.path())?;
    Ok(prepared)
}

fn is_one(choices: &[Choice], letter: &str) -> bool {
    choices.iter().any(|choice| choice.path == letter)
}

/// The letters of the workspace, those that are meant for mailings first.
fn choices(workspace: &Workspace) -> Result<Vec<Choice>> {
    let letters = files::letters(&workspace.root().join(LETTERS))?;
    let mut found: Vec<Choice> = letters
        .iter()
        .filter_map(|path| {
            let shown = workspace.shown(path);
            let source = SourceFile::new(&shown, files::read_text(path, &shown).ok()?);
            // In its front matter, a heading of its own.
            let is_meant = source.text().lines().any(|line| line.trim_end() == "[rij]");
            Some(Choice {
                path: shown.to_str()?.replace('\\', "/"),
                subject: Letter::subject(&source).unwrap_or_default(),
                is_meant,
            })
        })
        .collect();
    found.sort_by_key(|choice| !choice.is_meant);
    Ok(found)
}

fn shown(visit: &Visit, choices: &[Choice], fields: &Fields, findings: &[Finding]) -> Response {
    let body = html! {
        p { (visit.say("web-mailings-new-about")) }
        @if !findings.is_empty() { div role="alert" { (page::findings(visit, findings)) } }
        @if choices.is_empty() {
            p.empty { (visit.say("web-mailings-no-letters")) }
            p { a.button href="/letters/new" { (visit.say("web-mailings-write-letter")) } }
        } @else {
            form.card.mailing-form method="post" action="/mailings/new" enctype="multipart/form-data" {
                (page::hidden(visit))
                div.field {
                    label for="letter" { (visit.say("web-mailings-letter")) }
                    p.help id="letter-help" { (visit.say("web-mailings-letter-help")) }
                    select id="letter" name="letter" aria-describedby="letter-help" {
                        (group(visit, choices, fields, true))
                        (group(visit, choices, fields, false))
                    }
                }
                (page::Field {
                    name: "name",
                    label: &visit.say("web-mailings-name"),
                    kind: "text",
                    value: fields.text("name"),
                    help: &visit.say("web-mailings-name-help"),
                    required: true,
                }.show())
                (table_field(visit))
                div.actions {
                    button { (visit.say("web-mailings-prepare")) }
                    a href="/mailings" { (visit.say("web-mailings-cancel")) }
                }
            }
        }
    };
    page::page(visit, Room::Mailings, &visit.say("web-mailings-new"), body)
}

fn group(visit: &Visit, choices: &[Choice], fields: &Fields, is_meant: bool) -> Markup {
    let label = visit.say(if is_meant { "web-mailings-letters-meant" } else { "web-mailings-letters-other" });
    let own = || choices.iter().filter(move |choice| choice.is_meant == is_meant);
    html! {
        @if own().next().is_some() {
            optgroup label=(label) {
                @for choice in own() {
                    option value=(choice.path) selected[choice.path == fields.text("letter")] {
                        @if choice.subject.is_empty() { (choice.path) }
                        @else { (choice.subject) " (" (choice.path) ")" }
                    }
                }
            }
        }
    }
}

/// The field for a table.
pub(super) fn table_field(visit: &Visit) -> Markup {
    let (most, rows) = (page::megabytes(MOST_BYTES as usize), page::whole(visit, MAX_ROWS));
    let limits = [("most", most.as_str()), ("rows", rows.as_str())];
    html! {
        div.field {
            label for="table" { (visit.say("web-mailings-table")) span.required aria-hidden="true" { " *" } }
            p.help id="table-help" { (visit.text("web-mailings-table-help", &limits)) }
            input id="table" name="table" type="file" required accept=".csv,.xlsx,.ods" aria-describedby="table-help";
        }
    }
}
