//! The last look at a letter before it is issued, and issuing it.

use std::cell::RefCell;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use maud::{Markup, html};

use super::found::{self, Found};
use super::opened::{self, Opened};
use super::{editor, url};
use crate::contract::check;
use crate::error::{Error, Finding, Findings, Result};
use crate::issue::ready;
use crate::letter::edit::{self, Slot};
use crate::letter::{Letter, answered};
use crate::register::entry::Entry;
use crate::register::files::sha256;
use crate::register::numbering::{Kind, peek};
use crate::register::outgoing::{self, Facts};
use crate::register::{Register, antecedent};
use crate::source::SourceFile;
use crate::web::answer::Failure;
use crate::web::errand;
use crate::web::house::House;
use crate::web::page::{self, Room};
use crate::web::posted::Posted;
use crate::web::previews::Laid;
use crate::web::register::Told;
use crate::web::visit::Visit;
use crate::workspace::Workspace;

/// How long issuing may take: an archive or a register at the other end of a network may be slow.
const LIMIT: Duration = Duration::from_secs(60);

/// What will be recorded of a letter.
struct Seen {
    path: String,
    text: String,
    facts: Option<(Facts, Recorded)>,
    entry: Option<Entry>,
    /// The number that it gets if nobody else takes it first.
    next: String,
    slots: Vec<Slot>,
}

struct Recorded {
    reference: Option<String>,
    enclosures: Vec<String>,
    answers: Vec<String>,
}

pub(super) async fn look(
    State(house): State<Arc<House>>,
    visit: Visit,
    Path(path): Path<String>,
) -> Result<Response, Failure> {
    let today = house.today();
    let seen = house.office(move |workspace, register| Seen::read(workspace, register, &path, today)).await?;
    let laid = editor::laid(&house, &visit, &seen.path, &seen.text).await?;
    let found = Found::all(&laid.findings, &seen.path, &seen.text, &seen.slots);
    let refused = laid.is_refused() || laid.pages.is_empty();
    let body = html! {
        div.editor {
            div.writing {
                @if refused { p.alert { (visit.say("web-letters-issue-refused")) } }
                (facts(&visit, &seen, today))
                @if page::writes(&visit) && !refused { (button(&visit, &seen, &laid)) }
                p { a href=(url("edit", &seen.path)) { (visit.say("web-letters-back")) } }
            }
            section.preview tabindex="0" aria-labelledby="preview-title" {
                h2 #preview-title { (visit.say("web-letters-last-look-pages")) }
                (found::list(&visit, &found, &url("edit", &seen.path)))
                (editor::pages(&visit, &laid))
            }
        }
    };
    Ok(page::page(&visit, Room::Letters, &visit.say("web-letters-last-look"), body))
}

pub(super) async fn issue(
    State(house): State<Arc<House>>,
    visit: Visit,
    Path(path): Path<String>,
    Posted(fields): Posted,
) -> Result<Response, Failure> {
    let (asked, today) = (path.clone(), house.today());
    // Whatever is no letter of the workspace is not handed to a command.
    let seen = house.office(move |workspace, register| Seen::read(workspace, register, &asked, today)).await?;
    let laid = editor::laid(&house, &visit, &seen.path, &seen.text).await?;
    // Why a letter is refused, the command tells.
    if !laid.is_refused() && as_seen(&laid) != fields.text("pages") {
        return Err(Error::from(Finding::error("letter-unseen")).into());
    }
    let mut arguments: Vec<OsString> = vec!["issue".into(), format!("--digest={}", fields.text("digest")).into()];
    if fields.has("nieuwe_versie") {
        arguments.push("--nieuwe-versie".into());
    }
    arguments.extend(["--".into(), PathBuf::from(&path).into_os_string()]);
    let done = errand::run(&house, &visit, &arguments, LIMIT).await?;
    let id = done.answer[0]["kenmerk"].as_str().ok_or_else(|| errand::unanswered(&house, "kenmerk"))?;
    let said = visit.text("web-letters-issued", &[("id", id)]);
    Told { done: said, more: vec![visit.say("web-letters-issued-next")], ..Told::default() }.leave(&house, &visit, id);
    Ok(Redirect::to(&page::entry_url(id)).into_response())
}

