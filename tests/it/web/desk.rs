//! The desk: what is late or soon due, what waits, and friendly words where there is nothing.

use crate::issue::{LETTER, Office};
use crate::support::browser::Browser;
use crate::support::postgres::backends;
use crate::support::workbench::Workbench;

#[test]
fn a_desk_with_nothing_on_it_says_so() {
    let office = Office::new(backends().remove(0));
    for letter in crate::support::files_below(&office.workspace.path("letters")) {
        std::fs::remove_file(letter).expect("it was there");
    }
    let workbench = Workbench::open(&office.workspace);
    let browser = Browser::open();
    browser.go(&workbench.at("/"));
    for words in [
        "niets dat beantwoord moet zijn",
        "beantwoord of afgedaan",
        "geen vastgestelde brief",
        "geen concepten",
        "geen mailing",
    ] {
        browser.wait_text("main", words);
    }
    assert_eq!([browser.violations(), browser.complaints()].concat(), Vec::<String>::new());
}

#[test]
fn the_desk_shows_what_asks_for_attention() {
    let office = Office::new(backends().remove(0));
    let receive = |subject: &str, term: &str| {
        let receive =
            ["register", "receive", "--onderwerp", subject, "--van", "Vereniging De Brug", "--datum", "2023-01-10"];
        let run = office.run(&[&receive[..], &["--termijn", term]].concat()).exits(0);
        run.out.trim().to_string()
    };
    // The day of the tests is 21 February.
    receive("Over <b>veren</b>", "2023-02-20");
    receive("Over sluizen", "2023-02-18");
    receive("Over bruggen", "2023-02-21");
    receive("Over paden", "2023-02-22");
    receive("Over wegen", "2023-03-07");
    receive("Over luchthavens", "2023-03-08");
    let handled = receive("Over niets meer", "2023-02-01");
    office.run(&["register", "handle", &handled, "--reden", "ter kennisname"]).exits(0);
    office.issue(LETTER, &[]);
    office.letter("letters/nieuw met spatie.md", "Een concept over wegen");
    office.workspace.write("letters/stuk.md", "+++\nonderwerp = \n");
    office.letter("letters/mailing.md", "Een brief aan velen");
    let table = "organisatie;straat;huisnummer;postcode;plaats\nDe Brug;Dorpsstraat;1;8012 EE;Zwolle\n";
    office.workspace.write("velen.csv", table);
    office.run(&["mail", "run", "letters/mailing.md", "--recipients", "velen.csv", "--name", "velen en meer"]).exits(0);
    let workbench = Workbench::open(&office.workspace);
    let browser = Browser::open();
    browser.go(&workbench.at("/"));
    let rows = browser.script("return [...document.querySelectorAll('.desk-due tbody tr')].map((row) => row.cells[0].innerText + ' ' + row.cells[1].innerText)", &[]);
    let expected = [
        "3 dagen te laat 2023-02-18 Over sluizen",
        "1 dag te laat 2023-02-20 Over <b>veren</b>",
        "vandaag 2023-02-21 Over bruggen",
        "nog 1 dag 2023-02-22 Over paden",
        "nog 14 dagen 2023-03-07 Over wegen",
    ];
    assert_eq!(rows, serde_json::json!(expected));
    // The same letters as on the command line.
    let due = office.run(&["register", "due", "--within", "14", "--json"]).exits(0).json();
    assert_eq!(due.as_array().map(Vec::len), Some(expected.len()));
    let open = browser.text("[aria-labelledby=open]");
    assert!(open.contains("Over luchthavens") && !open.contains("Over niets meer"), "{open}");
    browser.wait_text("[aria-labelledby=unsigned]", "Een brief over bruggen");
    let drafts = browser.text("[aria-labelledby=drafts]");
    for part in ["Een concept over wegen", "letters/nieuw met spatie.md", "letters/stuk.md"] {
        assert!(drafts.contains(part), "no {part} in {drafts}");
    }
    // A letter that was issued is no draft, nor is that of a mailing.
    assert!(!drafts.contains("nieuw.md") && !drafts.contains("Een brief aan velen"), "{drafts}");
    assert!(browser.has("a[href='/letters/edit/letters/nieuw%20met%20spatie.md']"));
    assert!(browser.has("a[href='/register/entry/I2023-000001']"));
    // All rows are done; it is under way again when one waits.
    browser.wait_text("[aria-labelledby=mailings]", "geen mailing onderweg");
    let register = rusqlite::Connection::open(office.workspace.path("register.db")).expect("the register");
    let waits = "INSERT INTO mail_row SELECT workspace, mailing, seq + 1, position + 1, cells, 'x' || digest, NULL,
                 'wachtend', NULL, 0, 0, findings FROM mail_row";
    assert_eq!(register.execute(waits, []).expect("a row"), 1);
    browser.go(&workbench.at("/"));
    browser.wait_text("[aria-labelledby=mailings]", "1 van 2 rijen gedaan");
    assert!(browser.has("a[href='/mailings/velen%20en%20meer']"));
    let mut found = browser.violations();
    browser.size(640, 1000);
    let overflow = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(browser.script(overflow, &[]), 0, "the page is wider than the window");
    found.extend(browser.complaints());
    assert_eq!(found, Vec::<String>::new());
}
