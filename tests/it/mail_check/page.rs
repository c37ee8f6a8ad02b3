//! The page of every row: what the window of the envelope shows, and how many pages there are.

use super::{LETTER, check_text, errors, found, good, table, with};
use crate::support::{Workspace, repository};

const TEMPLATE: &str = "templates/uitnodiging/sjabloon.toml";

/// Changes the template; what is replaced must be there.
fn template(workspace: &Workspace, from: &str, to: &str) {
    let text = std::fs::read_to_string(repository().join(TEMPLATE)).expect("the template");
    assert!(text.contains(from));
    workspace.write(TEMPLATE, text.replace(from, to));
}

#[test]
fn an_address_that_is_too_high_for_the_window_is_refused() {
    let workspace = Workspace::new();
    template(&workspace, "[venster]", "[venster]\nhoogte = \"22mm\"");
    // Five lines are 22 mm high, but for what stands above and below the letters; a line that wraps makes six.
    let long =
        with(good(2), &[("organisatie", "Stichting Netwerk van Ondernemende Vernieuwers in Noordoost-Overijssel")]);
    let report = check_text(&workspace, "a.csv", table(&[good(1), long])).exits(1).json();
    assert_eq!(errors(&report)[0], (3, "mail-window-address".into(), "ontvanger".into()), "{report}");
    assert_eq!(report["fout"], 1);
}

#[test]
fn what_else_the_window_shows_is_named() {
    let workspace = Workspace::new();
    // So wide that the sender's column is in it.
    template(&workspace, "breedte = \"70mm\"", "breedte = \"120mm\"");
    let report = check_text(&workspace, "a.csv", table(&[good(1), good(2)])).exits(1).json();
    let codes: Vec<_> = errors(&report).into_iter().map(|(row, code, _)| (row, code)).collect();
    assert_eq!(codes, [(2, "mail-window-other".to_string()), (3, "mail-window-other".to_string())]);
    assert!(report.to_string().contains("Inlichtingen bij"), "{report}");
    // By e-mail there is no envelope.
    let email = "organisatie;email;regio;netwerk;thema\nA;a@example.nl;b;c;d\n";
    assert_eq!(found(&check_text(&workspace, "a.csv", email).exits(0).json()), vec![]);
}

#[test]
fn a_drawing_in_the_window_is_refused_but_not_the_code() {
    let workspace = Workspace::new();
    template(&workspace, "[venster]", "[venster]\nkix = true");
    let hard = with(good(2), &[("huisnummer", "t.o. 3")]);
    let full = with(good(3), &[("huisnummer", "12345 abcdef")]);
    let report = check_text(&workspace, "a.csv", table(&[good(1), hard, full])).exits(0).json();
    assert_eq!(found(&report), [(3, "waarschuwing".into(), "mail-no-kix".into(), "huisnummer".into())]);
    let style = std::fs::read_to_string(repository().join("templates/uitnodiging/stijl.typ")).unwrap();
    let from = "versiering: stijl => vlag(stijl, 31mm)";
    assert!(style.contains(from));
    let drawn = style.replace(from, "versiering: stijl => op_blad(stijl, 90mm, 60mm, rect(width: 9mm, height: 9mm))");
    workspace.write("templates/uitnodiging/stijl.typ", drawn);
    let report = check_text(&workspace, "a.csv", table(&[good(1)])).exits(1).json();
    assert_eq!(errors(&report), [(2, "mail-window-drawn".into(), String::new())]);
}

#[test]
fn a_row_that_fills_more_pages_is_pointed_out() {
    let workspace = Workspace::new();
    let long = with(good(2), &[("netwerk", &"een netwerk met een heel lange omschrijving ".repeat(60))]);
    let report = check_text(&workspace, "a.csv", table(&[good(1), long, good(3)])).exits(0).json();
    assert_eq!(found(&report), [(3, "waarschuwing".into(), "mail-more-pages".into(), String::new())]);
}

#[test]
fn a_height_that_is_no_length_is_refused_in_the_template() {
    let workspace = Workspace::new();
    template(&workspace, "[venster]", "[venster]\nhoogte = \"hoog\"");
    let refused = workspace.run(&["mail", "check", LETTER, "--recipients", super::TABLE, "--json"]).exits(1).json();
    assert_eq!(refused["fouten"][0]["code"], "length-invalid");
}
