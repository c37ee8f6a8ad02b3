//! The algorithms a signature may have, and checking a value with them.
//!
//! What counts as safe follows ETSI TS 119 312: SHA-2, RSA from 2048 bits, the NIST curves, and Ed25519. Anything else is
//! refused by name.

use std::fmt;

use aws_lc_rs::digest;
use aws_lc_rs::signature::{self as aws, RsaPssSaltLength, VerificationAlgorithm};
use der::Tag;
use der::asn1::ObjectIdentifier as Oid;

use super::asn1::{Algorithm, Malformed, Node, tagged};
use crate::error::Finding;

const RSA: Oid = Oid::new_unwrap("1.2.840.113549.1.1.1");
const MGF1: Oid = Oid::new_unwrap("1.2.840.113549.1.1.8");
/// id-RSASSA-PSS (RFC 4055, 3.1).
pub const PSS: Oid = Oid::new_unwrap("1.2.840.113549.1.1.10");
const EC_KEY: Oid = Oid::new_unwrap("1.2.840.10045.2.1");
const P256: Oid = Oid::new_unwrap("1.2.840.10045.3.1.7");
const P384: Oid = Oid::new_unwrap("1.3.132.0.34");
const P521: Oid = Oid::new_unwrap("1.3.132.0.35");
/// id-Ed25519 (RFC 8410, 3).
pub const ED25519: Oid = Oid::new_unwrap("1.3.101.112");

/// The names by which people know algorithms that are refused.
const REFUSED: [(&str, &str); 13] = [
    ("1.2.840.113549.2.5", "MD5"),
    ("1.3.14.3.2.26", "SHA-1"),
    ("2.16.840.1.101.3.4.2.4", "SHA-224"),
    ("1.3.36.3.2.1", "RIPEMD-160"),
    ("1.2.840.113549.1.1.4", "RSA, MD5"),
    ("1.2.840.113549.1.1.5", "RSA, SHA-1"),
    ("1.2.840.113549.1.1.14", "RSA, SHA-224"),
    ("1.2.840.10040.4.1", "DSA"),
    ("1.2.840.10040.4.3", "DSA, SHA-1"),
    ("1.2.840.10045.4.1", "ECDSA, SHA-1"),
    ("1.2.840.10045.4.3.1", "ECDSA, SHA-224"),
    ("2.16.840.1.101.3.4.3.2", "DSA, SHA-256"),
    ("1.3.101.113", "Ed448"),
];

/// A hash of the SHA-2 family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// All of them with their identifiers (RFC 5754, 2).
    const ALL: [(Self, Oid); 3] = [
        (Self::Sha256, Oid::new_unwrap("2.16.840.1.101.3.4.2.1")),
        (Self::Sha384, Oid::new_unwrap("2.16.840.1.101.3.4.2.2")),
        (Self::Sha512, Oid::new_unwrap("2.16.840.1.101.3.4.2.3")),
    ];

    /// The hash that an algorithm identifier names.
    ///
    /// # Errors
    /// `cms-digest` for every other one, SHA-1 and MD5 among them.
    pub fn read(algorithm: &Algorithm) -> Result<Self, Finding> {
        let known = Self::ALL.into_iter().find(|(_, oid)| *oid == algorithm.oid);
        match known {
            Some((hash, _)) if algorithm.is_bare() => Ok(hash),
            Some(_) => Err(Malformed("digestAlgorithm").into()),
            None => Err(Finding::error("cms-digest").arg("algorithm", name_of(&algorithm.oid))),
        }
    }

    /// The digest of the pieces one after another.
    pub fn of(self, pieces: &[&[u8]]) -> Vec<u8> {
        let mut context = digest::Context::new(match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        });
        pieces.iter().for_each(|piece| context.update(piece));
        context.finish().as_ref().to_vec()
    }

    /// Length of a digest in bytes.
    pub fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        })
    }
}

/// What people call an algorithm; the identifier itself where it has no name here.
fn name_of(oid: &Oid) -> String {
    let text = oid.to_string();
    REFUSED.iter().find(|(known, _)| *known == text).map_or(text, |(_, name)| (*name).to_string())
}

/// The kinds of signature values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// RSASSA-PKCS1-v1_5 (RFC 8017, 8.2).
    Rsa(Hash),
    /// RSASSA-PSS (RFC 8017, 8.1) with a salt of so many bytes.
    Pss(Hash, u16),
    /// ECDSA (RFC 5753, 2.1).
    Ecdsa(Hash),
    /// Ed25519 (RFC 8419).
    Ed25519,
}

