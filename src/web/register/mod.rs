//! The register: what came in and went out, what answered what, and what is noted of it.

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use maud::html;

use super::house::House;
use super::page::{self, Room};
use super::visit::Visit;

pub fn routes() -> Router<Arc<House>> {
    Router::new().route("/register", get(list))
}

async fn list(visit: Visit) -> Response {
    page::page(&visit, Room::Register, &visit.say("web-room-register"), html! {})
}
