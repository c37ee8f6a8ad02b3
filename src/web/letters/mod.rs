//! Letters that are drafted: their list ([`list`]), the editor ([`editor`], with its form in [`form`]), what happens when two
//! people save one letter ([`conflict`]), and issuing ([`last_look`]).

mod conflict;
mod editor;
mod form;
mod found;
mod last_look;
mod list;
mod opened;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::answer::Failure;
use super::house::House;
use super::visit::Visit;

pub fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/letters", get(list::list))
        .route("/letters/new", get(list::ask).post(list::make))
        .route("/letters/edit/{*path}", get(editor::edit).post(editor::save))
        .route("/letters/preview/{*path}", post(editor::preview))
        .route("/letters/issue/{*path}", get(last_look::look).post(last_look::issue))
        .route("/letters/pages/{name}", get(sheet))
}

/// The address of a page about a letter, by its path from the workspace.
pub(super) fn url(page: &str, path: &str) -> String {
    let parts: Vec<_> = path.split('/').map(super::page::segment).collect();
    format!("/letters/{page}/{}", parts.join("/"))
}

/// A page of a letter as a picture. Its name is what it holds, so that a browser need not ask for it twice.
async fn sheet(State(house): State<Arc<House>>, _: Visit, Path(name): Path<String>) -> Result<Response, Failure> {
    let picture = name.strip_suffix(".svg").and_then(|hash| house.sheet(hash)).ok_or(Failure::Missing)?;
    let headers =
        [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "private, max-age=31536000, immutable")];
    Ok((headers, picture).into_response())
}
