//! What a mailing stands on gives way: it says so, loses nothing, and goes on once that is there again.

use std::process::Command;

use super::Site;
use super::rest::Rest;
use crate::support::postgres::Server;

#[test]
fn a_database_that_goes_away_stops_a_mailing_which_goes_on_later() {
    let Some(server) = Server::start("") else { return };
    let site = Site::new(&server.database().url);
    site.table("post", 400);
    for (letters, stop) in [(30, Server::stop as fn(&Server)), (150, Server::crash)] {
        let mut program = site.start("post");
        site.wait_for("post", letters);
        let group = program.group();
        stop(&server);
        assert_eq!(program.ends_within(30).code(), Some(3), "{}", program.said());
        let said = program.said();
        assert!(said.contains("127.0.0.1") && !said.contains(server.password()), "{said}");
        group.is_gone_within(20);
        let run = site.mail("post").exits(3);
        assert!(run.json()["fouten"].is_null() || !run.err.is_empty(), "{}{}", run.out, run.err);
        assert!(server.resume());
        assert!(site.status("post")["wachtend"].as_u64() > Some(0), "it was over before the database was stopped");
    }
    site.mail("post").exits(0);
    Rest { sites: &[site], name: "post", rows: 400, before: 0 }.is_whole();
}

#[test]
fn a_full_disk_stops_a_mailing_which_goes_on_with_more_room() {
    let mut site = Site::new("sqlite:register.db");
    let disk = site.workspace.path("schijf");
    std::fs::create_dir(&disk).unwrap();
    let mount = |options: &str| {
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", options, "none"]).arg(&disk).output();
        mount.is_ok_and(|mount| mount.status.success())
    };
    if !mount("size=6m") {
        eprintln!("no small disk can be made here, so a full one is not tested; run as root");
        return;
    }
    site.workspace.change("postkamer.toml", "url = \"archief\"", "url = \"schijf/archief\"");
    site.archive = disk.join("archief");
    site.table("post", 200);
    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        for _ in 0..2 {
            let run = site.mail("post").exits(3);
            assert!(run.err.contains("schijf"), "{}", run.err);
            for verb in ["register", "archive"] {
                site.run(&[verb, "verify"]).exits(0);
            }
        }
        assert!(mount("remount,size=200m"));
        site.mail("post").exits(0);
        Rest { sites: std::slice::from_ref(&site), name: "post", rows: 200, before: 0 }.is_whole();
    }));
    let unmount = Command::new("umount").arg(&disk).status();
    assert!(unmount.is_ok_and(|unmount| unmount.success()));
    done.unwrap();
}
