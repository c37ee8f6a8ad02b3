//! Letters by what is typed and chosen, a page at a time.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use chrono::{Days, NaiveDate};
use maud::{Markup, html};

use super::super::answer::Failure;
use super::super::house::House;
use super::super::page::{self, Field, Room};
use super::super::visit::{Visit, form_urlencoded};
use super::{Asked, label, rooms, tag};
use crate::error::{Error, Finding};
use crate::register::entry::{Direction, Status};
use crate::register::query::{self, Choices, Filter, Order, Part};

/// So many letters stand on a page.
const PAGE: u32 = 100;

/// So many years, kinds and people can be chosen from.
const MOST: u32 = 200;

/// The names of a query, in the order in which its form has them.
const NAMES: [&str; 9] =
    ["q", "richting", "status", "jaar", "soort", "correspondent", "behandelaar", "zaaknummer", "orde"];

/// Which page of what is asked for, and what was found.
struct Found {
    part: Part,
    page: i64,
    today: NaiveDate,
}

pub(super) async fn list(
    State(house): State<Arc<House>>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let today = house.today();
    let (filter, order) = (filter(&asked, today), Order::of_word(asked.text("orde")).unwrap_or_default());
    let (question, page) = (asked.text("q").to_string(), asked.number("pagina").unwrap_or(1).clamp(1, 1 << 30));
    let read = house.register(move |register| {
        register.read(|tx| {
            let choices = Choices::read(tx, MOST)?;
            let offset = (page - 1) * i64::from(PAGE);
            match query::part(tx, &question, &filter, order, PAGE, offset) {
                Ok(part) => Ok((choices, Ok(part))),
                // A question that holds nothing to look for is answered in its place.
                Err(Error::Refused(findings)) => Ok((choices, Err(findings))),
                Err(error) => Err(error),
            }
        })
    });
    let (choices, part) = read.await?;
    let results = match part {
        Ok(part) => results(&visit, &asked, &Found { part, page, today }),
        Err(findings) => nothing(&visit, &findings),
    };
    let body = html! {
        (rooms(&visit, "/register"))
        (search(&visit, &asked, &choices))
        p.visually-hidden #found role="status" {}
        div #results { (results) }
        (exports(&visit))
    };
    Ok(page::scripted(&visit, Room::Register, &visit.say("web-room-register"), "register.js", body))
}

fn filter(asked: &Asked, today: NaiveDate) -> Filter {
    let status = asked.text("status");
    let late = status == "te-laat";
    Filter {
        direction: Direction::of_word(asked.text("richting")),
        statuses: Status::of_word(status).into_iter().collect(),
        year: asked.number("jaar").and_then(|year| i32::try_from(year).ok()),
        correspondent: asked.some("correspondent"),
        handler: asked.some("behandelaar"),
        kind: asked.some("soort"),
        case_number: asked.some("zaaknummer"),
        open: late,
        due: today.checked_sub_days(Days::new(1)).filter(|_| late),
        ..Filter::default()
    }
}

fn search(visit: &Visit, asked: &Asked, choices: &Choices) -> Markup {
    let directions = Direction::ALL.map(|way| (way.word().to_string(), tag::direction(visit, way)));
    let late = ("te-laat".to_string(), visit.say("web-register-late"));
    let statuses = Status::ALL.map(|status| (status.word().to_string(), page::status(visit, status)));
    let statuses: Vec<_> = std::iter::once(late).chain(statuses).collect();
    let same = |names: &[String]| names.iter().map(|name| (name.clone(), name.clone())).collect::<Vec<_>>();
    let select = |name: &str, options: &[(String, String)]| {
        html! {
            div.field {
                label for=(name) { (label(visit, name)) }
                select id=(name) name=(name) {
                    option value="" { (visit.say("web-register-any")) }
                    @let chosen = asked.text(name);
                    @if !chosen.is_empty() && !options.iter().any(|(value, _)| value == chosen) {
                        option value=(chosen) selected { (chosen) }
                    }
                    @for (value, words) in options {
                        option value=(value) selected[value == chosen] { (words) }
                    }
                }
            }
        }
    };
    let field = |name: &str| {
        let (label, value) = (label(visit, name), asked.text(name));
        Field { name, label: &label, kind: "text", value, help: "", required: false }.show()
    };
    let more = ["soort", "correspondent", "behandelaar", "zaaknummer", "orde"];
    html! {
        form.search role="search" method="get" action="/register" data-live="#results" {
            div.field.question {
                label for="q" { (visit.say("web-register-question")) }
                input id="q" name="q" type="search" value=(asked.text("q")) autocomplete="off" aria-describedby="q-help";
                p.help id="q-help" { (visit.say("web-register-question-help")) }
            }
            div.row {
                (select("richting", &directions))
                (select("status", &statuses))
                (select("jaar", &same(&choices.years)))
                button { (visit.say("web-register-search")) }
                a.button.second href="/register" { (visit.say("web-register-clear")) }
            }
            details open[more.iter().any(|name| !asked.text(name).is_empty())] {
                summary { (visit.say("web-register-more")) }
                div.row.filters {
                    (select("soort", &same(&choices.kinds)))
                    (select("behandelaar", &same(&choices.handlers)))
                    (field("correspondent"))
                    (field("zaaknummer"))
                    (orders(visit, asked.text("orde")))
                }
            }
        }
    }
}

