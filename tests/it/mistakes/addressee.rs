//! The rules of addresses, postcodes and e-mail addresses.

use super::{Batch, FRONT};

/// A letter to this addressee; the line of its first key is 9.
fn to(addressee: &str) -> String {
    let front = FRONT.split("[ontvanger]").next().unwrap();
    format!("{front}[ontvanger]\n{addressee}\n+++\n\nTekst.\n")
}

#[test]
fn postcodes_follow_every_rule() {
    let mut batch = Batch::new();
    let with = |postcode: &str| {
        to(&format!("organisatie = \"A\"\npostbus = \"1\"\npostcode = \"{postcode}\"\nplaats = \"Z\""))
    };
    let wrong = [
        "0012 EE",
        "0999AA",
        "1234 SS",
        "1234 SA",
        "1234SD",
        "1234 sd",
        "1234",
        "1234 E",
        "1234 EEE",
        "123 EE",
        "12345 EE",
        "EE 1234",
        "1234-EE",
        "1234 É1",
        "12³4 EE",
        "1234 EE Zwolle",
        "1234 1E",
        "x",
    ];
    for postcode in wrong {
        batch.one_at(postcode, with(postcode), "postcode-invalid", (11, 12));
    }
    for right in ["1000 AA", "9999ZZ", "8012ee", " 8012  EE ", "8012\\tEE"] {
        if right.contains('\\') {
            batch.one(right, with(right), "character-control", 11);
        } else {
            batch.none(right, with(right));
        }
    }
    let abroad =
        "organisatie = \"A\"\nstraat = \"Weg\"\npostcode = \"0012 SS 1\"\nplaats = \"M\"\nland = \"Duitsland\"";
    batch.none("abroad", to(abroad));
    let home = abroad.replace("Duitsland", " NEDERLAND ");
    batch.judged("at home", to(&home), |found| {
        let codes: Vec<_> = found.iter().map(|one| (one.code.as_str(), one.line)).collect();
        let expected = [("address-incomplete", 8), ("postcode-invalid", 11)];
        if codes == expected { Ok(()) } else { Err(format!("{expected:?}")) }
    });
    batch.check();
}

#[test]
fn an_address_is_whole_or_absent() {
    let mut batch = Batch::new();
    let parts = ["straat = \"Weg\"", "huisnummer = \"2\"", "postcode = \"8012 EE\"", "plaats = \"Zwolle\""];
    for chosen in 0..1 << parts.len() {
        let some = (0..parts.len()).filter(|at| chosen >> at & 1 == 1);
        let text = some.clone().fold("organisatie = \"A\"".to_string(), |text, at| text + "\n" + parts[at]);
        let missing: Vec<String> = (0..parts.len())
            .filter(|at| chosen != 0 && chosen >> at & 1 == 0)
            .map(|at| format!("ontvanger.{}", parts[at].split(' ').next().unwrap()))
            .collect();
        batch.judged(text.clone(), to(&text), move |found| {
            let all = found.iter().all(|one| one.code == "address-incomplete" && one.line == 8);
            let mut keys: Vec<_> = found.iter().map(|one| one.key.clone()).collect();
            keys.sort();
            let mut expected = missing.clone();
            expected.sort();
            if all && keys == expected { Ok(()) } else { Err(format!("address-incomplete of {expected:?}")) }
        });
    }
    let both = "organisatie = \"A\"\nstraat = \"Weg\"\nhuisnummer = \"2\"\npostbus = \"3\"\npostcode = \"8012 EE\"\nplaats = \"Z\"";
    batch.one("street and box", to(both), "address-street-and-box", 12);
    batch.one(
        "a box without a town",
        to("organisatie = \"A\"\npostbus = \"3\"\npostcode = \"8012 EE\""),
        "address-incomplete",
        8,
    );
    batch.none(
        "abroad without number and postcode",
        to("achternaam = \"A\"\nstraat = \"Weg 1\"\nplaats = \"M\"\nland = \"België\""),
    );
    batch.one("blank", to("organisatie = \" \"\nachternaam = \"\""), "addressee-nameless", 9);
    batch.one("first name only", to("voorletters = \"J.\"\ntitel = \"dr.\""), "addressee-nameless", 8);
    batch.check();
}

#[test]
fn email_addresses_are_checked_wherever_they_stand() {
    let mut batch = Batch::new();
    let wrong = [
        "a",
        "a@b",
        "@b.nl",
        "a@",
        "a b@c.nl",
        "a@b..nl",
        "a@b.nl.",
        "a@.nl",
        "a@@b.nl",
        "a@b.nl, c@d.nl",
        "<a@b.nl>",
        "A <a@b.nl>",
        "mailto:a@b.nl",
    ];
    for email in wrong {
        batch.one_at(email, to(&format!("organisatie = \"A\"\nemail = \"{email}\"")), "email-invalid", (10, 9));
        let list = to("organisatie = \"A\"").replace("\"b@example.nl\"", &format!("\"{email}\""));
        batch.one_at(format!("verzonden_aan {email}"), list, "email-invalid", (6, 34));
        let contact = format!("inlichtingen_bij = {{ naam = \"N\", email = \"{email}\" }}\ntaal");
        let contact = to("organisatie = \"A\"").replace("verzonden_aan", &format!("{contact} = \"nl\"\nverzonden_aan"));
        batch.one(format!("inlichtingen_bij {email}"), contact, "email-invalid", 6);
    }
    for nobody in ["", " "] {
        let list = to("organisatie = \"A\"").replace("\"b@example.nl\"", &format!("\"{nobody}\""));
        batch.one_at(format!("verzonden_aan '{nobody}'"), list, "list-item-empty", (6, 34));
        let copies = format!("kopie_aan = [\"A\", \"{nobody}\"]\nverzonden_aan");
        let copies = to("organisatie = \"A\"").replace("verzonden_aan", &copies);
        batch.one_at(format!("kopie_aan '{nobody}'"), copies, "list-item-empty", (6, 19));
    }
    for email in ["a@b.nl", "o'neil+x@sub.example.org", "a.b-c_d@e-f.nl"] {
        batch.none(email, to(&format!("organisatie = \"A\"\nemail = \"{email}\"")));
    }
    batch.check();
}
