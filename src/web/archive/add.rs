//! A letter comes back signed, or gets the file that it lacks: the program judges it in a process of its own, and takes it in
//! or says why not.

use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;

use super::super::answer::Failure;
use super::super::errand;
use super::super::house::House;
use super::super::page;
use super::super::posted::Uploaded;
use super::super::visit::{self, Visit};
use super::list;
use crate::error::Error;
use crate::register::files::file_name;

/// How long a file may take to be judged.
const LIMIT: Duration = Duration::from_secs(120);

pub(super) async fn add(
    State(house): State<Arc<House>>,
    visit: Visit,
    mut sent: Uploaded,
) -> Result<Response, Failure> {
    let file = sent.take("file").filter(|file| file.size > 0);
    let (id, is_scan) = (sent.fields.some("id"), sent.fields.has("scan"));
    let Some(file) = file else {
        let mut query = vec![("empty", "1")];
        query.extend(id.map(|id| ("id", id)));
        query.extend(is_scan.then_some(("scan", "1")));
        return Ok(Redirect::to(&format!("/archive?{}", visit::form_urlencoded(&query))).into_response());
    };
    let mut arguments: Vec<OsString> = vec!["archive".into(), "add".into()];
    // In one argument: what begins with a dash is no option.
    arguments.extend(id.map(|id| format!("--id={id}").into()));
    // The command line asks for an ID with it, and says so only to who types it there.
    match (is_scan, id) {
        (true, Some(_)) => arguments.push("--scan".into()),
        (true, None) => {
            let trouble = html! { p.alert role="alert" { (visit.say("web-archive-scan-which")) } };
            let page = list::refused(&house, &visit, None, true, &trouble).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
        (false, _) => {}
    }
    // Under the name that it has where it came from: of a letter that came in, the register records it.
    let folder = house.temporary_folder()?;
    let place = folder.path().join(file_name(&file.name));
    file.file.persist(&place).map_err(|cause| Error::io("write", &place, cause.error))?;
    arguments.push(place.into());
    match errand::run(&house, &visit, &arguments, LIMIT).await {
        Ok(done) => {
            let id = done.answer["id"].as_str().ok_or_else(|| errand::unanswered(&house, "id"))?;
            tracing::info!(name = visit.name(), id, "a file of a letter was taken in");
            Ok(Redirect::to(&format!("/archive/{}", page::segment(id))).into_response())
        }
        Err(Failure::Told(findings)) => {
            tracing::info!(name = visit.name(), file = file.name, "a file was not taken in");
            let title = visit.text("web-archive-refused", &[("file", &file.name)]);
            let trouble = html! {
                div.archive-refused role="alert" {
                    p { strong { (title) } }
                    (page::told(&visit, &findings))
                    p { (visit.say("web-archive-refused-help")) }
                }
            };
            let page = list::refused(&house, &visit, id.map(String::from), is_scan, &trouble).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other),
    }
}
