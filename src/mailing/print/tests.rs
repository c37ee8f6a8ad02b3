//! Print files of small letters, read back by the reader that refuses whatever is odd.

use super::*;
use crate::signature::build::{Build, LETTER, SIGNATURE, letter, revised, with};
use crate::signature::pdf::{Value, View};

fn piece(title: &str, build: &Build) -> Piece {
    Piece { title: title.into(), pdf: build.bytes.clone() }
}

/// A letter of these objects, with the contents of its page in 4.
fn of(objects: &[(u32, &str)]) -> Build {
    let mut build = Build::start();
    build.objects(objects);
    build.stream(4, "", b"0 0 9 9 re f");
    build.save("/Root 1 0 R");
    build
}

fn merged(pieces: &[Piece]) -> (Printed, Vec<u8>) {
    let mut out = Vec::new();
    let printed = merge("Uitnodiging", "nl", pieces.iter().cloned().map(Ok), &mut out).unwrap();
    (printed, out)
}

#[track_caller]
fn refusal(pieces: impl Iterator<Item = Result<Piece>>) -> Vec<Finding> {
    match merge("Uitnodiging", "nl", pieces, &mut Vec::new()) {
        Err(Error::Refused(findings)) => findings,
        other => panic!("{other:?}"),
    }
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.code).collect()
}

/// The dictionary that a key of another leads to.
#[track_caller]
fn dict<'a>(view: &View<'a>, of: &'a Dict, key: &str) -> &'a Dict {
    of.get(key.as_bytes()).and_then(|value| view.dict(value)).unwrap_or_else(|| panic!("{key} of {of:?}"))
}

/// How many streams there are with these data.
fn streams(document: &Document, data: &[u8]) -> usize {
    let numbers = document.revisions()[0].defined.keys();
    let found = numbers.filter_map(|number| document.last().get(Id::new(*number))?.stream().cloned());
    found.filter(|stream| &document.bytes()[stream.data.clone()] == data).count()
}

#[test]
fn letters_begin_on_right_hand_pages_and_have_bookmarks() {
    let mut two = with(&LETTER, &[(2, "<</Type/Pages/Kids[3 0 R 11 0 R]/Count 2/MediaBox[0 0 600 800]/Rotate 90>>")]);
    two.push((11, "<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 300 400]>>"));
    let titles = ["D2023-1 Jansen", "D2023-2 Østergård ‘€’", "D2023-3 (een) \\ twee"];
    let (printed, out) =
        merged(&[piece(titles[0], &letter()), piece(titles[1], &of(&two)), piece(titles[2], &letter())]);
    assert_eq!(printed, Printed { letters: 3, pages: 6, blanks: 2 });
    let document = Document::read(&out).unwrap();
    assert_eq!(document.notes(), []);
    let view = document.last();
    let pages = view.pages().unwrap();
    let shape = |(_, page): &(Id, &Dict)| {
        let width = page.get(b"MediaBox").unwrap().as_array().unwrap()[2].as_integer().unwrap();
        let rotated = page.get(b"Rotate").and_then(Object::as_integer).unwrap_or(0);
        (width, rotated, page.get(b"Contents").is_some())
    };
    assert_eq!(
        pages.iter().map(shape).collect::<Vec<_>>(),
        [(600, 0, true), (600, 0, false), (600, 90, true), (300, 90, true), (600, 0, true), (600, 0, false)]
    );
    let list = dict(&view, view.catalog().1, "Outlines");
    assert_eq!(list.get(b"Count"), Some(&Object::Integer(3)));
    let mut bookmark = dict(&view, list, "First");
    for (at, title) in titles.iter().enumerate() {
        assert_eq!(bookmark.get(b"Title"), Some(&encoded(title)));
        assert_eq!(bookmark.get(b"Dest").unwrap().as_array().unwrap()[0], Object::Reference(pages[at * 2].0));
        if at + 1 < titles.len() {
            let next = dict(&view, bookmark, "Next");
            assert_eq!(dict(&view, next, "Prev"), bookmark);
            bookmark = next;
        }
    }
    assert_eq!((bookmark.get(b"Next"), dict(&view, list, "Last")), (None, bookmark));
}

