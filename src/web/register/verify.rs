//! Whether anything was changed behind the register's back: found out by a process of its own, one at a time.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use serde_json::Value as Json;
use tokio::sync::Semaphore;

use super::super::answer::Failure;
use super::super::errand::{self, Done};
use super::super::house::House;
use super::super::page::{self, Room};
use super::super::visit::Visit;
use super::{Asked, rooms};
use crate::register::accounts::Role;

/// How long a register of hundreds of thousands of letters with their files may take.
const LIMIT: Duration = Duration::from_secs(1_800);

/// So many faults are shown; the command has them all.
const MOST: usize = 100;

/// It reads everything there is: two at once would only be slower.
static TURN: Semaphore = Semaphore::const_new(1);

pub(super) async fn verify(
    State(house): State<Arc<House>>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    visit.must(Role::Manage)?;
    let verdict = if asked.text("nu").is_empty() {
        html! {}
    } else {
        let _turn = TURN.acquire().await.map_err(|_| Failure::Malformed)?;
        let done = errand::run(&house, &visit, &["register".into(), "verify".into()], LIMIT).await?;
        verdict(&visit, &done)
    };
    let body = html! {
        (rooms(&visit, "/register/verify"))
        p { (visit.say("web-register-verify-help")) }
        form method="get" action="/register/verify" {
            input type="hidden" name="nu" value="ja";
            button { (visit.say("web-register-verify-now")) }
        }
        (verdict)
    };
    Ok(page::page(&visit, Room::Register, &visit.say("web-register-verify"), body))
}

fn verdict(visit: &Visit, done: &Done) -> Markup {
    let answer = &done.answer;
    let faults = answer["fouten"].as_array().map(Vec::as_slice).unwrap_or_default();
    let args = [("events", answer["gebeurtenissen"].to_string()), ("faults", faults.len().to_string())];
    let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
    let is_clean = answer["in_orde"] == Json::Bool(true);
    html! {
        section aria-labelledby="verdict" {
            h2 #verdict { (visit.say("web-register-verdict")) }
            div role="status" {
                @if is_clean {
                    p.done { (visit.text("verify-clean", &args[..1])) }
                } @else {
                    p.alert { (visit.text("verify-wrong", &args)) }
                }
            }
            @if !faults.is_empty() {
                ul.findings {
                    @for fault in faults.iter().take(MOST) {
                        li.error {
                            @if let Some(id) = fault["id"].as_str() { a href=(page::entry_url(id)) { (id) } ": " }
                            (fault["reden"].as_str().unwrap_or("?"))
                        }
                    }
                }
                @if faults.len() > MOST {
                    p { (visit.text("verify-more", &[("more", &(faults.len() - MOST).to_string())])) }
                }
            }
            @let said = done.said.trim();
            @if !said.is_empty() { pre.scroll.said tabindex="0" { (said) } }
        }
    }
}
