//! Letters that are assigned, put away, sent, withdrawn, and numbers that are given up.

use serde_json::{Value as Json, json};

use postkamer::register::entry::{Entry, Status};

use super::{dump, last_event, numbers, outgoing, read, received, refused, register, shown};
use crate::support::Workspace;

/// Why a number has its status, as the number account says it.
fn reason_in_account(workspace: &Workspace, number: &str) -> Json {
    let account = register(workspace, &["report", "nummers", "--jaar", "2023", "--json"]).exits(0).json();
    let line = account.as_array().expect("numbers").iter().find(|line| line["nummer"] == number).expect("the number");
    line["reden"].clone()
}

#[test]
fn a_letter_is_assigned() {
    let workspace = Workspace::new();
    let id = received(&workspace, &[]);
    let run = register(&workspace, &["assign", &id, "--behandelaar", " J. Kuijper "]).exits(0);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("", "I2023-000001 ligt bij J. Kuijper\n"));
    let first = json!({ "veld": "behandelaar", "was": null, "wordt": "J. Kuijper" });
    assert_eq!(last_event(&workspace, &id), ("toegewezen".into(), first));
    let before = dump(&workspace);
    register(&workspace, &["assign", &id, "--behandelaar", "J. Kuijper"]).exits(0);
    assert_eq!(dump(&workspace), before, "nothing changed, nothing is noted");
    let entry = register(&workspace, &["assign", &id, "--behandelaar", "M. Bom", "--json"]).exits(0);
    assert_eq!((&entry.json()["behandelaar"], entry.err.as_str()), (&"M. Bom".into(), ""));
    assert_eq!(last_event(&workspace, &id).1["was"], "J. Kuijper");
    let quiet = register(&workspace, &["assign", &id, "--behandelaar", "X", "--quiet"]).exits(0);
    assert_eq!((quiet.out.as_str(), quiet.err.as_str()), ("", ""));
    let english = register(&workspace, &["assign", &id, "--behandelaar", "Y", "--taal", "en"]).exits(0);
    assert_eq!(english.err, "I2023-000001 lies with Y\n");
    assert_eq!(refused(&workspace, &["assign", &id, "--behandelaar", " "]).0, "empty-value");
    assert_eq!(refused(&workspace, &["assign", "I1999-1", "--behandelaar", "X"]).0, "id-unknown");
    assert_eq!(refused(&workspace, &["assign", "I\u{1b}[2J", "--behandelaar", "X"]).0, "character-control");
    outgoing(&workspace, "D1", Status::Void, &[]);
    assert_eq!(refused(&workspace, &["assign", "D1", "--behandelaar", "X"]).0, "status-refuses");
    register(&workspace, &["assign", &id]).exits(2);
}

#[test]
fn an_open_letter_is_put_away_with_a_reason_and_only_then() {
    let workspace = Workspace::new();
    let id = received(&workspace, &[]);
    assert_eq!(refused(&workspace, &["handle", &id, "--reden", " \t"]).0, "empty-value");
    let entry = register(&workspace, &["handle", &id, "--reden", "Ter kennisgeving", "--json"]).exits(0).json();
    assert_eq!(entry["status"], "afgedaan");
    assert_eq!(
        last_event(&workspace, &id),
        (
            "afgedaan".into(),
            json!({ "veld": "status", "was": "open", "wordt": "afgedaan", "reden": "Ter kennisgeving" }),
        )
    );
    assert_eq!(reason_in_account(&workspace, &id), "Ter kennisgeving");
    let (code, words) = refused(&workspace, &["handle", &id, "--reden", "Nog eens"]);
    assert!(code == "status-refuses" && words.contains("status ‘afgedaan’"), "{words}");
    outgoing(&workspace, "D1", Status::Issued, &[]);
    let (code, words) = refused(&workspace, &["handle", "D1", "--reden", "x"]);
    assert!(code == "status-refuses" && words.contains("postkamer register withdraw"), "{words}");
    // An answer counts for more.
    outgoing(&workspace, "D2", Status::Issued, &[&id]);
    assert_eq!(shown(&workspace, &id)["status"], "beantwoord");
    assert_eq!(refused(&workspace, &["handle", &id, "--reden", "x"]).0, "status-refuses");
}

