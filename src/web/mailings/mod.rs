//! Mailings: one letter to every row of a table.
//!
//! A mailing is prepared in a folder of the workspace ([`new`], [`table`], with what was read of it in [`reading`] and what
//! was found in [`checks`]; [`weigh`] keeps out what is too large), looked at row by row ([`row`]) and started ([`start`], [`runs`]). From then on the register
//! says how it stands ([`standing`]), whoever started it and wherever; [`files`] are its outcome to take along.

mod checks;
mod files;
mod list;
mod new;
mod reading;
mod row;
mod runs;
mod standing;
mod start;
mod table;
mod weigh;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router};

use super::house::House;
use super::page;

/// What this program does for mailings, and what it keeps of them in memory; all else is on the disk and in the register.
#[derive(Default)]
struct Work {
    readings: reading::Readings,
    checks: checks::Checks,
    runs: runs::Runs,
}

type Own = Extension<Arc<Work>>;

pub fn routes() -> Router<Arc<House>> {
    // More than a table may have: one that is too large is refused by its name.
    let most = || DefaultBodyLimit::max(super::MAX_FILE);
    Router::new()
        .route("/mailings", get(list::list))
        .route("/mailings/new", get(new::form).post(new::make).layer(most()))
        .route("/mailings/{name}", get(standing::show))
        .route("/mailings/{name}/standing", get(standing::show))
        .route("/mailings/{name}/table", get(table::show).post(table::replace).layer(most()))
        .route("/mailings/{name}/check", post(table::check_again))
        .route("/mailings/{name}/refused.csv", get(files::refused))
        .route("/mailings/{name}/row", get(row::jump))
        .route("/mailings/{name}/row/{row}", get(row::show))
        .route("/mailings/{name}/start", get(start::look).post(start::start))
        .route("/mailings/{name}/report.csv", get(files::table))
        .route("/mailings/{name}/report.json", get(files::json))
        .route("/mailings/{name}/print.pdf", get(files::print))
        .route("/mailings/{name}/letter/{row}", get(files::letter))
        .layer(Extension(Arc::new(Work::default())))
}

/// Where a mailing is shown.
fn url(name: &str) -> String {
    // The page to begin one has this address.
    if name == "new" { below(name, "standing") } else { format!("/mailings/{}", page::segment(name)) }
}

/// A page of a mailing.
fn below(name: &str, rest: &str) -> String {
    format!("/mailings/{}/{rest}", page::segment(name))
}