#[test]
fn what_letters_have_in_common_is_written_once() {
    let font = |name: &str| format!("<</Type/Font/Subtype/Type1/BaseFont/{name}/Widths 12 0 R>>");
    let with_font = |name: &str, numbers: [u32; 2]| {
        let page = format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F {} 0 R>>>>>>", numbers[0]);
        let font = font(name).replace("12 0 R", &format!("{} 0 R", numbers[1]));
        let objects = [(3, page.as_str()), (numbers[0], font.as_str()), (numbers[1], "[500 600]")];
        of(&with(&LETTER, &objects))
    };
    let letters = [
        piece("1", &with_font("Eerste", [20, 21])),
        piece("2", &with_font("Eerste", [31, 30])),
        piece("3", &with_font("Tweede", [20, 21])),
    ];
    let (_, out) = merged(&letters);
    let text = String::from_utf8_lossy(&out);
    for (part, times) in [("/Eerste", 1), ("/Tweede", 1), ("[500 600]", 1), ("re f", 1), ("/MediaBox", 6)] {
        assert_eq!(text.matches(part).count(), times, "{part}: {text}");
    }
    assert_eq!(merged(&letters).1, out);
    let other = merged(&letters[..2]).1;
    let ident = |bytes: &[u8]| Document::read(bytes).unwrap().last().trailer().get(b"ID").cloned().unwrap();
    assert_ne!(ident(&other), ident(&out));
}

#[test]
fn a_circle_stays_a_circle() {
    let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</A 20 0 R>>>>>>";
    let mut build = Build::start();
    build.objects(&with(&LETTER, &[(3, page), (22, "[20 0 R 22 0 R 99 0 R 3 0 R]")]));
    build.stream(4, "", b"/A Do");
    build.stream(20, "/Subtype/Form/Around 22 0 R/StructParents 7/Metadata 9 0 R", b"");
    build.save("/Root 1 0 R");
    let (printed, out) = merged(&[piece("1", &build), piece("2", &build)]);
    assert_eq!(printed.pages, 4);
    let document = Document::read(&out).unwrap();
    let view = document.last();
    for (_, page) in view.pages().unwrap().into_iter().step_by(2) {
        let forms = dict(&view, dict(&view, page, "Resources"), "XObject");
        let form = forms.get(b"A").unwrap();
        let of_form = view.dict(form).unwrap();
        let around = of_form.get(b"Around").unwrap();
        let list = view.resolve(around).as_array().unwrap();
        assert_eq!(list, [form.clone(), around.clone(), Object::Null, Object::Null]);
        assert_eq!(of_form.get(b"StructParents").or(of_form.get(b"Metadata")), None);
    }
}

#[test]
fn a_long_way_from_object_to_object_is_gone() {
    let mut build = Build::start();
    build.objects(&with(&LETTER, &[(10, "<</Next 20 0 R>>")]));
    for number in 20..60_020 {
        build.object(number, &format!("[{} 0 R]", number + 1));
    }
    build.stream(4, "", b"");
    build.save("/Root 1 0 R");
    let (printed, out) = merged(&[piece("1", &build)]);
    assert_eq!(printed.letters, 1);
    assert!(Document::read(&out).unwrap().revisions()[0].defined.len() > 60_000);
}

