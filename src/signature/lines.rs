//! The three answers about a PDF as lines for people: which words they get, and how good they are.

use serde_json::Value as Json;

use crate::messages::Messages;
use crate::zone;

/// How good an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    /// As it should be.
    Good,
    /// Not as it should be, which is no reason to distrust the letter.
    Doubtful,
    /// A reason to distrust the letter.
    Bad,
    /// Nothing that could be good or bad.
    Neutral,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How good it is.
    pub worth: Worth,
    /// What is said.
    pub words: String,
    /// Why.
    pub reason: Option<String>,
    /// What else there is to know.
    pub notes: Vec<String>,
}

/// One of the three: the signatures, the letter, the standards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The message that is its title.
    pub title: &'static str,
    /// Its lines, at least one.
    pub lines: Vec<Line>,
}

/// The answers of a verdict as [`super::verdict::Judgement::json`] gives it. `is_ours`: the letter was issued here, and did
/// not come in.
pub fn answers(verdict: &Json, is_ours: bool, messages: &Messages) -> [Answer; 3] {
    [
        Answer { title: "verdict-signatures", lines: signatures(verdict, messages) },
        Answer { title: "verdict-letter", lines: vec![letter(verdict, is_ours, messages)] },
        Answer { title: "verdict-standards", lines: standards(verdict, messages) },
    ]
}

impl Line {
    fn new(worth: Worth, words: String) -> Self {
        Self { worth, words, reason: None, notes: Vec::new() }
    }
}

fn all<'a>(json: &'a Json, key: &str) -> impl Iterator<Item = &'a Json> {
    json[key].as_array().into_iter().flatten()
}

fn texts(json: &Json, key: &str) -> Vec<String> {
    all(json, key).filter_map(Json::as_str).map(String::from).collect()
}

/// A text that says something.
fn text<'a>(json: &'a Json, key: &str) -> Option<&'a str> {
    json[key].as_str().filter(|text| !text.is_empty())
}

fn signatures(verdict: &Json, messages: &Messages) -> Vec<Line> {
    let found = all(verdict, "handtekeningen").chain(all(verdict, "documenttijdstempels"));
    let mut lines: Vec<_> = found.map(|one| signature(one, messages)).collect();
    if let Some(reason) = verdict["reden"].as_str() {
        let line = Line::new(Worth::Bad, messages.text("verdict-unreadable", &[]));
        lines.insert(0, Line { reason: Some(reason.into()), ..line });
    } else if lines.is_empty() {
        lines.push(Line::new(Worth::Neutral, messages.text("verdict-none", &[])));
    }
    lines
}

fn signature(one: &Json, messages: &Messages) -> Line {
    let is_valid = one["geldig"].as_bool().unwrap_or_default();
    let (worth, id) = if is_valid { (Worth::Good, "verdict-valid") } else { (Worth::Bad, "verdict-invalid") };
    let signatory = text(one, "ondertekenaar").or(text(one, "veld")).unwrap_or("?");
    let clock = |moment: &str| moment.parse().map_or_else(|_| moment.to_string(), zone::minute);
    let moments = [("tijdstip", "verdict-claimed"), ("tijdstempel", "verdict-timestamp")].into_iter();
    let moments = moments.filter_map(|(key, id)| Some(messages.text(id, &[("moment", &clock(text(one, key)?))])));
    let issuer = text(&one["certificaat"], "uitgever");
    let issuer = issuer.map(|issuer| messages.text("verdict-issuer", &[("issuer", issuer)]));
    Line {
        reason: text(one, "reden").map(String::from),
        notes: moments.chain(issuer).chain(texts(one, "opmerkingen")).collect(),
        ..Line::new(worth, messages.text(id, &[("signatory", signatory)]))
    }
}

fn letter(verdict: &Json, is_ours: bool, messages: &Messages) -> Line {
    let (worth, id) = match verdict["ongewijzigd"].as_bool() {
        Some(true) => (Worth::Good, if is_ours { "verdict-unchanged" } else { "verdict-as-received" }),
        Some(false) => (Worth::Bad, if is_ours { "verdict-changed" } else { "verdict-not-as-received" }),
        None => (Worth::Neutral, "verdict-not-compared"),
    };
    Line {
        reason: verdict["wijziging"].as_str().map(String::from),
        notes: texts(verdict, "opmerkingen"),
        ..Line::new(worth, messages.text(id, &[]))
    }
}

/// What the validator says of both stands below the last.
fn standards(verdict: &Json, messages: &Messages) -> Vec<Line> {
    let one = |key: &str, name: &str| {
        let conforms = verdict[key].as_bool().unwrap_or_default();
        let (worth, id) =
            if conforms { (Worth::Good, "verdict-conforms") } else { (Worth::Doubtful, "verdict-conforms-not") };
        let level = verdict["pdfa_niveau"].as_str().filter(|_| key == "pdfa").map(|level| format!("-{level}"));
        Line::new(worth, messages.text(id, &[("standard", &format!("{name}{}", level.unwrap_or_default()))]))
    };
    let (archivable, accessible) = (one("pdfa", "PDF/A"), one("pdfua", "PDF/UA-1"));
    vec![archivable, Line { notes: texts(verdict, "norm"), ..accessible }]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::messages::Tongue;

    #[test]
    fn every_answer_has_its_words_and_what_it_rests_on() {
        let messages = Messages::new(Tongue::Nl);
        let verdict = json!({
            "handtekeningen": [{
                "ondertekenaar": "", "veld": "Handtekening1", "geldig": false, "reden": "de hash klopt niet",
                "tijdstip": "2023-02-21T11:00:00Z", "tijdstempel": null,
                "certificaat": { "uitgever": "CN=Uitgever" }, "opmerkingen": ["nog iets"],
            }],
            "documenttijdstempels": [], "reden": null, "ongewijzigd": null, "wijziging": null, "opmerkingen": [],
            "pdfa": true, "pdfa_niveau": "2a", "pdfua": false, "norm": ["7.1"],
        });
        let [signatures, letter, standards] = answers(&verdict, true, &messages);
        let signature = &signatures.lines[0];
        assert_eq!((signature.worth, signature.reason.as_deref()), (Worth::Bad, Some("de hash klopt niet")));
        assert!(signature.words.starts_with("Handtekening1"), "{}", signature.words);
        assert_eq!(signature.notes.len(), 3);
        assert!(signature.notes[0].contains("2023-02-21 12:00") && signature.notes[1].contains("CN=Uitgever"));
        assert_eq!(letter.lines[0].worth, Worth::Neutral);
        assert!(standards.lines[0].words.contains("PDF/A-2a") && standards.lines[0].notes.is_empty());
        assert_eq!(
            (standards.lines[1].worth, standards.lines[1].notes.as_slice()),
            (Worth::Doubtful, &["7.1".into()][..])
        );
    }

    #[test]
    fn a_file_without_signatures_says_so_and_one_that_is_unreadable_says_why() {
        let messages = Messages::new(Tongue::Nl);
        let [unsigned, ..] = answers(&json!({}), true, &messages);
        assert_eq!((unsigned.lines.len(), unsigned.lines[0].worth), (1, Worth::Neutral));
        let [unreadable, ..] = answers(&json!({ "reden": "geen PDF" }), false, &messages);
        assert_eq!((unreadable.lines.len(), unreadable.lines[0].worth), (1, Worth::Bad));
        assert_eq!(unreadable.lines[0].reason.as_deref(), Some("geen PDF"));
    }
}
