//! Signing in and out, and the language of the pages.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::html;
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::answer::Failure;
use super::house::House;
use super::page::{self, Room};
use super::posted::Posted;
use super::visit::{self, Visit};
use crate::register::accounts::{Account, Password, Session};

/// How many passwords are tried at once: each takes 19 MiB and a processor.
static TRIED: Semaphore = Semaphore::const_new(2);

pub fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/sign-in", get(form).post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/language", post(language))
}

#[derive(Deserialize)]
struct Asked {
    next: Option<String>,
}

async fn form(visit: Visit, Query(asked): Query<Asked>) -> Response {
    if visit.role().is_some() {
        return Redirect::to(inside(asked.next.as_deref().unwrap_or("/"))).into_response();
    }
    sign_in_page(&visit, "", asked.next.as_deref().unwrap_or("/"), false)
}

fn sign_in_page(visit: &Visit, name: &str, next: &str, wrong: bool) -> Response {
    let (name_label, password_label) = (visit.say("web-account-name"), visit.say("web-account-password"));
    // What it is for is said to whatever fills forms in for somebody (WCAG 2.1, 1.3.5).
    let field = |name: &str, label: &str, kind: &str, value: &str, purpose: &str| {
        html! {
            div.field {
                label for=(name) { (label) span.required aria-hidden="true" { " *" } }
                input id=(name) name=(name) type=(kind) value=(value) autocomplete=(purpose) required
                    autocapitalize="none" spellcheck="false";
            }
        }
    };
    let body = html! {
        @if wrong { p.alert role="alert" { (visit.say("web-sign-in-wrong")) } }
        form.narrow method="post" action="/sign-in" {
            (page::hidden(visit))
            input type="hidden" name="next" value=(next);
            (field("name", &name_label, "text", name, "username"))
            (field("password", &password_label, "password", "", "current-password"))
            button { (visit.say("web-sign-in")) }
        }
    };
    page::page(visit, Room::None, &visit.say("web-sign-in"), body)
}

async fn sign_in(State(house): State<Arc<House>>, visit: Visit, Posted(fields): Posted) -> Result<Response, Failure> {
    let (name, next) = (fields.text("name").to_string(), inside(fields.raw("next")));
    if !visit.accounts() {
        return Ok(Redirect::to(next).into_response());
    }
    house.attempts.count(visit.from(), &name)?;
    let turn = TRIED.acquire().await.map_err(|_| Failure::Malformed)?;
    let password = Password::typed(fields.raw("password").to_string().into());
    let (token, now, tried) = (visit::new_token(&house), house.now(), name.clone());
    let (given, before) = (token.clone(), visit.token().to_string());
    let account = house.register(move |register| {
        let account = Account::of_password(register, &tried, &password)?;
        if let Some(account) = &account {
            Session::end(register, &before)?;
            Session::begin(register, account, &given, now)?;
        }
        Ok(account)
    });
    let account = account.await?;
    drop(turn);
    let Some(account) = account else {
        tracing::warn!(name, from = %visit.from(), "wrong name or password");
        let page = sign_in_page(&visit, &name, next, true);
        return Ok((StatusCode::UNAUTHORIZED, page).into_response());
    };
    tracing::info!(name = account.name, from = %visit.from(), "signed in");
    // Another token than before: who knew that one is not signed in with it.
    let mut answer = Redirect::to(next).into_response();
    visit::set_cookie(&mut answer, &visit::session_cookie(&house, &token));
    Ok(answer)
}

async fn sign_out(State(house): State<Arc<House>>, visit: Visit, _: Posted) -> Result<Response, Failure> {
    let token = visit.token().to_string();
    house.register(move |register| Session::end(register, &token)).await?;
    tracing::info!(name = visit.name(), "signed out");
    let mut answer = Redirect::to("/sign-in").into_response();
    visit::set_cookie(&mut answer, &visit::session_cookie(&house, &visit::new_token(&house)));
    Ok(answer)
}

async fn language(Posted(fields): Posted) -> Response {
    let mut answer = Redirect::to(inside(fields.raw("next"))).into_response();
    let code = if fields.text("taal") == "en" { "en" } else { "nl" };
    visit::set_cookie(&mut answer, &visit::tongue_cookie(code));
    answer
}

/// A path of the workbench itself; the desk for anything else, so that nobody is sent elsewhere.
fn inside(next: &str) -> &str {
    let elsewhere = next.starts_with("//") || next.contains(['\\', '\r', '\n', '\t']);
    if next.starts_with('/') && !elsewhere { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for path in ["/", "/register?q=a", "/letters/edit/a.md"] {
            assert_eq!(inside(path), path);
        }
        for path in ["", "//example.org", "https://example.org", "/\\example.org", "\\\\a", "/\t/example.org", "x"] {
            assert_eq!(inside(path), "/", "{path:?}");
        }
    }
}
