//! Every verb on input as its users have it.

use crate::support::{Workspace, example_letters};

#[test]
fn every_example_letter_is_in_order() {
    let workspace = Workspace::new();
    for letter in example_letters() {
        let report = workspace.run(&["check", &letter, "--json"]).exits(0).json();
        assert_eq!(report[0]["brief"], letter.as_str());
        assert_eq!(report[0]["bevindingen"], serde_json::json!([]));
    }
    let report = workspace.run(&["check", "--json"]).exits(0).json();
    assert_eq!(report.as_array().map(Vec::len), Some(example_letters().len()));
    let people = workspace.run(&["check"]).exits(0);
    assert_eq!((people.out.as_str(), people.err.as_str()), ("", "brieven in orde: 7\n"));
}

#[test]
fn check_counts_what_is_wrong_and_names_what_it_found() {
    let workspace = Workspace::new();
    let letter = "letters/reactie-sociale-innovatie.md";
    workspace.change(letter, "8012 EE", "0012 EE");
    let report = workspace.run(&["check", "--json"]).exits(1).json();
    let wrong: Vec<_> =
        report.as_array().unwrap().iter().filter(|one| !one["bevindingen"].as_array().unwrap().is_empty()).collect();
    assert_eq!(wrong.len(), 1);
    assert_eq!(wrong[0]["brief"], letter);
    let finding = &wrong[0]["bevindingen"][0];
    let keys: Vec<_> = finding.as_object().unwrap().keys().map(String::as_str).collect();
    for key in ["ernst", "code", "regel", "kolom", "sleutel", "melding"] {
        assert!(keys.contains(&key), "{key} is not in {keys:?}");
    }
    assert_eq!((&finding["ernst"], &finding["regel"], &finding["kolom"]), (&"fout".into(), &19.into(), &12.into()));
    let people = workspace.run(&["check"]).exits(1);
    assert!(people.err.ends_with("brieven: 7, met fouten: 1\n"), "{}", people.err);
    let quiet = workspace.run(&["check", "--quiet"]).exits(1);
    assert!(quiet.err.contains("[postcode-invalid]") && !quiet.err.contains("met fouten"), "{}", quiet.err);
}

#[test]
fn a_workspace_without_letters_is_in_order() {
    let workspace = Workspace::new();
    std::fs::remove_dir_all(workspace.path("letters")).unwrap();
    assert_eq!(workspace.run(&["check", "--json"]).exits(0).json(), serde_json::json!([]));
}

#[test]
fn without_a_workspace_every_verb_says_how_to_get_one() {
    let workspace = Workspace::new();
    let letter = workspace.path("letters/reactie-sociale-innovatie.md").display().to_string();
    std::fs::remove_file(workspace.path("postkamer.toml")).unwrap();
    for arguments in [
        &["check"][..],
        &["check", &letter],
        &["render", &letter],
        &["watch", &letter],
        &["new", "gs-brief", "x"],
        &["template", "list"],
        &["template", "show", "gs-brief"],
        &["template", "eject", "gs-brief"],
    ] {
        let run = workspace.run(arguments).exits(1);
        assert!(run.err.contains("[workspace-missing]") && run.err.contains("postkamer init"), "{}", run.err);
        let json = [arguments, &["--json"]].concat();
        assert_eq!(workspace.run(&json).exits(1).json()["fouten"][0]["code"], "workspace-missing");
    }
    let run = workspace.run(&["check", "--workspace", "niet-hier"]).exits(1);
    assert!(run.err.contains("[file-missing]") && run.err.contains("postkamer.toml"), "{}", run.err);
}

#[test]
fn a_workspace_is_found_from_below_from_the_letter_or_as_it_is_told() {
    let workspace = Workspace::new();
    let elsewhere = Workspace::new();
    std::fs::remove_file(elsewhere.path("postkamer.toml")).unwrap();
    let letter = workspace.path("letters/reactie-sociale-innovatie.md").display().to_string();
    let report = elsewhere.run(&["check", "--json", &letter]).exits(0).json();
    assert_eq!(report[0]["brief"], "letters/reactie-sociale-innovatie.md");
    let root = workspace.path("").display().to_string();
    let report = elsewhere.run(&["check", "--json", "--workspace", &root]).exits(0).json();
    assert_eq!(report.as_array().map(Vec::len), Some(7));
    elsewhere.run(&["template", "list", "--workspace", &root]).exits(0);
    elsewhere.run(&["new", "gs-brief", "nieuw", "--workspace", &root]).exits(0);
    assert!(workspace.path("letters/nieuw.md").is_file());
}

#[test]
fn wrong_usage_exits_with_two_and_writes_nothing_to_standard_output() {
    let workspace = Workspace::new();
    for arguments in [
        &["onzin"][..],
        &["render"],
        &["render", "a", "b"],
        &["render", "a", "--format", "docx"],
        &["render", "a", "--onzin"],
        &["new", "gs-brief"],
        &["template"],
        &["template", "toon"],
        &["completions", "cmd"],
        &["check", "--taal", "fr"],
        &["check", "--color", "soms"],
        &["watch"],
    ] {
        let run = workspace.run(arguments).exits(2);
        assert_eq!(run.out, "", "{arguments:?}");
        assert!(!run.err.is_empty());
    }
    workspace.run(&["--version"]).exits(0);
    workspace.run(&["--help"]).exits(0);
}

#[test]
fn completions_name_every_verb() {
    let workspace = Workspace::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = workspace.run(&["completions", shell]).exits(0).out;
        for verb in ["init", "new", "check", "render", "watch", "template", "completions"] {
            assert!(script.contains(verb), "{shell} lacks {verb}");
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure_and_a_full_disk_is_one() {
    use std::process::{Command, Stdio};
    let workspace = Workspace::new();
    for arguments in
        [&["completions", "bash"][..], &["template", "show", "gs-brief", "--json-schema"], &["template", "list"]]
    {
        let command = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_postkamer"));
            command.args(arguments).current_dir(workspace.path("")).stderr(Stdio::piped());
            command
        };
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let run = command().stdout(writer).output().unwrap();
        assert_eq!((run.status.code(), run.stderr.len()), (Some(0), 0), "{}", String::from_utf8_lossy(&run.stderr));
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let run = command().stdout(full).output().unwrap();
        assert_eq!(run.status.code(), Some(3), "{arguments:?}");
        assert!(!run.stderr.is_empty());
    }
}
