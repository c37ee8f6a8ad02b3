//! The pictures of the README, made of the workbench as it is. `POSTKAMER_PICTURES=docs/pictures` keeps them.

use crate::support::browser::Browser;
use crate::support::workbench::Workbench;
use crate::support::{Workspace, repository};

/// The pictures with the page that each is of, and what is on that page when it is ready.
const PICTURES: [(&str, &str, &str); 4] = [
    ("desk.png", "/", "main h2"),
    ("editor.png", "/letters/edit/letters/reactie-sociale-innovatie.md", "img[src^='/letters/pages/']"),
    ("register.png", "/register", "#results table"),
    ("year.png", "/register/report/year?jaar=2021", "svg.chart"),
];

#[test]
fn the_readme_shows_the_workbench() {
    let workspace = Workspace::new();
    workspace.run(&["register", "import", "letters/adviestrajecten-2021.csv"]).exits(0);
    let workbench = Workbench::open(&workspace);
    let browser = Browser::open();
    browser.size(1280, 960);
    let loaded = "return [...document.images].every((image) => image.complete && image.naturalWidth > 0)";
    for (name, path, ready) in PICTURES {
        browser.go(&workbench.at(path));
        browser.wait(name, || (browser.has(ready) && browser.script(loaded, &[]) == true).then_some(()));
        let picture = browser.picture();
        // A window that shows nothing is a few kilobytes.
        assert!(picture.starts_with(b"\x89PNG") && picture.len() > 30_000, "{name}: {} bytes", picture.len());
        if let Ok(folder) = std::env::var("POSTKAMER_PICTURES") {
            std::fs::write(repository().join(folder).join(name), picture).expect("the picture is kept");
        }
    }
    let readme = std::fs::read_to_string(repository().join("README.md")).expect("the README");
    for shown in readme.split("docs/pictures/").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(PICTURES.iter().any(|(name, ..)| *name == shown), "no test makes {shown}");
        assert!(repository().join("docs/pictures").join(shown).is_file(), "{shown} is not there");
    }
}
