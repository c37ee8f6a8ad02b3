//! A mailing of two hundred rows, three of them wrong, as a clerk does it.

use super::{HEADER, LETTER, one_number_each, patiently, row, shows, status, table, workspace, wrong};
use crate::support::browser::Browser;
use crate::support::client::Client;
use crate::support::workbench::Workbench;
use crate::support::{Workspace, pdf_text};

const NAME: &str = "Straat 2023";

/// Where the mailing is.
const AT: &str = "/mailings/Straat%202023";

/// Rows that can't be sent, each for another reason, and a row whose letter wants a word of its own.
fn mixed(number: usize) -> String {
    match number {
        12 => row(number).replace("8012 EE", "0012 EE"),
        57 => row(number).replace("Bakker 57", ""),
        120 => row(number).replace(";120;", ";2023-03-01;"),
        number => row(number),
    }
    .to_string()
        + ";niets"
}

fn save(workspace: &Workspace, name: &str, bytes: &[u8]) -> std::path::PathBuf {
    workspace.write(&format!("tmp/{name}"), bytes);
    workspace.path(&format!("tmp/{name}"))
}

#[test]
fn a_table_becomes_letters() {
    let workspace = workspace();
    let csv = save(&workspace, "straat.csv", table(&format!("{HEADER};<b>extra</b>"), 201, mixed).as_bytes());
    let workbench = Workbench::open(&workspace);
    let browser = Browser::open();
    browser.go(&workbench.at("/mailings"));
    let mut found = wrong(&browser);
    browser.press("Nieuwe mailing");
    browser.wait("the form", || browser.has("#letter").then_some(()));
    // The letter that is meant for a mailing comes first.
    assert_eq!(browser.script("return document.querySelector('#letter').value", &[]), LETTER);
    browser.fill("#name", NAME);
    browser.give("#table", &csv);
    found.extend(wrong(&browser));
    browser.press("Klaarzetten en nakijken");
    browser.wait("the mailing", || browser.has("#check").then_some(()));
    found.extend(wrong(&browser));
    shows(&browser, "Van de 200 rijen zijn er 197 in orde. Geweigerd: 3.");
    let text = browser.text("main");
    // Columns of others are text.
    assert!(text.contains("<b>extra</b>") && text.contains("niet gebruikt"), "{text}");
    assert!(text.contains("vult het veld ontvanger.postcode") && text.contains("{{rij.thema}}"), "{text}");
    let wrong_rows = "return [...document.querySelectorAll('table.found tbody tr')].map((row) => row.innerText)";
    let rows = browser.script(wrong_rows, &[]).to_string();
    for part in ["12\\tpostcode\\tfout ‘0012 EE’", "57\\torganisatie", "120\\thuisnummer"] {
        assert!(rows.contains(part), "{part} in {rows}");
    }
    found.extend(wrong(&browser));
    look_at_rows(&browser, &mut found);
    browser.go(&workbench.at(&format!("{AT}/table")));
    browser.press("Laatste blik en starten");
    browser.wait_text("main", "D2023-02-000001");
    browser.wait_text("h1", "Straat 2023 starten");
    found.extend(wrong(&browser));
    run(&browser, &mut found);
    outcome(&workspace, &workbench, &browser, &mut found);
    assert_eq!(found, Vec::<String>::new());
}

fn look_at_rows(browser: &Browser, found: &mut Vec<String>) {
    browser.fill("#rij", "11");
    browser.press("Bekijken");
    browser.wait_text("h1", "Rij 11 van Straat 2023");
    let drawn = "const page = document.querySelector('.sheets img'); return !!page && page.naturalWidth > 100";
    browser.wait("a page", || (browser.script(drawn, &[]) == true).then_some(()));
    found.extend(wrong(browser));
    browser.press("Volgende rij");
    browser.wait_text("h1", "Rij 12 van Straat 2023");
    browser.wait_text(".findings", "0012 EE");
    found.extend(wrong(browser));
    browser.size(640, 1000);
    let wide = browser.script("return document.documentElement.scrollWidth", &[]);
    assert!(wide.as_u64().is_some_and(|wide| wide <= 640), "{wide}");
    browser.size(1280, 1000);
    browser.press("Vorige rij");
    browser.wait_text("h1", "Rij 11 van Straat 2023");
}

fn run(browser: &Browser, found: &mut Vec<String>) {
    browser.press("Start: 197 brieven maken");
    browser.wait("progress", || browser.has("#progress progress").then_some(()));
    let now = "const bar = document.querySelector('#progress progress[max]'); return bar ? bar.value : null";
    let first = patiently("letters being made", || browser.script(now, &[]).as_f64());
    found.extend(wrong(browser));
    // The page renews itself.
    patiently("progress", || {
        let more = browser.script(now, &[]).as_f64().is_some_and(|value| value > first);
        (more || browser.text("main").contains("Brieven gemaakt")).then_some(())
    });
    shows(browser, "Brieven gemaakt: 197. Geweigerd: 3.");
}

fn outcome(workspace: &Workspace, workbench: &Workbench, browser: &Browser, found: &mut Vec<String>) {
    found.extend(wrong(browser));
    one_number_each(workspace, &status(workspace, NAME), 197);
    browser.press("geweigerd");
    browser.wait_text("caption", "Rij 1 tot en met 3 van 3");
    found.extend(wrong(browser));
    let client = Client::new(workbench);
    let letter = browser.script("return new URL(document.location).origin", &[]);
    assert_eq!(letter, workbench.url.as_str());
    let pdf = client.get(&format!("{AT}/letter/1")).is(200);
    assert_eq!(pdf.headers["content-type"], "application/pdf");
    let pdf = save(workspace, "one.pdf", &pdf.bytes);
    assert!(pdf_text(&pdf).contains("de stoep van 2"), "{}", pdf_text(&pdf));
    client.get(&format!("{AT}/letter/11")).is(404);
    client.get("/register/entry/D2023-02-000001").is(200);
    client.get("/letters/edit/letters/straat.md").is(200);
    let report = client.get(&format!("{AT}/report.json")).is(200);
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&report.bytes).unwrap(), status(workspace, NAME));
    let report = client.get(&format!("{AT}/report.csv")).is(200);
    let disposition = report.headers["content-disposition"].to_str().unwrap().to_string();
    assert_eq!(
        disposition,
        "attachment; filename=\"rapport Straat 2023.csv\"; filename*=UTF-8''rapport%20Straat%202023.csv"
    );
    assert_eq!(report.text().lines().count(), 201, "{}", report.text());
    let refused = client.get(&format!("{AT}/refused.csv")).is(200).text();
    assert_eq!(refused.lines().count(), 4, "{refused}");
    for order in ["tabel", "postcode"] {
        let print = client.get(&format!("{AT}/print.pdf?order={order}")).is(200);
        let print = save(workspace, "print.pdf", &print.bytes);
        let pages = std::process::Command::new("qpdf").arg("--show-npages").arg(&print).output().expect("qpdf");
        // Every letter begins on the right.
        assert_eq!(String::from_utf8_lossy(&pages.stdout).trim(), "394");
    }
    let print = client.get("/mailings/Niets/print.pdf").is(404);
    assert!(print.text().contains("Niets"));
}
