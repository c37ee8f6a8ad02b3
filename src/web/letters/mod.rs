//! Letters that are drafted: their list, the editor, and issuing them.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::html;

use super::answer::Failure;
use super::house::House;
use super::page::{self, Room};
use super::visit::Visit;

pub fn routes() -> Router<Arc<House>> {
    Router::new().route("/letters", get(list)).route("/letters/pages/{name}", get(sheet))
}

/// A page of a letter as a picture. Its name is what it holds, so that a browser need not ask for it twice.
async fn sheet(State(house): State<Arc<House>>, Path(name): Path<String>) -> Result<Response, Failure> {
    let picture = name.strip_suffix(".svg").and_then(|hash| house.sheet(hash)).ok_or(Failure::Missing)?;
    let headers =
        [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "private, max-age=31536000, immutable")];
    Ok((headers, picture.to_string()).into_response())
}

async fn list(visit: Visit) -> Response {
    page::page(&visit, Room::Letters, &visit.say("web-room-letters"), html! {})
}
