//! Letters by their words, on both databases alike.

use super::*;

#[test]
fn search_finds_words_whatever_their_endings_accents_and_order() {
    for shelf in Shelf::each_filled() {
        shelf.write(|journal| {
            let letter = Entry::get(journal.tx, "D2023-02-002694").unwrap();
            search::index(journal.tx, &letter, Some("Wij volgen de aanbevelingen over arbeidsmarktbeleid.")).unwrap();
        });
        for (question, expected) in [
            (&["briefadviezen"][..], &["D2023-02-002694", "I2022-000001"][..]),
            (&["bezwaar"], &["I2023-000002"]),
            (&["WINDMOLEN"], &["I2023-000001"]),
            (&["eenmalig"], &["I2023-000004"]),
            (&["cooperaties", "vragen"], &["I2023-000001"]),
            (&["vragen over windmolens"], &["I2023-000001"]),
            (&["windmolens", "bezwaar"], &[]),
            (&["digi*"], &["I2023-000003"]),
            (&["Digitalisering*"], &["I2023-000003"]),
            (&["briefadviez*"], &["D2023-02-002694", "I2022-000001"]),
            (&["briev*"], &[]),
            (&["digi"], &[]),
            (&["D2023-02-002694"], &["D2023-02-002694"]),
            (&["2023-003015"], &["D2023-02-002694", "I2022-000001"]),
            (&["2022/17"], &["I2023-000002"]),
            (&["zwolle"], &["I2023-000003", "I2023-000002"]),
            (&["aanbeveling", "arbeidsmarkt*"], &["D2023-02-002694"]),
            (&["Boer"], &["D2023-02-002694", "I2022-000001"]),
            (&["niets-van-dien-aard"], &[]),
        ] {
            assert_eq!(shelf.ids(&[&["search"], question].concat()), expected, "{question:?}");
        }
        assert_eq!(shelf.ids(&["search", "zwolle", "--limit", "1"]), ["I2023-000003"]);
        assert_eq!(shelf.run(&["search", "zwolle"]).exits(0).out.lines().count(), 3);
    }
}

#[test]
fn a_question_is_words_whatever_else_it_holds() {
    for shelf in Shelf::each_filled() {
        for (question, expected) in [
            ("windmolens'; DROP TABLE entry; --", &[][..]),
            ("\"windmolens\"", &["I2023-000001"]),
            ("windmolens\"", &["I2023-000001"]),
            ("(windmolens", &["I2023-000001"]),
            ("-windmolens", &["I2023-000001"]),
            ("^windmolens", &["I2023-000001"]),
            ("subject:windmolens", &[]),
            ("windmolens NEAR(x)", &[]),
            ("windmolens OR digitalisering", &[]),
            ("windmolens & digitalisering", &[]),
            ("windmolens | !x", &[]),
            ("windmolens:*", &["I2023-000001"]),
            ("wind*molens", &[]),
            ("windmolens \\ $1 %s", &[]),
            ("windmolens 🌬️", &["I2023-000001"]),
            ("€ 1.200", &["I2023-000001"]),
            ("\u{202E}windmolens\u{7}", &["I2023-000001"]),
            ("ＷＩＮＤＭＯＬＥＮＳ", &["I2023-000001"]),
        ] {
            assert_eq!(shelf.ids(&["search", "--", question]), expected, "{question:?}");
        }
        let long = "windmolens ".repeat(2_000);
        assert_eq!(shelf.ids(&["search", &long]), ["I2023-000001"]);
        for nothing in ["", " ", "*", "-- \"'&|!", "🌬️", "…"] {
            let run = shelf.run(&["search", "--", nothing]).exits(1);
            assert!(run.err.contains("[search-empty]") && run.err.contains("digi*"), "{}", run.err);
            let refused = shelf.run(&["search", "--json", "--", nothing]).exits(1).json();
            assert_eq!(refused["fouten"][0]["code"], "search-empty");
        }
        assert_eq!(shelf.ids(&["list"]), NEWEST);
    }
}
