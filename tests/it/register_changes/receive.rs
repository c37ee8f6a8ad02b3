//! Letters that come in.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value as Json, json};

use postkamer::error::{Error, Finding};
use postkamer::register::attachment::Staged;
use postkamer::register::entry::Entry;
use postkamer::register::files::{FileRecord, sha256};
use postkamer::register::incoming::{Incoming, Received};

use super::{RECEIVE, day, dump, last_event, numbers, opened, read, receive, received, register, shown, write};
use crate::support::{EPOCH, Workspace, files_below};

#[test]
fn a_letter_that_comes_in_gets_a_number_a_term_and_a_place() {
    let workspace = Workspace::new();
    workspace.write("scan van Cafe\u{301}.PDF", "%PDF-1.7 een scan");
    let run = receive(
        &workspace,
        &[
            "--ontvangen",
            "2022-12-05",
            "--soort",
            "advies",
            "--uw-kenmerk",
            " OZ/22-14 ",
            "--zaaknummer",
            "2022-77",
            "--bestand",
            "scan van Cafe\u{301}.PDF",
            "--json",
        ],
    )
    .exits(0);
    assert_eq!(run.err, "");
    let entry = run.json();
    assert_eq!(
        entry,
        json!({
            "id": "I2023-000001", "richting": "in", "soort": "advies", "kenmerk": null, "zaaknummer": "2022-77",
            "datum": "2022-12-01", "ontvangen": "2022-12-05", "verzonden": null, "onderwerp": "Briefadvies sociale innovatie",
            "correspondent": "SER Overijssel", "behandelaar": null, "status": "open", "uw_kenmerk": "OZ/22-14", "uw_brief": null,
            "termijn": "2023-02-27", "in_reactie_op": [], "beantwoord_door": [],
        })
    );
    // The file lies in the folder of the year in which it came in.
    assert_eq!(workspace.read("inkomend/2022/I2023-000001.pdf"), "%PDF-1.7 een scan");
    let (stem, files) =
        read(&workspace, |tx| Ok((Entry::get(tx, "I2023-000001")?.stem, FileRecord::all(tx, "I2023-000001")?)));
    assert_eq!(stem.as_deref(), Some("inkomend/2022/I2023-000001"));
    assert_eq!(
        files,
        [FileRecord::of(
            b"%PDF-1.7 een scan",
            1,
            postkamer::register::files::Role::Letter,
            0,
            "scan van Café.PDF",
            "inkomend/2022/I2023-000001.pdf"
        )]
    );
    let (what, details) = last_event(&workspace, "I2023-000001");
    assert_eq!(
        (what.as_str(), &details["onderwerp"], &details["bestand"]["digest"]),
        ("ontvangen", &"Briefadvies sociale innovatie".into(), &sha256(b"%PDF-1.7 een scan").into())
    );
    assert_eq!(numbers(&workspace), [["inkomend", "I2023-000001", "register", "gebruikt", ""].map(String::from)]);

    // For a person: the number alone, so that a script can take it. Received today.
    let run = receive(&workspace, &[]).exits(0);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("I2023-000002\n", ""));
    assert_eq!(shown(&workspace, "I2023-000002")["ontvangen"], "2023-02-21");
    assert_eq!(shown(&workspace, "I2023-000002")["termijn"], Json::Null);
    assert_eq!(files_below(&workspace.path("inkomend")).len(), 1);
    let given = receive(&workspace, &["--soort", "advies", "--termijn", "2023-03-01", "--json"]).exits(0).json();
    assert_eq!(given["termijn"], "2023-03-01");
}

