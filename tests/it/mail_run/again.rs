//! Run again: what was done stays, what was mended or added comes with it, and what can't be is explained.

use super::*;

/// An office whose first mailing is done: rows 1, 2 and 3, the second one wrong.
fn begun(backend: Backend) -> Post {
    let post = Post::at(backend);
    post.write("letters/bijlage.txt", "Een bijlage.");
    post.write("logo.svg", LOGO);
    post.write(LETTER, TEXT.replace("onderwerp = ", "bijlagen = [\"bijlage.txt\"]\nonderwerp = "));
    let settings = post.office.workspace.read("postkamer.toml");
    post.write(
        "postkamer.toml",
        settings.replace("[organisatie]", "[organisatie]\nlogo = \"logo.svg\"\nlogo_alt = \"Wapen\""),
    );
    post.run(&["template", "eject", "gs-brief-2022"]).exits(0);
    post.rows(&[row(1), wrong(2), row(3)]);
    let report = post.mailed(4);
    assert_eq!(standing(&report), [done(2, 1), refused(3), done(4, 2)]);
    post
}

const LOGO: &str =
    r#"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>"#;

#[test]
fn unchanged_it_changes_nothing() {
    for backend in backends() {
        let post = begun(backend);
        let first = post.mail(&["--out", "post", "--json"]).exits(4).json();
        let before = post.kept();
        let register = (post.office.name == "sqlite").then(|| post.bytes("register.db"));
        assert_eq!(post.mail(&["--out", "post", "--json"]).exits(4).json(), first);
        assert!(post.kept() == before, "something has changed");
        if let Some(register) = register {
            assert!(post.bytes("register.db") == register, "the database has changed");
        }
        post.is_sound();
    }
}

#[test]
fn rows_are_mended_added_moved_and_columns_put_elsewhere() {
    for backend in backends() {
        let post = begun(backend);
        let kept = [1, 2].map(|number| post.bytes(&pdf(number)));
        // A row above, the wrong one mended, the others in another order, and one below.
        post.rows(&[row(9), row(3), row(2), row(1), row(4)]);
        let report = post.mailed(0);
        assert_eq!(standing(&report), [done(2, 3), done(3, 2), done(4, 4), done(5, 1), done(6, 5)]);
        // Columns in another order, one more that is empty, and a line that is empty: the rows are what they were.
        let turned = |row: &String| {
            let cells: Vec<_> = row.split(';').collect();
            [&cells[1..], &["", cells[0]]].concat().join(";")
        };
        let mut lines: Vec<_> = vec!["straat;huisnummer;postcode;plaats;thema;telefoon;organisatie".into()];
        lines.push(";;;;;;".into());
        lines.extend([row(9), row(3), row(2), row(1), row(4), row(5)].iter().map(turned));
        post.write(TABLE, lines.join("\n"));
        let report = post.mailed(0);
        let expected = [done(3, 3), done(4, 2), done(5, 4), done(6, 1), done(7, 5), done(8, 6)];
        assert_eq!(standing(&report), expected);
        assert!(kept == [1, 2].map(|number| post.bytes(&pdf(number))));
        let text = crate::support::pdf_text(&post.office.workspace.path(&pdf(6)));
        assert!(text.contains("Bakker 5") && text.contains("de stoep van 5"), "{text}");
        post.is_sound();
    }
}

#[test]
fn what_is_said_of_another_row_goes_with_that_row() {
    for post in Post::all() {
        // Who stands in the table twice, but for what the letters say.
        let twice = row(1).replace("de stoep", "het dak");
        post.rows(&[row(1), row(2), twice.clone()]);
        let report = post.mailed(0);
        assert!(said(&report, 4).contains("ook in rij 2"), "{report}");
        post.rows(&[row(2), row(1), row(3), twice.clone()]);
        let report = post.mailed(0);
        assert_eq!(standing(&report), [done(2, 2), done(3, 1), done(4, 4), done(5, 3)]);
        assert!(said(&report, 5).contains("ook in rij 3"), "{report}");
        assert!(!said(&report, 5).contains("ook in rij 2"), "{report}");
        // The other way round, nothing is said of the one that comes last but what stands there now.
        post.rows(&[twice, row(2), row(3), row(1)]);
        let report = post.mailed(0);
        assert_eq!(standing(&report), [done(2, 3), done(3, 2), done(4, 4), done(5, 1)]);
        assert!(!report.to_string().contains("ook in rij"), "{report}");
        post.is_sound();
    }
}

