//! What waits in the register: answers that are due, letters that came in, signatures, mailings.

use chrono::{Days, NaiveDate};
use maud::{Markup, html};

use super::super::page;
use super::super::visit::Visit;
use super::drafts::Drafts;
use super::{Count, part};
use crate::error::Result;
use crate::register::Register;
use crate::register::entry::{Entry, Status};
use crate::register::listed::Listed;
use crate::register::mailings::{Counts, Mailing};
use crate::register::outgoing;
use crate::register::query::{self, Field, Filter, Order};
use crate::workspace::Workspace;

/// How many days ahead a term is soon.
const SOON: u64 = 14;

/// The most letters of one sort that are shown.
const MOST: usize = 8;

/// The most letters that are shown with their terms.
const MOST_DUE: usize = 50;

/// What asks for attention.
#[derive(Default)]
pub(super) struct Waiting {
    due: (Vec<Listed>, Count),
    open: (Vec<Listed>, Count),
    unsigned: (Vec<Listed>, Count),
    mailings: Vec<(String, Counts)>,
    pub(super) drafts: Drafts,
}

impl Waiting {
    /// Looks at everything, each in one reading of the register.
    pub(super) fn read(workspace: &Workspace, register: &mut Register, today: NaiveDate) -> Result<Self> {
        let own = register.workspace().to_string();
        let until = today.checked_add_days(Days::new(SOON)).unwrap_or(today);
        let limit = |most: usize| u32::try_from(most + 1).ok();
        let (mut found, done) = register.read(|tx| {
            let mut found = Self::default();
            let due = Filter { open: true, due: Some(until), ..Filter::default() };
            found.due.0 = query::list(tx, &due, Order::Up(Field::Term), limit(MOST_DUE))?;
            let open = Filter { open: true, ..Filter::default() };
            found.open.0 = query::list(tx, &open, Order::Newest, limit(MOST))?;
            let issued = Filter { statuses: vec![Status::Issued], ..Filter::default() };
            found.unsigned.0 = query::list(tx, &issued, Order::Newest, limit(MOST))?;
            let mut done = outgoing::made(tx, &own)?;
            for name in Mailing::names(tx, &own)? {
                done.extend(Mailing::find(tx, &own, &name)?.map(|mailing| mailing.letter));
                let counts = Counts::read(tx, &own, &name)?;
                if counts.waiting + counts.busy > 0 {
                    found.mailings.push((name, counts));
                }
            }
            Ok((found, done))
        })?;
        found.due.1 = Count::of(&mut found.due.0, MOST_DUE);
        found.open.1 = Count::of(&mut found.open.0, MOST);
        found.unsigned.1 = Count::of(&mut found.unsigned.0, MOST);
        found.drafts = Drafts::read(workspace, &done)?;
        Ok(found)
    }
}

/// Letters whose answer is late, or must be there soon.
pub(super) fn due(visit: &Visit, found: &Waiting, today: NaiveDate) -> Markup {
    let (letters, count) = &found.due;
    let body = html! {
        @if letters.is_empty() {
            p.empty { (visit.say("web-desk-nothing-due")) }
        } @else {
            div.scroll tabindex="0" role="region" aria-label=(visit.say("web-desk-due")) {
                table.desk-due {
                    caption.visually-hidden { (visit.say("web-desk-due-caption")) }
                    thead {
                        tr {
                            @for name in ["termijn", "onderwerp", "correspondent", "behandelaar", "id"] {
                                th scope="col" { (visit.say(&format!("field-{name}"))) }
                            }
                        }
                    }
                    tbody {
                        @for Listed { entry, .. } in letters {
                            tr {
                                td { (term(visit, entry, today)) }
                                td { a href=(page::entry_url(&entry.id)) { (named(visit, entry)) } }
                                td { (entry.correspondent.as_deref().unwrap_or("–")) }
                                td { (entry.handler.as_deref().unwrap_or("–")) }
                                td.desk-id { (entry.id) }
                            }
                        }
                    }
                }
            }
            @if count.more { p { a href="/register" { (visit.say("web-desk-more-due")) } } }
        }
    };
    part("due", &visit.say("web-desk-due"), count, &body)
}

/// The last day for an answer, and how far off it is.
fn term(visit: &Visit, entry: &Entry, today: NaiveDate) -> Markup {
    let days = entry.term.map_or(0, |term| (term - today).num_days());
    let count = if days.unsigned_abs() == 1 { "one".to_string() } else { days.unsigned_abs().to_string() };
    let args = [("days", count.as_str())];
    html! {
        @match days {
            0 => span.tag.waiting { (visit.say("web-desk-today")) },
            1.. => span.tag { (visit.text("web-desk-days-left", &args)) },
            _ => span.tag.late { (visit.text("web-desk-days-late", &args)) },
        }
        " " span.faint.desk-day { (page::day(entry.term)) }
    }
}

fn named(visit: &Visit, entry: &Entry) -> String {
    if entry.subject.trim().is_empty() { visit.say("web-desk-no-subject") } else { entry.subject.clone() }
}

/// Letters that came in and wait for an answer.
pub(super) fn open(visit: &Visit, found: &Waiting) -> Markup {
    let (letters, count) = &found.open;
    let body = list(visit, letters, "web-desk-nothing-open", &|entry| page::entry_url(&entry.id));
    let more = html! { (body) @if count.more { p { a href="/register" { (visit.say("web-desk-whole-register")) } } } };
    part("open", &visit.say("web-desk-open"), count, &more)
}

/// Letters that were issued and have not come back signed.
pub(super) fn unsigned(visit: &Visit, found: &Waiting) -> Markup {
    let (letters, count) = &found.unsigned;
    let body = list(visit, letters, "web-desk-nothing-unsigned", &|entry| page::entry_url(&entry.id));
    let more = html! {
        (body)
        @if !letters.is_empty() { p { a href="/archive" { (visit.say("web-desk-take-in")) } } }
    };
    part("unsigned", &visit.say("web-desk-unsigned"), count, &more)
}

fn list(visit: &Visit, letters: &[Listed], none: &str, url: &dyn Fn(&Entry) -> String) -> Markup {
    html! {
        @if letters.is_empty() {
            p.empty { (visit.say(none)) }
        } @else {
            ul.desk-list {
                @for Listed { entry, .. } in letters {
                    li {
                        a href=(url(entry)) { (named(visit, entry)) }
                        span.faint {
                            (entry.id) " · " (page::day(query::day(entry)))
                            @if let Some(name) = &entry.correspondent { " · " (name) }
                        }
                    }
                }
            }
        }
    }
}

/// Mailings with letters still to be made.
pub(super) fn mailings(visit: &Visit, found: &Waiting) -> Markup {
    let body = html! {
        @if found.mailings.is_empty() {
            p.empty { (visit.say("web-desk-no-mailings")) }
        } @else {
            ul.desk-list {
                @for (at, (name, counts)) in found.mailings.iter().enumerate() {
                    @let (done, all) = (counts.done + counts.refused, counts.total());
                    @let words = visit.text("web-desk-mailing", &[("done", &done.to_string()), ("all", &all.to_string())]);
                    li {
                        a id={ "mailing-" (at) } href={ "/mailings/" (page::segment(name)) } { (name) }
                        span.faint { (words) }
                        progress aria-labelledby={ "mailing-" (at) } value=(done) max=(all) { (words) }
                    }
                }
            }
        }
    };
    let count = Count { shown: found.mailings.len(), more: false };
    part("mailings", &visit.say("web-desk-mailings"), &count, &body)
}
