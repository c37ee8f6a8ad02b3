//! A letter in the archive: its versions with their files, and the three answers about it.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::super::answer::Failure;
use super::super::errand;
use super::super::guard::Framed;
use super::super::house::House;
use super::super::page::{self, Room};
use super::super::visit::Visit;
use super::{opened, size, verdict};
use crate::archive::object::Object;
use crate::archive::shown::Held;
use crate::error::Result;
use crate::register::archived::Archived;
use crate::register::entry::{Direction, Entry};
use crate::zone;

/// How long a letter may take to be judged.
const LIMIT: Duration = Duration::from_secs(60);

/// A version as its page shows it.
struct Version {
    archived: Archived,
    who: Option<String>,
    when: Option<String>,
    /// The files, in the order by which their addresses number them.
    files: Vec<Stored>,
}

/// A file of a version.
struct Stored {
    path: String,
    sha512: String,
    size: u64,
}

pub(super) async fn show(
    State(house): State<Arc<House>>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let asked = id.clone();
    let found = house.change(&visit, move |workspace, register, clerk| {
        let archive = opened(workspace, register, clerk)?;
        let held = Held::find(&archive, register, &asked)?;
        let versions = held.archived.iter().map(|one| version(&held.object, one)).collect::<Result<Vec<_>>>()?;
        Ok((held.entry, versions))
    });
    let (entry, versions) = found.await?;
    let arguments = ["archive".into(), "show".into(), "--".into(), id.clone().into()];
    let judged = errand::run(&house, &visit, &arguments, LIMIT).await?.answer;
    let body = html! {
        p.archive-subject { (entry.subject) }
        (facts(&visit, &entry))
        (verdict::show(&visit, &judged, entry.direction == Direction::Out))
        (history(&visit, &id, &versions))
        (paper(&visit, &id, &versions))
    };
    Ok(page::page(&visit, Room::Archive, &entry.id, body))
}

fn version(object: &Object, archived: &Archived) -> Result<Version> {
    let number = u32::try_from(archived.version).unwrap_or_default();
    let made = object.inventory().version(number);
    let files = object.files(number)?.into_iter();
    Ok(Version {
        who: made.and_then(|made| made.user.as_ref()).map(|user| user.name.clone()),
        when: made.map(|made| zone::minute(made.created)),
        files: files.map(|file| Stored { path: file.path, sha512: file.sha512, size: file.size }).collect(),
        archived: archived.clone(),
    })
}

/// A file of a version, by its place among the files that the page shows.
pub(super) async fn file(
    State(house): State<Arc<House>>,
    visit: Visit,
    Path((id, number, at)): Path<(String, u32, usize)>,
) -> Result<Response, Failure> {
    let asked = id.clone();
    let found = house.change(&visit, move |workspace, register, clerk| {
        let archive = opened(workspace, register, clerk)?;
        let held = Held::find(&archive, register, &asked)?;
        if !held.archived.iter().any(|one| one.version == i64::from(number)) {
            return Ok(None);
        }
        let Some(file) = held.object.files(number)?.into_iter().nth(at) else { return Ok(None) };
        let bytes = held.object.read(&file.path, number)?;
        Ok(Some((file.path, bytes)))
    });
    let (path, bytes) = found.await?.ok_or(Failure::Missing)?;
    let name = path.rsplit('/').next().unwrap_or(&path);
    // A browser runs what it takes for a page: only a PDF is shown, all else is kept as a file.
    let is_pdf = name.to_ascii_lowercase().ends_with(".pdf") && bytes.starts_with(page::PDF);
    let kind = if is_pdf { "application/pdf" } else { "application/octet-stream" };
    let manner = if is_pdf { "inline" } else { "attachment" };
    let disposition = page::disposition(manner, &format!("{id}-{number}-{name}"));
    let headers = [(header::CONTENT_TYPE, kind.to_string()), (header::CONTENT_DISPOSITION, disposition)];
    let mut answer = (headers, bytes).into_response();
    if is_pdf {
        answer.extensions_mut().insert(Framed);
    }
    Ok(answer)
}

