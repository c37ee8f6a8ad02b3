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

/// Numbers, terms and the RSIN: what stands below `[organisatie]`, then code, line and key of what is found.
#[test]
fn numbers_and_terms_that_cannot_be_name_their_line_and_key() {
    let long = format!("[kenmerk]\npatroon = \"{}{{jaar}}{{volgnummer:6}}\"", "x".repeat(60));
    let cases = [
        ("[kenmerk]\npatroon = \"D{jaar}\"", "number-sequence", 4, "kenmerk.patroon"),
        ("[kenmerk]\npatroon = \"\"", "number-sequence", 4, "kenmerk.patroon"),
        ("[kenmerk]\npatroon = \"{jaar}{volgnummer}{volgnummer}\"", "number-sequence", 4, "kenmerk.patroon"),
        ("[zaaknummer]\nper = \"jaar\"\npatroon = \"{jaar}{volgnummer\"", "number-braces", 5, "zaaknummer.patroon"),
        ("[inkomend]\npatroon = \"{jaar}-{volgnr}\"", "number-placeholder", 4, "inkomend.patroon"),
        ("[inkomend]\npatroon = \"{jaar}-{dag}-{volgnummer}\"", "number-placeholder", 4, "inkomend.patroon"),
        ("[kenmerk]\npatroon = \"{jaar}-{volgnummer:19}\"", "number-width", 4, "kenmerk.patroon"),
        ("[kenmerk]\npatroon = \"D {jaar}-{volgnummer}\"", "number-space", 4, "kenmerk.patroon"),
        ("[kenmerk]\npatroon = \"D{jaar}\\n{volgnummer}\"", "character-control", 4, "kenmerk.patroon"),
        ("[kenmerk]\npatroon = \"D{jaar}\\u202E{volgnummer}\"", "character-bidi", 4, "kenmerk.patroon"),
        (&long, "number-too-long", 4, "kenmerk.patroon"),
        ("[kenmerk]\npatroon = \"D-{volgnummer}\"", "number-period", 4, "kenmerk.patroon"),
        ("[kenmerk]\npatroon = \"D{maand}-{volgnummer}\"\nper = \"maand\"", "number-period", 4, "kenmerk.patroon"),
        ("[inkomend]\nper = \"maand\"", "number-period", 4, "inkomend.per"),
        ("[kenmerk]\npatroon = \"{volgnummer}\"\nper = \"noit\"", "unknown-choice", 5, "kenmerk.per"),
        ("[kenmerk]\npatroon = \"I{jaar}-{volgnummer}\"", "number-shared", 4, "kenmerk.patroon"),
        ("[inkomend]\npatroon = \"D{jaar}-{maand}-{volgnummer:4}\"", "number-shared", 4, "inkomend.patroon"),
        ("[termijnen]\nadvies = \"12 weken\"\nklacht = \"zes weken\"", "term-invalid", 5, "termijnen.klacht"),
        ("[termijnen]\nadvies = \"12 wekn\"", "term-invalid", 4, "termijnen.advies"),
        ("[termijnen]\nadvies = 12", "wrong-type", 4, "termijnen.advies"),
        ("rsin = \"123456789\"", "rsin-invalid", 3, "organisatie.rsin"),
        ("rsin = \"1234\"", "rsin-invalid", 3, "organisatie.rsin"),
        ("[register]\nurl = \"sqlite:x.db\"\nca = 1", "wrong-type", 5, "register.ca"),
        ("[archief]\nbewaartermijn = \"20 jaar\"", "retention-invalid", 4, "archief.bewaartermijn"),
        ("[archief]\nbewaartermijn = 20", "wrong-type", 4, "archief.bewaartermijn"),
        ("[archief]\n\nwaardering = \"vernietigen\"", "appraisal-unknown", 5, "archief.waardering"),
        ("[archief]\nwaardering = \"B\"\nbewaartermijn = \"P5Y\"", "retention-of-kept", 5, "archief.bewaartermijn"),
        ("[archief]\nurl = \"letters\"", "archive-folder", 4, "archief.url"),
        ("[archief]\nurl = \"https://x\"", "archive-folder", 4, "archief.url"),
        ("[vertrouwen]\nankers = [\"a.pem\", \" \"]", "anchor-empty", 4, "vertrouwen.ankers.1"),
    ];
    for (settings, code, line, key) in cases {
        let workspace = workspace(&PLAIN.replacen("\n\n", &format!("\n{settings}\n"), 1));
        let found = errors(&workspace.run(&["check", "letters/x.md", "--json"]).exits(1));
        let [one] = &found[..] else { panic!("{settings}: {found:?}") };
        assert_eq!((one.code.as_str(), one.line, one.key.as_str()), (code, line, key), "{settings}: {found:?}");
        assert_eq!(one.file, "postkamer.toml");
        let people = workspace.run(&["render", "letters/x.md"]).exits(1);
        assert!(people.err.contains(&format!("postkamer.toml:{line}:")), "{}", people.err);
        // Every finding says what to do, with its braces as the user would write them.
        assert!(people.err.contains("hulp: ") && !people.err.contains("{\""), "{}", people.err);
        assert!(!workspace.path("x.pdf").exists());
    }
}

