//! What is decided before there is a letter: which rows get one, and under which kenmerk.

use serde_json::json;

use super::*;

#[test]
fn kenmerken_are_given_in_the_order_of_the_rows_and_none_to_a_row_that_is_wrong() {
    for post in Post::all() {
        let mut all = rows(1..=9);
        all[3] = wrong(4);
        post.rows(&all);
        let report = post.mailed(4);
        assert_eq!(report["naam"], NAME);
        assert_eq!(counts(&report), [9, 8, 1, 0]);
        let expected: Vec<_> = (1..=9)
            .map(|at| match at {
                4 => refused(5),
                _ => done(at as u64 + 1, if at < 4 { at } else { at - 1 }),
            })
            .collect();
        assert_eq!(standing(&report), expected);
        for (at, answer) in report["rijen"].as_array().expect("rows").iter().enumerate() {
            let keys: Vec<_> = answer.as_object().expect("a row").keys().map(String::as_str).collect();
            assert_eq!(keys, ["rij", "kenmerk", "status", "pdf", "meldingen"]);
            let number = if at < 3 { at + 1 } else { at };
            assert_eq!(answer["pdf"], if at == 3 { Json::Null } else { pdf(number).into() });
            if at != 3 {
                assert_eq!(answer["meldingen"], json!([]));
                let text = crate::support::pdf_text(&post.office.workspace.path(&pdf(number)));
                let parts = [kenmerk(number), format!("Bakker {}", at + 1), format!("aan de stoep van {}.", at + 1)];
                assert!(parts.iter().all(|part| text.contains(part)) && !text.contains("CONCEPT"), "{text}");
            }
        }
        assert!(said(&report, 5).starts_with("postcode: "), "{report}");
        let numbers: Vec<_> = (1..=8).map(|number| (kenmerk(number), "vastgesteld".to_string(), None)).collect();
        assert_eq!(post.numbers(), numbers);
        assert_eq!(post.status(), report);
        post.is_sound();
        let people = post.mail(&[]).exits(4);
        assert_eq!(people.out.lines().count(), 2, "{}", people.out);
        assert!(people.out.contains("straat.csv:5: postcode: "), "{}", people.out);
        post.rows(&rows(1..=9));
        assert_eq!(counts(&post.mailed(0)), [9, 9, 0, 0]);
        assert_eq!(standing(&post.status())[3], done(5, 9));
        post.is_sound();
    }
}

#[test]
fn a_table_of_which_every_row_is_wrong_gives_no_number() {
    for post in Post::all() {
        post.rows(&[wrong(1), wrong(2)]);
        let report = post.mailed(4);
        assert_eq!(counts(&report), [2, 0, 2, 0]);
        assert_eq!(post.numbers(), []);
        // There is nothing to print or to put in a folder but the report.
        let run = post.mail(&["--out", "post", "--merge", "alles.pdf"]).exits(4);
        assert!(!post.office.workspace.path("alles.pdf").exists(), "{}", run.err);
        let names: Vec<_> = files_below(&post.office.workspace.path("post"))
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(names, ["rapport.csv", "rapport.json"]);
        post.rows(&rows([1, 2]));
        assert_eq!(standing(&post.mailed(0)), [done(2, 1), done(3, 2)]);
        post.is_sound();
    }
}

/// A workspace in which nothing may appear.
#[track_caller]
fn assert_nothing_appears(post: &Post, arguments: &[&str]) -> Vec<String> {
    let root = post.office.workspace.path("");
    let before = files_below(&root);
    let said = post.run(&[arguments, &["--json"]].concat()).exits(1);
    assert_eq!(files_below(&root), before);
    let said = said.json();
    let codes = said["fouten"].as_array().expect("findings").iter();
    codes.map(|finding| finding["code"].as_str().expect("a code").to_string()).collect()
}

