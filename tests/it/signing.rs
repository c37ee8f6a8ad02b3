//! Signing: the files that come of it hold for programs of others, and keep what they were.

pub mod authority;
mod command;
mod keys;
pub mod server;
mod stamping;

use chrono::{DateTime, TimeZone, Utc};
use postkamer::letter::words::Language;
use postkamer::signature::issued;
use postkamer::signature::sign::timestamp::Server;
use postkamer::signature::sign::{self, Appearance, Identity, Signing, appearance};
use postkamer::typeset::places::SignaturePlace;
use serde_json::Value as Json;

use crate::outside::{Pile, name_of, run, script};
use crate::paper::{Desk, given, refusal};
use authority::Authority;
use server::Manner;

/// The moment of every test: noon of its day, in the Netherlands.
fn moment() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2023, 2, 21, 11, 0, 0).single().expect("a moment")
}

fn signing(identity: &Identity) -> Signing<'_> {
    Signing { identity, moment: moment(), timestamper: None, appearance: None, to_come: &[], reason: None }
}

/// A letter of several pages, signed by two.
const LETTER: &str = "letters/reactie-sociale-innovatie.md";

/// A desk whose letters have room for visible signatures.
fn desk() -> Desk {
    Desk::changed(|files| {
        let manifest = include_str!("../../templates/gs-brief/sjabloon.toml");
        files.write("templates/gs-brief/sjabloon.toml", format!("{manifest}\n[ondertekening]\nzichtbaar = true\n"));
        files.write("templates/gs-brief/brief.typ.hbs", include_str!("../../templates/gs-brief/brief.typ.hbs"));
        files.write("templates/gs-brief/stijl.typ", include_str!("../../templates/gs-brief/stijl.typ"));
    })
}

fn seen(desk: &Desk, place: &SignaturePlace, name: &str) -> Appearance {
    appearance::appearance(&desk.press, place, name, moment(), Language::Nl).expect("there is room")
}

#[test]
fn signatures_hold_for_others_and_break_nothing() {
    let authority = Authority::new();
    let desk = desk();
    let (letter, places) = desk.pdf_and_places(LETTER);
    assert_eq!(places.iter().map(|place| place.name.as_str()).collect::<Vec<_>>(), ["A.P. Heidema", "N. Versteeg"]);
    let mut forms = vec![("classic", letter.clone())];
    let mut original = Pile::new();
    original.add("letter", &letter);
    let arguments = ["--object-streams=generate", "--deterministic-id", "--newline-before-endstream"];
    let packed = original.files[0].with_extension("packed.pdf");
    if run("qpdf", &arguments, &[original.files[0].clone(), packed.clone()]).is_some() {
        forms.push(("stream", std::fs::read(packed).expect("qpdf made it")));
    }
    let mut pile = Pile::new();
    for kind in ["rsa", "p256"] {
        let Some(first) = authority.identity("A.P. Heidema", kind) else { return };
        let second = authority.identity("Noëlle Versteeg", kind).expect("OpenSSL was there");
        let url = server::start(&authority, Manner::Good).expect("OpenSSL was there");
        let server = Server::new(&url, None).expect("a URL");
        let ask = |signature: &[u8]| server.token(signature, 0x8000_0000_0000_0001);
        for (form, file) in &forms {
            for (level, timestamper) in [("bb", None), ("bt", Some(&ask as sign::Timestamper))] {
                for visible in [false, true] {
                    let appearance = |at: usize, who: &Identity| visible.then(|| seen(&desk, &places[at], &who.name()));
                    let to_come = if visible { &places[1..] } else { &[] };
                    let by =
                        |who, at| Signing { timestamper, appearance: appearance(at, who), to_come, ..signing(who) };
                    let once = sign::sign(file, &by(&first, 0)).unwrap_or_else(|error| panic!("{form}: {error:?}"));
                    let twice = sign::sign(&once, &by(&second, 1)).expect("it can be signed again");
                    assert!(once.starts_with(file) && twice.starts_with(&once) && twice.len() > once.len());
                    assert!(once.ends_with(b"%%EOF\n"));
                    for signed in [&once, &twice] {
                        let verdict = issued::unchanged(signed, file).map_err(|finding| finding.code);
                        assert!(verdict.is_ok(), "{kind} {form} {level} visible: {visible}: {verdict:?}");
                    }
                    let seen = if visible { "visible" } else { "hidden" };
                    pile.add(&format!("{kind}-{form}-{level}-{seen}-1"), &once);
                    pile.add(&format!("{kind}-{form}-{level}-{seen}-2"), &twice);
                }
            }
        }
    }
    check_forms(&pile);
    check_with_pyhanko(&pile, &authority);
    check_with_pdfsig(&pile);
    check_conformance(&pile);
}

