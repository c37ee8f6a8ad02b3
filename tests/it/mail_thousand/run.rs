//! The mailing of the thousand rows: who is right gets a letter with what the table says, who is not gets none.

use std::collections::{BTreeMap, BTreeSet};

use super::pages::{Made, assert_shown};
use super::rows::{ROWS, lines};
use super::table::{Row, csv};
use super::{LETTER, numbered, office};
use crate::support::files_below;

#[test]
fn every_right_row_gets_its_letter_and_no_other_does() {
    let workspace = office();
    let lines = lines();
    workspace.write("duizend.csv", csv(&lines));
    let arguments =
        ["mail", "run", LETTER, "--recipients", "duizend.csv", "--name", "duizend", "--out", "post", "--json"];
    let report = workspace.run(&arguments).exits(4).json();
    let rows: BTreeMap<u64, &Row> = numbered(&lines).collect();
    let refused = rows.values().filter(|row| !row.refused.is_empty()).count();
    assert_eq!(report["naam"], "duizend");
    let counts =
        ["totaal", "gereed", "geweigerd", "wachtend"].map(|name| report[name].as_u64().expect("a count") as usize);
    assert_eq!(counts, [ROWS, ROWS - refused, refused, 0]);
    let answers = report["rijen"].as_array().expect("rows");
    let numbers: Vec<_> = answers.iter().map(|answer| answer["rij"].as_u64().expect("a row")).collect();
    assert_eq!(numbers, rows.keys().copied().collect::<Vec<_>>());
    let mut made = Vec::new();
    for answer in answers {
        let row = rows[&answer["rij"].as_u64().expect("a row")];
        if row.refused.is_empty() {
            assert_eq!(answer["status"], "gereed", "{answer}");
            let kenmerk = answer["kenmerk"].as_str().expect("a number").to_string();
            made.push(Made { row, path: workspace.path(answer["pdf"].as_str().expect("a PDF")), kenmerk });
        } else {
            assert_eq!(answer["status"], "geweigerd", "{answer}");
            assert!(answer["kenmerk"].is_null() && answer["pdf"].is_null(), "{answer}");
            assert!(answer["meldingen"].as_array().is_some_and(|said| said.len() >= row.refused.len()), "{answer}");
        }
    }
    // Whoever is wrong on the page only is found so under a number, which is void; all others take none.
    let is_on_page =
        |row: &&&Row| !row.refused.is_empty() && row.refused.iter().all(|one| one.0.starts_with("mail-window-"));
    let void = rows.values().filter(is_on_page).count();
    assert!(void > 0);
    let account = workspace.run(&["register", "report", "nummers", "--jaar", "2023", "--json"]).exits(0).json();
    let account = account.as_array().expect("numbers");
    let with = |status: &str| -> BTreeSet<String> {
        let such = account.iter().filter(|one| one["status"] == status);
        such.map(|one| one["nummer"].as_str().expect("a number").to_string()).collect()
    };
    let given: BTreeSet<String> = made.iter().map(|one| one.kenmerk.clone()).collect();
    assert_eq!(with("vastgesteld"), given);
    assert_eq!(with("vervallen").len(), void);
    let all: BTreeSet<String> = given.union(&with("vervallen")).cloned().collect();
    assert_eq!(all, (1..=ROWS - refused + void).map(|n| format!("D2023-02-{n:06}")).collect());
    assert_eq!(account.len(), all.len(), "no number but these");
    let pdfs = files_below(&workspace.path("uitgaand"))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|ext| ext == "pdf"));
    assert_eq!(pdfs.count(), made.len());
    assert_shown(&made);
}
