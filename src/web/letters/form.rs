//! The form of a letter: a field for every key of its template's contract, and the text.

use maud::{Markup, html};

use super::found::Found;
use crate::letter::edit::{Shape, Slot};
use crate::web::page;
use crate::web::visit::Visit;

/// The fields that are always in sight, besides those that must be filled in.
const FIRST: [&str; 7] =
    ["sjabloon", "onderwerp", "datum", "inlichtingen_bij", "ondertekening", "in_reactie_op", "bijlagen"];

/// The parts of an addressee that are always in sight.
const ADDRESS: [&str; 9] = [
    "organisatie",
    "aanspreekvorm",
    "voorletters",
    "achternaam",
    "straat",
    "huisnummer",
    "postcode",
    "plaats",
    "email",
];

/// What a form offers where a contract only says that it is text.
pub(super) struct Offers {
    /// The templates.
    pub templates: Vec<String>,
    /// The contacts of the settings: key and name.
    pub contacts: Vec<(String, String)>,
    /// The closings of the settings: key, and on whose behalf or by whom.
    pub closings: Vec<(String, String)>,
    /// The incoming letters that wait for an answer: number and subject.
    pub open: Vec<(String, String)>,
}

/// The fields of a form.
pub(super) fn fields(visit: &Visit, slots: &[Slot], offers: &Offers, found: &[Found]) -> Markup {
    let is_first = |slot: &&Slot| slot.path.len() == 1 && (slot.required || FIRST.contains(&slot.path[0].as_str()));
    let (first, rest): (Vec<_>, Vec<_>) = slots.iter().partition(is_first);
    let (mut first, other): (Vec<&Slot>, Vec<&Slot>) =
        (first, rest.iter().copied().filter(|slot| slot.path.len() == 1).collect());
    first.sort_by_key(|slot| FIRST.iter().position(|name| *name == slot.path[0]).unwrap_or(FIRST.len()));
    let mut groups: Vec<(&str, Vec<&Slot>)> = Vec::new();
    for slot in rest.into_iter().filter(|slot| slot.path.len() > 1) {
        match groups.iter_mut().find(|(name, _)| *name == slot.path[0]) {
            Some((_, group)) => group.push(slot),
            None => groups.push((&slot.path[0], vec![slot])),
        }
    }
    groups.sort_by_key(|(name, _)| *name != "ontvanger");
    let show = |slot: &&Slot| field(visit, slot, offers, found);
    let is_wrong = |slots: &[&Slot]| slots.iter().any(|slot| found.iter().any(|found| found.key == Some(slot.key())));
    html! {
        div.pairs { @for slot in &first { (show(slot)) } }
        @for (name, group) in &groups {
            @if *name == "ontvanger" {
                @let (seen, more): (Vec<&Slot>, Vec<&Slot>) =
                    group.iter().partition(|slot| slot.path.last().is_some_and(|name| ADDRESS.contains(&name.as_str())));
                fieldset {
                    legend { (label(name)) }
                    div.pairs { @for slot in &seen { (show(slot)) } }
                    details open[is_wrong(&more)] {
                        summary { (visit.say("web-letters-more-address")) }
                        div.pairs { @for slot in &more { (show(slot)) } }
                    }
                }
            }
        }
        details.more open[is_wrong(&other)] {
            summary { (visit.say("web-letters-more")) }
            div.pairs { @for slot in &other { (show(slot)) } }
            @for (name, group) in &groups {
                @if *name != "ontvanger" {
                    fieldset {
                        legend { (label(name)) }
                        div.pairs { @for slot in group { (show(slot)) } }
                    }
                }
            }
        }
        datalist id="open-letters" {
            @for (id, subject) in &offers.open { option value=(id) { (id) " – " (subject) } }
        }
    }
}

/// What a key is called: as the letterhead and the contract call it.
fn label(name: &str) -> String {
    page::capital(&name.replace('_', " "))
}

