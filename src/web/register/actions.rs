//! Does to a letter what a form asks for, as the commands of the register do.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::super::answer::Failure;
use super::super::house::House;
use super::super::page;
use super::super::posted::{Fields, Posted};
use super::super::visit::Visit;
use super::entry;
use super::forms::{Action, Attempt, link_of};
use super::told::Told;
use crate::error::{Error, Result};
use crate::messages::Messages;
use crate::register::chain::Journal;
use crate::register::changes::{Changed, correct, linking, progress};
use crate::register::links::{Kind, Link};
use crate::workspace::settings::Settings;

/// What a form asks for.
enum Asked {
    Assign(String),
    Send { day: String, manner: String },
    Handle(String),
    Withdraw(String),
    Void(String),
    Correct(Fields),
    Link(Kind, String),
    Unlink(Link, String),
}

pub(super) async fn act(
    State(house): State<Arc<House>>,
    visit: Visit,
    Path((id, action)): Path<(String, String)>,
    Posted(fields): Posted,
) -> Result<Response, Failure> {
    let action = Action::of_word(&action).ok_or(Failure::Missing)?;
    visit.must(action.role())?;
    let asked = read(action, &id, &fields)?;
    let (letter, words) = (id.clone(), house.words(visit.messages().tongue()));
    let done = house.change(&visit, move |workspace, register, clerk| {
        register.write(clerk, |journal| make(journal, workspace.settings(), &letter, &asked, &words))
    });
    match done.await {
        Ok((id, told)) => {
            told.leave(&house, &visit, &id);
            Ok(Redirect::to(&page::entry_url(&id)).into_response())
        }
        Err(Error::Refused(findings)) if !findings.iter().any(|finding| is_about(finding, &id)) => {
            entry::show(&house, &visit, id, Some(Attempt { action, fields, findings })).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether a finding says that the letter itself is not there.
fn is_about(finding: &crate::error::Finding, id: &str) -> bool {
    finding.code == "id-unknown" && finding.args.iter().any(|(_, value)| value == id)
}

fn read(action: Action, id: &str, fields: &Fields) -> Result<Asked, Failure> {
    let reason = || fields.text("reden").to_string();
    Ok(match action {
        Action::Assign => Asked::Assign(fields.text("behandelaar").to_string()),
        Action::Send => Asked::Send { day: fields.text("datum").to_string(), manner: fields.text("wijze").to_string() },
        Action::Handle => Asked::Handle(reason()),
        Action::Withdraw => Asked::Withdraw(reason()),
        Action::Void => Asked::Void(reason()),
        Action::Correct => Asked::Correct(fields.clone()),
        Action::Link => {
            let kind = Kind::ALL.into_iter().find(|kind| kind.word() == fields.text("als"));
            Asked::Link(kind.ok_or(Failure::Malformed)?, fields.text("ander").to_string())
        }
        Action::Unlink => {
            let link = link_of(fields.raw("koppeling")).filter(|link| link.source == id || link.target == id);
            Asked::Unlink(link.ok_or(Failure::Malformed)?, reason())
        }
    })
}

/// Makes the change; the letter's number and what is told of it.
fn make(
    journal: &mut Journal,
    settings: &Settings,
    id: &str,
    asked: &Asked,
    words: &Messages,
) -> Result<(String, Told)> {
    let mut more = Vec::new();
    let (changed, done) = match asked {
        Asked::Link(kind, other) => {
            let (changed, is_new) = linking::link(journal, id, *kind, other)?;
            let args = [("id", id), ("other", other.as_str()), ("kind", kind.word())];
            let done =
                if is_new { words.text("entry-linked", &args) } else { words.text("entry-linked-already", &args) };
            (changed, done)
        }
        Asked::Unlink(link, reason) => {
            let changed = linking::unlink(journal, &link.source, link.kind, &link.target, reason)?;
            let args = [("id", link.source.as_str()), ("other", &link.target), ("kind", link.kind.word())];
            let told = told(changed, words.text("entry-unlinked", &args), more);
            return Ok((id.to_string(), told.1));
        }
        Asked::Correct(fields) => {
            let (field, value) = (fields.text("veld"), fields.raw("waarde"));
            let corrected = correct::correct(journal, settings, id, field, value, fields.text("reden"))?;
            if corrected.letter_differs {
                more.push(words.text("entry-letter-differs", &[("id", id)]));
            }
            let value = corrected.value.as_deref().unwrap_or_default();
            let args = [("id", id), ("key", corrected.field), ("meant", value)];
            let done = words.text("entry-corrected", &args);
            (corrected.changed, done)
        }
        Asked::Assign(name) => {
            let assigned = progress::assign(journal, id, name)?;
            let name = assigned.listed.entry.handler.clone().unwrap_or_default();
            (assigned, words.text("entry-assigned", &[("id", id), ("name", &name)]))
        }
        Asked::Send { day, manner } => {
            (progress::send(journal, id, day, manner)?, words.text("entry-sent", &[("id", id)]))
        }
        Asked::Handle(reason) => (progress::handle(journal, id, reason)?, words.text("entry-handled", &[("id", id)])),
        Asked::Withdraw(reason) => {
            (progress::withdraw(journal, id, reason)?, words.text("entry-withdrawn", &[("id", id)]))
        }
        Asked::Void(reason) => (progress::void(journal, id, reason)?, words.text("entry-void", &[("id", id)])),
    };
    Ok(told(changed, done, more))
}

fn told(changed: Changed, done: String, more: Vec<String>) -> (String, Told) {
    (changed.listed.entry.id, Told { done, more, warnings: changed.warnings, said: Vec::new() })
}
