//! Rows that have their number and not yet their letter: the program was stopped, or something outside failed.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::*;
use crate::support::EPOCH;

/// An office whose mailing of these rows is planned, and none of whose letters could be written.
fn planned(backend: Backend, rows: &[String]) -> Post {
    let post = Post::at(backend);
    post.rows(rows);
    blocked(&post);
    post
}

/// Runs the mailing where no letter can be written to its place, and clears the way again.
fn blocked(post: &Post) {
    let (place, kept) = (post.office.workspace.path("uitgaand"), post.office.workspace.path("weggezet"));
    let was_there = std::fs::rename(&place, &kept).is_ok();
    post.write("uitgaand", "");
    let run = post.mail(&["--json"]).exits(3);
    assert!(run.out.is_empty() && !run.err.is_empty(), "{run:?}");
    std::fs::remove_file(&place).expect("it is there");
    if was_there {
        std::fs::rename(&kept, &place).expect("it is put back");
    }
}

fn waiting(row: u64, number: usize) -> (u64, Option<String>, String) {
    (row, Some(kenmerk(number)), "wachtend".into())
}

#[test]
fn what_waits_is_done_when_it_is_run_again() {
    for backend in backends() {
        let post = planned(backend, &[row(1), wrong(2), row(3)]);
        let report = post.status();
        assert_eq!(standing(&report), [waiting(2, 1), refused(3), waiting(4, 2)]);
        assert_eq!(counts(&report), [3, 0, 1, 2]);
        assert!(report["rijen"][0]["pdf"].is_null(), "{report}");
        post.office.verifies();
        assert_eq!(standing(&post.mailed(4)), [done(2, 1), refused(3), done(4, 2)]);
        post.is_sound();
    }
}

#[test]
fn a_row_that_waits_may_change_and_keeps_its_number() {
    for backend in backends() {
        let post = planned(backend, &rows(1..=4));
        // Which row one is that is both moved and changed is not guessed.
        post.rows(&[row(9), row(1), row(2).replace("Bakker 2", "Slager 2"), row(4), row(3)]);
        assert_eq!(post.refusal()["code"], "mail-row-gone-waiting");
        post.rows(&[row(9), row(1), row(2), row(4), row(3)]);
        blocked(&post);
        let expected = [waiting(2, 5), waiting(3, 1), waiting(4, 2), waiting(5, 4), waiting(6, 3)];
        assert_eq!(standing(&post.status()), expected);
        post.rows(&[row(9), row(1), row(2).replace("Bakker 2", "Slager 2"), row(4), row(3)]);
        assert_eq!(standing(&post.mailed(0)), [done(2, 5), done(3, 1), done(4, 2), done(5, 4), done(6, 3)]);
        post.is_sound();
    }
}

#[test]
fn changed_in_its_place_it_is_described_anew() {
    for backend in backends() {
        let post = planned(backend, &rows(1..=3));
        post.rows(&[row(1), row(2).replace("Bakker 2", "Slager 2"), row(3)]);
        assert_eq!(standing(&post.mailed(0)), [done(2, 1), done(3, 2), done(4, 3)]);
        let entry = post.run(&["register", "show", &kenmerk(2), "--json"]).exits(0).json();
        assert_eq!(entry["correspondent"], "Slager 2");
        let text = crate::support::pdf_text(&post.office.workspace.path(&pdf(2)));
        assert!(text.contains("Slager 2") && !text.contains("Bakker"), "{text}");
        post.is_sound();
    }
}

#[test]
fn made_wrong_it_gives_its_number_up_and_gets_another_when_mended() {
    for backend in backends() {
        let post = planned(backend, &rows(1..=3));
        post.rows(&[row(1), wrong(2), row(3)]);
        let report = post.mailed(4);
        assert_eq!(standing(&report), [done(2, 1), refused(3), done(4, 3)]);
        let (_, status, reason) = post.numbers().into_iter().find(|one| one.0 == kenmerk(2)).expect("the number");
        assert_eq!(status, "vervallen");
        assert!(reason.as_deref().is_some_and(|reason| said(&report, 3).ends_with(reason)), "{reason:?} {report}");
        post.rows(&rows(1..=3));
        assert_eq!(standing(&post.mailed(0)), [done(2, 1), done(3, 4), done(4, 3)]);
        post.is_sound();
    }
}

