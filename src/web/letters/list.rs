//! The letters of the workspace, and beginning a new one.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, NaiveDate, Utc};
use maud::html;

use super::url;
use crate::contract::check;
use crate::error::{Error, Findings, Result};
use crate::letter::{answered, edit, front};
use crate::register::entry::{Entry, Status};
use crate::register::{Register, antecedent, outgoing};
use crate::source::SourceFile;
use crate::template::{self, new::new_letter};
use crate::web::answer::Failure;
use crate::web::house::House;
use crate::web::page::{self, Field, Room};
use crate::web::posted::Posted;
use crate::web::visit::Visit;
use crate::workspace::folders::LETTERS;
use crate::workspace::{Workspace, files};
use crate::zone;

/// The longest name that is made of a subject, in letters.
const LONGEST: usize = 60;

struct Line {
    path: String,
    subject: String,
    template: String,
    to: String,
    changed: Option<NaiveDate>,
    entry: Option<Entry>,
    /// Whether the file was written after the letter was issued.
    is_newer: bool,
}

pub(super) async fn list(State(house): State<Arc<House>>, visit: Visit) -> Result<Response, Failure> {
    let lines = house.office(lines).await?;
    let body = html! {
        @if page::writes(&visit) {
            p.actions { a.button href="/letters/new" { (visit.say("web-letters-new")) } }
        }
        @if lines.is_empty() { p.empty { (visit.say("web-letters-none")) } } @else {
            div.scroll tabindex="0" role="region" aria-label=(visit.say("web-room-letters")) {
                table.drafts {
                    caption { (visit.text("web-letters-count", &[("count", &lines.len().to_string())])) }
                    thead { tr {
                        @for name in ["subject", "to", "template", "changed", "state"] {
                            th scope="col" { (visit.say(&format!("web-letters-column-{name}"))) }
                        }
                    } }
                    tbody { @for line in &lines { (row(&visit, line)) } }
                }
            }
        }
    };
    Ok(page::page(&visit, Room::Letters, &visit.say("web-room-letters"), body))
}

fn row(visit: &Visit, line: &Line) -> maud::Markup {
    html! {
        tr {
            th scope="row" {
                a href=(url("edit", &line.path)) { (if line.subject.is_empty() { &line.path } else { &line.subject }) }
                br; code.faint { (line.path) }
            }
            td { (line.to) }
            td { (line.template) }
            td { (page::day(line.changed)) }
            td {
                @match &line.entry {
                    None => span.tag { (visit.say("web-letters-draft")) },
                    Some(entry) if entry.version == 0 => {
                        span.tag.waiting { (visit.say("web-letters-reserved")) } " "
                        a href=(page::entry_url(&entry.id)) { (entry.id) }
                    },
                    Some(entry) => {
                        span.tag.good[entry.status.stands()].late[entry.status == Status::Withdrawn] { (page::status(visit, entry.status)) } " "
                        a href=(page::entry_url(&entry.id)) { (entry.id) }
                        @if line.is_newer { " " span.tag.waiting { (visit.say("web-letters-newer")) } }
                    },
                }
            }
        }
    }
}

fn lines(workspace: &Workspace, register: &mut Register) -> Result<Vec<Line>> {
    let files = files::letters(&workspace.root().join(LETTERS))?;
    let mut lines: Vec<Line> = files.iter().map(|file| line(workspace, file)).collect();
    let own = register.workspace().to_string();
    register.read(|tx| {
        for line in &mut lines {
            line.entry = outgoing::of_letter(tx, &own, &line.path)?;
        }
        Ok(())
    })?;
    for line in &mut lines {
        let Some(stem) = line.entry.as_ref().and_then(|entry| entry.stem.as_ref()) else { continue };
        let time = |path: &str| std::fs::metadata(workspace.root().join(path)).and_then(|found| found.modified()).ok();
        line.is_newer = time(&line.path) > time(&format!("{stem}.pdf")) && time(&format!("{stem}.pdf")).is_some();
    }
    lines.sort_by(|one, other| other.changed.cmp(&one.changed).then_with(|| one.path.cmp(&other.path)));
    Ok(lines)
}

