//! What a year comes to: the overview of letters and the number account.

use serde_json::{Value as Json, json};

use crate::filled::{answered_pair, day, fill, open, record, write};
use crate::support::Workspace;

/// The advices of the SER Overijssel and the days on which the province answered, by its annual report of 2021, chapter 4.
const ADVICES: [(&str, &str, &str, i64); 5] = [
    ("Reactie op het onderzoek Kracht van Oost", "2021-02-05", "2021-03-03", 26),
    ("Leven, wonen en werken voor jongeren in Overijssel", "2021-02-15", "2021-06-08", 113),
    ("Nieuwe kansen met basisvaardig Overijssel", "2020-12-18", "2021-03-18", 90),
    ("Kennisvalorisatie: kennis durven vragen en delen", "2021-05-26", "2022-01-11", 230),
    ("Een menselijk perspectief op digitalisering in Overijssel", "2021-05-25", "2022-01-11", 231),
];

fn report(workspace: &Workspace, which: &str, year: &str) -> Json {
    workspace.run(&["register", "report", which, "--jaar", year, "--json"]).exits(0).json()
}

#[test]
fn the_overview_of_a_year_says_what_its_annual_report_says() {
    let workspace = Workspace::new();
    let (opened, mut register) = open(&workspace, None);
    for (subject, received, answered, _) in ADVICES {
        answered_pair(&mut register, opened.settings(), subject, received, answered);
    }
    let of_year = |year: &str| {
        let rows = report(&workspace, "jaaroverzicht", year);
        let read = |row: &Json| {
            let text = |key: &str| row[key].as_str().unwrap_or_default().to_string();
            (text("onderwerp"), text("ontvangen"), text("beantwoord_op"), row["dagen"].as_i64().unwrap_or(-1))
        };
        rows.as_array().unwrap().iter().map(read).collect::<Vec<_>>()
    };
    let expected = |year: &str| {
        let of_year = ADVICES.iter().filter(|(_, received, ..)| received.starts_with(year));
        let mut rows: Vec<_> = of_year
            .map(|(subject, received, answered, days)| {
                (subject.to_string(), received.to_string(), answered.to_string(), *days)
            })
            .collect();
        rows.sort_by_key(|(_, received, ..)| received.clone());
        rows
    };
    assert_eq!(of_year("2021"), expected("2021"));
    assert_eq!(of_year("2021").len(), 4);
    assert_eq!(of_year("2020"), expected("2020"));
    assert_eq!(of_year("2020").len(), 1);
    assert_eq!(of_year("2022"), []);

    let people = workspace.run(&["register", "report", "jaaroverzicht", "--jaar", "2021"]).exits(0);
    assert!(
        people.out.contains("2021: ontvangen 4, beantwoord 4, afgedaan zonder antwoord 0, nog open 0\n"),
        "{}",
        people.out
    );
    // (26 + 113 + 230 + 231) / 4, and between 113 and 230; three of four took more than twelve weeks.
    assert!(people.out.contains("gemiddeld 150,0, mediaan 171,5; na de termijn beantwoord: 3\n"), "{}", people.out);
    assert!(!people.out.contains('('), "{}", people.out);
    let english = workspace.run(&["register", "report", "jaaroverzicht", "--jaar", "2021", "--taal", "en"]).exits(0);
    assert!(english.out.contains("average 150.0, median 171.5"), "{}", english.out);
}

#[test]
fn the_keys_of_the_overview_are_fixed() {
    let workspace = Workspace::new();
    let (opened, mut register) = open(&workspace, None);
    let id = answered_pair(&mut register, opened.settings(), "Advies", "2023-01-02", "2023-01-12");
    assert_eq!(
        report(&workspace, "jaaroverzicht", "2023"),
        json!([{
            "id": id, "onderwerp": "Advies", "correspondent": "SER Overijssel", "ontvangen": "2023-01-02",
            "beantwoord_door": "D2023-01-000001", "beantwoord_op": "2023-01-12", "dagen": 10,
        }])
    );
}