fn check_forms(pile: &Pile) {
    for file in &pile.files {
        let bytes = std::fs::read(file).expect("it is there");
        let has_table = bytes.windows(6).rev().take(4000).any(|window| window == b"\nxref\n");
        assert_eq!(has_table, name_of(file).contains("classic"), "{}", name_of(file));
        run("qpdf", &["--check", "--no-warn"], std::slice::from_ref(file));
    }
}

fn check_with_pyhanko(pile: &Pile, authority: &Authority) {
    let anchor = authority.anchor().display().to_string();
    let Some(reports) = script("signatures.py", &[&anchor], &pile.files) else { return };
    for (file, report) in pile.files.iter().zip(reports.as_array().expect("a list")) {
        let name = name_of(file);
        let signatures = report["signatures"].as_array().expect("a list");
        assert_eq!(signatures.len(), if name.ends_with("-2") { 2 } else { 1 }, "{name}");
        for (at, signature) in signatures.iter().enumerate() {
            assert_eq!(signature["bottom_line"], true, "{name}: {signature}");
            assert_eq!(signature["field"], format!("Handtekening{}", at + 1), "{name}");
            assert_eq!(signature["sub_filter"], "/ETSI.CAdES.detached", "{name}");
            assert_eq!(signature["has_signing_time"], false, "{name}");
            let stamped = if name.contains("-bt-") { true.into() } else { Json::Null };
            assert_eq!(signature["timestamp"], stamped, "{name}: {signature}");
        }
        let last = signatures.last().expect("one at least");
        assert!(last["coverage"].as_str().is_some_and(|it| it.contains("ENTIRE_FILE")), "{name}: {last}");
        let ades = report["ades"].as_str().expect("a text");
        assert!(ades.starts_with("0 ") && !ades.contains("INVALID"), "{name}: {ades}");
    }
}

fn check_with_pdfsig(pile: &Pile) {
    for file in &pile.files {
        let Some(said) = run("pdfsig", &["-nocert"], std::slice::from_ref(file)) else { return };
        let name = name_of(file);
        let total = if name.ends_with("-2") { 2 } else { 1 };
        assert_eq!(said.matches("Signature Validation: Signature is Valid.").count(), total, "{name}: {said}");
        assert_eq!(said.matches("ETSI.CAdES.detached").count(), total, "{name}: {said}");
        assert!(said.contains("Signing Time: Feb 21 2023") && said.contains("A.P. Heidema"), "{name}: {said}");
    }
}

fn check_conformance(pile: &Pile) {
    for flavour in ["2a", "ua1"] {
        if let Some(report) = run("verapdf", &["--format", "text", "-v", "-f", flavour], &pile.files) {
            let passed = report.lines().filter(|line| line.starts_with("PASS ")).count();
            assert_eq!(passed, pile.files.len(), "{flavour}: {report}");
        }
    }
    let Some(reports) = script("accessible.py", &[], &pile.files) else { return };
    for (file, report) in pile.files.iter().zip(reports.as_array().expect("a list")) {
        for standard in ["ua1", "a2a"] {
            let found = report[standard].as_array().expect("a list").iter();
            // page_validation asks of an earlier signature too that it cover what was added after it, which no file with two
            // can have; ISO 19005-2, 6.4.3, doesn't, and veraPDF judges by that.
            let wrong = found.filter(|it| !(name_of(file).ends_with("-2") && it.as_str().is_some_and(is_mistaken)));
            assert_eq!(wrong.collect::<Vec<_>>(), Vec::<&Json>::new(), "{}: {standard}", name_of(file));
        }
    }
}

