//! What is done with single letters of a mailing afterwards, and what the archive has of them.

use std::path::PathBuf;

use postkamer::archive::source;

use super::*;
use crate::archive::{Room, is_valid_ocfl, kinds};
use crate::transfer::assert_conform;

const WHO: &str = "A.P. Heidema";

/// An office with the key of a signatory; none without OpenSSL.
fn with_key(backend: Backend) -> Option<Post> {
    let room = Room::at(backend);
    room.key(WHO).then(|| Post::of(room.office))
}

impl Post {
    fn sign(&self, id: &str) -> Run {
        let key = format!("sleutels/{WHO}.p12");
        self.run(&["sign", id, "--p12", &key, "--passphrase-file", "wachtwoord", "--json"])
    }

    #[track_caller]
    fn json(&self, arguments: &[&str]) -> Json {
        self.run(&[arguments, &["--json"]].concat()).exits(0).json()
    }

    /// The archived folder of a letter's first version.
    fn archived(&self, id: &str) -> PathBuf {
        let files = files_below(&self.office.workspace.path("archief"));
        let has_id = |path: &PathBuf| {
            path.ends_with("v1/content/bron/gegevens.json")
                && std::fs::read_to_string(path).is_ok_and(|text| text.contains(&format!("\"{id}\"")))
        };
        let found = files.into_iter().find(has_id).expect("the letter's source");
        found.parent().and_then(Path::parent).expect("its folder").to_path_buf()
    }

    /// Holds a letter that is made again from the archive alone against the one that was issued.
    #[track_caller]
    fn is_made_again(&self, number: usize) {
        // From v1/content.
        let object = self.archived(&kenmerk(number)).ancestors().nth(2).expect("the object").to_path_buf();
        let whole = restored(&object);
        assert!(whole.path().join("bron/mailing.zip").is_file());
        let again =
            source::typeset(&whole.path().join(source::FOLDER), &std::env::temp_dir()).expect("it is made again");
        assert!(again == self.bytes(&pdf(number)), "{number}");
    }
}

/// The last version of an object as its inventory lays it out: files that hold the same lie in the object once.
fn restored(object: &Path) -> tempfile::TempDir {
    let text = std::fs::read_to_string(object.join("inventory.json")).expect("the inventory");
    let inventory: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let whole = tempfile::TempDir::new().expect("a folder");
    let head = inventory["head"].as_str().expect("a head");
    for (digest, paths) in inventory["versions"][head]["state"].as_object().expect("the state") {
        let content = object.join(inventory["manifest"][digest][0].as_str().expect("a path"));
        for path in paths.as_array().expect("paths") {
            let place = whole.path().join(path.as_str().expect("a path"));
            std::fs::create_dir_all(place.parent().expect("a folder")).expect("it is made");
            std::fs::copy(&content, place).expect("it is copied");
        }
    }
    whole
}

#[test]
fn one_letter_is_signed_sent_or_withdrawn_and_the_others_stay() {
    for backend in backends() {
        let Some(post) = with_key(backend) else { return };
        post.rows(&rows(1..=4));
        post.mailed(0);
        let issued = post.bytes(&pdf(2));
        let signed = post.sign(&kenmerk(2)).exits(0).json();
        assert_eq!(
            (&signed["ongewijzigd"], &signed["pdfa"], &signed["pdfua"]),
            (&true.into(), &true.into(), &true.into())
        );
        assert_eq!(signed["handtekeningen"][0]["geldig"], true);
        post.run(&["register", "send", &kenmerk(2), "--datum", "2023-02-21", "--wijze", "post"]).exits(0);
        post.run(&["register", "send", &kenmerk(3), "--datum", "2023-02-21", "--wijze", "post"]).exits(0);
        post.run(&["register", "withdraw", &kenmerk(4), "--reden", "dubbel"]).exits(0);
        post.run(&["archive", "get", &kenmerk(2), "-o", "gehaald.pdf"]).exits(0);
        assert!(post.bytes("gehaald.pdf").starts_with(&issued) && post.bytes("gehaald.pdf").len() > issued.len());
        let shown = post.json(&["archive", "show", &kenmerk(2)]);
        assert_eq!(shown["id"], kenmerk(2));
        assert_eq!(shown["handtekeningen"], signed["handtekeningen"]);
        assert!(kinds(&post.json(&["archive", "list"]), &kenmerk(2)).len() > 1);
        let status = |number: usize| post.json(&["register", "show", &kenmerk(number)])["status"].clone();
        assert_eq!([1, 2, 3, 4].map(status), ["vastgesteld", "verzonden", "verzonden", "ingetrokken"]);
        // The mailing stands as it stood; run again, nothing changes.
        let before = post.kept();
        let report = post.mailed(0);
        assert_eq!(standing(&report), (1..=4).map(|at| done(at as u64 + 1, at)).collect::<Vec<_>>());
        assert!(post.kept() == before, "something has changed");
        post.is_sound();
        is_valid_ocfl(&post.office.workspace.path("archief"));
        for number in 1..=4 {
            post.is_made_again(number);
        }
        let ids: Vec<_> = (1..=3).map(kenmerk).collect();
        post.run(&["archive", "export", &ids[0], &ids[1], &ids[2], "-o", "overdracht"]).exits(0);
        let metadata: Vec<_> = files_below(&post.office.workspace.path("overdracht"))
            .into_iter()
            .filter(|path| path.extension().is_some_and(|extension| extension == "xml"))
            .collect();
        assert!(metadata.len() >= 3);
        assert_conform(&metadata);
    }
}

