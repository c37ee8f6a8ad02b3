//! From a certificate to an anchor (RFC 5280, 6).
//!
//! `rustls-webpki` builds and checks the path. It looks at no keyUsage and misreads purposes, so that is done here; and it compares algorithm
//! identifiers byte by byte, so the ones it should know are listed in `pss.rs`.

use chrono::{DateTime, Utc};
use der::asn1::ObjectIdentifier as Oid;
use rustls::pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use webpki::{
    EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeIdIter, VerifiedPath, anchor_from_trusted_cert,
    aws_lc_rs as aws,
};

use super::certificate::{Certificate, display, usage};
use super::pss;
use crate::error::Finding;

const ANY: &str = "2.5.29.37.0";
const TIMESTAMPING: Oid = Oid::new_unwrap("1.3.6.1.5.5.7.3.8");

/// Purposes of a certificate that people sign documents with: any, e-mail protection, document signing (RFC 9336), and
/// what Microsoft and Adobe called that before. Client authentication is for logging in and doesn't count: who holds such
/// a certificate was never told that it signs letters.
const SIGNING: [&str; 5] =
    [ANY, "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.311.10.3.12", "1.2.840.113583.1.1.5"];

/// What a certificate is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To sign a document.
    Signature,
    /// To sign timestamps (RFC 3161, 2.3).
    Timestamp,
}

/// Finds a way from a certificate to one of the anchors that is valid at a time, and gives the certificates on it: the
/// certificate itself first, the anchor last. The anchor alone when that is the certificate itself.
///
/// `others` are certificates that may lie in between; none of them is trusted.
///
/// # Errors
/// `signature-untrusted` when there is no way, else what is wrong with the certificates on it: `certificate-expired`,
/// `certificate-not-yet`, `certificate-purpose`, `certificate-usage`, `certificate-authority`, `certificate-path`.
pub fn verify<'a>(
    certificate: &Certificate<'a>,
    others: &[&'a [u8]],
    anchors: &'a [Vec<u8>],
    time: DateTime<Utc>,
    purpose: Purpose,
) -> Result<Vec<Certificate<'a>>, Finding> {
    let untrusted = || {
        Finding::error("signature-untrusted")
            .arg("signatory", certificate.holder())
            .arg("issuer", display(certificate.issuer))
    };
    let anchors: Vec<Certificate<'a>> = anchors.iter().filter_map(|der| Certificate::read(der).ok()).collect();
    if anchors.is_empty() {
        return Err(untrusted());
    }
    check_own(certificate, purpose)?;
    if anchors.iter().any(|anchor| anchor.der == certificate.der) {
        check_dates(certificate, time)?;
        return Ok(vec![certificate.clone()]);
    }
    let authorities: Vec<&Certificate> = anchors.iter().filter(|anchor| anchor.is_authority()).collect();
    let ders: Vec<CertificateDer> = authorities.iter().map(|anchor| CertificateDer::from(anchor.der)).collect();
    let mut roots: Vec<TrustAnchor> = Vec::new();
    let mut rooted: Vec<&Certificate<'a>> = Vec::new();
    for (der, authority) in ders.iter().zip(&authorities) {
        if let Ok(root) = anchor_from_trusted_cert(der) {
            roots.push(root);
            rooted.push(authority);
        }
    }
    let between: Vec<CertificateDer> = others.iter().map(|der| CertificateDer::from(*der)).collect();
    let der = CertificateDer::from(certificate.der);
    let leaf = EndEntityCert::try_from(&der).map_err(|error| explain(&error, &untrusted))?;
    let seconds = u64::try_from(time.timestamp()).unwrap_or_default();
    let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
    let known: Vec<&dyn SignatureVerificationAlgorithm> = algorithms().chain(pss::all()).collect();
    let issuers = |path: &VerifiedPath<'_>| check_issuers(path, purpose);
    let path = leaf
        .verify_for_usage(&known, &roots, &between, time, AnyPurpose, None, Some(&issuers))
        .map_err(|error| explain(&error, &untrusted))?;
    let mut chain = vec![certificate.clone()];
    for issuer in path.intermediate_certificates() {
        let bytes = issuer.der();
        let found = others.iter().find(|der| **der == bytes.as_ref());
        chain.push(Certificate::read(found.ok_or_else(untrusted)?)?);
    }
    let root = roots.iter().position(|root| std::ptr::eq(root, path.anchor())).and_then(|at| rooted.get(at));
    chain.push((*root.ok_or_else(untrusted)?).clone());
    Ok(chain)
}

