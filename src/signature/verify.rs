//! The verdict on every signature in a file.
//!
//! A signature is valid when it covers all that the file was when it was made, what came later is of a kind that may
//! come after a signature, its value is the signer's, and the signer's certificate leads to an anchor that is trusted here.
//! The order in which these are looked at decides which reason is given: that the file was changed weighs more than that
//! its signer is not known.

use chrono::{DateTime, Utc};

use super::changes::changes;
use super::coverage;
use super::crypto::attributes::TIMESTAMP;
use super::crypto::certificate::{Certificate, display};
use super::crypto::cms::{SignedData, Verified};
use super::crypto::path::{self, Purpose};
use super::crypto::revocation;
use super::crypto::timestamp;
use super::dss::Store;
use super::pdf::{Document, SignatureField, signatures};
use super::trust::Trust;
use crate::error::Finding;

/// The most signatures that a file may have.
const MAX_SIGNATURES: usize = 100;

/// What signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A person or an organisation.
    Signature,
    /// A time-stamping server, the document as a whole (ISO 32000-2, 12.8.5).
    DocumentTimestamp,
}

/// What is worth keeping of a signer's certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Whose it is, in the notation of RFC 4514.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// Its serial number in hexadecimal digits.
    pub serial: String,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// From when it is valid.
    pub not_before: DateTime<Utc>,
    /// Until when.
    pub not_after: DateTime<Utc>,
}

/// What is known of one signature.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Name of its field in the form.
    pub field: String,
    /// What signed.
    pub kind: Kind,
    /// Who, as the certificate says: the common name, else the organisation, else the whole name. As long as the signature
    /// isn't valid it is a claim; empty when there is no certificate to be read.
    pub signatory: String,
    /// When, as the signer says: the signing-time attribute, else `/M`.
    pub claimed: Option<DateTime<Utc>>,
    /// When, as a time-stamping server that is trusted here says: in the signature, else in a document timestamp after it.
    pub timestamp: Option<DateTime<Utc>>,
    /// Whether it holds, and its signer is trusted here.
    pub is_valid: bool,
    /// The first reason why not.
    pub reason: Option<Finding>,
    /// What else is worth knowing.
    pub notes: Vec<Finding>,
    /// The certificate that it names.
    pub certificate: Option<CertificateFacts>,
}

/// What is known of the signatures in a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Inspection {
    /// Why the file can't be read in one way only; then nothing is said of signatures.
    pub flaw: Option<Finding>,
    /// Every signature in the order of signing, document timestamps too.
    pub signatures: Vec<Verdict>,
    /// What is odd about the file.
    pub notes: Vec<Finding>,
}

/// Looks at every signature in a file. `now` is the moment for which those without a timestamp are judged.
pub fn inspect(file: &[u8], trust: &Trust, now: DateTime<Utc>) -> Inspection {
    let flawed = |flaw| Inspection { flaw: Some(flaw), ..Inspection::default() };
    let document = match Document::read(file) {
        Ok(document) => document,
        Err(flaw) => return flawed(flaw),
    };
    let mut fields = match signatures(&document) {
        Ok(fields) => fields,
        Err(flaw) => return flawed(flaw),
    };
    if fields.len() > MAX_SIGNATURES {
        return flawed(Finding::error("signature-count").arg("count", fields.len()).arg("most", MAX_SIGNATURES));
    }
    fields.sort_by_key(|field| (field.revision, field.contents.start));
    let store = Store::read(&document);
    let inspector = Inspector { document: &document, store: &store, trust, now };
    let verdicts = inspector.verdicts(&fields);
    Inspection { flaw: None, signatures: verdicts, notes: document.notes().to_vec() }
}

/// What the judgement of every signature needs.
struct Inspector<'a> {
    document: &'a Document<'a>,
    store: &'a Store,
    trust: &'a Trust,
    now: DateTime<Utc>,
}

