//! The columns of a table beside the letter: what is named and not there, what is there and named nowhere.

use serde_json::Value as Json;

use super::recipients::{Fills, Layout, OWN_FIELDS, REASON, Recipient, Recipients, printable};
use super::typed;
use crate::contract::{Contract, Field, Kind, nearest};
use crate::draft::Draft;
use crate::error::{Finding, Findings};
use crate::letter::{addressee, front};
use crate::source::Place;
use crate::template::fill::{Dialect, Filler};
use crate::template::names::is_bare;
use crate::template::view;

/// What a letter names of the rows.
struct Named {
    /// The columns, each with where it is named first.
    columns: Vec<(String, Option<Place>)>,
    /// Whether a template goes over all of them.
    all: bool,
}

/// What is wrong with the columns as such.
pub fn check(recipients: &Recipients, draft: &Draft) -> Vec<Finding> {
    let layout = &recipients.layout;
    let named = named(draft);
    let mut findings = Findings::default();
    if !layout.has("ontvanger.organisatie") && !layout.has("ontvanger.achternaam") {
        let strange = || strangers(layout).map(|(_, name)| name);
        let wanted = ["organisatie", "achternaam"];
        let meant = strange().find(|name| nearest(name, wanted).is_some()).unwrap_or_default();
        let finding = Finding::error("mail-columns-nameless").arg("meant", meant).arg("count", layout.columns.len());
        findings.push(finding.key("organisatie").at(layout.place(layout.header, None, &headings(layout))));
    }
    for (index, (_, _, fills)) in layout.columns.iter().enumerate() {
        let first = layout.columns[..index].iter().find(|(_, _, other)| other == fills);
        if let Some((first, ..)) = first {
            findings.push(layout.at_column(Finding::error("mail-column-double").arg("other", first), index));
        }
    }
    for (name, place) in &named.columns {
        if !layout.has(&format!("rij.{name}")) {
            let meant = nearest(name, strangers(layout).map(|(_, name)| name)).unwrap_or_default();
            let finding = Finding::error("mail-name-without-column").key(format!("rij.{name}")).arg("meant", meant);
            findings.push(finding.arg("file", layout.shown.display()).at(place.clone()));
        }
    }
    let is_used = |name: &str| named.all || named.columns.iter().any(|(used, _)| used == name);
    for (index, (column, _, fills)) in layout.columns.iter().enumerate() {
        let Fills::Row(name) = fills else { continue };
        if is_used(name) || column == REASON {
            continue;
        }
        let fields = addressee::contract().fields;
        let known = fields.iter().map(|field| field.name.as_str()).chain(OWN_FIELDS);
        let free =
            named.columns.iter().map(|(name, _)| name.as_str()).filter(|name| !layout.has(&format!("rij.{name}")));
        let meant =
            nearest(name, known.filter(|field| !is_field_filled(layout, field)).chain(free)).unwrap_or_default();
        // A letter may have `_` where the column has a space.
        let spelling = Some(name.replace(' ', "_")).filter(|name| is_bare(name)).unwrap_or_default();
        let finding = Finding::warning("mail-column-unused").arg("meant", meant).arg("names", spelling);
        findings.push(layout.at_column(finding, index));
    }
    for (index, cell) in typed::doubtful(recipients.rows.iter().map(|recipient| &recipient.row)) {
        let is_shown = match layout.columns.get(index).map(|(_, _, fills)| fills) {
            Some(Fills::Row(name)) => is_used(name),
            Some(Fills::Own(name)) => name != "uw_brief",
            _ => false,
        };
        if is_shown {
            let finding = Finding::warning("mail-cell-number").arg("value", printable(cell));
            findings.push(layout.at_column(finding, index));
        }
    }
    findings.extend(fixed(layout, draft));
    if let Some(gaps) = gaps(recipients) {
        let finding = Finding::warning("mail-rows-empty").arg("rows", gaps);
        findings.push(finding.at(layout.place(layout.header, None, &headings(layout))));
    }
    findings.0
}

/// The columns of a recipient, as findings call them, that fill no field and are named nowhere.
pub(super) fn unused(recipient: &Recipient, draft: &Draft) -> Vec<String> {
    let named = named(draft);
    if named.all {
        return Vec::new();
    }
    let is_unused = |fills: &Fills| match fills {
        Fills::Row(name) => !named.columns.iter().any(|(used, _)| used == name),
        _ => false,
    };
    let columns = recipient.layout.columns.iter().filter(|(_, _, fills)| is_unused(fills));
    columns.map(|(name, ..)| printable(name)).collect()
}

