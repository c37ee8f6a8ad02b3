//! `template`: listing, showing, copying out, and a workspace's own templates and fonts.

use crate::support::{Workspace, repository};

const LETTER: &str = "letters/reactie-sociale-innovatie.md";

#[test]
fn every_template_is_listed_with_where_it_comes_from() {
    let workspace = Workspace::new();
    let shipped = ["gs-brief", "gs-brief-2022", "ser-brief", "uitnodiging"];
    let list = workspace.run(&["template", "list", "--json"]).exits(0).json();
    let rows = list.as_array().unwrap();
    assert_eq!(rows.iter().map(|row| row["naam"].as_str().unwrap()).collect::<Vec<_>>(), shipped);
    for row in rows {
        assert_eq!(row["herkomst"], "meegeleverd");
        assert_eq!(row["talen"], serde_json::json!(["nl", "en", "de"]));
        assert!(row["omschrijving"].as_str().is_some_and(|text| !text.is_empty()));
    }
    workspace.run(&["template", "eject", "ser-brief"]).exits(0);
    workspace.write("templates/eigen/sjabloon.toml", "omschrijving = \"Eigen\"\ntalen = [\"nl\"]\n");
    let list = workspace.run(&["template", "list", "--json"]).exits(0).json();
    let own: Vec<_> = list.as_array().unwrap().iter().filter(|row| row["herkomst"] == "werkruimte").collect();
    assert_eq!(own.iter().map(|row| row["naam"].as_str().unwrap()).collect::<Vec<_>>(), ["eigen", "ser-brief"]);
    let people = workspace.run(&["template", "list"]).exits(0);
    assert_eq!(people.out.lines().count(), 5);
    assert_eq!(people.err, "");
}

#[test]
fn an_unknown_template_is_refused_by_every_verb_that_names_one() {
    let workspace = Workspace::new();
    for verb in [&["template", "show"][..], &["template", "eject"]] {
        for (name, hint) in
            [("gs-breif", "gs-brief"), ("..", "uitnodiging"), ("/etc", "uitnodiging"), ("", "uitnodiging")]
        {
            let run = workspace.run(&[verb, &[name]].concat()).exits(1);
            assert!(run.err.contains("[unknown-template]") && run.err.contains(hint), "{}", run.err);
        }
    }
    assert!(!workspace.path("templates").exists());
}

#[test]
fn what_is_ejected_is_what_was_shipped_and_is_never_overwritten() {
    let workspace = Workspace::new();
    let before = workspace.run(&["render", LETTER, "-o", "-"]).exits(0).out;
    for name in ["gs-brief", "gedeeld"] {
        let written = workspace.run(&["template", "eject", name, "--json"]).exits(0).json();
        for path in written["bestanden"].as_array().unwrap() {
            let path = path.as_str().unwrap();
            assert_eq!(workspace.read(path), std::fs::read_to_string(repository().join(path)).unwrap());
        }
        assert!(written["bestanden"].as_array().unwrap().len() >= 3);
    }
    assert!(workspace.run(&["render", LETTER, "-o", "-"]).exits(0).out == before);
    workspace.write("templates/gs-brief/stijl.typ", "mijn stijl");
    std::fs::remove_file(workspace.path("templates/gs-brief/sjabloon.toml")).unwrap();
    let again = workspace.run(&["template", "eject", "gs-brief", "--json"]).exits(0).json();
    assert_eq!(again["bestanden"], serde_json::json!(["templates/gs-brief/sjabloon.toml"]));
    assert_eq!(workspace.read("templates/gs-brief/stijl.typ"), "mijn stijl");
}

#[test]
fn a_change_to_an_ejected_template_shows_in_the_letter() {
    let workspace = Workspace::new();
    workspace.run(&["template", "eject", "gs-brief"]).exits(0);
    workspace.change(
        "templates/gs-brief/brief.typ.hbs",
        "{{inhoud}}",
        "Bij {{ontvanger.organisatie}} #upper[hoort dit].\n\n{{inhoud}}",
    );
    workspace.run(&["render", LETTER, "-o", "x.pdf"]).exits(0);
    let text = pdftotext(&workspace, "x.pdf");
    assert!(text.contains("Bij SER Overijssel HOORT DIT."), "{text}");
    workspace.change(
        "templates/gs-brief/sjabloon.toml",
        "[velden.zaaknummer]",
        "[velden.uw_kenmerk]\nverplicht = true\n\n[velden.zaaknummer]",
    );
    let run = workspace.run(&["check", LETTER, "--json"]).exits(1).json();
    assert_eq!(
        (&run[0]["bevindingen"][0]["code"], &run[0]["bevindingen"][0]["sleutel"]),
        (&"missing-key".into(), &"uw_kenmerk".into())
    );
}