#[test]
fn one_that_goes_is_missed() {
    for backend in backends() {
        let post = planned(backend, &rows(1..=3));
        post.rows(&rows([1, 2]));
        let found = post.refusal();
        assert_eq!(found["code"], "mail-row-gone-waiting");
        let melding = found["melding"].as_str().expect("words");
        assert!(["rij 4", "Bakker 3", &kenmerk(3)].iter().all(|part| melding.contains(part)), "{melding}");
        // As it says: the number is given up, and then the row can go for good.
        post.run(&["register", "void", &kenmerk(3), "--reden", "verhuisd"]).exits(0);
        post.rows(&rows(1..=3));
        let report = post.mailed(4);
        assert_eq!(standing(&report), [done(2, 1), done(3, 2), refused(4)]);
        assert!(said(&report, 4).contains(&kenmerk(3)), "{report}");
        assert_eq!(post.mailed(4), report);
        post.rows(&rows([1, 2]));
        assert_eq!(standing(&post.mailed(0)), [done(2, 1), done(3, 2)]);
        assert_eq!(post.numbers()[2], (kenmerk(3), "vervallen".into(), Some("verhuisd".into())));
        post.is_sound();
    }
}

#[test]
fn a_number_made_void_by_hand_stays_void_and_a_changed_row_gets_another() {
    for backend in backends() {
        let post = planned(backend, &rows(1..=4));
        for number in [2, 3, 4] {
            post.run(&["register", "void", &kenmerk(number), "--reden", "verhuisd"]).exits(0);
        }
        // Changed, wrong, and as it was.
        post.rows(&[row(1), row(2).replace("Bakker", "Slager"), wrong(3), row(4)]);
        let report = post.mailed(4);
        assert_eq!(standing(&report), [done(2, 1), done(3, 5), refused(4), refused(5)]);
        assert!(said(&report, 5).contains(&kenmerk(4)), "{report}");
        let void = post.numbers().into_iter().filter(|one| one.1 == "vervallen");
        let expected = [2, 3, 4].map(|number| (kenmerk(number), "vervallen".to_string(), Some("verhuisd".to_string())));
        assert_eq!(void.collect::<Vec<_>>(), expected);
        post.rows(&[row(1), row(2).replace("Bakker", "Slager"), row(3), row(4).replace("Bakker", "Slager")]);
        assert_eq!(standing(&post.mailed(0)), [done(2, 1), done(3, 5), done(4, 6), done(5, 7)]);
        post.is_sound();
    }
}

#[test]
fn letter_and_settings_may_change_while_all_rows_wait() {
    for backend in backends() {
        let post = planned(backend, &rows(1..=3));
        post.run(&["register", "void", &kenmerk(2), "--reden", "proef"]).exits(0);
        post.office.workspace.change(LETTER, "Werk aan uw straat", "Werk aan uw plein");
        post.office.workspace.change("postkamer.toml", "038 499 88 99", "038 499 88 98");
        // Whose number was void asked for no letter.
        assert_eq!(standing(&post.mailed(4)), [done(2, 1), refused(3), done(4, 3)]);
        let entry = post.run(&["register", "show", &kenmerk(1), "--json"]).exits(0).json();
        assert_eq!(entry["onderwerp"], "Werk aan uw plein");
        post.is_sound();
    }
}

#[test]
fn a_new_letter_over_a_begun_mailing_can_be_a_mailing_of_its_own() {
    for post in Post::all() {
        post.rows(&rows(1..=2));
        post.mailed(0);
        post.rows(&rows(1..=4));
        blocked(&post);
        assert_eq!(standing(&post.status())[1..], [done(3, 2), waiting(4, 3), waiting(5, 4)]);
        post.office.workspace.change(LETTER, "Wij werken", "Zij werken");
        assert_eq!(post.refusal()["code"], "mail-letter-changed");
        post.office.workspace.change(LETTER, "Zij werken", "Wij werken");
        assert_eq!(counts(&post.mailed(0)), [4, 4, 0, 0]);
        post.is_sound();
    }
}

#[test]
fn a_row_may_ask_for_a_case_only_later_or_no_longer() {
    for backend in backends() {
        let post = Post::at(backend);
        let with_cases = |cases: [&str; 3]| {
            let lines = (1..=3).map(|at| format!("{};{}", row(at), cases[at - 1]));
            post.write(
                TABLE,
                std::iter::once(format!("{HEADER};zaaknummer")).chain(lines).collect::<Vec<_>>().join("\n"),
            );
        };
        with_cases(["2022-000777", "nieuw", ""]);
        blocked(&post);
        with_cases(["nieuw", "2022-000888", "nieuw"]);
        assert_eq!(standing(&post.mailed(0)), [done(2, 1), done(3, 2), done(4, 3)]);
        let case = |number: usize| {
            let entry = post.run(&["register", "show", &kenmerk(number), "--json"]).exits(0).json();
            entry["zaaknummer"].as_str().map(String::from)
        };
        let expected = ["2023-000002", "2022-000888", "2023-000003"];
        assert_eq!([1, 2, 3].map(case), expected.map(|case| Some(case.to_string())));
        let cases: Vec<_> = post.numbers().into_iter().filter(|(number, ..)| !number.starts_with('D')).collect();
        assert_eq!(cases.iter().map(|one| one.1.as_str()).collect::<Vec<_>>(), ["vervallen", "gebruikt", "gebruikt"]);
        post.is_sound();
    }
}

