//! Letters in the browser: written with the pages beside them, saved, issued; and what goes wrong with them.

use std::time::{Duration, Instant};

use serde_json::Value as Json;

use crate::support::Workspace;
use crate::support::browser::Browser;
use crate::support::client::{Answer, Client};
use crate::support::workbench::Workbench;

const LETTER: &str = "letters/advies-kracht-van-oost.md";
const NONE: [String; 0] = [];

/// The keys of WebDriver.
const CONTROL: &str = "\u{E009}";
const RELEASE: &str = "\u{E000}";
const BACKSPACE: &str = "\u{E003}";

/// What a page has in a hidden field.
fn hidden(page: &Answer, name: &str) -> String {
    let text = page.text();
    let rest = text.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("no {name} in {text}"));
    rest.split('"').next().expect("a value").to_string()
}

/// What the last look at a letter sends when it is issued: of which text and which pages that was.
fn looked(page: &Answer) -> [(&'static str, String); 2] {
    ["digest", "pages"].map(|name| (name, hidden(page, name)))
}

/// Asks for the preview of a text as the script of the editor does.
fn preview(client: &Client, path: &str, text: &str) -> Json {
    let csrf = client.csrf();
    let origin = format!("http://{}", client.host());
    let answer = client.post_with(
        &format!("/letters/preview/{path}"),
        &[("csrf", &csrf), ("text", text)],
        &[("origin", &origin), ("accept", "application/json")],
    );
    serde_json::from_slice(&answer.is(200).bytes).expect("JSON")
}

#[test]
fn a_letter_is_written_with_its_pages_beside_it() {
    let workspace = Workspace::new();
    let before = workspace.read(LETTER);
    let workbench = Workbench::open(&workspace);
    let browser = Browser::open();
    browser.go(&workbench.at("/letters"));
    assert_eq!(browser.violations(), NONE);
    browser.press("Briefadvies: reactie op het onderzoek ‘Kracht van Oost 2’");
    browser.wait("pages", || browser.has("#pages img").then_some(()));
    assert_eq!(browser.violations(), NONE);
    let first = || browser.script("return document.querySelector('#pages img').src", &[]).to_string();
    let shown = first();

    browser.fill("[id='f.onderwerp']", "Een ander onderwerp");
    browser.wait("another first page", || (first() != shown).then_some(()));
    // A mistake in the text is shown at its line, and the pages of before stay.
    browser.script("const body = document.querySelector('#body'); body.focus(); body.setSelectionRange(body.value.length, body.value.length)", &[]);
    browser.type_in("#body", "Nog een zin {{onbekend}}");
    browser.wait("the finding", || browser.has("#findings a[data-line]").then_some(()));
    browser.wait_text("#stale", "Zo kan de brief niet");
    assert!(browser.has("#mirror .wrong") && browser.has("#pages img"));
    assert_eq!(browser.violations(), NONE);
    browser.type_in("#body", &BACKSPACE.repeat(13));
    browser.wait("no finding", || (!browser.has("#findings li")).then_some(()));
    // So is one in a field.
    browser.fill("[id='f.ontvanger.postcode']", "80 GB");
    browser.wait("the field", || browser.has("[id='f.ontvanger.postcode'][aria-invalid=true]").then_some(()));
    assert_eq!(browser.violations(), NONE);
    browser.fill("[id='f.ontvanger.postcode']", "8000 GB");
    browser.wait("no finding", || (!browser.has("#findings li")).then_some(()));

    browser.script("const body = document.querySelector('#body'); const at = body.value.lastIndexOf('zin'); body.focus(); body.setSelectionRange(at, at + 3)", &[]);
    browser.type_in("#body", &format!("{CONTROL}b{RELEASE}"));
    browser.wait("bold", || {
        let text = browser.script("return document.querySelector('#body').value", &[]);
        text.as_str().expect("text").contains("Nog een **zin**").then_some(())
    });
    assert_eq!(workspace.read(LETTER), before, "nothing is saved unasked");
    browser.type_in("#body", &format!("{CONTROL}s{RELEASE}"));
    browser.wait_text("#state", "Bewaard.");
    let after = workspace.read(LETTER);
    let changed = before.replace("Briefadvies: reactie op het onderzoek ‘Kracht van Oost 2’", "Een ander onderwerp");
    assert_eq!(after, format!("{changed}Nog een **zin**"));
    workspace.run(&["check", LETTER]).exits(0);
    browser.size(640, 1000);
    let wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(browser.script(wide, &[]), 0, "something sticks out");
    assert_eq!(browser.complaints(), NONE);
}

#[test]
fn two_who_save_one_letter_lose_nothing() {
    let workspace = Workspace::new();
    let workbench = Workbench::open(&workspace);
    let browser = Browser::open();
    browser.go(&workbench.at(&format!("/letters/edit/{LETTER}")));
    browser.fill("[id='f.onderwerp']", "Mijn onderwerp");
    let other = Client::new(&workbench);
    let page = other.get(&format!("/letters/edit/{LETTER}")).is(200);
    let theirs = workspace.read(LETTER).replace("Wij zien uit naar uw reactie.", "Hun laatste zin.");
    let digest = hidden(&page, "digest");
    let saved = other.post(&format!("/letters/edit/{LETTER}"), &[("digest", &digest), ("text", &theirs)]).is(303);
    assert_eq!(saved.location, Some(format!("/letters/edit/{LETTER}?saved=1")));
    assert_eq!(workspace.read(LETTER), theirs);

    browser.click("#save");
    browser.wait_text("h1", "intussen veranderd");
    assert_eq!(workspace.read(LETTER), theirs);
    assert!(browser.text(".difference .mine").contains("Mijn onderwerp"));
    assert_eq!(browser.violations(), NONE);
    browser.press("Bewaar mijn tekst eroverheen");
    browser.wait_text("#state", "Bewaard.");
    let mine = workspace.read(LETTER);
    assert!(mine.contains("\"Mijn onderwerp\"") && mine.contains("Wij zien uit naar uw reactie."));
    // The browser says of an answer 409 that it was one.
    let complaints = browser.complaints();
    assert!(complaints.iter().all(|line| line.contains("409")), "{complaints:?}");
    // A program outside is somebody else too, also for the one who saved last.
    let digest = hidden(&other.get(&format!("/letters/edit/{LETTER}")), "digest");
    workspace.change(LETTER, "Mijn onderwerp", "Van buiten");
    let late = other.post(&format!("/letters/edit/{LETTER}"), &[("digest", &digest), ("text", &theirs)]).is(409);
    assert!(late.text().contains("Van buiten"));
    assert!(workspace.read(LETTER).contains("Van buiten"));
}

#[test]
fn a_new_letter_is_made_and_issued_once() {
    let workspace = Workspace::new();
    let workbench = Workbench::open(&workspace);
    let browser = Browser::open();
    browser.go(&workbench.at("/letters/new"));
    assert_eq!(browser.violations(), NONE);
    browser.fill("#onderwerp", "Eén nieuwe brief");
    browser.press("Maak de brief");
    browser.wait_text("h1", "Eén nieuwe brief");
    let path = "letters/een-nieuwe-brief.md";
    assert!(workspace.read(path).contains("onderwerp = \"Eén nieuwe brief\""));

    browser.go(&workbench.at(&format!("/letters/issue/{path}")));
    browser.wait_text("h1", "laatste blik");
    assert!(!browser.has("#issue"), "a letter without an addressee can't be issued");
    assert_eq!(browser.violations(), NONE);
    browser.go(&workbench.at(&format!("/letters/issue/{LETTER}")));
    browser.wait_text("dl", "D2023-02-000001");
    assert_eq!(browser.violations(), NONE);
    let client = Client::new(&workbench);
    let seen = looked(&client.get(&format!("/letters/issue/{LETTER}")));
    let seen = seen.each_ref().map(|(name, value)| (*name, value.as_str()));
    browser.press("Stel vast");
    browser.wait("the entry", || browser.url().contains("/register/entry/D2023-02-").then_some(()));
    // A second click, and one by somebody who looked before, come to the same letter.
    let again = client.post(&format!("/letters/issue/{LETTER}"), &seen).is(303);
    assert!(browser.url().ends_with(&again.location.expect("the entry")));
    workspace.change(LETTER, "Kracht van Oost 2", "Kracht van Oost 3");
    let unseen = client.post(&format!("/letters/issue/{LETTER}"), &seen).is(422);
    assert!(unseen.text().contains("veranderd sinds u ernaar keek"));
    workspace.change(LETTER, "Kracht van Oost 3", "Kracht van Oost 2");
    // What it is made with besides its text was seen too.
    let settings = workspace.read("postkamer.toml");
    workspace.write("postkamer.toml", settings.replace("voorzitter", "waarnemend voorzitter"));
    let unseen = client.post(&format!("/letters/issue/{LETTER}"), &seen).is(422);
    assert!(unseen.text().contains("veranderd sinds u ernaar keek"));
    let register = workspace.run(&["register", "list", "--json"]).exits(0).json();
    assert_eq!(register.as_array().map(Vec::len), Some(1));
}

#[test]
fn a_workbench_that_is_killed_while_it_issues_gives_one_number() {
    let workspace = Workspace::new();
    for wait in [50, 250, 600] {
        let workbench = Workbench::open(&workspace);
        let client = Client::new(&workbench);
        let page = client.get(&format!("/letters/issue/{LETTER}")).is(200);
        let (csrf, [(_, digest), (_, pages)]) = (client.csrf(), looked(&page));
        let (url, cookie) = (workbench.at(&format!("/letters/issue/{LETTER}")), client.cookie());
        let origin = workbench.url.clone();
        let issuing = std::thread::spawn(move || {
            let request = ureq::post(url).header("cookie", cookie).header("origin", origin);
            let _ = request.send_form([("csrf", &csrf), ("digest", &digest), ("pages", &pages)]);
        });
        std::thread::sleep(Duration::from_millis(wait));
        workbench.kill();
        issuing.join().expect("it ends");
    }
    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    let seen = looked(&client.get(&format!("/letters/issue/{LETTER}")).is(200));
    let seen = seen.each_ref().map(|(name, value)| (*name, value.as_str()));
    client.post(&format!("/letters/issue/{LETTER}"), &seen).is(303);
    let register = workspace.run(&["register", "list", "--json"]).exits(0).json();
    assert_eq!(register.as_array().map(Vec::len), Some(1), "{register}");
    workspace.run(&["register", "verify"]).exits(0);
}

#[test]
fn a_letter_that_is_never_done_is_nobody_elses_trouble() {
    let workspace = Workspace::new();
    workspace.run(&["template", "eject", "gs-brief"]).exits(0);
    let head = workspace.read("templates/gs-brief/brief.typ.hbs");
    let slow = "#{ let i = 0\n while i < 9000 { let j = 0\n while j < 9000 { j += 1 }\n i += 1 } }\n";
    workspace.write("templates/gs-brief/brief.typ.hbs", format!("{head}\n{slow}"));
    let workbench = Workbench::open(&workspace);
    let slow_letter = "letters/reactie-sociale-innovatie.md";
    let slow_text = workspace.read(slow_letter);
    let (one, other) = (Client::new(&workbench), Client::new(&workbench));
    let text = workspace.read(LETTER);
    let warm = preview(&other, LETTER, &text);
    assert!(warm["pages"].as_array().is_some_and(|pages| !pages.is_empty()), "{warm}");
    let waiting = std::thread::spawn(move || preview(&one, slow_letter, &slow_text));
    std::thread::sleep(Duration::from_millis(500));
    for n in 0..5 {
        let started = Instant::now();
        let laid = preview(&other, LETTER, &format!("{text}{n}"));
        assert!(laid["pages"].as_array().is_some_and(|pages| !pages.is_empty()), "{laid}");
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    }
    assert!(!waiting.is_finished());
    let laid = waiting.join().expect("an answer");
    assert_eq!(laid["pages"], serde_json::json!([]));
    assert!(laid["findings"][0]["message"].as_str().expect("words").contains("na 10 seconden"), "{laid}");

    // One that takes all memory ends its process, and is told so.
    let huge = "#let x = \"a\" * 6000000000\n";
    workspace.write("templates/gs-brief/brief.typ.hbs", format!("{head}\n{huge}"));
    let laid = preview(&other, slow_letter, &workspace.read(slow_letter));
    assert!(laid["findings"][0]["message"].as_str().expect("words").contains("viel het programma uit"), "{laid}");
    workspace.write("templates/gs-brief/brief.typ.hbs", head);
    let laid = preview(&other, slow_letter, &workspace.read(slow_letter));
    assert_eq!(laid["findings"], serde_json::json!([]), "a template is read again");
    let page = format!("/letters/pages/{}.svg", laid["pages"][0].as_str().expect("a page"));
    let picture = other.get(&page).is(200);
    assert_eq!(picture.headers["content-type"], "image/svg+xml");
    assert!(picture.text().starts_with("<svg"));
}

#[test]
fn only_letters_of_the_workspace_are_opened() {
    let workspace = Workspace::new();
    workspace.write("elders/geheim.md", "+++\n+++\ngeheim");
    let outside = tempfile::TempDir::new().expect("a folder");
    std::fs::write(outside.path().join("buiten.md"), "+++\n+++\ngeheim").expect("a file");
    std::os::unix::fs::symlink(outside.path(), workspace.path("letters/weg")).expect("a link");
    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    for path in [
        "postkamer.toml",
        "letters",
        "letters/nergens.md",
        "letters/weg/buiten.md",
        "letters/../postkamer.toml",
        "letters%2F..%2Fpostkamer.toml",
        "..%2F..%2Fetc%2Fpasswd",
        "%2Fetc%2Fpasswd",
        "letters%5C..%5Cx.md",
        "letters/figuren/kaart.svg",
    ] {
        for page in ["edit", "issue"] {
            client.get(&format!("/letters/{page}/{path}")).is(404);
        }
        client.post(&format!("/letters/edit/{path}"), &[("digest", ""), ("text", "weg")]).is(404);
        client.post(&format!("/letters/issue/{path}"), &[("digest", "")]).is(404);
    }
    client.get("/letters/pages/x.svg").is(404);
    let stranger = Client::new(&workbench);
    let origin = workbench.url.clone();
    let fields = [("csrf", "x"), ("digest", ""), ("text", "weg")];
    stranger.post_with(&format!("/letters/edit/{LETTER}"), &fields, &[("origin", &origin)]).is(403);
}

#[test]
fn no_value_ends_the_front_matter() {
    let workspace = Workspace::new();
    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    let made = client.post("/letters/new", &[("sjabloon", "gs-brief"), ("onderwerp", "Een \"\r\n+++\r\ntwee")]);
    assert_eq!(made.is(303).location, Some("/letters/edit/letters/een-twee.md".into()));
    assert!(workspace.read("letters/een-twee.md").contains("Een \" +++ twee"));
    let page = client.get(&format!("/letters/edit/{LETTER}")).is(200);
    let (digest, before) = (hidden(&page, "digest"), workspace.read(LETTER));
    let front = "onderwerp = \"x\"\n+++\n";
    let fields = [("digest", digest.as_str()), ("front", front), ("was", front), ("body", "Getypte tekst")];
    let refused = client.post(&format!("/letters/edit/{LETTER}"), &fields).is(422);
    assert!(refused.text().contains("te vroeg afsluiten"));
    assert_eq!(workspace.read(LETTER), before);
}

#[test]
fn what_is_refused_is_still_on_the_page() {
    let workspace = Workspace::new();
    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    let digest = hidden(&client.get(&format!("/letters/edit/{LETTER}")).is(200), "digest");
    let before = workspace.read(LETTER);
    let mut fields = [
        ("digest", digest.as_str()),
        ("front", "onderwerp = \"x\"\nkapot ="),
        ("was", "onderwerp = \"x\"\n"),
        ("f.onderwerp", "Getypt onderwerp"),
        ("body", "Getypte tekst"),
    ];
    let broken = client.post(&format!("/letters/edit/{LETTER}"), &fields).is(422);
    for typed in ["Getypt onderwerp", "kapot =", "Getypte tekst", "kop van het bestand is niet te lezen"] {
        assert!(broken.text().contains(typed), "{typed}");
    }
    assert_eq!(workspace.read(LETTER), before);
    fields[1].1 = "onderwerp = \"x\"\n";
    fields[4].1 = "\u{feff}Getypte tekst";
    client.post(&format!("/letters/edit/{LETTER}"), &fields).is(303);
    assert!(workspace.read(LETTER).ends_with("+++\n\u{feff}Getypte tekst"), "a mark in the text stays");
    std::fs::remove_file(workspace.path(LETTER)).expect("it is removed");
    for page in ["edit", "preview"] {
        let gone = client.post(&format!("/letters/{page}/{LETTER}"), &fields).is(404);
        assert!(gone.text().contains("Getypt onderwerp") && gone.text().contains("Getypte tekst"), "{page}");
    }
    assert!(!workspace.path(LETTER).exists());
}