fn orders(visit: &Visit, chosen: &str) -> Markup {
    let words = |word: &str| match word.strip_prefix('-') {
        Some(field) => visit.text("web-register-down", &[("field", &label(visit, field))]),
        None => visit.text("web-register-up", &[("field", &label(visit, word))]),
    };
    html! {
        div.field {
            label for="orde" { (visit.say("web-register-order")) }
            select id="orde" name="orde" {
                option value="" { (visit.say("web-register-newest")) }
                @for word in Order::WORDS { option value=(word) selected[word == chosen] { (words(word)) } }
            }
        }
    }
}

fn nothing(visit: &Visit, findings: &[Finding]) -> Markup {
    html! { p.count { (visit.say("web-register-none")) } (page::findings(visit, findings)) }
}

fn results(visit: &Visit, asked: &Asked, found: &Found) -> Markup {
    let (letters, total) = (&found.part.letters, found.part.total);
    let first = (found.page - 1) * i64::from(PAGE);
    let pages = (total + i64::from(PAGE) - 1) / i64::from(PAGE);
    let last = first + letters.len() as i64;
    let count = match total {
        0 => visit.say("web-register-none"),
        1 => visit.say("web-register-one"),
        _ => visit.text("web-register-count", &[("count", &total.to_string())]),
    };
    let shown = [("first", (first + 1).to_string()), ("last", last.to_string())];
    html! {
        p.count {
            (count)
            @if !letters.is_empty() && pages > 1 {
                ", " (visit.text("web-register-shown", &shown.each_ref().map(|(name, value)| (*name, value.as_str()))))
            }
        }
        @if letters.is_empty() {
            @if total > 0 { p { a href=(link(asked, 1)) { (visit.say("web-register-first")) } } }
            @else if asked.is_anything() { p.empty { (visit.say("web-register-none-help")) } }
            @else { p.empty { (visit.say("web-register-empty")) } }
        } @else {
            (table(visit, found))
            @if pages > 1 {
                nav.actions aria-label=(visit.say("web-register-turn")) {
                    @if found.page > 1 {
                        a.button.second rel="prev" href=(link(asked, found.page - 1)) { (visit.say("web-register-previous")) }
                    }
                    span {
                        @let args = [found.page.to_string(), pages.to_string()];
                        (visit.text("web-register-page", &[("page", &args[0]), ("pages", &args[1])]))
                    }
                    @if found.page < pages {
                        a.button.second rel="next" href=(link(asked, found.page + 1)) { (visit.say("web-register-next")) }
                    }
                }
            }
        }
    }
}

fn table(visit: &Visit, found: &Found) -> Markup {
    html! {
        div.scroll {
            table.letters {
                caption.visually-hidden { (visit.say("web-register-caption")) }
                thead {
                    tr {
                        @for field in ["id", "dag", "in_uit", "onderwerp", "status", "behandelaar"] {
                            th scope="col" { (label(visit, field)) }
                        }
                    }
                }
                tbody {
                    @for entry in &found.part.letters {
                        tr {
                            th scope="row" { a href=(page::entry_url(&entry.id)) { (entry.id) } }
                            td.nowrap { (page::day(query::day(entry))) }
                            td { (tag::direction(visit, entry.direction)) }
                            td.about {
                                (entry.subject)
                                @if let Some(name) = &entry.correspondent { span.from { (name) } }
                            }
                            td { (tag::status(visit, entry, found.today)) " " (tag::term(visit, entry, found.today)) }
                            td { (entry.handler.as_deref().unwrap_or("–")) }
                        }
                    }
                }
            }
        }
    }
}

/// The same question, another page of what it finds.
fn link(asked: &Asked, page: i64) -> String {
    let number = page.to_string();
    let known = NAMES.iter().map(|name| (*name, asked.text(name))).filter(|(_, value)| !value.is_empty());
    let fields: Vec<_> = known.chain((page > 1).then_some(("pagina", number.as_str()))).collect();
    format!("/register?{}", form_urlencoded(&fields))
}

fn exports(visit: &Visit) -> Markup {
    html! {
        section.downloads.no-print aria-labelledby="downloads" {
            h2 #downloads { (visit.say("web-register-export")) }
            p { (visit.say("web-register-export-help")) }
            (super::export::links(visit))
        }
    }
}