#[test]
fn what_is_odd_about_a_letter_is_said_and_what_is_wrong_refused() {
    let workspace = Workspace::new();
    let run =
        receive(&workspace, &["--ontvangen", "2022-11-30", "--soort", "adveis", "--termijn", "2022-11-29"]).exits(0);
    assert_eq!(run.out, "I2023-000001\n");
    for code in ["[dated-after-receipt]", "[term-before-receipt]", "[kind-near]"] {
        assert!(run.err.contains(code), "{code} is not in {}", run.err);
    }
    assert!(run.err.contains("bedoelde u ‘advies’?"), "{}", run.err);
    let other = receive(&workspace, &["--soort", "uitnodiging"]).exits(0);
    assert_eq!(other.err, "", "a kind without a term is as good as any");

    let before = dump(&workspace);
    let long = "x".repeat(501);
    for (arguments, codes) in [
        (
            ["--onderwerp", " ", "--van", "a\u{7}b", "--datum", "21-02-23"],
            &["empty-value", "character-control", "day-form"][..],
        ),
        (
            ["--onderwerp", &long, "--van", "a\u{202e}b", "--datum", "2023-02-30"],
            &["text-too-long", "character-bidi", "day-form"],
        ),
        (["--onderwerp", "a\nb", "--van", "b", "--datum", "2022-12-01"], &["character-control"]),
    ] {
        let run = workspace.run(&[&["register", "receive", "--json"][..], &arguments].concat()).exits(1).json();
        let found: Vec<_> = run["fouten"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
        assert_eq!(found, codes);
    }
    for (more, code) in [
        (["--ontvangen", "2023-02-22"], "day-future"),
        (["--ontvangen", "gisteren"], "day-form"),
        (["--termijn", "31-2-2023"], "day-form"),
        (["--termijn", "2023-13-01"], "day-form"),
        (["--zaaknummer", "a\u{1b}[2J"], "character-control"),
        (["--bestand", "niet-hier.pdf"], "file-missing"),
        (["--bestand", "letters"], "received-file"),
        (["--bestand", "leeg.pdf"], "received-file"),
        #[cfg(unix)]
        (["--bestand", "/dev/zero"], "received-file"),
    ] {
        workspace.write("leeg.pdf", "");
        let run = receive(&workspace, &more).exits(1);
        assert!(run.out.is_empty() && run.err.contains(&format!("[{code}]")), "{more:?}: {}", run.err);
        assert!(!run.err.contains('\u{1b}'), "{:?}", run.err);
    }
    assert_eq!(dump(&workspace), before, "a refusal raised a number");
    assert_eq!(received(&workspace, &[]), "I2023-000003");
    let english = receive(&workspace, &["--ontvangen", "2023-02-22", "--taal", "en"]).exits(1);
    assert!(
        english.err.contains("is in the future: 2023-02-22") && english.err.contains("today is 2023-02-21"),
        "{}",
        english.err
    );
    // Refused before there was a register: there still is none.
    let fresh = Workspace::new();
    receive(&fresh, &["--bestand", "niet-hier.pdf"]).exits(1);
    register(&fresh, &["assign", "I2023-000001", "--behandelaar", "J. Kuijper"]).exits(1);
    assert!(!fresh.path("register.db").exists() && !fresh.path("inkomend").exists());
}

#[test]
fn a_new_case_gets_a_number_that_no_letter_has() {
    let workspace = Workspace::new();
    let first = receive(&workspace, &["--zaaknummer", "2023-000002"]).exits(0);
    assert_eq!(first.err, "");
    let second = receive(&workspace, &["--zaaknummer", "nieuw"]).exits(0);
    assert_eq!((second.out.as_str(), second.err.as_str()), ("I2023-000002\n", "zaaknummer: 2023-000001\n"));
    let third = receive(&workspace, &["--zaaknummer", "nieuw", "--json"]).exits(0);
    assert_eq!((third.json()["zaaknummer"].as_str(), third.err.as_str()), (Some("2023-000003"), ""));
    let cases: Vec<_> = numbers(&workspace).into_iter().filter(|[kind, ..]| kind == "zaaknummer").collect();
    assert_eq!(
        cases.iter().map(|[_, number, origin, ..]| (number.as_str(), origin.as_str())).collect::<Vec<_>>(),
        [("2023-000001", "register"), ("2023-000002", "handmatig"), ("2023-000003", "register"),]
    );
    assert_eq!(last_event(&workspace, "I2023-000001"), ("handmatig".into(), json!({ "zaaknummer": "2023-000002" })));
}

#[test]
fn an_interrupted_receipt_leaves_no_number_and_its_file_gives_way() {
    let workspace = Workspace::new();
    workspace.write("een.pdf", "de eerste");
    workspace.write("twee.pdf", "de tweede");
    let interrupted = || {
        let (opened, _) = opened(&workspace);
        let given = Received { subject: "A", from: "B", dated: "2023-02-01", ..Received::default() };
        let incoming = Incoming::check(&given, opened.settings(), day("2023-02-21")).unwrap();
        let file = workspace.path("een.pdf");
        let staged = Staged::copy(opened.root(), &incoming.folder(), &file, Path::new("een.pdf")).unwrap();
        write(&workspace, |journal| {
            incoming.record(journal, opened.settings(), opened.root(), "w", Some(staged), None)?;
            Err::<(), _>(Error::from(Finding::error("id-unknown")))
        })
    };
    received(&workspace, &[]);
    let before = dump(&workspace);
    interrupted().unwrap_err();
    let orphan = "inkomend/2023/I2023-000002.pdf";
    assert_eq!((workspace.read(orphan).as_str(), dump(&workspace)), ("de eerste", before));
    // The same file again: nothing to say about it.
    let again = receive(&workspace, &["--bestand", "een.pdf"]).exits(0);
    assert_eq!((again.out.as_str(), again.err.as_str()), ("I2023-000002\n", ""));
    // Another one: what lay there may be the only copy of something, and is kept.
    interrupted().unwrap_err();
    let run = receive(&workspace, &["--bestand", "twee.pdf"]).exits(0);
    assert!(run.out == "I2023-000003\n" && run.err.contains("[file-aside]"), "{run:?}");
    assert_eq!(workspace.read("inkomend/2023/I2023-000003.pdf"), "de tweede");
    let kept = format!("inkomend/2023/I2023-000003-onbekend-{}.pdf", &sha256(b"de eerste")[..12]);
    assert_eq!(workspace.read(&kept), "de eerste");
    last_event(&workspace, "I2023-000003");
}

#[test]
fn a_file_that_cannot_be_placed_takes_the_number_back() {
    let workspace = Workspace::new();
    workspace.write("een.pdf", "de eerste");
    workspace.write("inkomend/2023/I2023-000001.pdf/map", "in de weg");
    let run = receive(&workspace, &["--bestand", "een.pdf"]).exits(3);
    assert!(run.out.is_empty() && run.err.contains("I2023-000001.pdf"), "{run:?}");
    assert_eq!(numbers(&workspace), [] as [[String; 5]; 0]);
    assert_eq!(files_below(&workspace.path("inkomend")).len(), 1, "the copy is still there");
    std::fs::remove_dir_all(workspace.path("inkomend")).unwrap();
    assert_eq!(received(&workspace, &["--bestand", "een.pdf"]), "I2023-000001");
}

#[test]
fn a_receipt_that_is_killed_is_there_whole_or_not_at_all() {
    let workspace = Workspace::new();
    let scan = vec![b'x'; 3 << 20];
    workspace.write("scan.pdf", &scan);
    received(&workspace, &[]);
    for wait in 0..16 {
        let mut command = Command::new(env!("CARGO_BIN_EXE_postkamer"));
        command.args(RECEIVE).args(["--bestand", "scan.pdf"]).current_dir(workspace.path("")).env_clear();
        command.env("SOURCE_DATE_EPOCH", EPOCH).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        std::thread::sleep(Duration::from_millis(wait * 3));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let last = received(&workspace, &["--bestand", "scan.pdf"]);
    let all: Vec<_> = numbers(&workspace).into_iter().map(|[_, number, ..]| number).collect();
    let expected: Vec<_> = (1..=all.len()).map(|number| format!("I2023-{number:06}")).collect();
    assert_eq!((&all, all.last()), (&expected, Some(&last)));
    for id in &all[1..] {
        let files = read(&workspace, |tx| FileRecord::all(tx, id));
        let [file] = &files[..] else { panic!("{id} has {files:?}") };
        assert_eq!(file.digest, sha256(&std::fs::read(workspace.path(&file.path)).unwrap()), "{id}");
    }
    last_event(&workspace, &last);
}

#[test]
fn letters_received_at_once_get_numbers_of_their_own() {
    let workspace = Workspace::new();
    received(&workspace, &[]);
    let ids = std::thread::scope(|scope| {
        let runs: Vec<_> =
            (0..4).map(|_| scope.spawn(|| [received(&workspace, &[]), received(&workspace, &[])])).collect();
        let mut ids: Vec<_> = runs.into_iter().flat_map(|run| run.join().unwrap()).collect();
        ids.sort();
        ids
    });
    assert_eq!(ids, (2..=9).map(|number| format!("I2023-{number:06}")).collect::<Vec<_>>());
}
