//! A letter that came in, with its scan.

use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::super::MAX_FILE;
use super::super::answer::Failure;
use super::super::errand;
use super::super::house::House;
use super::super::page::{self, Field, Room};
use super::super::posted::{Fields, SentFile, Uploaded};
use super::super::visit::Visit;
use super::told::Told;
use super::{label, rooms};
use crate::error::{Error, Finding};
use crate::register::accounts::Role;
use crate::register::files::file_name;
use crate::register::incoming::{Incoming, NEW_CASE, Received};
use crate::register::query::Choices;

/// How long it may take to take a letter in and archive it.
const LIMIT: Duration = Duration::from_secs(300);

/// The fields, by their names in the form and on the command line.
const FIELDS: [(&str, &str); 8] = [
    ("onderwerp", "--onderwerp"),
    ("correspondent", "--van"),
    ("datum", "--datum"),
    ("ontvangen", "--ontvangen"),
    ("soort", "--soort"),
    ("uw_kenmerk", "--uw-kenmerk"),
    ("zaaknummer", "--zaaknummer"),
    ("termijn", "--termijn"),
];

pub(super) async fn form(State(house): State<Arc<House>>, visit: Visit) -> Result<Response, Failure> {
    visit.must(Role::Write)?;
    let fields = Fields::default();
    Ok(page::page(
        &visit,
        Room::Register,
        &visit.say("web-register-receive"),
        shown(&house, &visit, &fields, None).await?,
    ))
}

