//! The CMS message of a signature (RFC 5652) as CAdES and PAdES want it (ETSI EN 319 122-1 and EN 319 142-1, 6.3): detached,
//! one signer, the certificate bound by signing-certificate-v2 (RFC 5035), no signing-time, since that is the `/M` of the
//! signature dictionary.

use aws_lc_rs::digest::{self, Digest};
use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use der::asn1::{ObjectIdentifier, OctetString, SetOfVec};
use der::{Any, Decode, Encode, Sequence, Tag};
use x509_cert::attr::{Attribute, Attributes};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::identity::{Algorithm, Identity};
use crate::error::{Error, Finding, Result};

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const SIGNATURE_TIME_STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
/// SHA-256 (RFC 5754, 2.2).
pub(super) const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const SHA256_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");

/// `SigningCertificateV2` (RFC 5035, 3) without policies.
#[derive(Sequence)]
struct SigningCertificateV2 {
    certs: Vec<EssCertIdV2>,
}

/// `ESSCertIDv2` (RFC 5035, 4): the digest is the default, SHA-256; what issued the certificate stands in the signer's info.
#[derive(Sequence)]
struct EssCertIdV2 {
    hash: OctetString,
}

/// What asks a time-stamping server for a token over a signature value, see [`super::timestamp`].
pub type Timestamper<'a> = &'a dyn Fn(&[u8]) -> Result<Vec<u8>>;

/// The digest of the parts of a file, as the identity's signature wants it.
pub fn digest_of(identity: &Identity, parts: &[&[u8]]) -> Digest {
    let mut context = digest::Context::new(identity.algorithm().digest());
    parts.iter().for_each(|part| context.update(part));
    context.finish()
}

/// The message, in DER, that signs content with this digest.
///
/// # Errors
/// [`Error::Refused`] when the identity can't sign; what the time-stamping server makes go wrong.
pub fn message(identity: &Identity, digest: &Digest, timestamper: Option<Timestamper<'_>>) -> Result<Vec<u8>> {
    let encoded = |_: der::Error| Error::from(Finding::error("p12-certificate"));
    let signed = signed_attributes(identity, digest).map_err(encoded)?;
    // What is signed is the attributes as a SET, not under the [0] by which they stand in the message (RFC 5652, 5.4).
    let signature = identity.sign(&signed.to_der().map_err(encoded)?)?;
    let token = timestamper.map(|ask| ask(&signature)).transpose()?;
    assembled(identity, signed, signature, token.as_deref()).map_err(encoded)
}

/// A size, in bytes, that a message by this identity is not expected to exceed.
pub fn expected_size(identity: &Identity, with_timestamp: bool) -> usize {
    let chain = identity.chain().iter().filter_map(|certificate| certificate.to_der().ok());
    let chain: usize = chain.map(|der| der.len()).sum();
    // A signature value of at most 1 KiB, the attributes, and the names in the signer's info; a token carries a chain of
    // its own.
    chain + 2048 + if with_timestamp { 10 * 1024 } else { 0 }
}

fn signed_attributes(identity: &Identity, digest: &Digest) -> der::Result<Attributes> {
    let certificate = digest::digest(&digest::SHA256, &identity.certificate().to_der()?);
    let bound = SigningCertificateV2 { certs: vec![EssCertIdV2 { hash: OctetString::new(certificate.as_ref())? }] };
    SetOfVec::try_from(vec![
        attribute(CONTENT_TYPE, Any::encode_from(&DATA)?)?,
        attribute(MESSAGE_DIGEST, Any::new(Tag::OctetString, digest.as_ref())?)?,
        attribute(SIGNING_CERTIFICATE_V2, Any::encode_from(&bound)?)?,
    ])
}

fn assembled(
    identity: &Identity,
    signed: Attributes,
    signature: Vec<u8>,
    token: Option<&[u8]>,
) -> der::Result<Vec<u8>> {
    let own = identity.certificate().tbs_certificate();
    let stamp = |token| SetOfVec::try_from(vec![attribute(SIGNATURE_TIME_STAMP, Any::from_der(token)?)?]);
    let info = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: own.issuer().clone(),
            serial_number: own.serial_number().clone(),
        }),
        digest_alg: digest_algorithm(identity.algorithm()),
        signed_attrs: Some(signed),
        signature_algorithm: signature_algorithm(identity.algorithm()),
        signature: OctetString::new(signature)?,
        unsigned_attrs: token.map(stamp).transpose()?,
    };
    let chain = identity.chain().iter().cloned().map(CertificateChoices::Certificate);
    let data = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![digest_algorithm(identity.algorithm())])?,
        encap_content_info: EncapsulatedContentInfo { econtent_type: DATA, econtent: None },
        certificates: Some(CertificateSet(SetOfVec::try_from(chain.collect::<Vec<_>>())?)),
        crls: None,
        signer_infos: SignerInfos(SetOfVec::try_from(vec![info])?),
    };
    ContentInfo { content_type: SIGNED_DATA, content: Any::encode_from(&data)? }.to_der()
}

fn attribute(oid: ObjectIdentifier, value: Any) -> der::Result<Attribute> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? })
}

/// The digest's identifier, without parameters (RFC 5754, 2).
fn digest_algorithm(algorithm: Algorithm) -> AlgorithmIdentifierOwned {
    let oid = match algorithm {
        Algorithm::RsaSha256 | Algorithm::P256 => SHA256,
        Algorithm::P384 => SHA384,
        Algorithm::P521 => SHA512,
    };
    AlgorithmIdentifierOwned { oid, parameters: None }
}

/// The signature's identifier: with RSA its parameters are NULL, with ECDSA there are none (RFC 5754, 3).
fn signature_algorithm(algorithm: Algorithm) -> AlgorithmIdentifierOwned {
    let (oid, parameters) = match algorithm {
        Algorithm::RsaSha256 => (SHA256_WITH_RSA, Some(Any::null())),
        Algorithm::P256 => (ECDSA_SHA256, None),
        Algorithm::P384 => (ECDSA_SHA384, None),
        Algorithm::P521 => (ECDSA_SHA512, None),
    };
    AlgorithmIdentifierOwned { oid, parameters }
}
