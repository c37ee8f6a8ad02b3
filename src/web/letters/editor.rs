//! The editor: on the left what the author writes, on the right the pages as they will be printed.

use std::sync::Arc;

use axum::Json as JsonAnswer;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde_json::json;

use super::form::{self, Offers};
use super::found::{self, Found};
use super::opened::{self, Opened, Saved};
use super::{conflict, url};
use crate::error::{Error, Result};
use crate::letter::edit::{self, Slot};
use crate::preview::Job;
use crate::register::entry::Status;
use crate::register::query::{self, Filter, Order};
use crate::template;
use crate::web::answer::Failure;
use crate::web::house::House;
use crate::web::page::{self, Room};
use crate::web::posted::{Fields, Posted};
use crate::web::previews::Laid;
use crate::web::visit::Visit;
use crate::workspace::Workspace;
use crate::workspace::settings::Closing;

/// How many open letters are offered to be answered.
const OFFERED: u32 = 200;

/// What the page was asked for with.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    saved: Option<String>,
}

/// What the editor shows: a text with the form that is made of it.
struct Shown {
    path: String,
    text: String,
    /// SHA-256 of the file that the text was read from.
    digest: String,
    /// The front matter of that file, and as it is now.
    was: String,
    front: Option<(String, Vec<Slot>)>,
    body: String,
    offers: Offers,
    /// The number that the letter has in the register.
    number: Option<(String, Status)>,
    /// Why it was not saved, if it was refused: this is what was typed.
    refused: Option<Markup>,
}

pub(super) async fn edit(
    State(house): State<Arc<House>>,
    visit: Visit,
    Path(path): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let shown = house.office(move |workspace, register| {
        let opened = Opened::read(workspace, &path)?;
        Shown::new(workspace, register, &opened, opened.text.clone(), &opened.digest)
    });
    let shown = shown.await?;
    let laid = laid(&house, &visit, &shown.path, &shown.text).await?;
    let note = asked.saved.map(|_| visit.say("web-letters-saved"));
    Ok(page(&visit, &shown, &laid, note))
}

/// Lays out what is in the form and saves nothing: for the script as JSON, else as a page.
pub(super) async fn preview(
    State(house): State<Arc<House>>,
    visit: Visit,
    Path(path): Path<String>,
    headers: HeaderMap,
    Posted(fields): Posted,
) -> Result<Response, Failure> {
    let shown = match shown_of(&house, path.clone(), fields.clone()).await {
        Err(Failure::Error(error)) if !wants_json(&headers) => return held(&house, &visit, path, fields, error).await,
        shown => shown?,
    };
    if wants_json(&headers) {
        let job = Job { letter: shown.path.clone(), text: Some(shown.text.clone()), ..Job::default() };
        let laid = house.lay_out(&visit, job).await?;
        return Ok(answer(&visit, &shown, &laid));
    }
    let laid = laid(&house, &visit, &shown.path, &shown.text).await?;
    Ok(page(&visit, &shown, &laid, Some(visit.say("web-letters-not-saved"))))
}

