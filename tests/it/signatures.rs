//! Signatures that other programs made, and what attackers make of them.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::LazyLock;

use chrono::Utc;
use postkamer::signature::trust::Trust;
use postkamer::signature::verify::{Inspection, Kind, Verdict, inspect};
use serde_json::Value as Json;
use tempfile::TempDir;

use crate::outside::script;
use crate::support::{Workspace, files_below};

/// The example letter, signed in many ways by pyHanko and openssl.
struct Signed {
    files: BTreeMap<String, Vec<u8>>,
    made: Json,
}

/// What the programs made, once for all tests; none where they are missing.
static SIGNED: LazyLock<Option<Signed>> = LazyLock::new(Signed::make);

impl Signed {
    fn make() -> Option<Self> {
        let (workspace, folder) = (Workspace::new(), TempDir::new().unwrap());
        let letter = workspace.path("letter.pdf");
        let path = letter.display().to_string();
        workspace.run(&["render", "letters/reactie-sociale-innovatie.md", "-o", &path]).exits(0);
        let made = script("sign.py", &[], &[folder.path().to_path_buf(), letter])?;
        let files = files_below(folder.path()).into_iter();
        let read = |path: PathBuf| (path.file_name().unwrap().display().to_string(), fs::read(path).unwrap());
        Some(Self { files: files.map(read).collect(), made })
    }

    fn file(&self, name: &str) -> Vec<u8> {
        self.files[&format!("{name}.pdf")].clone()
    }

    fn trust(&self, anchors: &str) -> Trust {
        Trust { anchors: Trust::read_pem(&self.files[anchors]).unwrap(), timestamp_required: false }
    }

    fn names(&self) -> Vec<(String, usize)> {
        let good = self.made["good"].as_object().unwrap().iter();
        good.map(|(name, count)| (name.clone(), count.as_u64().unwrap() as usize)).collect()
    }
}

fn look(file: &[u8], trust: &Trust) -> Inspection {
    inspect(file, trust, Utc::now())
}

fn reason(verdict: &Verdict) -> &str {
    verdict.reason.as_ref().map_or("", |reason| reason.code)
}

/// Whether any signature in a file is taken for valid.
fn is_any_valid(inspection: &Inspection) -> bool {
    inspection.signatures.iter().any(|verdict| verdict.is_valid)
}

/// Where the value of the only signature stands, angle brackets included.
fn value_of(file: &[u8]) -> Range<usize> {
    let key = b"/Contents <";
    let start = file.windows(key.len()).rposition(|window| window == key).unwrap() + key.len() - 1;
    let length = file[start..].iter().position(|byte| *byte == b'>').unwrap() + 1;
    start..start + length
}

fn replaced(file: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = file.windows(from.len()).rposition(|window| window == from).expect("what is to be replaced");
    let mut bad = file.to_vec();
    bad[at..at + to.len()].copy_from_slice(to);
    bad
}

