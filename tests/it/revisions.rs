//! PDFs that other programs made or changed: what is read, and which changes are those of a signature.

use std::path::{Path, PathBuf};

use postkamer::messages::{Messages, Tongue};
use postkamer::signature::issued::unchanged;
use postkamer::signature::pdf::{Document, signatures};
use tempfile::TempDir;

use crate::outside::{run, script};
use crate::support::{Workspace, example_letters};

/// The PDF of a letter.
fn letter(workspace: &Workspace, letter: &str) -> Vec<u8> {
    workspace.run(&["render", letter, "-o", "brief.pdf"]).exits(0);
    std::fs::read(workspace.path("brief.pdf")).expect("the PDF")
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).expect("the file")
}

/// The codes of what is refused or noted, in one line.
fn verdict(file: &[u8], issued: &[u8]) -> String {
    match unchanged(file, issued) {
        Ok(notes) => {
            let codes: Vec<&str> = notes.iter().map(|note| note.code).collect();
            format!("ok {}", codes.join(" ")).trim_end().to_string()
        }
        Err(finding) => {
            let words = Messages::new(Tongue::Nl).finding(&finding);
            assert!(!words.message.contains("{$"), "{words:?}");
            finding.code.to_string()
        }
    }
}

#[test]
fn every_example_letter_reads_and_is_unchanged() {
    let workspace = Workspace::new();
    for name in example_letters() {
        let pdf = letter(&workspace, &name);
        let document = Document::read(&pdf).unwrap_or_else(|finding| panic!("{name}: {finding:?}"));
        assert_eq!(document.revisions().len(), 1, "{name}");
        assert_eq!(document.notes(), [], "{name}");
        assert!(!document.last().pages().expect("pages").is_empty());
        assert_eq!(verdict(&pdf, &pdf), "ok", "{name}");
    }
}

#[test]
fn what_a_signature_needs_is_allowed_and_nothing_else() {
    let workspace = Workspace::new();
    let issued = letter(&workspace, "letters/reactie-sociale-innovatie.md");
    let folder = TempDir::new().expect("a folder");
    let files = [workspace.path("brief.pdf"), folder.path().to_path_buf()];
    let Some(made) = script("revisions.py", &[], &files) else { return };
    let expected = [
        ("good-nothing", "ok", 0),
        ("good-signed", "ok change-metadata change-information", 1),
        ("good-signed-twice", "ok change-metadata change-information", 2),
        ("good-visible", "ok change-metadata change-visible change-information", 1),
        ("good-certified", "ok change-metadata change-information", 1),
        ("good-closed", "ok change-metadata change-information", 1),
        ("change-certified", "change-certified", 2),
        ("change-covers", "change-covers", 1),
        ("change-page", "change-page", 1),
        ("change-page-afterwards", "change-page", 1),
        ("change-annotation", "change-annotation", 1),
        ("change-annotation-afterwards", "change-annotation", 1),
        ("change-catalog", "change-catalog", 1),
        ("change-catalog-afterwards", "change-catalog", 1),
        ("change-page-rotate", "change-page", 1),
        ("change-page-rotate-afterwards", "change-page", 1),
        ("pdf-page-tree", "pdf-page-tree", 1),
        ("not-as-issued", "not-as-issued", 1),
        ("reads-pymupdf", "not-as-issued", 0),
        ("reads-pymupdf-objects", "not-as-issued", 0),
    ];
    assert_eq!(made.as_array().map(Vec::len), Some(expected.len()), "{made}");
    for (name, wanted, signed) in expected {
        let file = read(&folder.path().join(name).with_added_extension("pdf"));
        assert_eq!(verdict(&file, &issued), wanted, "{name}");
        let document = Document::read(&file).unwrap_or_else(|finding| panic!("{name}: {finding:?}"));
        let found = signatures(&document).unwrap_or_else(|finding| panic!("{name}: {finding:?}"));
        assert_eq!(found.len(), signed, "{name}");
        for signature in found {
            // The gap of the byte range is the token of /Contents, and it ends where its revision does.
            let [start, before, after, rest] = signature.byte_range.map(|number| usize::try_from(number).unwrap());
            assert_eq!((start, before..after), (0, signature.contents.clone()), "{name}");
            assert_eq!(after + rest, document.revisions()[signature.revision].bytes.end, "{name}");
            assert_eq!(signature.sub_filter.as_deref(), Some("ETSI.CAdES.detached"));
        }
    }
    let closed = read(&folder.path().join("good-closed.pdf"));
    let certified = signatures(&Document::read(&closed).expect("it reads")).expect("signatures");
    assert_eq!(certified[0].certifies, Some(1));
}

#[test]
fn other_writers_forms_of_the_same_file_are_read() {
    let workspace = Workspace::new();
    let pages = {
        let pdf = letter(&workspace, "letters/advies-basisvaardigheden.md");
        Document::read(&pdf).expect("it reads").last().pages().expect("pages").len()
    };
    let brief = workspace.path("brief.pdf");
    for options in [
        &["--object-streams=generate"][..],
        &["--object-streams=disable"],
        &["--linearize"],
        &["--linearize", "--object-streams=generate"],
        &["--linearize", "--object-streams=disable", "--newline-before-endstream"],
        &["--qdf"],
    ] {
        let out: PathBuf = workspace.path("other.pdf");
        if run("qpdf", options, &[brief.clone(), out.clone()]).is_none() {
            return;
        }
        let bytes = read(&out);
        let document = Document::read(&bytes).unwrap_or_else(|finding| panic!("{options:?}: {finding:?}"));
        assert_eq!(document.last().pages().expect("pages").len(), pages, "{options:?}");
        assert_eq!(document.revisions().len(), 1, "{options:?}");
        // Signed by another program, a file of any form still reads, and is unchanged but for the signature.
        let folder = TempDir::new().expect("a folder");
        let Some(_) = script("revisions.py", &[], &[out, folder.path().to_path_buf()]) else { return };
        for name in ["good-signed", "good-signed-twice", "good-visible"] {
            let file = read(&folder.path().join(name).with_added_extension("pdf"));
            let verdict = verdict(&file, &bytes);
            assert!(verdict.starts_with("ok"), "{options:?} {name}: {verdict}");
        }
    }
}
