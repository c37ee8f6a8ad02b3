//! The line in the window that says where the post returns a letter to: only where a template asks for it, and in the window.

use crate::outside;
use crate::support::Workspace;

const LETTER: &str = "letters/uitnodiging-netwerkpartners.md";
const TABLE: &str = "letters/netwerkpartners.csv";
const TEMPLATE: &str = "templates/uitnodiging/sjabloon.toml";
const LINE: &str = "Retouradres: Postbus 10078, 8000 GB Zwolle";

fn ask(workspace: &Workspace, more: &str) {
    let text = std::fs::read_to_string(crate::support::repository().join(TEMPLATE)).expect("the template");
    workspace.write(TEMPLATE, text.replace("[venster]", &format!("[venster]\nretour = true\n{more}")));
}

#[test]
fn the_line_stands_in_the_window_where_the_template_asks_for_it() {
    let workspace = Workspace::new();
    let text = |workspace: &Workspace| {
        workspace.run(&["render", LETTER, "-o", "uit.pdf"]).exits(0);
        let pdf = workspace.path("uit.pdf").display().to_string();
        outside::run("pdftotext", &["-x", "99", "-y", "117", "-W", "200", "-H", "125", "-layout", &pdf, "-"], &[])
    };
    let Some(without) = text(&workspace) else { return };
    assert!(without.contains("8099 XX") && !without.contains("Retouradres"), "{without}");
    ask(&workspace, "");
    let with = text(&workspace).expect("poppler was there");
    assert!(with.trim_start().starts_with(LINE) && with.contains("8099 XX"), "{with}");
}

#[test]
fn a_mailing_takes_it_for_its_own_and_misses_it_outside_the_window() {
    let workspace = Workspace::new();
    ask(&workspace, "kix = true");
    let check = ["mail", "check", LETTER, "--recipients", TABLE, "--json"];
    let found = workspace.run(&check).exits(0).json();
    assert_eq!(found["fout"], 0, "{found}");
    // A window that ends below the line shows half of it, or nothing.
    ask(&workspace, "kix = true\nhoogte = \"36mm\"");
    let found = workspace.run(&check).exits(1).json();
    assert_eq!(found["fout"], found["totaal"], "{found}");
}