#[test]
fn a_visible_signature_is_seen_and_is_no_field() {
    let widget =
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(Een)/V 22 0 R/P 3 0 R/F 132/Rect[50 60 70 80]/AP<</N 30 0 R>>>>";
    let link = "<</Type/Annot/Subtype/Link/F 4/Rect[0 0 9 9]/AP<</N 30 0 R>>/A<</S/URI/URI(https://example.nl)>>>>";
    let hidden = "<</Type/Annot/Subtype/Widget/F 6/Rect[0 0 9 9]/AP<</N 30 0 R>>>>";
    let screen = "<</Type/Annot/Subtype/Widget/Rect[0 0 9 9]/AP<</N 30 0 R>>>>";
    let state = "<</Type/Annot/Subtype/Widget/F 4/Rect[5 5 9 9]/AS/Aan/AP<</N<</Aan 30 0 R/Uit 31 0 R>>>>>>";
    let mut build = letter();
    let list = "[21 0 R 24 0 R 25 0 R 26 0 R 27 0 R]";
    let page = format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<<>>/Annots{list}>>");
    let changed = [(3, page.as_str()), (21, widget), (24, link), (25, hidden), (26, screen), (27, state)];
    build.objects(&with(&SIGNATURE, &changed));
    build.stream(30, "/Type/XObject/Subtype/Form/BBox[0 0 20 20]", b"0 0 20 20 re f");
    build.stream(31, "/Type/XObject/Subtype/Form/BBox[0 0 20 20]", b"uit");
    build.save("/Root 1 0 R");
    let (_, out) = merged(&[piece("1", &build)]);
    let document = Document::read(&out).unwrap();
    let view = document.last();
    let stamps = view.pages().unwrap()[0].1.get(b"Annots").unwrap().as_array().unwrap();
    let stamps: Vec<&Dict> = stamps.iter().map(|stamp| view.dict(stamp).unwrap()).collect();
    assert_eq!(stamps.len(), 2, "{stamps:?}");
    for (stamp, corner) in stamps.iter().zip([50, 5]) {
        assert_eq!(stamp.get(b"Subtype"), Some(&Object::name("Stamp")));
        assert_eq!(stamp.get(b"Rect").unwrap().as_array().unwrap()[0], Object::Integer(corner));
        let shown = dict(&view, stamp, "AP").get(b"N").and_then(|form| view.stream(form)).unwrap();
        assert_eq!(&out[shown.data.clone()], b"0 0 20 20 re f");
    }
    assert_eq!((streams(&document, b"0 0 20 20 re f"), streams(&document, b"uit")), (1, 0));
    let text = String::from_utf8_lossy(&out);
    for gone in ["AcroForm", "/Sig", "Widget", "ByteRange", "/URI", "Metadata", "Struct", "OutputIntent"] {
        assert!(!text.contains(gone), "{gone}: {text}");
    }
}

