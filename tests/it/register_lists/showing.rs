//! One letter with its thread, its events and its files.

use super::*;

#[test]
fn a_sheet_shows_a_letter_with_its_thread() {
    let shelf = Shelf::filled();
    insta::assert_snapshot!(shelf.run(&["show", "I2022-000001"]).exits(0).out, @r"
    I2022-000001  Briefadvies 'Meer aandacht voor sociale innovatie'

      richting         in
      status           beantwoord
      soort            advies
      correspondent    SER Overijssel
      zaaknummer       2023-003015
      datum            2022-12-01
      ontvangen        2022-12-02
      termijn          2023-02-23
      behandelaar      Jan de Boer
      uw kenmerk       SER-22/114
      uw brief         2022-12-01
      beantwoord door  D2023-02-002694

    Briefwisseling
      2022-12-02  I2022-000001       beantwoord  Briefadvies 'Meer aandacht voor sociale innovatie'
      2023-02-21  └ D2023-02-002694  verzonden   → antwoord op I2022-000001: Reactie op briefadvies

    Gebeurtenissen
      2023-02-21 12:00  ontvangen  Anna
          onderwerp: Briefadvies 'Meer aandacht voor sociale innovatie'
      2023-02-21 12:00  beantwoord  Anna
          was: open
          door: D2023-02-002694

    Bestanden
      inkomend/2022/I2022-000001.pdf  brief, versie 1, advies één.pdf, 8 bytes
          sha256: 86edbaa24831badfa0a8b04bb410141e2ee4182b6d0014493fe262a7a331c20b
    ");
    insta::assert_snapshot!(shelf.run(&["show", "D2023-01-000007", "--taal", "en"]).exits(0).out, @r"
    D2023-01-000007  Vergissing

      direction  uit
      status     vervallen

    Events
      2023-02-21 12:00  number reserved  Anna
          onderwerp: Vergissing
    ");
}

#[test]
fn a_thread_has_an_end_even_where_letters_answer_each_other() {
    for shelf in Shelf::each() {
        shelf.write(|journal| {
            for (id, status, dated, case) in [
                ("I1", Status::Answered, "2023-01-01", None),
                ("D1", Status::Sent, "2023-01-02", None),
                ("I2", Status::Answered, "2023-01-03", Some("Z1")),
                ("D2", Status::Sent, "2023-01-04", None),
                ("I3", Status::Open, "2023-01-05", Some("Z1")),
                ("D4", Status::Sent, "2023-01-06", None),
                ("I9", Status::Open, "2023-01-07", Some("Z9")),
            ] {
                let dated = Some(day(dated));
                add(
                    journal,
                    &Entry { dated, case_number: case.map(String::from), ..entry(id, status, id) },
                    "ontvangen",
                );
            }
            for (source, target) in [("D1", "I1"), ("I2", "D1"), ("D2", "I2"), ("I1", "D2"), ("D2", "D2")] {
                link(journal, source, links::Kind::Answers, target);
            }
            link(journal, "D4", links::Kind::SameCase, "I3");
        });
        let steps = |id: &str| {
            let thread = shelf.read(|tx| Thread::of(tx, id, 100));
            assert!(!thread.more);
            thread
                .steps
                .iter()
                .map(|step| format!("{}{}", ".".repeat(step.depth), step.listed.entry.id))
                .collect::<Vec<_>>()
        };
        for id in ["I1", "D1", "I2", "D2", "I3", "D4"] {
            assert_eq!(steps(id), ["I1", ".D1", "..I2", "...D2", "I3", "D4"], "{id}");
        }
        assert_eq!(steps("I9"), ["I9"]);
        let nearest = shelf.read(|tx| Thread::of(tx, "D4", 2));
        let ids: Vec<_> = nearest.steps.iter().map(|step| step.listed.entry.id.as_str()).collect();
        assert_eq!((ids, nearest.more), (vec!["I3", "D4"], true));
        let sheet = shelf.run(&["show", "D2"]).exits(0).out;
        assert!(sheet.contains("└ D2"), "{sheet}");
        assert!(!shelf.run(&["show", "I9"]).exits(0).out.contains("Briefwisseling"));
    }
}

#[test]
fn a_case_of_thousands_shows_the_nearest() {
    for shelf in Shelf::each() {
        shelf.write(|journal| {
            for at in 0..120 {
                let id = format!("D{at:03}");
                let one = Entry { case_number: Some("Z1".into()), ..entry(&id, Status::Sent, "Brief") };
                one.insert(journal.tx).unwrap();
            }
            add(journal, &entry("I1", Status::Open, "Vraag"), "ontvangen");
            link(journal, "D119", links::Kind::Answers, "I1");
        });
        let sheet = shelf.run(&["show", "D119"]).exits(0).out;
        assert!(sheet.contains("I1") && sheet.contains("register list --zaaknummer"), "{sheet}");
        let thread = shelf.read(|tx| Thread::of(tx, "D119", 50));
        assert_eq!((thread.steps.len(), thread.more), (50, true));
        assert!(["D119", "I1"].iter().all(|id| thread.steps.iter().any(|step| step.listed.entry.id == *id)));
        // Many letters get their answers by one reading of all of them.
        let listed = shelf.read(|tx| query::list(tx, &Filter::default(), Order::default(), None));
        let answered: Vec<_> = listed.iter().filter(|letter| !letter.answered_by.is_empty()).collect();
        assert_eq!((listed.len(), answered.len()), (121, 1));
        assert_eq!((answered[0].entry.id.as_str(), &answered[0].answered_by[..]), ("I1", &["D119".to_string()][..]));
    }
}

#[test]
fn values_do_not_steer_the_terminal() {
    let shelf = Shelf::new();
    shelf.write(|journal| {
        let bell = "x\u{1b}]0;titel\u{7}\n\u{202E}y";
        let letter = Entry {
            correspondent: Some(bell.into()),
            handler: Some(bell.into()),
            term: Some(day("2023-01-01")),
            ..entry("I1\u{1b}c", Status::Open, bell)
        };
        add(journal, &letter, bell);
        let file = FileRecord::of(b"x", 1, Role::Letter, 0, bell, bell);
        file.insert(journal.tx, &letter.id).unwrap();
        journal.note(&letter.id, "gecorrigeerd", &json!({ bell: [bell, 1, null, true, { "a": bell }] })).unwrap();
    });
    for arguments in [&["list"][..], &["due"], &["search", "titel"], &["show", "I1\u{1b}c"]] {
        let run = shelf.run(arguments).exits(0);
        assert!(run.out.contains("x�]0;titel� �y"), "{}", run.out);
        assert!(!run.out.contains(['\u{1b}', '\u{7}', '\u{202E}']), "{:?}", run.out);
        let coloured = shelf.run(&[arguments, &["--color", "always"]].concat()).exits(0).out;
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), run.out);
    }
}

#[test]
fn every_event_has_its_words() {
    for tongue in [Tongue::Nl, Tongue::En] {
        let messages = Messages::new(tongue);
        for what in WHATS {
            let id = format!("event-{what}");
            assert_ne!(messages.text(&id, &[]), id);
        }
    }
}
