use super::pki::*;
use crate::error::Finding;
use crate::signature::crypto::cms::SignedData;

const CONTENT: &[u8] = b"the letter as it was signed";

fn signer() -> Holder {
    Holder::root(params("A. Ondertekenaar"))
}

fn check(der: &[u8], content: &[u8]) -> Result<String, Finding> {
    let (first, second) = content.split_at(content.len() / 2);
    Ok(SignedData::read(der)?.verify_detached(&[first, second])?.algorithm)
}

#[track_caller]
fn refused(seal: &Seal, code: &str) {
    assert_eq!(check(&seal.der(), CONTENT).map_err(|finding| finding.code), Err(code));
}

#[test]
fn a_signature_holds_for_its_content_only() {
    let by = signer();
    let seal = Seal::over(&by, CONTENT);
    assert_eq!(check(&seal.der(), CONTENT), Ok("ECDSA P-256, SHA-256".to_string()));
    assert_eq!(check(&seal.der(), b"the letter as it was changed").map_err(|f| f.code), Err("cms-changed"));
}

#[test]
fn weak_and_unknown_algorithms_are_refused_by_name() {
    let by = signer();
    let mut seal = Seal::over(&by, CONTENT);
    seal.digest = algorithm(SHA1);
    seal.digests = vec![algorithm(SHA1)];
    let refusal = check(&seal.der(), CONTENT).unwrap_err();
    assert_eq!((refusal.code, &refusal.args[0].1[..]), ("cms-digest", "SHA-1"));
    for (scheme, name) in [
        ("1.2.840.113549.1.1.5", "RSA, SHA-1"),
        ("1.2.840.10045.4.1", "ECDSA, SHA-1"),
        ("1.2.840.10040.4.3", "DSA, SHA-1"),
        ("1.2.3.4", "1.2.3.4"),
    ] {
        let mut seal = Seal::over(&by, CONTENT);
        seal.scheme = algorithm(scheme);
        let refusal = check(&seal.der(), CONTENT).unwrap_err();
        assert_eq!((refusal.code, &refusal.args[0].1[..]), ("cms-signature-algorithm", name));
    }
    let mut other_hash = Seal::over(&by, CONTENT);
    other_hash.scheme = algorithm("1.2.840.10045.4.3.3");
    refused(&other_hash, "cms-malformed");
    let mut other_key = Seal::over(&by, CONTENT);
    other_key.scheme = algorithm("1.2.840.113549.1.1.11");
    refused(&other_key, "cms-key");
    let mut not_listed = Seal::over(&by, CONTENT);
    not_listed.digests = vec![algorithm("2.16.840.1.101.3.4.2.3")];
    refused(&not_listed, "cms-malformed");
}

#[test]
fn there_is_one_signer_with_a_certificate() {
    let (by, other) = (signer(), signer());
    for count in [0, 2] {
        let mut seal = Seal::over(&by, CONTENT);
        seal.signers = count;
        refused(&seal, "cms-signers");
    }
    let mut none = Seal::over(&by, CONTENT);
    none.certificates = Vec::new();
    refused(&none, "cms-signer-missing");
    none.certificates = vec![other.der.clone()];
    refused(&none, "cms-signer-missing");
    let mut many = Seal::over(&by, CONTENT);
    many.certificates = vec![by.der.clone(); 64];
    assert!(check(&many.der(), CONTENT).is_ok());
    many.certificates.push(by.der.clone());
    refused(&many, "cms-too-large");
}

#[test]
fn the_signed_attributes_are_held_to_their_rules() {
    let by = signer();
    let change = |change: &dyn Fn(&mut Seal)| {
        let mut seal = Seal::over(&by, CONTENT);
        change(&mut seal);
        check(&seal.der(), CONTENT).map_err(|finding| finding.code)
    };
    for (index, code) in
        ["cms-attribute-missing", "cms-attribute-missing", "cms-signing-certificate-missing"].into_iter().enumerate()
    {
        assert_eq!(change(&|seal| drop(seal.attributes.remove(index))), Err(code));
        let twice = change(&|seal| seal.attributes.push(seal.attributes[index].clone()));
        assert_eq!(twice, Err("cms-attribute-repeated"));
    }
    let unsorted = change(&|seal| {
        seal.is_sorted = false;
        seal.attributes.sort();
        seal.attributes.reverse();
    });
    assert_eq!(unsorted, Err("cms-attributes-order"));
    let two_values = tlv(0x04, &[&[0; 32]]);
    let two_digests = attribute("1.2.840.113549.1.9.4", &[&two_values, &two_values]);
    assert_eq!(change(&|seal| seal.attributes[1] = two_digests.clone()), Err("cms-attribute-repeated"));
    assert_eq!(change(&|seal| seal.attributes[0] = content_type(TIMESTAMP_INFO)), Err("cms-content-type"));
    assert_eq!(change(&|seal| seal.content = Some(CONTENT.to_vec())), Err("cms-not-detached"));
    let time = attribute("1.2.840.113549.1.9.5", &[&tlv(0x17, &[b"230221110000Z"])]);
    assert!(change(&|seal| seal.attributes.push(time.clone())).is_ok());
    let times = |seal: &mut Seal| seal.attributes.extend([time.clone(), time.clone()]);
    assert_eq!(change(&times), Err("cms-attribute-repeated"));
}

