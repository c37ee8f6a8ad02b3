//! `render`: formats, places to write to, and what is left alone.

use std::os::unix::fs::FileTypeExt;

use crate::support::{Workspace, example_letters};

const LETTER: &str = "letters/reactie-sociale-innovatie.md";

/// Every file in the workspace's own folder.
fn files(workspace: &Workspace) -> Vec<String> {
    let entries = std::fs::read_dir(workspace.path("")).unwrap().flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| !["letters", "postkamer.toml", "templates"].contains(&name.as_str()));
    names.sort();
    names
}

#[test]
fn every_example_letter_renders_to_every_format_under_its_own_name() {
    let workspace = Workspace::new();
    for letter in example_letters() {
        let stem = letter.trim_start_matches("letters/").trim_end_matches(".md");
        let pages = workspace.run(&["render", &letter, "--json"]).exits(0).json()["paginas"].as_u64().unwrap();
        for format in ["pdf", "png", "svg", "typ"] {
            let run = workspace.run(&["render", &letter, "--format", format]).exits(0);
            assert_eq!(run.out, "");
            let expected: Vec<_> = match format {
                "pdf" | "typ" => vec![format!("{stem}.{format}")],
                _ => (1..=pages).map(|page| format!("{stem}-{page}.{format}")).collect(),
            };
            let found: Vec<_> = files(&workspace).into_iter().filter(|name| name.ends_with(format)).collect();
            assert_eq!(found, expected);
            for name in expected {
                let bytes = std::fs::read(workspace.path(&name)).unwrap();
                let start: &[u8] = match format {
                    "pdf" => b"%PDF-1.7",
                    "png" => b"\x89PNG\r\n",
                    "svg" => b"<svg",
                    _ => b"#import \"/gedeeld",
                };
                assert!(bytes.starts_with(start), "{name}");
                assert!(run.err.contains(&format!("geschreven: {name}\n")), "{}", run.err);
                std::fs::remove_file(workspace.path(&name)).unwrap();
            }
        }
    }
}

#[test]
fn odd_names_of_files_are_names() {
    let workspace = Workspace::new();
    for name in ["a\"b.typ", "ü#.typ", "a\\b.typ", "x{{y}} z.typ", "[a].pdf", "'.pdf"] {
        workspace.run(&["render", LETTER, "-o", name]).exits(0);
        assert!(workspace.path(name).is_file(), "{name}");
        workspace.write(&format!("letters/{name}.md"), workspace.read(LETTER));
        workspace.run(&["check", &format!("letters/{name}.md")]).exits(0);
    }
}

#[test]
fn json_says_what_was_written() {
    let workspace = Workspace::new();
    let run = workspace.run(&["render", LETTER, "--json", "--format", "png", "-o", "brief.png"]).exits(0);
    let expected = serde_json::json!({
        "brief": LETTER, "bestanden": ["brief-1.png", "brief-2.png"], "paginas": 2, "bevindingen": [],
    });
    assert_eq!(run.json(), expected);
}

#[test]
fn the_extension_of_the_output_chooses_the_format() {
    let workspace = Workspace::new();
    for (name, start) in [("a.typ", "#import"), ("a.TYP", "#import"), ("b.pdf", "%PDF"), ("zonder", "%PDF")] {
        workspace.run(&["render", LETTER, "-o", name]).exits(0);
        let bytes = std::fs::read(workspace.path(name)).unwrap();
        assert!(bytes.starts_with(start.as_bytes()), "{name}");
    }
    workspace.run(&["render", LETTER, "-o", "x.pdf", "--format", "typ"]).exits(0);
    assert!(workspace.read("x.pdf").starts_with("#import"));
}

#[test]
fn an_output_called_like_a_file_of_another_kind_is_refused() {
    let workspace = Workspace::new();
    for name in ["x.docx", "x.DOC", "x.jpg"] {
        let run = workspace.run(&["render", LETTER, "-o", name]).exits(1);
        assert!(run.err.contains("[output-extension]") && run.err.contains(".pdf, .png, .svg, .typ"), "{}", run.err);
        let run = workspace.run(&["render", LETTER, "-o", name, "--json"]).exits(1);
        assert_eq!(run.json()["fouten"][0]["code"], "output-extension");
        workspace.run(&["watch", LETTER, "-o", name]).exits(1);
    }
    workspace.run(&["watch", LETTER, "-o", "x.png"]).exits(1);
    assert_eq!(files(&workspace), Vec::<String>::new());
    workspace.run(&["render", LETTER, "-o", "x.docx", "--format", "pdf"]).exits(0);
    // A dot in a name says nothing.
    for name in ["brief d.d. 21.02.2023", "tmp.iQWU23cKxF", "brief.pdf.tmp"] {
        workspace.run(&["render", LETTER, "-o", name]).exits(0);
        assert!(std::fs::read(workspace.path(name)).unwrap().starts_with(b"%PDF-"), "{name}");
    }
}

