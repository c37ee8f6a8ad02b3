use chrono::{DateTime, Utc};

use super::pki::*;
use crate::signature::crypto::revocation::Material;
use crate::signature::crypto::timestamp;

const STAMPED: &[u8] = b"the value of a signature";

fn now() -> DateTime<Utc> {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

fn check(seal: &Seal, anchors: &[&Holder]) -> Result<String, &'static str> {
    let token = seal.der();
    let anchors: Vec<Vec<u8>> = anchors.iter().map(|anchor| anchor.der.clone()).collect();
    let stamp = timestamp::verify(&token, &[STAMPED], &[], &anchors, &Material::default(), now());
    stamp.map(|stamp| stamp.time.to_rfc3339()).map_err(|finding| finding.code)
}

#[test]
fn a_timestamp_proves_its_time() {
    let root = Holder::root(authority("Wortel"));
    let tsa = root.issue(server("Tijdstempeldienst"));
    let seal = Seal::timestamp(&tsa, STAMPED, "20230221110000.25Z");
    assert_eq!(check(&seal, &[&root]).as_deref(), Ok("2023-02-21T11:00:00.250+00:00"));
    assert_eq!(check(&Seal::timestamp(&tsa, b"other", "20230221110000Z"), &[&root]), Err("timestamp-imprint"));
    assert_eq!(check(&Seal::timestamp(&tsa, STAMPED, "20260101000600Z"), &[&root]), Err("timestamp-future"));
    assert_eq!(check(&Seal::timestamp(&tsa, STAMPED, "20191231110000Z"), &[&root]), Err("certificate-not-yet"));
    assert_eq!(check(&Seal::timestamp(&tsa, STAMPED, "202302211100Z"), &[&root]), Err("cms-malformed"));
    assert_eq!(check(&Seal::timestamp(&tsa, STAMPED, "20230221110000Z"), &[]), Err("timestamp-untrusted"));
    let rogue = Holder::root(authority("Wortel"));
    assert_eq!(check(&Seal::timestamp(&tsa, STAMPED, "20230221110000Z"), &[&rogue]), Err("timestamp-untrusted"));
    // A signature put where a timestamp belongs.
    assert_eq!(check(&Seal::over(&tsa, STAMPED), &[&root]), Err("cms-content-type"));
}

#[test]
fn a_server_may_do_nothing_else() {
    let root = Holder::root(authority("Wortel"));
    let plain = root.issue(params("Geen dienst"));
    let soft = root.issue(for_purposes("Niet kritiek", &[rcgen::ExtendedKeyUsagePurpose::TimeStamping]));
    let mut both = server("Ook voor websites");
    let purposes = tlv(0x30, &[&oid("1.3.6.1.5.5.7.3.8"), &oid("1.3.6.1.5.5.7.3.1")]);
    both.custom_extensions = vec![rcgen::CustomExtension::from_oid_content(&[2, 5, 29, 37], purposes)];
    both.custom_extensions[0].set_criticality(true);
    let both = root.issue(both);
    for tsa in [&plain, &soft, &both] {
        let seal = Seal::timestamp(tsa, STAMPED, "20230221110000Z");
        assert_eq!(check(&seal, &[&root]), Err("timestamp-purpose"));
    }
}

#[test]
fn an_expired_server_was_valid_when_it_stamped() {
    let root = Holder::root(authority("Wortel"));
    let mut short = server("Tijdstempeldienst");
    short.not_after = rcgen::date_time_ymd(2024, 1, 1);
    let tsa = root.issue(short);
    assert!(check(&Seal::timestamp(&tsa, STAMPED, "20231231110000Z"), &[&root]).is_ok());
    assert_eq!(check(&Seal::timestamp(&tsa, STAMPED, "20240102110000Z"), &[&root]), Err("certificate-expired"));
}
