//! Corrections of what the register says.

use serde_json::{Value as Json, json};

use postkamer::register::entry::{Entry, Status};

use super::{day, last_event, outgoing, read, received, refused, register, write};
use crate::support::Workspace;

#[test]
fn every_field_is_corrected_and_keeps_its_old_value_in_the_event() {
    let workspace = Workspace::new();
    let id = received(&workspace, &["--uw-kenmerk", "oud"]);
    let correct = |id: &str, field: &str, value: &str| {
        register(&workspace, &["correct", id, "--veld", field, "--waarde", value, "--reden", "Overgetypt", "--json"])
    };
    for (field, value, was) in [
        ("onderwerp", "Briefadvies brede welvaart", json!("Briefadvies sociale innovatie")),
        ("correspondent", "SER Gelderland", json!("SER Overijssel")),
        ("datum", "2022-12-02", json!("2022-12-01")),
        ("ontvangen", "2022-12-06", json!("2023-02-21")),
        ("soort", "verzoek", json!(null)),
        ("zaaknummer", "2022-77", json!(null)),
        ("uw_kenmerk", "", json!("oud")),
        ("termijn", "2023-03-01", json!(null)),
        ("behandelaar", "M. Bom", json!(null)),
        ("vertrouwelijkheid", "zeer_geheim", json!(null)),
    ] {
        let run = correct(&id, field, value).exits(0);
        assert_eq!(run.err, "", "{field}");
        let expected = if value.is_empty() { Json::Null } else { value.into() };
        if field != "vertrouwelijkheid" {
            assert_eq!(run.json()[field], expected, "{field}");
        }
        let details = json!({ "veld": field, "was": was, "wordt": expected, "reden": "Overgetypt" });
        assert_eq!(last_event(&workspace, &id), ("gecorrigeerd".into(), details));
    }
    let found = read(&workspace, |tx| {
        assert_eq!(Entry::get(tx, &id)?.confidentiality.as_deref(), Some("zeer_geheim"));
        tx.row("SELECT terms FROM search WHERE entry = $1", &[id.as_str().into()])
    });
    let terms = found.unwrap().text("terms");
    assert!(terms.contains("welvaart") && terms.contains("gelderland") && !terms.contains("innovatie"), "{terms}");

    outgoing(&workspace, "D1", Status::Sent, &[]);
    write(&workspace, |journal| {
        let mut entry = Entry::get(journal.tx, "D1")?;
        (entry.sent, entry.sent_by) = (Some(day("2023-02-20")), Some("per post".into()));
        entry.update(journal.tx)?;
        journal.note("D1", "verzonden", &json!({}))
    })
    .unwrap();
    for (field, value, was) in [
        ("verzonden", "2023-02-21", json!("2023-02-20")),
        ("wijze", "per e-mail", json!("per post")),
        ("uw_brief", "2022-12-01", json!(null)),
    ] {
        correct("D1", field, value).exits(0);
        assert_eq!(last_event(&workspace, "D1").1["was"], was);
    }
    // What is printed on a letter stays on it, and whoever corrects the register is told so.
    let said = register(&workspace, &["correct", "D1", "--veld", "onderwerp", "--waarde", "Antwoord", "--reden", "x"])
        .exits(0);
    assert_eq!(
        said.err,
        "D1: ‘onderwerp’ is nu ‘Antwoord’\nalleen het register is verbeterd: de vastgestelde brief D1 zelf is niet veranderd\n"
    );
    let said =
        register(&workspace, &["correct", "D1", "--veld", "uw_brief", "--waarde", " ", "--reden", "x", "--taal", "en"])
            .exits(0);
    assert!(said.err.starts_with("D1: ‘uw_brief’ is emptied\nonly the register"), "{}", said.err);
}

#[test]
fn a_correction_that_cannot_be_is_refused() {
    let workspace = Workspace::new();
    let id = received(&workspace, &[]);
    outgoing(&workspace, "D1", Status::Issued, &[]);
    outgoing(&workspace, "D2", Status::Void, &[]);
    outgoing(&workspace, "D3", Status::Reserved, &[]);
    outgoing(&workspace, "D4", Status::Sent, &[]);
    for (id, field, value, code, words) in [
        (id.as_str(), "ondrewerp", "x", "field-unknown", "bedoelde u ‘onderwerp’?"),
        (&id, "kleur", "x", "field-unknown", "kies uit: onderwerp, correspondent"),
        (&id, "status", "afgedaan", "field-fixed", "handle"),
        (&id, "id", "I1", "field-fixed", "te verbeteren zijn: onderwerp"),
        ("D1", "kenmerk", "D9", "field-fixed", "een nummer blijft"),
        (&id, "richting", "uit", "field-fixed", ""),
        (&id, "onderwerp", " ", "empty-value", ""),
        (&id, "correspondent", "", "empty-value", ""),
        (&id, "datum", "", "empty-value", ""),
        (&id, "datum", "1-2-23", "day-form", "‘datum’"),
        ("D1", "termijn", "2023-03-01", "field-not-here", "uitgaande"),
        (&id, "ontvangen", "2023-02-22", "day-future", ""),
        (&id, "onderwerp", "a\u{9b}b", "character-control", "U+009B"),
        (&id, "vertrouwelijkheid", "geheimm", "unknown-choice", "bedoelde u ‘geheim’?"),
        (&id, "verzonden", "2023-02-21", "field-not-here", "inkomende"),
        (&id, "uw_brief", "2023-02-21", "field-not-here", "‘datum’"),
        ("D1", "ontvangen", "2023-02-21", "field-not-here", "uitgaande"),
        ("D1", "verzonden", "2023-02-21", "field-not-here", "postkamer register send D1"),
        ("D4", "wijze", "", "empty-value", ""),
        (&id, "onderwerp", "Briefadvies sociale innovatie", "correct-same", "postkamer register show"),
        ("D2", "onderwerp", "x", "status-refuses", "vervallen"),
        ("D3", "onderwerp", "x", "status-refuses", "briefbestand"),
    ] {
        let arguments = ["correct", id, "--veld", field, "--waarde", value, "--reden", "x"];
        let (found, said) = refused(&workspace, &arguments);
        assert!(found == code && said.contains(words), "{id} {field} {value:?}: {found} {said}");
    }
    assert_eq!(
        refused(&workspace, &["correct", &id, "--veld", "soort", "--waarde", "x", "--reden", " "]).0,
        "empty-value"
    );
    // A kind or a day of receipt with another term: said, not done.
    let run =
        register(&workspace, &["correct", &id, "--veld", "soort", "--waarde", "advies", "--reden", "x", "--json"])
            .exits(0);
    assert!(run.err.contains("[term-unchanged]") && run.err.contains("--waarde 2023-05-16"), "{}", run.err);
    assert_eq!(run.json()["termijn"], Json::Null);
    let run =
        register(&workspace, &["correct", &id, "--veld", "zaaknummer", "--waarde", "nieuw", "--reden", "x", "--json"])
            .exits(0);
    assert_eq!(run.json()["zaaknummer"], "2023-000001");
    assert_eq!(last_event(&workspace, &id).1["wordt"], "2023-000001");
}
