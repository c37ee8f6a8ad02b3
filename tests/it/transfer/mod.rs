//! What goes into the archive and what goes out: metadata in MDTO, the contents of a version, the transfer.

mod contents;
mod export;
mod metadata;

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use postkamer::archive::mdto::When;
use postkamer::archive::mdto::letter::{About, Happened};
use postkamer::archive::mdto::lists::EventKind;
use postkamer::register::entry::{Entry, Status};
use postkamer::register::listed::Listed;
use postkamer::workspace::retention::{Appraisal, Period, Retention};

use crate::outside::run;
use crate::support::repository;

/// The moment of every test.
pub fn moment() -> DateTime<Utc> {
    "2023-02-21T11:00:00Z".parse().expect("a moment")
}

/// A letter that was issued, signed and sent.
pub fn issued(id: &str, case: Option<&str>) -> About {
    let mut entry = Entry::new(id, Status::Sent, "Reactie op briefadvies", "w", "z".into());
    entry.correspondent = Some("SER Overijssel".into());
    entry.case_number = case.map(String::from);
    entry.dated = "2023-02-21".parse().ok();
    entry.sent = "2023-02-23".parse().ok();
    entry.confidentiality = Some("openbaar".into());
    entry.their_reference = Some("SER/7".into());
    let event = |kind, when| Happened { kind, when: Some(when), who: Some("M. Bom".into()), result: None };
    About {
        organisation: "Provincie Overijssel".into(),
        listed: Listed { entry, answers: vec!["I2022-000123".into()], answered_by: vec![] },
        language: Some("nl".into()),
        retention: Retention {
            selectielijst: Some("11.1 Adviezen".into()),
            bewaartermijn: Period::parse("P20Y").ok(),
            waardering: Some(Appraisal::Destroy),
        },
        events: vec![
            event(EventKind::Issued, When::Moment(moment())),
            event(EventKind::Signed, When::Moment(moment())),
            event(EventKind::Sent, When::Day("2023-02-23".parse().expect("a day"))),
        ],
    }
}

/// A letter that came in.
pub fn received(id: &str) -> About {
    let mut about = issued(id, None);
    let mut entry = Entry::new(id, Status::Open, "Briefadvies", "w", "z".into());
    entry.correspondent = Some("SER Overijssel".into());
    entry.kind = Some("advies".into());
    entry.dated = "2022-12-01".parse().ok();
    entry.received = "2022-12-05".parse().ok();
    entry.their_reference = Some("SER/7".into());
    about.listed = Listed { entry, answers: vec![], answered_by: vec!["D2023-02-002694".into()] };
    about.retention = Retention::default();
    about.language = None;
    about.events.truncate(1);
    about.events[0].kind = EventKind::Received;
    about
}

/// Holds MDTO documents against the official schema; says so where that or `xmllint` is not at hand.
#[track_caller]
pub fn assert_conform(documents: &[PathBuf]) {
    assert!(!documents.is_empty());
    let schema = repository().join("../shared/standards/mdto/MDTO-XML1.0.1.xsd");
    if !schema.is_file() {
        eprintln!("{} is not there, so MDTO is not held against its schema", schema.display());
        return;
    }
    run("xmllint", &["--noout", "--nonet", "--schema", &schema.display().to_string()], documents);
}