#[test]
fn an_answer_to_one_letter_goes_to_many() {
    for post in Post::all() {
        let arguments = ["register", "receive", "--onderwerp", "Petitie", "--van", "Wijkraad", "--datum", "2023-02-01"];
        let more = ["--ontvangen", "2023-02-02", "--uw-kenmerk", "W/7", "--zaaknummer", "2023-000009"];
        let number = post.json(&[&arguments[..], &more].concat())["id"].as_str().expect("a number").to_string();
        post.write("letters/bijlagen/kaart.txt", "Een kaart.");
        post.write("letters/bijlagen/nota.txt", "Een nota.");
        let more = format!(
            "in_reactie_op = \"{number}\"\nbijlagen = [\"bijlagen/kaart.txt\", \"bijlagen/nota.txt\"]\nonderwerp = "
        );
        post.write(LETTER, TEXT.replace("onderwerp = ", &more));
        post.rows(&rows(1..=3));
        post.mailed(0);
        let answered = post.json(&["register", "show", &number]);
        assert_eq!(answered["status"], "beantwoord");
        assert_eq!(answered["beantwoord_door"], serde_json::json!([kenmerk(1), kenmerk(2), kenmerk(3)]));
        for at in 1..=3 {
            let entry = post.json(&["register", "show", &kenmerk(at)]);
            assert_eq!(
                (&entry["in_reactie_op"][0], &entry["zaaknummer"]),
                (&number.as_str().into(), &"2023-000009".into())
            );
            assert_eq!((&entry["uw_kenmerk"], &entry["uw_brief"]), (&"W/7".into(), &"2023-02-01".into()));
            assert_eq!(entry["correspondent"], format!("Bakker {at}"));
            assert_eq!(entry["bestanden"].as_array().map(Vec::len), Some(3), "{entry}");
            let text = crate::support::pdf_text(&post.office.workspace.path(&pdf(at)));
            assert!(text.contains("W/7") && text.contains("01.02.2023"), "{text}");
            assert_eq!(post.bytes(&format!("uitgaand/2023/{}/bijlagen/nota.txt", kenmerk(at))), b"Een nota.");
            post.is_made_again(at);
        }
        for at in 1..=2 {
            post.run(&["register", "withdraw", &kenmerk(at), "--reden", "dubbel"]).exits(0);
        }
        assert_eq!(post.json(&["register", "show", &number])["status"], "beantwoord");
        assert_eq!(counts(&post.mailed(0)), [3, 3, 0, 0]);
        post.is_sound();
        is_valid_ocfl(&post.office.workspace.path("archief"));
    }
}

#[test]
fn a_row_may_bring_an_image_of_its_own() {
    let post = Post::new();
    let image = |width: usize| {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"20\"><rect width=\"{width}\" height=\"20\"/></svg>"
        )
    };
    for at in 1..=3 {
        post.write(&format!("letters/fotos/straat {at}.svg"), image(20 * at));
    }
    let text = TEXT.replace("Wij werken", "![Uw straat]({{rij.foto}})\n\nWij werken");
    post.write(LETTER, text.replace("[rij]\n", "[rij]\nfoto = \"fotos/straat 1.svg\"\n"));
    let line = |at: usize| format!("{};fotos/straat {at}.svg", row(at));
    let lines = [format!("{HEADER};foto"), line(1), line(2), line(3), line(4)];
    post.write(TABLE, lines.join("\n"));
    let report = post.mailed(4);
    assert_eq!(standing(&report), [done(2, 1), done(3, 2), done(4, 3), refused(5)]);
    assert!(said(&report, 5).contains("straat 4.svg"), "{report}");
    for at in 1..=3 {
        post.is_made_again(at);
    }
    let folder = post.archived(&kenmerk(2));
    assert_eq!(std::fs::read_to_string(folder.join("bron/letters/fotos/straat 2.svg")).expect("the image"), image(40));
    post.is_sound();
    // The image of a row that is done is not looked at again.
    std::fs::remove_file(post.office.workspace.path("letters/fotos/straat 2.svg")).expect("it was there");
    post.write("letters/fotos/straat 4.svg", image(80));
    assert_eq!(standing(&post.mailed(0))[1..], [done(3, 2), done(4, 3), done(5, 4)]);
    post.is_made_again(2);
    post.is_sound();
}
