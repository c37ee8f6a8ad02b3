//! Holds a TOML text against a contract: every finding at once, each with its line.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;
use serde_json::{Map, Value as Json};
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};
use unicode_normalization::UnicodeNormalization;

use super::{Contract, Kind, nearest};
use crate::error::{Finding, Findings};
use crate::source::{Place, SourceFile};

/// What a TOML text holds, as far as its contract allows it, and where each key stands.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The values: texts in NFC, dates as `2023-02-21`. Keys that were refused are left out.
    pub values: Map<String, Json>,
    source: SourceFile,
    whole: Range<usize>,
    marks: BTreeMap<String, Mark>,
    is_whole: bool,
}

#[derive(Debug, Clone)]
struct Mark {
    key: Range<usize>,
    value: Range<usize>,
}

impl Checked {
    /// The value under a dotted key.
    pub fn get(&self, key: &str) -> Option<&Json> {
        let mut parts = key.split('.');
        let first = self.values.get(parts.next()?)?;
        parts.try_fold(first, |value, part| match value {
            Json::Array(items) => items.get(part.parse::<usize>().ok()?),
            other => other.get(part),
        })
    }

    /// The text under a dotted key; empty counts as absent.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str().filter(|text| !text.trim().is_empty())
    }

    /// The day under a dotted key.
    pub fn date(&self, key: &str) -> Option<NaiveDate> {
        self.get(key)?.as_str()?.parse().ok()
    }

    /// Whether a dotted key has no value because something else about it was refused: its kind, or a line of the text.
    pub fn is_refused(&self, key: &str) -> bool {
        self.get(key).is_none() && (self.marks.contains_key(key) || !self.is_whole)
    }

    /// The keys of a table, also those whose value was refused.
    pub fn keys_below(&self, table: &str) -> impl Iterator<Item = &str> {
        let name = move |key: &'_ str| key.strip_prefix(table)?.strip_prefix('.').map(str::len);
        self.marks.keys().filter_map(move |key| Some(&key[key.len() - name(key)?..]))
    }

    /// Puts a value under a dotted key that was left out; findings about it point at `because`.
    pub fn supply(&mut self, key: &str, value: Json, because: &str) {
        let mark = self.marks.get(because).cloned();
        let mut table = &mut self.values;
        let mut path = String::new();
        let mut parts = key.split('.').peekable();
        while let Some(part) = parts.next() {
            path = if path.is_empty() { part.to_string() } else { format!("{path}.{part}") };
            if let Some(mark) = &mark {
                self.marks.entry(path.clone()).or_insert_with(|| mark.clone());
            }
            if parts.peek().is_none() {
                table.insert(part.to_string(), value);
                return;
            }
            let inner = table.entry(part).or_insert_with(|| Json::Object(Map::new()));
            let Json::Object(inner) = inner else { return };
            table = inner;
        }
    }

    /// Puts a value in the place of all that stands under a key; findings about it point at where that stood.
    pub fn replace(&mut self, key: &str, value: Json) {
        let within = |other: &str| other.strip_prefix(key).is_some_and(|rest| rest.starts_with('.'));
        self.marks.retain(|other, _| !within(other));
        self.values.insert(key.to_string(), value);
    }

    /// Where the value of a dotted key stands; of its nearest table or the whole text when it is absent.
    pub fn place(&self, key: &str) -> Place {
        self.nearest_mark(key, |mark| &mark.value)
    }

    /// Where the dotted key itself stands.
    pub fn key_place(&self, key: &str) -> Place {
        self.nearest_mark(key, |mark| &mark.key)
    }

    fn nearest_mark(&self, key: &str, range: fn(&Mark) -> &Range<usize>) -> Place {
        if let Some(mark) = self.marks.get(key) {
            return self.source.place(range(mark).clone());
        }
        match key.rsplit_once('.') {
            Some((table, _)) => self.nearest_mark(table, |mark| &mark.key),
            None => self.source.place(self.whole.start..self.whole.start),
        }
    }
}

