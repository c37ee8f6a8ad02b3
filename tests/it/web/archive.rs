//! Signed letters come back through the browser: taken in with their verdict, or refused with nothing changed.

use crate::archive::{ID, PDF, Room, issued};
use crate::issue::LETTER;
use crate::support::browser::Browser;
use crate::support::client::Client;
use crate::support::workbench::Workbench;

/// The workbench of a room, whose register is at the room's address.
fn workbench(room: &Room) -> Workbench {
    let register = [("POSTKAMER_REGISTER_URL", room.office.url.as_str())];
    Workbench::open_with(&room.office.workspace, &["--listen", "127.0.0.1:0"], &register)
}

#[test]
fn a_signed_letter_comes_back_and_a_forged_one_does_not() {
    let Some(room) = issued(&["J. Jansen"]) else { return };
    room.sign(PDF, "J. Jansen", &["-o", "getekend.pdf"]).exits(0);
    let mut forged = room.office.bytes("getekend.pdf");
    forged.extend(b"\n%%EOF\n");
    room.office.workspace.write("vervalst.pdf", &forged);
    let workbench = workbench(&room);
    let browser = Browser::open();
    let mut found = Vec::new();
    browser.go(&workbench.at("/archive"));
    browser.wait_text("table", "wacht op ondertekening");
    found.extend(browser.violations());

    // What is no letter, and a letter that somebody changed.
    let before = room.kept();
    browser.give("#file", &room.office.workspace.path("vervalst.pdf"));
    browser.press("Inleveren");
    browser.wait_text(".archive-refused", "‘vervalst.pdf’ is niet gearchiveerd");
    browser.wait_text(".archive-refused .findings", "fout:");
    found.extend(browser.violations());
    assert!(room.kept() == before, "something has changed");

    // The file says itself which letter it is.
    browser.give("#file", &room.office.workspace.path("getekend.pdf"));
    browser.press("Inleveren");
    browser.wait_text("h1", ID);
    assert_eq!(browser.url(), workbench.at(&format!("/archive/{ID}")));
    browser.wait_text(".archive-verdict", "J. Jansen: geldig");
    browser.wait_text(".archive-verdict", "ongewijzigd sinds de vaststelling");
    browser.wait_text(".archive-verdict", "PDF/UA-1");
    browser.wait_text(".archive-versions", "Versie 2: ondertekend");
    browser.wait_text(".archive-versions", "m.bom");
    assert!(browser.has(&format!("iframe.pdf[src='/archive/{ID}/2/{}']", place(&room, "brief.pdf"))));
    found.extend(browser.violations());
    browser.size(640, 1000);
    browser.go(&workbench.at(&format!("/archive/{ID}")));
    let overflow = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(browser.script(overflow, &[]), 0, "the page is wider than the window");
    browser.go(&workbench.at("/archive"));
    assert_eq!(browser.script(overflow, &[]), 0, "the page is wider than the window");
    browser.size(1280, 1000);

    // Whoever manages has all of it checked, and reads how it ended.
    browser.press("Controle van het archief");
    browser.wait_text("main", "niet gecontroleerd");
    found.extend(browser.violations());
    browser.press("Nu controleren");
    browser.wait_text("#audit .done", "1 brief nagekeken: alles is zoals het is gearchiveerd.");
    browser.wait_text("#audit", "door m.bom");
    found.extend(browser.violations());
    let version = room.office.workspace.path("archief");
    let stored = crate::support::files_below(&version).into_iter().find(|file| file.ends_with("v2/content/brief.pdf"));
    let stored = stored.expect("the signed letter is in the archive");
    let whole = std::fs::read(&stored).expect("it is read");
    let mut changed = whole.clone();
    changed[1000] ^= 1;
    std::fs::write(&stored, &changed).expect("it is written");
    browser.press("Nu controleren");
    browser.wait_text("#audit .alert", "fout");
    browser.wait_text("#audit .findings", ID);
    found.extend(browser.violations());
    std::fs::write(&stored, whole).expect("it is written");
    found.extend(browser.complaints());
    assert_eq!(found, Vec::<String>::new());
    // What was done bears the name of who did it.
    let entry = room.json(&["register", "show", ID]);
    let events = entry["gebeurtenissen"].as_array().expect("events");
    let signed = events.iter().find(|event| event["wat"] == "ondertekend").expect("it was signed");
    assert_eq!(signed["wie"], "m.bom");
    assert_eq!(room.got(ID), room.office.bytes("getekend.pdf"));
    room.is_sound();
}

