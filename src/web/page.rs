//! What every page looks like: the way to the other rooms, the title, who is signed in; and how findings are shown.

use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use serde_json::Value as Json;

use super::visit::Visit;
use crate::error::{Error, Finding, Severity};
use crate::register::accounts::Role;
use crate::register::entry::Status;
use crate::register::files::file_name;

/// The rooms of the workbench.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// What asks for attention.
    Desk,
    /// Letters that are drafted.
    Letters,
    /// Letters that have a number.
    Register,
    /// Mailings.
    Mailings,
    /// The archive.
    Archive,
    /// None of them.
    None,
}

/// The rooms with where they are and what they are called.
const ROOMS: [(Room, &str, &str); 5] = [
    (Room::Desk, "/", "web-room-desk"),
    (Room::Letters, "/letters", "web-room-letters"),
    (Room::Register, "/register", "web-room-register"),
    (Room::Mailings, "/mailings", "web-room-mailings"),
    (Room::Archive, "/archive", "web-room-archive"),
];

/// What all rooms look like, and what each of them adds.
const SHEETS: [&str; 5] = ["postkamer.css", "desk.css", "letters.css", "register.css", "mailings.css"];

/// A page.
pub fn page(visit: &Visit, room: Room, title: &str, body: Markup) -> Response {
    page_with(visit, room, title, html! {}, body)
}

/// A page with a script of its own, by its name among the assets.
pub fn scripted(visit: &Visit, room: Room, title: &str, script: &str, body: Markup) -> Response {
    let head = html! { script src={ "/assets/" (script) } type="module" {} };
    page_with(visit, room, title, head, body)
}

fn page_with(visit: &Visit, room: Room, title: &str, head: Markup, body: Markup) -> Response {
    let markup = html! {
        (DOCTYPE)
        html lang=(visit.tongue()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " – postkamer" }
                link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                @for sheet in SHEETS {
                    link rel="stylesheet" href={ "/assets/" (sheet) };
                }
                script src="/assets/postkamer.js" type="module" {}
                (head)
            }
            body {
                a.skip href="#main" { (visit.say("web-skip")) }
                header.top {
                    a.brand href="/" { "postkamer" }
                    @if visit.role().is_some() {
                        nav aria-label=(visit.say("web-rooms")) {
                            @for (other, path, name) in ROOMS {
                                a href=(path) aria-current=[(other == room).then_some("page")] { (visit.say(name)) }
                            }
                        }
                    }
                    (visitor(visit))
                }
                main #main tabindex="-1" {
                    h1 { (title) }
                    (body)
                }
            }
        }
    };
    Html(markup.into_string()).into_response()
}

fn visitor(visit: &Visit) -> Markup {
    let (code, other) = if visit.tongue() == "nl" { ("en", "English") } else { ("nl", "Nederlands") };
    html! {
        div.visitor {
            form method="post" action="/language" {
                (hidden(visit))
                input type="hidden" name="next" value=(visit.path());
                button.plain name="taal" value=(code) lang=(code) { (other) }
            }
            @if visit.accounts() && visit.role().is_some() {
                span { (visit.name()) }
                form method="post" action="/sign-out" {
                    (hidden(visit))
                    button.plain { (visit.say("web-sign-out")) }
                }
            }
        }
    }
}

/// What every form of ours holds: the token of its session. In an upload it is the first field.
pub fn hidden(visit: &Visit) -> Markup {
    html! { input type="hidden" name="csrf" value=(visit.csrf()); }
}

/// A form field of one line with its label and, where there is something wrong with it, what that is.
pub struct Field<'a> {
    /// Its name in the form.
    pub name: &'a str,
    /// What it is called.
    pub label: &'a str,
    /// What a browser takes it for: `text`, `date`, `password`, `search`.
    pub kind: &'a str,
    /// What is in it.
    pub value: &'a str,
    /// A line of help below its label; none if empty.
    pub help: &'a str,
    /// Whether it must be filled in.
    pub required: bool,
}

impl Field<'_> {
    /// The field as a page shows it.
    pub fn show(&self) -> Markup {
        let help = format!("{}-help", self.name);
        html! {
            div.field {
                label for=(self.name) { (self.label) @if self.required { span.required aria-hidden="true" { " *" } } }
                @if !self.help.is_empty() { p.help id=(help) { (self.help) } }
                input id=(self.name) name=(self.name) type=(self.kind) value=(self.value) required[self.required]
                    aria-describedby=[(!self.help.is_empty()).then_some(&help)];
            }
        }
    }
}

