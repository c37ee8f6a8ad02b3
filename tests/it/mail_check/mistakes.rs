//! Every kind of mistake, in a table where all else is right.

use serde_json::json;

use super::{HEADER, LETTER, check_text, errors, found, good, table, with};
use crate::support::Workspace;

/// A mistake: what is changed in a row, and the code and the column of what is found.
type Mistake = (&'static [(&'static str, &'static str)], &'static str, &'static str);

const MISTAKES: [Mistake; 20] = [
    (&[("postcode", "0012 EE")], "postcode-invalid", "postcode"),
    (&[("postcode", "1234 SS")], "postcode-invalid", "postcode"),
    (&[("postcode", "")], "address-incomplete", "postcode"),
    (&[("huisnummer", "")], "address-incomplete", "huisnummer"),
    (&[("straat", "")], "address-incomplete", "straat"),
    (&[("postbus", "12")], "address-street-and-box", "postbus"),
    (&[("organisatie", ""), ("achternaam", ""), ("voorletters", "")], "addressee-nameless", "organisatie"),
    (&[("achternaam", "")], "mail-name-incomplete", "achternaam"),
    (&[("aanspreekvorm", "meneer")], "unknown-choice", "aanspreekvorm"),
    (&[("email", "a@b")], "email-invalid", "email"),
    (&[("huisnummer", "2023-03-01")], "mail-number-is-day", "huisnummer"),
    (&[("huisnummer", "1-mrt")], "mail-number-is-day", "huisnummer"),
    (&[("huisnummer", "12.0")], "mail-number-decimal", "huisnummer"),
    (&[("huisnummer", "6,1E+08")], "mail-number-scientific", "huisnummer"),
    (&[("thema", "#N/B")], "mail-cell-error", "thema"),
    (&[("regio", "")], "mail-cell-empty", "regio"),
    (&[("netwerk", "een \u{202e}netwerk")], "character-bidi", "netwerk"),
    (&[("functie", "a\u{7}")], "character-control", "functie"),
    (&[("organisatie", "\u{e000}")], "character-private", "organisatie"),
    (&[("achternaam", "\u{13000}")], "character-without-font", "achternaam"),
];

#[test]
fn a_table_with_every_mistake_names_exactly_those_rows() {
    let workspace = Workspace::new();
    let mut rows: Vec<_> = (1..=200).map(good).collect();
    let mut expected = Vec::new();
    for (at, (changes, code, column)) in MISTAKES.into_iter().enumerate() {
        let index = 3 + at * 10;
        rows[index] = with(rows[index].clone(), changes);
        expected.push((index as u64 + 2, code.to_string(), column.to_string()));
    }
    let report = check_text(&workspace, "a.csv", table(&rows)).exits(1).json();
    assert_eq!(errors(&report), expected);
    let wrong = MISTAKES.len();
    assert_eq!(
        (&report["totaal"], &report["in_orde"], &report["fout"]),
        (&json!(200), &json!(200 - wrong), &json!(wrong))
    );
    assert_eq!(report["rijen"].as_array().map(Vec::len), Some(wrong), "{report}");
}

#[test]
fn a_long_number_that_lost_its_digits_is_pointed_out() {
    let workspace = Workspace::new();
    let rows = [with(good(1), &[("thema", "6,12E+08")]), with(good(2), &[("thema", "612345678")])];
    let report = check_text(&workspace, "a.csv", table(&rows)).exits(0).json();
    assert_eq!(found(&report), [(2, "waarschuwing".into(), "mail-number-scientific".into(), "thema".into())]);
}

#[test]
fn all_that_is_wrong_with_a_row_is_said_at_once_in_the_order_of_its_columns() {
    let workspace = Workspace::new();
    let row = with(good(1), &[("aanspreekvorm", "x"), ("postcode", "9"), ("email", "@"), ("netwerk", "")]);
    let report = check_text(&workspace, "a.csv", table(&[row])).exits(1).json();
    let codes: Vec<_> = errors(&report).into_iter().map(|(_, code, _)| code).collect();
    assert_eq!(codes, ["unknown-choice", "postcode-invalid", "email-invalid", "mail-cell-empty"]);
}

#[test]
fn a_row_without_any_address_is_pointed_out() {
    let workspace = Workspace::new();
    let text = "organisatie;email;regio;netwerk;thema\nA;a@example.nl;b;c;d\nB;;b;c;d\n";
    let report = check_text(&workspace, "a.csv", text).exits(0).json();
    assert_eq!(found(&report), [(3, "waarschuwing".into(), "addressee-unreachable".into(), "ontvanger".into())]);
    // Unless the letter says where it was mailed to, which is then the same for all.
    workspace.change(LETTER, "onderwerp = ", "verzonden_aan = [\"a@example.nl\"]\nonderwerp = ");
    let fixed = (1, "waarschuwing".into(), "mail-field-fixed".into(), "verzonden_aan".into());
    assert_eq!(found(&check_text(&workspace, "a.csv", text).exits(0).json()), [fixed]);
}

#[test]
fn double_recipients_are_pointed_out_with_the_other_row() {
    let workspace = Workspace::new();
    let same = with(good(1), &[("organisatie", "NETWERK  1"), ("postcode", "8099xx"), ("email", "anders@example.nl")]);
    let email = with(good(3), &[("email", "A2@example.nl")]);
    let report = check_text(&workspace, "a.csv", table(&[good(1), good(2), same, email, good(4)])).exits(0).json();
    let expected = [(4, "mail-double", ""), (5, "mail-double-email", "email")];
    let expected = expected.map(|(row, code, column)| (row, "waarschuwing".into(), code.into(), column.into()));
    assert_eq!(found(&report), expected);
    let said: Vec<_> = (0..2).map(|at| report["rijen"][at]["bevindingen"][0]["melding"].to_string()).collect();
    assert!(said[0].contains("rij 2") && said[1].contains("rij 3"), "{said:?}");
}

#[test]
fn columns_are_held_against_the_letter() {
    let workspace = Workspace::new();
    let text = table(&[good(1)]).replace("\"regio\"", "\"reigo\"").replace("\"functie\"", "\"fumctie\"");
    let report = check_text(&workspace, "a.csv", text).exits(1).json();
    assert_eq!(errors(&report), [(1, "mail-name-without-column".into(), "rij.regio".into())]);
    let unused: Vec<_> =
        found(&report).into_iter().filter(|one| one.2 == "mail-column-unused").map(|one| one.3).collect();
    assert_eq!(unused, ["fumctie", "reigo"]);
    let said = report.to_string();
    assert!(said.contains("bedoelde u ‘reigo’?") && said.contains("bedoelde u ‘functie’?"), "{said}");
    // The row itself is in order.
    assert_eq!(report["fout"], 0);
    let nameless = table(&[good(1)]).replace("organisatie", "oranisatie").replace("achternaam", "kleur");
    let report = check_text(&workspace, "a.csv", nameless).exits(1).json();
    assert!(errors(&report).contains(&(1, "mail-columns-nameless".into(), "organisatie".into())), "{report}");
    assert!(report.to_string().contains("is een daarvan de kolom ‘oranisatie’?"), "{report}");
    let double = table(&[good(1)]).replace("\"thema\"", "\"Organisatie\"");
    let report = check_text(&workspace, "a.csv", double).exits(1).json();
    assert_eq!(report["fouten"][0]["code"], "table-column-double");
    let like = "organisatie;ter_attentie_van;ter attentie van;regio;netwerk;thema\nA;;b;c;d;e\n";
    let report = check_text(&workspace, "a.csv", like).exits(1).json();
    assert_eq!(errors(&report), [(1, "mail-column-double".into(), "ter attentie van".into())]);
}

#[test]
fn a_column_is_said_to_be_named_in_a_way_that_works() {
    let workspace = Workspace::new();
    let text = "organisatie;T.a.v.;regio;netwerk;thema;Bedrag (€);vrije tekst\nA;mevrouw Jansen;b;c;d;5;x\n";
    let report = check_text(&workspace, "a.csv", text).exits(0).json();
    let unused = |column: &str| (1, "waarschuwing".into(), "mail-column-unused".into(), column.into());
    let of_columns = |report| found(report).into_iter().filter(|one| one.0 == 1).collect::<Vec<_>>();
    assert_eq!(of_columns(&report), [unused("bedrag (€)"), unused("vrije tekst")]);
    let said = report.to_string();
    assert!(said.contains("letters zonder accenten") && !said.contains("{{rij.bedrag"), "{said}");
    assert!(said.contains("{{rij.vrije_tekst}}") && said.contains("onder [rij]"), "{said}");
    // As it says: the name works once the letter gives an example of it.
    workspace.change(LETTER, "regio = ", "vrije_tekst = \"iets\"\nregio = ");
    workspace.change(LETTER, "{{rij.regio}}", "{{rij.regio}} {{rij.vrije_tekst}}");
    let report = check_text(&workspace, "a.csv", text).exits(0).json();
    assert_eq!(of_columns(&report), [unused("bedrag (€)")]);
    // A name that the letter gives no example of is told where it belongs.
    workspace.change(LETTER, "{{rij.vrije_tekst}}", "{{rij.telefoon}}");
    let refused = check_text(&workspace, "a.csv", text).exits(1).json();
    assert_eq!(refused["fouten"][0]["code"], "unknown-name");
    let said = refused.to_string();
    assert!(said.contains("zet een regel telefoon = ") && said.contains("onder [rij]"), "{said}");
}

#[test]
fn addresses_that_every_recipient_would_read_are_pointed_out() {
    let workspace = Workspace::new();
    workspace.change(LETTER, "onderwerp = ", "verzonden_aan = [\"een@example.nl\"]\nonderwerp = ");
    let report = check_text(&workspace, "a.csv", table(&[good(1)])).exits(0).json();
    assert_eq!(found(&report), [(1, "waarschuwing".into(), "mail-field-fixed".into(), "verzonden_aan".into())]);
    assert!(report.to_string().contains("een@example.nl"), "{report}");
}

#[test]
fn empty_rows_are_skipped_and_said_and_a_table_without_rows_is_refused() {
    let workspace = Workspace::new();
    let text = table(&[good(1), vec![String::new(); HEADER.len()], good(2)]);
    let report = check_text(&workspace, "a.csv", text).exits(0).json();
    assert_eq!(report["totaal"], 2);
    assert_eq!(found(&report), [(1, "waarschuwing".into(), "mail-rows-empty".into(), String::new())]);
    assert!(report.to_string().contains("overgeslagen: 3"), "{report}");
    let refused = check_text(&workspace, "a.csv", table(&[])).exits(1).json();
    assert_eq!(refused["fouten"][0]["code"], "mail-no-rows");
}

#[test]
fn nobody_gets_what_the_specimen_holds() {
    let workspace = Workspace::new();
    // The letter prints the position without asking whether there is one, and the table has no such column.
    workspace.change(
        LETTER,
        "{{#if ontvanger.functie}}, als {{ontvanger.functie}},{{/if}}",
        " als {{ontvanger.functie}}",
    );
    let text = "organisatie;regio;netwerk;thema\nNetwerk;Zwolle;een netwerk;x\n";
    let report = check_text(&workspace, "a.csv", text).exits(1).json();
    assert_eq!(errors(&report), [(2, "value-missing".into(), "ontvanger.functie".into())]);
}

#[test]
fn a_letter_that_is_wrong_itself_is_refused_first() {
    let workspace = Workspace::new();
    workspace.change(LETTER, "onderwerp = ", "kenmerk = \"D2023-02-000001\"\nonderwerp = ");
    let refused = check_text(&workspace, "a.csv", table(&[good(1)])).exits(1).json();
    assert_eq!(refused["fouten"][0]["code"], "mail-reference-fixed");
    workspace.change(LETTER, "kenmerk = ", "kenmrek = ");
    let refused = check_text(&workspace, "a.csv", table(&[good(1)])).exits(1).json();
    assert_eq!(refused["fouten"][0]["code"], "unknown-key");
    workspace.run(&["mail", "check", LETTER]).exits(2);
    workspace.run(&["mail", "check", LETTER, "--recipients", "weg.csv"]).exits(1);
}