#[test]
fn the_certificate_is_the_one_that_was_signed() {
    let (by, other) = (signer(), signer());
    let mut swapped = Seal::over(&by, CONTENT);
    swapped.attributes[2] = names_certificate(&other.der);
    refused(&swapped, "cms-signing-certificate-other");
    let mut old = Seal::over(&by, CONTENT);
    old.attributes[2] = attribute("1.2.840.113549.1.9.16.2.12", &[&tlv(0x30, &[&tlv(0x30, &[])])]);
    refused(&old, "cms-signing-certificate-sha1");
    // The same key in another certificate, and the old signature with it.
    let again = Holder { key: rcgen::KeyPair::try_from(by.key.serialize_der()).unwrap(), ..signer() };
    let der = params("A. Nder").self_signed(&again.key).unwrap().der().to_vec();
    let again = Holder { der: der.clone(), ..again };
    let mut seal = Seal::over(&again, CONTENT);
    seal.attributes[2] = names_certificate(&by.der);
    refused(&seal, "cms-signing-certificate-other");
}

#[test]
fn a_value_by_another_key_or_over_another_letter_is_refused() {
    let (by, other) = (signer(), signer());
    let mut foreign = Seal::over(&by, CONTENT);
    foreign.value = Some(Seal { by: &other, ..Seal::over(&by, CONTENT) }.signed());
    refused(&foreign, "cms-signature-wrong");
    let mut moved = Seal::over(&by, CONTENT);
    moved.value = Some(Seal::over(&by, b"another letter").signed());
    refused(&moved, "cms-signature-wrong");
}

#[test]
fn algorithms_signed_along_must_be_those_used() {
    let by = signer();
    let protection = |digest: &str, scheme: &str| {
        let scheme = tlv(0xa1, &[&oid(scheme)]);
        attribute("1.2.840.113549.1.9.52", &[&tlv(0x30, &[&algorithm(digest), &scheme])])
    };
    let mut seal = Seal::over(&by, CONTENT);
    seal.attributes.push(protection(SHA256, ECDSA));
    assert!(check(&seal.der(), CONTENT).is_ok());
    for (digest, scheme) in [(SHA1, ECDSA), (SHA256, "1.2.840.10045.4.3.3")] {
        let mut seal = Seal::over(&by, CONTENT);
        seal.attributes.push(protection(digest, scheme));
        refused(&seal, "cms-algorithm-protection");
    }
}

/// Whatever bit is turned over, a signature that still holds is the same signature by the same signer.
#[test]
fn no_changed_bit_makes_another_signature() {
    let by = signer();
    let good = Seal::over(&by, CONTENT).der();
    let same = |der: &[u8]| {
        let verified = SignedData::read(der).and_then(|data| data.verify_detached(&[CONTENT]));
        verified.map_or(true, |verified| verified.signer.der == by.der && verified.claimed.is_none())
    };
    let mut held = 0;
    for index in 0..good.len() {
        for bit in 0..8 {
            let mut bad = good.clone();
            bad[index] ^= 1 << bit;
            assert!(same(&bad), "byte {index}, bit {bit}");
            held += usize::from(check(&bad, CONTENT).is_ok());
        }
        assert!(check(&good[..index], CONTENT).is_err(), "cut off at {index}");
    }
    // Only what nothing hangs on may change: the version of SignedData, between known ones.
    assert!(held <= 3, "{held} changed signatures hold");
    let rounds = std::env::var("POSTKAMER_FUZZ_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2000_u64);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for round in 0..rounds {
        let mut bad = good.clone();
        for _ in 0..=random(3) {
            let at = random(bad.len());
            match random(4) {
                0 => bad[at] = random(256) as u8,
                1 => drop(bad.remove(at)),
                2 => bad.insert(at, random(256) as u8),
                _ => {
                    let piece = bad[at..(at + random(40)).min(bad.len())].to_vec();
                    let to = random(bad.len());
                    bad.splice(to..to, piece);
                }
            }
        }
        assert!(same(&bad), "round {round}: {bad:02x?}");
    }
}
