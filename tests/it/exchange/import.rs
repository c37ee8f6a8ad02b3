//! Tables into the register: what is taken, what is refused, and what follows from it.

use std::fmt::Write as _;

use postkamer::register::db::Row;
use postkamer::register::numbering::{self, Kind};
use serde_json::{Value as Json, json};

use super::{Desk, day, said, statuses, verifies};
use crate::support::repository;

/// Ten thousand letters, each answering the one before it, of which those in the rows of `wrong` have no such day.
fn many(wrong: &[usize]) -> String {
    let mut table = String::from("id,richting,datum,onderwerp,zaaknummer,in_reactie_op\n");
    for row in 2..=10_001 {
        let day = if wrong.contains(&row) { "30-2-2020" } else { "2020-02-29" };
        let (id, answered) = (format!("D2020-02-{row:06}"), format!("I2020-{row:06}"));
        let line = if row % 2 == 0 {
            format!("I2020-{:06},in,{day},Brief {row},2020-{:06},\n", row + 1, row % 700)
        } else {
            format!("{id},uit,{day},\"Antwoord, {row}\",,{answered}\n")
        };
        table.write_str(&line).unwrap();
    }
    table
}

#[test]
fn of_ten_thousand_rows_three_bad_ones_are_named() {
    let desk = Desk::new();
    // The answer in row 5001 names the letter in row 5000.
    let table = many(&[77, 5000, 10_001]);
    desk.workspace.write("veel.csv", &table);
    let refused = desk.run(&["register", "import", "veel.csv", "--all-or-none", "--json"]).exits(1).json();
    assert_eq!((&refused["opgenomen"], &refused["geweigerd"]), (&0.into(), &10_000.into()));
    assert_eq!(desk.export("json"), b"[]\n", "nothing was changed");
    assert!(said(&refused, 2).contains("--all-or-none"));
    let report = desk.run(&["register", "import", "veel.csv", "--json"]).exits(4).json();
    assert_eq!((&report["totaal"], &report["opgenomen"]), (&10_000.into(), &9996.into()));
    for row in [77, 5000, 10_001] {
        for report in [&refused, &report] {
            let said = said(report, row);
            assert!(said.contains(&format!("veel.csv, rij {row}, kolom ‘datum’: ‘30-2-2020’")), "{said}");
        }
    }
    let dependent = said(&report, 5001);
    assert!(dependent.contains("kolom ‘in_reactie_op’") && dependent.contains("rij 5000"), "{dependent}");
    let statuses = statuses(&report);
    let wrong: Vec<_> =
        (2..).zip(&statuses).filter(|(_, status)| **status == "geweigerd").map(|(row, _)| row).collect();
    assert_eq!(wrong, [77, 5000, 5001, 10_001]);
    assert_eq!(desk.letter("I2020-000003")["status"], "beantwoord");
    assert_eq!(desk.letter("I2020-000077")["status"], "open", "its answer was refused");
    verifies(&desk);
}

#[test]
fn people_read_what_is_wrong_as_from_a_compiler() {
    let desk = Desk::new();
    desk.workspace
        .write("a.csv", "id,richting,datum,onderwerp\nI1,in,2021-02-05,Advies\nI2,in,gisteren,\u{1b}[31mrood\n");
    let run = desk.run(&["register", "import", "a.csv"]).exits(4);
    assert_eq!(run.out, "");
    assert!(run.err.contains("fout[import-day]: a.csv, rij 3, kolom ‘datum’: ‘gisteren’ is geen datum"), "{}", run.err);
    assert!(run.err.contains("fout[import-character]: a.csv, rij 3, kolom ‘onderwerp’"), "{}", run.err);
    assert!(run.err.ends_with("rijen: 2, opgenomen: 1, geweigerd: 1\n"), "{}", run.err);
    assert!(!run.err.contains("rood"), "{}", run.err);
    let english = desk.run(&["register", "import", "a.csv", "--taal", "en"]).exits(1);
    assert!(english.err.contains("a.csv, row 2, column ‘id’: the register has a letter I1 already"), "{}", english.err);
    assert!(english.err.ends_with("rows: 2, taken in: 0, refused: 2\n"), "{}", english.err);
}