/// The forms of signature that are known (ISO 32000-2, table 260; ETSI EN 319 142-1, 6.3).
fn kind_of(field: &SignatureField) -> Result<Kind, Finding> {
    let name = field.sub_filter.as_deref().unwrap_or_default();
    let kind = match name {
        "adbe.pkcs7.detached" | "ETSI.CAdES.detached" => Kind::Signature,
        "ETSI.RFC3161" => Kind::DocumentTimestamp,
        _ => return Err(Finding::error("signature-form").arg("form", printable(name))),
    };
    match (field.kind.as_deref(), kind) {
        (None, _) | (Some("Sig"), Kind::Signature) | (Some("DocTimeStamp"), Kind::DocumentTimestamp) => Ok(kind),
        (Some(other), _) => Err(Finding::error("signature-form").arg("form", format!("{name}, {}", printable(other)))),
    }
}

fn printable(text: &str) -> String {
    text.chars().take(60).map(|c| if c.is_ascii_graphic() { c } else { '?' }).collect()
}

impl Inspector<'_> {
    fn verdicts(&self, fields: &[SignatureField]) -> Vec<Verdict> {
        // Document timestamps first: they prove the time of the signatures before them.
        let mut stamps = Vec::new();
        let mut verdicts: Vec<Option<Verdict>> = Vec::new();
        for field in fields {
            let is_stamp = matches!(kind_of(field), Ok(Kind::DocumentTimestamp));
            let verdict = is_stamp.then(|| self.verdict(field, Kind::DocumentTimestamp, None));
            if let Some(time) =
                verdict.as_ref().filter(|verdict| verdict.is_valid).and_then(|verdict| verdict.timestamp)
            {
                stamps.push((field.revision, time));
            }
            verdicts.push(verdict);
        }
        let judged = fields.iter().zip(verdicts).map(|(field, verdict)| {
            let proof = stamps.iter().filter(|(revision, _)| *revision > field.revision).map(|(_, time)| *time).min();
            verdict.unwrap_or_else(|| self.verdict(field, Kind::Signature, proof))
        });
        judged.collect()
    }

    fn verdict(&self, field: &SignatureField, kind: Kind, proof: Option<DateTime<Utc>>) -> Verdict {
        let mut verdict = Verdict {
            field: field.name.clone(),
            kind,
            signatory: String::new(),
            claimed: field.dict.get(b"M").and_then(|date| coverage::date(date.as_string()?)),
            timestamp: None,
            is_valid: false,
            reason: None,
            notes: Vec::new(),
            certificate: None,
        };
        self.note_place(field, &mut verdict);
        match self.judge(field, proof, &mut verdict) {
            Ok(()) => verdict.is_valid = true,
            Err(reason) => verdict.reason = Some(reason),
        }
        verdict
    }

    fn judge(
        &self,
        field: &SignatureField,
        proof: Option<DateTime<Utc>>,
        verdict: &mut Verdict,
    ) -> Result<(), Finding> {
        let kind = kind_of(field)?;
        let pieces = coverage::pieces(self.document, field)?;
        let contents = coverage::contents(self.document.bytes(), field.contents.clone())?;
        let data = SignedData::read(&contents)?;
        if let Ok(claimed) = data.signer_certificate() {
            verdict.signatory = claimed.holder();
            verdict.certificate = Some(facts(&claimed));
        }
        if kind == Kind::DocumentTimestamp {
            self.check_later(field, verdict)?;
            return self.judge_timestamp(&contents, &pieces, verdict);
        }
        let verified = data.verify_detached(&pieces)?;
        verdict.claimed = verified.claimed.or(verdict.claimed);
        verdict.notes.push(Finding::warning("signature-algorithm").arg("algorithm", &verified.algorithm));
        self.check_later(field, verdict)?;
        self.judge_signer(&verified, proof, verdict)
    }

    /// A signature's timestamp, and its signer at that time.
    fn judge_signer(
        &self,
        verified: &Verified<'_>,
        proof: Option<DateTime<Utc>>,
        verdict: &mut Verdict,
    ) -> Result<(), Finding> {
        let material = self.store.material();
        let others: Vec<&[u8]> = [verified.certificates.clone(), self.store.certificates()].concat();
        let token = verified.unsigned.single(TIMESTAMP).map_err(|_| Finding::error("timestamp-repeated"))?;
        if let Some(token) = token {
            let stamp =
                timestamp::verify(token.whole, &[verified.value], &others, &self.trust.anchors, &material, self.now);
            match stamp {
                Ok(stamp) => {
                    verdict.timestamp = Some(stamp.time);
                    let server = stamp.verified.signer.holder();
                    verdict.notes.push(Finding::warning("timestamp-server").arg("server", server));
                    // The rest of what is known of the server's certificate would be taken for the signer's.
                    verdict.notes.extend(stamp.notes.into_iter().filter(|note| note.code == "revocation-later"));
                }
                Err(cause) if cause.code == "timestamp-untrusted" => {
                    // Where nobody here knows the signer either, that is what to say.
                    path::verify(&verified.signer, &others, &self.trust.anchors, self.now, Purpose::Signature)?;
                    return Err(cause);
                }
                Err(cause) => {
                    let reason = Finding::error("timestamp-broken").arg("cause", cause.code);
                    verdict.notes.push(cause);
                    return Err(reason);
                }
            }
        }
        verdict.timestamp = verdict.timestamp.or(proof);
        let moment = verdict.timestamp.unwrap_or(self.now);
        let chain = path::verify(&verified.signer, &others, &self.trust.anchors, moment, Purpose::Signature)?;
        let own = material.with(verified);
        verdict.notes.extend(revocation::check(&chain, &own, moment, self.now, Purpose::Signature)?);
        match verdict.timestamp {
            None if self.trust.timestamp_required => return Err(Finding::error("timestamp-missing")),
            None => verdict.notes.push(Finding::warning("timestamp-none")),
            Some(_) => {}
        }
        Ok(())
    }

    fn judge_timestamp(&self, token: &[u8], pieces: &[&[u8]], verdict: &mut Verdict) -> Result<(), Finding> {
        let (others, material) = (self.store.certificates(), self.store.material());
        let stamp = timestamp::verify(token, pieces, &others, &self.trust.anchors, &material, self.now)?;
        verdict.timestamp = Some(stamp.time);
        let algorithm = Finding::warning("signature-algorithm").arg("algorithm", &stamp.verified.algorithm);
        verdict.notes.push(algorithm);
        verdict.notes.extend(stamp.notes);
        Ok(())
    }

    /// What came after the revision that a signature covers.
    fn check_later(&self, field: &SignatureField, verdict: &mut Verdict) -> Result<(), Finding> {
        let last = self.document.revisions().len().saturating_sub(1);
        if field.revision < last {
            verdict.notes.extend(changes(self.document, field.revision, last)?);
        }
        Ok(())
    }

    /// Where the signature stands among the revisions, and what it says may come after it.
    fn note_place(&self, field: &SignatureField, verdict: &mut Verdict) {
        let later = self.document.revisions().len().saturating_sub(field.revision + 1);
        verdict.notes.push(match later {
            0 => Finding::warning("signature-whole"),
            later => Finding::warning("signature-later").arg("count", later),
        });
        let view = self.document.last();
        let permissions = view.catalog().1.get(b"Perms").and_then(|object| view.dict(object));
        let certified = permissions.and_then(|dict| dict.get(b"DocMDP")).and_then(|object| object.as_reference());
        if let Some(level) = field.certifies.filter(|_| certified == Some(field.id)) {
            let allowed = match level {
                1 => "nothing",
                2 => "forms",
                _ => "comments",
            };
            verdict.notes.push(Finding::warning("signature-certifies").arg("allowed", allowed));
        }
    }
}

fn facts(certificate: &Certificate) -> CertificateFacts {
    CertificateFacts {
        subject: display(certificate.subject),
        issuer: display(certificate.issuer),
        serial: certificate.serial_hex(),
        sha256: certificate.fingerprint(),
        not_before: certificate.not_before,
        not_after: certificate.not_after,
    }
}
