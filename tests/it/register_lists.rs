//! What is read from the register: lists, what is due, search, one letter with its thread.

use std::cell::Cell;

use chrono::{DateTime, NaiveDate, Utc};
use postkamer::messages::{Messages, Tongue};
use postkamer::register::chain::Journal;
use postkamer::register::db::Tx;
use postkamer::register::entry::{Direction, Entry, Status};
use postkamer::register::files::{FileRecord, Role};
use postkamer::register::history::{Event, WHATS};
use postkamer::register::query::{self, Filter, Order};
use postkamer::register::thread::Thread;
use postkamer::register::{Clerk, Register, links, search};
use serde_json::{Value as Json, json};

use crate::support::postgres::{Backend, backends};
use crate::support::{Run, Workspace};

/// A workspace with a register.
struct Shelf {
    workspace: Workspace,
    url: String,
}

impl Shelf {
    fn new() -> Self {
        Self::on(backends().remove(0))
    }

    fn on(backend: Backend) -> Self {
        Self { workspace: Workspace::new(), url: backend.url }
    }

    /// An empty register on each kind of database.
    fn each() -> impl Iterator<Item = Self> {
        backends().into_iter().map(Self::on)
    }

    /// The letters of these tests on each kind of database.
    fn each_filled() -> impl Iterator<Item = Self> {
        Self::each().inspect(Self::fill)
    }

    fn filled() -> Self {
        let shelf = Self::new();
        shelf.fill();
        shelf
    }

    /// Puts the letters of these tests in, by a clerk named Anna.
    fn fill(&self) {
        self.write(|journal| {
            for entry in letters() {
                add(journal, &entry, if entry.direction == Direction::In { "ontvangen" } else { "gereserveerd" });
            }
            link(journal, "D2023-02-002694", links::Kind::Answers, "I2022-000001");
            let file =
                FileRecord::of(b"%PDF-1.7", 1, Role::Letter, 0, "advies één.pdf", "inkomend/2022/I2022-000001.pdf");
            file.insert(journal.tx, "I2022-000001").unwrap();
            journal.note("I2022-000001", "beantwoord", &json!({ "was": "open", "door": "D2023-02-002694" })).unwrap();
        });
    }

    fn register(&self) -> Register {
        let workspace = postkamer::workspace::Workspace::open(&self.workspace.path(""), &|name| {
            (name == "POSTKAMER_REGISTER_URL").then(|| self.url.clone())
        });
        Register::open(&workspace.unwrap()).unwrap()
    }

    fn write(&self, work: impl FnOnce(&mut Journal)) {
        let calls = Cell::new(0u8);
        let random = || {
            calls.set(calls.get().wrapping_add(1));
            [calls.get(); 16]
        };
        let moment = DateTime::<Utc>::from_timestamp(1_676_977_200, 0).unwrap();
        let clerk = Clerk { name: "Anna", moment, day: day("2023-02-21"), random: &random };
        let work = |journal: &mut Journal| {
            work(journal);
            Ok(())
        };
        self.register().write(&clerk, work).unwrap();
    }

    fn read<T>(&self, work: impl FnOnce(&mut Tx) -> postkamer::error::Result<T>) -> T {
        self.register().read(work).unwrap()
    }

    /// Runs `postkamer register …`.
    fn run(&self, arguments: &[&str]) -> Run {
        self.run_with(arguments, &[])
    }

    fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
        let url = ("POSTKAMER_REGISTER_URL", self.url.as_str());
        self.workspace.run_with(&[&["register"], arguments].concat(), &[environment, &[url]].concat())
    }

    /// The numbers that a command lists.
    #[track_caller]
    fn ids(&self, arguments: &[&str]) -> Vec<String> {
        let listed = self.run(&[&arguments[..1], &["--json"], &arguments[1..]].concat()).exits(0).json();
        listed.as_array().expect("a list").iter().map(|letter| letter["id"].as_str().unwrap().to_string()).collect()
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn entry(id: &str, status: Status, subject: &str) -> Entry {
    Entry::new(id, status, subject, "werkruimte", format!("zout-{id}"))
}

fn add(journal: &mut Journal, entry: &Entry, what: &str) {
    entry.insert(journal.tx).unwrap();
    search::index(journal.tx, entry, None).unwrap();
    journal.note(&entry.id, what, &json!({ "onderwerp": entry.subject })).unwrap();
}

fn link(journal: &mut Journal, source: &str, kind: links::Kind, target: &str) {
    assert!(links::add(journal.tx, source, kind, target).unwrap());
    journal.note(source, "gekoppeld", &json!({ "met": target })).unwrap();
}

fn letters() -> Vec<Entry> {
    let some = |text: &str| Some(text.to_string());
    let on = |text: &str| Some(day(text));
    vec![
        Entry {
            kind: some("advies"),
            correspondent: some("SER Overijssel"),
            case_number: some("2023-003015"),
            dated: on("2022-12-01"),
            received: on("2022-12-02"),
            handler: some("Jan de Boer"),
            term: on("2023-02-23"),
            their_reference: some("SER-22/114"),
            their_date: on("2022-12-01"),
            ..entry("I2022-000001", Status::Answered, "Briefadvies 'Meer aandacht voor sociale innovatie'")
        },
        Entry {
            correspondent: some("Coöperatie Één"),
            dated: on("2023-01-09"),
            received: on("2023-01-10"),
            handler: some("Ève"),
            term: on("2023-02-20"),
            ..entry("I2023-000001", Status::Open, "Vraag over windmolens; € 1.200,-")
        },
        Entry {
            kind: some("Bezwaar"),
            correspondent: some("Gemeente Zwolle"),
            received: on("2023-01-10"),
            term: on("2023-02-21"),
            ..entry("I2023-000002", Status::Open, "Bezwaren tegen besluit 2022/17")
        },
        Entry {
            correspondent: some("gemeente zwolle"),
            received: on("2023-02-20"),
            term: on("2023-03-03"),
            ..entry("I2023-000003", Status::Open, "digitalisering")
        },
        // As an import has them: only the date of the letter is known.
        Entry { dated: on("2021-05-05"), ..entry("I2023-000004", Status::Open, "Éénmalige subsidie") },
        Entry {
            correspondent: some("J. 100%_zeker"),
            received: on("2023-02-01"),
            term: on("2023-02-02"),
            ..entry("I2023-000005", Status::Handled, "Dank")
        },
        Entry {
            correspondent: some("SER Overijssel"),
            case_number: some("2023-003015"),
            dated: on("2023-02-21"),
            sent: on("2023-02-22"),
            sent_by: some("post"),
            handler: some("Jan de Boer"),
            reserved: on("2023-02-21"),
            version: 1,
            ..entry("D2023-02-002694", Status::Sent, "Reactie op briefadvies")
        },
        Entry { reserved: on("2023-02-21"), ..entry("D2023-02-002695", Status::Reserved, "Uitnodiging") },
        Entry { reserved: on("2023-01-31"), ..entry("D2023-01-000007", Status::Void, "Vergissing") },
        Entry { dated: on("2022-11-30"), ..entry("D2022-11-000099", Status::Withdrawn, "Aanbod") },
    ]
}

/// Everything, the newest first.
const NEWEST: [&str; 10] = [
    "D2023-02-002695",
    "D2023-02-002694",
    "I2023-000003",
    "I2023-000005",
    "D2023-01-000007",
    "I2023-000002",
    "I2023-000001",
    "I2022-000001",
    "D2022-11-000099",
    "I2023-000004",
];

#[test]
fn a_list_is_whole_and_the_newest_first() {
    let shelf = Shelf::filled();
    assert_eq!(shelf.ids(&["list"]), NEWEST);
    assert_eq!(shelf.ids(&["list", "--limit", "3"]), NEWEST[..3]);
    assert_eq!(shelf.ids(&["list", "--limit", "300"]), NEWEST);
    let empty = Shelf::new();
    assert_eq!(empty.run(&["list", "--json"]).exits(0).json(), json!([]));
    let people = empty.run(&["list"]).exits(0);
    assert_eq!((people.out.as_str(), people.err.as_str()), ("", "geen brieven gevonden\n"));
}

#[test]
fn filters_keep_what_meets_all_of_them() {
    for shelf in Shelf::each_filled() {
        for (arguments, expected) in [
            (
                &["--richting", "uit"][..],
                &["D2023-02-002695", "D2023-02-002694", "D2023-01-000007", "D2022-11-000099"][..],
            ),
            (&["--richting", "in", "--jaar", "2022"], &["I2022-000001"]),
            (&["--status", "afgedaan", "--status", "vervallen"], &["I2023-000005", "D2023-01-000007"]),
            (&["--jaar", "2022"], &["I2022-000001", "D2022-11-000099"]),
            (&["--jaar", "2021"], &["I2023-000004"]),
            (&["--van", "2022-12-02", "--tot", "2023-01-10"], &["I2023-000002", "I2023-000001", "I2022-000001"]),
            (&["--van", "2022-12-03", "--tot", "2023-01-09"], &[]),
            (&["--tot", "2021-05-05"], &["I2023-000004"]),
            (&["--jaar", "2023", "--van", "2023-02-21"], &["D2023-02-002695", "D2023-02-002694"]),
            (&["--correspondent", "OVERIJSSEL"], &["D2023-02-002694", "I2022-000001"]),
            (&["--correspondent", "cooperatie een"], &["I2023-000001"]),
            (&["--correspondent", "TIE éÉN"], &["I2023-000001"]),
            (&["--correspondent", "Gemeente"], &["I2023-000003", "I2023-000002"]),
            (&["--correspondent", "100%_"], &["I2023-000005"]),
            (&["--correspondent", "%"], &["I2023-000005"]),
            (&["--correspondent", "' OR 1=1 --"], &[]),
            (&["--correspondent", "\"],[\"x"], &[]),
            (&["--behandelaar", "jan DE boer", "--richting", "uit"], &["D2023-02-002694"]),
            (&["--behandelaar", "eve"], &["I2023-000001"]),
            (&["--behandelaar", "jan"], &[]),
            (&["--soort", "bezwaar"], &["I2023-000002"]),
            (&["--zaaknummer", "2023-003015"], &["D2023-02-002694", "I2022-000001"]),
            (&["--zaaknummer", "2023"], &[]),
            (&["--openstaand"], &["I2023-000003", "I2023-000002", "I2023-000001", "I2023-000004"]),
            (&["--openstaand", "--status", "afgedaan"], &[]),
            (&["--openstaand", "--limit", "1", "--correspondent", "zwolle"], &["I2023-000003"]),
        ] {
            assert_eq!(shelf.ids(&[&["list"], arguments].concat()), expected, "{arguments:?}");
        }
    }
}

#[test]
fn an_order_is_by_bytes_then_number_with_what_lacks_a_value_last() {
    for shelf in Shelf::each_filled() {
        let first = |word: &str| shelf.ids(&["list", "--limit", "4", "--orde", word]);
        for (word, expected) in [
            ("id", ["D2022-11-000099", "D2023-01-000007", "D2023-02-002694", "D2023-02-002695"]),
            ("-id", ["I2023-000005", "I2023-000004", "I2023-000003", "I2023-000002"]),
            ("datum", ["I2023-000004", "D2022-11-000099", "I2022-000001", "I2023-000001"]),
            ("-datum", ["D2023-02-002694", "I2023-000001", "I2022-000001", "D2022-11-000099"]),
            ("ontvangen", ["I2022-000001", "I2023-000001", "I2023-000002", "I2023-000005"]),
            ("-ontvangen", ["I2023-000003", "I2023-000005", "I2023-000002", "I2023-000001"]),
            ("verzonden", ["D2023-02-002694", "D2022-11-000099", "D2023-01-000007", "D2023-02-002695"]),
            ("-verzonden", ["D2023-02-002694", "I2023-000005", "I2023-000004", "I2023-000003"]),
            ("termijn", ["I2023-000005", "I2023-000001", "I2023-000002", "I2022-000001"]),
            ("-termijn", ["I2023-000003", "I2022-000001", "I2023-000002", "I2023-000001"]),
            ("status", ["I2023-000005", "I2022-000001", "D2023-02-002695", "D2022-11-000099"]),
            ("-status", ["D2023-02-002694", "D2023-01-000007", "I2023-000004", "I2023-000003"]),
            ("onderwerp", ["D2022-11-000099", "I2023-000002", "I2022-000001", "I2023-000005"]),
            // É comes after every letter of ASCII, and a lower-case letter after every capital.
            ("-onderwerp", ["I2023-000004", "I2023-000003", "I2023-000001", "D2023-01-000007"]),
            ("correspondent", ["I2023-000001", "I2023-000002", "I2023-000005", "D2023-02-002694"]),
            ("-correspondent", ["I2023-000003", "I2022-000001", "D2023-02-002694", "I2023-000005"]),
        ] {
            assert_eq!(first(word), expected, "{word}");
            assert_eq!(shelf.ids(&["list", "--orde", word]).len(), 10);
        }
    }
}

#[test]
fn json_has_the_fields_of_the_contract() {
    for shelf in Shelf::each_filled() {
        let received = json!({
            "id": "I2022-000001", "richting": "in", "soort": "advies", "kenmerk": null, "zaaknummer": "2023-003015",
            "datum": "2022-12-01", "ontvangen": "2022-12-02", "verzonden": null,
            "onderwerp": "Briefadvies 'Meer aandacht voor sociale innovatie'", "correspondent": "SER Overijssel",
            "behandelaar": "Jan de Boer", "status": "beantwoord", "uw_kenmerk": "SER-22/114", "uw_brief": "2022-12-01",
            "termijn": "2023-02-23", "in_reactie_op": [], "beantwoord_door": ["D2023-02-002694"],
        });
        let case = ["list", "--zaaknummer", "2023-003015", "--orde", "-id", "--json"];
        let listed = shelf.run(&case).exits(0).json();
        assert_eq!(listed[0], received);
        let keys = |json: &Json| json.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&listed[0]), keys(&received));
        assert_eq!(
            (&listed[1]["kenmerk"], &listed[1]["in_reactie_op"], &listed[1]["beantwoord_door"]),
            (&json!("D2023-02-002694"), &json!(["I2022-000001"]), &json!([]))
        );
        assert_eq!(shelf.run(&["search", "SER-22/114", "--json"]).exits(0).json(), json!([received]));

        let mut shown = shelf.run(&["show", "I2022-000001", "--json"]).exits(0).json();
        let events = shelf.read(|tx| Event::all(tx, "I2022-000001"));
        let hash = |at: usize| events[at].hash.as_str();
        assert!(events.iter().all(|event| event.hash.len() == 64) && hash(0) != hash(1));
        let moment = "2023-02-21T11:00:00Z";
        let event = |what: &str, at: usize, details: Json| json!({ "tijdstip": moment, "wie": "Anna", "wat": what, "hash": hash(at), "bijzonderheden": details });
        assert_eq!(
            shown["gebeurtenissen"],
            json!([
                event("ontvangen", 0, json!({ "onderwerp": received["onderwerp"] })),
                event("beantwoord", 1, json!({ "was": "open", "door": "D2023-02-002694" })),
            ])
        );
        let digest = postkamer::register::files::sha256(b"%PDF-1.7");
        assert_eq!(
            shown["bestanden"],
            json!([{
                "naam": "advies één.pdf", "algoritme": "sha256", "digest": digest, "omvang": 8,
                "pad": "inkomend/2022/I2022-000001.pdf", "versie": 1, "soort": "brief",
            }])
        );
        for added in ["gebeurtenissen", "bestanden"] {
            shown.as_object_mut().unwrap().shift_remove(added);
        }
        assert_eq!(shown, received);
    }
}