/// What the certificate itself must allow.
fn check_own(certificate: &Certificate, purpose: Purpose) -> Result<(), Finding> {
    if !certificate.may(usage::DIGITAL_SIGNATURE | usage::CONTENT_COMMITMENT) {
        return Err(Finding::error("certificate-usage"));
    }
    let fits = match (certificate.purposes()?, purpose) {
        (None, Purpose::Signature) => true,
        (Some((_, purposes)), Purpose::Signature) => {
            purposes.iter().any(|purpose| SIGNING.contains(&purpose.to_string().as_str()))
        }
        // RFC 3161, 2.3: critical, and nothing else.
        (purposes, Purpose::Timestamp) => {
            purposes.is_some_and(|(is_critical, all)| is_critical && all == [TIMESTAMPING])
        }
    };
    match (fits, purpose) {
        (true, _) => Ok(()),
        (false, Purpose::Signature) => Err(Finding::error("certificate-purpose")),
        (false, Purpose::Timestamp) => Err(Finding::error("timestamp-purpose")),
    }
}

fn check_dates(certificate: &Certificate, time: DateTime<Utc>) -> Result<(), Finding> {
    if time < certificate.not_before {
        return Err(not_yet(certificate.not_before.timestamp()));
    }
    if time.timestamp() > certificate.not_after.timestamp() {
        return Err(expired(certificate.not_after.timestamp()));
    }
    Ok(())
}

/// webpki decodes the larger numbers in identifiers of purposes wrongly (it shifts by eight bits, not seven), so it is told
/// to accept any; [`check_issuers`] looks at them.
struct AnyPurpose;

impl ExtendedKeyUsageValidator for AnyPurpose {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        Ok(())
    }
}

/// What must be so of everyone on the path who issues. RFC 5280, 4.2.1.3: they must be allowed to, and webpki looks at
/// basicConstraints alone. And where their own certificate limits purposes, the limit holds for what they issue.
fn check_issuers(path: &VerifiedPath<'_>, purpose: Purpose) -> Result<(), Error> {
    for issuer in path.intermediate_certificates() {
        let der = issuer.der();
        let issuer = Certificate::read(&der).map_err(|_| Error::BadDer)?;
        if !issuer.is_authority() {
            return Err(Error::EndEntityUsedAsCa);
        }
        let purposes = issuer.purposes().map_err(|_| Error::BadDer)?;
        let fits = |oid: &Oid| match purpose {
            Purpose::Signature => SIGNING.contains(&oid.to_string().as_str()),
            Purpose::Timestamp => *oid == TIMESTAMPING || oid.to_string() == ANY,
        };
        if purposes.is_some_and(|(_, purposes)| !purposes.iter().any(fits)) {
            return Err(Error::EmptyEkuExtension);
        }
    }
    Ok(())
}

/// The words for what webpki found wrong.
fn explain(error: &Error, untrusted: &dyn Fn() -> Finding) -> Finding {
    let seconds = |time: &UnixTime| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    match error {
        Error::CertExpired { not_after, .. } => expired(seconds(not_after)),
        Error::CertNotValidYet { not_before, .. } => not_yet(seconds(not_before)),
        Error::EmptyEkuExtension => Finding::error("certificate-purpose"),
        Error::CaUsedAsEndEntity | Error::EndEntityUsedAsCa | Error::PathLenConstraintViolated => {
            Finding::error("certificate-authority")
        }
        // A signature that doesn't fit is one by another key of the same name: an impostor, or an authority that has changed
        // its key. Either way it isn't the one that is trusted.
        Error::UnknownIssuer | Error::InvalidSignatureForPublicKey => untrusted(),
        other => Finding::error("certificate-path")
            .arg("cause", format!("{other:?}").split(['(', '{', ' ']).next().unwrap_or_default()),
    }
}

fn expired(seconds: i64) -> Finding {
    Finding::error("certificate-expired").arg("day", day(seconds))
}

fn not_yet(seconds: i64) -> Finding {
    Finding::error("certificate-not-yet").arg("day", day(seconds))
}

fn day(seconds: i64) -> String {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default().format("%Y-%m-%d").to_string()
}

/// The algorithms that certificates may be signed with, beside RSASSA-PSS.
fn algorithms() -> impl Iterator<Item = &'static dyn SignatureVerificationAlgorithm> {
    [
        aws::RSA_PKCS1_2048_8192_SHA256,
        aws::RSA_PKCS1_2048_8192_SHA384,
        aws::RSA_PKCS1_2048_8192_SHA512,
        aws::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
        aws::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
        aws::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
        aws::ECDSA_P256_SHA256,
        aws::ECDSA_P256_SHA384,
        aws::ECDSA_P256_SHA512,
        aws::ECDSA_P384_SHA256,
        aws::ECDSA_P384_SHA384,
        aws::ECDSA_P384_SHA512,
        aws::ECDSA_P521_SHA256,
        aws::ECDSA_P521_SHA384,
        aws::ECDSA_P521_SHA512,
        aws::ED25519,
    ]
    .into_iter()
}
