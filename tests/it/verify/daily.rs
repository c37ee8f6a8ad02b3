//! What the program itself does, step by step, leaves a register in order.

use crate::support::Workspace;
use crate::support::postgres::backends;

const LETTER: &str = "letters/reactie-sociale-innovatie.md";

#[test]
fn nothing_the_program_does_is_taken_for_tampering() {
    for backend in backends() {
        let workspace = Workspace::new();
        let environment = [("POSTKAMER_REGISTER_URL", backend.url.as_str())];
        // The number of a letter written by hand, one of an incoming letter, and a hole in an older register.
        workspace.write(
            "oud.csv",
            "id;richting;datum;onderwerp;status;zaaknummer\nD2023-02-000040;uit;2023-01-05;Oud;verzonden;2023-000007\n\
             I2023-000030;in;2023-01-04;Ouder;open;\nBRF 7;uit;2022-01-05;Oudst;verzonden;\n\
             D2023-02-000003;uit;2023-01-05;Bewaard;gereserveerd;\n",
        );
        workspace.write("advies.pdf", b"%PDF-1.7 een advies");
        let letter = workspace.read(LETTER);
        for (name, number) in [("hand", "D2023-02-000002"), ("als-inkomend", "I2023-000002")] {
            let text = letter.lines().filter(|line| !line.starts_with("kenmerk"));
            let text = text.collect::<Vec<_>>().join("\n");
            let by_hand = format!("+++\nkenmerk = \"{number}\"\n{}", text.strip_prefix("+++\n").unwrap());
            workspace.write(&format!("letters/{name}.md"), by_hand);
        }
        let fresh: Vec<_> =
            letter.lines().filter(|line| !line.starts_with("kenmerk") && !line.starts_with("zaaknummer")).collect();
        let fresh =
            fresh.join("\n").replacen("+++\n", "+++\nzaaknummer = \"nieuw\"\nin_reactie_op = \"I2023-000001\"\n", 1);
        workspace.write("letters/vers.md", &fresh);

        let receive = ["register", "receive", "--onderwerp", "Advies", "--van", "SER", "--datum", "2023-02-01"];
        let by_kind = ["--soort", "advies", "--zaaknummer", "nieuw", "--bestand", "advies.pdf"];
        let correct = |veld: &'static str, waarde: &'static str| {
            ["register", "correct", "I2023-000001", "--veld", veld, "--waarde", waarde, "--reden", "mis"].to_vec()
        };
        let steps: Vec<Vec<&str>> = vec![
            [&receive[..], &by_kind].concat(),
            vec!["issue", "letters/hand.md"],
            vec!["issue", "letters/als-inkomend.md"],
            // The counter passes the number that an outgoing letter has.
            receive.to_vec(),
            vec!["issue", "letters/vers.md"],
            vec!["register", "import", "oud.csv"],
            receive.to_vec(),
            correct("onderwerp", "Advies over wonen"),
            correct("correspondent", "SER Overijssel"),
            correct("soort", "brief"),
            correct("zaaknummer", "2023-000099"),
            correct("uw_kenmerk", "X-1"),
            correct("termijn", "2023-05-01"),
            vec!["register", "assign", "I2023-000001", "--behandelaar", "M. Bom"],
            vec!["register", "link", "D2023-02-000002", "I2023-000030"],
            vec!["register", "link", "D2023-02-000002", "I2023-000001", "--als", "zelfde-zaak"],
            vec!["register", "link", "D2023-02-000002", "I2023-000030", "--weg", "--reden", "vergissing"],
            vec!["register", "handle", "I2023-000003", "--reden", "ter kennisname"],
            vec!["register", "send", "D2023-02-000001", "--datum", "2023-02-21", "--wijze", "post"],
            vec!["register", "withdraw", "D2023-02-000002", "--reden", "verkeerde brief"],
            vec!["register", "void", "D2023-02-000003", "--reden", "niet nodig"],
        ];
        for step in steps {
            workspace.run_with(&step, &environment).exits(0);
            in_order(&workspace, &environment, &step);
        }
        workspace.write("letters/vers.md", format!("{fresh}\nNog een alinea.\n"));
        let again = ["issue", "letters/vers.md", "--nieuwe-versie"];
        workspace.run_with(&again, &environment).exits(0);
        in_order(&workspace, &environment, &again);
        let account = ["register", "report", "nummers", "--jaar", "2023", "--json"];
        let account = workspace.run_with(&account, &environment).exits(0).json();
        let missing = account.as_array().unwrap().iter().filter(|line| line["status"] == "ontbreekt");
        assert_eq!(missing.count(), 0, "{account:#}");
    }
}

#[track_caller]
fn in_order(workspace: &Workspace, environment: &[(&str, &str)], step: &[&str]) {
    let report = workspace.run_with(&["register", "verify", "--json"], environment).json();
    assert_eq!(report["fouten"], serde_json::json!([]), "after {step:?}");
    assert!(report["gebeurtenissen"].as_u64() > Some(0));
}