impl Seen {
    fn read(workspace: &Workspace, register: &mut Register, path: &str, today: NaiveDate) -> Result<Self> {
        let opened = Opened::read(workspace, path)?;
        let own = register.workspace().to_string();
        let numbers = &workspace.settings().kenmerk;
        let (entry, next) = register
            .read(|tx| Ok((outgoing::of_letter(tx, &own, path)?, peek(tx, Kind::Reference, numbers, today)?)))?;
        // As the library reads it: the digest is that of what is typeset.
        let text = opened.raw.strip_prefix('\u{feff}').unwrap_or(&opened.raw).replace("\r\n", "\n");
        let mut slots = Vec::new();
        let facts = match edit::parts(&text) {
            Some((front, body)) => {
                let source = SourceFile::new(path, text.as_str());
                let contract = opened::contract(workspace, &text[front.clone()]);
                slots = edit::slots(&text[front.clone()], &contract).unwrap_or_default();
                let mut findings = Findings::default();
                let mut front = check::check(&source, front, &contract, &mut findings);
                let register = RefCell::new(register);
                let lookup = |id: &str| register.borrow_mut().read(|tx| antecedent::of(tx, id));
                answered::fill(&mut front, &lookup, &mut findings)?;
                let letter = Letter { source, front, body };
                // What can't be recorded is among the findings of the press.
                ready::facts(&letter).ok().map(|facts| (facts, Recorded::of(&letter)))
            }
            None => None,
        };
        Ok(Self { path: path.to_string(), text, facts, entry, next, slots })
    }
}

impl Recorded {
    fn of(letter: &Letter) -> Self {
        let (paths, count) = letter.enclosures();
        let mut enclosures: Vec<String> = paths.into_iter().map(String::from).collect();
        if enclosures.is_empty() && count > 0 {
            enclosures.push(count.to_string());
        }
        let answers = answered::ids(&letter.front).into_iter().map(|(_, id)| id).collect();
        Self { reference: letter.reference().map(String::from), enclosures, answers }
    }
}

fn facts(visit: &Visit, seen: &Seen, today: NaiveDate) -> Markup {
    let fact =
        |name: &str, value: Markup| html! { dt { (visit.say(&format!("web-letters-fact-{name}"))) } dd { (value) } };
    let or_none = |text: Option<&str>| html! { @match text.filter(|text| !text.is_empty()) { Some(text) => (text), None => "–" } };
    let Some((facts, recorded)) = &seen.facts else { return html! {} };
    let number = match (&seen.entry, &recorded.reference) {
        (Some(entry), _) => html! { (entry.id) },
        (None, Some(reference)) => html! { (reference) },
        (None, None) => html! { (visit.text("web-letters-next-number", &[("number", &seen.next)])) },
    };
    let case = if facts.new_case { Some(visit.say("web-letters-new-case")) } else { facts.case_number.clone() };
    html! {
        h2 { (visit.say("web-letters-recorded")) }
        dl.facts {
            (fact("number", number))
            (fact("date", html! { (page::day(Some(facts.dated.unwrap_or(today)))) }))
            (fact("subject", or_none(Some(&facts.subject))))
            (fact("to", or_none(facts.correspondent.as_deref())))
            (fact("case", or_none(case.as_deref())))
            (fact("enclosures", or_none(Some(&recorded.enclosures.join(", ")))))
            (fact("answers", or_none(Some(&recorded.answers.join(", ")))))
        }
    }
}

/// The pages as somebody saw them, whatever they were made of: the letter, its template, the settings, figures and the day.
fn as_seen(laid: &Laid) -> String {
    sha256(laid.pages.join("\n").as_bytes())
}

fn button(visit: &Visit, seen: &Seen, laid: &Laid) -> Markup {
    let is_issued = seen.entry.as_ref().is_some_and(|entry| entry.version > 0);
    html! {
        form method="post" action=(url("issue", &seen.path)) {
            (page::hidden(visit))
            input type="hidden" name="digest" value=(sha256(seen.text.as_bytes()));
            input type="hidden" name="pages" value=(as_seen(laid));
            @if is_issued {
                p { (visit.say("web-letters-issued-already")) }
                div.option {
                    input type="checkbox" id="nieuwe_versie" name="nieuwe_versie" value="1";
                    label for="nieuwe_versie" { (visit.say("web-letters-new-version")) }
                }
            }
            div.actions { button #issue { (visit.say("web-letters-issue")) } }
        }
    }
}
