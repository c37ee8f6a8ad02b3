//! MDTO of a letter, a case and a file, held against the official schema and read as another program reads it.

use postkamer::archive::mdto::file::File;
use postkamer::archive::mdto::letter::{self, About, happened};
use postkamer::archive::mdto::{Identification, Reference, When, xsd_date};
use postkamer::register::history;
use postkamer::workspace::retention::{Appraisal, Period};
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::{assert_conform, issued, moment, received};

/// The texts of a document by the path of their elements, such as `informatieobject/naam`, in their order.
fn texts(xml: &[u8]) -> Vec<(String, String)> {
    let mut reader = Reader::from_reader(xml);
    let (mut path, mut found, mut text) = (Vec::<String>::new(), Vec::new(), String::new());
    let mut had_elements = false;
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(start) => {
                path.push(start.name().as_ref().to_string());
                text.clear();
                had_elements = false;
            }
            Event::Text(piece) => text.push_str(&piece.into_inner()),
            Event::GeneralRef(piece) => {
                let reference = format!("&{};", &*piece.into_inner());
                text.push_str(&quick_xml::escape::unescape(&reference).expect("a known entity"));
            }
            Event::End(_) => {
                // What holds elements has no text of its own.
                let is_leaf = !std::mem::replace(&mut had_elements, true);
                if is_leaf {
                    found.push((path[1..].join("/"), std::mem::take(&mut text)));
                }
                path.pop();
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

/// The texts of one element.
fn all(texts: &[(String, String)], path: &str) -> Vec<String> {
    let named = texts.iter().filter(|(at, _)| at.strip_prefix("informatieobject/").unwrap_or(at) == path);
    named.map(|(_, text)| text.clone()).collect()
}

fn of(about: &About) -> Vec<(String, String)> {
    texts(&about.information(vec![], vec![]).xml())
}

fn files() -> (Vec<Reference>, Vec<Reference>) {
    let reference = |name: &str| Reference::numbered(name, Identification::new(format!("x/{name}"), "Provincie"));
    (vec![reference("brief.pdf"), reference("evaluatie.pdf")], vec![reference("register.json")])
}

/// Writes documents in a folder and holds them against the schema.
fn assert_all_conform(documents: &[Vec<u8>]) {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |(at, xml): (usize, &Vec<u8>)| {
        let path = folder.path().join(format!("{at}.xml"));
        std::fs::write(&path, xml).expect("it is written");
        path
    };
    assert_conform(&documents.iter().enumerate().map(write).collect::<Vec<_>>());
}

#[test]
fn a_letter_says_what_the_register_knows() {
    let about = issued("D2023-02-002694", Some("2023-003015"));
    let (files, additional) = files();
    let information = about.information(files, additional);
    assert_eq!(information.missing(), []);
    let texts = texts(&information.xml());
    for (path, expected) in [
        ("identificatie/identificatieKenmerk", vec!["D2023-02-002694"]),
        ("identificatie/identificatieBron", vec!["Provincie Overijssel"]),
        ("naam", vec!["Reactie op briefadvies"]),
        ("aggregatieniveau/begripLabel", vec!["Archiefstuk"]),
        ("aggregatieniveau/begripBegrippenlijst/verwijzingNaam", vec!["Begrippenlijst Aggregatieniveaus MDTO"]),
        ("taal", vec!["nl"]),
        ("event/eventType/begripLabel", vec!["Creatie", "Ondertekening", "Verzending"]),
        ("event/eventTijd", vec!["2023-02-21T11:00:00Z", "2023-02-21T11:00:00Z", "2023-02-23"]),
        ("event/eventVerantwoordelijkeActor/verwijzingNaam", vec!["M. Bom"; 3]),
        ("waardering/begripCode", vec!["V"]),
        ("waardering/begripLabel", vec!["Tijdelijk te bewaren"]),
        ("bewaartermijn/termijnStartdatumLooptijd", vec!["2023-02-21"]),
        ("bewaartermijn/termijnLooptijd", vec!["P20Y"]),
        ("bewaartermijn/termijnEinddatum", vec!["2043-02-21"]),
        ("informatiecategorie/begripLabel", vec!["11.1 Adviezen"]),
        ("isOnderdeelVan/verwijzingIdentificatie/identificatieKenmerk", vec!["2023-003015"]),
        ("heeftRepresentatie/verwijzingNaam", vec!["brief.pdf", "evaluatie.pdf"]),
        ("aanvullendeMetagegevens/verwijzingNaam", vec!["register.json"]),
        ("gerelateerdInformatieobject/gerelateerdInformatieobjectVerwijzing/verwijzingNaam", vec!["I2022-000123"]),
        ("gerelateerdInformatieobject/gerelateerdInformatieobjectTypeRelatie/begripLabel", vec!["Is antwoord op"]),
        ("archiefvormer/verwijzingNaam", vec!["Provincie Overijssel"]),
        ("betrokkene/betrokkeneTypeRelatie/begripLabel", vec!["Geadresseerde"]),
        ("betrokkene/betrokkeneActor/verwijzingNaam", vec!["SER Overijssel"]),
        ("beperkingGebruik/beperkingGebruikType/begripLabel", vec!["Geen beperking"]),
    ] {
        assert_eq!(all(&texts, path), expected, "{path}");
    }
    assert_eq!(information.xml(), information.xml());
    assert_all_conform(&[information.xml()]);
}

#[test]
fn a_letter_that_came_in_has_its_senders_number_and_no_invented_facts() {
    let about = received("I2022-000123");
    let texts = of(&about);
    assert_eq!(all(&texts, "identificatie/identificatieKenmerk"), ["I2022-000123", "SER/7"]);
    assert_eq!(all(&texts, "identificatie/identificatieBron"), ["Provincie Overijssel", "SER Overijssel"]);
    assert_eq!(all(&texts, "betrokkene/betrokkeneTypeRelatie/begripLabel"), ["Afzender"]);
    assert_eq!(all(&texts, "event/eventType/begripLabel"), ["Ontvangst"]);
    assert_eq!(
        (all(&texts, "trefwoord"), all(&texts, "classificatie/begripLabel")),
        (vec!["advies".into()], vec!["advies".into()])
    );
    // Not decided is a value of the official list; nothing else is made up.
    assert_eq!(
        (all(&texts, "waardering/begripCode"), all(&texts, "waardering/begripLabel")),
        (vec!["N".into()], vec!["Nader te bepalen".into()])
    );
    for absent in [
        "taal",
        "bewaartermijn/termijnLooptijd",
        "informatiecategorie/begripLabel",
        "dekkingInTijd",
        "isOnderdeelVan/verwijzingNaam",
    ] {
        assert_eq!(all(&texts, absent), Vec::<String>::new(), "{absent}");
    }
    assert_eq!(all(&texts, "beperkingGebruik/beperkingGebruikType/begripLabel"), ["Nader te bepalen"]);
    assert_all_conform(&[about.information(vec![], vec![]).xml()]);
}

#[test]
fn every_level_of_confidentiality_and_appraisal_conforms() {
    let mut documents = Vec::new();
    for level in postkamer::letter::front::CONFIDENTIALITY {
        let mut about = issued("D1", None);
        about.listed.entry.confidentiality = Some(level.into());
        let texts = of(&about);
        let label = all(&texts, "beperkingGebruik/beperkingGebruikType/begripLabel");
        assert_eq!(label, [if level == "openbaar" { "Geen beperking".to_string() } else { level.replace('_', " ") }]);
        documents.push(about.information(vec![], vec![]).xml());
    }
    for (appraisal, code) in [(Some(Appraisal::Keep), "B"), (Some(Appraisal::Destroy), "V"), (None, "N")] {
        let mut about = issued("D1", None);
        about.retention.waardering = appraisal;
        assert_eq!(all(&of(&about), "waardering/begripCode"), [code]);
        documents.push(about.information(vec![], vec![]).xml());
    }
    assert_all_conform(&documents);
}

#[test]
fn days_beyond_the_calendar_are_left_out_or_written_as_the_schema_has_them() {
    let mut about = issued("D1", None);
    about.listed.entry.dated = "9999-12-31".parse().ok();
    assert_eq!(all(&of(&about), "bewaartermijn/termijnEinddatum"), ["10019-12-31"]);
    let late = about.information(vec![], vec![]).xml();
    about.listed.entry.dated = "0000-01-01".parse().ok();
    about.events[0].when = "0000-01-01".parse().ok().map(When::Day);
    assert_eq!(all(&of(&about), "bewaartermijn/termijnStartdatumLooptijd"), Vec::<String>::new());
    assert_eq!(xsd_date("0999-01-02".parse().expect("a day")).as_deref(), Some("0999-01-02"));
    assert_all_conform(&[late, about.information(vec![], vec![]).xml()]);
}

/// Texts that try to be something else than text.
const HOSTILE: [&str; 8] = [
    "</naam><naam>x</naam>",
    "<![CDATA[x]]>]]>",
    "&amp; &#0; &nbsp; %x; <!ENTITY a SYSTEM \"file:///etc/passwd\">",
    "\u{1F4EE} \u{5E9}\u{5DC}\u{5D5}\u{5DD} \u{202E}abc\u{202C}",
    "a\0b\u{1b}[2Jc\u{7}\u{FFFF}",
    "  voor en na \t\r\n ",
    "\"'<>&",
    "-->?>",
];

#[test]
fn hostile_texts_stay_texts_in_every_element() {
    let mut documents = Vec::new();
    for text in HOSTILE {
        let mut about = issued(text, Some(text));
        about.organisation = text.into();
        about.retention.selectielijst = Some(text.into());
        about.events[0].who = Some(text.into());
        about.events[0].result = Some(text.into());
        let entry = &mut about.listed.entry;
        (entry.subject, entry.correspondent, entry.kind) = (text.into(), Some(text.into()), Some(text.into()));
        entry.confidentiality = Some(text.into());
        about.listed.answers = vec![text.into()];
        let shown = postkamer::archive::mdto::text(text).into_owned();
        let own = about.file_identification("brief.pdf");
        let file = File::of(b"%PDF-1.7", text, own, about.reference(), moment());
        let letter = about.information(vec![file.reference()], vec![]);
        let read = texts(&letter.xml());
        for path in [
            "naam",
            "trefwoord",
            "archiefvormer/verwijzingNaam",
            "informatiecategorie/begripLabel",
            "event/eventResultaat",
        ] {
            assert_eq!(all(&read, path), std::slice::from_ref(&shown), "{path}");
        }
        assert_eq!(all(&texts(&file.xml()), "bestand/naam"), [shown]);
        let case = letter::case(about.case().expect("a case"), text, &[&about]);
        documents.extend([letter.xml(), file.xml(), case.xml()]);
    }
    assert_all_conform(&documents);
}

#[test]
fn a_case_is_kept_as_its_letters_are() {
    let letter = |appraisal, term: &str, level: &str| {
        let mut about = issued("D1", Some("Z1"));
        about.retention.waardering = appraisal;
        about.retention.bewaartermijn = Period::parse(term).ok();
        about.listed.entry.confidentiality = Some(level.into());
        about
    };
    let of = |letters: &[About]| {
        let letters: Vec<_> = letters.iter().collect();
        let case = letter::case(letters[0].case().expect("a case"), "Provincie", &letters);
        assert_all_conform(&[case.xml()]);
        texts(&case.xml())
    };
    let (keep, destroy) = (Some(Appraisal::Keep), Some(Appraisal::Destroy));
    let same = of(&[letter(destroy, "P20Y", "openbaar"), letter(destroy, "P5Y", "openbaar")]);
    assert_eq!(all(&same, "waardering/begripCode"), ["V"]);
    assert_eq!(all(&same, "bewaartermijn/termijnEinddatum"), ["2043-02-21"]);
    assert_eq!(all(&same, "informatiecategorie/begripLabel"), ["11.1 Adviezen"]);
    assert_eq!(all(&same, "bevatOnderdeel/verwijzingNaam").len(), 2);
    assert_eq!(all(&same, "aggregatieniveau/begripLabel"), ["Dossier"]);
    let kept = of(&[letter(destroy, "P20Y", "openbaar"), letter(keep, "", "geheim")]);
    assert_eq!(all(&kept, "waardering/begripCode"), ["B"]);
    assert_eq!(all(&kept, "bewaartermijn/termijnLooptijd"), Vec::<String>::new());
    // "No restriction" is not said of a whole with a secret part.
    assert_eq!(all(&kept, "beperkingGebruik/beperkingGebruikType/begripLabel"), ["geheim"]);
    let open = of(&[letter(destroy, "P20Y", "openbaar"), letter(None, "", "openbaar")]);
    assert_eq!(
        (all(&open, "waardering/begripCode"), all(&open, "bewaartermijn/termijnLooptijd")),
        (vec!["N".into()], vec![])
    );
}

#[test]
fn what_mdto_requires_and_nobody_knows_is_found() {
    let mut about = issued("D1", None);
    (about.organisation, about.listed.entry.subject) = (" ".into(), String::new());
    let missing = about.information(vec![], vec![]).missing();
    let elements: Vec<_> = missing.iter().map(|finding| finding.args[1].1.as_str()).collect();
    assert_eq!(elements, ["identificatie", "naam", "archiefvormer"]);
    assert!(missing.iter().all(|finding| finding.code == "mdto-missing"));
}

#[test]
fn events_of_the_register_become_events_of_mdto() {
    let event = |what: &str| history::Event {
        moment: "2023-02-21T11:00:00Z".into(),
        who: "M. Bom".into(),
        what: what.into(),
        details: None,
        hash: String::new(),
    };
    let mut about = issued("D1", None);
    about.listed.entry.sent_by = Some("aangetekende post".into());
    let happened_then =
        ["gereserveerd", "vastgesteld", "nieuwe-versie", "verzonden", "gekoppeld", "aangevuld", "ingetrokken"]
            .map(event);
    about.events = happened(&about.listed.entry, &happened_then);
    let texts = of(&about);
    assert_eq!(
        all(&texts, "event/eventType/begripLabel"),
        ["Creatie", "Nieuwe versie", "Verzending", "Aanvulling", "Intrekking"]
    );
    assert_eq!(all(&texts, "event/eventTijd")[2], "2023-02-23");
    assert_eq!(all(&texts, "event/eventResultaat"), ["aangetekende post"]);
}

#[test]
fn a_file_says_what_it_is() {
    let about = issued("D1", None);
    let file = File::of(
        b"%PDF-1.7\npdfaid:part=\"2\" pdfaid:conformance=\"A\"",
        "brief.pdf",
        about.file_identification("brief.pdf"),
        about.reference(),
        moment(),
    );
    let texts = texts(&file.xml());
    for (path, expected) in [
        ("bestand/identificatie/identificatieKenmerk", "D1/brief.pdf"),
        ("bestand/naam", "brief.pdf"),
        ("bestand/omvang", "47"),
        ("bestand/bestandsformaat/begripCode", "fmt/476"),
        ("bestand/checksum/checksumAlgoritme/begripLabel", "SHA-256"),
        ("bestand/checksum/checksumDatum", "2023-02-21T11:00:00Z"),
        ("bestand/isRepresentatieVan/verwijzingIdentificatie/identificatieKenmerk", "D1"),
    ] {
        assert_eq!(all(&texts, path), [expected], "{path}");
    }
    let unknown = File::of(b"", "x.bin", about.file_identification("x"), about.reference(), moment());
    assert_all_conform(&[file.xml(), unknown.xml()]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Whatever a letter is called, it is one name in well-formed XML.
    #[test]
    fn any_subject_and_number_come_back(subject in any::<String>(), id in any::<String>()) {
        let mut about = issued(&id, None);
        about.listed.entry.subject = subject.clone();
        let texts = of(&about);
        prop_assert_eq!(all(&texts, "naam"), [postkamer::archive::mdto::text(&subject).into_owned()]);
        prop_assert_eq!(all(&texts, "identificatie/identificatieKenmerk"), [postkamer::archive::mdto::text(&id).into_owned()]);
    }
}