/// The place of a file among those of the last version, as the archive's own list numbers them.
fn place(room: &Room, name: &str) -> usize {
    let shown = room.json(&["archive", "show", ID]);
    let last = shown["versies"].as_array().and_then(|versions| versions.last()).expect("a version").clone();
    let files = last["bestanden"].as_array().expect("files").clone();
    files.iter().position(|file| file["naam"] == name).unwrap_or_else(|| panic!("no {name} in {files:?}"))
}

#[test]
fn files_are_those_of_the_archive_and_nothing_else() {
    let Some(room) = issued(&["Jansen"]) else { return };
    room.sign(PDF, "Jansen", &["-o", "getekend.pdf"]).exits(0);
    let signed = room.office.bytes("getekend.pdf");
    let workbench = workbench(&room);
    let client = Client::new(&workbench);
    let upload = |fields: &[(&str, &str)], bytes: &[u8]| {
        client.upload("/archive/add", fields, ("file", "../../brief \"a\".pdf", bytes))
    };
    // No file, no letter, another letter than was said, a scan of nothing in particular.
    let before = room.kept();
    let empty = upload(&[], b"").is(303);
    assert_eq!(empty.location.as_deref(), Some("/archive?empty=1"));
    assert!(client.get("/archive?empty=1").text().contains("Kies eerst een bestand"));
    assert!(client.get("/archive").text().contains("ten hoogste 100 MB"));
    assert!(upload(&[], b"geen pdf").is(422).text().contains("is niet gearchiveerd"));
    for id in ["D2099-01-000001", "--help", "<b>x</b>", "../x"] {
        let said = upload(&[("id", id)], &signed).is(422).text();
        assert!(!said.contains("<b>x"), "{said}");
    }
    assert!(upload(&[("scan", "1")], b"plaatje").is(422).text().contains("bij een scan het kenmerk"));
    assert!(room.kept() == before, "something has changed");
    let taken = upload(&[("id", ID)], &signed).is(303);
    assert_eq!(taken.location, Some(format!("/archive/{ID}")));
    // Once more is no other letter.
    let after = room.kept();
    upload(&[], &signed).is(303);
    assert!(room.kept() == after);

    // Every file of every version, byte by byte, by nothing but numbers.
    let versions = room.json(&["archive", "show", ID])["versies"].clone();
    let mut pdfs = 0;
    for version in versions.as_array().expect("versions") {
        for (at, file) in version["bestanden"].as_array().expect("files").iter().enumerate() {
            let answer = client.get(&format!("/archive/{ID}/{}/{at}", version["versie"])).is(200);
            assert_eq!(answer.bytes.len() as u64, file["omvang"].as_u64().unwrap(), "{file}");
            let header = |name: &str| answer.headers[name].to_str().unwrap().to_string();
            let is_pdf = file["naam"].as_str().unwrap().ends_with(".pdf");
            pdfs += usize::from(is_pdf);
            let kind = if is_pdf { "application/pdf" } else { "application/octet-stream" };
            assert_eq!(header("content-type"), kind);
            assert_eq!(header("content-disposition").starts_with("inline"), is_pdf, "{file}");
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert_eq!(header("cache-control"), "no-store");
            let policy = header("content-security-policy");
            assert_eq!(policy == "frame-ancestors 'self'", is_pdf, "{policy}");
        }
    }
    assert!(pdfs >= 2, "{versions}");
    let nothing = ["0/0", "3/0", "1/99", "-1/0", "1/brief.pdf", "1/..%2f..%2fregister.db", "x/y", "99999999999/0"];
    for path in nothing {
        let status = client.get(&format!("/archive/{ID}/{path}")).status;
        assert!(matches!(status, 400 | 404), "{path}: {status}");
    }
    for id in
        ["D2099-01-000001", "..", "%2e%2e", "..%2f..%2fpostkamer.toml", "%2fetc%2fpasswd", "%00", "--help", "a%0ab"]
    {
        let status = client.get(&format!("/archive/{id}")).status;
        assert!(matches!(status, 303 | 400 | 404), "{id}: {status}");
        let status = client.get(&format!("/archive/{id}/1/0")).status;
        assert!(matches!(status, 400 | 404), "{id}: {status}");
    }
    room.is_sound();
}

