//! What the README shows is what the program does.

use crate::support::{Workspace, repository};

/// The fenced block that begins with a line.
fn block(first: &str) -> String {
    let readme = std::fs::read_to_string(repository().join("README.md")).expect("a README");
    let start = readme.find(&format!("```\n{first}")).expect("the block is there") + 4;
    let end = readme[start..].find("```").expect("the block is closed");
    readme[start..start + end].to_string()
}

#[test]
fn the_letter_in_the_readme_is_in_order() {
    let workspace = Workspace::new();
    workspace.write("letters/antwoord.md", block("+++"));
    workspace.run(&["check", "letters/antwoord.md"]).exits(0);
}

#[test]
fn the_mistake_in_the_readme_is_shown_as_it_says() {
    let workspace = Workspace::new();
    workspace.write("letters/antwoord.md", block("+++").replace("onderwerp =", "ondrewerp ="));
    let run = workspace.run(&["check", "letters/antwoord.md", "--quiet"]).exits(1);
    assert_eq!(run.err.trim_end(), block("fout[unknown-key]").trim_end());
}
