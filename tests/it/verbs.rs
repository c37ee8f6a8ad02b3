//! Every verb on input as its users have it.

use crate::support::{Workspace, example_letters};

#[test]
fn every_example_letter_is_in_order() {
    let workspace = Workspace::new();
    for letter in example_letters() {
        workspace.run(&["check", &letter]).exits(0);
    }
    let report = workspace.run(&["check", "--json"]).exits(0).json();
    assert_eq!(report.as_array().map(Vec::len), Some(example_letters().len()));
}
