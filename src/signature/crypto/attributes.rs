//! The attributes of a signer: what else was signed with the content, and what was added afterwards (RFC 5652, 5.3).

use aws_lc_rs::digest;
use chrono::{DateTime, Utc};
use der::Tag;
use der::asn1::ObjectIdentifier as Oid;

use super::algorithms::Hash;
use super::asn1::{Algorithm, Malformed, Node, tagged};
use super::certificate::Certificate;
use crate::error::Finding;

/// id-contentType (RFC 5652, 11.1).
pub const CONTENT_TYPE: Oid = Oid::new_unwrap("1.2.840.113549.1.9.3");
/// id-messageDigest (RFC 5652, 11.2).
pub const MESSAGE_DIGEST: Oid = Oid::new_unwrap("1.2.840.113549.1.9.4");
/// id-signingTime (RFC 5652, 11.3).
pub const SIGNING_TIME: Oid = Oid::new_unwrap("1.2.840.113549.1.9.5");
/// id-aa-CMSAlgorithmProtection (RFC 6211).
pub const ALGORITHM_PROTECTION: Oid = Oid::new_unwrap("1.2.840.113549.1.9.52");
/// id-aa-signingCertificate (RFC 2634, 5.4).
pub const SIGNING_CERTIFICATE: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.12");
/// id-aa-signingCertificateV2 (RFC 5035, 3).
pub const SIGNING_CERTIFICATE_V2: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.47");
/// id-aa-signatureTimeStampToken (RFC 3161, appendix A).
pub const TIMESTAMP: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.14");
/// adbe-revocationInfoArchival (ISO 32000-1, 12.8.3.3.2).
pub const REVOCATION_ARCHIVAL: Oid = Oid::new_unwrap("1.2.840.113583.1.1.8");
/// id-aa-ets-revocationValues (ETSI EN 319 122-1, A.1.1.2).
pub const REVOCATION_VALUES: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.2.24");

/// The most attributes a signer may have, and the most values one may have.
const MAX: usize = 64;

/// One attribute.
#[derive(Debug, Clone)]
struct Attribute<'a> {
    oid: Oid,
    values: Vec<Node<'a>>,
}

/// The attributes of a signer, as they are in the file.
#[derive(Debug, Clone, Default)]
pub struct Attributes<'a>(Vec<Attribute<'a>>);

impl<'a> Attributes<'a> {
    /// Reads the contents of a SET OF attributes.
    ///
    /// # Errors
    /// `cms-malformed` when they are none, or more than anyone needs.
    pub fn read(set: Node<'a>) -> Result<Self, Malformed> {
        let read = |node: Node<'a>| {
            let mut nodes = node.within(Tag::Sequence, "Attribute")?;
            let (oid, values) = (nodes.oid()?, nodes.expect(Tag::Set)?.inner("Attribute").all(MAX)?);
            nodes.end()?;
            Ok(Attribute { oid, values })
        };
        let attributes = set.inner("Attributes").all(MAX)?.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(Self(attributes))
    }

    /// Reads signed attributes, which are hashed as DER and so must stand in its order (RFC 5652, 5.4), each once (5.3).
    ///
    /// # Errors
    /// `cms-attributes-order`, `cms-attribute-repeated`, `cms-malformed`.
    pub fn read_signed(set: Node<'a>) -> Result<Self, Finding> {
        let nodes = set.inner("signedAttrs").all(MAX)?;
        if !nodes.is_sorted_by(|one, other| one.whole <= other.whole) {
            return Err(Finding::error("cms-attributes-order"));
        }
        let attributes = Self::read(set)?;
        for (index, attribute) in attributes.0.iter().enumerate() {
            if attributes.0.iter().skip(index + 1).any(|other| other.oid == attribute.oid) {
                return Err(repeated(attribute.oid));
            }
        }
        Ok(attributes)
    }

    /// The one value of an attribute; none when it isn't there.
    ///
    /// # Errors
    /// `cms-attribute-repeated` when there are more, or none in an attribute that is there.
    pub fn single(&self, oid: Oid) -> Result<Option<Node<'a>>, Finding> {
        let mut found = self.0.iter().filter(|attribute| attribute.oid == oid);
        match (found.next().map(|attribute| attribute.values.as_slice()), found.next()) {
            (None, _) => Ok(None),
            (Some([value]), None) => Ok(Some(*value)),
            _ => Err(repeated(oid)),
        }
    }

    /// The same of one that must be there.
    ///
    /// # Errors
    /// `cms-attribute-missing` besides.
    pub fn required(&self, oid: Oid) -> Result<Node<'a>, Finding> {
        self.single(oid)?.ok_or_else(|| Finding::error("cms-attribute-missing").arg("attribute", name(oid)))
    }

    /// When the signer says to have signed (RFC 5652, 11.3): a claim, no proof.
    ///
    /// # Errors
    /// When it stands there twice or is no time.
    pub fn signing_time(&self) -> Result<Option<DateTime<Utc>>, Finding> {
        Ok(self.single(SIGNING_TIME)?.map(|node| node.time()).transpose()?)
    }
}