#[test]
fn what_is_wrong_in_a_row_is_named_with_its_column() {
    let lead =
        "id,kenmerk,richting,datum,onderwerp,status,ontvangen,handmatig,vertrouwelijkheid,in_reactie_op,zelfde_zaak\n";
    let long = "x".repeat(2001);
    for (row, column, words) in [
        ("I1,,in,31-2-2021,Advies", "datum", "‘31-2-2021’ is geen datum"),
        ("I1,,in,2/5/2021,Advies", "datum", "2023-02-21 of 21-2-2023"),
        ("I1,,in,,Advies", "datum", "de cel is leeg"),
        ("I1,,in,2021-02-05,", "onderwerp", "de cel is leeg"),
        ("I1,,,2021-02-05,Advies", "richting", "de cel is leeg"),
        (",,in,2021-02-05,Advies", "id", "de cel is leeg"),
        ("I1,,op,2021-02-05,Advies", "richting", "kies uit: in, uit"),
        ("I1,,in,2021-02-05,Advies,beantwoort", "status", "bedoelde u ‘beantwoord’?"),
        ("I1,,in,2021-02-05,Advies,verzonden", "status", "kies uit: open, beantwoord, afgedaan"),
        ("I1,,in,2021-02-05,Advies,,morgen", "ontvangen", "geen datum"),
        ("I1,,in,2021-02-05,Advies,,,misschien", "handmatig", "kies uit: ja, nee"),
        ("I1,,in,2021-02-05,Advies,,,,openbar", "vertrouwelijkheid", "bedoelde u ‘openbaar’?"),
        ("I1,,in,2021-02-05,Advies,,,,,I9", "in_reactie_op", "een brief ‘I9’ is er niet"),
        ("I1,,in,2021-02-05,Advies,,,,,,I1", "zelfde_zaak", "noemt zichzelf"),
        ("I1,I2,in,2021-02-05,Advies", "kenmerk", "uw_kenmerk"),
        ("I2021-9000000000000000000,,in,2021-02-05,Advies", "id", "hoger dan 999999999999"),
        ("I1,,in,2021-02-05,\"a\nb\"", "onderwerp", "U+000A"),
        ("I1,,in,2021-02-05,a\u{202e}b", "onderwerp", "schrijfrichting"),
        (&format!("I1,,in,2021-02-05,{long}"), "onderwerp", "langer dan 2000 tekens"),
    ] {
        let desk = Desk::new();
        let report = desk.import("a.csv", format!("{lead}{row}\n")).exits(1).json();
        let said = said(&report, 2);
        assert!(said.contains(&format!("a.csv, rij 2, kolom ‘{column}’: ")) && said.contains(words), "{row}: {said}");
        assert_eq!(report["rijen"][0]["status"], "geweigerd");
        assert_eq!(desk.export("json"), b"[]\n");
    }
}

#[test]
fn numbers_that_are_doubled_or_taken_are_refused() {
    let desk = Desk::new();
    let table = "id,richting,datum,onderwerp\nI1,in,2021-02-05,a\n\nI2,in,2021-02-05,b\nI1,uit,2021-02-05,c\n";
    let report = desk.import("a.csv", table).exits(4).json();
    assert_eq!(statuses(&report), ["geweigerd", "opgenomen", "geweigerd"]);
    assert!(said(&report, 2).contains("hetzelfde nummer staat ook in rij 5"), "{report}");
    assert!(said(&report, 5).contains("hetzelfde nummer staat ook in rij 2"), "{report}");
    let again = desk.import("b.csv", "kenmerk,richting,datum,onderwerp\nI2,uit,2021-02-05,b\n").exits(1).json();
    assert!(said(&again, 2).contains("b.csv, rij 2, kolom ‘id’: het register heeft al een brief I2"), "{again}");
}

