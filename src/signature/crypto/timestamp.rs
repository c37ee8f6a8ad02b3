//! Timestamps (RFC 3161): a third party says that something was there at a time.

use chrono::{DateTime, Duration, Utc};
use der::Tag;

use super::algorithms::Hash;
use super::asn1::{Algorithm, Malformed, Node, tagged};
use super::certificate::Certificate;
use super::cms::{SignedData, Verified};
use super::path::{self, Purpose};
use super::revocation::{self, Material};
use crate::error::Finding;

/// How far the clock of a time-stamping server may be ahead of the one here.
const LEEWAY: Duration = Duration::minutes(5);

/// A timestamp that holds.
#[derive(Debug)]
pub struct Stamp<'a> {
    /// The time it proves.
    pub time: DateTime<Utc>,
    /// The signature under it.
    pub verified: Verified<'a>,
    /// What is worth knowing about the server's certificate.
    pub notes: Vec<Finding>,
}

/// What a timestamp says (RFC 3161, 2.4.2).
struct Info<'a> {
    hash: Hash,
    digest: &'a [u8],
    time: DateTime<Utc>,
}

impl<'a> Info<'a> {
    fn read(der: &'a [u8]) -> Result<Self, Finding> {
        let wrong = Malformed("TSTInfo");
        let mut nodes = Node::only(der, "TSTInfo")?.within(Tag::Sequence, "TSTInfo")?;
        if nodes.expect(Tag::Integer)?.small()? != 1 {
            return Err(wrong.into());
        }
        nodes.oid()?;
        let mut imprint = nodes.expect(Tag::Sequence)?.inner("messageImprint");
        let hash = Hash::read(&Algorithm::read(imprint.any()?)?)?;
        let digest = imprint.expect(Tag::OctetString)?.value;
        imprint.end()?;
        nodes.expect(Tag::Integer)?;
        let time = nodes.expect(Tag::GeneralizedTime)?.time()?;
        // Accuracy, ordering, nonce and the server's name: what the one who asked for the timestamp looks at.
        for tag in [Tag::Sequence, Tag::Boolean, Tag::Integer, tagged(0)] {
            nodes.optional(tag)?;
        }
        if let Some(extensions) = nodes.optional(tagged(1))? {
            let mut inner = extensions.inner("extensions");
            while let Some(extension) = inner.read()? {
                let mut parts = extension.within(Tag::Sequence, "extensions")?;
                parts.oid()?;
                // RFC 3161, 2.4.2: none is known here, and a critical one must be.
                if parts.optional(Tag::Boolean)?.is_some() {
                    return Err(wrong.into());
                }
            }
        }
        nodes.end()?;
        Ok(Self { hash, digest, time })
    }
}

/// Checks a timestamp over some bytes, given in pieces. The server's certificate must have been valid at the time that the
/// timestamp gives; that it has expired since is in the nature of timestamps (RFC 3161, 4.3, is what a later timestamp is
/// for).
///
/// # Errors
/// `timestamp-imprint` when it is of something else, `timestamp-future`, `timestamp-untrusted` when its server isn't known,
/// and what [`SignedData::verify_timestamp`], [`path::verify`] and [`revocation::check`] refuse.
pub fn verify<'a>(
    token: &'a [u8],
    stamped: &[&[u8]],
    others: &[&'a [u8]],
    anchors: &'a [Vec<u8>],
    material: &Material,
    now: DateTime<Utc>,
) -> Result<Stamp<'a>, Finding> {
    let (verified, content) = SignedData::read(token)?.verify_timestamp()?;
    let info = Info::read(content)?;
    if info.digest != info.hash.of(stamped) {
        return Err(Finding::error("timestamp-imprint"));
    }
    if info.time > now + LEEWAY {
        return Err(Finding::error("timestamp-future"));
    }
    let others: Vec<&'a [u8]> = verified.certificates.iter().chain(others).copied().collect();
    let chain = path::verify(&verified.signer, &others, anchors, info.time, Purpose::Timestamp)
        .map_err(|finding| unknown_server(finding, &verified.signer))?;
    let own = material.with(&verified);
    let notes = revocation::check(&chain, &own, info.time, now, Purpose::Timestamp)?;
    Ok(Stamp { time: info.time, verified, notes })
}

/// Says of the server what would else be said of the signer.
fn unknown_server(finding: Finding, server: &Certificate) -> Finding {
    if finding.code != "signature-untrusted" {
        return finding;
    }
    Finding::error("timestamp-untrusted").arg("server", server.holder())
}