/// What the letter says of one addressee, and every recipient will read.
fn fixed(layout: &Layout, draft: &Draft) -> Vec<Finding> {
    let front = &draft.letter.front;
    let to = front::addressee_of(front).unwrap_or_default();
    let is_of_specimen = |text: &str| {
        [&to.achternaam, &to.organisatie].into_iter().any(|name| !name.trim().is_empty() && text.contains(name.trim()))
    };
    let mut findings = Vec::new();
    for key in ["aanhef", "uw_kenmerk", "uw_brief"] {
        let Some(text) = front.text(key).filter(|text| !text.trim().is_empty() && !layout.has(key)) else { continue };
        // A salutation may be meant for all.
        if key != "aanhef" || is_of_specimen(text) {
            let finding = Finding::warning("mail-field-fixed").key(key).arg("value", printable(text));
            findings.push(finding.at(front.place(key)));
        }
    }
    // Whom a letter was sent to by e-mail stands on it: one list of addresses for all recipients.
    if let Some(Json::Array(addresses)) = front.get("verzonden_aan")
        && !addresses.is_empty()
    {
        let addresses: Vec<_> = addresses.iter().filter_map(Json::as_str).collect();
        let finding = Finding::warning("mail-field-fixed").key("verzonden_aan");
        findings.push(finding.arg("value", printable(&addresses.join(", "))).at(front.place("verzonden_aan")));
    }
    findings
}

fn is_field_filled(layout: &Layout, field: &str) -> bool {
    layout.has(field) || layout.has(&format!("ontvanger.{field}"))
}

/// The columns that fill no field, with their indexes.
fn strangers(layout: &Layout) -> impl Iterator<Item = (usize, &str)> {
    let columns = layout.columns.iter().enumerate();
    columns
        .filter(|(_, (_, _, fills))| matches!(fills, Fills::Row(_)))
        .map(|(index, (name, ..))| (index, name.as_str()))
}

fn headings(layout: &Layout) -> String {
    layout.columns.iter().map(|(name, ..)| name.as_str()).collect::<Vec<_>>().join("; ")
}

/// The rows between the header and the last that hold nothing: `5, 9-12`.
fn gaps(recipients: &Recipients) -> Option<String> {
    let mut before = recipients.layout.header;
    let mut gaps = Vec::new();
    for recipient in &recipients.rows {
        match recipient.number().saturating_sub(before) {
            0 | 1 => {}
            2 => gaps.push((before + 1).to_string()),
            _ => gaps.push(format!("{}-{}", before + 1, recipient.number() - 1)),
        }
        before = recipient.number();
    }
    let more = gaps.len() > 20;
    gaps.truncate(20);
    (!gaps.is_empty()).then(|| format!("{}{}", gaps.join(", "), if more { ", …" } else { "" }))
}

/// The names of `rij` in the body and the letterhead: those that a contract with an empty one does not know.
fn named(draft: &Draft) -> Named {
    let empty = || [Field::optional("rij", Kind::Table(Contract::default()), "")];
    let letter = &draft.letter;
    let body = draft.template.contract.clone().with(empty());
    let head = view::letterhead_contract(draft.template.contract.clone()).with(empty());
    let mut found = Findings::default();
    Filler::parse(&letter.source, letter.body.clone(), &body, Dialect::Body, &mut found);
    let source = &draft.template.source;
    Filler::parse(source, 0..source.text().len(), &head, Dialect::Letterhead, &mut found);
    let mut named = Named { columns: Vec::new(), all: false };
    for finding in found.0 {
        let key = finding.key.unwrap_or_default();
        match finding.code {
            "unknown-name" => {
                let name = bare(&key);
                if !named.columns.iter().any(|(other, _)| other == &name) {
                    named.columns.push((name, finding.place));
                }
            }
            "not-a-list" => named.all = true,
            _ => {}
        }
    }
    named
}

/// The name of a column in a name such as `rij.regio`, `@root.rij.[aantal gasten]` or, within `rij`, `regio`.
pub(super) fn bare(key: &str) -> String {
    let after = ["rij.", "rij/"].iter().find_map(|start| key.rfind(start).map(|at| &key[at + start.len()..]));
    let name = after.unwrap_or_else(|| key.trim_start_matches("@root").trim_start_matches(['.', '/']));
    let name = name.strip_prefix("this.").unwrap_or(name);
    name.trim_start_matches('[').trim_end_matches(']').to_string()
}