impl Scheme {
    /// The scheme that an algorithm identifier names. Where the hash stands apart from it (CMS does so), it must be the
    /// one of the scheme; `rsaEncryption`, which names none, is accepted only then (RFC 5754, 3.2).
    ///
    /// # Errors
    /// `cms-signature-algorithm` for those that are refused, `cms-malformed` for wrong parameters.
    pub fn read(algorithm: &Algorithm, digest: Option<Hash>) -> Result<Self, Finding> {
        let refused = || Finding::error("cms-signature-algorithm").arg("algorithm", name_of(&algorithm.oid));
        let scheme = match (algorithm.oid.to_string().as_str(), digest) {
            ("1.2.840.113549.1.1.1", Some(hash)) => Self::Rsa(hash),
            ("1.2.840.113549.1.1.10", _) => return Self::pss(algorithm, digest),
            ("1.2.840.113549.1.1.11", _) => Self::Rsa(Hash::Sha256),
            ("1.2.840.113549.1.1.12", _) => Self::Rsa(Hash::Sha384),
            ("1.2.840.113549.1.1.13", _) => Self::Rsa(Hash::Sha512),
            ("1.2.840.10045.4.3.2", _) => Self::Ecdsa(Hash::Sha256),
            ("1.2.840.10045.4.3.3", _) => Self::Ecdsa(Hash::Sha384),
            ("1.2.840.10045.4.3.4", _) => Self::Ecdsa(Hash::Sha512),
            ("1.3.101.112", _) => Self::Ed25519,
            _ => return Err(refused()),
        };
        let wrong = Malformed("signatureAlgorithm");
        // RFC 8410, 3 and RFC 5758, 3.2 want no parameters at all; NULL says the same thing with RSA only.
        let is_right = match scheme {
            Self::Rsa(_) => algorithm.is_bare(),
            _ => algorithm.parameters.is_none(),
        };
        let same = digest.is_none_or(|digest| digest == scheme.hash());
        if is_right && same { Ok(scheme) } else { Err(wrong.into()) }
    }

    /// RSASSA-PSS-params (RFC 4055, 3.1): the absent ones are SHA-1 and 20 bytes.
    fn pss(algorithm: &Algorithm, digest: Option<Hash>) -> Result<Self, Finding> {
        let wrong = Malformed("RSASSA-PSS-params");
        let mut nodes = algorithm.parameters.ok_or(wrong)?.within(Tag::Sequence, "RSASSA-PSS-params")?;
        let sha1 = || Finding::error("cms-digest").arg("algorithm", "SHA-1");
        let hash = nodes.optional(tagged(0))?.ok_or_else(sha1)?;
        let hash = Hash::read(&Algorithm::read(Node::only(hash.value, "RSASSA-PSS-params")?)?)?;
        let mask = nodes.optional(tagged(1))?.ok_or_else(sha1)?;
        let mask = Algorithm::read(Node::only(mask.value, "maskGenAlgorithm")?)?;
        let mask_hash = Hash::read(&Algorithm::read(mask.parameters.ok_or(wrong)?)?)?;
        let salt = match nodes.optional(tagged(2))? {
            Some(node) => Node::only(node.value, "saltLength")?.small()?,
            None => 20,
        };
        if let Some(trailer) = nodes.optional(tagged(3))?
            && Node::only(trailer.value, "trailerField")?.small()? != 1
        {
            return Err(wrong.into());
        }
        nodes.end()?;
        let salt = u16::try_from(salt).map_err(|_| wrong)?;
        let same = mask.oid == MGF1 && mask_hash == hash && digest.is_none_or(|digest| digest == hash);
        if same { Ok(Self::Pss(hash, salt)) } else { Err(wrong.into()) }
    }

    /// The hash it goes with; for Ed25519 the one that RFC 8419, 3.1 prescribes.
    pub fn hash(self) -> Hash {
        match self {
            Self::Rsa(hash) | Self::Pss(hash, _) | Self::Ecdsa(hash) => hash,
            Self::Ed25519 => Hash::Sha512,
        }
    }
}

/// A public key as a certificate holds it.
#[derive(Debug, Clone, Copy)]
pub struct PublicKey<'a> {
    /// All bytes of the SubjectPublicKeyInfo.
    pub whole: &'a [u8],
    /// What kind of key it is.
    pub algorithm: Algorithm<'a>,
    /// The key itself.
    pub bits: &'a [u8],
}

impl<'a> PublicKey<'a> {
    /// Reads a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7).
    ///
    /// # Errors
    /// When it is none.
    pub fn read(node: Node<'a>) -> Result<Self, Malformed> {
        let mut nodes = node.within(Tag::Sequence, "subjectPublicKeyInfo")?;
        let algorithm = Algorithm::read(nodes.any()?)?;
        let bits = nodes.any()?.bits()?;
        nodes.end()?;
        Ok(Self { whole: node.whole, algorithm, bits })
    }

    /// Checks a signature value over a message.
    ///
    /// # Errors
    /// `cms-key` when key and scheme don't go together or the key is too small, `cms-signature-wrong` when the value isn't
    /// this key's over this message.
    pub fn verify(&self, scheme: Scheme, message: &[u8], value: &[u8]) -> Result<(), Finding> {
        let algorithm = self.algorithm_for(scheme)?;
        algorithm.verify_sig(self.bits, message, value).map_err(|_| Finding::error("cms-signature-wrong"))
    }

