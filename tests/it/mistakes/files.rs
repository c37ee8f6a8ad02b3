//! Letter files that are no letters, and those that only look odd.

use super::{Batch, errors, letter};
use crate::support::{Workspace, example_letters};

#[test]
fn files_that_are_no_letters_are_told_apart() {
    let mut batch = Batch::new();
    let utf16 = |big: bool| -> Vec<u8> {
        let units = letter("Tekst.\n").encode_utf16().collect::<Vec<_>>();
        let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        std::iter::once(0xFEFF).chain(units).flat_map(bytes).collect()
    };
    let latin = letter("Reünie.\n").replace("Proef", "Advies").chars().map(|c| c as u8).collect::<Vec<_>>();
    batch.one_at("empty", "", "letter-empty", (1, 1));
    batch.one_at("blank", "  \n\n\t\n", "letter-empty", (1, 1));
    batch.one_at("no front matter", "Geachte heer,\n\nTekst.\n", "front-matter-missing", (1, 1));
    batch.one_at("front matter of another kind", "---\nsjabloon: gs\n---\n", "front-matter-missing", (1, 1));
    batch.one_at("text first", "\n\nTekst\n+++\n+++\n", "front-matter-missing", (3, 1));
    batch.one_at("never closed", "+++\nsjabloon = \"gs-brief\"\n\nTekst.\n", "front-matter-unclosed", (1, 1));
    batch.one_at("closed with three hyphens", "\n+++\na = 1\n---\n", "front-matter-unclosed", (2, 1));
    batch.one("UTF-16, little end first", utf16(false), "file-not-utf8", 1);
    batch.one("UTF-16, big end first", utf16(true), "file-not-utf8", 1);
    batch.one_at("Windows-1252", latin, "file-not-utf8", (15, 3));
    batch.one("binary", b"\x7fELF\x02\x01\x01\0\0\0\xff\xfe".as_slice(), "file-binary", 1);
    batch.one("10 MB", "a".repeat(10 << 20), "file-too-large", 1);
    batch.one("a byte too long", letter(&"a".repeat((1 << 20) + 1)), "file-too-large", 1);
    batch.one("lone carriage returns", letter("Een\rtwee\n"), "character-control", 15);
    batch.check();
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_make_no_difference() {
    let mut batch = Batch::new();
    for path in example_letters() {
        let text = std::fs::read_to_string(crate::support::repository().join(&path)).unwrap();
        batch.none(format!("{path} with a BOM"), format!("\u{FEFF}{text}"));
        batch.none(format!("{path} with CRLF"), text.replace('\n', "\r\n"));
        batch.none(format!("{path} with both"), format!("\u{FEFF}{}", text.replace('\n', "\r\n")));
        batch.none(format!("{path} without a last line feed"), text.trim_end());
    }
    let wrong = letter("Tekst {{onderwrp}}.\n").replace('\n', "\r\n");
    batch.one_at("line and column", format!("\u{FEFF}{wrong}"), "unknown-name", (15, 7));
    batch.check();
}

#[test]
fn a_folder_and_a_file_that_is_not_there_are_refused() {
    let workspace = Workspace::new();
    for (letter, code) in [
        ("letters", "file-is-folder"),
        ("letters/niet.md", "file-missing"),
        (".", "file-is-folder"),
        ("postkamer.toml/x.md", "file-missing"),
    ] {
        for verb in ["check", "render"] {
            let run = workspace.run(&[verb, letter, "--json"]).exits(1);
            let found = errors(&run);
            assert_eq!(found.len(), 1, "{verb} {letter}: {found:?}");
            assert_eq!((found[0].code.as_str(), found[0].line), (code, 1), "{verb} {letter}");
            let people = workspace.run(&[verb, letter]).exits(1);
            assert!(people.err.contains(&format!("[{code}]")), "{}", people.err);
        }
    }
}

#[test]
fn a_letter_can_come_through_a_pipe_but_not_without_end() {
    let workspace = Workspace::new();
    let run = workspace.run(&["check", "--json", "/dev/zero"]).exits(1);
    assert_eq!(errors(&run)[0].code, "file-too-large");
    let said = &errors(&run)[0].message;
    assert!(said.starts_with("het bestand is 2 MiB; meer dan 1 MiB wordt niet gelezen"), "{said}");
    let run = workspace.run(&["check", "--json", "/dev/null"]).exits(1);
    assert_eq!(errors(&run)[0].code, "letter-empty");
}