/// Parses the part `range` of a file as TOML and holds it against the contract.
pub fn check(source: &SourceFile, range: Range<usize>, contract: &Contract, findings: &mut Findings) -> Checked {
    let text = &source.text()[range.clone()];
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut broken = Vec::new();
    let mut is_whole = true;
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let finding = syntax_finding(text, &span, error.message());
        is_whole &= finding.code == "date-impossible";
        let line = line_of(text, span.start);
        if broken.last() != Some(&line) {
            broken.push(line);
        }
        findings.push(finding.at(source.place(shift(&span, range.start))));
    }
    let mut checker = Checker { source, offset: range.start, text, broken, is_whole, marks: BTreeMap::new(), findings };
    let values = checker.table(table.get_ref(), "", 0..0, contract);
    let marks = checker.marks;
    Checked { values, source: source.clone(), whole: range, marks, is_whole }
}

/// A TOML date that no calendar has is told from other slips: it is the one mistake here that is not about syntax.
fn syntax_finding(text: &str, span: &Range<usize>, message: &str) -> Finding {
    let line = text.get(line_of(text, span.start)).unwrap_or_default();
    let value = line.split_once('=').map_or("", |(_, value)| value.trim());
    let date: Option<Vec<u32>> = value.get(..10).map(|date| date.split('-').filter_map(|n| n.parse().ok()).collect());
    match date.as_deref() {
        Some(&[year, month, day]) if NaiveDate::from_ymd_opt(year as i32, month, day).is_none() => {
            let key = line.split_once('=').map_or("", |(key, _)| key.trim());
            Finding::error("date-impossible").key(key).arg("value", &value[..10])
        }
        _ => Finding::error("toml-syntax").arg("slip", slip(message)).arg("message", message),
    }
}

/// The usual slips among what the TOML parser says, as words that the message catalogues know.
fn slip(message: &str) -> &'static str {
    if message.contains("duplicate key") {
        "duplicate"
    } else if message.contains("string") {
        "string"
    } else if message.contains("key with no value") || message.contains("expected `=`") {
        "value"
    } else {
        "other"
    }
}

fn line_of(text: &str, at: usize) -> Range<usize> {
    let at = text.floor_char_boundary(at);
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    start..text[at..].find('\n').map_or(text.len(), |newline| at + newline)
}

fn shift(range: &Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}

struct Checker<'a> {
    source: &'a SourceFile,
    offset: usize,
    text: &'a str,
    /// Lines that did not parse: what was recovered from them says nothing about the user.
    broken: Vec<Range<usize>>,
    /// Whether every line could be read, so that what is not there is missing.
    is_whole: bool,
    marks: BTreeMap<String, Mark>,
    findings: &'a mut Findings,
}

