use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair, RsaPssSaltLength};

use super::pki::*;
use crate::signature::crypto::algorithms::{Hash, PublicKey, Scheme};
use crate::signature::crypto::asn1::{Algorithm, Node};

const MESSAGE: &[u8] = b"message";
const RSA: &str = "1.2.840.113549.1.1.1";
const PSS: &str = "1.2.840.113549.1.1.10";

fn check(spki: &[u8], scheme: Scheme, value: &[u8]) -> Result<(), &'static str> {
    let key = PublicKey::read(Node::only(spki, "x").unwrap()).unwrap();
    key.verify(scheme, MESSAGE, value).map_err(|finding| finding.code)
}

/// RSASSA-PSS parameters.
fn parameters(hash: &str, mask: &str, salt: u8) -> Vec<u8> {
    let mask = tlv(0x30, &[&oid("1.2.840.113549.1.1.8"), &algorithm(mask)]);
    tlv(0x30, &[&tlv(0xa0, &[&algorithm(hash)]), &tlv(0xa1, &[&mask]), &tlv(0xa2, &[&[2, 1, salt]])])
}

fn scheme(kind: &str, parameters: &[u8]) -> Result<Scheme, &'static str> {
    let der = tlv(0x30, &[&oid(kind), parameters]);
    let algorithm = Algorithm::read(Node::only(&der, "x").unwrap()).unwrap();
    Scheme::read(&algorithm, Some(Hash::Sha256)).map_err(|finding| finding.code)
}

#[test]
fn salts_may_have_any_length_that_the_parameters_say() {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let spki = pair.public_key().as_der().unwrap().as_ref().to_vec();
    let sign = |encoding: &'static dyn RsaEncoding| {
        let mut value = vec![0; pair.public_modulus_len()];
        pair.sign(encoding, &SystemRandom::new(), MESSAGE, &mut value).unwrap();
        value
    };
    let short = sign(&const { RSA_PSS_SHA256.with_pss_salt_length(RsaPssSaltLength::Custom(20)) });
    let long = sign(&const { RSA_PSS_SHA256.with_pss_salt_length(RsaPssSaltLength::Custom(222)) });
    for (value, salt, other) in [(&short, 20, 222), (&sign(&RSA_PSS_SHA256), 32, 20), (&long, 222, 32)] {
        assert_eq!(check(&spki, Scheme::Pss(Hash::Sha256, salt), value), Ok(()));
        assert_eq!(check(&spki, Scheme::Pss(Hash::Sha256, other), value), Err("cms-signature-wrong"));
        assert_eq!(check(&spki, Scheme::Rsa(Hash::Sha256), value), Err("cms-signature-wrong"));
    }
    assert_eq!(check(&spki, Scheme::Rsa(Hash::Sha256), &sign(&RSA_PKCS1_SHA256)), Ok(()));
    assert_eq!(check(&spki, Scheme::Ecdsa(Hash::Sha256), &short), Err("cms-key"));
    // A key of the kind that signs with PSS only, free or bound to parameters.
    let bits = tlv(0x03, &[&[0], PublicKey::read(Node::only(&spki, "x").unwrap()).unwrap().bits]);
    let bound = |parameters: &[u8]| tlv(0x30, &[&tlv(0x30, &[&oid(PSS), parameters]), &bits]);
    assert_eq!(check(&bound(&[]), Scheme::Pss(Hash::Sha256, 20), &short), Ok(()));
    assert_eq!(check(&bound(&[]), Scheme::Rsa(Hash::Sha256), &sign(&RSA_PKCS1_SHA256)), Err("cms-key"));
    let least = bound(&parameters(SHA256, SHA256, 32));
    assert_eq!(check(&least, Scheme::Pss(Hash::Sha256, 222), &long), Ok(()));
    assert_eq!(check(&least, Scheme::Pss(Hash::Sha256, 20), &short), Err("cms-key"));
}

#[test]
fn parameters_are_read_with_their_weak_defaults() {
    assert_eq!(scheme(PSS, &parameters(SHA256, SHA256, 48)), Ok(Scheme::Pss(Hash::Sha256, 48)));
    assert_eq!(scheme(PSS, &tlv(0x30, &[])), Err("cms-digest"));
    assert_eq!(scheme(PSS, &parameters(SHA1, SHA1, 20)), Err("cms-digest"));
    assert_eq!(scheme(PSS, &parameters(SHA256, "2.16.840.1.101.3.4.2.3", 32)), Err("cms-malformed"));
    assert_eq!(scheme(PSS, &[]), Err("cms-malformed"));
    assert_eq!(scheme(RSA, &[5, 0]), Ok(Scheme::Rsa(Hash::Sha256)));
    assert_eq!(scheme(ECDSA, &[5, 0]), Err("cms-malformed"));
}

#[test]
fn short_keys_are_refused() {
    let spki = |bytes: usize| {
        let modulus = tlv(0x02, &[&[0], &vec![0xc3; bytes]]);
        let key = tlv(0x30, &[&modulus, &[2, 3, 1, 0, 1]]);
        tlv(0x30, &[&tlv(0x30, &[&oid(RSA), &[5, 0]]), &tlv(0x03, &[&[0], &key])])
    };
    assert_eq!(check(&spki(128), Scheme::Rsa(Hash::Sha256), &[0; 128]), Err("cms-key"));
    assert_eq!(check(&spki(255), Scheme::Pss(Hash::Sha256, 32), &[0; 255]), Err("cms-key"));
    assert_eq!(check(&spki(256), Scheme::Rsa(Hash::Sha256), &[0; 256]), Err("cms-signature-wrong"));
}
