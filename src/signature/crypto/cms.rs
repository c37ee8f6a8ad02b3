//! Cryptographic Message Syntax (RFC 5652): a signature value with who made it and what with.
//!
//! The profile is that of PAdES (ETSI EN 319 142-1): one signer, whose certificate is embedded and itself signed.

use chrono::{DateTime, Utc};
use der::Tag;
use der::asn1::ObjectIdentifier as Oid;

use super::algorithms::{Hash, Scheme};
use super::asn1::{Algorithm, Malformed, Node, Nodes, plain, tagged};
use super::attributes::{self, Attributes, Sha1Certificate};
use super::certificate::Certificate;
use crate::error::Finding;

/// id-data (RFC 5652, 4).
pub const DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.1");
/// id-ct-TSTInfo (RFC 3161, 2.4.2).
pub const TIMESTAMP_INFO: Oid = Oid::new_unwrap("1.2.840.113549.1.9.16.1.4");
const SIGNED_DATA: Oid = Oid::new_unwrap("1.2.840.113549.1.7.2");

/// The largest signature that is read, in bytes; long lists of revoked certificates may be embedded.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;
/// The most certificates that one may carry.
pub const MAX_CERTIFICATES: usize = 64;

/// A signature as it is in the file, not checked.
#[derive(Debug)]
pub struct SignedData<'a> {
    content_type: Oid,
    content: Option<&'a [u8]>,
    certificates: Vec<&'a [u8]>,
    crls: Vec<&'a [u8]>,
    digests: Vec<Oid>,
    signer: SignerInfo<'a>,
}

#[derive(Debug)]
struct SignerInfo<'a> {
    sid: Node<'a>,
    digest: Algorithm<'a>,
    signed: Node<'a>,
    scheme: Algorithm<'a>,
    value: &'a [u8],
    unsigned: Option<Node<'a>>,
}

/// A signature that holds for its content. Nothing is said yet of whose certificate it is.
#[derive(Debug)]
pub struct Verified<'a> {
    /// The signer's certificate, one of those embedded.
    pub signer: Certificate<'a>,
    /// All certificates embedded.
    pub certificates: Vec<&'a [u8]>,
    /// Lists of revoked certificates embedded.
    pub crls: Vec<&'a [u8]>,
    /// What the signer says of the time.
    pub claimed: Option<DateTime<Utc>>,
    /// What was signed with the content.
    pub signed: Attributes<'a>,
    /// What was added after signing.
    pub unsigned: Attributes<'a>,
    /// The signature value, which a timestamp is made of.
    pub value: &'a [u8],
    /// What people call the algorithm.
    pub algorithm: String,
}

impl<'a> SignedData<'a> {
    /// Reads a ContentInfo with SignedData in it.
    ///
    /// # Errors
    /// `cms-too-large`, `cms-signers` when there isn't exactly one signer, `cms-malformed`.
    pub fn read(der: &'a [u8]) -> Result<Self, Finding> {
        if der.len() > MAX_BYTES {
            return Err(Finding::error("cms-too-large"));
        }
        let mut info = Node::only(der, "ContentInfo")?.within(Tag::Sequence, "ContentInfo")?;
        let (kind, content) = (info.oid()?, info.expect(tagged(0))?);
        info.end()?;
        if kind != SIGNED_DATA {
            return Err(Malformed("ContentInfo").into());
        }
        let mut nodes = Node::only(content.value, "SignedData")?.within(Tag::Sequence, "SignedData")?;
        if !matches!(nodes.expect(Tag::Integer)?.small()?, 1..=5) {
            return Err(Malformed("version").into());
        }
        let digests = nodes.expect(Tag::Set)?.inner("digestAlgorithms").all(MAX_CERTIFICATES)?;
        let digests = digests.into_iter().map(|node| Algorithm::read(node).map(|algorithm| algorithm.oid));
        let digests = digests.collect::<Result<_, _>>()?;
        let (content_type, content) = read_content(&mut nodes)?;
        let certificates = match nodes.optional(tagged(0))? {
            Some(set) => sequences(set, "certificates")?,
            None => Vec::new(),
        };
        let crls = match nodes.optional(tagged(1))? {
            Some(set) => sequences(set, "crls")?,
            None => Vec::new(),
        };
        let signers = nodes.expect(Tag::Set)?.inner("signerInfos").all(MAX_CERTIFICATES)?;
        nodes.end()?;
        let [signer] = signers.as_slice() else {
            return Err(Finding::error("cms-signers").arg("count", signers.len()));
        };
        let signer = SignerInfo::read(*signer)?;
        Ok(Self { content_type, content, certificates, crls, digests, signer })
    }

