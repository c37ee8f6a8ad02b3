//! Mistakes in a template of the workspace.

use super::{errors, letter};
use crate::support::Workspace;

const MANIFEST: &str = "omschrijving = \"Eigen\"\ntalen = [\"nl\"]\nkenmerkregel = [\"datum\"]\n";
const LETTERHEAD: &str = "#set document(title: [x])\n#set text(lang: \"nl\")\n\n{{inhoud}}\n";

/// A workspace with a template `eigen` and a letter with it.
fn workspace(manifest: &str, letterhead: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("templates/eigen/sjabloon.toml", manifest);
    workspace.write("templates/eigen/brief.typ.hbs", letterhead);
    workspace.write("letters/x.md", letter("Tekst.\n").replace("ser-brief", "eigen"));
    workspace
}

#[track_caller]
fn refused(workspace: &Workspace, code: &str, file: &str, line: u64) {
    let run = workspace.run(&["render", "letters/x.md", "--json"]).exits(1);
    let found: Vec<_> = errors(&run).into_iter().map(|one| (one.code, one.file, one.line)).collect();
    assert_eq!(found, [(code.to_string(), file.to_string(), line)]);
    let people = workspace.run(&["check", "letters/x.md"]).exits(1);
    assert!(people.err.contains(&format!("{file}:{line}:")), "{}", people.err);
    assert!(!people.err.contains("panicked"), "{}", people.err);
    assert!(!workspace.path("x.pdf").exists());
}

#[test]
fn mistakes_in_a_manifest_name_that_file_and_line() {
    workspace(MANIFEST, LETTERHEAD).run(&["check", "letters/x.md"]).exits(0);
    for (wrong, code, line) in [
        ("omschrijvng = \"x\"\n", "unknown-key", 4),
        ("namens = \"ja\"\n", "wrong-type", 4),
        ("vouwmerken = [\"105\"]\n", "length-invalid", 4),
        ("vouwmerken = [\"999mm\"]\n", "length-invalid", 4),
        ("[venster]\nlinks = \"-5mm\"\n", "length-invalid", 5),
        ("[venster]\nkant = \"boven\"\n", "unknown-choice", 5),
        ("[velden.onderwerp]\ntype = \"datum\"\n", "template-field-redefined", 4),
        ("[velden.zaal]\nverplicht = false\n", "template-field-untyped", 4),
        ("[velden.zaal]\ntype = \"plaats\"\n", "unknown-choice", 5),
        ("[velden.Zaal-1]\ntype = \"tekst\"\n", "template-field-name", 4),
        ("[velden.inhoud]\ntype = \"tekst\"\n", "template-field-name", 4),
        ("[velden.zaal\n", "toml-syntax", 4),
        ("[archief]\nbewaartermijn = \"P20\"\n", "retention-invalid", 5),
        ("[archief]\nwaardering = \"X\"\n", "appraisal-unknown", 5),
        ("[archief]\nurl = \"archief\"\n", "unknown-key", 5),
    ] {
        let found = workspace(&format!("{MANIFEST}{wrong}"), LETTERHEAD);
        let run = found.run(&["render", "letters/x.md", "--json"]).exits(1);
        let list = errors(&run);
        let first = list.first().map(|one| (one.code.as_str(), one.file.as_str(), one.line));
        assert_eq!(first, Some((code, "templates/eigen/sjabloon.toml", line)), "{wrong}: {list:?}");
    }
    refused(&workspace("talen = [\"nl\"]\n", LETTERHEAD), "missing-key", "templates/eigen/sjabloon.toml", 1);
}

