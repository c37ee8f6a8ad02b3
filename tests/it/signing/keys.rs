//! Files with keys: those that are read, and those that are refused in words.

use postkamer::signature::sign::Identity;
use rcgen::{KeyUsagePurpose, date_time_ymd};

use super::authority::{Authority, PASSPHRASE, key};
use super::moment;
use crate::outside::run;

fn code(read: Result<Identity, postkamer::error::Finding>) -> &'static str {
    read.map_or_else(|finding| finding.code, |_| "none")
}

#[test]
fn files_of_old_and_new_programs_are_read() {
    let authority = Authority::new();
    for kind in ["rsa", "p256", "p384"] {
        authority.certify("Jansen", &key(kind), |_| {});
        let legacy = ["-legacy"];
        let triple = ["-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1"];
        let strong = ["-certpbe", "AES-256-CBC", "-keypbe", "AES-256-CBC", "-macalg", "sha512", "-iter", "100000"];
        for options in [&[][..], &legacy, &triple, &strong, &["-name", "Zegel é"]] {
            let Some(path) = authority.pack("Jansen", "Jansen", options) else { return };
            let p12 = std::fs::read(path).unwrap();
            let identity =
                Identity::read(&p12, PASSPHRASE).unwrap_or_else(|found| panic!("{options:?} {}", found.code));
            assert_eq!(identity.name(), "Jansen");
            assert_eq!(identity.chain().len(), 2, "{options:?}");
            for wrong in ["", "geheim", "geheim e\u{301}", "geheim é "] {
                assert_eq!(code(Identity::read(&p12, wrong)), "p12-passphrase", "{options:?} {wrong:?}");
            }
        }
    }
}

#[test]
fn what_is_no_such_file_is_refused() {
    let authority = Authority::new();
    let Some(p12) = authority.p12("Jansen", "p256") else { return };
    assert_eq!(code(Identity::read(b"", "x")), "p12-unreadable");
    assert_eq!(code(Identity::read(b"-----BEGIN PRIVATE KEY-----", "x")), "p12-unreadable");
    assert_eq!(code(Identity::read(&vec![0x30; 2 << 20], "x")), "p12-unreadable");
    for length in (0..p12.len()).step_by(37) {
        assert!(Identity::read(&p12[..length], PASSPHRASE).is_err());
    }
    // Every byte of the file is under its MAC, or makes it another file.
    for at in (0..p12.len()).step_by(13) {
        let mut changed = p12.clone();
        changed[at] ^= 0x20;
        let _ = Identity::read(&changed, PASSPHRASE);
    }
}

#[test]
fn a_file_without_the_right_key_is_refused() {
    let authority = Authority::new();
    authority.certify("Jansen", &key("p256"), |_| {});
    authority.certify("Pietersen", &key("p256"), |_| {});
    let Some(bare) = authority.pack("Jansen", "Jansen", &["-nokeys"]) else { return };
    assert_eq!(code(Identity::read(&std::fs::read(bare).unwrap(), PASSPHRASE)), "p12-without-key");

    let path = |name: &str| authority.path(name).display().to_string();
    let (key, certificate) = (path("Ed.key"), path("Ed.pem"));
    let request = ["req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=Ed", "-keyout", &key];
    run("openssl", &[&request[..], &["-out", &certificate]].concat(), &[]).expect("it was there");
    let path = authority.pack("Ed", "Ed", &[]).expect("it was there");
    assert_eq!(code(Identity::read(&std::fs::read(path).unwrap(), PASSPHRASE)), "p12-key-unsupported");

    // OpenSSL makes no file of a key and another's certificate; without a certificate it does.
    let (jansen, out) = (authority.path("Jansen.key"), authority.path("sleutel.p12"));
    let (jansen, out) = (jansen.display().to_string(), out.display().to_string());
    let pass = format!("pass:{PASSPHRASE}");
    let other = authority.path("Pietersen.pem").display().to_string();
    for more in [&["-nocerts"][..], &["-nocerts", "-certfile", &other]] {
        let arguments = ["pkcs12", "-export", "-inkey", &jansen, "-passout", &pass, "-out", &out];
        run("openssl", &[&arguments[..], more].concat(), &[]).expect("it was there");
        let p12 = std::fs::read(&out).unwrap();
        assert_eq!(code(Identity::read(&p12, PASSPHRASE)), "p12-key-without-certificate");
    }
}

#[test]
fn a_short_rsa_key_is_refused() {
    let authority = Authority::new();
    let path = |name: &str| authority.path(name).display().to_string();
    let (key, certificate) = (path("kort.key"), path("kort.pem"));
    let request = ["req", "-x509", "-newkey", "rsa:1024", "-nodes", "-subj", "/CN=Kort", "-keyout", &key];
    if run("openssl", &[&request[..], &["-out", &certificate]].concat(), &[]).is_none() {
        return;
    }
    let p12 = authority.pack("kort", "kort", &[]).expect("it was there");
    assert_eq!(code(Identity::read(&std::fs::read(p12).unwrap(), PASSPHRASE)), "p12-key-short");
}

#[test]
fn a_certificate_must_hold_and_be_meant_for_it() {
    let authority = Authority::new();
    let key = key("p256");
    for (name, expected) in
        [("oud", "p12-certificate-expired"), ("nieuw", "p12-certificate-early"), ("web", "p12-certificate-use")]
    {
        authority.certify(name, &key, |params| match name {
            "oud" => params.not_after = date_time_ymd(2021, 1, 1),
            "nieuw" => params.not_before = date_time_ymd(2024, 1, 1),
            _ => params.key_usages = vec![KeyUsagePurpose::KeyEncipherment],
        });
        let Some(path) = authority.pack(name, name, &[]) else { return };
        let identity =
            Identity::read(&std::fs::read(path).unwrap(), PASSPHRASE).unwrap_or_else(|it| panic!("{}", it.code));
        assert_eq!(identity.check(moment()).map_err(|finding| finding.code), Err(expected));
    }
}
