//! A register with one of everything, written through the library.

use std::cell::Cell;

use chrono::{DateTime, NaiveDate};
use postkamer::error::Result;
use postkamer::register::archived::{Archived, Kind as Archival};
use postkamer::register::chain::Journal;
use postkamer::register::entry::{Entry, Status};
use postkamer::register::files::{FileRecord, Role, sha256};
use postkamer::register::links::{self, Kind as LinkKind};
use postkamer::register::numbering::{self, Kind, Number, Origin, Use};
use postkamer::register::{Clerk, Register, search};
use postkamer::workspace::Workspace as Opened;
use postkamer::workspace::settings::Settings;
use serde_json::json;

use crate::support::Workspace;

/// A day from its text.
pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// Opens a workspace for the library, its register at `url` if one is given.
pub fn open(workspace: &Workspace, url: Option<&str>) -> (Opened, Register) {
    let url = url.map(String::from);
    let environment = |name: &str| if name == "POSTKAMER_REGISTER_URL" { url.clone() } else { None };
    let opened = Opened::open(&workspace.path(""), &environment).expect("the workspace opens");
    let register = Register::open(&opened).expect("the register opens");
    (opened, register)
}

/// Writes in a register, on the day of the tests.
pub fn write<T>(register: &mut Register, work: impl FnOnce(&mut Journal) -> Result<T>) -> T {
    thread_local!(static DRAWN: Cell<u64> = const { Cell::new(0) });
    let random = || {
        let drawn = DRAWN.with(|drawn| drawn.replace(drawn.get() + 1));
        u128::from(drawn).to_be_bytes()
    };
    let moment = DateTime::from_timestamp(1_676_977_200, 0).expect("a moment");
    let clerk = Clerk { name: "griffier", moment, day: day("2023-02-21"), random: &random };
    register.write(&clerk, work).expect("the register is written")
}

/// Records an entry with its number, its text and an event.
pub fn record(journal: &mut Journal, entry: &Entry, number: &Number, state: Use, body: &str, what: &str) -> Result<()> {
    entry.insert(journal.tx)?;
    numbering::record(journal, number, &entry.id, state, None)?;
    search::index(journal.tx, entry, Some(body))?;
    journal.note(&entry.id, what, &json!({ "onderwerp": entry.subject }))
}

/// A letter that came in on `received` and was answered by one of `dated`; the ID of the incoming one.
pub fn answered_pair(
    register: &mut Register,
    settings: &Settings,
    subject: &str,
    received: &str,
    answered: &str,
) -> String {
    let workspace = register.workspace().to_string();
    write(register, |journal| {
        let number = numbering::next(journal.tx, Kind::Incoming, &settings.inkomend, day(received))?;
        let mut letter = Entry::new(&number.text, Status::Open, subject, &workspace, journal.salt());
        letter.correspondent = Some("SER Overijssel".into());
        letter.received = Some(day(received));
        letter.term = Some(day(received) + chrono::Days::new(84));
        record(journal, &letter, &number, Use::Used, "", "ontvangen")?;
        let number = numbering::next(journal.tx, Kind::Reference, &settings.kenmerk, day(answered))?;
        let subject = format!("Reactie op {subject}");
        let mut answer = Entry::new(&number.text, Status::Issued, &subject, &workspace, journal.salt());
        answer.dated = Some(day(answered));
        answer.insert(journal.tx)?;
        numbering::record(journal, &number, &answer.id, Use::Used, None)?;
        search::index(journal.tx, &answer, Some(""))?;
        links::add(journal.tx, &answer.id, LinkKind::Answers, &letter.id)?;
        journal.note(&answer.id, "vastgesteld", &json!({}))?;
        links::refresh_answered(journal, &letter.id)?;
        Ok(letter.id)
    })
}

