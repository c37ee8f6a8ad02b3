//! The files of a letter, by their place in the register: never by a path that somebody asks for, and never one that is not
//! what was recorded.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header::{self, HeaderValue};
use axum::response::{IntoResponse, Response};

use super::super::answer::Failure;
use super::super::guard::Framed;
use super::super::house::House;
use super::super::page;
use super::super::visit::{Visit, form_urlencoded};
use super::Asked;
use crate::error::Finding;
use crate::register::entry::Entry;
use crate::register::files::{FileRecord, Wrong};

/// Where a file of a letter is, to look at.
pub(super) fn url(id: &str, file: &FileRecord) -> String {
    let (version, position) = (file.version.to_string(), file.position.to_string());
    let query = form_urlencoded(&[("versie", &version), ("plaats", &position)]);
    format!("/register/file/{}?{query}", page::segment(id))
}

/// Where the same file is, to keep.
pub(super) fn url_to_keep(id: &str, file: &FileRecord) -> String {
    format!("{}&bewaar=ja", url(id, file))
}

/// Whether a file calls itself a PDF.
pub(super) fn is_pdf(file: &FileRecord) -> bool {
    file.path.to_ascii_lowercase().ends_with(".pdf")
}

/// What is wrong with a file of a letter.
pub(super) fn finding(id: &str, file: &FileRecord, wrong: &Wrong) -> Finding {
    let finding = match wrong {
        Wrong::Outside => Finding::error("recorded-outside"),
        Wrong::Algorithm => Finding::error("recorded-algorithm").arg("algorithm", &file.algorithm),
        Wrong::Missing => Finding::error("recorded-missing"),
        Wrong::Changed => Finding::error("recorded-changed"),
        Wrong::Unreadable(cause) => Finding::error("recorded-unreadable").arg("cause", cause),
    };
    finding.arg("id", id).arg("path", &file.path)
}

pub(super) async fn file(
    State(house): State<Arc<House>>,
    _: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (Some(version), Some(position)) = (asked.number("versie"), asked.number("plaats")) else {
        return Err(Failure::Missing);
    };
    let read = house.register(move |register| {
        let found = register.read(|tx| {
            let entry = Entry::get(tx, &id)?;
            FileRecord::find(tx, &entry.id, version, position)
        })?;
        let Some(file) = found else { return Ok(None) };
        match file.read(register.root()) {
            Ok(bytes) => Ok(Some((file, bytes))),
            Err(wrong) => Err(finding(&id, &file, &wrong).into()),
        }
    });
    let (file, bytes) = read.await?.ok_or(Failure::Missing)?;
    if asked.text("bewaar").is_empty() && is_pdf(&file) && bytes.starts_with(page::PDF) {
        let mut answer = sent("application/pdf", page::disposition("inline", &file.name), bytes);
        answer.extensions_mut().insert(Framed);
        return Ok(answer);
    }
    // A browser shows nothing of what somebody sent but a PDF, whose reader keeps its scripts in.
    let kind = if is_pdf(&file) { "application/pdf" } else { "application/octet-stream" };
    Ok(attached(kind, &file.name, bytes))
}

/// Bytes to keep under a name.
pub(super) fn attached(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    sent(kind, page::disposition("attachment", name), bytes)
}

fn sent(kind: &'static str, disposition: String, bytes: Vec<u8>) -> Response {
    let mut answer = Body::from(bytes).into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    // It holds nothing but visible ASCII.
    headers.extend(HeaderValue::from_str(&disposition).ok().map(|value| (header::CONTENT_DISPOSITION, value)));
    answer
}