/// Where a letter of the register is shown.
pub fn entry_url(id: &str) -> String {
    format!("/register/entry/{}", segment(id))
}

/// A text as one part of a path, for an ID may hold a slash: all but the unreserved characters percent-encoded (RFC 3986,
/// 2.3).
pub fn segment(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_~.".contains(byte);
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// A text with a capital.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What a PDF begins with (ISO 32000-2, 7.5.2).
pub const PDF: &[u8] = b"%PDF-";

/// A content disposition, `inline` or `attachment`, with a name that every file system can hold (RFC 6266, 4.3; RFC 8187).
pub fn disposition(way: &str, name: &str) -> String {
    let name = file_name(name);
    let ascii: String = name.chars().map(|c| if c.is_ascii() && !"\"\\%".contains(c) { c } else { '-' }).collect();
    format!("{way}; filename=\"{ascii}\"; filename*=UTF-8''{}", segment(&name))
}

/// The status of a letter in words.
pub fn status(visit: &Visit, status: Status) -> String {
    visit.say(&format!("web-status-{}", status.word()))
}

/// A number with one decimal.
pub fn decimal(visit: &Visit, number: f64) -> String {
    format!("{number:.1}").replace('.', &visit.say("web-point"))
}

/// A whole number, its thousands apart.
pub fn whole(visit: &Visit, number: usize) -> String {
    let mark = if visit.say("web-point") == "," { '.' } else { ',' };
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(mark);
        }
        text.push(digit);
    }
    text
}

/// A limit in bytes as people are told it, in megabytes.
pub fn megabytes(limit: usize) -> String {
    (limit >> 20).to_string()
}

/// A date, as tables sort it: 2023-02-21.
pub fn day(date: Option<chrono::NaiveDate>) -> Markup {
    html! { @if let Some(date) = date { time datetime=(date) { (date) } } @else { "–" } }
}

/// Findings of the library, each with its place and what to do.
pub fn findings(visit: &Visit, findings: &[Finding]) -> Markup {
    list(
        findings.iter().map(|finding| {
            let words = visit.messages().finding(finding);
            let place = finding.place.as_ref();
            let place = place.map(|place| {
                let file = place.file.path().display();
                if place.file.is_cell() {
                    format!("{file}:{}", place.line())
                } else {
                    format!("{file}:{}:{}", place.line(), place.column())
                }
            });
            let is_error = finding.severity == Severity::Error;
            (is_error, place, words.message, words.help)
        }),
        visit,
    )
}

/// Findings that a command told, as the contract writes them.
pub fn told(visit: &Visit, findings: &[Json]) -> Markup {
    list(
        findings.iter().map(|finding| {
            let text = |key: &str| finding[key].as_str().map(String::from);
            let file = text("bestand");
            let place = file.map(|file| match (finding["regel"].as_u64(), finding["kolom"].as_u64()) {
                (Some(line), Some(column)) => format!("{file}:{line}:{column}"),
                (Some(line), None) => format!("{file}:{line}"),
                _ => file,
            });
            (text("ernst").as_deref() != Some("waarschuwing"), place, text("melding").unwrap_or_default(), None)
        }),
        visit,
    )
}

/// A failure outside.
pub fn outside(visit: &Visit, error: &Error) -> Markup {
    let words = visit.messages().outside(error);
    list(words.into_iter().map(|words| (true, None, words.message, words.help)), visit)
}

fn list(findings: impl Iterator<Item = (bool, Option<String>, String, Option<String>)>, visit: &Visit) -> Markup {
    html! {
        ul.findings {
            @for (is_error, place, message, help) in findings {
                li.error[is_error].warning[!is_error] {
                    strong { (if is_error { visit.say("label-error") } else { visit.say("label-warning") }) ": " }
                    (message)
                    @if let Some(place) = place { " " code { (place) } }
                    @if let Some(help) = help { p.help { (help) } }
                }
            }
        }
    }
}

/// Whether to show what only those may do who write.
pub fn writes(visit: &Visit) -> bool {
    visit.may(Role::Write)
}
