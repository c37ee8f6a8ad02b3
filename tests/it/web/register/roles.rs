//! Who may do what, held against the register itself.

use super::{PDF, imported, listed, shown, signed_in, with_accounts};

/// Every form of a letter, filled in.
const FORMS: [(&str, &[(&str, &str)]); 8] = [
    ("assign", &[("behandelaar", "A. Nders")]),
    ("send", &[("datum", "2023-02-21"), ("wijze", "per post")]),
    ("handle", &[("reden", "ter kennisneming")]),
    ("link", &[("als", "beantwoordt"), ("ander", "I2021-000001")]),
    ("correct", &[("veld", "onderwerp"), ("waarde", "anders"), ("reden", "zomaar")]),
    ("unlink", &[("koppeling", r#"["D2021-03-000003","beantwoordt","I2020-000001"]"#), ("reden", "zomaar")]),
    ("withdraw", &[("reden", "zomaar")]),
    ("void", &[("reden", "zomaar")]),
];

const RECEIVED: [(&str, &str); 3] =
    [("onderwerp", "Een brief"), ("correspondent", "Stichting Oeverloos"), ("datum", "2023-02-20")];

#[test]
fn everybody_does_what_their_role_allows() {
    let workspace = imported();
    let workbench = with_accounts(&workspace);
    let before = (listed(&workspace), shown(&workspace, "D2021-03-000003"));
    let reader = signed_in(&workbench, "lezer");
    let page = reader.get("/register/entry/D2021-03-000003").is(200).text();
    assert!(!page.contains("/register/entry/D2021-03-000003/"), "a reader is shown a form");
    for (action, fields) in FORMS {
        reader.post(&format!("/register/entry/D2021-03-000003/{action}"), fields).is(403);
    }
    reader.upload("/register/receive", &RECEIVED, ("bestand", "brief.pdf", PDF)).is(403);
    reader.get("/register/receive").is(403);
    reader.get("/register/verify?nu=ja").is(403);

    let writer = signed_in(&workbench, "schrijver");
    for (action, fields) in FORMS.iter().filter(|(name, _)| ["correct", "unlink", "withdraw", "void"].contains(name)) {
        writer.post(&format!("/register/entry/D2021-03-000003/{action}"), fields).is(403);
        assert!(!writer.get("/register/entry/D2021-03-000003").text().contains(&format!("/{action}\"")), "{action}");
    }
    writer.get("/register/verify").is(403);
    assert_eq!((listed(&workspace), shown(&workspace, "D2021-03-000003")), before);

    // What they may, they do in their own name.
    let answer = writer.post("/register/entry/I2022-000001/assign", &[("behandelaar", "A. Nders")]).is(303);
    assert_eq!(answer.location.as_deref(), Some("/register/entry/I2022-000001"));
    let manager = signed_in(&workbench, "beheerder");
    let fields = [("veld", "onderwerp"), ("waarde", "Beter"), ("reden", "tikfout")];
    manager.post("/register/entry/I2022-000001/correct", &fields).is(303);
    let letter = shown(&workspace, "I2022-000001");
    assert_eq!((&letter["behandelaar"], &letter["onderwerp"]), (&"A. Nders".into(), &"Beter".into()));
    let who: Vec<_> = letter["gebeurtenissen"].as_array().unwrap().iter().map(|event| event["wie"].clone()).collect();
    assert_eq!(who[who.len() - 2..], ["schrijver", "beheerder"]);

    // What was done is told to who did it, and to nobody else.
    let told = "I2022-000001 ligt bij A. Nders";
    assert!(!manager.get("/register/entry/I2022-000001").text().contains(told));
    assert!(writer.get("/register/entry/I2022-000001").text().contains(told));
    assert!(!writer.get("/register/entry/I2022-000001").text().contains(told));

    // A link is taken away with its reason, and the letter is open again.
    let koppeling = r#"["D2021-03-000003","beantwoordt","I2020-000001"]"#;
    let fields = [("koppeling", koppeling), ("reden", "hoort er niet bij")];
    manager.post("/register/entry/I2021-000001/unlink", &fields).is(400);
    manager.post("/register/entry/D2021-03-000003/unlink", &fields).is(303);
    assert_eq!(shown(&workspace, "I2020-000001")["status"], "open");
    manager.post("/register/entry/D2021-03-000003/withdraw", &[("reden", " ")]).is(422);
    manager.post("/register/entry/D2021-03-000003/withdraw", &[("reden", "fout")]).is(303);
    assert_eq!(shown(&workspace, "D2021-03-000003")["status"], "ingetrokken");
    workspace.run(&["register", "verify"]).exits(0);
}
