//! The print file of a mailing: programs of others find in it the very pages of the letters, each on a right-hand page.

use std::path::{Path, PathBuf};

use chrono::{TimeZone, Utc};
use postkamer::letter::words::Language;
use postkamer::mailing::print::{Piece, Printed, merge};
use postkamer::signature::conformance::Conformance;
use postkamer::signature::pdf::Document;
use postkamer::signature::sign::{self, Signing, appearance};
use postkamer::typeset;

use crate::outside::{Pile, judge, run, script};
use crate::paper::{Desk, given};
use crate::signing::authority::Authority;
use crate::support::example_letters;

const LETTER: &str = "letters/uitnodiging-netwerkpartners.md";

fn merged(pieces: &[Piece]) -> (Printed, Vec<u8>) {
    let mut out = Vec::new();
    let printed = merge("Netwerkdag – voorjaar", "nl", pieces.iter().cloned().map(Ok), &mut out).expect("it is merged");
    (printed, out)
}

/// The number of pages as the library's own reader counts them.
fn pages(pdf: &[u8]) -> usize {
    Document::read(pdf).and_then(|document| Ok(document.last().pages()?.len())).expect("a PDF in order")
}

/// A letter with room for visible signatures, and the same with one.
fn signed() -> Option<[Vec<u8>; 2]> {
    let desk = Desk::changed(|files| {
        let manifest = include_str!("../../templates/gs-brief/sjabloon.toml");
        files.write("templates/gs-brief/sjabloon.toml", format!("{manifest}\n[ondertekening]\nzichtbaar = true\n"));
        files.write("templates/gs-brief/brief.typ.hbs", include_str!("../../templates/gs-brief/brief.typ.hbs"));
        files.write("templates/gs-brief/stijl.typ", include_str!("../../templates/gs-brief/stijl.typ"));
    });
    let (letter, places) = desk.pdf_and_places("letters/reactie-sociale-innovatie.md");
    let identity = Authority::new().identity("A.P. Heidema", "p256")?;
    let moment = Utc.with_ymd_and_hms(2023, 2, 21, 11, 0, 0).single().expect("a moment");
    let seen = appearance::appearance(&desk.press, &places[0], &identity.name(), moment, Language::Nl);
    let appearance = Some(seen.expect("there is room"));
    let signing = Signing { identity: &identity, moment, timestamper: None, appearance, to_come: &[], reason: None };
    let signed = sign::sign(&letter, &signing).expect("it can be signed");
    Some([letter, signed])
}

/// The example letters, one of three pages, and one that is signed.
fn letters() -> Vec<Piece> {
    let desk = Desk::new();
    let piece = |title: &str, pdf: Vec<u8>| Piece { title: title.into(), pdf };
    let mut pieces: Vec<Piece> = Vec::new();
    for letter in example_letters() {
        pieces.push(piece(&format!("{letter} – ‘Østergård’ € ✓"), desk.pdf_of(&letter, given()).expect("it is made")));
    }
    let long =
        desk.files.read(LETTER) + &"\n\nNog een alinea van de uitnodiging, die de brief langer maakt.".repeat(50);
    pieces.insert(1, piece("(lang) \\ <x>", desk.pdf(&long).expect("it is made")));
    pieces.extend(signed().map(|[_, pdf]| piece("ondertekend", pdf)));
    pieces
}

/// The page in the print file on which each letter begins, from 1, with its number of pages.
fn places(pieces: &[Piece]) -> Vec<(usize, usize)> {
    let mut next = 1;
    let place = |piece: &Piece| {
        let (start, count) = (next, pages(&piece.pdf));
        next += count + count % 2;
        (start, count)
    };
    pieces.iter().map(place).collect()
}

fn page_text(file: &Path, page: usize) -> Option<String> {
    let number = page.to_string();
    run("pdftotext", &["-raw", "-enc", "UTF-8", "-f", &number, "-l", &number], &[file.into(), "-".into()])
}

/// Every page as pixels, in the order of the pages.
fn pixels(file: &Path) -> Option<Vec<Vec<u8>>> {
    let folder = tempfile::TempDir::new().expect("a folder");
    run("pdftoppm", &["-r", "50"], &[file.into(), folder.path().join("p")])?;
    let mut found: Vec<PathBuf> = crate::support::files_below(folder.path());
    found.sort();
    Some(found.iter().map(|page| std::fs::read(page).expect("a page")).collect())
}