#[test]
fn the_earliest_answer_that_stands_counts() {
    use postkamer::register::entry::{Entry, Status};
    use postkamer::register::links::{self, Kind};
    use postkamer::register::numbering::{self, Kind as NumberKind, Origin, Use};
    let workspace = Workspace::new();
    let (opened, mut register) = open(&workspace, None);
    let settings = opened.settings();
    let own = register.workspace().to_string();
    write(&mut register, |journal| {
        // By the date on the letter: an old register did not say when it came in.
        let number =
            numbering::chosen(NumberKind::Incoming, &settings.inkomend, "oud-1", day("2021-03-01"), Origin::Imported);
        let mut letter = Entry::new("oud-1", Status::Open, "Met\u{1b}[31m kleur", &own, journal.salt());
        letter.dated = Some(day("2021-03-01"));
        record(journal, &letter, &number, Use::Used, "", "ingevoerd")?;
        for (id, status, dated) in [
            ("A", Status::Withdrawn, Some("2021-03-02")),
            ("B", Status::Issued, None),
            ("C", Status::Signed, Some("2021-03-20")),
            ("D", Status::Sent, Some("2021-03-11")),
            ("E", Status::Void, Some("2021-03-03")),
            ("F", Status::Issued, Some("2021-03-11")),
        ] {
            let number =
                numbering::chosen(NumberKind::Reference, &settings.kenmerk, id, day("2021-03-01"), Origin::Imported);
            let mut answer = Entry::new(id, status, "Antwoord", &own, journal.salt());
            answer.dated = dated.map(day);
            record(journal, &answer, &number, Use::Used, "", "ingevoerd")?;
            links::add(journal.tx, id, Kind::Answers, "oud-1")?;
            journal.note(id, "gekoppeld", &json!({}))?;
        }
        for (id, status) in [("oud-2", Status::Open), ("oud-3", Status::Handled), ("oud-4", Status::Answered)] {
            let number =
                numbering::chosen(NumberKind::Incoming, &settings.inkomend, id, day("2021-01-01"), Origin::Imported);
            let mut letter = Entry::new(id, status, "Zonder antwoord", &own, journal.salt());
            letter.received = Some(day("2021-12-31"));
            record(journal, &letter, &number, Use::Used, "", "ingevoerd")?;
        }
        Ok(())
    });
    let rows = report(&workspace, "jaaroverzicht", "2021");
    let row = &rows[0];
    assert_eq!((&row["id"], &row["ontvangen"]), (&json!("oud-1"), &Json::Null));
    assert_eq!(
        (&row["beantwoord_door"], &row["beantwoord_op"], &row["dagen"]),
        (&json!("D"), &json!("2021-03-11"), &json!(10))
    );
    let ids: Vec<_> = rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["oud-1", "oud-2", "oud-3", "oud-4"]);
    assert_eq!(rows[1]["dagen"], Json::Null);
    let people = workspace.run(&["register", "report", "jaaroverzicht", "--jaar", "2021"]).exits(0).out;
    assert!(people.contains("ontvangen 4, beantwoord 2, afgedaan zonder antwoord 1, nog open 1\n"), "{people}");
    assert!(people.contains("(2021-03-01)") && people.contains("de dag van ontvangst niet"), "{people}");
    assert!(!people.contains('\u{1b}') && people.contains("Met\u{FFFD}[31m kleur"), "{people}");
}

#[test]
fn every_number_of_a_year_is_accounted_for() {
    let workspace = Workspace::new();
    let (opened, mut register) = open(&workspace, None);
    fill(&workspace, &mut register, opened.settings());
    let account = report(&workspace, "nummers", "2023");
    let read = |row: &Json| {
        let keys: Vec<_> = row.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["nummer", "reeks", "status", "handmatig", "reden", "id"]);
        let text = |key: &str| row[key].as_str().unwrap_or("-").to_string();
        format!("{} {} {} {} {}", text("nummer"), text("reeks"), text("status"), row["handmatig"], text("id"))
    };
    let rows = account.as_array().unwrap();
    assert_eq!(
        rows.iter().map(read).collect::<Vec<_>>(),
        [
            "D2023-02-000001 kenmerk vastgesteld false D2023-02-000001",
            "D2023-02-000002 kenmerk gereserveerd false D2023-02-000002",
            "D2023-02-000003 kenmerk vervallen false D2023-02-000003",
            "D2023-02-000004 kenmerk verzonden false D2023-02-000004",
            "D2023-02-000005 kenmerk vastgesteld true D2023-02-000005",
            "D2023-02-000006 kenmerk vastgesteld false D2023-02-000006",
            "000007–000009 kenmerk niet_ingevoerd false -",
            "D2023-02-000010 kenmerk verzonden false D2023-02-000010",
            "D2023-02-000011 kenmerk ingetrokken false D2023-02-000011",
            "I2023-000003 kenmerk vastgesteld true I2023-000003",
            "I2023-000001 inkomend beantwoord false I2023-000001",
            "I2023-000002 inkomend afgedaan false I2023-000002",
            "I2023-000004 inkomend open false I2023-000004",
            "2023-000001 zaaknummer gebruikt false D2023-02-000001",
        ]
    );
    assert_eq!(rows[2]["reden"], "dubbel gemaakt");
    assert!(rows[6]["reden"].as_str().unwrap().contains("D2023-02-000010"), "{}", rows[6]);
    assert_eq!(rows[0]["reden"], Json::Null);
    assert_eq!(report(&workspace, "nummers", "2022"), json!([]));
    let people = workspace.run(&["register", "report", "nummers", "--jaar", "2023"]).exits(0).out;
    for line in ["nummers van 2023: 16\n", "  niet_ingevoerd: 3\n", "  vastgesteld: 4\n", "  vervallen: 1\n"] {
        assert!(people.contains(line), "{line} is not in {people}");
    }

    // A number that is gone stands in the account, and the account is given all the same.
    let connection = rusqlite::Connection::open(workspace.path("register.db")).unwrap();
    connection.execute("DELETE FROM number WHERE number = 'D2023-02-000001'", []).unwrap();
    let account = report(&workspace, "nummers", "2023");
    assert_eq!(read(&account[0]), "000001 kenmerk ontbreekt false -");
    assert!(account[0]["reden"].as_str().unwrap().contains("kenmerk 2023"), "{}", account[0]);
}

#[test]
fn a_report_needs_a_year() {
    let workspace = Workspace::new();
    for arguments in [
        &["report"][..],
        &["report", "jaaroverzicht"],
        &["report", "nummers", "--jaar", "dit"],
        &["report", "nummers", "--jaar", "10000"],
        // That is no year of anybody's: a hundred of its letters would be missed without a word.
        &["report", "nummers", "--jaar", "26"],
        &["report", "jaaroverzicht", "--jaar", "999"],
    ] {
        workspace.run(&[&["register"], arguments].concat()).exits(2);
    }
    assert_eq!(report(&workspace, "jaaroverzicht", "2021"), json!([]));
    assert_eq!(report(&workspace, "nummers", "2021"), json!([]));
}