#[test]
fn what_cannot_be_printed_is_refused_by_its_title() {
    let cut = Build { bytes: letter().bytes[..300].to_vec(), ..Build::default() };
    let mut locked = letter();
    locked.save("/Root 1 0 R/Encrypt<</Filter/Standard>>");
    let no_size = revised(&[(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>")]);
    let odd_size = revised(&[(2, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 /A]>>")]);
    let empty = revised(&[(2, "<</Type/Pages/Kids[]/Count 0/MediaBox[0 0 600 800]>>")]);
    let layers = revised(&[(1, "<</Type/Catalog/Pages 2 0 R/OCProperties<<>>>>")]);
    let cases: [(Build, &[&str]); 7] = [
        (Build::default(), &["print-piece-broken", "pdf-header"]),
        (cut, &["print-piece-broken", "pdf-tail"]),
        (locked, &["print-piece-broken", "pdf-encrypted"]),
        (no_size, &["print-piece-broken", "pdf-page-tree"]),
        (odd_size, &["print-piece-broken", "pdf-page-tree"]),
        (empty, &["print-piece-broken"]),
        (layers, &["print-piece-layers"]),
    ];
    for (build, expected) in cases {
        let found = refusal([piece("goed", &letter()), piece("fout", &build)].map(Ok).into_iter());
        assert_eq!(codes(&found), expected);
        assert_eq!(found[0].args, [("title", "fout".to_string())]);
    }
    assert_eq!(codes(&refusal(std::iter::empty())), ["print-nothing"]);
    let lost = Err(Finding::error("mail-no-rows").into());
    assert_eq!(codes(&refusal([Ok(piece("goed", &letter())), lost].into_iter())), ["mail-no-rows"]);
}

#[test]
fn it_says_what_it_is_and_how_to_print_it() {
    for (language, word) in [("nl", "printbestand"), ("en", "print file"), ("de", "print file")] {
        let mut out = Vec::new();
        merge("Netwerkdag", language, [Ok(piece("1", &letter()))].into_iter(), &mut out).unwrap();
        let document = Document::read(&out).unwrap();
        let view = document.last();
        let info = dict(&view, view.trailer(), "Info");
        for key in ["Title", "Subject", "Keywords"] {
            let value = info.get(key.as_bytes()).and_then(Object::as_string).unwrap();
            let text = crate::signature::pdf::text::decoded(value);
            assert!(text.to_lowercase().contains(word), "{language} {key}: {text}");
            assert_eq!(key == "Title", text.starts_with("Netwerkdag"), "{text}");
        }
        let catalog = view.catalog().1;
        assert_eq!(catalog.get(b"Lang"), Some(&encoded(language)));
        let preferences = dict(&view, catalog, "ViewerPreferences");
        assert_eq!(preferences.get(b"Duplex"), Some(&Object::name("DuplexFlipLongEdge")));
        assert_eq!(preferences.get(b"PrintScaling"), Some(&Object::name("None")));
        for key in [b"Metadata".as_slice(), b"MarkInfo", b"StructTreeRoot", b"OutputIntents", b"AcroForm", b"Names"] {
            assert_eq!(catalog.get(key), None);
        }
    }
}

/// A length that is an object of its own, and an object stream: how other programs write letters that they sign.
#[test]
fn other_ways_to_write_a_letter_are_read() {
    let mut build = Build::start();
    let packed = LETTER.iter().filter(|(number, _)| *number != 9).copied().collect::<Vec<_>>();
    build.packed(40, &packed);
    build.entry(4, [1, build.bytes.len() as u64, 0]);
    build.text("4 0 obj\n<</Length 41 0 R>>\nstream\n0 0 9 9 re f\nendstream\nendobj\n");
    build.object(41, "12");
    build.save_stream(42, "/Root 1 0 R");
    let (_, out) = merged(&[piece("1", &build), piece("2", &letter())]);
    let document = Document::read(&out).unwrap();
    assert_eq!(streams(&document, b"0 0 9 9 re f"), 1);
    let view = document.last();
    for number in document.revisions()[0].defined.keys() {
        if let Some(Value::Stream(stream)) = view.get(Id::new(*number)) {
            assert!(matches!(stream.dict.get(b"Length"), Some(Object::Integer(_))));
        }
    }
}

/// Whatever byte of a letter is wrong: it is refused, or what comes of it is a PDF in order.
#[test]
fn a_letter_with_a_wrong_byte_gives_no_broken_file() {
    let whole = revised(&SIGNATURE).bytes;
    let (mut read, mut refused) = (0, 0);
    for at in 0..whole.len() {
        for wrong in [b' ', b'/', b'0', b'9', b'<', b'\\'] {
            let mut pdf = whole.clone();
            pdf[at] = wrong;
            let pieces = [Ok(Piece { title: "1".into(), pdf }), Ok(piece("2", &letter()))];
            let mut out = Vec::new();
            match merge("Uitnodiging", "nl", pieces.into_iter(), &mut out) {
                Ok(printed) => {
                    read += 1;
                    let document = Document::read(&out).unwrap_or_else(|finding| panic!("{at} {wrong}: {finding:?}"));
                    assert_eq!(document.last().pages().unwrap().len(), printed.pages);
                }
                Err(Error::Refused(findings)) => {
                    refused += 1;
                    assert_eq!(findings[0].args, [("title", "1".to_string())]);
                }
                Err(error) => panic!("{error}"),
            }
        }
    }
    assert!(read > 1000 && refused > 1000, "{read} {refused}");
}
