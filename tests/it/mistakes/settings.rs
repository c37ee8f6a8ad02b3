//! Mistakes in `postkamer.toml` and in the environment that overrides it.

use super::{errors, letter};
use crate::support::Workspace;

const PLAIN: &str = "[organisatie]\nnaam = \"Waterschap\"\n\n[ondertekening.ser]\nnamens = \"Waterschap\"\n";

fn workspace(settings: &str) -> Workspace {
    let workspace = Workspace::new();
    workspace.write("postkamer.toml", settings);
    workspace.write("letters/x.md", letter("Tekst.\n"));
    workspace
}

#[test]
fn mistakes_in_the_settings_name_that_file_and_line() {
    let cases = [
        ("naam = \"Waterschap\"", "naam = 1", "wrong-type", 2),
        ("naam = \"Waterschap\"", "naam = \"\"", "empty-value", 2),
        ("naam = \"Waterschap\"", "naam = \"  \"", "empty-value", 2),
        ("naam", "naaam", "unknown-key", 2),
        ("[organisatie]\nnaam = \"Waterschap\"\n", "", "missing-key", 1),
        ("naam = \"Waterschap\"", "telefoon = \"1\"", "missing-key", 1),
        ("naam = \"Waterschap\"", "naam = \"Waterschap", "toml-syntax", 2),
        ("[ondertekening.ser]", "[ondertekning.ser]", "unknown-key", 4),
        ("namens = \"Waterschap\"", "ondertekenaars = [{ rol = \"x\" }]", "missing-key", 5),
        ("namens = \"Waterschap\"", "ondertekenaars = [{ rol = \"x\", naam = \"\" }]", "empty-value", 5),
        ("namens = \"Waterschap\"", "[pdf]\nstandaard = [\"a-9z\"]", "unknown-choice", 6),
        ("namens = \"Waterschap\"", "[vertrouwen]\ntijdstempel_vereist = \"ja\"", "wrong-type", 6),
        ("naam = \"Waterschap\"", "naam = \"W\"\nlogo = \"logo.svg\"", "logo-without-alt", 3),
        ("naam = \"Waterschap\"", "naam = \"W\"\nlogo = \"logo.svg\"\nlogo_alt = \"L\"", "logo-missing", 3),
        ("naam = \"Waterschap\"", "naam = \"W\"\nlogo = \"../logo.svg\"\nlogo_alt = \"L\"", "path-outside", 3),
        ("naam = \"Waterschap\"", "naam = \"W\"\nlogo = \"/etc/passwd\"\nlogo_alt = \"L\"", "path-outside", 3),
        ("naam = \"Waterschap\"", "naam = \"W\\u202Ex\"", "character-bidi", 2),
        ("namens = \"Waterschap\"", "namens = \"W\\u0007x\"", "character-control", 5),
        ("namens = \"Waterschap\"", "namens = \"W\\U000F0000x\"", "character-private", 5),
    ];
    for (from, to, code, line) in cases {
        let workspace = workspace(&PLAIN.replacen(from, to, 1));
        let run = workspace.run(&["render", "letters/x.md", "--json"]).exits(1);
        let found = errors(&run);
        assert_eq!((found[0].code.as_str(), found[0].line), (code, line), "{to}: {found:?}");
        // A name that is misspelt is missing too.
        let rest = found[1..].iter().all(|one| one.code == "missing-key");
        assert!(rest && found.iter().all(|one| one.file == "postkamer.toml"), "{to}: {found:?}");
        let people = workspace.run(&["check", "letters/x.md"]).exits(1);
        assert!(people.err.contains(&format!("postkamer.toml:{line}:")), "{}", people.err);
        assert!(!workspace.path("x.pdf").exists());
    }
    workspace(PLAIN).run(&["check", "letters/x.md"]).exits(0);
}

#[test]
fn standards_that_exclude_each_other_name_their_line() {
    let workspace = workspace(&format!("{PLAIN}\n[pdf]\nstandaard = [\"a-1b\", \"2.0\"]\n"));
    let found = errors(&workspace.run(&["check", "--json", "letters/x.md"]).exits(1));
    assert_eq!((found[0].code.as_str(), found[0].file.as_str(), found[0].line), ("pdf-standard", "postkamer.toml", 8));
}

#[test]
fn the_environment_overrides_settings_and_is_checked_like_them() {
    let workspace = workspace(PLAIN);
    // A template without a sender of its own shows the organisation's name.
    let invitation = "sjabloon = \"uitnodiging\"\nbijeenkomst = 2027-03-18\naanvang = \"X\"\nlocatie = \"X\"";
    workspace.change("letters/x.md", "sjabloon = \"ser-brief\"", invitation);
    let name = |run: crate::support::Run| run.exits(0).out;
    let typ = ["render", "letters/x.md", "--format", "typ", "-o", "-"];
    assert!(name(workspace.run(&typ)).contains("\"naam\": \"Waterschap\""));
    let other = [("POSTKAMER_ORGANISATIE_NAAM", "Gemeente #1 \"x\""), ("POSTKAMER_REGISTER_URL", "sqlite:elders.db")];
    assert!(name(workspace.run_with(&typ, &other)).contains("\"naam\": \"Gemeente #1 \\\"x\\\"\""));
    for settings in ["", "[organisatie]\nnaam = \"\"\n", "[organisatie]\ntelefoon = \"1\"\n"] {
        workspace.write("postkamer.toml", format!("{settings}\n[ondertekening.ser]\nnamens = \"W\"\n"));
        workspace.run(&typ).exits(1);
        assert!(name(workspace.run_with(&typ, &other)).contains("Gemeente #1"), "{settings}");
    }
    workspace.write("postkamer.toml", "[ondertekening.ser]\nnamens = \"W\"\n");
    let run = workspace.run_with(&["check", "--json"], &[("POSTKAMER_ORGANISATIE_TELEFOON", "1")]).exits(1);
    assert_eq!(errors(&run)[0].code, "missing-key");
    workspace.write("postkamer.toml", PLAIN);
    let wrong = [("POSTKAMER_VERTROUWEN_TIJDSTEMPEL_VEREIST", "ja")];
    let run = workspace.run_with(&["check", "--json", "letters/x.md"], &wrong).exits(1);
    assert_eq!((errors(&run)[0].code.as_str(), errors(&run)[0].key.as_str()), ("environment-value", wrong[0].0));
    for epoch in ["gisteren", "", "8000000000000", "-99999999999", "99999999999999999999"] {
        let run = workspace.run_with(&["check", "--json", "letters/x.md"], &[("SOURCE_DATE_EPOCH", epoch)]).exits(1);
        assert_eq!(errors(&run)[0].code, "source-date-epoch", "{epoch}");
    }
}