#[test]
fn a_letter_is_sent_once() {
    let workspace = Workspace::new();
    outgoing(&workspace, "D1", Status::Issued, &[]);
    outgoing(&workspace, "D2", Status::Signed, &[]);
    let send = |id: &'static str, day: &'static str, way: &'static str| ["send", id, "--datum", day, "--wijze", way];
    let run = register(&workspace, &send("D1", "2023-02-20", "per post")).exits(0);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("", "D1 is verzonden\n"));
    assert_eq!(
        last_event(&workspace, "D1"),
        (
            "verzonden".into(),
            json!({ "veld": "status", "was": "vastgesteld", "wordt": "verzonden", "verzonden": "2023-02-20", "wijze": "per post" }),
        )
    );
    assert_eq!(read(&workspace, |tx| Entry::get(tx, "D1")).sent_by.as_deref(), Some("per post"));
    let (code, words) = refused(&workspace, &send("D1", "2023-02-21", "per e-mail"));
    assert!(code == "status-refuses" && words.contains("postkamer register correct"), "{words}");
    assert_eq!(refused(&workspace, &send("D2", "2023-02-22", "per post")).0, "day-future");
    assert_eq!(refused(&workspace, &send("D2", "2023-02-20", "")).0, "empty-value");
    let early = register(&workspace, &[&send("D2", "2023-01-31", "per post")[..], &["--json"]].concat()).exits(0);
    assert_eq!((&early.json()["status"], &early.json()["verzonden"]), (&"verzonden".into(), &"2023-01-31".into()));
    assert!(early.err.contains("[sent-before-date]"), "{}", early.err);
    for (id, status) in [("D3", Status::Reserved), ("D4", Status::Withdrawn), ("D5", Status::Void)] {
        outgoing(&workspace, id, status, &[]);
        assert_eq!(refused(&workspace, &send(id, "2023-02-21", "per post")).0, "status-refuses", "{status}");
    }
    // Several at once: all of them or none.
    outgoing(&workspace, "D6", Status::Issued, &[]);
    outgoing(&workspace, "D7", Status::Signed, &[]);
    let how = ["--datum", "20-2-2023", "--wijze", "per post"];
    let (before, mixed) = (dump(&workspace), ["send", "D6", "D5", "D7", "D9"]);
    let run = register(&workspace, &[&mixed[..], &how, &["--json"]].concat()).exits(1).json();
    let codes: Vec<_> = run["fouten"].as_array().expect("findings").iter().map(|one| one["code"].clone()).collect();
    assert_eq!(codes, ["status-refuses", "id-unknown"]);
    let future = ["send", "D6", "D7", "--datum", "2023-02-22", "--wijze", "x", "--json"];
    let run = register(&workspace, &future).exits(1).json();
    assert_eq!(run["fouten"].as_array().map(Vec::len), Some(1), "{run}");
    assert_eq!(dump(&workspace), before, "nothing is sent");
    let run = register(&workspace, &[&["send", "D6", "D7", "D6"][..], &how, &["--json"]].concat()).exits(0).json();
    let sent = |at: usize| (run[at]["id"].clone(), run[at]["status"].clone(), run[at]["verzonden"].clone());
    assert_eq!([sent(0), sent(1)], ["D6", "D7"].map(|id| (id.into(), "verzonden".into(), "2023-02-20".into())));
    assert_eq!(run.as_array().map(Vec::len), Some(2));
    register(&workspace, &[&["send"][..], &how].concat()).exits(2);
    let incoming = received(&workspace, &[]);
    assert_eq!(refused(&workspace, &["send", &incoming, "--datum", "2023-02-21", "--wijze", "x"]).0, "status-refuses");
}

