//! What a clerk does in a browser, from a letter that comes in to the overview of its year.

use serde_json::json;

use super::{PDF, imported, listed, shown};
use crate::support::browser::Browser;
use crate::support::workbench::Workbench;

/// What is wrong on the page that the browser shows.
fn judged(browser: &Browser, found: &mut Vec<String>, name: &str) {
    found.extend(browser.violations());
    found.extend(browser.complaints());
    browser.size(640, 1000);
    let wider = browser.script("return document.documentElement.scrollWidth > innerWidth", &[]);
    if wider == json!(true) {
        found.push(format!("{name} is wider than a window of 640 pixels"));
    }
    browser.size(1280, 1000);
}

/// Opens the form of something that can be done.
fn opens(browser: &Browser, action: &str) {
    browser.click(&format!("details:has(form[action$='/{action}']) > summary"));
}

#[test]
fn a_letter_comes_in_and_is_found_assigned_and_answered() {
    let workspace = imported();
    let workbench = Workbench::open(&workspace);
    let browser = Browser::open();
    let mut found = Vec::new();

    browser.go(&workbench.at("/register"));
    browser.press("Brief inschrijven");
    browser.wait_text("h1", "Brief inschrijven");
    assert_eq!(browser.script("return document.querySelector('#ontvangen').value", &[]), json!("2023-02-21"));
    judged(&browser, &mut found, "receive");
    // What can't be is said at the form, with everything else kept.
    let scan = workspace.path("Brief van Zwartewaterland.pdf");
    std::fs::write(&scan, PDF).unwrap();
    browser.type_in("#onderwerp", "Vragen over het veer bij Genemuiden");
    browser.type_in("#correspondent", "Stichting Oeverloos");
    // A date field takes its parts in the order of the reader's language.
    let set = "document.querySelector(arguments[0]).value = arguments[1]";
    browser.script(set, &["#datum".into(), "2023-02-20".into()]);
    browser.script(set, &["#ontvangen".into(), "2023-03-20".into()]);
    browser.type_in("#soort", "advies");
    browser.press("Schrijf de brief in");
    browser.wait_text("main", "ligt in de toekomst");
    let kept = "return ['onderwerp', 'correspondent', 'datum', 'soort'].map((id) => document.getElementById(id).value)";
    let expected = json!(["Vragen over het veer bij Genemuiden", "Stichting Oeverloos", "2023-02-20", "advies"]);
    assert_eq!(browser.script(kept, &[]), expected);
    judged(&browser, &mut found, "receive-refused");
    browser.script(set, &["#ontvangen".into(), "2023-02-21".into()]);
    browser.type_in("#bestand", scan.to_str().unwrap());
    browser.press("Schrijf de brief in");
    browser.wait_text("h1", "I2023-000001");
    browser.wait_text("main", "De brief is ingeschreven als I2023-000001.");
    judged(&browser, &mut found, "received");

    // Told once: on the same page again, it is no news.
    browser.go(&browser.url());
    assert!(!browser.text("main").contains("De brief is ingeschreven"), "{}", browser.text("main"));
    assert!(browser.text("main").contains("Stichting Oeverloos"));
    assert!(browser.has("iframe.pdf"));

    // Found while it is typed.
    browser.go(&workbench.at("/register"));
    browser.wait_text("#results", "14 brieven gevonden");
    judged(&browser, &mut found, "list");
    browser.type_in("#q", "genemui");
    browser.wait_text("#results", "1 brief gevonden");
    browser.wait_text("#found", "1 brief gevonden");
    assert!(browser.url().contains("q=genemui"), "{}", browser.url());
    judged(&browser, &mut found, "typed");
    browser.press("I2023-000001");
    browser.wait_text("h1", "I2023-000001");

    // Handed to somebody, and back where it says so.
    opens(&browser, "assign");
    browser.fill("#assign-behandelaar", "P. de Graaf");
    browser.click("form[action$='/assign'] button");
    browser.wait_text("main", "I2023-000001 ligt bij P. de Graaf");
    judged(&browser, &mut found, "assigned");
    let letter = shown(&workspace, "I2023-000001");
    assert_eq!(letter["behandelaar"], "P. de Graaf");
    assert_eq!(letter["termijn"], "2023-05-16");
    let file = &letter["bestanden"][0];
    assert_eq!(file["naam"], "Brief van Zwartewaterland.pdf");
    assert_eq!(file["omvang"], PDF.len());
    let events = letter["gebeurtenissen"].as_array().unwrap();
    assert!(events.len() >= 2 && events.iter().all(|event| event["wie"] == "m.bom"), "{events:?}");
    assert!(browser.has("a[href='/letters/new?in_reactie_op=I2023-000001']"));

    // Put right: what can't be stays at its form; what can is told with what to look at.
    opens(&browser, "correct");
    browser.click("#correct-veld option[value=datum]");
    browser.type_in("#correct-waarde", "morgen");
    browser.type_in("#correct-reden", "verkeerd gelezen");
    browser.click("form[action$='/correct'] button");
    browser.wait_text("form[action$='/correct']", "morgen");
    assert_eq!(browser.script("return document.querySelector('#correct-reden').value", &[]), json!("verkeerd gelezen"));
    judged(&browser, &mut found, "correct-refused");
    browser.fill("#correct-waarde", "2023-02-25");
    browser.click("form[action$='/correct'] button");
    browser.wait_text("main", "‘datum’ is nu ‘2023-02-25’");
    browser.wait_text("main .findings", "2023-02-25");
    judged(&browser, &mut found, "corrected");
    assert_eq!(shown(&workspace, "I2023-000001")["datum"], "2023-02-25");

    // An issued letter is sent, and answers the other one.
    workspace.run(&["issue", "letters/reactie-kennisvalorisatie.md"]).exits(0);
    let letters = listed(&workspace);
    let issued = letters.as_array().unwrap().iter().find(|letter| letter["status"] == "vastgesteld").unwrap();
    let id = issued["id"].as_str().unwrap().to_string();
    browser.go(&workbench.at(&format!("/register/entry/{}", id.replace('/', "%2F"))));
    opens(&browser, "send");
    browser.type_in("#send-wijze", "per post");
    browser.click("form[action$='/send'] button");
    browser.wait_text("main", &format!("{id} is verzonden"));
    opens(&browser, "link");
    browser.type_in("#link-ander", "I2023-000001");
    browser.click("form[action$='/link'] button");
    browser.wait_text("main", &format!("{id} is gekoppeld aan I2023-000001"));
    judged(&browser, &mut found, "sent");
    let sent = shown(&workspace, &id);
    assert_eq!((&sent["status"], &sent["verzonden"]), (&json!("verzonden"), &json!("2023-02-21")));
    assert!(sent["in_reactie_op"].as_array().unwrap().contains(&json!("I2023-000001")), "{sent}");
    assert_eq!(shown(&workspace, "I2023-000001")["status"], "beantwoord");

    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_year_is_told_in_tables_a_chart_and_files() {
    let workspace = imported();
    let workbench = Workbench::open(&workspace);
    let browser = Browser::open();
    let mut found = Vec::new();
    browser.go(&workbench.at("/register"));
    browser.press("Jaaroverzicht");
    browser.wait_text("h1", "Jaaroverzicht 2023");
    browser.wait_text("main", "In dit jaar zijn geen brieven ontvangen.");
    judged(&browser, &mut found, "year-empty");
    browser.go(&workbench.at("/register/report/year?jaar=2021"));
    // As the command has them, each with its answer.
    let report = workspace.run(&["register", "report", "jaaroverzicht", "--jaar", "2021", "--json"]).exits(0).json();
    let rows = report.as_array().unwrap();
    assert_eq!(rows.len(), 4);
    for row in rows {
        let path = row["id"].as_str().unwrap();
        let script = "return [...document.querySelectorAll('[aria-labelledby=received] tbody tr')]
            .find((row) => row.querySelector('th').innerText === arguments[0])?.innerText";
        let text = browser.script(script, &[path.into()]);
        let text = text.as_str().unwrap_or_else(|| panic!("no row of {path}"));
        for value in [row["beantwoord_door"].as_str().unwrap(), &row["dagen"].to_string()] {
            assert!(text.contains(value), "{value} is not in {text}");
        }
    }
    // There is a bar for each number of the table beside the chart, and the numbers are those of the answers.
    let script = "const cells = [...document.querySelectorAll('.beside td')].map((cell) => Number(cell.innerText));
        return [document.querySelectorAll('svg.chart rect').length, cells.filter((n) => n > 0).length,
                cells.reduce((sum, n) => sum + n, 0)]";
    assert_eq!(browser.script(script, &[]), json!([3, 3, 4]), "{}", browser.text("main"));
    judged(&browser, &mut found, "year");
    browser.cdp("Emulation.setEmulatedMedia", &json!({ "media": "print" }));
    assert_eq!(browser.script("return getComputedStyle(document.querySelector('.top')).display", &[]), json!("none"));
    browser.cdp("Emulation.setEmulatedMedia", &json!({ "media": "" }));

    browser.press("Nummers");
    browser.wait_text("h1", "Nummers van 2023");
    browser.go(&workbench.at("/register/report/numbers?jaar=2021"));
    browser.wait_text("main", "D2021-03-000003");
    judged(&browser, &mut found, "numbers");
    browser.press("Controle");
    browser.press("Controleer het register nu");
    browser.wait_text("[role=status]", "niets is buiten het programma om veranderd");
    judged(&browser, &mut found, "verify");
    browser.go(&workbench.at("/register/entry/I2021-000001"));
    assert!(browser.has("ol.thread"), "{}", browser.text("main"));
    judged(&browser, &mut found, "thread");
    assert_eq!(found, Vec::<String>::new());
}