fn repeated(oid: Oid) -> Finding {
    Finding::error("cms-attribute-repeated").arg("attribute", name(oid))
}

/// The standards' name of an attribute.
fn name(oid: Oid) -> String {
    match oid {
        CONTENT_TYPE => "content-type".to_string(),
        MESSAGE_DIGEST => "message-digest".to_string(),
        SIGNING_TIME => "signing-time".to_string(),
        ALGORITHM_PROTECTION => "cms-algorithm-protection".to_string(),
        SIGNING_CERTIFICATE => "signing-certificate".to_string(),
        SIGNING_CERTIFICATE_V2 => "signing-certificate-v2".to_string(),
        TIMESTAMP => "signature-time-stamp".to_string(),
        other => other.to_string(),
    }
}

/// How far an old signing-certificate attribute, which names the certificate by SHA-1, is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sha1Certificate {
    /// Never: a signature needs the second version (ETSI EN 319 142-1, 6.3).
    Refused,
    /// In a timestamp, where RFC 3161, 2.4.2 prescribed it and many servers still send it. What has to be hard here is a
    /// second certificate with the same hash that leads to the same anchors, not a mere collision.
    Accepted,
}

/// Checks that the signer signed which certificate is theirs (RFC 5035, 3), so that no other one with the same key can
/// be put in its place.
///
/// # Errors
/// `cms-signing-certificate-missing`, `-sha1` or `-other` (a different certificate was signed).
pub fn check_signing_certificate(
    attributes: &Attributes,
    signer: &Certificate,
    sha1: Sha1Certificate,
) -> Result<(), Finding> {
    let first = attributes.single(SIGNING_CERTIFICATE)?;
    if let Some(node) = attributes.single(SIGNING_CERTIFICATE_V2)? {
        return check_id(node, signer, true);
    }
    match (first, sha1) {
        (Some(node), Sha1Certificate::Accepted) => check_id(node, signer, false),
        (Some(_), Sha1Certificate::Refused) => Err(Finding::error("cms-signing-certificate-sha1")),
        (None, _) => Err(Finding::error("cms-signing-certificate-missing")),
    }
}

fn check_id(node: Node, signer: &Certificate, is_second: bool) -> Result<(), Finding> {
    const PART: &str = "signingCertificate";
    let other = || Finding::error("cms-signing-certificate-other");
    let mut certificates = node.within(Tag::Sequence, PART)?.expect(Tag::Sequence)?.inner(PART);
    let mut nodes = certificates.expect(Tag::Sequence)?.inner("ESSCertID");
    let hash = match nodes.optional(Tag::Sequence)? {
        Some(algorithm) if is_second => Some(Hash::read(&Algorithm::read(algorithm)?)?),
        Some(_) => return Err(Malformed("ESSCertID").into()),
        None => is_second.then_some(Hash::Sha256),
    };
    let digest = match hash {
        Some(hash) => hash.of(&[signer.der]),
        None => digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, signer.der).as_ref().to_vec(),
    };
    if nodes.expect(Tag::OctetString)?.value != digest {
        return Err(other());
    }
    if let Some(issuer_serial) = nodes.read()? {
        let mut parts = issuer_serial.within(Tag::Sequence, "IssuerSerial")?;
        let (names, serial) = (parts.expect(Tag::Sequence)?, parts.expect(Tag::Integer)?);
        let is_issuer = names.inner("IssuerSerial").all(MAX)?.iter().any(|name| {
            // GeneralName: directoryName, [4].
            name.tag == tagged(4) && name.value == signer.issuer
        });
        if !is_issuer || serial.value != signer.serial {
            return Err(other());
        }
    }
    nodes.end()?;
    Ok(())
}

/// Checks that the algorithms outside what was signed are the ones signed within it (RFC 6211), if the signer did so.
///
/// # Errors
/// `cms-algorithm-protection` when they aren't.
pub fn check_algorithm_protection(
    attributes: &Attributes,
    digest: &Algorithm,
    signature: &Algorithm,
) -> Result<(), Finding> {
    let Some(node) = attributes.single(ALGORITHM_PROTECTION)? else { return Ok(()) };
    let mut nodes = node.within(Tag::Sequence, "CMSAlgorithmProtection")?;
    let signed_digest = Algorithm::read(nodes.any()?)?;
    let signed_scheme = nodes.expect(tagged(1))?;
    nodes.end()?;
    let outer = Node::only(signature.whole, "signatureAlgorithm")?;
    let same_digest = signed_digest.oid == digest.oid && signed_digest.is_bare() && digest.is_bare();
    if same_digest && signed_scheme.value == outer.value {
        Ok(())
    } else {
        Err(Finding::error("cms-algorithm-protection"))
    }
}