#[test]
fn patterns_and_terms_that_can_be_are_let_through() {
    for settings in [
        "[kenmerk]\npatroon = \"{jaar}/{volgnummer:7}\"\n[inkomend]\npatroon = \"{volgnummer}{jaar}I\"",
        "[kenmerk]\npatroon = \"{volgnummer}\"\nper = \"nooit\"",
        "[kenmerk]\nper = \"maand\"\n[zaaknummer]\npatroon = \"D{jaar}-{maand}-{volgnummer:6}\"",
        "[termijnen]\nadvies = \"12 weken\"\nklacht = \"6 maanden\"\nbezwaar = \"1 jaar\"",
        "[archief]\nurl = \"../archief\"\nbewaartermijn = \"P1Y6M\"\nwaardering = \"V\"\nselectielijst = \"11.1\"",
        "[vertrouwen]\nankers = [\"vertrouwen/ca.pem\"]\ntijdstempel_vereist = true",
        "rsin = \"123456782\"\n[register]\nurl = \"postgres://db/x\"\nca = \"vertrouwen/ca.pem\"",
    ] {
        let workspace = workspace(&PLAIN.replacen("\n\n", &format!("\n{settings}\n"), 1));
        workspace.run(&["check", "letters/x.md"]).exits(0);
    }
}

#[test]
fn a_pattern_with_a_character_that_no_font_has_is_refused_with_the_letter() {
    let workspace = workspace(&format!("{PLAIN}\n[kenmerk]\npatroon = \"\u{12000}{{jaar}}-{{volgnummer}}\"\n"));
    let found = errors(&workspace.run(&["check", "letters/x.md", "--json"]).exits(1));
    assert_eq!((found[0].code.as_str(), found[0].line), ("character-without-font", 8), "{found:?}");
}

#[test]
fn a_pattern_from_the_environment_is_checked_like_one_in_the_file() {
    let workspace = workspace(PLAIN);
    let check =
        |pattern| workspace.run_with(&["check", "letters/x.md", "--json"], &[("POSTKAMER_KENMERK_PATROON", pattern)]);
    check("U{jaar}-{volgnummer:5}").exits(0);
    let found = errors(&check("U{jaar}").exits(1));
    assert_eq!((found[0].code.as_str(), found[0].key.as_str()), ("number-sequence", "kenmerk.patroon"));
    assert!(found[0].message.contains("U{jaar}"), "{found:?}");
}

#[test]
fn retention_from_the_environment_is_checked_like_that_in_the_file() {
    let workspace = workspace(PLAIN);
    let check = |name, value| workspace.run_with(&["check", "letters/x.md", "--json"], &[(name, value)]);
    check("POSTKAMER_ARCHIEF_BEWAARTERMIJN", "P7Y").exits(0);
    check("POSTKAMER_ARCHIEF_URL", "/srv/archief").exits(0);
    for (name, value, code, key) in [
        ("POSTKAMER_ARCHIEF_BEWAARTERMIJN", "7 jaar", "retention-invalid", "archief.bewaartermijn"),
        ("POSTKAMER_ARCHIEF_WAARDERING", "weg", "appraisal-unknown", "archief.waardering"),
        ("POSTKAMER_ARCHIEF_URL", "templates", "archive-folder", "archief.url"),
    ] {
        let found = errors(&check(name, value).exits(1));
        assert_eq!((found[0].code.as_str(), found[0].key.as_str()), (code, key));
        assert!(found[0].message.contains(value), "{found:?}");
    }
}