    /// Checks a signature that stands apart from its content, given in pieces.
    ///
    /// # Errors
    /// `cms-not-detached` when it brings content of its own; the others as in [`Self::verify_timestamp`].
    pub fn verify_detached(self, content: &[&[u8]]) -> Result<Verified<'a>, Finding> {
        if self.content.is_some() {
            return Err(Finding::error("cms-not-detached"));
        }
        if self.content_type != DATA {
            return Err(Finding::error("cms-content-type"));
        }
        self.verify(content, Sha1Certificate::Refused)
    }

    /// Checks a timestamp and gives the TSTInfo in it.
    ///
    /// # Errors
    /// The first thing wrong: an algorithm that isn't safe (`cms-digest`, `cms-signature-algorithm`, `cms-key`), an
    /// attribute (`cms-attribute-…`, `cms-signing-certificate-…`), `cms-changed` when the content isn't what was signed,
    /// `cms-signature-wrong` when the value isn't the signer's.
    pub fn verify_timestamp(self) -> Result<(Verified<'a>, &'a [u8]), Finding> {
        let content = self.content.filter(|_| self.content_type == TIMESTAMP_INFO);
        let content = content.ok_or_else(|| Finding::error("cms-content-type"))?;
        Ok((self.verify(&[content], Sha1Certificate::Accepted)?, content))
    }

    fn verify(self, content: &[&[u8]], sha1: Sha1Certificate) -> Result<Verified<'a>, Finding> {
        let info = &self.signer;
        let hash = Hash::read(&info.digest)?;
        if !self.digests.contains(&info.digest.oid) {
            return Err(Malformed("digestAlgorithms").into());
        }
        let signed = Attributes::read_signed(info.signed)?;
        if signed.required(attributes::CONTENT_TYPE)?.oid()? != self.content_type {
            return Err(Finding::error("cms-content-type"));
        }
        let digest = signed.required(attributes::MESSAGE_DIGEST)?;
        if digest.tag != Tag::OctetString || digest.value.len() != hash.length() {
            return Err(Malformed("messageDigest").into());
        }
        if digest.value != hash.of(content) {
            return Err(Finding::error("cms-changed"));
        }
        let scheme = Scheme::read(&info.scheme, Some(hash))?;
        let signer = self.signer_certificate()?;
        attributes::check_signing_certificate(&signed, &signer, sha1)?;
        attributes::check_algorithm_protection(&signed, &info.digest, &info.scheme)?;
        // What is hashed is a SET OF, where the file has [0] (RFC 5652, 5.4); all else is as it is in the file.
        let mut message = info.signed.whole.to_vec();
        if let Some(first) = message.first_mut() {
            *first = 0x31;
        }
        signer.key.verify(scheme, &message, info.value)?;
        let unsigned = info.unsigned.map(Attributes::read).transpose()?.unwrap_or_default();
        Ok(Verified {
            claimed: signed.signing_time()?,
            algorithm: signer.key.name(scheme),
            value: info.value,
            certificates: self.certificates,
            crls: self.crls,
            signer,
            signed,
            unsigned,
        })
    }

    /// The one embedded certificate that the signer names. Before a check it is what the signature claims, no more.
    ///
    /// # Errors
    /// `cms-signer-missing` when there is none, or more than one.
    pub fn signer_certificate(&self) -> Result<Certificate<'a>, Finding> {
        let known = self.certificates.iter().filter_map(|der| Certificate::read(der).ok());
        let mut named = Vec::new();
        for certificate in known {
            let same = if self.signer.sid.tag == Tag::Sequence {
                let mut nodes = self.signer.sid.inner("issuerAndSerialNumber");
                let (issuer, serial) = (nodes.expect(Tag::Sequence)?, nodes.expect(Tag::Integer)?);
                nodes.end()?;
                issuer.whole == certificate.issuer && serial.value == certificate.serial
            } else {
                certificate.key_id() == Some(self.signer.sid.value)
            };
            if same && !named.iter().any(|other: &Certificate| other.der == certificate.der) {
                named.push(certificate);
            }
        }
        match (named.pop(), named.is_empty()) {
            (Some(one), true) => Ok(one),
            _ => Err(Finding::error("cms-signer-missing")),
        }
    }
}

/// EncapsulatedContentInfo.
fn read_content<'a>(nodes: &mut Nodes<'a>) -> Result<(Oid, Option<&'a [u8]>), Malformed> {
    let part = "encapContentInfo";
    let mut inner = nodes.expect(Tag::Sequence)?.inner(part);
    let content_type = inner.oid()?;
    let content = inner.optional(tagged(0))?.map(|node| Node::only(node.value, part)).transpose()?;
    inner.end()?;
    match content {
        Some(node) if node.tag != Tag::OctetString => Err(Malformed(part)),
        content => Ok((content_type, content.map(|node| node.value))),
    }
}

/// The members of a set that are plain SEQUENCEs: certificates and not attribute certificates, lists of revoked ones and
/// not other formats.
fn sequences<'a>(set: Node<'a>, part: &'static str) -> Result<Vec<&'a [u8]>, Finding> {
    let mut nodes = set.inner(part);
    let mut found = Vec::new();
    while let Some(node) = nodes.read()? {
        if found.len() == MAX_CERTIFICATES {
            return Err(Finding::error("cms-too-large"));
        }
        if node.tag == Tag::Sequence {
            found.push(node.whole);
        }
    }
    Ok(found)
}

impl<'a> SignerInfo<'a> {
    fn read(node: Node<'a>) -> Result<Self, Finding> {
        let mut nodes = node.within(Tag::Sequence, "SignerInfo")?;
        let version = nodes.expect(Tag::Integer)?.small()?;
        let sid = nodes.any()?;
        // RFC 5652, 5.3: 1 with issuerAndSerialNumber, 3 with subjectKeyIdentifier.
        if !matches!((version, sid.tag), (1, Tag::Sequence)) && (version != 3 || sid.tag != plain(0)) {
            return Err(Malformed("SignerInfo").into());
        }
        let digest = Algorithm::read(nodes.any()?)?;
        let signed = nodes.optional(tagged(0))?;
        let scheme = Algorithm::read(nodes.any()?)?;
        let value = nodes.expect(Tag::OctetString)?.value;
        let unsigned = nodes.optional(tagged(1))?;
        nodes.end()?;
        let missing = || Finding::error("cms-attribute-missing").arg("attribute", "message-digest");
        Ok(Self { sid, digest, signed: signed.ok_or_else(missing)?, scheme, value, unsigned })
    }
}