fn is_mistaken(found: &str) -> bool {
    found.starts_with("PDFA2A-SIGNATURE-BYTERANGE-001:")
}

#[test]
fn what_is_to_be_seen_is_seen_where_it_belongs() {
    let authority = Authority::new();
    let Some(identity) = authority.identity("A.P. Heidema", "p256") else { return };
    let desk = desk();
    let (letter, places) = desk.pdf_and_places(LETTER);
    let appearance = Some(seen(&desk, &places[0], &identity.name()));
    let signed = sign::sign(&letter, &Signing { appearance, ..signing(&identity) }).expect("it is signed");
    let mut pile = Pile::new();
    pile.add("before", &letter);
    pile.add("after", &signed);
    let (Some(before), Some(after)) = (pile.text(0), pile.text(1)) else { return };
    assert!(!before.contains("Digitaal ondertekend"), "{before}");
    assert!(after.contains("A.P. Heidema\nDigitaal ondertekend op 21 februari 2023"), "{after}");
    // Above the printed name, and not over it.
    let [left, bottom, right, top] = places[0].rect;
    assert!(left < right && bottom < top && bottom > 0.0 && top < 842.0, "{:?}", places[0]);
    assert!(places[1].rect[0] > right - 1.0 && (places[1].rect[1] - bottom).abs() < 0.01, "{places:?}");
}

#[test]
fn a_visible_signature_needs_its_place_before_the_first() {
    let authority = Authority::new();
    let Some(identity) = authority.identity("A.P. Heidema", "p256") else { return };
    let desk = desk();
    let (letter, places) = desk.pdf_and_places(LETTER);
    let once = sign::sign(&letter, &signing(&identity)).expect("it is signed");
    let appearance = Some(seen(&desk, &places[0], &identity.name()));
    let later = sign::sign(&once, &Signing { appearance, ..signing(&identity) });
    assert_eq!(refusal(later)[0].code, "sign-visible-later");
    // One that can't be seen can always be added, and a page that isn't there never.
    assert!(sign::sign(&once, &signing(&identity)).is_ok());
    let appearance = Some(Appearance { page: 99, ..seen(&desk, &places[0], &identity.name()) });
    assert_eq!(refusal(sign::sign(&letter, &Signing { appearance, ..signing(&identity) }))[0].code, "sign-page");
}

#[test]
fn places_are_there_for_templates_that_ask_and_show_nothing() {
    let (plain, asking) = (Desk::new(), desk());
    let (letter, places) = plain.pdf_and_places(LETTER);
    assert_eq!(places, []);
    let text = |pdf: &[u8]| {
        let mut pile = Pile::new();
        pile.add("letter", pdf);
        pile.text(0)
    };
    let (other, _) = asking.pdf_and_places(LETTER);
    assert_eq!(text(&letter), text(&other));
}

#[test]
fn the_same_signing_gives_the_same_bytes() {
    let authority = Authority::new();
    let Some(identity) = authority.identity("Jansen", "rsa") else { return };
    let letter = Desk::new().pdf_of(LETTER, given()).expect("a letter in order");
    let sign = || sign::sign(&letter, &signing(&identity)).expect("it is signed");
    assert_eq!(sign(), sign());
    let later = Signing { moment: moment() + chrono::Duration::seconds(1), ..signing(&identity) };
    assert_ne!(sign::sign(&letter, &later).expect("it is signed"), sign());
}
