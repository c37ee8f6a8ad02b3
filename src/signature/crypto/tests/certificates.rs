use chrono::{DateTime, Utc};
use rcgen::{
    CertificateRevocationListParams, ExtendedKeyUsagePurpose as Extended, KeyIdMethod, KeyUsagePurpose as Usage,
    RevocationReason, RevokedCertParams, SerialNumber, SigningKey, date_time_ymd,
};

use super::pki::*;
use crate::signature::crypto::algorithms::Hash;
use crate::signature::crypto::certificate::Certificate;
use crate::signature::crypto::path::{self, Purpose};
use crate::signature::crypto::revocation::{self, Material};
use crate::signature::trust::Trust;

fn at(day: &str) -> DateTime<Utc> {
    format!("{day}T12:00:00Z").parse().unwrap()
}

fn walk(holder: &Holder, others: &[&Holder], anchors: &[&Holder], day: &str) -> Result<usize, &'static str> {
    let anchors: Vec<Vec<u8>> = anchors.iter().map(|anchor| anchor.der.clone()).collect();
    let others: Vec<&[u8]> = others.iter().map(|other| other.der.as_slice()).collect();
    let certificate = Certificate::read(&holder.der).unwrap();
    let path = path::verify(&certificate, &others, &anchors, at(day), Purpose::Signature);
    path.map(|path| path.len()).map_err(|finding| finding.code)
}

#[test]
fn a_path_leads_to_an_anchor() {
    let root = Holder::root(authority("Wortel"));
    let middle = root.issue(authority("Uitgever"));
    let signer = middle.issue(params("A. Ondertekenaar"));
    assert_eq!(walk(&signer, &[&middle], &[&root], "2023-02-21"), Ok(3));
    assert_eq!(walk(&signer, &[], &[&middle], "2023-02-21"), Ok(2));
    assert_eq!(walk(&signer, &[], &[&root], "2023-02-21"), Err("signature-untrusted"));
    assert_eq!(walk(&signer, &[&middle], &[], "2023-02-21"), Err("signature-untrusted"));
    let rogue = Holder::root(authority("Wortel"));
    assert_eq!(walk(&signer, &[&middle], &[&rogue], "2023-02-21"), Err("signature-untrusted"));
    assert_eq!(walk(&signer, &[&middle], &[&rogue, &root], "2023-02-21"), Ok(3));
    assert_eq!(walk(&signer, &[&middle], &[&root], "2031-02-21"), Err("certificate-expired"));
    assert_eq!(walk(&signer, &[&middle], &[&root], "2019-02-21"), Err("certificate-not-yet"));
}

#[test]
fn an_anchor_that_is_no_authority_vouches_for_itself_alone() {
    let own = Holder::root(params("A. Ondertekenaar"));
    let other = own.issue(params("Een ander"));
    assert_eq!(walk(&own, &[], &[&own], "2023-02-21"), Ok(1));
    assert_eq!(walk(&own, &[], &[&own], "2031-02-21"), Err("certificate-expired"));
    assert_eq!(walk(&own, &[], &[&own], "2019-02-21"), Err("certificate-not-yet"));
    assert_eq!(walk(&other, &[], &[&own], "2023-02-21"), Err("signature-untrusted"));
    let root = Holder::root(authority("Wortel"));
    let ordinary = root.issue(params("Geen uitgever"));
    let fraud = ordinary.issue(params("Namens de Koning"));
    assert_eq!(walk(&fraud, &[&ordinary], &[&root], "2023-02-21"), Err("certificate-authority"));
    let mut unfit = authority("Uitgever zonder recht");
    unfit.key_usages = vec![Usage::CrlSign];
    let unfit = root.issue(unfit);
    let signer = unfit.issue(params("A. Ondertekenaar"));
    assert_eq!(walk(&signer, &[&unfit], &[&root], "2023-02-21"), Err("certificate-authority"));
}

