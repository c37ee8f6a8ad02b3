//! The verdict on a PDF: three answers that are kept apart.
//!
//! Whether its signatures hold, whether it is still the letter that was issued, and whether it conforms to PDF/A and
//! PDF/UA. A foreign signer often breaks the last, which is no reason to distrust the first two.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value as Json, json};

use super::conformance::Conformance;
use super::issued;
use super::trust::Trust;
use super::verify::{self, Inspection, Kind, Verdict};
use crate::error::Finding;
use crate::messages::{Messages, Tongue};

/// The keys of a finding that is kept.
const CODE: &str = "code";
const VALUES: &str = "waarden";
const WORDS: &str = "woorden";

/// The three answers.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// What its signatures are worth.
    pub inspection: Inspection,
    /// Whether it is the issued letter with nothing but signatures added, with what is odd about it or why it is not; none
    /// when it was not held against one.
    pub unchanged: Option<Result<Vec<Finding>, Finding>>,
    /// What a validator says of PDF/A and PDF/UA; nothing of a file that can't be read strictly.
    pub conformance: Conformance,
    /// When it was judged.
    pub moment: DateTime<Utc>,
}

impl Judgement {
    /// Judges a file, against the letter that was issued if it is to be one.
    pub fn of(file: &[u8], issued: Option<&[u8]>, trust: &Trust, moment: DateTime<Utc>) -> Self {
        let inspection = verify::inspect(file, trust, moment);
        let unchanged = issued.map(|issued| issued::unchanged(file, issued));
        let conformance = Conformance::of_file(file);
        Self { inspection, unchanged, conformance, moment }
    }

    /// The signatures of people and organisations, without the time stamps of the document.
    pub fn signatures(&self) -> impl Iterator<Item = &Verdict> {
        self.inspection.signatures.iter().filter(|verdict| verdict.kind == Kind::Signature)
    }

    /// Why this can't be taken for the signed letter; nothing when it can.
    pub fn refusals(&self) -> Vec<Finding> {
        if let Some(flaw) = &self.inspection.flaw {
            return vec![flaw.clone()];
        }
        let changed = self.unchanged.iter().filter_map(|unchanged| unchanged.as_ref().err());
        let broken = self.inspection.signatures.iter().filter(|verdict| !verdict.is_valid).filter_map(|verdict| {
            let reason = verdict.reason.clone().unwrap_or_else(|| Finding::error("signature-broken"));
            // What changed after the issue and after the signature is said once.
            let is_said = self.unchanged.iter().any(|unchanged| unchanged.as_ref().err() == Some(&reason));
            (!is_said).then(|| reason.arg("signatory", &verdict.signatory))
        });
        let unsigned = self.signatures().next().is_none().then(|| Finding::error("signature-none"));
        let mut refusals: Vec<_> = changed.cloned().chain(broken).chain(unsigned).collect();
        refusals.dedup();
        refusals
    }

    /// The answers as JSON, in the words of one language.
    pub fn json(&self, messages: &Messages) -> Json {
        self.written(&|finding| messages.finding(finding).message.into())
    }

    /// The answers as they are kept: what is found with its code and its values, and in Dutch for whoever reads the file
    /// without this program. [`told`] makes of it what [`Judgement::json`] gives.
    pub fn record(&self) -> Json {
        let dutch = Messages::new(Tongue::Nl);
        self.written(&|finding| {
            let mut values: Map<String, Json> = Map::new();
            values.extend(finding.key.iter().map(|key| ("key".to_string(), key.as_str().into())));
            values.extend(finding.args.iter().map(|(name, value)| ((*name).to_string(), value.as_str().into())));
            json!({ CODE: finding.code, VALUES: values, WORDS: dutch.finding(finding).message })
        })
    }

