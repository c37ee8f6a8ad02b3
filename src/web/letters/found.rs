//! What was found in a letter, each at the field or the line that it is about.

use maud::{Markup, html};
use serde_json::{Value as Json, json};

use crate::letter::edit::{self, Slot};
use crate::web::visit::Visit;

/// A finding.
pub(super) struct Found {
    is_error: bool,
    message: String,
    help: Option<String>,
    /// The key of the field that it is about.
    pub key: Option<String>,
    /// The line of the body that it is about, counted from 1.
    line: Option<usize>,
    /// Where it is, if neither.
    place: Option<String>,
}

impl Found {
    /// What was found in the text of a letter whose form has these fields.
    pub fn all(findings: &[Json], path: &str, text: &str, slots: &[Slot]) -> Vec<Self> {
        let before = edit::parts(text).map_or(0, |(_, body)| text[..body.start].matches('\n').count());
        findings.iter().map(|finding| Self::of(finding, path, before, slots)).collect()
    }

    fn of(finding: &Json, path: &str, before: usize, slots: &[Slot]) -> Self {
        let text = |key: &str| finding[key].as_str().map(String::from);
        let keys = slots.iter().map(Slot::key);
        let about = text("sleutel").unwrap_or_default();
        let fits =
            |key: &String| about == *key || about.strip_prefix(key.as_str()).is_some_and(|rest| rest.starts_with('.'));
        let key = keys.filter(fits).max_by_key(String::len);
        let (file, line) = (text("bestand"), finding["regel"].as_u64().map(|line| line as usize));
        let is_here = file.as_deref() == Some(path);
        let line_of_body = line.filter(|line| is_here && *line > before).map(|line| line - before);
        let place = file.map(|file| line.map_or(file.clone(), |line| format!("{file}:{line}")));
        Self {
            is_error: finding["ernst"] == "fout",
            message: text("kort").or_else(|| text("melding")).unwrap_or_default(),
            help: text("hulp"),
            line: line_of_body.filter(|_| key.is_none()),
            place: place.filter(|_| key.is_none() && line_of_body.is_none()),
            key,
        }
    }

    /// The finding as the script of the editor takes it.
    pub fn json(&self, visit: &Visit) -> Json {
        json!({ "error": self.is_error, "label": self.label(visit), "message": self.message, "help": self.help,
                "key": self.key, "line": self.line, "place": self.place })
    }

    fn label(&self, visit: &Visit) -> String {
        visit.say(if self.is_error { "label-error" } else { "label-warning" })
    }

    /// The finding under the field that it is about.
    pub fn under(&self, visit: &Visit) -> Markup {
        html! { span.error[self.is_error] { strong { (self.label(visit)) ": " } (self.message) } }
    }
}

/// The list of what was found, with the way to the field or the line of each; `page` is where the form is, if not here.
pub(super) fn list(visit: &Visit, all: &[Found], page: &str) -> Markup {
    html! {
        ul.findings #findings {
            @for found in all {
                li.error[found.is_error].warning[!found.is_error] {
                    strong { (found.label(visit)) ": " }
                    @match (&found.key, found.line) {
                        (Some(key), _) => a href={ (page) "#f." (key) } { (found.message) },
                        (None, Some(line)) => {
                            a href={ (page) "#body" } data-line=(line) { (visit.text("web-letters-line", &[("line", &line.to_string())])) }
                            ": " (found.message)
                        },
                        (None, None) => (found.message),
                    }
                    @if let Some(place) = &found.place { " " code { (place) } }
                    @if let Some(help) = &found.help { p.help { (help) } }
                }
            }
        }
    }
}
