//! What a change gave, told once on the page that follows it. It is kept here and not in the address of that page or in a
//! cookie, so that nobody can have a page of the workbench say what they like.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use maud::{Markup, html};

use super::super::house::House;
use super::super::page;
use super::super::visit::Visit;
use crate::error::Finding;

/// The longest that something waits to be told.
const LONGEST: TimeDelta = TimeDelta::minutes(10);

/// The most that waits: pages that never came make room for others.
const MOST: usize = 1_000;

/// What is yet to be told, the oldest first.
static LEFT: Mutex<Vec<Left>> = Mutex::new(Vec::new());

struct Left {
    token: String,
    id: String,
    moment: DateTime<Utc>,
    told: Told,
}

/// What a change gave.
#[derive(Debug, Default)]
pub(in crate::web) struct Told {
    /// What was done.
    pub done: String,
    /// What else is to be known.
    pub more: Vec<String>,
    /// What had better be looked at.
    pub warnings: Vec<Finding>,
    /// The same in the words of a command that did it.
    pub said: Vec<String>,
}

impl Told {
    /// Keeps it for the page of a letter that the visitor is sent to.
    pub fn leave(self, house: &House, visit: &Visit, id: &str) {
        let moment = house.now();
        let mut left = LEFT.lock().unwrap_or_else(PoisonError::into_inner);
        left.retain(|left| moment - left.moment < LONGEST);
        let many = (left.len() + 1).saturating_sub(MOST);
        left.drain(..many);
        left.push(Left { token: visit.token().to_string(), id: id.to_string(), moment, told: self });
    }

    /// What was left for the visitor on the page of a letter.
    pub fn take(visit: &Visit, id: &str) -> Option<Self> {
        let mut left = LEFT.lock().unwrap_or_else(PoisonError::into_inner);
        let at = left.iter().position(|left| left.token == visit.token() && left.id == id)?;
        Some(left.remove(at).told)
    }

    pub fn show(&self, visit: &Visit) -> Markup {
        html! {
            div role="status" {
                p.done { (self.done) @for more in &self.more { br; (more) } }
            }
            @if !self.warnings.is_empty() { (page::findings(visit, &self.warnings)) }
            @if !self.said.is_empty() {
                ul.findings { @for line in &self.said { li.warning { (line) } } }
            }
        }
    }
}
