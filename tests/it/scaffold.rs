//! `init` and `new`: what they write is right as far as it goes, and nothing is overwritten.

use std::process::Command;

use crate::support::{Workspace, example_letters, files_below, repository};

/// The text of a PDF, its white space aside.
fn text_of(pdf: &std::path::Path) -> String {
    let run = Command::new("pdftotext").arg(pdf).arg("-").output().expect("pdftotext is there");
    assert!(run.status.success());
    String::from_utf8(run.stdout).unwrap().split_whitespace().collect()
}

#[test]
fn a_fresh_workspace_is_in_order() {
    let workspace = Workspace::new();
    let written = workspace.run(&["init", "vers", "--json"]).exits(0).json();
    let written: Vec<_> = written["bestanden"].as_array().unwrap().iter().map(|path| path.as_str().unwrap()).collect();
    assert!(written.contains(&"vers/postkamer.toml"), "{written:?}");
    for letter in example_letters() {
        assert!(written.contains(&format!("vers/{letter}").as_str()), "{letter} is not in {written:?}");
    }
    workspace.run(&["check", "--workspace", "vers"]).exits(0);
    for letter in example_letters() {
        workspace.run(&["render", "--workspace", "vers", &format!("vers/{letter}"), "-o", "x.pdf"]).exits(0);
    }
    let id = |folder: &str| {
        let text = workspace.read(&format!("{folder}/postkamer.toml"));
        text.lines().find(|line| line.starts_with("id = ")).unwrap().to_string()
    };
    workspace.run(&["init", "ander"]).exits(0);
    assert_ne!(id("vers"), id("ander"));
    let own = std::fs::read_to_string(repository().join("postkamer.toml")).unwrap();
    assert!(!own.contains(&id("vers")), "the identity of this repository is given away");
}

#[test]
fn init_leaves_what_is_there() {
    let workspace = Workspace::new();
    workspace.write("vers/postkamer.toml", "[organisatie]\nnaam = \"Mijn\"\n");
    workspace.write("vers/letters/reactie-sociale-innovatie.md", "mijn brief");
    let run = workspace.run(&["init", "vers"]).exits(0);
    assert!(run.err.contains("bestond al, blijft zoals het is: vers/postkamer.toml"), "{}", run.err);
    assert_eq!(workspace.read("vers/postkamer.toml"), "[organisatie]\nnaam = \"Mijn\"\n");
    assert_eq!(workspace.read("vers/letters/reactie-sociale-innovatie.md"), "mijn brief");
    let before: Vec<_> =
        files_below(&workspace.path("vers")).into_iter().map(|path| (std::fs::read(&path).unwrap(), path)).collect();
    let again = workspace.run(&["init", "vers", "--json"]).exits(0);
    assert_eq!(again.json(), serde_json::json!({ "bestanden": [] }));
    let after: Vec<_> =
        files_below(&workspace.path("vers")).into_iter().map(|path| (std::fs::read(&path).unwrap(), path)).collect();
    assert!(before == after);
}

#[test]
fn a_new_letter_lacks_exactly_what_must_be_filled_in() {
    let workspace = Workspace::new();
    let cases: [(&str, &[(&str, &str)]); 4] = [
        ("gs-brief", &[("empty-value", "inlichtingen_bij"), ("empty-value", "zaaknummer")]),
        ("gs-brief-2022", &[("empty-value", "inlichtingen_bij")]),
        ("ser-brief", &[]),
        ("uitnodiging", &[("empty-value", "aanvang"), ("empty-value", "locatie"), ("missing-key", "bijeenkomst")]),
    ];
    for (template, own) in cases {
        let name = format!("nieuw-{template}");
        let letter = format!("letters/{name}.md");
        assert_eq!(workspace.run(&["new", template, &name, "--json"]).exits(0).json()["brief"], letter.as_str());
        let report = workspace.run(&["check", &letter, "--json"]).exits(1).json();
        let mut found: Vec<(String, String)> = report[0]["bevindingen"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["code"].as_str().unwrap().into(), one["sleutel"].as_str().unwrap_or_default().into()))
            .collect();
        found.sort();
        let common = [
            ("addressee-nameless", "ontvanger.organisatie"),
            ("addressee-unreachable", "ontvanger"),
            ("empty-value", "onderwerp"),
        ];
        // An invitation begins with a text, which shows what it is for.
        let empty: &[(&str, &str)] = if template == "uitnodiging" { &[] } else { &[("body-empty", "")] };
        let mut expected: Vec<_> =
            common.iter().chain(empty).chain(own).map(|(code, key)| (code.to_string(), key.to_string())).collect();
        expected.sort();
        assert_eq!(found, expected, "{template}");
        let text = workspace.read(&letter);
        let filled = ["onderwerp", "zaaknummer", "aanvang", "locatie", "organisatie"]
            .iter()
            .fold(text, |text, key| text.replace(&format!("\n{key} = \"\""), &format!("\n{key} = \"X\"")));
        let filled = filled.replace("inlichtingen_bij = \"\"", "inlichtingen_bij = \"bom\"");
        workspace.write(&letter, filled.replace("# bijeenkomst", "bijeenkomst"));
        workspace.run(&["check", &letter]).exits(0);
        // Every key that stands there as a comment can be uncommented.
        let open: String = workspace
            .read(&letter)
            .lines()
            .map(|line| {
                if line.contains(" = ") {
                    line.trim_start_matches("# ").to_string() + "\n"
                } else {
                    line.to_string() + "\n"
                }
            })
            .filter(|line| !line.starts_with("in_reactie_op"))
            .collect();
        workspace.write(
            "letters/open.md",
            open.replace("# [afzender]", "[afzender]").replace("\nnaam = \"\"", "\nnaam = \"X\""),
        );
        workspace.run(&["check", "letters/open.md"]).exits(0);
    }
}