#[test]
fn a_wrong_row_may_stay_wrong_or_be_left_out() {
    for backend in backends() {
        let post = begun(backend);
        post.rows(&[row(1), wrong(2).replace("Bakker", "Slager"), row(3)]);
        assert_eq!(standing(&post.mailed(4)), [done(2, 1), refused(3), done(4, 2)]);
        post.rows(&rows([1, 3]));
        assert_eq!(standing(&post.mailed(0)), [done(2, 1), done(3, 2)]);
        post.is_sound();
    }
}

#[test]
fn a_row_that_is_done_can_neither_change_nor_go() {
    for backend in backends() {
        let post = begun(backend);
        post.rows(&[row(1), wrong(2), row(3).replace("Zwolle", "Kampen")]);
        let found = post.refusal();
        assert_eq!(
            (&found["code"], &found["regel"], &found["kolom"], &found["sleutel"]),
            (&"mail-row-changed".into(), &4.into(), &5.into(), &"plaats".into())
        );
        let melding = found["melding"].as_str().expect("words");
        assert!(melding.contains(&kenmerk(2)) && melding.contains("Zwolle"), "{melding}");
        let people = post.mail(&[]).exits(1);
        for part in ["straat.csv:4", "Kampen", "Zwolle", "hulp: "] {
            assert!(people.err.contains(part), "{part} is not in {}", people.err);
        }
        assert_eq!(people.out, "");
        post.rows(&[row(1), wrong(2)]);
        let found = post.refusal();
        assert_eq!(found["code"], "mail-row-gone");
        let melding = found["melding"].as_str().expect("words");
        assert!(["rij 4", "Bakker 3", &kenmerk(2)].iter().all(|part| melding.contains(part)), "{melding}");
        // Something filled in where there was nothing.
        post.write(
            TABLE,
            table(&[row(1), wrong(2), row(3)])
                .replace("thema\r\n", "thema;email\r\n")
                .replace("van 3\r\n", "van 3;x@example.nl\r\n"),
        );
        let found = post.refusal();
        assert_eq!((&found["code"], &found["sleutel"]), (&"mail-row-changed".into(), &"email".into()));
        // A column that is gone.
        post.write(
            TABLE,
            table(&[row(1), wrong(2), row(3)])
                .replace("huisnummer;", "")
                .replace(";1;", ";")
                .replace(";2;", ";")
                .replace(";3;", ";"),
        );
        let found = post.refused(&["mail", "run", LETTER, "--recipients", TABLE, "--name", NAME]);
        let changed: Vec<_> = found.iter().filter(|one| one["code"] == "mail-row-changed").collect();
        assert_eq!(changed.len(), 2, "{found:?}");
        assert!(changed[0]["melding"].as_str().expect("words").contains("huisnummer"), "{found:?}");
    }
}