pub(super) async fn save(
    State(house): State<Arc<House>>,
    visit: Visit,
    Path(path): Path<String>,
    headers: HeaderMap,
    Posted(fields): Posted,
) -> Result<Response, Failure> {
    let (asked, typed) = (path.clone(), fields.clone());
    let own = fields.some("over").unwrap_or(fields.text("digest")).to_string();
    let is_script = wants_json(&headers);
    let done = house.office(move |workspace, register| {
        let mine = opened::typed(workspace, &fields)?;
        let saved = Opened::save(workspace, &asked, &own, &mine)?;
        // The script goes on with what was written, not with what somebody else may write in the meantime.
        let shown = match &saved {
            Saved::Done(written) if is_script => {
                Some(Shown::new(workspace, register, written, written.text.clone(), &written.digest)?)
            }
            _ => None,
        };
        Ok((saved, shown, mine))
    });
    let done = match done.await {
        Err(error) if !is_script => return held(&house, &visit, path, typed, error).await,
        done => done?,
    };
    match done {
        (Saved::Another(_), ..) if is_script => Ok(StatusCode::CONFLICT.into_response()),
        (Saved::Another(theirs), _, mine) => {
            Ok(house.apart(move || Ok(conflict::page(&visit, &theirs, &mine))).await?)
        }
        (Saved::Done(_), Some(shown), _) => {
            let front = shown.front.as_ref().map(|(front, _)| front);
            let said = visit.say("web-letters-saved");
            Ok(JsonAnswer(json!({ "digest": shown.digest, "front": front, "said": said })).into_response())
        }
        (Saved::Done(_), None, _) => Ok(Redirect::to(&format!("{}?saved=1", url("edit", &path))).into_response()),
    }
}

/// The editor with what was typed, and why it could not be saved: a browser that sent a form has no other copy.
async fn held(
    house: &Arc<House>,
    visit: &Visit,
    path: String,
    fields: Fields,
    error: Error,
) -> Result<Response, Failure> {
    let shown = house.office(move |workspace, register| Shown::held(workspace, register, path, &fields)).await;
    let Ok(mut shown) = shown else { return Err(error.into()) };
    shown.refused = Some(match &error {
        Error::Refused(findings) => page::findings(visit, findings),
        error => page::outside(visit, error),
    });
    let status = Failure::from(error).into_response().status();
    let note = visit.say("web-letters-not-saved");
    Ok((status, page(visit, &shown, &Laid::default(), Some(note))).into_response())
}

/// The text that a form holds, as the editor shows it again.
async fn shown_of(house: &Arc<House>, path: String, fields: Fields) -> Result<Shown, Failure> {
    let shown = house.office(move |workspace, register| {
        let opened = Opened::read(workspace, &path)?;
        let text = opened::typed(workspace, &fields).unwrap_or_else(|_| opened::as_typed(&fields));
        let mut shown = Shown::new(workspace, register, &opened, text, fields.text("digest"))?;
        if !fields.has("text") {
            shown.was = edit::plain(fields.raw("was"));
        }
        Ok(shown)
    });
    Ok(shown.await?)
}

/// Lays a letter out, also where another page of the same visitor asks for the same.
pub(super) async fn laid(house: &Arc<House>, visit: &Visit, path: &str, text: &str) -> Result<Laid, Failure> {
    let job = Job { letter: path.into(), text: Some(text.into()), ..Job::default() };
    for _ in 0..3 {
        let laid = house.lay_out(visit, job.clone()).await?;
        if !laid.overtaken {
            return Ok(laid);
        }
    }
    Ok(Laid::default())
}

fn wants_json(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes() == b"application/json")
}

fn answer(visit: &Visit, shown: &Shown, laid: &Laid) -> Response {
    let found = shown.found(laid);
    let found: Vec<_> = found.iter().map(|found| found.json(visit)).collect();
    JsonAnswer(json!({ "pages": laid.pages, "findings": found, "overtaken": laid.overtaken })).into_response()
}