/// Fills a register: letters in and out, reserved, void, sent, written by hand, imported and withdrawn, with files, links,
/// a case and a counter that an import raised. Its files are laid in the workspace.
pub fn fill(workspace: &Workspace, register: &mut Register, settings: &Settings) {
    let id = register.workspace().to_string();
    write(register, |journal| {
        let day = day("2023-02-21");
        // I2023-000001 with everything an incoming letter can have, and I2023-000002 with nothing.
        let number = numbering::next(journal.tx, Kind::Incoming, &settings.inkomend, day)?;
        let mut full = Entry::new(&number.text, Status::Open, "Advies sociale innovatie", &id, journal.salt());
        full.kind = Some("advies".into());
        full.correspondent = Some("SER Overijssel".into());
        full.dated = Some(self::day("2022-12-01"));
        full.received = Some(self::day("2022-12-05"));
        full.handler = Some("M. Bom".into());
        full.term = Some(self::day("2023-02-27"));
        full.their_reference = Some("SER-2022-17".into());
        full.confidentiality = Some("openbaar".into());
        full.stem = Some("inkomend/2023/I2023-000001".into());
        full.version = 1;
        full.insert(journal.tx)?;
        numbering::record(journal, &number, &full.id, Use::Used, None)?;
        file(workspace, b"%PDF een advies", 1, Role::Letter, 0, "inkomend/2023/I2023-000001.pdf")
            .insert(journal.tx, &full.id)?;
        search::index(journal.tx, &full, Some(""))?;
        journal.note(&full.id, "ontvangen", &json!({ "van": "SER Overijssel" }))?;
        let number = numbering::next(journal.tx, Kind::Incoming, &settings.inkomend, day)?;
        let bare = Entry::new(&number.text, Status::Handled, "Uitnodiging", &id, journal.salt());
        record(journal, &bare, &number, Use::Used, "", "ontvangen")?;

        // D2023-02-000001 answers the first and opens a case.
        let number = numbering::next(journal.tx, Kind::Reference, &settings.kenmerk, day)?;
        let mut answer = Entry::new(&number.text, Status::Issued, "Reactie op uw advies", &id, journal.salt());
        let case = numbering::next(journal.tx, Kind::Case, &settings.zaaknummer, day)?;
        let body = "Geachte mevrouw Wertheim, wij danken u voor uw advies.";
        answer.case_number = Some(case.text.clone());
        answer.correspondent = Some("SER Overijssel".into());
        answer.dated = Some(self::day("2023-02-21"));
        answer.their_date = Some(self::day("2022-12-01"));
        answer.letter = Some("letters/reactie.md".into());
        answer.letter_digest = Some(sha256(b"de brief"));
        answer.reserved = Some(day);
        answer.stem = Some("uitgaand/2023/D2023-02-000001".into());
        answer.version = 1;
        answer.pages = Some(2);
        answer.text_digest = Some(sha256(body.as_bytes()));
        answer.insert(journal.tx)?;
        numbering::record(journal, &number, &answer.id, Use::Used, None)?;
        numbering::record(journal, &case, &answer.id, Use::Used, None)?;
        let files = [
            file(workspace, b"%PDF het antwoord", 1, Role::Letter, 0, "uitgaand/2023/D2023-02-000001.pdf"),
            file(workspace, b"%PDF de evaluatie", 1, Role::Enclosure, 1, "uitgaand/2023/D2023-02-000001-1.pdf"),
        ];
        files.iter().try_for_each(|file| file.insert(journal.tx, &answer.id))?;
        links::add(journal.tx, &answer.id, LinkKind::Answers, &full.id)?;
        search::index(journal.tx, &answer, Some(body))?;
        for (version, kind) in [(1, Archival::Issued), (2, Archival::Signed)] {
            archived(version, kind, &files[0]).insert(journal.tx, &answer.id)?;
        }
        journal.note(&answer.id, "vastgesteld", &json!({ "versie": 1 }))?;
        links::refresh_answered(journal, &full.id)?;
        links::add(journal.tx, &answer.id, LinkKind::SameCase, &bare.id)?;
        journal.note(&answer.id, "gekoppeld", &json!({ "aan": bare.id }))?;

        // 2 is reserved, 3 void, 4 sent.
        let number = numbering::next(journal.tx, Kind::Reference, &settings.kenmerk, day)?;
        let mut reserved = Entry::new(&number.text, Status::Reserved, "Nog te maken", &id, journal.salt());
        reserved.letter = Some("letters/nieuw.md".into());
        reserved.reserved = Some(day);
        reserved.pending = Some(1);
        record(journal, &reserved, &number, Use::Reserved, "", "gereserveerd")?;
        let number = numbering::next(journal.tx, Kind::Reference, &settings.kenmerk, day)?;
        let mut void = Entry::new(&number.text, Status::Reserved, "Vervallen brief", &id, journal.salt());
        record(journal, &void, &number, Use::Reserved, "", "gereserveerd")?;
        void.status = Status::Void;
        void.update(journal.tx)?;
        numbering::settle(journal, &void.id, Use::Void, Some("dubbel gemaakt"))?;
        journal.note(&void.id, "vervallen", &json!({ "reden": "dubbel gemaakt" }))?;
        let number = numbering::next(journal.tx, Kind::Reference, &settings.kenmerk, day)?;
        let mut sent = Entry::new(&number.text, Status::Sent, "Verzonden brief", &id, journal.salt());
        sent.dated = Some(day);
        sent.sent = Some(self::day("2023-02-22"));
        sent.sent_by = Some("post".into());
        record(journal, &sent, &number, Use::Used, "", "verzonden")?;

        // 5 is written by hand, so that the counter goes on to 6; an import brings 10, and 11 comes after it. An
        // incoming number written by hand on an outgoing letter is passed as well.
        for (text, origin) in [("D2023-02-000005", Origin::ByHand), ("I2023-000003", Origin::ByHand)] {
            let number = numbering::chosen(Kind::Reference, &settings.kenmerk, text, day, origin);
            let entry = Entry::new(text, Status::Issued, "Met de hand", &id, journal.salt());
            record(journal, &entry, &number, Use::Used, "", "vastgesteld")?;
        }
        let number = numbering::next(journal.tx, Kind::Reference, &settings.kenmerk, day)?;
        assert_eq!(number.text, "D2023-02-000006");
        let entry = Entry::new(&number.text, Status::Issued, "Na de hand", &id, journal.salt());
        record(journal, &entry, &number, Use::Used, "", "vastgesteld")?;
        let number = numbering::chosen(Kind::Reference, &settings.kenmerk, "D2023-02-000010", day, Origin::Imported);
        let entry = Entry::new(&number.text, Status::Sent, "Uit het oude register", &id, journal.salt());
        record(journal, &entry, &number, Use::Used, "", "ingevoerd")?;
        let number = numbering::next(journal.tx, Kind::Reference, &settings.kenmerk, day)?;
        assert_eq!(number.text, "D2023-02-000011");
        let entry = Entry::new(&number.text, Status::Withdrawn, "Ingetrokken", &id, journal.salt());
        record(journal, &entry, &number, Use::Used, "", "ingetrokken")?;
        let number = numbering::next(journal.tx, Kind::Incoming, &settings.inkomend, day)?;
        assert_eq!(number.text, "I2023-000004");
        let entry = Entry::new(&number.text, Status::Open, "Nog een advies", &id, journal.salt());
        record(journal, &entry, &number, Use::Used, "", "ontvangen")
    });
}

/// Lays a file in the workspace; its record.
pub fn file(workspace: &Workspace, bytes: &[u8], version: i64, role: Role, position: i64, path: &str) -> FileRecord {
    workspace.write(path, bytes);
    let name = path.rsplit('/').next().unwrap_or_default();
    FileRecord::of(bytes, version, role, position, name, path)
}

/// A version in the archive, about a file of the register.
fn archived(version: i64, kind: Archival, file: &FileRecord) -> Archived {
    Archived {
        version,
        kind,
        letter_version: 1,
        path: "brief.pdf".into(),
        algorithm: file.algorithm.clone(),
        digest: sha256(format!("{} {version}", file.digest).as_bytes()),
        size: file.size + version,
        inventory: sha256(b"inventory").repeat(2),
    }
}
