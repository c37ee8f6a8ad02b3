//! Every page: usable by everybody, with nothing from elsewhere.

use crate::support::Workspace;
use crate::support::browser::Browser;
use crate::support::workbench::Workbench;

#[test]
fn every_room_is_for_everybody() {
    let workspace = Workspace::new();
    let workbench = Workbench::open(&workspace);
    let browser = Browser::open();
    let mut found = Vec::new();
    for path in ["/", "/letters", "/register", "/mailings", "/archive"] {
        browser.go(&workbench.at(path));
        found.extend(browser.violations());
        // The console is no part of the page, but says what the policy forbade.
        found.extend(browser.complaints());
    }
    assert_eq!(found, Vec::<String>::new());
}
