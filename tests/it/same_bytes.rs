//! The same letter gives the same bytes, wherever and whenever it is made; another day gives others.

use std::path::Path;

use crate::paper::{Desk, given};
use crate::support::{EPOCH, Workspace, example_letters, files_below, repository};

/// A letter without a day of its own.
const UNDATED: &str = "+++
sjabloon = 'ser-brief'
onderwerp = 'Zonder datum'
ondertekening = 'ser'
[ontvanger]
organisatie = 'Gemeente Zwolle'
+++

Tekst van {{datum}} met een [koppeling](https://example.nl) en een plaatje:

![Twee groepen](figuren/koplopers-en-peloton.svg)
";

fn render(workspace: &Workspace, letter: &str, environment: &[(&str, &str)]) -> Vec<u8> {
    workspace.run_with(&["render", letter, "-o", "uit.pdf"], environment).exits(0);
    std::fs::read(workspace.path("uit.pdf")).expect("it was written")
}

/// Asserts that bytes are the same, saying where they begin to differ.
#[track_caller]
fn assert_same(one: &[u8], other: &[u8], what: &str) {
    if one != other {
        let at = one.iter().zip(other).position(|(one, other)| one != other).unwrap_or(one.len().min(other.len()));
        let around = |bytes: &[u8]| {
            String::from_utf8_lossy(&bytes[at.saturating_sub(60)..(at + 60).min(bytes.len())]).into_owned()
        };
        panic!("{what}: differs from byte {at}: {:?} and {:?}", around(one), around(other));
    }
}

#[test]
fn the_surroundings_do_not_matter() {
    let workspace = Workspace::new();
    workspace.write("letters/undated.md", UNDATED);
    let home = tempfile::TempDir::new().expect("a folder");
    let home = home.path().display().to_string();
    let fonts = repository().join("fonts").display().to_string();
    let config = Path::new(&home).join("fonts.conf");
    let text = format!("<?xml version=\"1.0\"?><fontconfig><dir>{fonts}</dir><dir>/usr/share/fonts</dir></fontconfig>");
    std::fs::write(&config, text).expect("it is written");
    let config = config.display().to_string();
    for letter in ["letters/undated.md", "letters/reactie-kennisvalorisatie.md"] {
        let bytes = render(&workspace, letter, &[]);
        for environment in [
            &[("TZ", "Pacific/Kiritimati")] as &[_],
            &[("TZ", "America/Adak"), ("LC_ALL", "tr_TR.UTF-8"), ("LANG", "en_US.UTF-8")],
            &[
                ("HOME", home.as_str()),
                ("XDG_CACHE_HOME", &home),
                ("XDG_DATA_HOME", &home),
                ("TYPST_PACKAGE_PATH", &home),
            ],
            &[("FONTCONFIG_FILE", config.as_str()), ("TYPST_FONT_PATHS", "/usr/share/fonts"), ("USER", "iemand")],
            &[("RAYON_NUM_THREADS", "1"), ("TMPDIR", &home)],
        ] {
            assert_same(&render(&workspace, letter, environment), &bytes, &format!("{letter} {environment:?}"));
        }
    }
}

#[test]
fn the_place_of_the_workspace_does_not_matter() {
    let (one, other) = (Workspace::new(), Workspace::new());
    for letter in example_letters() {
        assert_same(&render(&one, &letter, &[]), &render(&other, &letter, &[]), &letter);
    }
    // Made from elsewhere, by the path from there.
    let bytes = render(&one, "letters/advies-kracht-van-oost.md", &[]);
    one.write("diep/weg/postkamer.md", "");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_postkamer"));
    command.args(["render", "../../letters/advies-kracht-van-oost.md", "-o", "-"]).env_clear();
    let output = command.env("SOURCE_DATE_EPOCH", EPOCH).current_dir(one.path("diep/weg")).output().expect("it runs");
    assert_same(&output.stdout, &bytes, "from another folder");
}

#[test]
fn letters_made_before_do_not_matter() {
    let letters = example_letters();
    let alone: Vec<Vec<u8>> =
        letters.iter().map(|letter| Desk::new().pdf_of(letter, given()).expect("an example is in order")).collect();
    let desk = Desk::new();
    for _ in 0..2 {
        for (letter, alone) in letters.iter().zip(&alone).rev() {
            assert_same(&desk.pdf_of(letter, given()).expect("an example is in order"), alone, letter);
        }
    }
}

#[test]
fn a_letter_without_a_day_has_that_of_the_netherlands() {
    let workspace = Workspace::new();
    workspace.write("letters/undated.md", UNDATED);
    let day = |epoch: &str| {
        workspace
            .run_with(&["render", "letters/undated.md", "-o", "uit.typ"], &[("SOURCE_DATE_EPOCH", epoch)])
            .exits(0);
        let text = workspace.read("uit.typ");
        let day = text.split("Tekst van #\"").nth(1).and_then(|rest| rest.split('"').next()).map(String::from);
        day.unwrap_or_else(|| panic!("no day in {text}"))
    };
    for (epoch, expected) in [
        // 23:59:59 and midnight in winter, when the Netherlands are an hour ahead.
        ("1673737199", "14 januari 2023"),
        ("1673737200", "15 januari 2023"),
        // In summer they are two hours ahead.
        ("1689371999", "14 juli 2023"),
        ("1689372000", "15 juli 2023"),
        // The midnights before and after the nights in which the clock is changed.
        ("1679785199", "25 maart 2023"),
        ("1679785200", "26 maart 2023"),
        ("1679867999", "26 maart 2023"),
        ("1679868000", "27 maart 2023"),
        ("1698530399", "28 oktober 2023"),
        ("1698530400", "29 oktober 2023"),
        ("1698620399", "29 oktober 2023"),
        ("1698620400", "30 oktober 2023"),
        // New Year, and a leap day.
        ("1704063599", "31 december 2023"),
        ("1704063600", "1 januari 2024"),
        ("1709161200", "29 februari 2024"),
        ("0", "1 januari 1970"),
    ] {
        assert_eq!(day(epoch), expected, "{epoch}");
    }
    let at = |epoch: &str| render(&workspace, "letters/undated.md", &[("SOURCE_DATE_EPOCH", epoch)]);
    assert_same(&at("1673737200"), &at("1673823599"), "two moments of a day");
    assert_ne!(at("1673737199"), at("1673737200"));
    let dated = "letters/reactie-sociale-innovatie.md";
    let of_dated = |epoch: &str| render(&workspace, dated, &[("SOURCE_DATE_EPOCH", epoch)]);
    assert_same(&of_dated("0"), &of_dated("1700000000"), "a letter with a day of its own");
    let before = of_dated("0");
    workspace.change(dated, "datum = 2023-02-21", "datum = 2023-02-22");
    assert_ne!(of_dated("0"), before);
    workspace.run_with(&["render", dated], &[("SOURCE_DATE_EPOCH", "gisteren")]).exits(1);
}

#[test]
fn nothing_is_left_behind() {
    let workspace = Workspace::new();
    let before = files_below(&workspace.path(""));
    render(&workspace, "letters/advies-kracht-van-oost.md", &[]);
    std::fs::remove_file(workspace.path("uit.pdf")).expect("it is there");
    assert_eq!(files_below(&workspace.path("")), before);
}