#[test]
fn a_letter_that_came_in_gets_its_file_later() {
    let Some(room) = issued(&[]) else { return };
    let receive = ["register", "receive", "--onderwerp", "Advies", "--van", "SER", "--datum", "2023-02-20"];
    let id = room.run(&receive).exits(0).out.trim_end().to_string();
    let workbench = workbench(&room);
    let client = Client::new(&workbench);
    // Its page leads to the form, which is filled in.
    let entry = client.get(&format!("/register/entry/{id}")).is(200).text();
    assert!(entry.contains("De scan of het bestand toevoegen"), "{entry}");
    assert!(entry.contains(&format!("/archive?id={id}&amp;scan=1#add")), "{entry}");
    let form = client.get(&format!("/archive?id={id}&scan=1")).is(200).text();
    assert!(form.contains(&format!("value=\"{id}\"")) && form.contains(" checked"), "{form}");
    assert!(!form.contains(" accept="), "{form}");
    assert!(client.get("/archive").is(200).text().contains(" accept="));
    let upload = |fields: &[(&str, &str)], name: &str, bytes: &[u8]| {
        client.upload("/archive/add", fields, ("file", name, bytes))
    };
    // Not said to be its file: refused, and the form is as it was.
    let before = room.kept();
    let said = upload(&[("id", &id)], "Advies & meer.docx", b"PK een advies").is(422).text();
    assert!(said.contains("is niet gearchiveerd") && said.contains("--scan"), "{said}");
    let empty = upload(&[("id", &id), ("scan", "1")], "leeg.docx", b"").is(303);
    assert_eq!(empty.location, Some(format!("/archive?empty=1&id={id}&scan=1")));
    assert!(room.kept() == before, "something has changed");
    let fields = [("id", id.as_str()), ("scan", "1")];
    let taken = upload(&fields, "Advies & meer.docx", b"PK een advies").is(303);
    assert_eq!(taken.location, Some(format!("/archive/{id}")));
    let shown = room.json(&["register", "show", &id]);
    assert_eq!(shown["bestanden"][0]["naam"], "Advies & meer.docx");
    assert_eq!(room.got(&id), b"PK een advies");
    // A better one, under a name of its own.
    upload(&fields, "-Advies.pdf", b"%PDF-1.4 beter").is(303);
    let shown = room.json(&["register", "show", &id]);
    assert_eq!((&shown["bestanden"][1]["naam"], &shown["bestanden"][1]["versie"]), (&"-Advies.pdf".into(), &2.into()));
    assert_eq!(room.got(&id), b"%PDF-1.4 beter");
    let entry = client.get(&format!("/register/entry/{id}")).is(200).text();
    assert!(entry.contains("Een betere scan of het juiste bestand toevoegen"), "{entry}");
    assert!(entry.contains("bestand later toegevoegd"), "{entry}");
    client.get(&format!("/archive/{id}")).is(200);
    room.is_sound();
}

#[test]
fn many_letters_are_shown_by_pages_with_words_of_others_as_text() {
    let room = Room::new();
    for number in 0..3 {
        let path = format!("letters/brief-{number}.md");
        room.office.letter(&path, "Over <b>bruggen</b> & 'wegen' %2F");
        room.office.issue(&path, &[]);
    }
    room.office.issue(LETTER, &[]);
    let workbench = workbench(&room);
    let client = Client::new(&workbench);
    let page = client.get("/archive").text();
    assert!(page.contains("Over &lt;b&gt;bruggen&lt;/b&gt; &amp; "), "{page}");
    let at = |id: &str| page.find(&format!(">{id}</a>")).unwrap_or_else(|| panic!("no {id} in {page}"));
    assert!(at("D2023-02-000004") < at("D2023-02-000001"), "the newest comes first");
    for odd in ["?page=0", "?page=999", "?id=%22%3E%3Cscript%3E", "?page=1&page=2", "?page=x"] {
        let answer = client.get(&format!("/archive{odd}"));
        assert!(matches!(answer.status, 200 | 400), "{odd}: {}", answer.status);
        assert!(!answer.text().contains("\"><script>"), "{odd}");
    }
}
