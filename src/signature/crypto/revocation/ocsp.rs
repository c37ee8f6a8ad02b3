//! Answers about single certificates (RFC 6960).

use aws_lc_rs::digest;
use chrono::{DateTime, Utc};
use der::Tag;
use der::asn1::ObjectIdentifier as Oid;

use super::{MAX, Status};
use crate::error::Finding;
use crate::signature::crypto::algorithms::{Hash, Scheme};
use crate::signature::crypto::asn1::{Algorithm, Malformed, Node, plain, tagged};
use crate::signature::crypto::certificate::{Certificate, usage};

const BASIC: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.48.1.1");
const SIGNING: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.3.9");
const SHA1: Oid = Oid::new_unwrap("1.3.14.3.2.26");

/// What an answer says of a certificate; none when it says nothing of it, or isn't from who may answer for the issuer.
///
/// # Errors
/// When it can't be read.
pub fn status(
    der: &[u8],
    certificate: &Certificate,
    issuer: &Certificate,
    now: DateTime<Utc>,
) -> Result<Option<Status>, Finding> {
    let part = "BasicOCSPResponse";
    let mut outer = basic(Node::only(der, part)?)?.within(Tag::Sequence, part)?;
    let (signed, algorithm) = (outer.expect(Tag::Sequence)?, Algorithm::read(outer.any()?)?);
    let value = outer.any()?.bits()?;
    let certificates = match outer.optional(tagged(0))? {
        Some(node) => Node::only(node.value, part)?.within(Tag::Sequence, part)?.all(MAX)?,
        None => Vec::new(),
    };
    outer.end()?;
    let mut nodes = signed.inner("ResponseData");
    nodes.optional(tagged(0))?;
    // Who answers: the signature says so better.
    nodes.any()?;
    let made = nodes.expect(Tag::GeneralizedTime)?.time()?;
    let answers = nodes.expect(Tag::Sequence)?.inner("responses");
    nodes.optional(tagged(1))?;
    nodes.end()?;
    let mut found = None;
    for answer in answers.all(MAX)? {
        if let Some(status) = single(answer, certificate, issuer, now)? {
            found = Some(status);
            break;
        }
    }
    let Some(status) = found else { return Ok(None) };
    let scheme = Scheme::read(&algorithm, None)?;
    if issuer.key.verify(scheme, signed.whole, value).is_ok() {
        return Ok(Some(status));
    }
    let is_signed = certificates.iter().filter_map(|node| Certificate::read(node.whole).ok()).any(|responder| {
        may_answer(&responder, issuer, made) && responder.key.verify(scheme, signed.whole, value).is_ok()
    });
    Ok(is_signed.then_some(status))
}

/// The BasicOCSPResponse in an OCSPResponse, or the value itself when it is one.
fn basic(node: Node<'_>) -> Result<Node<'_>, Malformed> {
    let part = "OCSPResponse";
    let mut nodes = node.within(Tag::Sequence, part)?;
    let Some(status) = nodes.optional(Tag::Enumerated)? else { return Ok(node) };
    let wrong = Malformed(part);
    if status.value != [0] {
        return Err(wrong);
    }
    let bytes = nodes.expect(tagged(0))?;
    let mut inner = Node::only(bytes.value, part)?.within(Tag::Sequence, part)?;
    if inner.oid()? != BASIC {
        return Err(wrong);
    }
    Node::only(inner.expect(Tag::OctetString)?.value, part)
}

/// Whether the issuer let this one answer for it (RFC 6960, 4.2.2.2). Its own revocation is not looked at: an issuer who
/// wants that gives it a short life.
fn may_answer(responder: &Certificate, issuer: &Certificate, made: DateTime<Utc>) -> bool {
    let purposes = responder.purposes().ok().flatten();
    purposes.is_some_and(|(_, purposes)| purposes.contains(&SIGNING))
        && responder.may(usage::DIGITAL_SIGNATURE | usage::CONTENT_COMMITMENT)
        && responder.issuer == issuer.subject
        && (responder.not_before..=responder.not_after).contains(&made)
        && responder.is_signed_by(&issuer.key)
}

/// SingleResponse, if it is about this certificate and not from the future.
fn single(
    node: Node,
    certificate: &Certificate,
    issuer: &Certificate,
    now: DateTime<Utc>,
) -> Result<Option<Status>, Finding> {
    let part = "SingleResponse";
    let mut nodes = node.within(Tag::Sequence, part)?;
    let mut id = nodes.expect(Tag::Sequence)?.inner("CertID");
    let algorithm = Algorithm::read(id.any()?)?;
    // Here a hash only tells apart; the answer is signed.
    let hash = |bytes: &[u8]| match algorithm.oid {
        SHA1 => Some(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec()),
        _ => Hash::read(&algorithm).ok().map(|hash| hash.of(&[bytes])),
    };
    let (name, key) = (id.expect(Tag::OctetString)?.value, id.expect(Tag::OctetString)?.value);
    let is_same = id.expect(Tag::Integer)?.value == certificate.serial
        && hash(issuer.subject).as_deref() == Some(name)
        && hash(issuer.key.bits).as_deref() == Some(key);
    if !is_same {
        return Ok(None);
    }
    let status = nodes.any()?;
    let at = nodes.expect(Tag::GeneralizedTime)?.time()?;
    let until = nodes.optional(tagged(0))?.map(|node| Node::only(node.value, part)?.time()).transpose()?;
    if at > now {
        return Ok(None);
    }
    if status.tag == plain(0) {
        return Ok(Some(Status::Good { at, until }));
    }
    if status.tag != tagged(1) {
        return Ok(None);
    }
    let mut inner = status.inner("RevokedInfo");
    let since = inner.expect(Tag::GeneralizedTime)?.time()?;
    let reason = inner.optional(tagged(0))?.map(|node| Node::only(node.value, part)?.small()).transpose()?;
    Ok(Some(Status::Revoked { since, reason }))
}