#[test]
fn a_table_without_its_columns_is_refused_and_strange_ones_are_pointed_out() {
    let desk = Desk::new();
    let refused = desk.import("a.csv", "nummer,richting,datum,ondrewerp\nI1,in,2021-02-05,a\n").exits(1).json();
    let found = refused["fouten"].as_array().unwrap();
    let codes: Vec<_> =
        found.iter().map(|one| (one["code"].as_str().unwrap(), one["sleutel"].as_str().unwrap())).collect();
    let expected = [
        ("import-column-missing", "id"),
        ("import-column-missing", "onderwerp"),
        ("import-column-unknown", "nummer"),
        ("import-column-unknown", "ondrewerp"),
    ];
    assert_eq!(codes, expected);
    assert!(found[1]["melding"].as_str().unwrap().contains("‘ondrewerp’"), "{refused}");
    let run =
        desk.import("a.csv", "KENMERK,richting,datum,onderwerp,corespondent,kleur\nD1,uit,2021-02-05,a,b,c\n").exits(0);
    assert_eq!(run.json()["opgenomen"], 1);
    assert!(run.err.contains("let op[import-column-unknown]: a.csv: de kolom ‘corespondent’"), "{}", run.err);
    assert!(run.err.contains("bedoelde u ‘correspondent’?") && run.err.contains("‘kleur’"), "{}", run.err);
    assert_eq!(desk.letter("D1")["correspondent"], Json::Null);
}

#[test]
fn a_row_that_needs_a_refused_row_is_refused_with_it() {
    let desk = Desk::new();
    let table = "id,richting,datum,onderwerp,in_reactie_op,beantwoord_door,zelfde_zaak\n\
                 I1,in,nooit,a,,,\nD1,uit,2021-02-05,b,I1,,\nI2,in,2021-02-05,c,,,D1\nI3,in,2021-02-05,d,,I2,\n\
                 I4,in,2021-02-05,e,,,\nI5,in,2021-02-05,f,,,I6\nI6,in,2021-02-05,g,,,I5\n";
    let report = desk.import("a.csv", table).exits(4).json();
    assert_eq!(statuses(&report), [["geweigerd"; 4].as_slice(), &["opgenomen"; 3]].concat());
    for (row, needs) in [(3, 2), (4, 3), (5, 4)] {
        assert!(said(&report, row).contains(&format!("in rij {needs} is geweigerd, deze rij daarom ook")), "{report}");
    }
    // Mended, they find what is there already.
    let mended = "id,richting,datum,onderwerp,zelfde_zaak\nI1,in,2021-02-05,a,I4 I6\n";
    desk.import("b.csv", mended).exits(0);
    assert_eq!(desk.letter("I6")["zelfde_zaak"], json!(["I1", "I5"]));
    verifies(&desk);
}

#[test]
fn a_letter_that_is_named_by_a_doubled_number_is_refused_once() {
    let desk = Desk::new();
    let table = "id,richting,datum,onderwerp,in_reactie_op\n\
                 I1,in,2021-02-05,a,\nD1,uit,2021-02-05,b,I1\nI1,in,2021-02-06,c,\n";
    let report = desk.import("a.csv", table).exits(1).json();
    assert_eq!(statuses(&report), ["geweigerd"; 3]);
    let said = said(&report, 3);
    assert_eq!(said.matches("is geweigerd, deze rij daarom ook").count(), 1, "{said}");
    assert!(said.contains("in rij 2 is geweigerd"), "{said}");
}

