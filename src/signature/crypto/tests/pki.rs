//! Certificates and signatures made for the tests, the wrong ones too.

use der::Encode;
use der::asn1::ObjectIdentifier as Oid;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose as Extended, IsCa, Issuer,
    KeyPair, KeyUsagePurpose as Usage, SigningKey, date_time_ymd,
};

use crate::signature::crypto::algorithms::Hash;

/// Someone with a key and a certificate.
pub struct Holder {
    pub key: KeyPair,
    pub params: CertificateParams,
    pub der: Vec<u8>,
}

/// How a certificate is to be, before it is made.
pub fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2030, 1, 1);
    params.use_authority_key_identifier_extension = true;
    params
}

/// The same of a certification authority.
pub fn authority(name: &str) -> CertificateParams {
    let mut params = params(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![Usage::KeyCertSign, Usage::CrlSign];
    params
}

/// The same of a time-stamping server: its one purpose, critical.
pub fn server(name: &str) -> CertificateParams {
    let mut params = params(name);
    let purpose = tlv(0x30, &[&oid("1.3.6.1.5.5.7.3.8")]);
    let mut extension = CustomExtension::from_oid_content(&[2, 5, 29, 37], purpose);
    extension.set_criticality(true);
    params.custom_extensions = vec![extension];
    params
}

/// With these purposes.
pub fn for_purposes(name: &str, purposes: &[Extended]) -> CertificateParams {
    let mut params = params(name);
    params.extended_key_usages = purposes.to_vec();
    params
}

impl Holder {
    /// One who vouches for themselves.
    pub fn root(params: CertificateParams) -> Self {
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        let der = params.self_signed(&key).unwrap().der().to_vec();
        Self { key, params, der }
    }

    /// One for whom this one vouches.
    pub fn issue(&self, params: CertificateParams) -> Self {
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        let der = params.signed_by(&key, &self.issuer()).unwrap().der().to_vec();
        Self { key, params, der }
    }

    pub fn issuer(&self) -> Issuer<'_, &KeyPair> {
        Issuer::from_params(&self.params, &self.key)
    }
}

/// A value with its header.
pub fn tlv(tag: u8, pieces: &[&[u8]]) -> Vec<u8> {
    let contents = pieces.concat();
    let length = match contents.len() {
        short @ ..=127 => vec![short as u8],
        long @ ..=255 => vec![0x81, long as u8],
        longer => vec![0x82, (longer >> 8) as u8, longer as u8],
    };
    [vec![tag], length, contents].concat()
}

pub fn oid(text: &str) -> Vec<u8> {
    Oid::new_unwrap(text).to_der().unwrap()
}

pub fn algorithm(text: &str) -> Vec<u8> {
    tlv(0x30, &[&oid(text)])
}

pub fn attribute(kind: &str, values: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, &[&oid(kind), &tlv(0x31, values)])
}

pub const SHA256: &str = "2.16.840.1.101.3.4.2.1";
pub const SHA1: &str = "1.3.14.3.2.26";
pub const DATA: &str = "1.2.840.113549.1.7.1";
pub const TIMESTAMP_INFO: &str = "1.2.840.113549.1.9.16.1.4";
pub const ECDSA: &str = "1.2.840.10045.4.3.2";
const PREFIX: &str = "1.2.840.113549.1.9";

/// A signature before it is made; the tests change what they want wrong.
pub struct Seal<'a> {
    pub by: &'a Holder,
    pub certificates: Vec<Vec<u8>>,
    pub content_type: &'static str,
    pub content: Option<Vec<u8>>,
    pub digests: Vec<Vec<u8>>,
    pub digest: Vec<u8>,
    pub scheme: Vec<u8>,
    pub attributes: Vec<Vec<u8>>,
    pub is_sorted: bool,
    pub unsigned: Vec<Vec<u8>>,
    pub signers: usize,
    pub value: Option<Vec<u8>>,
}

