//! Who signs: the private key and the certificates of a PKCS#12 file (RFC 7292), as certificate authorities hand them out.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair as RsaKeyPair;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, ECDSA_P521_SHA512_ASN1_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, KeyPair, RSA_PKCS1_SHA256,
};
use chrono::{DateTime, Utc};
use der::asn1::ObjectIdentifier;
use der::{Decode, Encode};
use p12_keystore::error::Error as P12Error;
use p12_keystore::{Pkcs12Archive, PrivateKey};
use x509_cert::Certificate;
use x509_cert::ext::pkix::KeyUsage;
use x509_cert::ext::pkix::name::DirectoryString;
use x509_cert::name::Name;

use crate::error::Finding;

/// The largest PKCS#12 file that is read, in bytes: a key with its chain takes a few thousand.
pub const MAX_P12: usize = 1 << 20;

/// The most certificates that go along in a signature.
const MAX_CHAIN: usize = 10;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ELLIPTIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ORGANISATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");

/// A private key with its certificate and the certificates above that.
pub struct Identity {
    key: Key,
    /// The signatory's first, each followed by that of its issuer, as far as the file has them.
    chain: Vec<Certificate>,
}

/// The private key; aws-lc wipes it from memory when it is dropped.
enum Key {
    Rsa(RsaKeyPair),
    Ecdsa(EcdsaKeyPair, Algorithm),
}

/// How a signature is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA PKCS#1 v1.5 with SHA-256: the same bytes for the same input.
    RsaSha256,
    /// ECDSA on P-256 with SHA-256.
    P256,
    /// ECDSA on P-384 with SHA-384.
    P384,
    /// ECDSA on P-521 with SHA-512.
    P521,
}

impl Algorithm {
    /// The digest that goes with it (RFC 5758, 3.2; ETSI TS 119 312, 7).
    pub fn digest(self) -> &'static aws_lc_rs::digest::Algorithm {
        match self {
            Self::RsaSha256 | Self::P256 => &aws_lc_rs::digest::SHA256,
            Self::P384 => &aws_lc_rs::digest::SHA384,
            Self::P521 => &aws_lc_rs::digest::SHA512,
        }
    }
}

impl Identity {
    /// Reads a PKCS#12 file: those of OpenSSL 3 (AES) and older ones (RC2, triple DES).
    ///
    /// The library that opens the file does not wipe its copy of the key; that which stays, does (`Key`). The passphrase
    /// is the caller's to wipe.
    ///
    /// # Errors
    /// A finding: not such a file, wrong passphrase, no private key or several, no certificate to go with the key, a kind
    /// of key that isn't supported, RSA of less than 2048 bits.
    pub fn read(p12: &[u8], passphrase: &str) -> Result<Self, Finding> {
        if p12.len() > MAX_P12 {
            return Err(Finding::error("p12-unreadable"));
        }
        let archive = Pkcs12Archive::from_pkcs12(p12, passphrase).map_err(|error| unreadable(&error))?;
        let key = match archive.keys.as_slice() {
            [] => return Err(Finding::error("p12-without-key")),
            // Some programs put the same key in a file twice.
            [one, others @ ..] if others.iter().all(|other| other.key == one.key) => &one.key,
            several => return Err(Finding::error("p12-several-keys").arg("total", several.len())),
        };
        let key = Key::read(key)?;
        let mut certificates = Vec::new();
        for bag in &archive.certs {
            let der = bag.cert.as_der();
            let certificate = Certificate::from_der(der).map_err(|_| Finding::error("p12-certificate"))?;
            // What can't be written again as it was read would not be the certificate that the authority signed.
            if certificate.to_der().is_ok_and(|again| again == der) {
                certificates.push(certificate);
            }
        }
        let own = certificates.iter().find(|certificate| key.fits(certificate)).cloned();
        let own = own.ok_or_else(|| Finding::error("p12-key-without-certificate"))?;
        Ok(Self { key, chain: chain(own, &certificates) })
    }