#[test]
fn letter_template_enclosure_settings_and_logo_stay_as_they_were_once_a_letter_is_made() {
    let post = begun(backends().remove(0));
    post.rows(&rows(1..=3));
    for (path, from, to) in [
        (LETTER, "Wij werken", "Zij werken"),
        ("templates/gs-brief-2022/brief.typ.hbs", "", "// Anders\n"),
        ("templates/gs-brief-2022/sjabloon.toml", "midden = \"63.5mm\"", "midden = \"63.6mm\""),
        ("letters/bijlage.txt", "Een", "Twee"),
        ("postkamer.toml", "038 499 88 99", "038 499 88 98"),
        ("logo.svg", "height=\"20\"/>", "height=\"19\"/>"),
    ] {
        let was = post.office.workspace.read(path);
        post.office.workspace.change(path, from, to);
        let found = post.refusal();
        assert_eq!(found["code"], "mail-letter-changed", "{path}: {found}");
        // It may be any line of any of its files.
        assert_eq!(found["sleutel"], serde_json::Value::Null, "{path}: {found}");
        let words = found["melding"].as_str().expect("words");
        assert!(words.contains("al gemaakt: 2") && words.contains(path), "{found}");
        post.write(path, was);
    }
    // Another letter is another mailing.
    post.write("letters/anders.md", post.office.workspace.read(LETTER));
    let found = post.refused(&["mail", "run", "letters/anders.md", "--recipients", TABLE, "--name", NAME]);
    assert_eq!(found[0]["code"], "mail-other-letter");
    assert!(found[0]["melding"].as_str().expect("words").contains(LETTER), "{found:?}");
    // What no letter shows may change: contacts of others, the terms, where the archive is kept for how long.
    post.office.workspace.change("postkamer.toml", "12 weken", "13 weken");
    post.office.workspace.change("postkamer.toml", "06 1046 2095", "06 1046 2095");
    post.office.workspace.change("postkamer.toml", "038 499 74 74", "038 499 74 75");
    assert_eq!(standing(&post.mailed(0)), [done(2, 1), done(3, 3), done(4, 2)]);
    // Every row has its letter: who changes the text now must not think that it was sent.
    post.office.workspace.change(LETTER, "Wij werken", "Zij werken");
    let found = post.refusal();
    assert_eq!(found["code"], "mail-letter-changed");
    assert!(found["melding"].as_str().expect("words").contains("al gemaakt: 3"), "{found}");
    post.office.workspace.change(LETTER, "Zij werken", "Wij werken");
    assert_eq!(standing(&post.mailed(0)), [done(2, 1), done(3, 3), done(4, 2)]);
    post.is_sound();
}

#[test]
fn a_changed_letter_is_named_when_only_refused_rows_are_left() {
    let post = begun(backends().remove(0));
    post.office.workspace.change(LETTER, "Wij werken", "Zij werken");
    assert_eq!(post.refusal()["code"], "mail-letter-changed");
    post.office.workspace.change(LETTER, "Zij werken", "Wij werken");
    assert_eq!(standing(&post.mailed(4)), [done(2, 1), refused(3), done(4, 2)]);
    post.is_sound();
}

#[test]
fn before_a_letter_is_made_all_of_it_may_change() {
    for post in Post::all() {
        post.rows(&[wrong(1), wrong(2)]);
        assert_eq!(counts(&post.mailed(4)), [2, 0, 2, 0]);
        post.office.workspace.change(LETTER, "Wij werken", "Zij werken");
        post.office.workspace.change("postkamer.toml", "038 499 88 99", "038 499 88 98");
        post.rows(&rows([1, 2]));
        assert_eq!(standing(&post.mailed(0)), [done(2, 1), done(3, 2)]);
        let text = crate::support::pdf_text(&post.office.workspace.path(&pdf(1)));
        assert!(text.contains("Zij werken"), "{text}");
        post.is_sound();
    }
}

#[test]
fn a_list_of_refused_rows_is_mended_under_a_name_of_its_own() {
    let post = begun(backends().remove(0));
    post.run(&["mail", "check", LETTER, "--recipients", TABLE, "--refused", "fout.csv"]).exits(1);
    let mended = post.office.workspace.read("fout.csv").replace("0012 EE", "8012 EE");
    assert!(mended.contains("reden"));
    post.write("fout.csv", mended);
    let report =
        post.run(&["mail", "run", LETTER, "--recipients", "fout.csv", "--name", "nazending", "--json"]).exits(0).json();
    assert_eq!(standing(&report), [done(2, 3)]);
    assert_eq!(counts(&post.status()), [3, 2, 1, 0]);
    post.is_sound();
}