impl Checker<'_> {
    fn find(&mut self, finding: Finding, range: &Range<usize>) {
        if self.broken.is_empty() || !self.broken.contains(&line_of(self.text, range.start)) {
            self.findings.push(finding.at(self.source.place(shift(range, self.offset))));
        }
    }

    fn table(&mut self, table: &DeTable, path: &str, header: Range<usize>, contract: &Contract) -> Map<String, Json> {
        let mut values = Map::new();
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let mut misspelt = Vec::new();
        for (key, value) in entries {
            let name: &str = key.get_ref();
            let full = join(path, name);
            let Some(field) = contract.field(name) else {
                let known = contract.fields.iter().map(|field| field.name.as_str());
                let mut finding = Finding::error("unknown-key").key(&full);
                if let Some(meant) = nearest(name, known) {
                    misspelt.push(meant);
                    finding = finding.arg("meant", meant);
                }
                self.find(finding, &key.span());
                continue;
            };
            if let Some(json) = self.entry(key.span(), value, &full, &field.kind) {
                if field.required && json.as_str().is_some_and(|text| text.trim().is_empty()) {
                    self.find(Finding::error("empty-value").key(&full), &value.span());
                }
                values.insert(name.into(), json);
            }
        }
        for field in contract.fields.iter().filter(|field| field.required) {
            // A key that was misspelt is not missing as well.
            if table.contains_key(field.name.as_str()) || misspelt.contains(&field.name.as_str()) {
                continue;
            }
            let mut finding = Finding::error("missing-key").key(join(path, &field.name));
            if !field.help.is_empty() {
                finding = finding.arg("help", &field.help);
            }
            if self.is_whole {
                self.find(finding, &header);
            }
        }
        values
    }

    fn entry(&mut self, key: Range<usize>, value: &Spanned<DeValue>, path: &str, kind: &Kind) -> Option<Json> {
        let mark = Mark { key: shift(&key, self.offset), value: shift(&value.span(), self.offset) };
        self.marks.insert(path.into(), mark);
        self.value(&key, value, path, kind)
    }

    fn value(&mut self, key: &Range<usize>, value: &Spanned<DeValue>, path: &str, kind: &Kind) -> Option<Json> {
        match (kind, value.get_ref()) {
            (Kind::Text, DeValue::String(text)) => Some(Json::String(text.nfc().collect())),
            (Kind::Choice(words), DeValue::String(text)) => {
                if words.iter().any(|word| word == text) {
                    return Some(Json::String(text.to_string()));
                }
                let mut finding =
                    Finding::error("unknown-choice").key(path).arg("value", text).arg("choices", words.join(", "));
                if let Some(meant) = nearest(text, words.iter().map(String::as_str)) {
                    finding = finding.arg("meant", meant);
                }
                self.find(finding, &value.span());
                None
            }
            (Kind::Date, DeValue::Datetime(moment)) => match (moment.date, moment.time) {
                (Some(date), None) => {
                    let day = NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into());
                    if day.is_none() {
                        self.find(Finding::error("date-impossible").key(path).arg("value", date), &value.span());
                    }
                    day.map(|day| Json::String(day.to_string()))
                }
                _ => self.wrong_type(value, path, kind),
            },
            (Kind::Count, DeValue::Integer(number)) => {
                count(number).map(Json::from).or_else(|| self.wrong_type(value, path, kind))
            }
            (Kind::Boolean, DeValue::Boolean(answer)) => Some(Json::Bool(*answer)),
            (Kind::List(item), DeValue::Array(items)) => {
                let checked = items
                    .iter()
                    .enumerate()
                    .filter_map(|(at, entry)| self.entry(entry.span(), entry, &format!("{path}.{at}"), item));
                Some(Json::Array(checked.collect()))
            }
            (Kind::Table(contract), DeValue::Table(table)) => {
                Some(Json::Object(self.table(table, path, key.clone(), contract)))
            }
            (Kind::Map(kind), DeValue::Table(table)) => {
                let mut entries: Vec<_> = table.iter().collect();
                entries.sort_by_key(|(key, _)| key.span().start);
                let checked = entries.into_iter().filter_map(|(key, entry)| {
                    let name = key.get_ref().to_string();
                    let value = self.entry(key.span(), entry, &join(path, &name), kind)?;
                    Some((name, value))
                });
                Some(Json::Object(checked.collect()))
            }
            (Kind::Either(kinds), entry) => match kinds.iter().find(|kind| accepts(kind, entry)) {
                Some(kind) => self.value(key, value, path, kind),
                None => self.wrong_type(value, path, kind),
            },
            _ => self.wrong_type(value, path, kind),
        }
    }

    fn wrong_type(&mut self, value: &Spanned<DeValue>, path: &str, kind: &Kind) -> Option<Json> {
        let expected = match kind {
            Kind::Either(kinds) => kinds.iter().map(Kind::code).collect::<Vec<_>>().join("-or-"),
            kind => kind.code().to_string(),
        };
        let finding = Finding::error("wrong-type").key(path).arg("expected", expected);
        self.find(finding.arg("found", found(value.get_ref())), &value.span());
        None
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.into() } else { format!("{path}.{name}") }
}

/// The number that a count can be.
fn count(number: &DeInteger) -> Option<u32> {
    u32::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()
}

fn accepts(kind: &Kind, value: &DeValue) -> bool {
    if let (Kind::Count, DeValue::Integer(number)) = (kind, value) {
        return count(number).is_some();
    }
    matches!(
        (kind, value),
        (Kind::Text | Kind::Choice(_), DeValue::String(_))
            | (Kind::Date, DeValue::Datetime(_))
            | (Kind::Boolean, DeValue::Boolean(_))
            | (Kind::List(_), DeValue::Array(_))
            | (Kind::Table(_) | Kind::Map(_), DeValue::Table(_))
    )
}