#[test]
fn a_letter_that_is_not_there_is_refused_with_the_way_out() {
    for shelf in Shelf::each_filled() {
        let run = shelf.run(&["show", "I2099-000001"]).exits(1);
        assert!(run.err.contains("[id-unknown]") && run.err.contains("register search"), "{}", run.err);
        assert_eq!(shelf.run(&["show", "x' OR '1'='1", "--json"]).exits(1).json()["fouten"][0]["code"], "id-unknown");
    }
}

#[test]
fn people_get_a_table() {
    let shelf = Shelf::filled();
    let table = shelf.run(&["list"]).exits(0);
    insta::assert_snapshot!(table.out, @r"
    nummer           datum       in/uit  status        termijn     behandelaar  correspondent    onderwerp
    D2023-02-002695  2023-02-21  uit     gereserveerd                                            Uitnodiging
    D2023-02-002694  2023-02-21  uit     verzonden                 Jan de Boer  SER Overijssel   Reactie op briefadvies
    I2023-000003     2023-02-20  in      open          2023-03-03               gemeente zwolle  digitalisering
    I2023-000005     2023-02-01  in      afgedaan                               J. 100%_zeker    Dank
    D2023-01-000007  2023-01-31  uit     vervallen                                               Vergissing
    I2023-000002     2023-01-10  in      open          2023-02-21               Gemeente Zwolle  Bezwaren tegen besluit 2022/17
    I2023-000001     2023-01-10  in      open          2023-02-20  Ève          Coöperatie Één   Vraag over windmolens; € 1.200,-
    I2022-000001     2022-12-02  in      beantwoord                Jan de Boer  SER Overijssel   Briefadvies 'Meer aandacht voor sociale innovatie'
    D2022-11-000099  2022-11-30  uit     ingetrokken                                             Aanbod
    I2023-000004     2021-05-05  in      open                                                    Éénmalige subsidie
    ");
    assert_eq!(table.err, "");
    insta::assert_snapshot!(shelf.run(&["list", "--taal", "en", "--richting", "uit"]).exits(0).out, @r"
    number           date        in/out  status        handler      correspondent   subject
    D2023-02-002695  2023-02-21  uit     gereserveerd                               Uitnodiging
    D2023-02-002694  2023-02-21  uit     verzonden     Jan de Boer  SER Overijssel  Reactie op briefadvies
    D2023-01-000007  2023-01-31  uit     vervallen                                  Vergissing
    D2022-11-000099  2022-11-30  uit     ingetrokken                                Aanbod
    ");
}

#[test]
fn people_get_colours_when_they_want_them() {
    let shelf = Shelf::filled();
    let plain = shelf.run(&["list"]).exits(0).out;
    assert!(!plain.contains('\u{1b}'));
    let coloured = shelf.run(&["list", "--color", "always"]).exits(0).out;
    insta::assert_snapshot!(coloured.replace('\u{1b}', "␛"), @r"
    ␛[1mnummer␛[0m           ␛[1mdatum␛[0m       ␛[1min/uit␛[0m  ␛[1mstatus␛[0m        ␛[1mtermijn␛[0m     ␛[1mbehandelaar␛[0m  ␛[1mcorrespondent␛[0m    ␛[1monderwerp␛[0m
    D2023-02-002695  2023-02-21  uit     gereserveerd                                            Uitnodiging
    D2023-02-002694  2023-02-21  uit     ␛[32mverzonden␛[0m                 Jan de Boer  SER Overijssel   Reactie op briefadvies
    I2023-000003     2023-02-20  in      ␛[33mopen␛[0m          2023-03-03               gemeente zwolle  digitalisering
    I2023-000005     2023-02-01  in      afgedaan                               J. 100%_zeker    Dank
    D2023-01-000007  2023-01-31  uit     ␛[2mvervallen␛[0m                                               Vergissing
    I2023-000002     2023-01-10  in      ␛[33mopen␛[0m          2023-02-21               Gemeente Zwolle  Bezwaren tegen besluit 2022/17
    I2023-000001     2023-01-10  in      ␛[31mopen␛[0m          ␛[31m2023-02-20␛[0m  Ève          Coöperatie Één   Vraag over windmolens; € 1.200,-
    I2022-000001     2022-12-02  in      ␛[32mbeantwoord␛[0m                Jan de Boer  SER Overijssel   Briefadvies 'Meer aandacht voor sociale innovatie'
    D2022-11-000099  2022-11-30  uit     ␛[2mingetrokken␛[0m                                             Aanbod
    I2023-000004     2021-05-05  in      ␛[33mopen␛[0m                                                    Éénmalige subsidie
    ");
    let asked = |arguments: &[&str], environment: &[(&str, &str)]| shelf.run_with(arguments, environment).exits(0).out;
    // What is asked for in so many words goes before the environment, as it does for messages.
    assert_eq!(asked(&["list", "--color", "always"], &[("NO_COLOR", "1")]), coloured);
    assert_eq!(asked(&["list", "--color", "never"], &[("CLICOLOR_FORCE", "1")]), plain);
    assert_eq!(asked(&["list"], &[("CLICOLOR_FORCE", "1")]), coloured);
    assert_eq!(asked(&["list"], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), plain);
}

#[test]
fn what_is_due_is_listed_by_term() {
    let shelf = Shelf::filled();
    assert_eq!(shelf.ids(&["due"]), ["I2023-000001", "I2023-000002"]);
    assert_eq!(shelf.ids(&["due", "--within", "9"]), ["I2023-000001", "I2023-000002"]);
    assert_eq!(shelf.ids(&["due", "--within", "10"]), ["I2023-000001", "I2023-000002", "I2023-000003"]);
    insta::assert_snapshot!(shelf.run(&["due", "--within", "10"]).exits(0).out, @r"
    nummer        termijn     dagen      behandelaar  correspondent    onderwerp
    I2023-000001  2023-02-20  1 te laat  Ève          Coöperatie Één   Vraag over windmolens; € 1.200,-
    I2023-000002  2023-02-21  vandaag                 Gemeente Zwolle  Bezwaren tegen besluit 2022/17
    I2023-000003  2023-03-03  nog 10                  gemeente zwolle  digitalisering
    ");
    let english = shelf.run(&["due", "--within", "10", "--taal", "en", "--color", "always"]).exits(0).out;
    insta::assert_snapshot!(english.replace('\u{1b}', "␛"), @r"
    ␛[1mnumber␛[0m        ␛[1mterm␛[0m        ␛[1mdays␛[0m     ␛[1mhandler␛[0m  ␛[1mcorrespondent␛[0m    ␛[1msubject␛[0m
    ␛[31mI2023-000001␛[0m  ␛[31m2023-02-20␛[0m  ␛[31m1 late␛[0m   Ève      Coöperatie Één   Vraag over windmolens; € 1.200,-
    I2023-000002  2023-02-21  ␛[33mtoday␛[0m             Gemeente Zwolle  Bezwaren tegen besluit 2022/17
    I2023-000003  2023-03-03  10 left           gemeente zwolle  digitalisering
    ");
    // The day after the last term, all three are late; before the first, nothing is due.
    let on = |epoch: &str, within: &str| {
        let run = shelf.run_with(&["due", "--json", "--within", within], &[("SOURCE_DATE_EPOCH", epoch)]);
        run.exits(0).json().as_array().unwrap().len()
    };
    assert_eq!((on("1677870000", "0"), on("1674298800", "0"), on("1674298800", "36500")), (3, 0, 3));
}

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

#[test]
fn wrong_usage_and_a_backward_period_are_told_apart() {
    let shelf = Shelf::filled();
    for wrong in [
        &["list", "--status", "zoek"][..],
        &["list", "--richting", "op"],
        &["list", "--orde", "kleur"],
        &["list", "--orde", "--datum"],
        &["list", "--jaar", "nu"],
        &["list", "--jaar", "0"],
        &["list", "--van", "2023-02-30"],
        &["list", "--limit", "0"],
        &["list", "--limit", "-1"],
        &["due", "--within", "-1"],
        &["due", "--within", "36501"],
        &["search"],
        &["show"],
    ] {
        assert_eq!(shelf.run(wrong).exits(2).out, "", "{wrong:?}");
    }
    let backward = ["list", "--van", "2023-02-02", "--tot", "2023-02-01"];
    let run = shelf.run(&backward).exits(1);
    assert!(run.err.contains("[list-period]") && run.err.contains("--tot"), "{}", run.err);
}

#[test]
fn a_sheet_shows_a_letter_with_its_thread() {
    let shelf = Shelf::filled();
    insta::assert_snapshot!(shelf.run(&["show", "I2022-000001"]).exits(0).out, @r"
    I2022-000001  Briefadvies 'Meer aandacht voor sociale innovatie'

      richting         in
      status           beantwoord
      soort            advies
      correspondent    SER Overijssel
      zaaknummer       2023-003015
      datum            2022-12-01
      ontvangen        2022-12-02
      termijn          2023-02-23
      behandelaar      Jan de Boer
      uw kenmerk       SER-22/114
      uw brief         2022-12-01
      beantwoord door  D2023-02-002694

    Draad
      2022-12-02  I2022-000001       beantwoord  Briefadvies 'Meer aandacht voor sociale innovatie'
      2023-02-21  └ D2023-02-002694  verzonden   → antwoord op I2022-000001: Reactie op briefadvies

    Gebeurtenissen
      2023-02-21 12:00  ontvangen  Anna
          onderwerp: Briefadvies 'Meer aandacht voor sociale innovatie'
      2023-02-21 12:00  beantwoord  Anna
          was: open
          door: D2023-02-002694

    Bestanden
      inkomend/2022/I2022-000001.pdf  brief, versie 1, advies één.pdf, 8 bytes
          sha256: 86edbaa24831badfa0a8b04bb410141e2ee4182b6d0014493fe262a7a331c20b
    ");
    insta::assert_snapshot!(shelf.run(&["show", "D2023-01-000007", "--taal", "en"]).exits(0).out, @r"
    D2023-01-000007  Vergissing

      direction  uit
      status     vervallen

    Events
      2023-02-21 12:00  number reserved  Anna
          onderwerp: Vergissing
    ");
}

#[test]
fn a_thread_has_an_end_even_where_letters_answer_each_other() {
    for shelf in Shelf::each() {
        shelf.write(|journal| {
            for (id, status, dated, case) in [
                ("I1", Status::Answered, "2023-01-01", None),
                ("D1", Status::Sent, "2023-01-02", None),
                ("I2", Status::Answered, "2023-01-03", Some("Z1")),
                ("D2", Status::Sent, "2023-01-04", None),
                ("I3", Status::Open, "2023-01-05", Some("Z1")),
                ("D4", Status::Sent, "2023-01-06", None),
                ("I9", Status::Open, "2023-01-07", Some("Z9")),
            ] {
                let dated = Some(day(dated));
                add(
                    journal,
                    &Entry { dated, case_number: case.map(String::from), ..entry(id, status, id) },
                    "ontvangen",
                );
            }
            for (source, target) in [("D1", "I1"), ("I2", "D1"), ("D2", "I2"), ("I1", "D2"), ("D2", "D2")] {
                link(journal, source, links::Kind::Answers, target);
            }
            link(journal, "D4", links::Kind::SameCase, "I3");
        });
        let steps = |id: &str| {
            let thread = shelf.read(|tx| Thread::of(tx, id, 100));
            assert!(!thread.more);
            thread
                .steps
                .iter()
                .map(|step| format!("{}{}", ".".repeat(step.depth), step.listed.entry.id))
                .collect::<Vec<_>>()
        };
        for id in ["I1", "D1", "I2", "D2", "I3", "D4"] {
            assert_eq!(steps(id), ["I1", ".D1", "..I2", "...D2", "I3", "D4"], "{id}");
        }
        assert_eq!(steps("I9"), ["I9"]);
        let nearest = shelf.read(|tx| Thread::of(tx, "D4", 2));
        let ids: Vec<_> = nearest.steps.iter().map(|step| step.listed.entry.id.as_str()).collect();
        assert_eq!((ids, nearest.more), (vec!["I3", "D4"], true));
        let sheet = shelf.run(&["show", "D2"]).exits(0).out;
        assert!(sheet.contains("└ D2"), "{sheet}");
        assert!(!shelf.run(&["show", "I9"]).exits(0).out.contains("Draad"));
    }
}

#[test]
fn a_case_of_thousands_shows_the_nearest() {
    for shelf in Shelf::each() {
        shelf.write(|journal| {
            for at in 0..120 {
                let id = format!("D{at:03}");
                let one = Entry { case_number: Some("Z1".into()), ..entry(&id, Status::Sent, "Brief") };
                one.insert(journal.tx).unwrap();
            }
            add(journal, &entry("I1", Status::Open, "Vraag"), "ontvangen");
            link(journal, "D119", links::Kind::Answers, "I1");
        });
        let sheet = shelf.run(&["show", "D119"]).exits(0).out;
        assert!(sheet.contains("I1") && sheet.contains("register list --zaaknummer"), "{sheet}");
        let thread = shelf.read(|tx| Thread::of(tx, "D119", 50));
        assert_eq!((thread.steps.len(), thread.more), (50, true));
        assert!(["D119", "I1"].iter().all(|id| thread.steps.iter().any(|step| step.listed.entry.id == *id)));
        // Many letters get their answers by one reading of all of them.
        let listed = shelf.read(|tx| query::list(tx, &Filter::default(), Order::default(), None));
        let answered: Vec<_> = listed.iter().filter(|letter| !letter.answered_by.is_empty()).collect();
        assert_eq!((listed.len(), answered.len()), (121, 1));
        assert_eq!((answered[0].entry.id.as_str(), &answered[0].answered_by[..]), ("I1", &["D119".to_string()][..]));
    }
}

#[test]
fn values_do_not_steer_the_terminal() {
    let shelf = Shelf::new();
    shelf.write(|journal| {
        let bell = "x\u{1b}]0;titel\u{7}\n\u{202E}y";
        let letter = Entry {
            correspondent: Some(bell.into()),
            handler: Some(bell.into()),
            term: Some(day("2023-01-01")),
            ..entry("I1\u{1b}c", Status::Open, bell)
        };
        add(journal, &letter, bell);
        let file = FileRecord::of(b"x", 1, Role::Letter, 0, bell, bell);
        file.insert(journal.tx, &letter.id).unwrap();
        journal.note(&letter.id, "gecorrigeerd", &json!({ bell: [bell, 1, null, true, { "a": bell }] })).unwrap();
    });
    for arguments in [&["list"][..], &["due"], &["search", "titel"], &["show", "I1\u{1b}c"]] {
        let run = shelf.run(arguments).exits(0);
        assert!(run.out.contains("x�]0;titel� �y"), "{}", run.out);
        assert!(!run.out.contains(['\u{1b}', '\u{7}', '\u{202E}']), "{:?}", run.out);
        let coloured = shelf.run(&[arguments, &["--color", "always"]].concat()).exits(0).out;
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), run.out);
    }
}

#[test]
fn every_event_has_its_words() {
    for tongue in [Tongue::Nl, Tongue::En] {
        let messages = Messages::new(tongue);
        for what in WHATS {
            let id = format!("event-{what}");
            assert_ne!(messages.text(&id, &[]), id);
        }
    }
}
