//! The letters themselves: each conforms, and another run in another workspace makes the same bytes.

use std::path::PathBuf;

use postkamer::signature::conformance::Conformance;
use postkamer::signature::pdf::Document;

use super::*;
use crate::archive::is_valid_ocfl;
use crate::outside::run;

/// How many letters.
const LETTERS: usize = 60;

/// A row whose letter has a length and an address of its own.
fn varied(at: usize) -> String {
    let theme =
        ["de stoep", "de riolering en de kabels", "\"*het* groen; én #let x\"", "een brug ‘Ørsted’ – 3 < 4"][at % 4];
    let long = if at.is_multiple_of(7) { "de straat en de goot ".repeat(120) } else { String::new() };
    let whom = ["Bakker", "Café d’Één", "Vereniging van Eigenaren “De Kolk”"][at % 3];
    format!("{whom} {at};Dorpsstraat;{at};80{:02} EE;Zwolle;\"{long}{}\"", at + 10, theme.replace('"', ""))
}

#[test]
fn all_conform_and_are_made_the_same_again() {
    let lines: Vec<_> = (1..=LETTERS).map(varied).collect();
    let [one, other] = [(); 2].map(|()| {
        let post = Post::new();
        post.rows(&lines);
        post
    });
    assert_eq!(counts(&one.mailed(0)), [LETTERS as u64, LETTERS as u64, 0, 0]);
    // One process instead of two, and not all at once.
    other.rows(&lines[..40]);
    let by_one = ["mail", "run", LETTER, "--recipients", TABLE, "--name", NAME, "--jobs", "1"];
    other.run(&by_one).exits(0);
    other.rows(&lines);
    other.run(&by_one).exits(0);
    assert_eq!(one.status(), other.status());
    let mut files: Vec<PathBuf> = Vec::new();
    let mut pages = std::collections::BTreeSet::new();
    for number in 1..=LETTERS {
        let bytes = one.bytes(&pdf(number));
        assert!(bytes == other.bytes(&pdf(number)), "letter {number} is another one");
        let document = Document::read(&bytes).expect("a PDF in order");
        let verdict = Conformance::of(&document);
        assert!(verdict.pdfa && verdict.pdfua, "{number}: {:?}", verdict.failures);
        assert_eq!(verdict.level.as_deref(), Some("2a"));
        pages.insert(document.last().pages().expect("pages").len());
        files.push(one.office.workspace.path(&pdf(number)));
    }
    assert!(pages.len() > 1, "all letters have one length");
    let sample: Vec<_> = files.iter().step_by(13).cloned().collect();
    for flavour in ["2a", "ua1"] {
        if let Some(report) = run("verapdf", &["--format", "text", "-v", "-f", flavour], &sample) {
            let passed = report.lines().filter(|line| line.starts_with("PASS ")).count();
            assert_eq!(passed, sample.len(), "{flavour}: {report}");
        }
    }
    one.is_sound();
    is_valid_ocfl(&one.office.workspace.path("archief"));
    let arguments = |to: &'static str| ["--merge", to, "--order", "postcode"];
    one.mail(&arguments("druk.pdf")).exits(0);
    other.mail(&arguments("druk.pdf")).exits(0);
    assert!(one.bytes("druk.pdf") == other.bytes("druk.pdf"), "the print file is another one");
}