impl Shown {
    fn new(
        workspace: &Workspace,
        register: &mut crate::register::Register,
        opened: &Opened,
        text: String,
        digest: &str,
    ) -> Result<Self> {
        let settings = workspace.settings();
        let open = Filter { open: true, ..Filter::default() };
        let own = register.workspace().to_string();
        let (open, number) = register.read(|tx| {
            let open = query::list(tx, &open, Order::Newest, Some(OFFERED))?;
            Ok((open, crate::register::outgoing::of_letter(tx, &own, &opened.path)?))
        })?;
        let offers = Offers {
            templates: template::list(workspace)?.0.into_iter().map(|listed| listed.name).collect(),
            contacts: settings.inlichtingen.iter().map(|(key, contact)| (key.clone(), contact.naam.clone())).collect(),
            closings: settings.ondertekening.iter().map(|(key, closing)| (key.clone(), whose(closing))).collect(),
            open: open.into_iter().map(|listed| (listed.entry.id, listed.entry.subject)).collect(),
        };
        let was = opened.parts().map(|(front, _)| front.to_string()).unwrap_or_default();
        let parts = edit::parts(&text);
        let front = parts.clone().map(|(front, _)| text[front].to_string());
        let front = front.map(|front| {
            let slots = edit::slots(&front, &opened::contract(workspace, &front)).unwrap_or_default();
            (front, slots)
        });
        let body = parts.map_or(text.as_str(), |(_, body)| &text[body]).to_string();
        let number = number.map(|entry| (entry.id, entry.status));
        let (path, digest) = (opened.path.clone(), digest.to_string());
        Ok(Self { path, text, digest, was, front, body, offers, number, refused: None })
    }

    /// What a form holds, whatever became of its file.
    fn held(
        workspace: &Workspace,
        register: &mut crate::register::Register,
        path: String,
        fields: &Fields,
    ) -> Result<Self> {
        let nothing = Opened { path, raw: String::new(), text: String::new(), digest: String::new() };
        let is_whole = fields.has("text");
        let text = if is_whole { edit::plain(fields.raw("text")) } else { opened::as_typed(fields) };
        let digest = fields.some("over").unwrap_or(fields.text("digest"));
        let mut shown = Self::new(workspace, register, &nothing, text, digest)?;
        if is_whole {
            shown.was = shown.front.as_ref().map(|(front, _)| front.clone()).unwrap_or_default();
            return Ok(shown);
        }
        shown.was = edit::plain(fields.raw("was"));
        let slots = edit::slots(&shown.was, &opened::contract(workspace, &shown.was)).unwrap_or_default();
        let as_given = |mut slot: Slot| {
            let name = format!("f.{}", slot.key());
            if fields.has(&name) {
                slot.value = edit::feeds(fields.raw(&name));
            }
            slot
        };
        shown.front = Some((edit::plain(fields.raw("front")), slots.into_iter().map(as_given).collect()));
        shown.body = edit::feeds(fields.raw("body"));
        Ok(shown)
    }

    fn found(&self, laid: &Laid) -> Vec<Found> {
        let slots = self.front.as_ref().map(|(_, slots)| slots.as_slice()).unwrap_or_default();
        Found::all(&laid.findings, &self.path, &self.text, slots)
    }

    fn subject(&self) -> String {
        let slot = self.front.iter().flat_map(|(_, slots)| slots).find(|slot| slot.key() == "onderwerp");
        slot.map(|slot| slot.value.clone()).filter(|text| !text.trim().is_empty()).unwrap_or_else(|| self.path.clone())
    }
}

fn page(visit: &Visit, shown: &Shown, laid: &Laid, note: Option<String>) -> Response {
    let found = shown.found(laid);
    let body = html! {
        @if let Some(refused) = &shown.refused {
            div role="alert" { p.alert { (visit.say("web-letters-held")) } (refused) }
        }
        div.editor {
            div.writing {
                p.faint {
                    code { (shown.path) }
                    @if let Some((id, status)) = &shown.number {
                        " – " a href=(page::entry_url(id)) { (id) } " " span.tag { (page::status(visit, *status)) }
                    }
                }
                @if page::writes(visit) { (writing(visit, shown, &found)) } @else { p { (visit.say("web-letters-read-only")) } }
            }
            section.preview tabindex="0" aria-labelledby="preview-title" {
                div.preview-head {
                    h2 #preview-title { (visit.say("web-letters-preview")) }
                    p #state role="status" { @if let Some(note) = note { (note) } }
                }
                (found::list(visit, &found, ""))
                (pages(visit, laid))
            }
        }
    };
    page::scripted(visit, Room::Letters, &shown.subject(), "editor.js", body)
}

