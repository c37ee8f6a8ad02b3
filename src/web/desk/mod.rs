//! The desk: what asks for attention.

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use maud::html;

use super::house::House;
use super::page::{self, Room};
use super::visit::Visit;

pub fn routes() -> Router<Arc<House>> {
    Router::new().route("/", get(desk))
}

async fn desk(visit: Visit) -> Response {
    page::page(&visit, Room::Desk, &visit.say("web-room-desk"), html! {})
}
