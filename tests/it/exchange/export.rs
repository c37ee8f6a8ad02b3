//! The register as a table, and in the terms of ZGW.

use postkamer::register::entry::Entry;
use postkamer::register::files::{FileRecord, Role, sha256};
use serde_json::{Value as Json, json};

use super::{Desk, fill};

/// The columns of an export, in their order.
const HEADER: &str = "id,richting,soort,kenmerk,zaaknummer,datum,ontvangen,verzonden,wijze,onderwerp,correspondent,behandelaar,\
                      status,uw_kenmerk,uw_brief,termijn,vertrouwelijkheid,in_reactie_op,beantwoord_door,zelfde_zaak,reden,\
                      handmatig,gereserveerd";

#[test]
fn an_export_says_all_there_is() {
    let desk = Desk::new();
    fill(&desk);
    let csv = String::from_utf8(desk.export("csv")).unwrap();
    assert_eq!(csv.lines().next(), Some(HEADER));
    let ids: Vec<_> = csv.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    let expected = [
        "I2023-000001",
        "I2023-000002",
        "I2023-000003",
        "2021/0266 135",
        "D2023-02-000002",
        "D2023-02-000003",
        "D2023-02-000004",
        "D2023-02-000005",
        "D2023-02-000001",
    ];
    assert_eq!(ids, expected, "by day, then by number");
    let sent = desk.letter("D2023-02-000003");
    let names: Vec<_> = sent.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names.join(","), HEADER);
    assert_eq!(
        sent,
        json!({
            "id": "D2023-02-000003", "richting": "uit", "soort": "besluit", "kenmerk": "D2023-02-000003",
            "zaaknummer": "2023-000012", "datum": "2023-02-01", "ontvangen": null, "verzonden": "2023-02-03",
            "wijze": "per post", "onderwerp": "=1+1; ‘verzonden’, \"twee\"", "correspondent": "'s-Hertogenbosch",
            "behandelaar": "A. de Vries", "status": "verzonden", "uw_kenmerk": null, "uw_brief": null, "termijn": null,
            "vertrouwelijkheid": "beperkt_openbaar", "in_reactie_op": ["I2023-000002"], "beantwoord_door": [],
            "zelfde_zaak": ["I2023-000001"], "reden": null, "handmatig": false, "gereserveerd": "2023-02-21",
        })
    );
    let answered = desk.letter("I2023-000002");
    assert_eq!((&answered["kenmerk"], &answered["handmatig"]), (&Json::Null, &false.into()));
    assert_eq!(answered["beantwoord_door"], json!(["2021/0266 135", "D2023-02-000003"]));
    assert!(csv.contains(",2021/0266%20135 D2023-02-000003,"), "{csv}");
    assert_eq!(desk.letter("2021/0266 135")["handmatig"], true);
    assert_eq!(desk.letter("I2023-000001")["zelfde_zaak"], json!(["D2023-02-000003"]));
    let reasons = ["D2023-02-000004", "D2023-02-000005", "I2023-000003"].map(|id| desk.letter(id)["reden"].clone());
    assert_eq!(json!(reasons), json!(["verkeerd bedrag", "dubbel opgemaakt", "telefonisch afgehandeld"]));
}

#[test]
fn an_export_goes_where_it_is_sent() {
    let desk = Desk::new();
    fill(&desk);
    let out = |arguments: &[&str]| desk.run(&[&["register", "export"], arguments].concat()).exits(0).out;
    assert_eq!(out(&[]).into_bytes(), desk.export("csv"));
    assert_eq!(out(&["-o", "-"]).into_bytes(), desk.export("csv"));
    assert_eq!(out(&["--json"]).into_bytes(), desk.export("json"));
    assert_eq!(out(&["-o", "a.xlsx"]), "");
    assert_eq!(std::fs::read(desk.workspace.path("a.xlsx")).unwrap(), desk.export("xlsx"));
    let told: Json = serde_json::from_str(&out(&["-o", "a.json", "--json"])).unwrap();
    assert_eq!(told, json!({ "bestand": "a.json", "totaal": 9 }));
    desk.run(&["register", "export", "-o", "nergens/a.csv"]).exits(3);
    desk.run(&["register", "export", "--format", "pdf"]).exits(2);
}