#[test]
fn the_pages_are_those_of_the_letters() {
    let pieces = letters();
    let (printed, bytes) = merged(&pieces);
    let places = places(&pieces);
    let blanks = places.iter().filter(|(_, count)| count % 2 == 1).count();
    assert!(blanks > 2 && blanks < pieces.len() - 2 && places.iter().any(|(_, count)| *count == 3), "{places:?}");
    let total = places.iter().map(|(_, count)| count + count % 2).sum();
    assert_eq!(printed, Printed { letters: pieces.len(), pages: total, blanks });
    let mut pile = Pile::new();
    pile.add("print", &bytes);
    for (at, piece) in pieces.iter().enumerate() {
        pile.add(&format!("letter-{at}"), &piece.pdf);
    }
    let print = &pile.files[0];
    if let Some((fits, said)) = judge("qpdf", &["--check", &print.display().to_string()]) {
        assert!(fits && !said.contains("WARNING"), "{said}");
    }
    let all = pixels(print);
    for ((start, count), letter) in places.iter().zip(&pile.files[1..]) {
        assert_eq!(start % 2, 1);
        let own = pixels(letter);
        for page in 0..*count {
            let (Some(there), Some(here)) = (page_text(print, start + page), page_text(letter, page + 1)) else {
                break;
            };
            assert_eq!(there, here);
            assert!(there.len() > 30, "{there}");
        }
        if let (Some(all), Some(own)) = (&all, &own) {
            assert_eq!(own.len(), *count);
            assert!(all[start - 1..start - 1 + count] == own[..], "page {start} on looks different");
        }
        if count % 2 == 1
            && let Some(blank) = page_text(print, start + count)
        {
            assert_eq!(blank.trim(), "");
            if let Some(all) = &all {
                let head = all[start + count - 1].len() - 3000;
                assert!(all[start + count - 1][head..].iter().all(|byte| *byte == 0xFF));
            }
        }
    }
}

#[test]
fn a_visible_signature_is_printed() {
    let Some(both) = signed() else { return };
    let (_, bytes) = merged(&both.map(|pdf| Piece { title: "Reactie".into(), pdf }));
    let mut pile = Pile::new();
    pile.add("print", &bytes);
    let Some(pixels) = pixels(&pile.files[0]) else { return };
    assert_eq!(pixels.len(), 4);
    assert!(pixels[0] == pixels[2], "the first page has no signature");
    assert!(pixels[1] != pixels[3], "the signature is not to be seen");
}

#[test]
fn readers_show_bookmarks_and_what_the_file_is_for() {
    let pieces = letters();
    let (printed, bytes) = merged(&pieces);
    let mut pile = Pile::new();
    pile.add("print", &bytes);
    let conformance = Conformance::of(&Document::read(&bytes).expect("a PDF in order"));
    assert_eq!((conformance.level, conformance.pdfa, conformance.pdfua), (None, false, false));
    let text = String::from_utf8_lossy(&bytes);
    for gone in ["pdfaid", "pdfuaid", "GTS_PDFA1", "/AcroForm", "/ByteRange", "/StructParent", "/URI"] {
        assert!(!text.contains(gone), "{gone}");
    }
    if let Some(said) = run("pdfinfo", &["-enc", "UTF-8"], &pile.files) {
        assert!(said.contains(&format!("Pages:           {}\n", printed.pages)), "{said}");
        assert!(said.contains("Title:           Netwerkdag – voorjaar (printbestand)\n"), "{said}");
        assert!(said.contains("Tagged:          no") && said.contains("Form:            none"), "{said}");
    }
    let Some(shown) = script("print_file.py", &[], &pile.files) else { return };
    let shown = &shown[0];
    let titles = pieces.iter().zip(places(&pieces)).map(|(piece, (start, _))| serde_json::json!([piece.title, start]));
    assert_eq!(shown["bookmarks"], serde_json::Value::from_iter(titles));
    assert_eq!(shown["sizes"].as_array().map(Vec::len), Some(printed.pages));
    assert!(shown["sizes"].as_array().unwrap().iter().all(|size| *size == serde_json::json!([595.28, 841.89])));
    assert_eq!(shown["form"], false);
    let keys = ["Lang", "Outlines", "PageMode", "Pages", "Type", "ViewerPreferences"];
    assert_eq!(shown["catalog"], serde_json::json!(keys));
    let preferences = shown["preferences"].as_str().unwrap();
    assert!(preferences.contains("/DuplexFlipLongEdge") && preferences.contains("/PrintScaling"), "{preferences}");
    assert!(shown["properties"]["subject"].as_str().unwrap().contains("geen archiefstuk"), "{shown}");
}

#[test]
fn many_letters_share_what_they_have_in_common() {
    let desk = Desk::new();
    let text = desk.files.read(LETTER);
    let pieces: Vec<Piece> = (0..300)
        .map(|at| {
            if at % 30 == 0 {
                typeset::evict();
            }
            let name = format!("Netwerk {} {}", ["Vecht", "Twente", "Salland", "Kop"][at % 4], at / 4);
            let own = text
                .replace("Ondernemersnetwerk Voorbeeld", &name)
                .replace("huisnummer = \"3\"", &format!("huisnummer = \"{at}\""));
            assert_ne!(own, text);
            Piece { title: name, pdf: desk.pdf(&own).expect("it is made") }
        })
        .collect();
    let sum: usize = pieces.iter().map(|piece| piece.pdf.len()).sum();
    let (printed, bytes) = merged(&pieces);
    assert_eq!((printed.letters, printed.pages), (300, 600));
    // Tags and metadata are left out, and fonts and images shared: a tenth is left.
    assert!(bytes.len() < sum / 5, "{} of {sum} bytes", bytes.len());
    assert!(merged(&pieces).1 == bytes, "the same letters give other bytes");
    let mut pile = Pile::new();
    pile.add("print", &bytes);
    let Some((fits, said)) = judge("qpdf", &["--check", &pile.files[0].display().to_string()]) else { return };
    assert!(fits && !said.contains("WARNING"), "{said}");
    for at in [0, 150, 299] {
        let found = page_text(&pile.files[0], at * 2 + 1).expect("poppler is there");
        assert!(found.contains(&pieces[at].title), "{found}");
    }
}
