//! Certificates as the bytes they are, with what a check needs to know of them.

use chrono::{DateTime, Utc};
use der::asn1::{ObjectIdentifier as Oid, PrintableStringRef, TeletexStringRef, Utf8StringRef};
use der::{Decode, Tag};
use x509_cert::name::Name;

use super::algorithms::{Hash, PublicKey, Scheme};
use super::asn1::{Algorithm, Malformed, Node, plain, tagged};
use crate::error::Finding;
use crate::workspace::bytes::hex;

/// The largest certificate that is read, in bytes: those of people and organisations take 2 to 4 KiB.
const MAX_BYTES: usize = 64 * 1024;
/// The most extensions one may have.
const MAX_EXTENSIONS: usize = 64;

const SUBJECT_KEY_ID: Oid = Oid::new_unwrap("2.5.29.14");
const KEY_USAGE: Oid = Oid::new_unwrap("2.5.29.15");
const BASIC_CONSTRAINTS: Oid = Oid::new_unwrap("2.5.29.19");
const EXTENDED_KEY_USAGE: Oid = Oid::new_unwrap("2.5.29.37");
const COMMON_NAME: Oid = Oid::new_unwrap("2.5.4.3");
const ORGANISATION: Oid = Oid::new_unwrap("2.5.4.10");

/// Bits of keyUsage (RFC 5280, 4.2.1.3), the first as the highest of a byte.
pub mod usage {
    /// digitalSignature.
    pub const DIGITAL_SIGNATURE: u8 = 0x80;
    /// nonRepudiation, also called contentCommitment.
    pub const CONTENT_COMMITMENT: u8 = 0x40;
    /// keyCertSign.
    pub const CERTIFICATE_SIGN: u8 = 0x04;
    /// cRLSign.
    pub const CRL_SIGN: u8 = 0x02;
}

/// An extension, its value being the contents of its OCTET STRING.
#[derive(Debug, Clone, Copy)]
pub struct Extension<'a> {
    /// Which it is.
    pub oid: Oid,
    /// Whether one who doesn't know it must refuse.
    pub is_critical: bool,
    /// Its value, in DER.
    pub value: &'a [u8],
}

/// Reads extensions (RFC 5280, 4.1).
///
/// # Errors
/// When they are none, too many, or one stands there twice (4.2).
pub fn extensions<'a>(node: Node<'a>) -> Result<Vec<Extension<'a>>, Malformed> {
    let mut found: Vec<Extension<'a>> = Vec::new();
    for node in node.within(Tag::Sequence, "extensions")?.all(MAX_EXTENSIONS)? {
        let mut nodes = node.within(Tag::Sequence, "extensions")?;
        let oid = nodes.oid()?;
        let is_critical = nodes.optional(Tag::Boolean)?.is_some_and(|node| node.value != [0]);
        let value = nodes.expect(Tag::OctetString)?.value;
        nodes.end()?;
        if found.iter().any(|other| other.oid == oid) {
            return Err(Malformed("extensions"));
        }
        found.push(Extension { oid, is_critical, value });
    }
    Ok(found)
}

/// A certificate (RFC 5280, 4.1).
#[derive(Debug, Clone)]
pub struct Certificate<'a> {
    /// All its bytes.
    pub der: &'a [u8],
    /// The contents of its serial number, a sign byte included.
    pub serial: &'a [u8],
    /// Who issued it, a Name with header.
    pub issuer: &'a [u8],
    /// Whom it is of, a Name with header.
    pub subject: &'a [u8],
    /// From when it is valid.
    pub not_before: DateTime<Utc>,
    /// Until when, this second included.
    pub not_after: DateTime<Utc>,
    /// The key it is about.
    pub key: PublicKey<'a>,
    /// Its extensions.
    pub extensions: Vec<Extension<'a>>,
}

impl<'a> Certificate<'a> {
    /// Reads one from bytes that hold nothing else.
    ///
    /// # Errors
    /// When it isn't one.
    pub fn read(der: &'a [u8]) -> Result<Self, Malformed> {
        let wrong = Malformed("certificate");
        if der.len() > MAX_BYTES {
            return Err(wrong);
        }
        let mut outer = Node::only(der, "certificate")?.within(Tag::Sequence, "certificate")?;
        let mut nodes = outer.expect(Tag::Sequence)?.inner("tbsCertificate");
        outer.expect(Tag::Sequence)?;
        outer.expect(Tag::BitString)?;
        outer.end()?;
        nodes.optional(tagged(0))?;
        let serial = nodes.expect(Tag::Integer)?.value;
        nodes.expect(Tag::Sequence)?;
        let issuer = nodes.expect(Tag::Sequence)?.whole;
        let mut validity = nodes.expect(Tag::Sequence)?.inner("validity");
        let (not_before, not_after) = (validity.any()?.time()?, validity.any()?.time()?);
        validity.end()?;
        let subject = nodes.expect(Tag::Sequence)?.whole;
        let key = PublicKey::read(nodes.any()?)?;
        nodes.optional(plain(1))?;
        nodes.optional(plain(2))?;
        let extensions = match nodes.optional(tagged(3))? {
            Some(node) => extensions(Node::only(node.value, "extensions")?)?,
            None => Vec::new(),
        };
        nodes.end()?;
        Ok(Self { der, serial, issuer, subject, not_before, not_after, key, extensions })
    }