/// The pages of a letter, as pictures.
pub(super) fn pages(visit: &Visit, laid: &Laid) -> Markup {
    let total = laid.pages.len().to_string();
    html! {
        p.stale #stale hidden[!laid.pages.is_empty()] { (visit.say("web-letters-stale")) }
        ol.sheets #pages data-alt=(visit.text("web-letters-page", &[("page", "%1"), ("total", "%2")])) {
            @for (at, hash) in laid.pages.iter().enumerate() {
                @let alt = visit.text("web-letters-page", &[("page", &(at + 1).to_string()), ("total", &total)]);
                li { img src={ "/letters/pages/" (hash) ".svg" } alt=(alt); }
            }
        }
    }
}

fn writing(visit: &Visit, shown: &Shown, found: &[Found]) -> Markup {
    html! {
        form #letter method="post" action=(url("edit", &shown.path)) data-preview=(url("preview", &shown.path))
            data-saving=(visit.say("web-letters-saving")) data-failed=(visit.say("web-letters-failed"))
            data-refused=(visit.say("web-letters-refused")) data-held[shown.refused.is_some()]
            data-changed=(visit.say("web-letters-changed")) data-line=(visit.text("web-letters-line", &[("line", "%1")])) {
            (page::hidden(visit))
            input type="hidden" name="digest" value=(shown.digest);
            div.actions.save-bar {
                button #save { (visit.say("web-letters-save")) }
                button.second #renew formaction=(url("preview", &shown.path)) { (visit.say("web-letters-renew")) }
                a.button.second href=(url("issue", &shown.path)) { (visit.say("web-letters-to-issue")) }
            }
            @if let Some((front, slots)) = &shown.front {
                input type="hidden" name="was" value=(shown.was);
                (form::fields(visit, slots, &shown.offers, found))
                details open[slots.is_empty() || shown.refused.is_some()] {
                    summary { (visit.say("web-letters-front")) }
                    p.help #front-help { (visit.say("web-letters-front-help")) }
                    label.visually-hidden for="front" { (visit.say("web-letters-front")) }
                    textarea.code #front name="front" rows="12" spellcheck="false" aria-describedby="front-help" { "\n" (front) }
                }
            }
            h2 { label for="body" { (visit.say("web-letters-body")) } }
            (toolbar(visit))
            div.paper {
                div.mirror #mirror aria-hidden="true" tabindex="-1" {}
                textarea #body name=(if shown.front.is_some() { "body" } else { "text" }) rows="24" lang="nl" { "\n" (shown.body) }
            }
        }
    }
}

/// On whose behalf a closing is, or who signs.
fn whose(closing: &Closing) -> String {
    if !closing.namens.is_empty() {
        return closing.namens.clone();
    }
    closing.ondertekenaars.iter().map(|signatory| signatory.naam.as_str()).collect::<Vec<_>>().join(", ")
}

/// The buttons above the text; they take a script, which shows them.
fn toolbar(visit: &Visit) -> Markup {
    let buttons = [
        ("heading", "#", "Ctrl+Alt+1"),
        ("bold", "B", "Ctrl+B"),
        ("italic", "I", "Ctrl+I"),
        ("bullets", "•", "Ctrl+Shift+8"),
        ("numbers", "1.", "Ctrl+Shift+7"),
        ("quote", "”", "Ctrl+Shift+9"),
        ("table", "▦", "Ctrl+Alt+T"),
        ("link", "↗", "Ctrl+K"),
    ];
    html! {
        div.toolbar #toolbar role="group" aria-label=(visit.say("web-letters-toolbar")) hidden {
            @for (name, sign, keys) in buttons {
                @let said = visit.say(&format!("web-letters-tool-{name}"));
                button.second type="button" data-tool=(name) title={ (said) " (" (keys) ")" } aria-label=(said) { (sign) }
            }
        }
    }
}
