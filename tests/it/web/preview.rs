//! The preview of the workbench: what it gives, what it leaves out, and what it notices.

use chrono::NaiveDate;
use postkamer::preview::{Job, Sheets, Shop};

use crate::support::{Workspace, repository};

const LETTER: &str = "letters/reactie-sociale-innovatie.md";

/// What a shop answers, as it is read at the other end: the sheets and what follows their line.
fn asked(shop: &mut Shop, known: &[String]) -> (Sheets, Vec<u8>) {
    let job = Job { letter: LETTER.into(), taal: "nl".into(), known: known.to_vec(), ..Job::default() };
    let mut answer = Vec::new();
    let day = NaiveDate::from_ymd_opt(2023, 2, 21).expect("a day");
    shop.lay_out(&job, day).write(&mut answer).expect("a buffer takes all");
    let end = answer.iter().position(|byte| *byte == b'\n').expect("a line");
    let pictures = answer.split_off(end + 1);
    (serde_json::from_slice(&answer).expect("JSON"), pictures)
}

fn hashes(sheets: &Sheets) -> Vec<String> {
    sheets.bladzijden.iter().map(|sheet| sheet.hash.clone()).collect()
}

#[test]
fn pictures_follow_the_answer_and_are_left_out_where_they_are_known() {
    let mut shop = Shop::new(repository(), &|_| None);
    let (all, pictures) = asked(&mut shop, &[]);
    assert_eq!(all.bladzijden.len(), 2, "{:?}", all.bevindingen);
    assert_eq!(all.bladzijden.iter().map(|sheet| sheet.bytes).sum::<usize>(), pictures.len());
    for (at, sheet) in all.bladzijden.iter().enumerate() {
        let start: usize = all.bladzijden[..at].iter().map(|sheet| sheet.bytes).sum();
        let picture = std::str::from_utf8(&pictures[start..start + sheet.bytes]).expect("text");
        assert!(picture.starts_with("<svg") && picture.ends_with("</svg>"), "{}", &picture[..40]);
    }
    let (second, rest) = asked(&mut shop, &[all.bladzijden[0].hash.clone()]);
    assert_eq!(hashes(&second), hashes(&all));
    assert_eq!((second.bladzijden[0].bytes, second.bladzijden[1].bytes), (0, rest.len()));
    assert!(pictures.ends_with(&rest) && !rest.is_empty());
}

#[test]
fn changed_settings_are_noticed_by_the_next_letter() {
    let workspace = Workspace::new();
    let mut shop = Shop::new(&workspace.path(""), &|_| None);
    let (before, _) = asked(&mut shop, &[]);
    let settings = workspace.read("postkamer.toml");
    workspace.change("postkamer.toml", "naam = \"Provincie Overijssel\"", "naam = \"Provincie Oostland\"");
    let (changed, _) = asked(&mut shop, &[]);
    assert_ne!(hashes(&changed), hashes(&before));
    workspace.write("postkamer.toml", "naam = ");
    let (broken, pictures) = asked(&mut shop, &[]);
    assert!(broken.bladzijden.is_empty() && pictures.is_empty());
    assert_eq!(broken.bevindingen[0]["bestand"], "postkamer.toml");
    workspace.write(
        "postkamer.toml",
        settings.replace("[organisatie]", "[organisatie]\nlogo = \"logo.svg\"\nlogo_alt = \"Logo\""),
    );
    std::fs::copy(repository().join("src/web/assets/icon.svg"), workspace.path("logo.svg")).expect("a logo");
    let (with_logo, _) = asked(&mut shop, &[]);
    assert_eq!(with_logo.bladzijden.len(), 2, "{:?}", with_logo.bevindingen);
    std::fs::remove_file(workspace.path("logo.svg")).expect("it was there");
    let (without, _) = asked(&mut shop, &[]);
    assert!(without.bladzijden.is_empty(), "the logo is gone: {:?}", without.bevindingen);
    workspace.write("postkamer.toml", settings);
    assert_eq!(hashes(&asked(&mut shop, &[]).0), hashes(&before));
}