#[test]
fn a_certificate_is_used_for_what_it_was_issued_for() {
    let root = Holder::root(authority("Wortel"));
    let adobe = Extended::Other(vec![1, 2, 840, 113_583, 1, 1, 5]);
    let documents = Extended::Other(vec![1, 3, 6, 1, 5, 5, 7, 3, 36]);
    for purposes in
        [vec![Extended::EmailProtection], vec![Extended::Any], vec![Extended::ServerAuth, documents], vec![adobe]]
    {
        assert_eq!(walk(&root.issue(for_purposes("A", &purposes)), &[], &[&root], "2023-02-21"), Ok(2));
    }
    for purpose in [Extended::ServerAuth, Extended::ClientAuth, Extended::TimeStamping] {
        let holder = root.issue(for_purposes("A", &[purpose]));
        assert_eq!(walk(&holder, &[], &[&root], "2023-02-21"), Err("certificate-purpose"));
    }
    for (usage, path) in [
        (Usage::DigitalSignature, Ok(2)),
        (Usage::ContentCommitment, Ok(2)),
        (Usage::KeyEncipherment, Err("certificate-usage")),
    ] {
        let mut params = params("A");
        params.key_usages = vec![usage];
        assert_eq!(walk(&root.issue(params), &[], &[&root], "2023-02-21"), path);
    }
    let limited = {
        let mut params = authority("Alleen websites");
        params.extended_key_usages = vec![Extended::ServerAuth];
        root.issue(params)
    };
    let signer = limited.issue(params("A"));
    assert_eq!(walk(&signer, &[&limited], &[&root], "2023-02-21"), Err("certificate-purpose"));
}