fn field(visit: &Visit, slot: &Slot, offers: &Offers, found: &[Found]) -> Markup {
    let (key, name) = (slot.key(), slot.path.last().cloned().unwrap_or_default());
    let id = format!("f.{key}");
    let own: Vec<&Found> = found.iter().filter(|found| found.key.as_deref() == Some(&key)).collect();
    let (help, wrong) = (format!("{id}-help"), format!("{id}-wrong"));
    let described = format!("{}{wrong}", if slot.help.is_empty() { String::new() } else { format!("{help} ") });
    let words: Option<Vec<String>> = match (&slot.shape, key.as_str()) {
        (Shape::Line, "sjabloon") => Some(offers.templates.clone()),
        (Shape::Line, "inlichtingen_bij") => Some(keys(&offers.contacts)),
        (Shape::Line, "ondertekening") => Some(keys(&offers.closings)),
        (Shape::Choice(words), _) => Some(words.clone()),
        (Shape::Boolean, _) => Some(vec!["true".into(), "false".into()]),
        _ => None,
    };
    let invalid = (!own.is_empty()).then_some("true");
    let is_wide = matches!(slot.shape, Shape::Text | Shape::List | Shape::ListOrCount) || name == "onderwerp";
    let list = (key == "in_reactie_op").then_some("open-letters");
    let is_lines = matches!(slot.shape, Shape::Text | Shape::List | Shape::ListOrCount)
        || slot.shape == Shape::LineOrList && slot.value.contains('\n');
    html! {
        div.field.wide[is_wide] {
            label for=(id) { (label(&name)) @if slot.required { span.required aria-hidden="true" { " *" } } }
            @if let Some(words) = &words {
                select id=(id) name=(id) aria-describedby=(described) aria-invalid=[invalid] {
                    option value="" selected[slot.value.is_empty()] { "–" }
                    @if !slot.value.is_empty() && !words.contains(&slot.value) {
                        option value=(slot.value) selected { (slot.value) }
                    }
                    @for word in words {
                        option value=(word) selected[*word == slot.value] { (shown(visit, slot, offers, word)) }
                    }
                }
            } @else if slot.shape == Shape::Other {
                input id=(id) type="text" value=(slot.value.trim()) readonly aria-describedby=(described);
            } @else if is_lines {
                textarea id=(id) name=(id) rows=(slot.value.lines().count().clamp(2, 6)) aria-describedby=(described)
                    aria-invalid=[invalid] { "\n" (slot.value) }
            } @else {
                @let kind = match slot.shape { Shape::Date => "date", Shape::Count => "number", _ => "text" };
                input id=(id) name=(id) type=(kind) value=(slot.value) list=[list] aria-describedby=(described)
                    aria-invalid=[invalid] autocomplete="off";
            }
            @if slot.shape == Shape::Other {
                p.help id=(help) { (visit.say("web-letters-in-front")) }
            } @else if !slot.help.is_empty() && !slot.help.eq_ignore_ascii_case(&label(&name)) {
                p.help id=(help) { (slot.help) }
            }
            p.wrong id=(wrong) { @for found in own { (found.under(visit)) } }
        }
    }
}

fn keys(offered: &[(String, String)]) -> Vec<String> {
    offered.iter().map(|(key, _)| key.clone()).collect()
}

/// A word of a list to choose from, as its reader knows it.
fn shown(visit: &Visit, slot: &Slot, offers: &Offers, word: &str) -> String {
    let offered = match slot.key().as_str() {
        "inlichtingen_bij" => offers.contacts.as_slice(),
        "ondertekening" => offers.closings.as_slice(),
        _ => &[],
    };
    if let Some((key, name)) = offered.iter().find(|(key, name)| key == word && !name.is_empty()) {
        return format!("{name} ({key})");
    }
    match (&slot.shape, word) {
        (Shape::Boolean, "true") => visit.say("web-letters-yes"),
        (Shape::Boolean, _) => visit.say("web-letters-no"),
        _ => word.to_string(),
    }
}