#[test]
fn a_letter_keeps_the_day_of_its_number() {
    for backend in backends() {
        let post = planned(backend, &rows(1..=2));
        post.rows(&rows(1..=3));
        // The third of March.
        let later = [("POSTKAMER_REGISTER_URL", post.office.url.as_str()), ("SOURCE_DATE_EPOCH", "1677841200")];
        let arguments = ["mail", "run", LETTER, "--recipients", TABLE, "--name", NAME, "--json"];
        let report = post.office.workspace.run_with(&arguments, &later).exits(0).json();
        let third = (4, Some("D2023-03-000003".to_string()), "gereed".to_string());
        assert_eq!(standing(&report), [done(2, 1), done(3, 2), third]);
        for (path, day) in [(pdf(1), "21.02.2023"), ("uitgaand/2023/D2023-03-000003.pdf".into(), "03.03.2023")] {
            let text = crate::support::pdf_text(&post.office.workspace.path(&path));
            assert!(text.contains(day), "{day} is not in {text}");
        }
        let again = post.office.workspace.run_with(&arguments, &later).exits(0).json();
        assert_eq!(again, report);
        post.is_sound();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn rows_of_a_program_that_was_ended_with_its_processes_may_be_changed() {
    for post in Post::all() {
        post.rows(&rows(1..=24));
        let mut program = started(&post);
        let busy = |report: &Json| standing(report).iter().any(|(.., status)| status == "bezig");
        wait_until(&post, busy);
        let children = format!("/proc/{0}/task/{0}/children", program.id());
        let workers = std::fs::read_to_string(children).expect("its processes");
        program.kill().expect("it is ended");
        for worker in workers.split_whitespace() {
            // It may have ended by itself.
            let _ = Command::new("kill").args(["-KILL", worker]).stderr(Stdio::null()).status();
        }
        program.wait().expect("it has ended");
        let left = wait_until(&post, |report| !busy(report));
        let open: Vec<_> = standing(&left).into_iter().filter(|one| one.2 == "wachtend").map(|one| one.0).collect();
        assert!(!open.is_empty(), "too fast to be stopped");
        let mut lines = rows(1..=24);
        for at in &open {
            let line = &mut lines[*at as usize - 2];
            *line = line.replace("Bakker", "Slager");
        }
        post.rows(&lines);
        let report = post.mailed(0);
        assert_eq!(standing(&report), (1..=24).map(|at| done(at as u64 + 1, at)).collect::<Vec<_>>());
        post.is_sound();
    }
}

/// The program on its way with the mailing.
fn started(post: &Post) -> std::process::Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_postkamer"));
    command.args(["mail", "run", LETTER, "--recipients", TABLE, "--name", NAME, "--jobs", "1", "--quiet"]);
    command.current_dir(post.office.workspace.path("")).env_clear().envs([
        ("LANG", "nl_NL.UTF-8"),
        ("SOURCE_DATE_EPOCH", EPOCH),
        ("POSTKAMER_REGISTER_URL", &post.office.url),
    ]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("postkamer runs")
}

/// Asks how the mailing stands until that is so; what was said last.
#[track_caller]
fn wait_until(post: &Post, is_so: impl Fn(&Json) -> bool) -> Json {
    let until = Instant::now() + Duration::from_secs(120);
    loop {
        let run = post.run(&["mail", "status", NAME, "--json"]);
        if run.code == Some(0) {
            let report = run.json();
            if is_so(&report) {
                return report;
            }
        }
        assert!(Instant::now() < until, "{run:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn stopped_on_the_way_it_is_seen_to_stand_there_and_goes_on() {
    for post in Post::all() {
        post.rows(&rows(1..=48));
        let mut program = started(&post);
        let busy = wait_until(&post, |report| counts(report)[1] > 0);
        program.kill().expect("it is ended");
        program.wait().expect("it has ended");
        assert_eq!(counts(&busy)[0], 48);
        assert!(counts(&busy)[1] + counts(&busy)[3] == 48 && counts(&busy)[3] > 0, "{busy}");
        let is_still = |report: &Json| standing(report).iter().all(|(.., status)| status != "bezig");
        let left = wait_until(&post, is_still);
        assert_eq!(standing(&left).len(), 48);
        assert!(counts(&left)[3] > 0, "too fast to be stopped");
        // The numbers are given out already, and the last row is not done yet.
        let mut lines = rows(1..=48);
        lines[47] = lines[47].replace("Bakker", "Slager");
        post.rows(&lines);
        let report = post.mailed(0);
        assert_eq!(standing(&report), (1..=48).map(|at| done(at as u64 + 1, at)).collect::<Vec<_>>());
        post.is_sound();
    }
}
