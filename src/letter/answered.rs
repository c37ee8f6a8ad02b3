//! What is known of the letter that a letter answers, and what it fills in where the author left it out.

use chrono::NaiveDate;
use serde_json::json;

use super::doubts;
use crate::contract::check::Checked;
use crate::error::{Finding, Findings, Result};

/// The letter that is answered, as a register knows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answered {
    /// The date on it: `uw_brief`.
    pub dated: Option<NaiveDate>,
    /// Its sender's own reference: `uw_kenmerk`.
    pub reference: Option<String>,
    /// The case that it belongs to: `zaaknummer`.
    pub case_number: Option<String>,
    /// Who sent it: `ontvanger.organisatie`.
    pub correspondent: Option<String>,
    /// The day before which nobody can have answered it: that of its receipt, or its date.
    pub since: Option<NaiveDate>,
}

/// Asks a register for a letter by its ID; none when it knows no such letter.
pub type Lookup<'a> = dyn Fn(&str) -> Result<Option<Answered>> + 'a;

/// The key under which a letter names what it answers.
pub const KEY: &str = "in_reactie_op";

impl Answered {
    /// What fills a letter that answers this one: dotted keys with their values.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let fields = [
            ("uw_brief", self.dated.map(|day| day.to_string())),
            ("uw_kenmerk", self.reference.clone()),
            ("zaaknummer", self.case_number.clone()),
            ("ontvanger.organisatie", self.correspondent.clone()),
        ];
        fields.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }
}

/// The IDs of the letters that a front matter says it answers, each with its key.
pub fn ids(front: &Checked) -> Vec<(String, String)> {
    match front.get(KEY) {
        Some(serde_json::Value::Array(items)) => {
            let items = items.iter().enumerate();
            items.filter_map(|(at, id)| Some((format!("{KEY}.{at}"), id.as_str()?.to_string()))).collect()
        }
        Some(one) => one.as_str().map(|id| (KEY.to_string(), id.to_string())).into_iter().collect(),
        None => Vec::new(),
    }
    .into_iter()
    .filter(|(_, id)| !id.trim().is_empty())
    .collect()
}

/// Fills in what the answered letters know and the front matter leaves out; what is then there is missing no more.
///
/// # Errors
/// When the register can't be asked.
pub fn fill(front: &mut Checked, lookup: &Lookup, findings: &mut Findings) -> Result<()> {
    for (key, id) in ids(front) {
        let Some(answered) = lookup(&id)? else {
            findings.push(Finding::warning("answer-unknown").key(&key).arg("id", id).at(front.place(&key)));
            continue;
        };
        doubts::check_answered(front, &id, &answered, findings);
        for (field, value) in answered.fields() {
            if is_open(front, field) {
                front.supply(field, json!(value), &key);
                let kept = |finding: &Finding| {
                    let table = field.split('.').next();
                    let about = finding.key.as_deref() == Some(field) || finding.key.as_deref() == table;
                    !(about && matches!(finding.code, "missing-key" | "empty-value"))
                };
                findings.0.retain(kept);
            }
        }
    }
    Ok(())
}

/// Whether the author left a field to the register. An addressee who is named in any way is the author's own.
fn is_open(front: &Checked, field: &str) -> bool {
    match field {
        "ontvanger.organisatie" => {
            let named = ["ontvanger.organisatie", "ontvanger.achternaam"];
            !front.is_refused("ontvanger")
                && named.iter().all(|key| front.text(key).is_none() && !front.is_refused(key))
        }
        "zaaknummer" => front.text(field).is_none() && !front.is_refused(field),
        _ => front.get(field).is_none() && !front.is_refused(field),
    }
}
