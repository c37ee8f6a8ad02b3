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

#[test]
fn numbers_and_days_of_a_workbook_are_written_as_the_letter_would() {
    let post = Post::new();
    let text = TEXT.replace("[rij]\n", "[rij]\nbedrag = \"5\"\nafspraak = \"1 mei\"\ngrens = \"1\"\n");
    let body = "Wij werken op {{rij.afspraak}} voor {{rij.bedrag}} euro{{#if (gt rij.grens 100)}}, en meer{{/if}} aan";
    post.write(LETTER, text.replace("Wij werken aan", body));
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    let day = rust_xlsxwriter::Format::new().set_num_format("d-m-yyyy");
    for (at, name) in HEADER.split(';').chain(["bedrag", "afspraak", "grens"]).enumerate() {
        sheet.write(0, at as u16, name).unwrap();
    }
    for (at, cell) in row(1).split(';').enumerate() {
        sheet.write(1, at as u16, cell).unwrap();
    }
    sheet.write(1, 6, 1250.5).unwrap();
    sheet.write_with_format(1, 7, rust_xlsxwriter::ExcelDateTime::from_ymd(2027, 5, 1).unwrap(), &day).unwrap();
    // What the letter compares stays a number that can be compared.
    sheet.write(1, 8, 100.5).unwrap();
    post.write("straat.xlsx", workbook.save_to_buffer().unwrap());
    let arguments = ["mail", "run", LETTER, "--recipients", "straat.xlsx", "--name", NAME, "--jobs", "1"];
    for _ in 0..2 {
        let report = post.run(&[&arguments[..], &["--json"]].concat()).exits(0).json();
        assert_eq!(standing(&report), [done(2, 1)]);
    }
    let text = crate::support::pdf_text(&post.office.workspace.path(&pdf(1)));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("op 1 mei 2027 voor 1250,5 euro, en meer aan"), "{text}");
    post.is_sound();
}
