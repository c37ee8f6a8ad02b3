//! The archive: signed letters taken in, what their signatures are worth, versions and fixity.

mod add;
pub mod fixity;
mod letter;
mod list;
mod verdict;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::house::House;
use super::page;
use super::visit::Visit;
use crate::archive::keep::Archive;
use crate::error::{Finding, Result};
use crate::register::{Clerk, Register};
use crate::workspace::Workspace;

pub fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/archive", get(list::list))
        .route("/archive/add", post(add::add).layer(DefaultBodyLimit::max(super::MAX_FILE)))
        .route("/archive/fixity", get(fixity::show))
        .route("/archive/verify", post(fixity::verify))
        .route("/archive/{id}", get(letter::show))
        .route("/archive/{id}/{version}/{file}", get(letter::file))
}

/// The archive of the workspace, which must be there.
fn opened(workspace: &Workspace, register: &mut Register, clerk: &Clerk) -> Result<Archive> {
    let path = || workspace.shown(&workspace.archive()).display().to_string();
    let archive = Archive::open_existing(workspace, register, clerk)?;
    archive.ok_or_else(|| Finding::error("archive-missing").arg("path", path()).into())
}

/// How large something is, as people say it.
fn size(visit: &Visit, bytes: u64) -> String {
    match bytes {
        0..1000 => format!("{bytes} B"),
        1000..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        // A decimal of what is shown is enough, whatever is lost beyond it.
        _ => format!("{} MB", page::decimal(visit, (bytes / 100_000) as f64 / 10.0)),
    }
}
