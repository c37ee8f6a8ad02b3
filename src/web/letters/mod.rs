//! Letters that are drafted: their list, the editor, and issuing them.

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use maud::html;

use super::house::House;
use super::page::{self, Room};
use super::visit::Visit;

pub fn routes() -> Router<Arc<House>> {
    Router::new().route("/letters", get(list))
}

async fn list(visit: Visit) -> Response {
    page::page(&visit, Room::Letters, &visit.say("web-room-letters"), html! {})
}
