//! What a mailing gives to take along: its report, its letters, the file to print, the rows to mend.

use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::Own;
use super::checks::Check;
use crate::archive::keep::Archive;
use crate::archive::shown::Held;
use crate::error::{Error, Finding};
use crate::mailing::outcome::Outcome;
use crate::web::answer::Failure;
use crate::web::errand::{self, Lanes};
use crate::web::guard::Framed;
use crate::web::house::House;
use crate::web::page;
use crate::web::stream;
use crate::web::visit::Visit;

/// The longest that a file to print may take: it may hold a hundred thousand letters.
const LIMIT: Duration = Duration::from_secs(60 * 60);

/// How many files to print are made at once: each holds all letters of a mailing in memory.
static PRINTS: Semaphore = Semaphore::const_new(2);

/// One file to print of a mailing at a time: whoever asks again while it is made waits for it, and not the others.
static MAILINGS: Lanes = Lanes::new();

/// In which order letters are printed.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    order: String,
}

/// The refused rows of a prepared mailing as a table to mend.
pub(super) async fn refused(
    State(house): State<Arc<House>>,
    Extension(work): Own,
    visit: Visit,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    let reading = work.read(&house, &name).await?.ok_or(Failure::Missing)?;
    let Check::Done(checked) = work.check(&house, &visit, &reading) else { return Err(Failure::Missing) };
    let title = visit.text("web-mailings-refused-file", &[("name", &name)]);
    Ok(file(&format!("{title}.csv"), "text/csv; charset=utf-8", false, checked.refused.clone()))
}

/// The report of a mailing as a table.
pub(super) async fn table(
    State(house): State<Arc<House>>,
    visit: Visit,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    let title = visit.text("web-mailings-report-file", &[("name", &name)]);
    let bytes = house.register(move |register| Ok(Outcome::read(register, &name)?.csv())).await?;
    Ok(file(&format!("{title}.csv"), "text/csv; charset=utf-8", false, bytes))
}

/// The same as JSON.
pub(super) async fn json(
    State(house): State<Arc<House>>,
    visit: Visit,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    let title = visit.text("web-mailings-report-file", &[("name", &name)]);
    let bytes = house.register(move |register| Ok(format!("{:#}\n", Outcome::read(register, &name)?.json()))).await?;
    Ok(file(&format!("{title}.json"), "application/json", false, bytes.into_bytes()))
}

/// All letters that there are, as one file to print.
pub(super) async fn print(
    State(house): State<Arc<House>>,
    visit: Visit,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let own = name.clone();
    // What is not there is said before anything is begun.
    house.register(move |register| Outcome::mailing(register, &own)).await?;
    let folder = house.temporary_folder()?;
    let place = folder.path().join("print.pdf");
    let order = if asked.order == "postcode" { "postcode" } else { "tabel" };
    let mut arguments: Vec<OsString> = ["mail", "print", "--order", order, "--merge"].map(Into::into).to_vec();
    arguments.extend([place.clone().into_os_string(), "--".into(), name.clone().into()]);
    let _turns = (MAILINGS.enter(&name).await, PRINTS.acquire().await.ok());
    let done = errand::run(&house, &visit, &arguments, LIMIT).await?;
    if done.answer["printbestand"].is_null() {
        return Err(Error::from(Finding::error("print-nothing")).into());
    }
    let opened = house.apart(move || std::fs::File::open(&place).map_err(|cause| Error::io("read", &place, cause)));
    let body = stream::file(opened.await?, folder);
    let title = visit.text("web-mailings-print-file", &[("name", &name)]);
    Ok(file(&format!("{title}.pdf"), "application/pdf", false, body))
}

/// The letter of a row, by its number in the plan, as the archive has it.
pub(super) async fn letter(
    State(house): State<Arc<House>>,
    visit: Visit,
    Path((name, row)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let row: i64 = row.parse().map_err(|_| Failure::Missing)?;
    let found = house
        .change(&visit, move |workspace, register, clerk| {
            let outcome = Outcome::read(register, &name)?;
            let rows = outcome.rows.into_iter().filter(|other| other.row.seq == row && other.pdf.is_some());
            let Some(id) = rows.filter_map(|row| row.row.entry).next() else { return Ok(None) };
            let archive = Archive::open(workspace, register, clerk)?;
            let (_, bytes) = Held::find(&archive, register, &id)?.letter()?;
            Ok(Some((id, bytes)))
        })
        .await?;
    let (id, bytes) = found.ok_or(Failure::Missing)?;
    Ok(file(&format!("{id}.pdf"), "application/pdf", true, bytes))
}

/// A file to download, or to show in the browser.
fn file(name: &str, kind: &'static str, shown: bool, body: impl Into<Body>) -> Response {
    let disposition = page::disposition(if shown { "inline" } else { "attachment" }, name);
    let headers = [(header::CONTENT_TYPE, kind.to_string()), (header::CONTENT_DISPOSITION, disposition)];
    let mut answer = (headers, body.into()).into_response();
    if shown {
        answer.extensions_mut().insert(Framed);
    }
    answer
}