#[test]
fn a_new_letter_never_takes_the_place_of_another() {
    let workspace = Workspace::new();
    workspace.run(&["new", "gs-brief", "een"]).exits(0);
    let before = workspace.read("letters/een.md");
    for name in ["een", "een.md"] {
        let run = workspace.run(&["new", "ser-brief", name]).exits(1);
        assert!(run.err.contains("[letter-exists]"), "{}", run.err);
    }
    assert_eq!(workspace.read("letters/een.md"), before);
    for name in
        ["../x", "a/../../x", "/tmp/x", "", ".", "..", "x/", "a//b", ".verborgen", "a\\b", "a\u{1b}b", "a\nb", " "]
    {
        let run = workspace.run(&["new", "gs-brief", name]).exits(1);
        assert!(run.err.contains("[letter-name]"), "{name:?}: {}", run.err);
    }
    for name in ["-dash", "2023/-dash"] {
        let run = workspace.run(&["new", "gs-brief", "--", name]).exits(1);
        assert!(run.err.contains("[letter-name]"), "{name:?}: {}", run.err);
    }
    workspace.run(&["new", "gs-brief", "2023/reünie met spatie"]).exits(0);
    assert!(workspace.path("letters/2023/reünie met spatie.md").is_file());
    let run = workspace.run(&["new", "gs-breif", "x", "--json"]).exits(1);
    assert_eq!(run.json()["fouten"][0]["code"], "unknown-template");
    let run = workspace.run(&["new", "gs-brief", "x", "--aanbevelingen", "weg.txt", "--json"]).exits(1);
    assert_eq!(run.json()["fouten"][0]["code"], "file-missing");
    for (name, bytes) in
        [("x.pdf", &b"%PDF-1.7\n%\xE2\xE3\0"[..]), ("tekst.pdf", b"%PDF-1.4\n"), ("x.doc", b"\xD0\xCF")]
    {
        workspace.write(name, bytes);
        let run = workspace.run(&["new", "gs-brief", "x", "--aanbevelingen", name, "--json"]).exits(1);
        assert_eq!(run.json()["fouten"][0]["code"], "advice-binary", "{name}");
    }
    assert!(!workspace.path("letters/x.md").exists());
    for (name, text, code) in [
        ("niets", "Het was een mooi jaar voor de raad.\n\n".repeat(30), "[advice-none]"),
        ("veel", "- Doe iets.\n".repeat(24), "[advice-many]"),
        ("goed", "- Doe iets.\n".repeat(23), ""),
        ("rest", "Wij raden u scholing aan.\n\n1. Doe dit.\n2. Doe dat.".to_string(), "[advice-left]"),
    ] {
        workspace.write("advies.txt", text);
        let run = workspace.run(&["new", "gs-brief", name, "--aanbevelingen", "advies.txt"]).exits(0);
        assert!(run.err.contains(code) && (!code.is_empty() || !run.err.contains("advice-")), "{}", run.err);
    }
}

#[test]
fn a_new_letter_knows_what_it_answers() {
    let workspace = Workspace::new();
    workspace.run(&["new", "gs-brief", "antwoord", "--in-reactie-op", "I2022-\"000123"]).exits(0);
    assert!(workspace.read("letters/antwoord.md").contains("\nin_reactie_op = 'I2022-\"000123'"));
}