#[test]
fn what_a_withdrawn_letter_answered_is_open_again() {
    let workspace = Workspace::new();
    let (one, two) = (received(&workspace, &[]), received(&workspace, &[]));
    outgoing(&workspace, "D1", Status::Issued, &[&one, &two]);
    outgoing(&workspace, "D2", Status::Sent, &[&two]);
    assert_eq!(shown(&workspace, &one)["status"], "beantwoord");
    assert_eq!(refused(&workspace, &["withdraw", "D1", "--reden", ""]).0, "empty-value");
    let entry = register(&workspace, &["withdraw", "D1", "--reden", "Verkeerde bijlage", "--json"]).exits(0).json();
    assert_eq!(entry["status"], "ingetrokken");
    assert_eq!(
        last_event(&workspace, "D1"),
        (
            "ingetrokken".into(),
            json!({ "veld": "status", "was": "vastgesteld", "wordt": "ingetrokken", "reden": "Verkeerde bijlage" }),
        )
    );
    assert_eq!(reason_in_account(&workspace, "D1"), "Verkeerde bijlage");
    assert_eq!(reason_in_account(&workspace, "D2"), Json::Null);
    assert_eq!(last_event(&workspace, &one).0, "heropend");
    assert_eq!(
        (&shown(&workspace, &one)["status"], &shown(&workspace, &two)["status"]),
        (&"open".into(), &"beantwoord".into())
    );
    assert!(numbers(&workspace).iter().all(|[.., status, _]| status == "gebruikt"));
    assert_eq!(refused(&workspace, &["withdraw", "D1", "--reden", "x"]).0, "status-refuses");
    outgoing(&workspace, "D3", Status::Reserved, &[]);
    let (code, words) = refused(&workspace, &["withdraw", "D3", "--reden", "x"]);
    assert!(code == "status-refuses" && words.contains("postkamer register void D3"), "{words}");
    assert_eq!(refused(&workspace, &["withdraw", &one, "--reden", "x"]).0, "status-refuses");
}

#[test]
fn a_reserved_number_is_given_up_with_that_of_its_case() {
    let workspace = Workspace::new();
    outgoing(&workspace, "D1", Status::Reserved, &[]);
    outgoing(&workspace, "D2", Status::Reserved, &[]);
    let run = register(&workspace, &["void", "D1", "--reden", "Dubbel aangevraagd", "--taal", "en"]).exits(0);
    assert_eq!(run.err, "D1 is void\n");
    let reason =
        json!({ "veld": "status", "was": "gereserveerd", "wordt": "vervallen", "reden": "Dubbel aangevraagd" });
    assert_eq!(last_event(&workspace, "D1"), ("vervallen".into(), reason));
    let account = |[kind, number, _, status, reason]: [String; 5]| format!("{kind} {number} {status} {reason}");
    assert_eq!(
        numbers(&workspace).into_iter().map(account).collect::<Vec<_>>(),
        [
            "kenmerk D1 vervallen Dubbel aangevraagd",
            "kenmerk D2 gereserveerd ",
            "zaaknummer Z-D1 vervallen Dubbel aangevraagd",
            "zaaknummer Z-D2 gereserveerd ",
        ]
    );
    // A case that another letter belongs to goes on.
    received(&workspace, &["--zaaknummer", "Z-D2"]);
    register(&workspace, &["void", "D2", "--reden", "Toch niet"]).exits(0);
    last_event(&workspace, "D2");
    let after: Vec<_> = numbers(&workspace).into_iter().map(account).collect();
    assert!(
        after.contains(&"zaaknummer Z-D2 gebruikt ".into()) && after.contains(&"kenmerk D2 vervallen Toch niet".into())
    );
    for status in [Status::Issued, Status::Signed, Status::Sent, Status::Withdrawn, Status::Void] {
        let id = format!("E{}", status as usize);
        outgoing(&workspace, &id, status, &[]);
        assert_eq!(refused(&workspace, &["void", &id, "--reden", "x"]).0, "status-refuses", "{status}");
    }
    assert_eq!(refused(&workspace, &["void", "D2", "--reden", "x"]).0, "status-refuses");
    assert_eq!(refused(&workspace, &["void", "D2", "--reden", " "]).0, "empty-value");
}