#[test]
fn letters_go_out_in_the_terms_of_zgw() {
    let desk = Desk::new();
    fill(&desk);
    let long = "Onderwerp ".repeat(30);
    let table = format!(
        "id,richting,datum,ontvangen,onderwerp,correspondent\nI9,in,2021-02-05,2021-02-08,{long},SER Overijssel\n"
    );
    desk.import("a.csv", table).exits(0);
    desk.register(|register, _, clerk| {
        let added = register.write(clerk, |journal| {
            let letter = FileRecord::of(b"brief", 1, Role::Letter, 0, "brief.pdf", "uitgaand/2023/brief.pdf");
            let enclosure = FileRecord::of(b"kaart", 1, Role::Enclosure, 1, "kaart.png", "uitgaand/2023/kaart.png");
            letter.insert(journal.tx, "D2023-02-000003")?;
            enclosure.insert(journal.tx, "D2023-02-000003")?;
            let mut entry = Entry::get(journal.tx, "D2023-02-000003")?;
            entry.version = 1;
            entry.update(journal.tx)?;
            journal.note("D2023-02-000003", "vastgesteld", &json!({}))
        });
        added.expect("files are recorded");
    });
    let run = desk.run(&["register", "export", "--format", "zgw"]).exits(0);
    assert!(run.err.contains("let op[zgw-rsin]: organisatie.rsin ontbreekt"), "{}", run.err);
    let documents = run.json();
    let documents = documents.as_array().unwrap();
    let ids: Vec<_> = documents.iter().map(|one| one["identificatie"].as_str().unwrap()).collect();
    assert!(!ids.contains(&"D2023-02-000001") && !ids.contains(&"D2023-02-000005"), "no letter, no document: {ids:?}");
    assert_eq!(ids.len(), 9);
    let of = |id: &str| &documents[ids.iter().position(|one| *one == id).unwrap_or_else(|| panic!("{id} in {ids:?}"))];
    let digest = sha256(b"brief");
    assert_eq!(
        *of("D2023-02-000003"),
        json!({
            "identificatie": "D2023-02-000003", "bronorganisatie": null, "creatiedatum": "2023-02-01",
            "titel": "=1+1; ‘verzonden’, \"twee\"", "vertrouwelijkheidaanduiding": "beperkt_openbaar",
            "auteur": "Provincie Overijssel", "status": "definitief", "inhoudIsVervallen": false,
            "formaat": "application/pdf", "taal": "dut", "bestandsnaam": "brief.pdf", "inhoud": null,
            "bestandsomvang": 5, "beschrijving": "", "ontvangstdatum": null, "verzenddatum": "2023-02-03",
            "integriteit": { "algoritme": "sha_256", "waarde": digest, "datum": "2023-02-21" },
            "verzending": {
                "aardRelatie": "geadresseerde", "toelichting": "'s-Hertogenbosch", "ontvangstdatum": null,
                "verzenddatum": "2023-02-03",
            },
        })
    );
    let enclosure = of("D2023-02-000003-B1");
    assert_eq!((&enclosure["titel"], &enclosure["formaat"]), (&"kaart.png".into(), &"image/png".into()));
    assert!(enclosure["beschrijving"].as_str().unwrap().starts_with("Bijlage bij D2023-02-000003: "));
    assert_eq!(of("D2023-02-000004")["inhoudIsVervallen"], true);
    let incoming = of("I9");
    assert_eq!((&incoming["auteur"], &incoming["ontvangstdatum"]), (&"SER Overijssel".into(), &"2021-02-08".into()));
    assert_eq!((&incoming["integriteit"], &incoming["verzenddatum"]), (&Json::Null, &Json::Null));
    let title = incoming["titel"].as_str().unwrap();
    assert!(title.ends_with('…') && title.chars().count() <= 200, "{title}");
    assert_eq!(incoming["beschrijving"], long.trim());
    for document in documents {
        let length = |name: &str| document[name].as_str().unwrap().chars().count();
        assert!(length("identificatie") <= 40 && (1..=200).contains(&length("titel")), "{document}");
        assert!((1..=200).contains(&length("auteur")) && length("beschrijving") <= 1000, "{document}");
        assert_eq!((length("taal"), length("creatiedatum")), (3, 10));
        let is_received = document["ontvangstdatum"].is_string();
        assert!(!(is_received && document["verzenddatum"].is_string()), "either came in or went out: {document}");
    }
    let environment = [("POSTKAMER_ORGANISATIE_RSIN", "123456782")];
    let run = desk.workspace.run_with(&["register", "export", "--format", "zgw"], &environment).exits(0);
    assert_eq!((run.err.as_str(), &run.json()[0]["bronorganisatie"]), ("", &"123456782".into()));
}
