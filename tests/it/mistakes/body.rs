//! Mistakes in the Markdown of a body.

use super::{BODY, Batch, letter};
use crate::support::Workspace;

#[test]
fn markdown_that_cannot_be_meant_is_found_at_its_line_and_column() {
    let mut batch = Batch::new();
    let cases: [(&str, &str, u64, u64); 29] = [
        ("Zie [de site](www.overijssel.nl).\n", "link-without-scheme", 0, 5),
        ("Zie\n[de site](javascript:x).\n", "link-scheme", 1, 1),
        ("Zie [de site](file:///etc/passwd).\n", "link-scheme", 0, 5),
        ("Zie [de site]().\n", "link-empty", 0, 5),
        ("Zie [](https://example.nl).\n", "link-without-text", 0, 5),
        ("Zie [de site][site].\n", "link-undefined", 0, 5),
        ("Zie [de site](https://example.nl\n\nTekst.\n", "link-broken", 0, 5),
        ("Zie.[^1]\n", "footnote-undefined", 0, 5),
        ("Zie.[^1]\n\n[^1]:\n", "footnote-empty", 2, 1),
        ("Zie.[^1]\n\n[^1]: een\n[^1]: twee\n", "footnote-duplicate", 3, 1),
        ("Zie.[^1]\n\n[^1]: een[^1]\n", "footnote-cycle", 2, 10),
        ("![](figuren/koplopers-en-peloton.svg)\n", "image-without-alt", 0, 1),
        ("![Een schema](figuren/niet.svg)\n", "image-missing", 0, 1),
        ("![Een schema](../../etc/passwd.png)\n", "path-outside", 0, 1),
        ("![Een schema](/etc/x.png)\n", "path-outside", 0, 1),
        ("![Een schema](figuren/x.docx)\n", "image-format", 0, 1),
        ("![Een schema](https://example.nl/x.png)\n", "image-missing", 0, 1),
        ("# Een\n\n### Drie\n", "heading-skips-level", 2, 1),
        ("# Een\n\n## Twee\n\n# Drie\n\n### Vier\n", "heading-skips-level", 6, 1),
        ("# Een\n\n#\n", "heading-empty", 2, 1),
        ("Tekst <b>vet</b>.\n", "html-in-body", 0, 7),
        ("<div>\nx\n</div>\n", "html-in-body", 0, 1),
        ("Tekst <!-- weg -->.\n", "html-in-body", 0, 7),
        ("| a | b |\n|---|---|\n| 1 | 2 | 3 |\n", "table-row-cells", 2, 1),
        ("| a | b | c |\n|---|---|\n| 1 | 2 | 3 |\n", "table-rule-cells", 1, 1),
        ("Regel.\n\n> | a |\n> |---|---|\n", "table-rule-cells", 3, 3),
        ("| a | b |\n\n|---|---|\n| 1 | 2 |\n", "table-broken", 2, 1),
        ("Een\u{7}bel\n", "character-control", 0, 4),
        ("Regel.\n\nOm\u{202E}gekeerd\n", "character-bidi", 2, 3),
    ];
    for (body, code, line, column) in cases {
        let tall = body.contains("<b>");
        let at = (BODY + line, column);
        batch.judged(body, letter(body), move |found| {
            let first = found.first().is_some_and(|one| one.code == code && (one.line, one.column) == at);
            // An element of HTML has two tags.
            let alone = found.len() == 1 || tall && found.iter().all(|one| one.code == code);
            if first && alone { Ok(()) } else { Err(format!("{code} at {at:?}")) }
        });
    }
    batch.check();
}

#[test]
fn mark_up_that_would_be_printed_is_pointed_out_and_refuses_nothing() {
    let workspace = Workspace::new();
    let body = "#Inleiding\n\nDit is ~~weg~~ en **vet.\n\n- [ ] taak\n- twee\n";
    workspace.write("letters/tekens.md", letter(body));
    let report = workspace.run(&["check", "--json", "letters/tekens.md"]).exits(0).json();
    let found: Vec<_> = report[0]["bevindingen"].as_array().unwrap().iter().collect();
    let expected = [(0, 1), (2, 8), (2, 19), (4, 3)].map(|(line, column)| (BODY + line, column));
    let places: Vec<_> =
        found.iter().map(|one| (one["regel"].as_u64().unwrap(), one["kolom"].as_u64().unwrap())).collect();
    assert_eq!(places, expected, "{report}");
    assert!(found.iter().all(|one| one["code"] == "markdown-literal" && one["ernst"] == "waarschuwing"), "{report}");
}

