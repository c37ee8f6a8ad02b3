//! How far a letter is, in a word: a colour says no more than the word does.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::super::page;
use super::super::visit::Visit;
use super::days;
use crate::register::entry::{Direction, Entry, Status};

/// Which way a letter goes, in words.
pub(super) fn direction(visit: &Visit, direction: Direction) -> String {
    visit.text(&format!("web-register-direction-{}", direction.word()), &[])
}

/// The status of a letter as it is on a day.
pub(super) fn status(visit: &Visit, entry: &Entry, today: NaiveDate) -> Markup {
    let is_late = entry.is_late(today);
    let is_good = matches!(entry.status, Status::Answered | Status::Sent);
    let is_waiting = entry.status == Status::Open && !is_late;
    html! {
        span.tag.late[is_late].waiting[is_waiting].good[is_good] { (page::status(visit, entry.status)) }
    }
}

/// The term of a letter that waits for an answer: when it ends, and how long that still is or has been.
pub(super) fn term(visit: &Visit, entry: &Entry, today: NaiveDate) -> Markup {
    let Some(term) = entry.term.filter(|_| entry.status == Status::Open) else { return html! {} };
    let left = (term - today).num_days();
    let words = match left {
        0 => visit.say("web-register-due-today"),
        1.. => visit.text("web-register-left", &[("days", &days(visit, left))]),
        _ => visit.text("web-register-over", &[("days", &days(visit, -left))]),
    };
    html! { span.term.overdue[left < 0] { time datetime=(term) { (term) } " " span.nowrap { "(" (words) ")" } } }
}