    /// Whether a key signed it, whatever its name. This says nothing of whether it may.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        let check = || -> Result<(), Finding> {
            let mut nodes = Node::only(self.der, "certificate")?.inner("certificate");
            let (signed, algorithm) = (nodes.any()?, Algorithm::read(nodes.any()?)?);
            key.verify(Scheme::read(&algorithm, None)?, signed.whole, nodes.any()?.bits()?)
        };
        check().is_ok()
    }

    /// The value of an extension.
    pub fn extension(&self, oid: &Oid) -> Option<&Extension<'a>> {
        self.extensions.iter().find(|extension| extension.oid == *oid)
    }

    /// The first byte of keyUsage, none where it isn't limited.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn usage(&self) -> Result<Option<u8>, Malformed> {
        let Some(extension) = self.extension(&KEY_USAGE) else { return Ok(None) };
        let node = Node::only(extension.value, "keyUsage")?;
        match (node.tag, node.value) {
            (Tag::BitString, [0..=7, first, ..]) => Ok(Some(*first)),
            _ => Err(Malformed("keyUsage")),
        }
    }

    /// Whether the key may be used for one of these, which is so when nothing is said.
    pub fn may(&self, usages: u8) -> bool {
        self.usage().is_ok_and(|usage| usage.is_none_or(|usage| usage & usages != 0))
    }

    /// Whether this is a certificate of a certification authority (RFC 5280, 4.2.1.9 and 4.2.1.3).
    pub fn is_authority(&self) -> bool {
        let Some(extension) = self.extension(&BASIC_CONSTRAINTS) else { return false };
        let is_authority = Node::only(extension.value, "basicConstraints")
            .and_then(|node| node.within(Tag::Sequence, "basicConstraints")?.optional(Tag::Boolean))
            .is_ok_and(|node| node.is_some_and(|node| node.value == [0xff]));
        is_authority && self.may(usage::CERTIFICATE_SIGN)
    }

    /// The purposes of extendedKeyUsage and whether they are critical; none where they aren't limited.
    ///
    /// # Errors
    /// When they can't be read, or there are none of them (RFC 5280, 4.2.1.12).
    pub fn purposes(&self) -> Result<Option<(bool, Vec<Oid>)>, Malformed> {
        let Some(extension) = self.extension(&EXTENDED_KEY_USAGE) else { return Ok(None) };
        let node = Node::only(extension.value, "extKeyUsage")?;
        let nodes = node.within(Tag::Sequence, "extKeyUsage")?.all(MAX_EXTENSIONS)?;
        let purposes: Vec<Oid> = nodes.iter().map(Node::oid).collect::<Result<_, _>>()?;
        if purposes.is_empty() { Err(Malformed("extKeyUsage")) } else { Ok(Some((extension.is_critical, purposes))) }
    }

    /// The identifier of its key, if it has one.
    pub fn key_id(&self) -> Option<&'a [u8]> {
        let extension = self.extension(&SUBJECT_KEY_ID)?;
        let node = Node::only(extension.value, "subjectKeyIdentifier").ok()?;
        (node.tag == Tag::OctetString).then_some(node.value)
    }

    /// Whose it is: the common name, else the organisation, else the whole name.
    pub fn holder(&self) -> String {
        let name = Name::from_der(self.subject).ok();
        let part = |oid: Oid| name.as_ref().and_then(|name| text_of(name, &oid)).filter(|text| !text.is_empty());
        part(COMMON_NAME).or_else(|| part(ORGANISATION)).unwrap_or_else(|| display(self.subject))
    }

    /// The serial number in hexadecimal digits, without a sign byte.
    pub fn serial_hex(&self) -> String {
        let digits = match self.serial {
            [0, rest @ ..] if !rest.is_empty() => rest,
            all => all,
        };
        hex(digits)
    }

    /// SHA-256 of the certificate, in hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        hex(&Hash::Sha256.of(&[self.der]))
    }
}

/// A name in the notation of RFC 4514, its control characters replaced.
pub fn display(name: &[u8]) -> String {
    Name::from_der(name).map(|name| printable(&name.to_string())).unwrap_or_default()
}

fn text_of(name: &Name, oid: &Oid) -> Option<String> {
    let value = &name.iter().find(|part| part.oid == *oid)?.value;
    let text = Utf8StringRef::try_from(value)
        .map(|text| text.as_str().to_string())
        .or_else(|_| PrintableStringRef::try_from(value).map(|text| text.as_str().to_string()))
        .or_else(|_| TeletexStringRef::try_from(value).map(|text| text.as_str().to_string()))
        .ok()
        .or_else(|| {
            let pair = |pair: &[u8]| pair.iter().fold(0, |unit: u16, byte| unit << 8 | u16::from(*byte));
            let units = value.value().chunks_exact(2).map(pair);
            (der::Tagged::tag(value) == Tag::BmpString)
                .then(|| char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect())
        })?;
    Some(printable(&text))
}

/// A text from a certificate without characters that steer a terminal or turn the order of reading.
fn printable(text: &str) -> String {
    let steers = |c: char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().take(500).map(|c| if steers(c) { '\u{fffd}' } else { c }).collect::<String>().trim().to_string()
}