    /// Whether a signature made at this moment would hold.
    ///
    /// # Errors
    /// A finding: the certificate is not valid yet or any more, or not meant for signing (RFC 5280, 4.2.1.3).
    pub fn check(&self, moment: DateTime<Utc>) -> Result<(), Finding> {
        let own = self.certificate().tbs_certificate();
        let day = |time: x509_cert::time::Time| {
            let seconds = time.to_unix_duration().as_secs();
            DateTime::from_timestamp(i64::try_from(seconds).unwrap_or(i64::MAX), 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
        };
        let (from, until) = (day(own.validity().not_before), day(own.validity().not_after));
        if moment < from {
            let finding = Finding::error("p12-certificate-early").arg("name", self.name());
            return Err(finding.arg("day", from.format("%d-%m-%Y")));
        }
        if moment > until {
            let finding = Finding::error("p12-certificate-expired").arg("name", self.name());
            return Err(finding.arg("day", until.format("%d-%m-%Y")));
        }
        let usage = own.get_extension::<KeyUsage>().map_err(|_| Finding::error("p12-certificate"))?;
        match usage {
            Some((_, usage)) if !usage.digital_signature() && !usage.non_repudiation() => {
                Err(Finding::error("p12-certificate-use").arg("name", self.name()))
            }
            _ => Ok(()),
        }
    }

    /// The signatory's certificate.
    pub fn certificate(&self) -> &Certificate {
        // There is always one: `read` puts it there.
        &self.chain[0]
    }

    /// The signatory's certificate and those above it.
    pub fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    /// The name of the signatory, as the certificate has it: the common name, else the organisation.
    pub fn name(&self) -> String {
        let subject = self.certificate().tbs_certificate().subject();
        let name = name_part(subject, COMMON_NAME).or_else(|| name_part(subject, ORGANISATION));
        let name = name.unwrap_or_else(|| subject.to_string());
        name.chars().filter(|character| !character.is_control()).collect()
    }

    /// How it signs.
    pub fn algorithm(&self) -> Algorithm {
        match &self.key {
            Key::Rsa(_) => Algorithm::RsaSha256,
            Key::Ecdsa(_, algorithm) => *algorithm,
        }
    }

    /// The signature over a message. That of RSA is the same every time; ECDSA takes its randomness from aws-lc.
    ///
    /// # Errors
    /// A finding when the key turns out not to work.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Finding> {
        let broken = |_: Unspecified| Finding::error("p12-key-broken");
        let random = SystemRandom::new();
        match &self.key {
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).map_err(broken)?;
                Ok(signature)
            }
            Key::Ecdsa(key, _) => Ok(key.sign(&random, message).map_err(broken)?.as_ref().to_vec()),
        }
    }
}

impl Key {
    fn read(key: &PrivateKey) -> Result<Self, Finding> {
        let der = key.as_der();
        if key.oid() == RSA {
            return RsaKeyPair::from_pkcs8(der).map(Self::Rsa).map_err(|rejected| {
                let code = if rejected.to_string() == "TooSmall" { "p12-key-short" } else { "p12-key-unsupported" };
                Finding::error(code)
            });
        }
        let curves: [(&'static EcdsaSigningAlgorithm, Algorithm); 3] = [
            (&ECDSA_P256_SHA256_ASN1_SIGNING, Algorithm::P256),
            (&ECDSA_P384_SHA384_ASN1_SIGNING, Algorithm::P384),
            (&ECDSA_P521_SHA512_ASN1_SIGNING, Algorithm::P521),
        ];
        let curves = curves.into_iter().filter(|_| key.oid() == ELLIPTIC);
        let mut fitting = curves.filter_map(|(curve, algorithm)| {
            let key = EcdsaKeyPair::from_pkcs8(curve, der).ok()?;
            Some(Self::Ecdsa(key, algorithm))
        });
        fitting.next().ok_or_else(|| Finding::error("p12-key-unsupported"))
    }

    /// Whether a certificate is about this key.
    fn fits(&self, certificate: &Certificate) -> bool {
        let named = certificate.tbs_certificate().subject_public_key_info().to_der();
        let own: Result<PublicKeyX509Der<'_>, Unspecified> = match self {
            Self::Rsa(key) => key.public_key().as_der(),
            Self::Ecdsa(key, _) => key.public_key().as_der(),
        };
        matches!((named, own), (Ok(named), Ok(own)) if named == own.as_ref())
    }
}

/// The certificates from the signatory's upwards; one that signed itself ends the chain.
fn chain(own: Certificate, others: &[Certificate]) -> Vec<Certificate> {
    let mut chain = vec![own];
    while let Some(last) = chain.last().filter(|_| chain.len() < MAX_CHAIN) {
        let issuer = last.tbs_certificate().issuer();
        let above = others.iter().find(|other| other.tbs_certificate().subject() == issuer && !chain.contains(other));
        let Some(above) = above.cloned() else { break };
        chain.push(above);
    }
    chain
}

fn unreadable(error: &P12Error) -> Finding {
    Finding::error(match error {
        // Without a MAC only the padding of what was decrypted shows it, so these stand for the same.
        P12Error::MacError(_) | P12Error::UnpadError | P12Error::Pkcs5Error(_) => "p12-passphrase",
        P12Error::UnsupportedContentType
        | P12Error::UnsupportedEncryptionScheme
        | P12Error::UnsupportedMacAlgorithm
        | P12Error::UnsupportedCertificateType => "p12-unsupported",
        _ => "p12-unreadable",
    })
}

/// The first value of a kind in a name.
fn name_part(name: &Name, kind: ObjectIdentifier) -> Option<String> {
    let value = &name.iter().find(|part| part.oid == kind)?.value;
    let text = match value.decode_as::<DirectoryString>() {
        Ok(text) => text.value().into_owned(),
        Err(_) => String::from_utf8_lossy(value.value()).into_owned(),
    };
    Some(text).filter(|text| !text.trim().is_empty())
}
