//! Whether certificates were revoked, as far as the file itself brings proof; nothing is fetched.

mod crl;
mod ocsp;

use chrono::{DateTime, Duration, Utc};
use der::Tag;

use super::asn1::{Malformed, Node, tagged};
use super::attributes::{REVOCATION_ARCHIVAL, REVOCATION_VALUES};
use super::certificate::Certificate;
use super::cms::Verified;
use super::path::Purpose;
use crate::error::Finding;

/// The most lists, and the most answers, that are looked at for one signature.
const MAX: usize = 64;
/// How far the clock of an authority may be ahead of the one here.
const LEEWAY: Duration = Duration::minutes(5);

/// Lists of revoked certificates (RFC 5280, 5) and answers about single ones (RFC 6960), in DER.
#[derive(Debug, Clone, Default)]
pub struct Material<'a> {
    /// The lists.
    pub crls: Vec<&'a [u8]>,
    /// The answers, each an OCSPResponse or the BasicOCSPResponse in it.
    pub ocsps: Vec<&'a [u8]>,
}

/// What one list or answer says of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Status {
    /// Not revoked when it was made; it speaks until the second time, if it says so.
    Good { at: DateTime<Utc>, until: Option<DateTime<Utc>> },
    /// Revoked since, with a CRLReason (RFC 5280, 5.3.1).
    Revoked { since: DateTime<Utc>, reason: Option<u32> },
}

impl<'a> Material<'a> {
    /// This with what a signature itself brings: in its SignedData, as Adobe puts it (ISO 32000-1, 12.8.3.3.2), and as ETSI
    /// EN 319 122-1, A.1.1.2 does. What can't be read there proves nothing and is passed over.
    pub fn with<'b>(&self, verified: &Verified<'b>) -> Material<'b>
    where
        'a: 'b,
    {
        let mut all = Material { crls: self.crls.clone(), ocsps: self.ocsps.clone() };
        all.crls.extend(&verified.crls);
        for (attributes, oid) in [(&verified.signed, REVOCATION_ARCHIVAL), (&verified.unsigned, REVOCATION_VALUES)] {
            if let Ok(Some(node)) = attributes.single(oid) {
                // Both are a sequence of [0] lists and [1] answers.
                let _ = all.add(node);
            }
        }
        all.crls.truncate(MAX);
        all.ocsps.truncate(MAX);
        all
    }

    fn add(&mut self, node: Node<'a>) -> Result<(), Malformed> {
        let part = "revocationValues";
        let mut nodes = node.within(Tag::Sequence, part)?;
        for (tag, list) in [(tagged(0), &mut self.crls), (tagged(1), &mut self.ocsps)] {
            if let Some(node) = nodes.optional(tag)? {
                let inner = Node::only(node.value, part)?.within(Tag::Sequence, part)?;
                list.extend(inner.all(MAX)?.iter().map(|node| node.whole));
            }
        }
        Ok(())
    }
}

/// Checks the certificates of a path, the signer's first, the anchor last, for a moment: that of the timestamp or now.
/// The anchor itself is not checked: it counts because it is named.
///
/// A certificate revoked after the moment was good at it. With a timestamping server that holds only where the reason is a
/// harmless one (RFC 3161, 4): a stolen key can sign any time it likes.
///
/// # Errors
/// `certificate-revoked`.
pub fn check(
    path: &[Certificate],
    material: &Material,
    moment: DateTime<Utc>,
    now: DateTime<Utc>,
    purpose: Purpose,
) -> Result<Vec<Finding>, Finding> {
    let (mut notes, mut oldest, mut is_known) = (Vec::new(), None::<DateTime<Utc>>, path.len() > 1);
    let mut stale = None;
    for (index, pair) in path.windows(2).enumerate() {
        let [certificate, issuer] = pair else { continue };
        let found = statuses(certificate, issuer, material, now);
        let revoked = found.iter().find_map(|status| match status {
            Status::Revoked { since, reason } => Some((*since, *reason)),
            Status::Good { .. } => None,
        });
        if let Some((since, reason)) = revoked {
            let is_harmless = matches!(reason, Some(3..=5));
            let is_server = purpose == Purpose::Timestamp && index == 0;
            let tell = |finding: Finding| finding.arg("holder", certificate.holder()).arg("day", since.date_naive());
            if since <= moment || (is_server && !is_harmless) {
                return Err(tell(Finding::error("certificate-revoked")));
            }
            notes.push(tell(Finding::warning("revocation-later")));
            continue;
        }
        let newest = found.iter().filter_map(|status| match status {
            Status::Good { at, until } => Some((*at, *at >= moment || until.is_some_and(|until| until >= moment))),
            Status::Revoked { .. } => None,
        });
        match newest.max_by_key(|(at, is_fresh)| (*is_fresh, *at)) {
            Some((at, true)) => oldest = Some(oldest.map_or(at, |oldest| oldest.min(at))),
            Some((at, false)) => stale = Some((certificate.holder(), at)),
            None => is_known = false,
        }
    }
    if !is_known {
        notes.push(Finding::warning("revocation-unknown"));
    } else if let Some((holder, at)) = stale {
        notes.push(Finding::warning("revocation-stale").arg("holder", holder).arg("day", at.date_naive()));
    } else if let Some(at) = oldest {
        notes.push(Finding::warning("revocation-good").arg("day", at.date_naive()));
    }
    Ok(notes)
}

/// Everything that is said of a certificate by who may say so.
fn statuses(certificate: &Certificate, issuer: &Certificate, material: &Material, now: DateTime<Utc>) -> Vec<Status> {
    let lists = material.crls.iter().map(|der| crl::status(der, certificate, issuer, now + LEEWAY));
    let answers = material.ocsps.iter().map(|der| ocsp::status(der, certificate, issuer, now + LEEWAY));
    // What can't be read, isn't signed by the issuer or is about others says nothing of this certificate.
    lists.chain(answers).filter_map(|status| status.ok().flatten()).collect()
}
