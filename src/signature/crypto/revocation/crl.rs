//! Lists of revoked certificates (RFC 5280, 5).

use chrono::{DateTime, Utc};
use der::Tag;
use der::asn1::ObjectIdentifier as Oid;

use super::Status;
use crate::error::Finding;
use crate::signature::crypto::algorithms::Scheme;
use crate::signature::crypto::asn1::{Algorithm, Malformed, Node, Nodes, plain, tagged};
use crate::signature::crypto::certificate::{Certificate, Extension, extensions, usage};

const REASON: Oid = Oid::new_unwrap("2.5.29.21");
const INVALID_SINCE: Oid = Oid::new_unwrap("2.5.29.24");
const DISTRIBUTION_POINT: Oid = Oid::new_unwrap("2.5.29.28");

/// What a list says of a certificate; none when it is another issuer's list, not signed by it, from the future or of a kind
/// that doesn't cover the certificate.
///
/// # Errors
/// When it can't be read.
pub fn status(
    der: &[u8],
    certificate: &Certificate,
    issuer: &Certificate,
    now: DateTime<Utc>,
) -> Result<Option<Status>, Finding> {
    let part = "CertificateList";
    let mut outer = Node::only(der, part)?.within(Tag::Sequence, part)?;
    let (signed, algorithm) = (outer.expect(Tag::Sequence)?, Algorithm::read(outer.any()?)?);
    let value = outer.any()?.bits()?;
    outer.end()?;
    let mut nodes = signed.inner(part);
    nodes.optional(Tag::Integer)?;
    if nodes.any()?.whole != algorithm.whole {
        return Err(Malformed(part).into());
    }
    let name = nodes.expect(Tag::Sequence)?.whole;
    if name != issuer.subject || name != certificate.issuer || !issuer.may(usage::CRL_SIGN) {
        return Ok(None);
    }
    let at = nodes.any()?.time()?;
    let until = time(&mut nodes)?;
    let entries = nodes.optional(Tag::Sequence)?;
    let extensions = match nodes.optional(tagged(0))? {
        Some(node) => extensions(Node::only(node.value, part)?)?,
        None => Vec::new(),
    };
    nodes.end()?;
    if at > now || !covers(&extensions, certificate)? {
        return Ok(None);
    }
    issuer.key.verify(Scheme::read(&algorithm, None)?, signed.whole, value)?;
    let mut entries = entries.map(|node| node.inner(part));
    while let Some(entry) = entries.as_mut().map(Nodes::read).transpose()?.flatten() {
        let mut nodes = entry.within(Tag::Sequence, part)?;
        if nodes.expect(Tag::Integer)?.value == certificate.serial {
            return revoked(nodes).map(Some);
        }
    }
    Ok(Some(Status::Good { at, until }))
}

fn time(nodes: &mut Nodes) -> Result<Option<DateTime<Utc>>, Malformed> {
    let node = match nodes.optional(Tag::UtcTime)? {
        None => nodes.optional(Tag::GeneralizedTime)?,
        found => found,
    };
    node.map(|node| node.time()).transpose()
}

/// The rest of an entry: since when and why. An earlier date since which the key is known to be in other hands counts
/// (RFC 5280, 5.3.2).
fn revoked(mut nodes: Nodes) -> Result<Status, Finding> {
    let since = nodes.any()?.time()?;
    let extensions = match nodes.optional(Tag::Sequence)? {
        Some(node) => extensions(node)?,
        None => Vec::new(),
    };
    let value = |oid: Oid| extensions.iter().find(|extension| extension.oid == oid).map(|found| found.value);
    let reason = value(REASON).map(|value| Node::only(value, "reasonCode")?.small()).transpose()?;
    let earlier = value(INVALID_SINCE).map(|value| Node::only(value, "invalidityDate")?.time()).transpose()?;
    Ok(Status::Revoked { since: earlier.map_or(since, |earlier| earlier.min(since)), reason })
}

/// Whether a list with these extensions is a whole one that is about this kind of certificate (RFC 5280, 5.2.5). Parts of
/// lists and lists about other issuers' certificates are not used, nor is a list with something critical that isn't known.
fn covers(extensions: &[Extension], certificate: &Certificate) -> Result<bool, Malformed> {
    for extension in extensions.iter().filter(|extension| extension.is_critical) {
        if extension.oid != DISTRIBUTION_POINT {
            return Ok(false);
        }
        let part = "issuingDistributionPoint";
        let mut nodes = Node::only(extension.value, part)?.within(Tag::Sequence, part)?;
        nodes.optional(tagged(0))?;
        let is_set = |node: Option<Node>| node.is_some_and(|node| node.value != [0]);
        let (users, authorities) = (is_set(nodes.optional(plain(1))?), is_set(nodes.optional(plain(2))?));
        let some_reasons = nodes.optional(plain(3))?.is_some();
        let (indirect, attributes) = (is_set(nodes.optional(plain(4))?), is_set(nodes.optional(plain(5))?));
        let is_authority = certificate.is_authority();
        if some_reasons || indirect || attributes || (users && is_authority) || (authorities && !is_authority) {
            return Ok(false);
        }
    }
    Ok(true)
}
