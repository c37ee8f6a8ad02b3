//! All letters of the register in one file.

use std::path::Path;
use std::sync::Arc;

use axum::extract;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::super::answer::Failure;
use super::super::house::House;
use super::super::visit::Visit;
use super::file::attached;
use crate::register::exchange::export::{Format, export as exported};

/// What there is: its name in a path, what people call it, what it is.
const FORMATS: [(&str, Format, &str, &str); 4] = [
    ("csv", Format::Csv, "CSV", "text/csv; charset=utf-8"),
    ("xlsx", Format::Xlsx, "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("json", Format::Json, "JSON", "application/json"),
    ("zgw", Format::Zgw, "ZGW", "application/json"),
];

/// Where the files are.
pub(super) fn links(visit: &Visit) -> Markup {
    html! {
        ul.links aria-label=(visit.say("web-register-export")) {
            @for (name, _, words, _) in FORMATS { li { a href={ "/register/export/" (name) } { (words) } } }
        }
    }
}

pub(super) async fn export(
    State(house): State<Arc<House>>,
    _: Visit,
    extract::Path(name): extract::Path<String>,
) -> Result<Response, Failure> {
    let known = FORMATS.into_iter().find(|(known, ..)| *known == name);
    let (_, format, _, kind) = known.ok_or(Failure::Missing)?;
    let extension = if format == Format::Zgw { "zgw.json" } else { &name };
    let (day, file) = (house.today(), format!("register.{extension}"));
    let shown = file.clone();
    let done = house.office(move |workspace, register| {
        register.read(|tx| exported(tx, format, &workspace.settings().organisatie, day, Path::new(&shown)))
    });
    let bytes = done.await?.bytes;
    Ok(attached(kind, &file, bytes))
}

/// JSON to keep.
pub(super) fn json(name: &str, json: &serde_json::Value) -> Response {
    attached("application/json", name, format!("{json:#}\n").into_bytes())
}
