//! A mailing whose workbench ends, or which ends itself, and what is done with it then.

use std::process::Command;

use super::{HEADER, begun, one_number_each, patiently, prepared, row, shows, start, status, table, workspace, wrong};
use crate::support::browser::Browser;
use crate::support::client::Client;
use crate::support::workbench::Workbench;

const NAME: &str = "Straat";

/// The programs that run a mailing for a process, by their ids.
fn runs_of(parent: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").expect("processes").flatten();
    let ids = processes.filter_map(|process| process.file_name().to_str()?.parse::<u32>().ok());
    let is_run = |id: &u32| {
        let text = |file: &str| std::fs::read_to_string(format!("/proc/{id}/{file}")).unwrap_or_default();
        let parent_of = text("stat").rsplit(") ").next().and_then(|rest| rest.split(' ').nth(1)?.parse::<u32>().ok());
        parent_of == Some(parent) && text("cmdline").contains("\0mail\0run\0")
    };
    ids.filter(is_run).collect()
}

#[test]
fn a_mailing_outlives_its_workbench_and_goes_on_after_its_own_end() {
    let workspace = workspace();
    let rows = 400;
    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    prepared(&client, NAME, table(HEADER, rows + 1, row).as_bytes());
    let digest = begun(&client, NAME);
    start(&client, NAME, &digest).is(303);
    // A second start is answered with the page of the first.
    assert_eq!(start(&client, NAME, &digest).is(303).location.as_deref(), Some("/mailings/Straat"));
    let done = || {
        let status = workspace.run(&["mail", "status", NAME, "--json"]);
        if status.code == Some(0) { status.json()["gereed"].as_u64().unwrap_or_default() } else { 0 }
    };
    patiently("letters", || (done() > 3).then_some(()));
    let runs = runs_of(workbench.id());
    assert_eq!(runs.len(), 1, "{runs:?}");
    // While it runs its table stays.
    let other = client.upload("/mailings/Straat/table", &[], ("table", "x.csv", HEADER.as_bytes())).is(422);
    assert!(other.text().contains("is bezig"), "{}", other.text());
    workbench.kill();
    let before = done();
    let workbench = Workbench::open(&workspace);
    let browser = Browser::open();
    browser.go(&workbench.at("/mailings/Straat"));
    browser.wait("its progress", || browser.has("#progress progress[max]").then_some(()));
    assert!(browser.text("main").contains("Werkprocessen"), "{}", browser.text("main"));
    patiently("the mailing goes on by itself", || (done() > before).then_some(()));
    // Now the machine goes off, for the mailing.
    assert!(Command::new("kill").args(["-9", &runs[0].to_string()]).status().expect("kill").success());
    shows(&browser, "De mailing is stilgevallen");
    let stopped = status(&workspace, NAME);
    let waiting = stopped["wachtend"].as_u64().expect("a count");
    assert!(waiting > 0, "it was done too soon to say anything: {stopped}");
    let mut found = wrong(&browser);
    browser.go(&workbench.at("/mailings"));
    browser.wait_text("table", "stilgevallen");
    found.extend(wrong(&browser));
    browser.press("Straat");
    browser.press("Verder gaan");
    shows(&browser, &format!("Alle brieven zijn er: {rows}."));
    found.extend(wrong(&browser));
    assert_eq!(found, Vec::<String>::new());
    one_number_each(&workspace, &status(&workspace, NAME), rows);
}

#[test]
fn a_mended_row_gets_its_letter_and_a_changed_letter_is_refused() {
    let workspace = workspace();
    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    let bad = |number: usize| if number == 3 { row(number).replace("8012 EE", "0012 EE") } else { row(number) };
    prepared(&client, NAME, table(HEADER, 4, bad).as_bytes());
    let digest = begun(&client, NAME);
    start(&client, NAME, &digest).is(303);
    let page = || client.get("/mailings/Straat").is(200).text();
    patiently("the outcome", || page().contains("Brieven gemaakt: 2. Geweigerd: 1.").then_some(()));
    // What was looked at is not what is there now.
    client.upload("/mailings/Straat/table", &[], ("table", "nieuw.csv", table(HEADER, 4, row).as_bytes())).is(303);
    assert!(!workspace.path("mailings/Straat/straat.csv").exists());
    let old = start(&client, NAME, &digest).is(422).text();
    assert!(old.contains("er is niets begonnen"), "{old}");
    let text = workspace.read(super::LETTER);
    workspace.write(super::LETTER, text.replace("Wij werken", "Wij graven"));
    start(&client, NAME, &begun(&client, NAME)).is(303);
    patiently("the refusal", || page().contains("De mailing is niet begonnen of verdergegaan").then_some(()));
    assert!(page().contains("is veranderd sinds de mailing Straat begon"), "{}", page());
    workspace.write(super::LETTER, &text);
    start(&client, NAME, &begun(&client, NAME)).is(303);
    patiently("the last letter", || page().contains("Alle brieven zijn er: 3.").then_some(()));
    one_number_each(&workspace, &status(&workspace, NAME), 3);
}

#[test]
fn a_mailing_of_the_command_line_is_gone_on_with() {
    let workspace = workspace();
    workspace.write("straat.csv", table(HEADER, 3, |number| row(number).replace(";3;", ";2023-03-01;")));
    let run = ["mail", "run", super::LETTER, "--recipients", "straat.csv", "--name", "new"];
    workspace.run(&run).exits(4);
    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    // Its name is also the address of a page.
    let list = client.get("/mailings").is(200).text();
    assert!(list.contains("href=\"/mailings/new/standing\""), "{list}");
    let page = || client.get("/mailings/new/standing").is(200).text();
    assert!(page().contains("Brieven gemaakt: 1. Geweigerd: 1."), "{}", page());
    client.upload("/mailings/new/table", &[], ("table", "straat.csv", table(HEADER, 3, row).as_bytes())).is(303);
    start(&client, "new", &begun(&client, "new")).is(303);
    patiently("the last letter", || page().contains("Alle brieven zijn er: 2.").then_some(()));
    one_number_each(&workspace, &status(&workspace, "new"), 2);
}