/// What a file says of itself, as far as it can be read.
fn line(workspace: &Workspace, file: &std::path::Path) -> Line {
    let path = workspace.shown(file).to_string_lossy().into_owned();
    let changed = std::fs::metadata(file).and_then(|found| found.modified()).ok();
    let mut line = Line {
        subject: String::new(),
        template: String::new(),
        to: String::new(),
        changed: changed.map(|time| zone::day(&DateTime::<Utc>::from(time))),
        entry: None,
        is_newer: false,
        path,
    };
    let Ok(text) = files::read_text(file, std::path::Path::new(&line.path)) else { return line };
    let Some((range, _)) = edit::parts(&text) else { return line };
    let source = SourceFile::new(&line.path, text);
    let front = check::check(&source, range, &front::contract(), &mut Findings::default());
    let said = |key: &str| front.text(key).unwrap_or_default().to_string();
    (line.subject, line.template) = (said("onderwerp"), said("sjabloon"));
    let to = front::addressee_of(&front).unwrap_or_default();
    line.to = if to.organisatie.trim().is_empty() { to.full_name() } else { to.organisatie };
    line
}

/// What a new letter is asked for with.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    in_reactie_op: String,
}

pub(super) async fn ask(
    State(house): State<Arc<House>>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let id = asked.in_reactie_op.trim().to_string();
    let found = house.office(move |workspace, register| {
        let answers = register.read(|tx| if id.is_empty() { Ok(None) } else { Entry::find(tx, &id) })?;
        Ok((template::list(workspace)?.0, answers))
    });
    let (templates, answers) = found.await?;
    let subject = answers.map(|entry| visit.text("web-letters-answer-to", &[("subject", &entry.subject)]));
    let subject = subject.unwrap_or_default();
    let field = |name, label: &str, value, help: &str, required| {
        Field { name, label: &visit.say(label), kind: "text", value, help: &visit.say(help), required }.show()
    };
    let body = html! {
        form.narrow method="post" action="/letters/new" {
            (page::hidden(&visit))
            fieldset {
                legend { (visit.say("web-letters-column-template")) }
                @for (at, listed) in templates.iter().enumerate() {
                    div.option {
                        input type="radio" name="sjabloon" id={ "t-" (listed.name) } value=(listed.name) checked[at == 0] required;
                        label for={ "t-" (listed.name) } { strong { (listed.name) } @if !listed.description.is_empty() { " – " (listed.description) } }
                    }
                }
            }
            (field("onderwerp", "web-letters-column-subject", &subject, "web-letters-subject-help", true))
            (field("in_reactie_op", "web-letters-answers", &asked.in_reactie_op, "web-letters-answers-help", false))
            div.actions { button { (visit.say("web-letters-make")) } }
        }
    };
    Ok(page::page(&visit, Room::Letters, &visit.say("web-letters-new"), body))
}

pub(super) async fn make(State(house): State<Arc<House>>, Posted(fields): Posted) -> Result<Response, Failure> {
    let template = fields.text("sjabloon").to_string();
    // A subject is one line, whatever was pasted into it.
    let subject = fields.text("onderwerp").split_whitespace().collect::<Vec<_>>().join(" ");
    let answers = fields.some("in_reactie_op").map(String::from);
    let path = house.office(move |workspace, register| {
        let mut known = vec![("onderwerp", subject.clone())];
        if let Some(id) = answers {
            let letter = register.read(|tx| antecedent::of(tx, &id))?;
            known.extend(letter.map(|letter| letter.fields()).unwrap_or_default());
            known.push((answered::KEY, id));
        }
        let name = name_of(&subject);
        for at in 1..100 {
            // A second letter about the same gets a name of its own.
            let name = if at == 1 { name.clone() } else { format!("{name}-{at}") };
            match new_letter(workspace, &template, &name, &known, "") {
                Err(Error::Refused(findings)) if findings.iter().any(|finding| finding.code == "letter-exists") => {}
                done => return done,
            }
        }
        new_letter(workspace, &template, &name, &known, "")
    });
    let path = path.await?;
    Ok(Redirect::to(&url("edit", &path.to_string_lossy())).into_response())
}

/// The name of a letter about a subject: its words in small letters without accents.
fn name_of(subject: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let plain =
        subject.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).flat_map(char::to_lowercase);
    let mut name = String::new();
    for c in plain {
        match c {
            c if c.is_ascii_alphanumeric() => name.push(c),
            '’' | '‘' | '\'' => {}
            _ if !name.ends_with('-') && !name.is_empty() => name.push('-'),
            _ => {}
        }
    }
    let short: String = name.chars().take(LONGEST).collect();
    let whole = if short.len() < name.len() {
        short.rsplit_once('-').map_or(short.as_str(), |(words, _)| words)
    } else {
        &short
    };
    let name = whole.trim_matches('-');
    if name.is_empty() { "brief".into() } else { name.into() }
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn a_subject_gives_a_file_its_name() {
        assert_eq!(name_of("Reactie op ‘Één mkb’er’: méér!"), "reactie-op-een-mkber-meer");
        assert_eq!(name_of(" ../ "), "brief");
        assert_eq!(name_of(&"woord ".repeat(20)), ["woord"; 10].join("-"));
    }
}