    fn algorithm_for(&self, scheme: Scheme) -> Result<Box<dyn VerificationAlgorithm>, Finding> {
        let unfit = || Finding::error("cms-key").arg("key", self.describe());
        Ok(match scheme {
            Scheme::Rsa(hash) if self.algorithm.oid == RSA && self.is_long() => Box::new(match hash {
                Hash::Sha256 => aws::RSA_PKCS1_2048_8192_SHA256,
                Hash::Sha384 => aws::RSA_PKCS1_2048_8192_SHA384,
                Hash::Sha512 => aws::RSA_PKCS1_2048_8192_SHA512,
            }),
            Scheme::Pss(hash, salt) if self.is_long() && self.allows(hash, salt)? => {
                let parameters = match hash {
                    Hash::Sha256 => aws::RSA_PSS_2048_8192_SHA256,
                    Hash::Sha384 => aws::RSA_PSS_2048_8192_SHA384,
                    Hash::Sha512 => aws::RSA_PSS_2048_8192_SHA512,
                };
                Box::new(parameters.with_pss_salt_length(RsaPssSaltLength::Custom(salt)))
            }
            Scheme::Ecdsa(hash) => Box::new(match (self.curve().ok_or_else(unfit)?, hash) {
                (P256, Hash::Sha256) => aws::ECDSA_P256_SHA256_ASN1,
                (P256, Hash::Sha384) => aws::ECDSA_P256_SHA384_ASN1,
                (P256, Hash::Sha512) => aws::ECDSA_P256_SHA512_ASN1,
                (P384, Hash::Sha256) => aws::ECDSA_P384_SHA256_ASN1,
                (P384, Hash::Sha384) => aws::ECDSA_P384_SHA384_ASN1,
                (P384, Hash::Sha512) => aws::ECDSA_P384_SHA512_ASN1,
                (P521, Hash::Sha256) => aws::ECDSA_P521_SHA256_ASN1,
                (P521, Hash::Sha384) => aws::ECDSA_P521_SHA384_ASN1,
                (P521, Hash::Sha512) => aws::ECDSA_P521_SHA512_ASN1,
                _ => return Err(unfit()),
            }),
            Scheme::Ed25519 if self.algorithm.oid == ED25519 && self.algorithm.parameters.is_none() => {
                Box::new(aws::ED25519)
            }
            _ => return Err(unfit()),
        })
    }

    /// The curve of an elliptic key in one of the forms of RFC 5480, 2.2.
    fn curve(&self) -> Option<Oid> {
        let is_point = matches!(self.bits.first(), Some(2..=4));
        (self.algorithm.oid == EC_KEY && is_point).then_some(self.algorithm.parameters?.oid().ok()?)
    }

    /// Whether an RSA key may sign this way. Where a key of the PSS kind has parameters, they bind (RFC 4055, 3.3).
    fn allows(&self, hash: Hash, salt: u16) -> Result<bool, Finding> {
        if self.algorithm.oid != PSS {
            return Ok(self.algorithm.oid == RSA);
        }
        match (self.algorithm.parameters, Scheme::read(&self.algorithm, None)) {
            (None, _) => Ok(true),
            (Some(_), Ok(Scheme::Pss(bound, least))) => Ok(bound == hash && salt >= least),
            (Some(_), Ok(_)) => Ok(false),
            (Some(_), Err(finding)) => Err(finding),
        }
    }

    /// Whether an RSA key has at least 2048 bits.
    fn is_long(&self) -> bool {
        self.modulus_bits().is_some_and(|bits| (2048..=8192).contains(&bits))
    }

    fn modulus_bits(&self) -> Option<usize> {
        let mut nodes = Node::only(self.bits, "RSAPublicKey").ok()?.within(Tag::Sequence, "RSAPublicKey").ok()?;
        let modulus = nodes.expect(Tag::Integer).ok()?.value;
        let start = modulus.iter().position(|byte| *byte != 0)?;
        let first = modulus.get(start)?;
        Some((modulus.len() - start) * 8 - usize::try_from(first.leading_zeros()).ok()?)
    }

    /// What people call the key.
    fn describe(&self) -> String {
        match self.algorithm.oid {
            RSA | PSS => format!("RSA {}", self.modulus_bits().unwrap_or_default()),
            other => match self.curve() {
                Some(curve) => curve_name(&curve),
                None if other == ED25519 => "Ed25519".to_string(),
                None => name_of(&other),
            },
        }
    }

    /// What people call a signature by this key.
    pub fn name(&self, scheme: Scheme) -> String {
        match scheme {
            Scheme::Rsa(hash) => format!("{}, PKCS#1 v1.5, {hash}", self.describe()),
            Scheme::Pss(hash, _) => format!("{}, PSS, {hash}", self.describe()),
            Scheme::Ecdsa(hash) => format!("ECDSA {}, {hash}", self.describe()),
            Scheme::Ed25519 => "Ed25519".to_string(),
        }
    }
}

fn curve_name(curve: &Oid) -> String {
    match *curve {
        P256 => "P-256".to_string(),
        P384 => "P-384".to_string(),
        P521 => "P-521".to_string(),
        other => other.to_string(),
    }
}