#[test]
fn what_is_wrong_with_letter_table_or_name_refuses_all_and_leaves_nothing() {
    let arguments = ["mail", "run", LETTER, "--recipients", TABLE, "--name", NAME, "--out", "post"];
    let post = Post::new();
    post.rows(&rows(1..=3));
    let good = post.office.workspace.read(LETTER);
    for (from, to, code) in [
        ("onderwerp = ", "onderwrp = ", "unknown-key"),
        ("{{rij.thema}}", "{{rij.tema}}", "unknown-name"),
        ("onderwerp = ", "kenmerk = \"D2023-02-000007\"\nonderwerp = ", "mail-reference-fixed"),
        ("onderwerp = ", "bijlagen = [\"weg.pdf\"]\nonderwerp = ", "enclosure-missing"),
    ] {
        post.write(LETTER, good.replace(from, to));
        let codes = assert_nothing_appears(&post, &arguments);
        assert!(codes.contains(&code.to_string()), "{codes:?}, and not {code}");
    }
    post.write(LETTER, &good);
    for (text, code) in [
        (table(&rows(1..=3)).replacen("thema", "opmerking", 1), "mail-name-without-column"),
        (table(&rows(1..=3)).replacen("organisatie", "bedrijf", 1), "mail-columns-nameless"),
        (table(&rows(1..=3)).replacen("plaats", "straat", 1), "table-column-double"),
        (table(&[]), "mail-no-rows"),
    ] {
        post.write(TABLE, text);
        let codes = assert_nothing_appears(&post, &arguments);
        assert!(codes.contains(&code.to_string()), "{codes:?}, and not {code}");
    }
    post.rows(&rows(1..=3));
    let long = "x".repeat(81);
    for name in ["", " ", "-x", "a/b", "../x", "a ", ".x", "a\nb", "a\u{202E}b", "a#b", &long] {
        let arguments =
            ["mail", "run", LETTER, "--recipients", TABLE, &format!("--name={name}"), "--merge", "alles.pdf"];
        assert_eq!(assert_nothing_appears(&post, &arguments), ["mail-name"], "{name:?}");
    }
    assert_nothing_appears(&post, &["mail", "run", LETTER, "--recipients", "weg.csv", "--name", NAME]);
    post.run(&["mail", "run", LETTER, "--recipients", TABLE]).exits(2);
    post.run(&["mail", "run", LETTER, "--recipients", TABLE, "--name", NAME, "--order", "postcode"]).exits(2);
    post.run(&["mail", "run", LETTER, "--recipients", TABLE, "--name", NAME, "--jobs", "0"]).exits(2);
}

#[test]
fn doubles_get_a_letter_each_and_are_pointed_out() {
    let post = Post::new();
    post.rows(&rows([1, 2, 1]));
    let report = post.mailed(0);
    assert_eq!(standing(&report), [done(2, 1), done(3, 2), done(4, 3)]);
    assert!(said(&report, 4).contains("rij 2"), "{report}");
    assert_eq!(post.mailed(0), report);
    // One of two rows that are alike can't be left out either.
    post.rows(&rows([1, 2]));
    assert_eq!(post.refusal()["code"], "mail-row-gone");
    // Put elsewhere, each keeps its letter.
    post.rows(&rows([1, 1, 2]));
    let report = post.mailed(0);
    let mut numbers: Vec<_> = standing(&report).into_iter().map(|(_, kenmerk, _)| kenmerk.unwrap()).collect();
    assert_eq!(numbers[2], kenmerk(2));
    numbers.sort();
    assert_eq!(numbers, [kenmerk(1), kenmerk(2), kenmerk(3)]);
}

#[test]
fn cases_are_given_or_named_by_the_row() {
    for post in Post::all() {
        let text = TEXT.replace("onderwerp = ", "zaaknummer = \"nieuw\"\nonderwerp = ");
        post.write(LETTER, &text);
        let mut lines = vec![format!("{HEADER};zaaknummer")];
        lines.extend((1..=4).map(|at| format!("{};{}", row(at), ["", "2022-000777", "nieuw", ""][at - 1])));
        post.write(TABLE, lines.join("\r\n"));
        post.mailed(0);
        let case = |number: usize| {
            let entry = post.run(&["register", "show", &kenmerk(number), "--json"]).exits(0).json();
            entry["zaaknummer"].as_str().map(String::from)
        };
        let cases: Vec<_> = (1..=4).map(case).collect();
        let expected = ["2023-000001", "2022-000777", "2023-000002", "2023-000003"];
        assert_eq!(cases, expected.map(|case| Some(case.to_string())));
        let series: Vec<_> = post.numbers().into_iter().filter(|(number, ..)| !number.starts_with('D')).collect();
        assert_eq!(series.len(), 3, "{series:?}");
        assert!(series.iter().all(|(_, status, _)| status == "gebruikt" || status == "vastgesteld"), "{series:?}");
        post.is_sound();
    }
}
