//! The whole way of a letter in a browser: an advice comes in, is answered, the answer issued, and the pair stands in the
//! overview of its year.

use serde_json::json;

use crate::support::Workspace;
use crate::support::browser::Browser;
use crate::support::workbench::Workbench;

/// Sets a date as its field takes it, in whatever order the reader's language has its parts.
fn date(browser: &Browser, css: &str, day: &str) {
    browser.choose(css, day);
}

#[test]
fn an_advice_comes_in_and_is_answered() {
    let workspace = Workspace::new();
    let workbench = Workbench::open(&workspace);
    let browser = Browser::open();
    let scan = workspace.path("advies veer.pdf");
    workspace.run(&["render", "letters/reactie-kennisvalorisatie.md", "-o", "advies veer.pdf"]).exits(0);

    // It comes in.
    browser.go(&workbench.at("/"));
    browser.press("Register");
    browser.press("Brief inschrijven");
    browser.fill("#onderwerp", "Advies over het veer bij Genemuiden");
    browser.fill("#correspondent", "SER Overijssel");
    date(&browser, "#datum", "2023-02-17");
    browser.fill("#soort", "advies");
    browser.give("#bestand", &scan);
    browser.press("Schrijf de brief in");
    browser.wait_text("h1", "I2023-000001");

    // It waits on the desk, and is answered from its own page.
    browser.go(&workbench.at("/"));
    browser.wait_text("main", "Advies over het veer bij Genemuiden");
    browser.go(&workbench.at("/register/entry/I2023-000001"));
    browser.click("a[href='/letters/new?in_reactie_op=I2023-000001']");
    browser.click("[id='t-gs-brief']");
    browser.fill("#onderwerp", "Reactie op uw advies over het veer");
    browser.press("Maak de brief");
    browser.wait_text("main", "Tekst van de brief");
    assert!(
        browser.url().ends_with("/letters/edit/letters/reactie-op-uw-advies-over-het-veer.md"),
        "{}",
        browser.url()
    );

    // Written while its page is seen.
    let path = "letters/reactie-op-uw-advies-over-het-veer.md";
    for (field, value) in [
        ("inlichtingen_bij", "bom"),
        ("ondertekening", "gs"),
        ("zaaknummer", "2023-000123"),
        ("ontvanger.organisatie", "SER Overijssel"),
        ("ontvanger.straat", "Luttenbergstraat"),
        ("ontvanger.huisnummer", "2"),
        ("ontvanger.postcode", "8012 EE"),
        ("ontvanger.plaats", "Zwolle"),
    ] {
        let script = "const field = document.getElementById(arguments[0]);
                      for (let at = field; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true;
                      field.value = arguments[1];
                      for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }));";
        browser.script(script, &[format!("f.{field}").into(), value.into()]);
    }
    browser.fill("#body", "Wij namen uw advies met belangstelling ter hand.");
    browser.wait("the pages", || browser.has("img[src^='/letters/pages/']").then_some(()));
    browser.press("Bewaar");
    browser.wait("the file", || workspace.read(path).contains("met belangstelling").then_some(()));
    workspace.run(&["check", path]).exits(0);

    // Issued, after a last look.
    browser.go(&workbench.at(&format!("/letters/issue/{path}")));
    browser.wait_text("main", "Reactie op uw advies over het veer");
    browser.press("Stel vast");
    browser.wait_text("h1", "D2023-02-000001");
    let shown = workspace.run(&["register", "show", "I2023-000001", "--json"]).exits(0).json();
    assert_eq!((&shown["status"], &shown["beantwoord_door"]), (&json!("beantwoord"), &json!(["D2023-02-000001"])));

    // The pair stands in the overview of the year.
    browser.go(&workbench.at("/register/report/year?jaar=2023"));
    browser.wait_text("main", "Advies over het veer bij Genemuiden");
    assert!(browser.text("main").contains("D2023-02-000001"), "{}", browser.text("main"));
    assert!(browser.has("svg.chart"));
    workspace.run(&["register", "verify"]).exits(0);
    workspace.run(&["archive", "verify"]).exits(0);
    assert_eq!(browser.complaints(), Vec::<String>::new());
}
