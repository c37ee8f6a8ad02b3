//! Mailings: one letter to every row of a table.

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use maud::html;

use super::house::House;
use super::page::{self, Room};
use super::visit::Visit;

pub fn routes() -> Router<Arc<House>> {
    Router::new().route("/mailings", get(list))
}

async fn list(visit: Visit) -> Response {
    page::page(&visit, Room::Mailings, &visit.say("web-room-mailings"), html! {})
}