fn url(id: &str, version: &Version, at: usize) -> String {
    format!("/archive/{}/{}/{at}", page::segment(id), version.archived.version)
}

fn facts(visit: &Visit, entry: &Entry) -> Markup {
    html! {
        div.archive-facts {
            span { (visit.say("field-status")) ": " strong { (page::status(visit, entry.status)) } }
            @if let Some(name) = &entry.correspondent { span { (visit.say("field-correspondent")) ": " (name) } }
            a href=(page::entry_url(&entry.id)) { (visit.say("web-archive-entry")) }
        }
    }
}

/// The versions, the newest first, each with its files.
fn history(visit: &Visit, id: &str, versions: &[Version]) -> Markup {
    html! {
        h2 { (visit.say("archive-versions")) }
        ol.archive-versions reversed {
            @for version in versions.iter().rev() {
                @let kind = visit.say(&format!("archived-{}", version.archived.kind.word()));
                li.card {
                    h3 { (visit.text("web-archive-version", &[("version", &version.archived.version.to_string()), ("kind", &kind)])) }
                    p.faint {
                        @if let Some(when) = &version.when { time { (when) } }
                        @if let Some(who) = &version.who { " · " (who) }
                    }
                    (files(visit, id, version, &|file| file.path == version.archived.path))
                    details.archive-rest {
                        summary { (visit.text("web-archive-rest", &[("files", &(version.files.len().saturating_sub(1)).to_string())])) }
                        (files(visit, id, version, &|file| file.path != version.archived.path))
                    }
                }
            }
        }
    }
}

/// The files of a version that are asked for, each with its digest.
fn files(visit: &Visit, id: &str, version: &Version, asked: &dyn Fn(&Stored) -> bool) -> Markup {
    let title = visit.text("web-archive-files", &[("version", &version.archived.version.to_string())]);
    html! {
        div.scroll tabindex="0" role="region" aria-label=(title) {
            table {
                caption.visually-hidden { (title) }
                thead {
                    tr {
                        th scope="col" { (visit.say("web-archive-name")) }
                        th.number scope="col" { (visit.say("web-archive-size")) }
                        th scope="col" { (visit.say("web-archive-digest")) }
                    }
                }
                tbody {
                    @for (at, file) in version.files.iter().enumerate().filter(|(_, file)| asked(file)) {
                        tr {
                            td { a href=(url(id, version, at)) { (file.path) } }
                            td.number { (size(visit, file.size)) }
                            td { (digest(visit, &file.sha512)) }
                        }
                    }
                }
            }
        }
    }
}

/// A digest by its beginning, the whole of it for who asks.
fn digest(visit: &Visit, sha512: &str) -> Markup {
    let (first, rest) = sha512.split_at_checked(12).unwrap_or((sha512, ""));
    html! {
        details.archive-digest {
            summary { code { (first) "…" } span.visually-hidden { " " (visit.say("web-archive-digest-whole")) } }
            code { (first) (rest) }
        }
    }
}

/// The newest version as it looks.
fn paper(visit: &Visit, id: &str, versions: &[Version]) -> Markup {
    let newest = versions.iter().rev().find_map(|version| {
        let at = version.files.iter().position(|file| file.path == version.archived.path)?;
        Some((version, at)).filter(|_| version.archived.path.to_ascii_lowercase().ends_with(".pdf"))
    });
    html! {
        @if let Some((version, at)) = newest {
            h2 { (visit.say("web-archive-paper")) }
            iframe.pdf src=(url(id, version, at)) title=(visit.text("web-archive-paper-title", &[("id", id)])) {}
            p { a href=(url(id, version, at)) { (visit.say("web-archive-paper-open")) } }
        }
    }
}