#[test]
fn mistakes_in_a_letterhead_name_that_file_and_line() {
    let file = "templates/eigen/brief.typ.hbs";
    for (wrong, code, line) in [
        ("{{onderwrp}}\n", "unknown-name", 5),
        ("\n{{#if brief.kenmrk}}x{{/if}}\n", "unknown-name", 6),
        ("{{{onderwerp}}}\n", "raw-output", 5),
        ("{{> gedeeld}}\n", "partial-not-allowed", 5),
        ("{{#if datum}}\n", "block-unclosed", 5),
        ("{{typt datum}}\n", "unknown-helper", 5),
        ("${{onderwerp}}$\n", "value-misplaced", 5),
        ("`{{onderwerp}}`\n", "value-misplaced", 5),
        ("{{uw_kenmerk}}\n", "value-missing", 5),
        ("#onbekend(1)\n", "typst", 5),
        ("\n#let x = (1\n", "typst", 6),
        ("#image(\"/niet.svg\", alt: \"x\")\n", "typst", 5),
        ("#import \"@preview/cetz:0.2.0\": *\n", "typst", 5),
        ("#read(\"/../../etc/passwd\")\n", "typst", 5),
        ("#{\n  panic(\"stuk\")\n}\n", "typst", 6),
        ("a\u{F0000}b\n", "character-private", 5),
    ] {
        let found = workspace(MANIFEST, &format!("{LETTERHEAD}{wrong}"));
        let list = errors(&found.run(&["render", "letters/x.md", "--json"]).exits(1));
        let first = list.first().map(|one| (one.code.as_str(), one.file.as_str(), one.line));
        assert_eq!(first, Some((code, file, line)), "{wrong:?}: {list:?}");
    }
}

#[test]
fn typst_errors_in_a_changed_shipped_template_name_its_file_and_line() {
    let workspace = Workspace::new();
    workspace.run(&["template", "eject", "gs-brief"]).exits(0);
    workspace.run(&["template", "eject", "gedeeld"]).exits(0);
    let letter = "letters/reactie-sociale-innovatie.md";
    let find = |file: &str, text: &str, code: &str| {
        let line = workspace.read(file).lines().position(|line| line.contains(text)).unwrap() as u64 + 1;
        let found = errors(&workspace.run(&["check", "--json", letter]).exits(1));
        assert_eq!((found[0].code.as_str(), found[0].file.as_str(), found[0].line), (code, file, line), "{found:?}");
    };
    for (file, from, to) in [
        ("templates/gs-brief/brief.typ.hbs", "#brief(stijl,", "#briefje(stijl,"),
        ("templates/gs-brief/stijl.typ", "#let stijl", "#onbekend()\n#let stijl"),
        ("templates/gedeeld/tekst.typ", "aanwezig.join(linebreak())", "onbekend(aanwezig)"),
        (
            "templates/gedeeld/hoofd.typ",
            "#let hoofd(stijl, gegevens) = {",
            "#let hoofd(stijl, gegevens) = {\n  onbekend()",
        ),
        ("templates/gedeeld/slot.typ", "#let", "#let x = (\n#let"),
    ] {
        let whole = workspace.read(file);
        workspace.change(file, from, to);
        let wrong = if to.starts_with("#let x") {
            "#let x = ("
        } else {
            to.lines().find(|line| line.contains("onbekend") || line.contains("briefje")).unwrap()
        };
        find(file, wrong.trim(), "typst");
        workspace.write(file, whole);
    }
    workspace.run(&["check", letter]).exits(0);
}

#[test]
fn a_template_without_its_letterhead_and_files_that_are_no_text_are_refused() {
    let found = workspace(MANIFEST, LETTERHEAD);
    std::fs::remove_file(found.path("templates/eigen/brief.typ.hbs")).unwrap();
    refused(&found, "file-missing", "templates/eigen/brief.typ.hbs", 1);
    found.write("templates/eigen/brief.typ.hbs", b"abc\n\xff\xfe".as_slice());
    refused(&found, "file-not-utf8", "templates/eigen/brief.typ.hbs", 2);
    found.write("templates/eigen/brief.typ.hbs", "{{#if datum}}".repeat(100));
    refused(&found, "nesting-too-deep", "templates/eigen/brief.typ.hbs", 1);
    found.write("templates/eigen/brief.typ.hbs", "");
    found.write("templates/eigen/sjabloon.toml", "");
    // The others are listed all the same.
    let run = found.run(&["template", "list", "--json"]).exits(1);
    assert_eq!(run.json().as_array().map(Vec::len), Some(4));
    assert_eq!(run.err.matches("[missing-key]").count(), 2, "{}", run.err);
    assert!(run.err.contains("templates/eigen/sjabloon.toml:1:1"), "{}", run.err);
}

#[test]
fn a_template_that_leaves_out_the_body_is_refused() {
    refused(
        &workspace(MANIFEST, "#set document(title: [x])\nLeeg\n"),
        "body-left-out",
        "templates/eigen/brief.typ.hbs",
        1,
    );
}