#[test]
fn a_table_without_a_rule_is_pointed_out_and_refuses_nothing() {
    let workspace = Workspace::new();
    for (body, codes) in [
        ("|a|b|\n|1|2|\n", &["table-broken"][..]),
        ("|x| + |y| = |z|\n|a| + |b| = |c|\n", &["table-broken"]),
        ("+---+---+\n| a | b |\n+---+---+\n", &["table-broken"]),
        ("Regel.\n\n- | - | -\n", &[]),
        ("-|-\n", &[]),
    ] {
        workspace.write("letters/strepen.md", letter(body));
        let report = workspace.run(&["check", "--json", "letters/strepen.md"]).exits(0).json();
        let found: Vec<_> = report[0]["bevindingen"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
        assert_eq!(found, codes, "{report}");
    }
}

#[test]
fn values_and_conditions_before_a_mistake_do_not_shift_its_place() {
    let mut batch = Batch::new();
    for before in [
        "{{onderwerp}}\n",
        "{{onderwerp}}\n\n\n",
        "Tekst {{onderwerp}}\n\n- een {{datum}}\n- twee\n\n",
        "{{#if datum}}\n\nRegel.\n\n{{/if}}\n\n",
        "{{#if uw_kenmerk}}\n\nRegel.\n\n{{else}}\n\nAndere regel.\n\n{{/if}}\n\n\n",
        "{{#each verzonden_aan}}\n- {{this}}\n{{/each}}\n\n",
        "{{#each verzonden_aan}}{{this}}, {{/each}}\n\n",
        "{{!-- opmerking\nover twee regels --}}\n\n",
        "  {{~onderwerp~}}  \n\nëén\n\n",
        "\\{{letterlijk}}\n\n",
        "{{#if datum}}\n{{#if onderwerp}}\nx\n{{/if}}\n{{/if}}\n\n",
    ] {
        let line = BODY + before.matches('\n').count() as u64;
        let blank = if before.ends_with("\n\n") { 0 } else { 1 };
        let body = format!("{before}{}Zie [de site](www.overijssel.nl).\n", "\n".repeat(blank));
        batch.one_at(before, letter(&body), "link-without-scheme", (line + blank as u64, 5));
    }
    batch.check();
}

#[test]
fn files_that_a_letter_names_lie_in_the_workspace() {
    let mut batch = Batch::new();
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("geheim.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>").unwrap();
    std::fs::write(outside.path().join("geheim.pdf"), "x").unwrap();
    let workspace = batch.workspace();
    workspace.write("bijlagen/b.pdf", "x");
    workspace.write("letters/bijlagen/a.pdf", "x");
    let svg = workspace.read("letters/figuren/koplopers-en-peloton.svg");
    workspace.write("figuren/boven.svg", svg);
    for name in ["geheim.svg", "geheim.pdf"] {
        std::os::unix::fs::symlink(outside.path().join(name), workspace.path(&format!("letters/{name}"))).unwrap();
    }
    std::os::unix::fs::symlink(outside.path(), workspace.path("letters/weg")).unwrap();
    std::os::unix::fs::symlink(workspace.path("bijlagen"), workspace.path("letters/binnen")).unwrap();
    let with = |list: &str| letter("Tekst.\n").replace("[ontvanger]", &format!("bijlagen = {list}\n\n[ontvanger]"));
    for (path, code) in [
        ("bijlagen/weg.pdf", "enclosure-missing"),
        ("bijlagen", "enclosure-missing"),
        ("", "enclosure-missing"),
        ("../../b.pdf", "path-outside"),
        ("/etc/passwd", "path-outside"),
        ("geheim.pdf", "path-outside"),
        ("weg/geheim.pdf", "path-outside"),
    ] {
        let column = 31;
        let list = format!("[\"bijlagen/a.pdf\", {}\"{path}\"]", "");
        batch.one_at(format!("bijlage {path}"), with(&list), code, (8, column));
    }
    for path in ["bijlagen/a.pdf", "./bijlagen/a.pdf", "../bijlagen/b.pdf", "binnen/b.pdf"] {
        batch.none(path, with(&format!("[\"{path}\"]")));
    }
    for path in ["geheim.svg", "weg/geheim.svg", "../../x.svg"] {
        batch.one_at(path, letter(&format!("![Een schema]({path})\n")), "path-outside", (BODY, 1));
    }
    batch.none("above", letter("![Een schema](../figuren/boven.svg)\n"));
    batch.check();
}

#[test]
fn an_image_that_cannot_be_read_is_found_at_the_line_that_names_it() {
    let mut batch = Batch::new();
    batch.workspace().write("letters/figuren/kapot.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><g>");
    batch.workspace().write("letters/figuren/leeg.png", "");
    batch.workspace().write("letters/figuren/nep.jpg", "dit is tekst");
    for name in ["kapot.svg", "leeg.png", "nep.jpg"] {
        let body = format!("Tekst.\n\nNog meer tekst.\n\n![Een schema](figuren/{name})\n\nSlot.\n");
        batch.one(name, letter(&body), "typst", BODY + 4);
        let inside = format!("Tekst met ![een schema](figuren/{name}) erin.\n");
        batch.one(format!("{name} in a line"), letter(&inside), "typst", BODY);
    }
    batch.check();
}

#[test]
fn what_markdown_can_hold_is_typeset() {
    let mut batch = Batch::new();
    for body in [
        "Boven.\n\n---\n\nOnder.\n",
        "Regel een  \nregel twee\\\nregel drie.\n",
        "1. een\n   1. een een\n      - diep\n2. twee\n",
        "> citaat\n>\n> > dieper\n",
        "| a | b |\n|:--|--:|\n| 1 | **2** |\n",
        "Een[^1] en nog eens[^1].\n\n[^1]: Noot met *nadruk* en [link](https://example.nl).\n",
        "`code {{onderwerp}}` en een URL <https://example.nl>.\n",
        "```\ncode\n```\n",
        "Zet \\{{onderwerp}} letterlijk.\n",
        "Een { los } en {{!-- een opmerking --}} woord.\n",
        "5 < 6 & 7 > 3; #hekje @apenstaart $dollar$ ~tilde~ =is=\n",
    ] {
        batch.none(body, letter(body));
    }
    let workspace = Workspace::new();
    workspace.write("letters/lijn.md", letter("Boven.\n\n---\n\nOnder.\n"));
    let run = workspace.run(&["render", "letters/lijn.md"]).exits(0);
    assert!(!run.err.contains("let op"), "{}", run.err);
    batch.check();
}
