//! What the reader takes and refuses, in small files.

use super::*;
use crate::signature::build::{Build, LETTER, SIGNATURE, letter, revised};

fn code(build: &Build) -> &'static str {
    match Document::read(&build.bytes) {
        Ok(_) => "read",
        Err(finding) => finding.code,
    }
}

/// The code after the first place of a text was replaced by another of the same length.
fn replaced(build: &Build, from: &str, to: &str) -> &'static str {
    assert_eq!(from.len(), to.len());
    let mut bytes = build.bytes.clone();
    let at = bytes.windows(from.len()).rposition(|part| part == from.as_bytes()).expect("it is there");
    bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    code(&Build { bytes, ..Build::default() })
}

fn packed() -> Build {
    let mut build = Build::start();
    build.packed(11, &LETTER);
    build.stream(4, "", b"0 0 9 9 re f");
    build.stream(9, "", b"<x/>");
    build.save_stream(12, "/Root 1 0 R");
    build
}

#[test]
fn each_revision_is_seen_as_it_was() {
    for build in [revised(&SIGNATURE), {
        let mut build = packed();
        build.packed(24, &SIGNATURE[..6]);
        build.objects(&SIGNATURE[6..]);
        build.save_stream(25, "/Root 1 0 R");
        build
    }] {
        let document = Document::read(&build.bytes).expect("it reads");
        assert_eq!(document.revisions().len(), 2);
        assert_eq!(document.revisions()[1].bytes.end, build.bytes.len());
        assert_eq!(document.revisions()[0].bytes.end, document.revisions()[1].bytes.start);
        let (old, new) = (document.at(0), document.last());
        assert_eq!(old.catalog().1.get(b"AcroForm"), None);
        assert_eq!(old.get(Id::new(21)), None);
        assert_eq!(new.get(Id { number: 21, generation: 1 }), None, "of another generation");
        assert_eq!(old.pages().unwrap()[0].0, Id::new(3));
        assert!(old.fields().unwrap().is_empty());
        let found = signatures(&document).expect("signatures");
        assert_eq!((found.len(), found[0].name.as_str(), found[0].revision), (1, "Een", 1));
        assert_eq!(&build.bytes[found[0].contents.clone()], b"<3000>");
        assert_eq!(found[0].byte_range, [0, 10, 20, 10]);
    }
}

#[test]
fn what_is_not_a_whole_chain_is_refused() {
    let build = revised(&SIGNATURE);
    assert_eq!(code(&build), "read");
    let bytes = |bytes: Vec<u8>| code(&Build { bytes, ..Build::default() });
    assert_eq!(bytes(Vec::new()), "pdf-header");
    assert_eq!(bytes([b" ", build.bytes.as_slice()].concat()), "pdf-header");
    assert_eq!(bytes([build.bytes.as_slice(), b"\n"].concat()), "pdf-tail");
    assert_eq!(bytes([build.bytes.as_slice(), b"x"].concat()), "pdf-tail");
    assert_eq!(bytes(build.bytes[..build.bytes.len() - 4].to_vec()), "pdf-startxref");
    assert_eq!(replaced(&build, "startxref\n1", "startxref\n2"), "pdf-prev");
    assert_eq!(replaced(&build, "/Prev 1", "/Prev 0"), "pdf-startxref");
    assert_eq!(replaced(&build, "/Prev ", "/Rrev "), "pdf-stray-bytes");
    assert_eq!(replaced(&build, "/Size 24", "/Size 23"), "pdf-size");
    assert_eq!(replaced(&build, "65535 f \n", "65535 f\n\n"), "pdf-xref");
    assert_eq!(replaced(&build, "22 1\n", "21 1\n"), "pdf-double-entry");
    assert_eq!(replaced(&build, "23 0 obj", "19 0 obj"), "pdf-object");
    assert_eq!(replaced(&build, "endobj\nxref", "endobk\nxref"), "pdf-object");
    assert_eq!(replaced(&build, "/Info", "/Size"), "pdf-double-key");
    let with = |trailer: &str| {
        let mut build = letter();
        build.save(trailer);
        code(&build)
    };
    assert_eq!(with("/Root 1 0 R/Encrypt 5 0 R"), "pdf-encrypted");
    assert_eq!(with("/Root 1 0 R/XRefStm 15"), "pdf-hybrid");
    assert_eq!(with("/Root 2 0 R"), "pdf-root");
    assert_eq!(with(""), "pdf-root");
}

#[test]
fn every_byte_belongs_to_something() {
    let after = |change: &dyn Fn(&mut Build)| {
        let mut build = letter();
        change(&mut build);
        build.objects(&SIGNATURE);
        build.save("/Root 1 0 R");
        code(&build)
    };
    assert_eq!(after(&|build| build.text(" \r\n\0\t")), "read");
    assert_eq!(after(&|build| build.text("%%EOF\n")), "read");
    assert_eq!(after(&|build| build.text("% remark\n")), "pdf-stray-bytes");
    assert_eq!(after(&|build| build.text("30 0 obj null endobj\n")), "pdf-stray-bytes");
    assert_eq!(after(&|build| build.entry(30, [1, 15, 0])), "pdf-object-elsewhere");
    assert_eq!(
        after(&|build| {
            build.entry(30, [1, build.bytes.len() as u64 + 9, 0]);
            build.object(31, "(\n30 0 obj null endobj\n)");
        }),
        "pdf-overlap"
    );
    // In the first revision, what a writer left is only worth a note.
    let mut build = Build::start();
    build.text("% remark\n30 0 obj <</Length 1>> stream\nx\nendstream endobj\n");
    build.objects(&LETTER);
    build.save("/Root 1 0 R");
    let document = Document::read(&build.bytes).expect("it reads");
    assert_eq!(document.notes().iter().map(|note| note.code).collect::<Vec<_>>(), ["pdf-unlisted"]);
    assert_eq!(document.last().get(Id::new(30)), None);
    // A remark that runs into an object.
    let mut build = Build::start();
    build.text("% ");
    build.objects(&LETTER);
    build.save("/Root 1 0 R");
    assert_eq!(code(&build), "pdf-stray-bytes");
}