#[test]
fn a_folder_is_no_file_to_write_to() {
    let workspace = Workspace::new();
    for output in ["letters", "letters/", ".", "/"] {
        let run = workspace.run(&["render", LETTER, "-o", output, "--json"]).exits(1).json();
        assert_eq!(run["fouten"][0]["code"], "output-is-folder", "{output}");
        let run = workspace.run(&["watch", LETTER, "-o", output]).exits(1);
        assert!(run.err.contains("[output-is-folder]"), "{}", run.err);
    }
    let run = workspace.run(&["register", "export", "-o", "letters"]).exits(1);
    assert!(run.err.contains("[output-is-folder]"), "{}", run.err);
}

#[test]
fn standard_output_gets_one_document_and_nothing_else() {
    let workspace = Workspace::new();
    let run = workspace.run(&["render", LETTER, "-o", "-", "--json"]).exits(0);
    assert!(run.out.starts_with("%PDF") && run.out.trim_end().ends_with("%%EOF"));
    let run = workspace.run(&["render", LETTER, "-o", "-", "--format", "typ"]).exits(0);
    assert!(run.out.starts_with("#import") && run.out.contains("Pioniersprogramma"));
    assert_eq!(run.err, "");
    let run = workspace.run(&["render", LETTER, "-o", "-", "--format", "svg", "--json"]).exits(1);
    assert_eq!(run.json()["fouten"][0]["code"], "pages-to-stdout");
    let text = workspace.read("letters/advies-kracht-van-oost.md");
    let end = text.find("De onderzoekers").unwrap();
    workspace.write("letters/kort.md", &text[..end]);
    let one = workspace.run(&["render", "letters/kort.md", "-o", "-", "--format", "svg"]).exits(0);
    assert!(one.out.starts_with("<svg") && one.out.trim_end().ends_with("</svg>"));
    assert_eq!(files(&workspace), Vec::<String>::new());
}

#[test]
fn a_place_that_cannot_be_written_is_a_failure_outside() {
    let workspace = Workspace::new();
    workspace.write("bestand", "x");
    let places = [("niet/er.pdf", "niet is er niet"), ("bestand/er.pdf", "is niet te schrijven")];
    for (output, why) in places {
        let run = workspace.run(&["render", LETTER, "-o", output]).exits(3);
        assert!(run.err.contains(why), "{}", run.err);
        assert!(!run.err.contains("panicked"));
    }
    workspace.run(&["new", "gs-brief", "bestand/x"]).exits(0);
    workspace.write("letters/dicht", "x");
    workspace.run(&["new", "gs-brief", "dicht/x"]).exits(3);
    workspace.run(&["init", "bestand/hier"]).exits(3);
    assert_eq!(files(&workspace), ["bestand"]);
}

#[test]
fn a_refused_letter_leaves_what_was_there() {
    let workspace = Workspace::new();
    workspace.write("reactie-sociale-innovatie.pdf", "oud");
    workspace.change(LETTER, "8012 EE", "0012 EE");
    for format in ["pdf", "png", "svg", "typ"] {
        workspace.run(&["render", LETTER, "--format", format]).exits(1);
    }
    assert_eq!(files(&workspace), ["reactie-sociale-innovatie.pdf"]);
    assert_eq!(workspace.read("reactie-sociale-innovatie.pdf"), "oud");
}

#[test]
fn a_letter_is_never_written_over() {
    let workspace = Workspace::new();
    let before = workspace.read(LETTER);
    std::os::unix::fs::symlink(workspace.path(LETTER), workspace.path("link.pdf")).unwrap();
    for output in [LETTER, "./letters/../letters/reactie-sociale-innovatie.md", "link.pdf"] {
        let run = workspace.run(&["render", LETTER, "-o", output, "--json"]).exits(1);
        assert_eq!(run.json()["fouten"][0]["code"], "output-is-letter");
    }
    assert_eq!(workspace.read(LETTER), before);
}

#[test]
fn a_pipe_is_written_to_and_a_link_is_followed() {
    let workspace = Workspace::new();
    let pipe = workspace.path("pijp");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read(pipe).unwrap()
    });
    workspace.run(&["render", LETTER, "-o", "pijp"]).exits(0);
    assert!(std::fs::symlink_metadata(&pipe).unwrap().file_type().is_fifo());
    assert!(reader.join().unwrap().starts_with(b"%PDF"));
    workspace.write("echt.pdf", "oud");
    std::os::unix::fs::symlink("echt.pdf", workspace.path("link.pdf")).unwrap();
    workspace.run(&["render", LETTER, "-o", "link.pdf"]).exits(0);
    assert!(workspace.path("link.pdf").is_symlink());
    assert!(std::fs::read(workspace.path("echt.pdf")).unwrap().starts_with(b"%PDF"));
}

#[test]
fn the_same_letter_gives_the_same_bytes() {
    let workspace = Workspace::new();
    for format in ["pdf", "png", "svg", "typ"] {
        let letter = "letters/invitation-partners.md";
        let bytes = |name: &str| {
            workspace.run(&["render", letter, "--format", format, "-o", name]).exits(0);
            std::fs::read(workspace.path(name)).unwrap()
        };
        // A file of Typst names itself.
        let (one, two) = (bytes("een"), if format == "typ" { bytes("een") } else { bytes("twee") });
        assert!(one == two, "{format}");
    }
}