#[test]
fn the_error_of_a_formula_refuses_its_row_where_the_column_is_known() {
    let desk = Desk::new();
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    let header = ["id", "richting", "datum", "onderwerp", "notitie"];
    let rows =
        [header, ["I1", "in", "2021-02-05", "a", "x"], ["I2", "in", "", "b", ""], ["I3", "in", "2021-02-05", "", "y"]];
    for (row, cells) in rows.into_iter().enumerate() {
        for (at, text) in cells.into_iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            sheet.write(row as u32, at as u16, text).unwrap();
        }
    }
    let fault = || rust_xlsxwriter::Formula::new("=NA()").set_result("#N/A");
    sheet.write_formula(1, 4, fault()).unwrap();
    sheet.write_formula(2, 2, fault()).unwrap();
    sheet.write_formula(3, 3, fault()).unwrap();
    let report = desk.import("a.xlsx", workbook.save_to_buffer().unwrap()).exits(4).json();
    assert_eq!(statuses(&report), ["opgenomen", "geweigerd", "geweigerd"]);
    for (row, column) in [(3, "datum"), (4, "onderwerp")] {
        let said = said(&report, row);
        assert!(said.contains(&format!("a.xlsx, rij {row}, kolom ‘{column}’: ")) && said.contains("#N/A"), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    verifies(&desk);
}

#[test]
fn both_ends_of_an_answer_are_one_link_and_settle_the_status() {
    let desk = Desk::new();
    let table = "id,richting,datum,verzonden,onderwerp,status,in_reactie_op,beantwoord_door\n\
                 I1,in,2021-02-05,,a,,,D1\nI2,in,2021-02-05,,b,,,\nI3,in,2021-02-05,,c,open,,\nI4,in,2021-02-05,,d,,,\n\
                 I5,in,2021-02-05,,e,afgedaan,,\nD1,uit,2021-03-05,5-3-2021,f,,I1 I2,\nD2,uit,2021-03-05,,g,,I3,\n\
                 D3,uit,2021-03-05,,h,gereserveerd,I4,\n";
    let report = desk.import("a.csv", table).exits(0).json();
    let status = |id: &str| desk.letter(id)["status"].as_str().unwrap().to_string();
    let found = ["I1", "I2", "I3", "I4", "I5", "D1", "D2", "D3"].map(status);
    let expected =
        ["beantwoord", "beantwoord", "beantwoord", "open", "afgedaan", "verzonden", "vastgesteld", "gereserveerd"];
    assert_eq!(found, expected);
    assert!(said(&report, 4).contains("de brief is beantwoord met D2"), "{report}");
    assert_eq!(desk.letter("D1")["in_reactie_op"], json!(["I1", "I2"]));
    // An answer that comes later, and one that was there before its question.
    let later =
        "id,richting,datum,onderwerp,in_reactie_op,beantwoord_door\nD4,uit,2021-04-05,i,I4,\nI6,in,2021-02-01,j,,D2\n";
    desk.import("b.csv", later).exits(0);
    assert_eq!((status("I4").as_str(), status("I6").as_str()), ("beantwoord", "beantwoord"));
    assert_eq!(desk.letter("D2")["in_reactie_op"], json!(["I3", "I6"]));
    verifies(&desk);
}

#[test]
fn letters_that_would_answer_each_other_are_refused() {
    let desk = Desk::new();
    let table = "id,richting,datum,onderwerp,in_reactie_op\nI1,in,2021-02-05,a,D1\nD1,uit,2021-02-05,b,I1\nI2,in,2021-02-05,c,D1\n";
    let report = desk.import("a.csv", table).exits(1).json();
    assert!(said(&report, 2).contains("deze brief en ‘D1’ zouden elkaar beantwoorden"), "{report}");
    assert!(said(&report, 3).contains("deze brief en ‘I1’ zouden elkaar beantwoorden"), "{report}");
    assert!(said(&report, 4).contains("in rij 3 is geweigerd"), "{report}");
}

#[test]
fn counters_go_on_after_what_came_in() {
    let desk = Desk::new();
    let numbers = |desk: &Desk, date: &str| {
        desk.register(|register, settings, clerk| {
            let next = register.write(clerk, |journal| {
                let mut next =
                    |kind, numbers| numbering::next(journal.tx, kind, numbers, day(date)).map(|number| number.text);
                Ok([
                    next(Kind::Incoming, &settings.inkomend)?,
                    next(Kind::Reference, &settings.kenmerk)?,
                    next(Kind::Case, &settings.zaaknummer)?,
                ])
            });
            next.expect("numbers")
        })
    };
    let table = "id,richting,datum,onderwerp,zaaknummer,handmatig,status,reden\n\
                 I2021-000041,in,2021-02-05,a,2021-000007,,,\nI2021-000003,in,2021-02-05,b,2021-000007,,,\n\
                 D2021-02-000010,uit,2021-02-05,c,Z/9,,,\nD2021-03-000012,uit,2021-02-05,d,,ja,,\n\
                 D2021-03-000011,uit,,e,,,vervallen,dubbel\n";
    desk.import("a.csv", table).exits(0);
    // The number by hand raised nothing, and is skipped.
    assert_eq!(numbers(&desk, "2021-05-01"), ["I2021-000042", "D2021-05-000012", "2021-000008"]);
    desk.import("b.csv", "id,richting,datum,onderwerp\nI2021-000005,in,2021-02-05,x\n").exits(0);
    assert_eq!(numbers(&desk, "2021-05-01")[0], "I2021-000043", "never lower");
    let states = desk.register(|register, _, _| {
        let rows = register
            .read(|tx| tx.rows("SELECT number, origin, status, reason FROM number WHERE kind = 'kenmerk'", &[]));
        let word = |row: &Row| ["number", "origin", "status", "reason"].map(|name| row.text(name)).join(" ");
        let mut states: Vec<_> = rows.unwrap().iter().map(word).collect();
        states.sort();
        states
    });
    let expected = [
        "D2021-02-000010 ingevoerd gebruikt ",
        "D2021-03-000011 ingevoerd vervallen dubbel",
        "D2021-03-000012 handmatig gebruikt ",
    ];
    assert_eq!(states, expected);
}

#[test]
fn a_table_as_dutch_office_programs_save_it_is_read() {
    let desk = Desk::new();
    let table =
        "Id;Richting;Datum;Onderwerp;Correspondent\r\nI2021-000001;In;5-2-2021;\"Eén advies; ‘kort’\";Coöperatie\r\n";
    let bytes: Vec<u8> = table
        .chars()
        .map(|c| match c {
            '‘' => 0x91,
            '’' => 0x92,
            latin => u8::try_from(u32::from(latin)).expect("a character of Latin-1"),
        })
        .collect();
    desk.import("a.csv", bytes).exits(0);
    let letter = desk.letter("I2021-000001");
    assert_eq!((&letter["datum"], &letter["richting"]), (&"2021-02-05".into(), &"in".into()));
    assert_eq!((&letter["onderwerp"], &letter["correspondent"]), (&"Eén advies; ‘kort’".into(), &"Coöperatie".into()));
}

#[test]
fn a_number_with_a_space_is_one_number() {
    let desk = Desk::new();
    let table =
        "id,richting,datum,onderwerp,in_reactie_op\n\"IN 1\",in,2021-02-05,a,\n\"UIT 100%\",uit,2021-02-06,b,IN%201\n";
    desk.import("a.csv", table).exits(0);
    assert_eq!(desk.letter("IN 1")["beantwoord_door"], json!(["UIT 100%"]));
    let other = Desk::new();
    other.import("b.csv", desk.export("csv")).exits(0);
    assert_eq!(other.export("csv"), desk.export("csv"));
}

#[test]
fn the_example_of_a_register_is_taken_in() {
    let desk = Desk::new();
    let run = desk.run(&["register", "import", "letters/adviestrajecten-2021.csv"]).exits(0);
    assert_eq!(run.err, "rijen: 13, opgenomen: 13, geweigerd: 0\n");
    for (id, answer) in [
        ("I2020-000001", "D2021-03-000003"),
        ("I2021-000001", "D2021-03-000002"),
        ("I2021-000002", "D2021-06-000004"),
        ("I2021-000003", "D2022-01-000002"),
        ("I2021-000004", "D2022-01-000001"),
    ] {
        let letter = desk.letter(id);
        assert_eq!((&letter["status"], &letter["beantwoord_door"]), (&"beantwoord".into(), &json!([answer])), "{id}");
    }
    assert_eq!(desk.letter("D2020-10-000001")["beantwoord_door"], json!(["I2021-000003"]));
    assert_eq!(desk.letter("D2021-03-000001")["beantwoord_door"], json!([]));
    assert_eq!(desk.letter("I2022-000001")["status"], "open");
    // A new workspace gets the letters, not another organisation's register.
    desk.run(&["init", "nieuw"]).exits(0);
    assert!(desk.workspace.path("nieuw/letters/advies-kracht-van-oost.md").is_file());
    assert!(!desk.workspace.path("nieuw/letters/adviestrajecten-2021.csv").exists());
    assert!(repository().join("letters/adviestrajecten-2021.csv").is_file());
}

#[test]
fn a_table_that_is_none_is_refused() {
    let desk = Desk::new();
    for (name, content) in [("a.csv", ""), ("a.json", "{}"), ("a.xlsx", "geen werkblad"), ("a.pdf", "")] {
        let refused = desk.import(name, content).exits(1).json();
        assert!(refused["fouten"][0]["code"].is_string(), "{name}: {refused}");
    }
    desk.run(&["register", "import", "nergens.csv"]).exits(1);
    assert!(!desk.workspace.path("register.db").exists(), "nothing was read, nothing is made");
}