fn list(issuer: &Holder, revoked: &[(&Holder, Option<RevocationReason>)]) -> Vec<u8> {
    let revoked = revoked.iter().map(|(holder, reason)| RevokedCertParams {
        serial_number: SerialNumber::from_slice(Certificate::read(&holder.der).unwrap().serial),
        revocation_time: date_time_ymd(2023, 6, 1),
        reason_code: *reason,
        invalidity_date: None,
    });
    let params = CertificateRevocationListParams {
        this_update: date_time_ymd(2023, 7, 1),
        next_update: date_time_ymd(2023, 8, 1),
        crl_number: SerialNumber::from(1_u64),
        issuing_distribution_point: None,
        revoked_certs: revoked.collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    params.signed_by(&issuer.issuer()).unwrap().der().to_vec()
}

fn status(path: &[&Holder], crl: &[u8], day: &str, purpose: Purpose) -> Result<Vec<&'static str>, &'static str> {
    told(path, &Material { crls: vec![crl], ocsps: Vec::new() }, day, purpose)
}

fn told(path: &[&Holder], material: &Material, day: &str, purpose: Purpose) -> Result<Vec<&'static str>, &'static str> {
    let path: Vec<Certificate> = path.iter().map(|holder| Certificate::read(&holder.der).unwrap()).collect();
    let notes = revocation::check(&path, material, at(day), at("2026-01-01"), purpose);
    notes.map(|notes| notes.iter().map(|note| note.code).collect()).map_err(|finding| finding.code)
}

#[test]
fn a_revoked_certificate_signs_no_more() {
    let root = Holder::root(authority("Wortel"));
    let (signer, other) = (root.issue(params("A")), root.issue(params("B")));
    let path = [&signer, &root];
    let crl = list(&root, &[(&signer, None)]);
    let look = |crl: &[u8], day: &str| status(&path, crl, day, Purpose::Signature);
    assert_eq!(look(&crl, "2023-05-31"), Ok(vec!["revocation-later"]));
    assert_eq!(look(&crl, "2023-06-01"), Err("certificate-revoked"));
    assert_eq!(look(&crl, "2025-06-01"), Err("certificate-revoked"));
    let clean = list(&root, &[(&other, None)]);
    assert_eq!(look(&clean, "2023-05-31"), Ok(vec!["revocation-good"]));
    assert_eq!(look(&clean, "2023-07-31"), Ok(vec!["revocation-good"]));
    assert_eq!(look(&clean, "2023-08-31"), Ok(vec!["revocation-stale"]));
    assert_eq!(look(b"", "2023-05-31"), Ok(vec!["revocation-unknown"]));
    // A list by one of the same name proves nothing, neither good nor bad; nor does one that was changed.
    let rogue = Holder::root(authority("Wortel"));
    assert_eq!(look(&list(&rogue, &[]), "2023-05-31"), Ok(vec!["revocation-unknown"]));
    let mut changed = clean;
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    assert_eq!(look(&changed, "2023-05-31"), Ok(vec!["revocation-unknown"]));
}

#[test]
fn a_stolen_server_key_stamps_any_time() {
    let root = Holder::root(authority("Wortel"));
    let tsa = root.issue(server("Tijdstempeldienst"));
    let look = |reason: Option<RevocationReason>| {
        let crl = list(&root, &[(&tsa, reason)]);
        status(&[&tsa, &root], &crl, "2023-02-21", Purpose::Timestamp)
    };
    assert_eq!(look(Some(RevocationReason::CessationOfOperation)), Ok(vec!["revocation-later"]));
    assert_eq!(look(Some(RevocationReason::KeyCompromise)), Err("certificate-revoked"));
    assert_eq!(look(None), Err("certificate-revoked"));
}

#[test]
fn anchors_are_read_from_pem() {
    let (one, two) = (Holder::root(authority("Een")), Holder::root(authority("Twee")));
    let pem = |holder: &Holder| holder.params.self_signed(&holder.key).unwrap().pem();
    let both = format!("Een\n{}\nTwee\n{}", pem(&one), pem(&two));
    assert_eq!(Trust::read_pem(both.as_bytes()).unwrap().len(), 2);
    assert_eq!(Trust::read_pem(b"").unwrap_err().code, "trust-none");
    assert_eq!(Trust::read_pem(one.key.serialize_pem().as_bytes()).unwrap_err().code, "trust-none");
    let broken = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    assert_eq!(Trust::read_pem(broken.as_bytes()).unwrap_err().code, "trust-certificate");
}

/// An answer of 1 July 2023 about a certificate, signed by someone whose certificate comes along.
fn answer(issuer: &Holder, about: &Holder, by: &Holder, status: &[u8]) -> Vec<u8> {
    let hash = |bytes: &[u8]| tlv(0x04, &[&Hash::Sha256.of(&[bytes])]);
    let (about, issuer) = (Certificate::read(&about.der).unwrap(), Certificate::read(&issuer.der).unwrap());
    let serial = tlv(0x02, &[about.serial]);
    let id = tlv(0x30, &[&algorithm(SHA256), &hash(issuer.subject), &hash(issuer.key.bits), &serial]);
    let made = tlv(0x18, &[b"20230701000000Z"]);
    let until = tlv(0xa0, &[&tlv(0x18, &[b"20230801000000Z"])]);
    let single = tlv(0x30, &[&id, status, &made, &until]);
    let data = tlv(0x30, &[&tlv(0xa2, &[&tlv(0x04, &[&[0; 20]])]), &made, &tlv(0x30, &[&single])]);
    let value = tlv(0x03, &[&[0], &by.key.sign(&data).unwrap()]);
    let basic = tlv(0x30, &[&data, &algorithm(ECDSA), &value, &tlv(0xa0, &[&tlv(0x30, &[&by.der])])]);
    let bytes = tlv(0x30, &[&oid("1.3.6.1.5.5.7.48.1.1"), &tlv(0x04, &[&basic])]);
    tlv(0x30, &[&[0x0a, 1, 0], &tlv(0xa0, &[&bytes])])
}

#[test]
fn an_answer_counts_when_the_issuer_or_its_delegate_gives_it() {
    let root = Holder::root(authority("Wortel"));
    let (signer, other) = (root.issue(params("A")), root.issue(params("B")));
    let delegate = root.issue(for_purposes("Antwoorder", &[Extended::OcspSigning]));
    let rogue = Holder::root(for_purposes("Antwoorder", &[Extended::OcspSigning]));
    let (good, revoked) = (vec![0x80, 0], tlv(0xa1, &[&tlv(0x18, &[b"20230601000000Z"])]));
    let look = |about: &Holder, by: &Holder, status: &[u8], day: &str| {
        let answer = answer(&root, about, by, status);
        told(&[&signer, &root], &Material { crls: vec![], ocsps: vec![&answer] }, day, Purpose::Signature)
    };
    for by in [&root, &delegate] {
        assert_eq!(look(&signer, by, &good, "2023-07-15"), Ok(vec!["revocation-good"]));
        assert_eq!(look(&signer, by, &good, "2023-08-15"), Ok(vec!["revocation-stale"]));
        assert_eq!(look(&signer, by, &revoked, "2023-07-15"), Err("certificate-revoked"));
        assert_eq!(look(&signer, by, &revoked, "2023-05-15"), Ok(vec!["revocation-later"]));
        assert_eq!(look(&other, by, &revoked, "2023-07-15"), Ok(vec!["revocation-unknown"]));
    }
    // Neither a stranger nor another whom the issuer certified, for another purpose, may answer.
    for by in [&rogue, &other] {
        assert_eq!(look(&signer, by, &revoked, "2023-07-15"), Ok(vec!["revocation-unknown"]));
        assert_eq!(look(&signer, by, &good, "2023-07-15"), Ok(vec!["revocation-unknown"]));
    }
}