    fn written(&self, words: &dyn Fn(&Finding) -> Json) -> Json {
        let all = |findings: &[Finding]| findings.iter().map(words).collect::<Vec<_>>();
        let moment = |moment: &DateTime<Utc>| moment.to_rfc3339_opts(SecondsFormat::Secs, true);
        let signature = |verdict: &Verdict| {
            json!({
                "ondertekenaar": verdict.signatory,
                "tijdstip": verdict.claimed.as_ref().map(moment),
                "tijdstempel": verdict.timestamp.as_ref().map(moment),
                "geldig": verdict.is_valid,
                "reden": verdict.reason.as_ref().map(words),
                "code": verdict.reason.as_ref().map(|reason| reason.code),
                "veld": verdict.field,
                "opmerkingen": all(&verdict.notes),
                "certificaat": verdict.certificate.as_ref().map(|certificate| json!({
                    "onderwerp": certificate.subject,
                    "uitgever": certificate.issuer,
                    "serienummer": certificate.serial,
                    "sha256": certificate.sha256,
                    "geldig_van": moment(&certificate.not_before),
                    "geldig_tot": moment(&certificate.not_after),
                })),
            })
        };
        let of = |kind: Kind| -> Vec<Json> {
            let verdicts = self.inspection.signatures.iter().filter(|verdict| verdict.kind == kind);
            verdicts.map(signature).collect()
        };
        let (notes, change) = match &self.unchanged {
            Some(Ok(notes)) => (all(notes), None),
            Some(Err(change)) => (Vec::new(), Some(words(change))),
            None => (Vec::new(), None),
        };
        let flaw = self.inspection.flaw.as_ref();
        json!({
            "ongewijzigd": self.unchanged.as_ref().map(Result::is_ok),
            "wijziging": change,
            "handtekeningen": of(Kind::Signature),
            "documenttijdstempels": of(Kind::DocumentTimestamp),
            "leesbaar": flaw.is_none(),
            "reden": flaw.map(words),
            "code": flaw.map(|flaw| flaw.code),
            "opmerkingen": notes.into_iter().chain(all(&self.inspection.notes)).collect::<Vec<_>>(),
            "pdfa": self.conformance.pdfa,
            "pdfa_niveau": self.conformance.level,
            "pdfua": self.conformance.pdfua,
            "norm": self.conformance.failures,
            "gecontroleerd": moment(&self.moment),
        })
    }
}

/// A verdict that was kept by [`Judgement::record`], in the words of one language. What a later version of the program has
/// no words for stays as it was written.
pub fn told(record: Json, messages: &Messages) -> Json {
    match record {
        Json::Object(fields) => match sentence(&fields, messages) {
            Some(words) => words.into(),
            None => fields.into_iter().map(|(name, field)| (name, told(field, messages))).collect(),
        },
        Json::Array(items) => items.into_iter().map(|item| told(item, messages)).collect(),
        plain => plain,
    }
}

/// The words of a finding that was kept; none for anything else.
fn sentence(fields: &Map<String, Json>, messages: &Messages) -> Option<String> {
    let (code, written) = (fields.get(CODE)?.as_str()?, fields.get(WORDS)?.as_str()?);
    let values = fields.get(VALUES)?.as_object()?;
    let values: Vec<_> = values.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))).collect();
    let words = messages.text(code, &values);
    Some(if words == code { written.to_string() } else { words })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_told_in_the_language_of_the_reader() {
        let flaw = Finding::error("pdf-unlisted").arg("offset", 7).arg("number", 3);
        let inspection = Inspection { flaw: Some(flaw), ..Inspection::default() };
        let judgement = Judgement {
            inspection,
            unchanged: Some(Ok(vec![Finding::warning("signature-none")])),
            conformance: Conformance::default(),
            moment: DateTime::from_timestamp(1_676_977_200, 0).unwrap(),
        };
        for tongue in [Tongue::Nl, Tongue::En] {
            let messages = Messages::new(tongue);
            let kept: Json = serde_json::from_str(&judgement.record().to_string()).unwrap();
            assert_eq!(told(kept, &messages), judgement.json(&messages));
        }
        let english = Messages::new(Tongue::En);
        let unknown = json!({ "reden": { CODE: "van-later", VALUES: {}, WORDS: "iets nieuws" } });
        assert_eq!(told(unknown, &english), json!({ "reden": "iets nieuws" }));
    }
}
