//! What can be done to a letter, a small form each: for who may, and where it makes sense. Whether it can be done, the
//! library decides.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::super::page;
use super::super::posted::Fields;
use super::super::visit::{Visit, form_urlencoded};
use super::entry::Sheet;
use super::label;
use crate::error::Finding;
use crate::register::accounts::Role;
use crate::register::changes::correct;
use crate::register::entry::{Direction, Entry, Status};
use crate::register::links::{Kind, Link};

/// What can be done to a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Send,
    Assign,
    Handle,
    Link,
    Correct,
    Unlink,
    Withdraw,
    Void,
}

/// Something that was tried and can't be done so.
pub(super) struct Attempt {
    pub action: Action,
    pub fields: Fields,
    pub findings: Vec<Finding>,
}

impl Action {
    /// All of them, in the order of their forms.
    const ALL: [Self; 8] =
        [Self::Assign, Self::Send, Self::Handle, Self::Link, Self::Correct, Self::Unlink, Self::Withdraw, Self::Void];

    /// Its name in a path.
    pub fn word(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Assign => "assign",
            Self::Handle => "handle",
            Self::Link => "link",
            Self::Correct => "correct",
            Self::Unlink => "unlink",
            Self::Withdraw => "withdraw",
            Self::Void => "void",
        }
    }

    /// The action with a name.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.word() == word)
    }

    /// Who may.
    pub fn role(self) -> Role {
        match self {
            Self::Send | Self::Assign | Self::Handle | Self::Link => Role::Write,
            Self::Correct | Self::Unlink | Self::Withdraw | Self::Void => Role::Manage,
        }
    }

    /// Whether it makes sense for a letter.
    fn fits(self, entry: &Entry, links: &[Link]) -> bool {
        let status = entry.status;
        match self {
            Self::Send => matches!(status, Status::Issued | Status::Signed),
            Self::Assign | Self::Link => status != Status::Void,
            Self::Handle => status == Status::Open,
            Self::Correct => !correct::fields(entry).is_empty(),
            Self::Unlink => !links.is_empty(),
            Self::Withdraw => status.stands(),
            Self::Void => status == Status::Reserved,
        }
    }

    fn is_final(self) -> bool {
        matches!(self, Self::Withdraw | Self::Void)
    }
}

/// The forms of a letter; none for who only reads.
pub(super) fn all(visit: &Visit, sheet: &Sheet, today: NaiveDate, attempt: Option<&Attempt>) -> Option<Markup> {
    let entry = &sheet.listed.entry;
    let fits = |action: &Action| {
        let tried = attempt.is_some_and(|attempt| attempt.action == *action);
        visit.may(action.role()) && (tried || action.fits(entry, &sheet.links))
    };
    let answers = entry.direction == Direction::In;
    page::writes(visit).then(|| {
        html! {
            section.card.todo.no-print aria-labelledby="actions" {
                h2 #actions { (visit.say("web-register-actions")) }
                @if answers {
                    p { a.button href={ "/letters/new?" (form_urlencoded(&[("in_reactie_op", &entry.id)])) } {
                        (visit.say("web-register-answer"))
                    } }
                }
                @for action in Action::ALL.into_iter().filter(fits) {
                    (form(visit, sheet, action, today, attempt.filter(|attempt| attempt.action == action)))
                }
            }
        }
    })
}

fn form(visit: &Visit, sheet: &Sheet, action: Action, today: NaiveDate, attempt: Option<&Attempt>) -> Markup {
    let (word, id) = (action.word(), &sheet.listed.entry.id);
    let name = visit.text(&format!("web-register-do-{word}"), &[]);
    let help = visit.text(&format!("web-register-do-{word}-help"), &[]);
    html! {
        details open[attempt.is_some()] {
            summary { (name) }
            form method="post" action={ (page::entry_url(id)) "/" (word) } {
                (page::hidden(visit))
                @if let Some(attempt) = attempt {
                    div role="alert" { (page::findings(visit, &attempt.findings)) }
                }
                p.help { (help) }
                (fields(visit, sheet, action, today, attempt))
                button.danger[action.is_final()] { (name) }
            }
        }
    }
}

fn fields(visit: &Visit, sheet: &Sheet, action: Action, today: NaiveDate, attempt: Option<&Attempt>) -> Markup {
    let entry = &sheet.listed.entry;
    let one = |name: &str, kind: &str, given: &str| {
        let value = attempt.map_or(given, |attempt| attempt.fields.raw(name));
        field(visit, action, name, kind, value)
    };
    let reason = || one("reden", "text", "");
    match action {
        Action::Assign => one("behandelaar", "text", entry.handler.as_deref().unwrap_or_default()),
        Action::Send => html! { (one("datum", "date", &today.to_string())) (one("wijze", "text", "")) },
        Action::Handle | Action::Withdraw | Action::Void => reason(),
        Action::Link => {
            let kinds = Kind::ALL.map(|kind| (kind.word().to_string(), kind_words(visit, kind)));
            html! { (select(visit, action, "als", &kinds, attempt)) (one("ander", "text", "")) }
        }
        Action::Correct => {
            let known = correct::fields(entry).into_iter().map(|name| (name.to_string(), label(visit, name)));
            let value = html! {
                div.field {
                    label for="correct-waarde" { (label(visit, "waarde")) }
                    input id="correct-waarde" name="waarde" type="text"
                        value=(attempt.map_or("", |attempt| attempt.fields.raw("waarde")));
                }
            };
            html! { (select(visit, action, "veld", &known.collect::<Vec<_>>(), attempt)) (value) (reason()) }
        }
        Action::Unlink => {
            let known = sheet.links.iter().map(|link| (key(link), words(visit, link)));
            html! { (select(visit, action, "koppeling", &known.collect::<Vec<_>>(), attempt)) (reason()) }
        }
    }
}

fn field(visit: &Visit, action: Action, name: &str, kind: &str, value: &str) -> Markup {
    let id = format!("{}-{name}", action.word());
    html! {
        div.field {
            label for=(id) { (label(visit, name)) span.required aria-hidden="true" { " *" } }
            input id=(id) name=(name) type=(kind) value=(value) required;
        }
    }
}

fn select(
    visit: &Visit,
    action: Action,
    name: &str,
    options: &[(String, String)],
    attempt: Option<&Attempt>,
) -> Markup {
    let id = format!("{}-{name}", action.word());
    let chosen = attempt.map_or("", |attempt| attempt.fields.raw(name));
    html! {
        div.field {
            label for=(id) { (label(visit, name)) }
            select id=(id) name=(name) {
                @for (value, words) in options { option value=(value) selected[value == chosen] { (words) } }
            }
        }
    }
}

fn kind_words(visit: &Visit, kind: Kind) -> String {
    visit.text(&format!("web-register-kind-{}", kind.word()), &[])
}

fn words(visit: &Visit, link: &Link) -> String {
    let args = [("source", link.source.as_str()), ("target", link.target.as_str())];
    visit.text(&format!("web-register-linked-{}", link.kind.word()), &args)
}

/// A link as a form names it.
fn key(link: &Link) -> String {
    serde_json::json!([link.source, link.kind.word(), link.target]).to_string()
}

/// The link that a form names.
pub(super) fn link_of(key: &str) -> Option<Link> {
    let [source, kind, target]: [String; 3] = serde_json::from_str(key).ok()?;
    let kind = Kind::ALL.into_iter().find(|known| known.word() == kind)?;
    Some(Link { source, kind, target })
}
