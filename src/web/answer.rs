//! What a request is answered with when it can't be done: a page that says why, in the reader's language.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use maud::html;

use super::page::{self, Room};
use super::visit::Visit;
use crate::error::Error;
use crate::register::accounts::Role;

/// Why a request was not done.
#[derive(Debug)]
pub enum Failure {
    /// What the library says.
    Error(Error),
    /// What a command of its own process said: its findings, as the contract writes them.
    Told(Vec<serde_json::Value>),
    /// There is no such page, letter or file.
    Missing,
    /// It takes another role.
    Forbidden(Role),
    /// The form was not one of this session: it was left open too long, or came from elsewhere.
    Stale,
    /// It takes an account.
    SignIn,
    /// Too many attempts; the seconds to wait.
    TooMany(u64),
    /// More than is taken in.
    TooLarge,
    /// The request is not what a page of the workbench sends.
    Malformed,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl Failure {
    fn status(&self) -> StatusCode {
        match self {
            Self::Error(Error::Refused(findings)) if findings.iter().any(|finding| is_unknown(finding.code)) => {
                StatusCode::NOT_FOUND
            }
            Self::Error(Error::Refused(_)) | Self::Told(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Error(Error::Outside { .. }) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Missing => StatusCode::NOT_FOUND,
            Self::Forbidden(_) | Self::Stale => StatusCode::FORBIDDEN,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Malformed => StatusCode::BAD_REQUEST,
        }
    }
}

/// Whether a code says that what was asked for by its name is not there.
fn is_unknown(code: &str) -> bool {
    let unknown =
        ["archive-letter-missing", "entry-unknown", "file-missing", "id-unknown", "mail-unknown", "template-unknown"];
    unknown.contains(&code)
}

/// A failure on its way to [`dress`].
#[derive(Clone)]
struct Undressed(Arc<Failure>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut answer = self.status().into_response();
        answer.extensions_mut().insert(Undressed(Arc::new(self)));
        answer
    }
}

/// Makes a page of what went wrong.
pub async fn dress(visit: Visit, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let answer = next.run(request).await;
    match answer.extensions().get::<Undressed>() {
        Some(Undressed(failure)) => {
            tracing::debug!(%method, path = visit.path(), name = visit.name(), ?failure, "not done");
            told(&visit, failure)
        }
        None if answer.status() == StatusCode::PAYLOAD_TOO_LARGE => show(&visit, Failure::TooLarge),
        None if answer.status() == StatusCode::METHOD_NOT_ALLOWED => show(&visit, Failure::Missing),
        // An address or a query that can't be read.
        None if answer.status() == StatusCode::BAD_REQUEST => show(&visit, Failure::Malformed),
        None => answer,
    }
}

/// The answer to a path that leads nowhere.
pub async fn nothing_here() -> Failure {
    Failure::Missing
}

/// The page of a failure.
pub fn show(visit: &Visit, failure: Failure) -> Response {
    told(visit, &failure)
}

fn told(visit: &Visit, failure: &Failure) -> Response {
    let status = failure.status();
    if matches!(
        failure,
        Failure::Forbidden(_) | Failure::Stale | Failure::SignIn | Failure::TooMany(_) | Failure::TooLarge
    ) {
        tracing::warn!(path = visit.path(), name = visit.name(), from = %visit.from(), %status, "refused");
    }
    let title = match failure {
        Failure::Error(Error::Refused(_)) | Failure::Told(_) if status == StatusCode::NOT_FOUND => {
            visit.say("web-failed-missing")
        }
        Failure::Error(Error::Refused(_)) | Failure::Told(_) => visit.say("web-failed-refused"),
        Failure::Error(Error::Outside { .. }) => visit.say("web-failed-outside"),
        Failure::Missing => visit.say("web-failed-missing"),
        Failure::Forbidden(_) => visit.say("web-failed-forbidden"),
        Failure::Stale => visit.say("web-failed-stale"),
        Failure::SignIn => visit.say("web-failed-sign-in"),
        Failure::TooMany(_) => visit.say("web-failed-too-many"),
        Failure::TooLarge => visit.say("web-failed-too-large"),
        Failure::Malformed => visit.say("web-failed-malformed"),
    };
    let body = html! {
        @match failure {
            Failure::Error(Error::Refused(findings)) => (page::findings(visit, findings)),
            Failure::Error(error) => (page::outside(visit, error)),
            Failure::Told(findings) => (page::told(visit, findings)),
            Failure::Missing => p { (visit.say("web-failed-missing-help")) },
            Failure::Forbidden(role) => p { (visit.text("web-failed-forbidden-help", &[("role", role.word())])) },
            Failure::Stale => p { (visit.say("web-failed-stale-help")) },
            Failure::SignIn => p { a href="/sign-in" { (visit.say("web-sign-in")) } },
            Failure::TooMany(seconds) => {
                p { (visit.text("web-failed-too-many-help", &[("seconds", &seconds.to_string())])) }
            },
            Failure::TooLarge => {
                @let (file, form) = (page::megabytes(super::MAX_FILE), page::megabytes(super::MAX_FORM));
                p { (visit.text("web-failed-too-large-help", &[("file", &file), ("form", &form)])) }
            },
            Failure::Malformed => p { (visit.say("web-failed-malformed-help")) },
        }
    };
    (status, page::page(visit, Room::None, &title, body)).into_response()
}