#[test]
fn a_template_with_a_contract_of_its_own_does_not_begin_with_the_shipped_text() {
    let workspace = Workspace::new();
    workspace.run(&["template", "eject", "uitnodiging"]).exits(0);
    workspace.run(&["new", "uitnodiging", "zelfde"]).exits(0);
    assert!(workspace.read("letters/zelfde.md").contains("{{bijeenkomst}}"));
    // As it was ejected before templates had such a text.
    let begin = "templates/uitnodiging/begin.md";
    std::fs::remove_file(workspace.path(begin)).unwrap();
    let manifest =
        "omschrijving = \"x\"\ntalen = [\"nl\"]\n[velden.zaal]\ntype = \"tekst\"\nverplicht = true\nhulp = \"waar\"\n";
    workspace.write("templates/uitnodiging/sjabloon.toml", manifest);
    workspace.run(&["new", "uitnodiging", "eigen"]).exits(0);
    let run = workspace.run(&["check", "letters/eigen.md"]).exits(1);
    assert!(!run.err.contains("[unknown-name]") && run.err.contains("[body-empty]"), "{}", run.err);
    // One that comes with its own is that template's.
    workspace.write(begin, "Kom naar {{zaal}}.\n");
    workspace.run(&["new", "uitnodiging", "met-tekst"]).exits(0);
    assert!(workspace.read("letters/met-tekst.md").contains("Kom naar {{zaal}}."));
}

#[test]
fn help_of_several_lines_stays_a_comment() {
    let workspace = Workspace::new();
    workspace.write("templates/eigen/brief.typ.hbs", "{{inhoud}}\n");
    let manifest = "omschrijving = \"x\"\ntalen = [\"nl\"]\n[velden.zaal]\ntype = \"tekst\"\nhulp = \"\"\"een\nonderwerp = 1\"\"\"\n";
    workspace.write("templates/eigen/sjabloon.toml", manifest);
    workspace.run(&["new", "eigen", "x"]).exits(0);
    let run = workspace.run(&["check", "letters/x.md"]).exits(1);
    assert!(!run.err.contains("toml-syntax") && !run.err.contains("wrong-type"), "{}", run.err);
}

#[test]
fn recommendations_are_text_whatever_signs_they_hold() {
    let workspace = Workspace::new();
    let signs = [
        "Maak {{x}} en {{{y}}} en {{#if z}} en \\{{q}}",
        "Gebruik *ster* en **twee** en _laag_ en __laag__ en ~golf~ en ~~door~~",
        "Het # teken, het $ teken en $x^2$ en @naam en <label> en #let x = 1",
        "Tekst <b>vet</b> en <!-- weg --> en &amp; en &lt;",
        "Schuin \\ en \\\\ en C:\\map\\*.txt en \\n",
        "Een `code` en [link](https://example.nl) en ![beeld](x.png) en [^1]",
        "Een | streep | en www.example.nl en https://example.nl en a@b.nl",
        "Regel met = en + en / en // en /* en */ en ; en (haken",
        "2021. Een jaartal en een punt... en -- en ---",
    ];
    let list: String = signs.iter().enumerate().map(|(at, sign)| format!("1.{} {sign}\n\n", at + 1)).collect();
    let more = "> Citaat met > teken\n\nLosse zin\n= geen kop\n+ geen lijst? {{x}}\n\n# Kop met {{x}} & *ster* #1\n\n1) Eén\n\n2) Twee\n";
    workspace.write("advies.txt", format!("\u{FEFF}{list}{more}").replace('\n', "\r\n"));
    workspace.run(&["new", "ser-brief", "antwoord", "--aanbevelingen", "advies.txt"]).exits(0);
    workspace.change("letters/antwoord.md", "onderwerp = \"\"", "onderwerp = \"X\"");
    workspace.change("letters/antwoord.md", "organisatie = \"\"", "organisatie = \"X\"");
    workspace.run(&["render", "letters/antwoord.md"]).exits(0);
    let text = text_of(&workspace.path("antwoord.pdf"));
    let same = |text: &str| text.replace(['-', '–', '—', '…', '.'], "");
    for sign in signs.iter().chain(&["Citaat met > teken", "Kop met {{x}} & *ster* #1", "Eén", "Twee"]) {
        let sign: String = sign.split_whitespace().collect();
        assert!(same(&text).contains(&same(&sign)), "{sign} is not in {text}");
    }
    assert_eq!(
        text.matches("Onzereactie:").count(),
        workspace.read("letters/antwoord.md").matches("Onze reactie:").count()
    );
}
