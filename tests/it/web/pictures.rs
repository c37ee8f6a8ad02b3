//! The pictures of the documentation, made of the workbench as it is. `POSTKAMER_PICTURES=docs/pictures` keeps them.

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
fn the_documentation_shows_the_workbench() {
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
    let mut shown = Vec::new();
    for (file, folder) in [("README.md", "\"docs/pictures/"), ("docs/workbench.md", "\"pictures/")] {
        let text = std::fs::read_to_string(repository().join(file)).expect("a page of documentation");
        shown.extend(text.split(folder).skip(1).filter_map(|rest| rest.split('"').next()).map(String::from));
    }
    for name in &shown {
        assert!(repository().join("docs/pictures").join(name).is_file(), "{name} is not there");
    }
    shown.sort();
    assert_eq!(shown, PICTURES.map(|(name, ..)| name), "what is shown is made, and the other way round");
}
