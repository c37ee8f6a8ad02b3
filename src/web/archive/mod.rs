//! The archive: signed letters taken in, what their signatures are worth, versions and fixity.

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use maud::html;

use super::house::House;
use super::page::{self, Room};
use super::visit::Visit;

pub fn routes() -> Router<Arc<House>> {
    Router::new().route("/archive", get(list))
}

async fn list(visit: Visit) -> Response {
    page::page(&visit, Room::Archive, &visit.say("web-room-archive"), html! {})
}