#[test]
fn signatures_by_other_programs_hold_and_only_with_their_anchors() {
    let Some(signed) = &*SIGNED else { return };
    let (trust, rogues) = (signed.trust("anchors.pem"), signed.trust("rogues.pem"));
    let mut wrong = Vec::new();
    for (name, count) in signed.names() {
        let file = signed.file(&format!("good-{name}"));
        let inspection = look(&file, &trust);
        let all_valid = inspection.signatures.iter().all(|verdict| verdict.is_valid && verdict.reason.is_none());
        if inspection.flaw.is_some() || inspection.signatures.len() != count || !all_valid {
            wrong.push(format!("{name}: {:?} {:?}", inspection.flaw, inspection.signatures));
            continue;
        }
        for verdict in &inspection.signatures {
            let signatory = if verdict.kind == Kind::Signature { "A. Ondertekenaar" } else { "Tijdstempeldienst" };
            assert_eq!(verdict.signatory, signatory, "{name}");
            assert!(
                verdict.certificate.is_some() && (verdict.claimed.is_some() || verdict.timestamp.is_some()),
                "{name}"
            );
        }
        for strangers in [&Trust::default(), &rogues] {
            let inspection = look(&file, strangers);
            assert_eq!(inspection.signatures.len(), count);
            for verdict in &inspection.signatures {
                let code = if verdict.kind == Kind::Signature { "signature-untrusted" } else { "timestamp-untrusted" };
                assert!(!verdict.is_valid && reason(verdict) == code, "{name}: {verdict:?}");
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_notes_say_what_a_signature_is_worth() {
    let Some(signed) = &*SIGNED else { return };
    let trust = signed.trust("anchors.pem");
    let first = |name: &str| look(&signed.file(&format!("good-{name}")), &trust).signatures.remove(0);
    let has = |name: &str, code: &str| first(name).notes.iter().any(|note| note.code == code);
    for (name, is_stamped, revocation) in [
        ("b-b-rsa", false, "revocation-unknown"),
        ("b-t", true, "revocation-unknown"),
        ("b-lt", true, "revocation-good"),
        ("b-lta", true, "revocation-good"),
        ("adobe-archival", true, "revocation-good"),
        ("signed-stamped", true, "revocation-unknown"),
    ] {
        assert_eq!(first(name).timestamp.is_some(), is_stamped, "{name}");
        assert!(has(name, revocation), "{name}: {:?}", first(name).notes);
    }
    assert!(has("b-b-rsa", "signature-whole") && has("b-lt", "signature-later") && has("two", "signature-later"));
    for level in ["certified-1", "certified-2", "certified-3"] {
        assert!(has(level, "signature-certifies"));
    }
    assert!(!has("b-b-rsa", "signature-certifies"));
    let strict = Trust { timestamp_required: true, ..trust };
    for (name, code) in [("b-b-rsa", "timestamp-missing"), ("b-t", ""), ("signed-stamped", "")] {
        let inspection = look(&signed.file(&format!("good-{name}")), &strict);
        assert_eq!(reason(&inspection.signatures[0]), code, "{name}");
    }
}

#[test]
fn no_changed_file_passes_for_signed() {
    let Some(signed) = &*SIGNED else { return };
    let trust = signed.trust("anchors.pem");
    for name in signed.made["bad"].as_array().unwrap() {
        let name = name.as_str().unwrap();
        let inspection = look(&signed.file(&format!("bad-{name}")), &trust);
        assert!(!is_any_valid(&inspection), "{name}: {inspection:?}");
        let is_told = inspection.flaw.is_some() || inspection.signatures.iter().all(|verdict| verdict.reason.is_some());
        assert!(is_told, "{name}");
    }
    for (name, _) in signed.names() {
        let file = signed.file(&format!("good-{name}"));
        let mut content = file.clone();
        let at = file.windows(7).position(|window| window == b"stream\n" || window == b"stream\r").unwrap() + 40;
        content[at] ^= 1;
        let inspection = look(&content, &trust);
        assert!(!is_any_valid(&inspection), "{name}");
        for verdict in &inspection.signatures {
            let code = if verdict.kind == Kind::Signature { "cms-changed" } else { "timestamp-imprint" };
            assert_eq!(reason(verdict), code, "{name}");
        }
        // What is appended without being a revision.
        for tail in [&b"x"[..], b"\n%%EOF\n", b"\n% a comment\n"] {
            assert!(!is_any_valid(&look(&[&file, tail].concat(), &trust)), "{name} with {tail:?}");
        }
    }
}

#[test]
fn the_known_attacks_fail() {
    let Some(signed) = &*SIGNED else { return };
    let trust = signed.trust("anchors.pem");
    let file = signed.file("good-b-b-p256");
    let value = value_of(&file);
    let first = |file: &[u8]| {
        let inspection = look(file, &trust);
        assert!(!is_any_valid(&inspection), "{inspection:?}");
        let told = inspection.flaw.as_ref().map(|flaw| flaw.code).or(inspection.signatures.first().map(reason_code));
        told.expect("a reason").to_string()
    };
    // A value that says nothing, or stands elsewhere (universal signature forgery).
    first(&replaced(&file, b"/Contents <", b"/Contentx <"));
    first(&replaced(&file, b"/ByteRange [", b"/ByteRangx ["));
    let mut blank = file.clone();
    blank[value.start + 1..value.end - 1].fill(b'0');
    assert_eq!(first(&blank), "signature-contents");
    let mut null = file.clone();
    null[value.clone()].fill(b' ');
    null[value.start..value.start + 4].copy_from_slice(b"null");
    first(&null);
    let mut short = file.clone();
    short[value.start + 1] = b'>';
    short[value.start + 2..value.end].fill(b' ');
    first(&short);
    // A range that leaves something out.
    assert_eq!(first(&replaced(&file, b"/ByteRange [0 ", b"/ByteRange [7 ")), "signature-range");
    // Kinds of signature that are not safe.
    let form = replaced(&file, b"/ETSI.CAdES.detached", b"/adbe.x509.rsa_sha1x");
    assert_eq!(first(&form), "signature-form");
    // The signature value, which comes last before the zeros.
    let last = file[value.clone()].iter().rposition(|byte| !matches!(byte, b'0' | b'>')).unwrap() + value.start;
    let mut bit = file.clone();
    bit[last - 6] = if bit[last - 6] == b'1' { b'2' } else { b'1' };
    assert_eq!(first(&bit), "cms-signature-wrong");
    // Something hidden behind the signature.
    let mut hidden = file.clone();
    hidden[value.end - 3] = b'1';
    assert_eq!(first(&hidden), "signature-contents");
    // Another document's signature.
    let other = signed.file("good-b-b-visible");
    let foreign = &other[value_of(&other)];
    let (digits, room) = (&foreign[1..foreign.len() - 1], value.len() - 2);
    let (kept, rest) = digits.split_at(room.min(digits.len()));
    assert!(rest.iter().all(|digit| *digit == b'0'), "the other signature fits");
    let mut swapped = file.clone();
    swapped[value.start + 1..value.end - 1].fill(b'0');
    swapped[value.start + 1..value.start + 1 + kept.len()].copy_from_slice(kept);
    assert_eq!(first(&swapped), "cms-changed");
}

fn reason_code(verdict: &Verdict) -> &'static str {
    verdict.reason.as_ref().map_or("", |reason| reason.code)
}

#[test]
fn every_byte_outside_the_value_counts() {
    let Some(signed) = &*SIGNED else { return };
    let trust = signed.trust("anchors.pem");
    let rounds = std::env::var("POSTKAMER_FUZZ_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(200_usize);
    for name in ["b-b-p256", "b-b-streams"] {
        let file = signed.file(&format!("good-{name}"));
        let value = value_of(&file);
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        for _ in 0..rounds {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let at = (state % file.len() as u64) as usize;
            if value.contains(&at) {
                continue;
            }
            let mut bad = file.clone();
            bad[at] ^= 1 << (state >> 61);
            assert!(!is_any_valid(&look(&bad, &trust)), "{name}, byte {at}");
        }
    }
}