/// The code of the kind that was found, for the message.
fn found(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(number) if number.as_str().starts_with('-') => "negative",
        DeValue::Integer(_) | DeValue::Float(_) => "number",
        DeValue::Boolean(_) => "boolean",
        DeValue::Datetime(moment) if moment.time.is_none() => "date",
        DeValue::Datetime(_) => "moment",
        DeValue::Array(_) => "list",
        DeValue::Table(_) => "table",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Field;

    fn contract() -> Contract {
        let address: Contract = [Field::required("plaats", Kind::Text, "de plaats")].into_iter().collect();
        [
            Field::required("onderwerp", Kind::Text, ""),
            Field::optional("datum", Kind::Date, ""),
            Field::optional("bijlagen", Kind::Either(vec![Kind::texts(), Kind::Count]), ""),
            Field::optional("taal", Kind::choice(&["nl", "en"]), ""),
            Field::optional("ontvanger", Kind::Table(address), ""),
            Field::optional("rij", Kind::Map(Box::new(Kind::Text)), ""),
        ]
        .into_iter()
        .collect()
    }

    fn run(text: &str) -> (Checked, Vec<(&'static str, String, usize)>) {
        let source = SourceFile::new("x", text);
        let mut findings = Findings::default();
        let checked = check(&source, 0..text.len(), &contract(), &mut findings);
        let list = findings.0.into_iter();
        let list = list.map(|f| (f.code, f.key.unwrap_or_default(), f.place.map_or(0, |place| place.line())));
        (checked, list.collect())
    }

    #[test]
    fn everything_wrong_is_found_at_once_with_its_line() {
        let (checked, found) =
            run("ondrewerp = 'x'\ndatum = 'gisteren'\nbijlagen = 1.5\ntaal = 'fr'\n[ontvanger]\nplats = 'Zwolle'\n");
        assert_eq!(
            found,
            [
                ("unknown-key", "ondrewerp".into(), 1),
                ("wrong-type", "datum".into(), 2),
                ("wrong-type", "bijlagen".into(), 3),
                ("unknown-choice", "taal".into(), 4),
                ("unknown-key", "ontvanger.plats".into(), 6),
            ]
        );
        assert!(checked.get("ontvanger").is_some());
    }

    #[test]
    fn a_number_that_is_no_count_is_told_all_that_goes_there() {
        for (value, found) in [("-1", "negative"), ("1.5", "number"), ("4294967296", "number")] {
            let (text, mut findings) = (format!("bijlagen = {value}\n"), Findings::default());
            check(&SourceFile::new("x", text.as_str()), 0..text.len(), &contract(), &mut findings);
            let wrong = findings.0.iter().find(|finding| finding.code == "wrong-type").expect("a finding");
            assert_eq!(wrong.args, [("expected", "list-or-count".to_string()), ("found", found.into())], "{value}");
        }
    }

    #[test]
    fn a_day_no_calendar_has_and_broken_lines_are_told_apart() {
        let (_, found) = run("onderwerp = 'x'\ndatum = 2023-02-30\n");
        assert_eq!(found, [("date-impossible", "datum".into(), 2)]);
        let (_, found) = run("onderwerp = 'x\ndatum = 2023-02-28\n");
        assert_eq!(found[0].0, "toml-syntax");
        assert_eq!(found[0].2, 1);
    }

    #[test]
    fn values_come_out_in_nfc_with_their_places() {
        let (checked, found) =
            run("onderwerp = \"e\u{301}\"\ndatum = 2023-02-21\nbijlagen = ['a', 'b']\nrij.regio = 'Twente'\n");
        assert_eq!(found, []);
        assert_eq!(checked.text("onderwerp"), Some("é"));
        assert_eq!(checked.date("datum"), NaiveDate::from_ymd_opt(2023, 2, 21));
        assert_eq!(checked.get("bijlagen.1"), Some(&Json::from("b")));
        assert_eq!(checked.place("bijlagen.1").column(), 18);
        assert_eq!(checked.text("rij.regio"), Some("Twente"));
    }
}
