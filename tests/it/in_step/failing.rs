//! What the archive lies on fails: the command says so, nothing is half done, and it can be run again.

use std::path::Path;
use std::process::Command;

use super::House;
use crate::support::postgres::Backend;

fn sqlite() -> Option<House> {
    House::new(Backend { name: "sqlite", url: "sqlite:register.db".into() })
}

/// An archive that the register has letters in is never made anew.
#[test]
fn an_archive_that_is_gone_is_missed() {
    for house in House::all() {
        let ids = [house.issue("een"), house.issue("twee")];
        house.sign_file(&ids[0], "getekend.pdf");
        house.office.workspace.write("advies.txt", "een advies");
        house.office.letter("letters/drie.md", "Drie");
        let (archive, away) = (house.archive(), house.path("elders"));
        for is_empty in [false, true] {
            std::fs::rename(&archive, &away).unwrap();
            if is_empty {
                std::fs::create_dir(&archive).unwrap();
            }
            for refused in [
                &["issue", "letters/drie.md"][..],
                &["archive", "add", "getekend.pdf"],
                &["archive", "get", &ids[0]],
                &["archive", "list"],
            ] {
                assert_eq!(house.office.refusal(refused), "archive-lost", "{refused:?}");
            }
            let run = house.receive("advies.txt").exits(1);
            assert!(run.err.contains("[archive-lost]") && run.err.contains("2 brieven"), "{}", run.err);
            assert_eq!(super::names(&archive), Vec::<String>::new());
            assert_eq!(archive.exists(), is_empty);
            // Which letters are gone.
            let found = house.found(&["archive", "verify"]);
            for id in &ids {
                assert!(found.iter().any(|(of, ..)| of == id), "{id}: {found:?}");
                assert!(house.found(&["archive", "verify", id]).iter().any(|(of, ..)| of == id));
            }
            let people = house.run(&["archive", "verify"]).exits(1);
            assert!(people.err.contains("[archive-gone]"), "{}", people.err);
            if is_empty {
                std::fs::remove_dir(&archive).unwrap();
            }
            std::fs::rename(&away, &archive).unwrap();
            house.is_clean("put back");
        }
        assert_eq!(house.numbers(), ids, "no number was given out");
        assert_eq!(house.issue("drie"), "D2023-02-000003");
        assert_eq!(house.run(&["archive", "add", "getekend.pdf"]).code, Some(0));
        assert_eq!(house.receive("advies.txt").exits(0).out.trim(), "I2023-000001");
        house.is_clean("at the end");
    }
}

/// Runs with the archive on a small disk of its own, if one can be made.
fn on_a_disk(options: &str, work: impl Fn(&House, &Path) + std::panic::RefUnwindSafe) {
    let Some(house) = sqlite() else { return };
    let disk = house.path("schijf");
    std::fs::create_dir(&disk).unwrap();
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", options, "none"]).arg(&disk).output();
    if !mount.is_ok_and(|mount| mount.status.success()) {
        eprintln!("no small disk can be made here, so a full one is not tested; run as root");
        return;
    }
    house.office.workspace.change("postkamer.toml", "url = \"archief\"", "url = \"schijf/archief\"");
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&house, &disk)));
    let unmount = Command::new("umount").arg(&disk).status();
    assert!(unmount.is_ok_and(|unmount| unmount.success()));
    outcome.unwrap();
}

#[test]
fn a_full_disk_is_told_and_costs_nothing() {
    on_a_disk("size=2m", |house, disk| {
        let id = house.issue("eerst");
        house.sign_file(&id, "getekend.pdf");
        house.office.workspace.write("advies.txt", vec![b'x'; 40_000]);
        for path in ["letters/vol.md", "letters/versie.md"] {
            house.office.letter(path, "Vol");
        }
        house.office.issue("letters/versie.md", &[]);
        house.office.workspace.change("letters/versie.md", "uit.", "van harte uit.");
        let filler = disk.join("vol");
        // Full from the start, and full on the way.
        for free in [0, 8, 20, 40] {
            std::fs::write(&filler, vec![0; 2 << 20]).unwrap_err();
            let size = std::fs::metadata(&filler).unwrap().len();
            std::fs::File::options().write(true).open(&filler).unwrap().set_len(size - (free << 10)).unwrap();
            for arguments in [
                &["issue", "letters/vol.md"][..],
                &["issue", "letters/versie.md", "--nieuwe-versie"],
                &["archive", "add", "getekend.pdf"],
            ] {
                let run = house.run(arguments).exits(3);
                assert!(run.err.contains("schijf"), "{}", run.err);
            }
            house.receive("advies.txt").exits(3);
            for verb in ["register", "archive"] {
                assert_eq!(house.found(&[verb, "verify"]), [], "{free}");
            }
            std::fs::remove_file(&filler).unwrap();
            assert_eq!(super::names(&disk.join(".archief-in-bewerking")), Vec::<String>::new());
        }
        assert_eq!(house.office.issue("letters/vol.md", &[])["kenmerk"], "D2023-02-000003");
        house.office.issue("letters/versie.md", &["--nieuwe-versie"]);
        house.run(&["archive", "add", "getekend.pdf"]).exits(0);
        assert_eq!(house.receive("advies.txt").exits(0).out.trim(), "I2023-000001");
        house.is_clean("with room again");
    });
}

#[test]
fn a_disk_that_can_only_be_read_is_told_and_can_be_verified() {
    on_a_disk("size=16m", |house, disk| {
        let id = house.issue("eerst");
        house.sign_file(&id, "getekend.pdf");
        house.office.letter("letters/later.md", "Later");
        house.office.workspace.write("advies.txt", "een advies");
        let remount = |how: &str| {
            let done = Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(disk).status();
            assert!(done.is_ok_and(|done| done.success()));
        };
        remount("ro");
        house.run(&["issue", "letters/later.md"]).exits(3);
        house.run(&["archive", "add", "getekend.pdf"]).exits(3);
        house.receive("advies.txt").exits(3);
        for verb in ["register", "archive"] {
            assert_eq!(house.found(&[verb, "verify"]), []);
        }
        house.run(&["archive", "get", &id, "-o", "uit.pdf"]).exits(0);
        remount("rw");
        assert_eq!(house.issue("later"), "D2023-02-000002");
        house.run(&["archive", "add", "getekend.pdf"]).exits(0);
        assert_eq!(house.receive("advies.txt").exits(0).out.trim(), "I2023-000001");
        house.is_clean("written again");
    });
}