#[test]
fn a_workspace_has_templates_and_fonts_of_its_own() {
    let workspace = Workspace::new();
    let manifest = "omschrijving = \"Besluit\"\ntalen = [\"nl\"]\n
[velden.artikelen]\ntype = \"lijst\"\nverplicht = true\n[velden.soort]\ntype = \"keuze\"\nkeuzes = [\"besluit\", \"motie\"]\n
[velden.bijdrage]\ntype = \"aantal\"\n[velden.spoed]\ntype = \"ja_nee\"\n[velden.zaal]\ntype = \"tabel\"\n[velden.zaal.velden.naam]\ntype = \"tekst\"\nverplicht = true\n";
    let letterhead = "#import \"deel.typ\": kader\n#set document(title: [x])\n#set text(lang: \"nl\", font: \"Eigen Letter\")\n
{{#each artikelen}}#kader[Artikel {{@index}}: {{this}}]\n{{/each}}\n{{soort}} {{bijdrage}} {{#if spoed}}met spoed{{/if}} in {{zaal.naam}}\n\n{{inhoud}}\n";
    workspace.write("templates/besluit/sjabloon.toml", manifest);
    workspace.write("templates/besluit/brief.typ.hbs", letterhead);
    workspace.write("templates/besluit/deel.typ", "#let kader(inhoud) = block(inhoud)\n");
    let letter = "+++\nsjabloon = \"besluit\"\nonderwerp = \"X\"\nartikelen = [\"#een *\", \"twee\"]\nsoort = \"motie\"\nbijdrage = 12
spoed = true\n[zaal]\nnaam = \"A\"\n[ontvanger]\norganisatie = \"X\"\n+++\n\nTekst {{zaal.naam}}.\n";
    workspace.write("letters/b.md", letter);
    // A file beside it is not found by its name alone: the filled text stands at the root.
    let run = workspace.run(&["check", "letters/b.md", "--json"]).exits(1).json();
    assert_eq!(run[0]["bevindingen"][0]["bestand"], "templates/besluit/brief.typ.hbs");
    workspace.change("templates/besluit/brief.typ.hbs", "\"deel.typ\"", "\"/besluit/deel.typ\"");
    let warned = workspace.run(&["render", "letters/b.md"]).exits(0);
    assert!(warned.err.contains("unknown font family"), "{}", warned.err);
    let text = pdftotext(&workspace, "b.pdf");
    assert!(
        text.contains("Artikel 0: #een *") && text.contains("motie 12 met spoed in A") && text.contains("Tekst A."),
        "{text}"
    );

    // A shipped font under a name of its own.
    let font = std::fs::read(repository().join("fonts/OpenSans-Regular.ttf")).unwrap();
    workspace.write("fonts/eigen.ttf", font);
    workspace.change("templates/besluit/brief.typ.hbs", "Eigen Letter", "Open Sans");
    workspace.run(&["render", "letters/b.md"]).exits(0);
    workspace.write("fonts/LEESMIJ.txt", "geen lettertype");
    workspace.run(&["render", "letters/b.md"]).exits(0);
    workspace.write("fonts/kapot.ttf", "geen lettertype");
    let run = workspace.run(&["render", "letters/b.md", "--json"]).exits(1);
    let finding = &run.json()["fouten"][0];
    assert_eq!((&finding["code"], &finding["bestand"]), (&"font-unreadable".into(), &"fonts/kapot.ttf".into()));

    let shown = workspace.run(&["template", "show", "besluit"]).exits(0).out;
    for part in ["* artikelen", "  soort", "besluit|motie", "* zaal.naam"] {
        assert!(shown.contains(part), "{part} is not in\n{shown}");
    }
}

fn pdftotext(workspace: &Workspace, pdf: &str) -> String {
    let run =
        std::process::Command::new("pdftotext").arg(workspace.path(pdf)).arg("-").output().expect("pdftotext is there");
    String::from_utf8(run.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}