#[test]
fn streams_are_as_long_as_they_say() {
    let build = letter();
    assert_eq!(replaced(&build, "/Length 12", "/Length 11"), "pdf-stream-length");
    assert_eq!(replaced(&build, "/Length 12", "/Length 99"), "pdf-stream-length");
    let lengths = |later: &str| {
        let mut build = letter();
        build.entry(30, [1, build.bytes.len() as u64, 0]);
        build.text("30 0 obj<</Length 31 0 R>>stream\nabc\nendstream endobj\n");
        build.object(31, "3");
        build.save("/Root 1 0 R");
        build.object(31, later);
        build.save("/Root 1 0 R");
        code(&build)
    };
    assert_eq!(lengths("3"), "read");
    assert_eq!(lengths("2"), "pdf-length-changed");
    let mut build = letter();
    build.stream(30, "/F(other)", b"x");
    build.save("/Root 1 0 R");
    assert_eq!(code(&build), "pdf-external");
}

#[test]
fn object_streams_hold_what_is_listed() {
    let build = packed();
    assert_eq!(code(&build), "read");
    assert_eq!(replaced(&build, "/N 7", "/N 6"), "pdf-object-stream");
    assert_eq!(replaced(&build, "/N 7", "/N 9"), "pdf-object-stream");
    assert_eq!(replaced(&build, "1 0 2 ", "5 0 2 "), "pdf-object-stream");
    assert_eq!(replaced(&build, "/ObjStm", "/ObjStn"), "pdf-object-stream");
    let mut build = packed();
    build.entry(30, [2, 11, 0]);
    build.save_stream(25, "/Root 1 0 R");
    assert_eq!(code(&build), "pdf-object-stream", "of an older revision");
}

#[test]
fn trees_that_are_none_are_refused() {
    let pages = |objects: &[(u32, &str)]| {
        let build = revised(objects);
        let document = Document::read(&build.bytes).expect("it reads");
        document.last().pages().map(|pages| pages.len()).map_err(|finding| finding.code)
    };
    assert_eq!(pages(&[]), Ok(1));
    assert_eq!(pages(&[(2, "<</Type/Pages/Kids[3 0 R]/Count 2>>")]), Err("pdf-page-tree"));
    assert_eq!(pages(&[(2, "<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>")]), Err("pdf-page-tree"));
    assert_eq!(pages(&[(2, "<</Type/Pages/Kids[2 0 R]/Count 1>>")]), Err("pdf-page-tree"));
    assert_eq!(pages(&[(3, "<</Type/Page/Parent 1 0 R>>")]), Err("pdf-page-tree"));
    let fields = |field: &str| {
        let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[21 0 R]>>>>";
        let kid = "<</Parent 21 0 R/T(b)/V(x)>>";
        let build = revised(&[(1, catalog), (21, field), (22, kid)]);
        let document = Document::read(&build.bytes).expect("it reads");
        let fields = document.last().fields().map_err(|finding| finding.code);
        fields.map(|fields| fields.iter().map(|it| format!("{} {:?}", it.name, it.kind)).collect::<Vec<_>>())
    };
    assert_eq!(fields("<</T(a)/FT/Tx/Kids[22 0 R]>>"), Ok(vec![format!("a.b {:?}", Some(b"Tx"))]));
    assert_eq!(fields("<</T(a)/Kids[21 0 R]>>"), Err("pdf-fields"));
    assert_eq!(fields("<</T(a)/Kids[22 0 R 22 0 R]>>"), Err("pdf-fields"));
}

#[test]
fn a_signature_is_an_object_written_once() {
    let verdict = |objects: &[(u32, &str)]| {
        let build = revised(&crate::signature::build::with(&SIGNATURE, objects));
        let document = Document::read(&build.bytes).expect("it reads");
        signatures(&document).map(|found| found.len()).map_err(|finding| finding.code)
    };
    assert_eq!(verdict(&[]), Ok(1));
    for body in [
        "<</ByteRange[0 1 2]/Contents<30>>>",
        "<</ByteRange[0 1 2 3.0]/Contents<30>>>",
        "<</ByteRange[0 1 2 3]/Contents(0)>>",
        "<</ByteRange[0 1 2 3]/Contents 5 0 R>>",
        "<</ByteRange[0 1 2 3]/Contents<30>/Reference[<</TransformMethod/DocMDP/TransformParams<</P 4>>>>]>>",
        "null",
    ] {
        assert_eq!(verdict(&[(22, body)]), Err("pdf-signature"), "{body}");
    }
    let mut build = revised(&SIGNATURE);
    build.objects(&SIGNATURE[6..7]);
    build.save("/Root 1 0 R");
    let document = Document::read(&build.bytes).expect("it reads");
    assert_eq!(signatures(&document).map_err(|finding| finding.code).err(), Some("pdf-signature"));
}