pub(super) async fn receive(
    State(house): State<Arc<House>>,
    visit: Visit,
    mut sent: Uploaded,
) -> Result<Response, Failure> {
    // No browser sends one, and no command can be given one.
    if sent.fields.iter().any(|(_, value)| value.contains('\0')) {
        return Err(Failure::Malformed);
    }
    let file = sent.take("bestand");
    let fields = sent.fields;
    let refused = match check(&house, &fields).await? {
        Err(findings) => page::findings(&visit, &findings),
        Ok(()) => match register(&house, &visit, &fields, file).await {
            Ok((id, told)) => {
                told.leave(&house, &visit, &id);
                return Ok(Redirect::to(&page::entry_url(&id)).into_response());
            }
            Err(Failure::Told(findings)) => page::told(&visit, &findings),
            Err(failure) => return Err(failure),
        },
    };
    let body = shown(&house, &visit, &fields, Some(refused)).await?;
    let page = page::page(&visit, Room::Register, &visit.say("web-register-receive"), body);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// What is wrong with what is said of a letter, before anything is done.
async fn check(house: &Arc<House>, fields: &Fields) -> Result<Result<(), Vec<Finding>>, Failure> {
    let (fields, today) = (fields.clone(), house.today());
    let checked = house.office(move |workspace, _| {
        let received = Received {
            subject: fields.raw("onderwerp"),
            from: fields.raw("correspondent"),
            dated: fields.raw("datum"),
            received: fields.some("ontvangen"),
            kind: fields.some("soort"),
            their_reference: fields.some("uw_kenmerk"),
            case_number: fields.some("zaaknummer"),
            term: fields.some("termijn"),
        };
        Incoming::check(&received, workspace.settings(), today).map(drop)
    });
    match checked.await {
        Ok(()) => Ok(Ok(())),
        Err(Error::Refused(findings)) => Ok(Err(findings)),
        Err(error) => Err(error.into()),
    }
}

/// Registers the letter; its number and what is told of it.
async fn register(
    house: &House,
    visit: &Visit,
    fields: &Fields,
    file: Option<SentFile>,
) -> Result<(String, Told), Failure> {
    let mut arguments: Vec<OsString> = vec!["register".into(), "receive".into()];
    for (name, option) in FIELDS {
        if let Some(value) = fields.some(name) {
            arguments.push(format!("{option}={value}").into());
        }
    }
    // Under the name that it has where it came from: the register records it.
    let folder = house.temporary_folder()?;
    if let Some(sent) = file {
        let place = folder.path().join(file_name(&sent.name));
        sent.file.persist(&place).map_err(|cause| Error::io("write", &place, cause.error))?;
        let mut argument = OsString::from("--bestand=");
        argument.push(&place);
        arguments.push(argument);
    }
    let done = errand::run(house, visit, &arguments, LIMIT).await.map_err(|failure| plain(failure, &folder))?;
    let id = done.answer["id"].as_str().ok_or_else(|| errand::unanswered(house, "id"))?;
    let told =
        Told { done: visit.text("web-register-received", &[("id", id)]), said: said(&done.said), ..Told::default() };
    Ok((id.to_string(), told))
}

/// What a command refused, without the temporary folder in its words.
fn plain(failure: Failure, folder: &TempDir) -> Failure {
    let Failure::Told(findings) = failure else { return failure };
    let folder = format!("{}/", folder.path().display());
    let without = |mut finding: Json| {
        if let Some(words) = finding["melding"].as_str().map(|words| words.replace(&folder, "")) {
            finding["melding"] = json!(words);
        }
        finding
    };
    Failure::Told(findings.into_iter().map(without).collect())
}

/// The warnings that a command wrote, one after another.
fn said(text: &str) -> Vec<String> {
    let tidy = |line: &str| {
        let line = line.trim().trim_start_matches('|').trim_start_matches("= ").trim();
        // The code of a finding, in brackets after its label, is for programs.
        let words = line.split_once("]: ").and_then(|(label, words)| Some((label.split_once('[')?.0, words)));
        words.map_or(line.to_string(), |(label, words)| format!("{label}: {words}"))
    };
    let paragraphs = text.split("\n\n").map(|part| {
        let lines: Vec<_> = part.lines().map(tidy).filter(|line| !line.is_empty()).collect();
        lines.join("\n")
    });
    paragraphs.filter(|part| !part.is_empty()).collect()
}

async fn shown(house: &Arc<House>, visit: &Visit, fields: &Fields, refused: Option<Markup>) -> Result<Markup, Failure> {
    let read = house.office(|workspace, register| {
        let mut kinds: Vec<String> = workspace.settings().termijnen.keys().cloned().collect();
        kinds.extend(register.read(|tx| Choices::read(tx, 50))?.kinds);
        kinds.sort();
        kinds.dedup();
        Ok(kinds)
    });
    let (kinds, today) = (read.await?, house.today().to_string());
    let field = |name: &str, kind: &str, help: &str, required: bool| {
        let label = label(visit, name);
        let given = if name == "ontvangen" && refused.is_none() { &today } else { fields.raw(name) };
        Field { name, label: &label, kind, value: given, help, required }.show()
    };
    Ok(html! {
        (rooms(visit, "/register/receive"))
        @if let Some(refused) = &refused {
            div role="alert" {
                (refused)
                p { strong { (visit.say("web-register-again")) } }
            }
        }
        p { (visit.say("web-register-receive-help")) }
        form.card.receive method="post" action="/register/receive" enctype="multipart/form-data" {
            (page::hidden(visit))
            (field("onderwerp", "text", "", true))
            (field("correspondent", "text", &visit.say("web-register-from-help"), true))
            div.pair {
                (field("datum", "date", &visit.say("web-register-dated-help"), true))
                (field("ontvangen", "date", &visit.say("web-register-received-help"), true))
            }
            div.pair {
                div.field {
                    label for="soort" { (label(visit, "soort")) }
                    p.help id="soort-help" { (visit.say("web-register-kind-help")) }
                    input id="soort" name="soort" type="text" list="kinds" value=(fields.raw("soort"))
                        autocomplete="off" aria-describedby="soort-help";
                    datalist id="kinds" { @for kind in &kinds { option value=(kind) {} } }
                }
                (field("termijn", "date", &visit.say("web-register-term-help"), false))
            }
            div.pair {
                (field("uw_kenmerk", "text", &visit.say("web-register-reference-help"), false))
                (field("zaaknummer", "text", &visit.text("web-register-case-help", &[("new", NEW_CASE)]), false))
            }
            div.field {
                label for="bestand" { (visit.say("web-register-scan")) }
                p.help id="bestand-help" { (visit.text("web-register-scan-help", &[("most", &page::megabytes(MAX_FILE))])) }
                input id="bestand" name="bestand" type="file" aria-describedby="bestand-help";
            }
            div.actions { button { (visit.say("web-register-do-receive")) } }
        }
    })
}