/// The signing-certificate-v2 attribute for a certificate.
pub fn names_certificate(der: &[u8]) -> Vec<u8> {
    let id = tlv(0x30, &[&tlv(0x04, &[&Hash::Sha256.of(&[der])])]);
    attribute("1.2.840.113549.1.9.16.2.47", &[&tlv(0x30, &[&tlv(0x30, &[&id])])])
}

pub fn content_type(kind: &str) -> Vec<u8> {
    attribute(&format!("{PREFIX}.3"), &[&oid(kind)])
}

pub fn message_digest(content: &[u8]) -> Vec<u8> {
    attribute(&format!("{PREFIX}.4"), &[&tlv(0x04, &[&Hash::Sha256.of(&[content])])])
}

impl<'a> Seal<'a> {
    /// One as it should be, over some content.
    pub fn over(by: &'a Holder, content: &[u8]) -> Self {
        Self {
            by,
            certificates: vec![by.der.clone()],
            content_type: DATA,
            content: None,
            digests: vec![algorithm(SHA256)],
            digest: algorithm(SHA256),
            scheme: algorithm(ECDSA),
            attributes: vec![content_type(DATA), message_digest(content), names_certificate(&by.der)],
            is_sorted: true,
            unsigned: Vec::new(),
            signers: 1,
            value: None,
        }
    }

    /// A timestamp over some content at a time such as `20230221110000Z`.
    pub fn timestamp(by: &'a Holder, stamped: &[u8], time: &str) -> Self {
        let imprint = tlv(0x30, &[&algorithm(SHA256), &tlv(0x04, &[&Hash::Sha256.of(&[stamped])])]);
        let accuracy = tlv(0x30, &[&[0x02, 0x01, 0x01]]);
        let info = tlv(
            0x30,
            &[&[0x02, 0x01, 0x01], &oid("1.2.3"), &imprint, &[2, 1, 7], &tlv(0x18, &[time.as_bytes()]), &accuracy],
        );
        let mut seal = Self::over(by, &info);
        seal.attributes[0] = content_type(TIMESTAMP_INFO);
        seal.content_type = TIMESTAMP_INFO;
        seal.content = Some(info);
        seal
    }

    /// The value it would have.
    pub fn signed(&self) -> Vec<u8> {
        self.by.key.sign(&tlv(0x31, &[&self.set()])).unwrap()
    }

    fn set(&self) -> Vec<u8> {
        let mut attributes = self.attributes.clone();
        if self.is_sorted {
            attributes.sort();
        }
        attributes.concat()
    }

    pub fn der(&self) -> Vec<u8> {
        let sid = {
            let certificate = crate::signature::crypto::certificate::Certificate::read(&self.by.der).unwrap();
            tlv(0x30, &[certificate.issuer, &tlv(0x02, &[certificate.serial])])
        };
        let value = self.value.clone().unwrap_or_else(|| self.signed());
        let mut unsigned = Vec::new();
        if !self.unsigned.is_empty() {
            unsigned = tlv(0xa1, &[&self.unsigned.concat()]);
        }
        let signed = tlv(0xa0, &[&self.set()]);
        let value = tlv(0x04, &[&value]);
        let signer = tlv(0x30, &[&[2, 1, 1], &sid, &self.digest, &signed, &self.scheme, &value, &unsigned]);
        let content = self.content.as_ref().map(|content| tlv(0xa0, &[&tlv(0x04, &[content])])).unwrap_or_default();
        let content = tlv(0x30, &[&oid(self.content_type), &content]);
        let certificates = tlv(0xa0, &[&self.certificates.concat()]);
        let digests = tlv(0x31, &[&self.digests.concat()]);
        let signers = tlv(0x31, &[&signer.repeat(self.signers)]);
        let data = tlv(0x30, &[&[2, 1, 1], &digests, &content, &certificates, &signers]);
        tlv(0x30, &[&oid("1.2.840.113549.1.7.2"), &tlv(0xa0, &[&data])])
    }
}
