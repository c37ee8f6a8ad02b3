//! The file of a letter that came in, added after the letter was registered.

use serde_json::Value as Json;

use super::whole_way::forget_the_archive;
use super::{ID, PDF, Room, issued, kinds, rooms};
use crate::issue::LETTER;
use crate::support::files_below;

const RECEIVE: [&str; 8] = ["register", "receive", "--onderwerp", "Advies", "--van", "SER", "--datum", "2022-12-24"];

const FIRST: &str = "I2023-000001";

/// Registers a letter, with what else is said of it.
#[track_caller]
fn receive(room: &Room, more: &[&str]) -> String {
    room.run(&[&RECEIVE[..], more].concat()).exits(0).out.trim_end().to_string()
}

/// What adds a file to a letter.
fn add<'a>(file: &'a str, id: &'a str) -> [&'a str; 6] {
    ["archive", "add", file, "--id", id, "--scan"]
}

/// Adds a file to a letter; once more changes nothing.
#[track_caller]
fn added(room: &Room, file: &str, id: &str) -> Json {
    let answer = room.json(&add(file, id));
    let kept = room.kept();
    assert_eq!(room.json(&add(file, id)), answer);
    assert!(room.kept() == kept, "the same file has changed something");
    assert_eq!(answer["ongewijzigd"], true, "{answer:#}");
    assert_eq!(room.got(id), room.office.bytes(file));
    answer
}

/// The names of the files of a version.
fn names(answer: &Json, version: usize) -> Vec<String> {
    let files = answer["versies"][version - 1]["bestanden"].as_array().expect("a list").iter();
    files.map(|file| file["naam"].as_str().expect("a name").to_string()).collect()
}

/// The last event of a letter.
fn last_event(room: &Room, id: &str) -> Json {
    let entry = room.json(&["register", "show", id]);
    entry["gebeurtenissen"].as_array().and_then(|all| all.last().cloned()).expect("an event")
}

/// The text of a file of the archive, by the end of its path.
fn archived(room: &Room, end: &str) -> String {
    let files = files_below(&room.office.workspace.path("archief"));
    let file = files.iter().find(|file| file.ends_with(end)).unwrap_or_else(|| panic!("no {end} in {files:?}"));
    std::fs::read_to_string(file).expect("a text")
}

#[test]
fn a_file_that_was_missing_is_kept_as_if_it_had_come_along() {
    for room in rooms(&[]) {
        room.office.workspace.write("post/advies.docx", "PK\u{3}\u{4} een advies");
        // The archive begins with it.
        assert_eq!(receive(&room, &["--ontvangen", "2022-12-30"]), FIRST);
        assert!(!room.office.workspace.path("archief").exists());
        let answer = added(&room, "post/advies.docx", FIRST);
        assert_eq!((answer["id"].as_str(), &answer["handtekeningen"]), (Some(FIRST), &Json::Array(vec![])));
        let other = receive(&room, &["--bestand", "post/advies.docx"]);
        let [one, two] = [FIRST, other.as_str()].map(|id| room.json(&["register", "show", id]));
        for key in ["naam", "algoritme", "digest", "omvang", "versie", "soort"] {
            assert_eq!(one["bestanden"][0][key], two["bestanden"][0][key], "{key}");
        }
        assert_eq!(one["bestanden"].as_array().map(Vec::len), Some(1));
        assert_eq!(one["status"], "open");
        // In the folder of the year in which it came in.
        assert_eq!(one["bestanden"][0]["pad"], "inkomend/2022/I2023-000001.docx");
        assert_eq!(room.office.bytes("inkomend/2022/I2023-000001.docx"), room.office.bytes("post/advies.docx"));
        let came_along = room.json(&["archive", "show", &other]);
        let alike: Vec<_> = names(&came_along, 1).iter().map(|name| name.replace(&other, FIRST)).collect();
        assert_eq!(names(&answer, 1), alike);
        let listed = room.json(&["archive", "list"]);
        assert_eq!(
            (kinds(&listed, FIRST), kinds(&listed, &other)),
            (vec!["ontvangen".into()], vec!["ontvangen".into()])
        );
        let event = last_event(&room, FIRST);
        assert_eq!(
            (&event["wat"], &event["bijzonderheden"]["bestand"]["naam"]),
            (&"aangevuld".into(), &"advies.docx".into())
        );
        assert_eq!(last_event(&room, &other)["wat"], "ontvangen");
        let people = room.run(&["register", "show", FIRST]).exits(0).out;
        assert!(people.contains("bestand later toegevoegd"), "{people}");
        // What is known of the letter goes along.
        let mdto = archived(&room, "v1/content/I2023-000001.MDTO.xml");
        for part in ["advies.docx", "Ontvangst", "2022-12-30", "Aanvulling", "SER"] {
            assert!(mdto.contains(part), "no {part} in {mdto}");
        }
        let folder = files_below(&room.office.workspace.path("archief"));
        let record = folder.iter().find(|file| file.ends_with("I2023-000001/v1/content/register.json"));
        let record = std::fs::read_to_string(record.expect("its entry")).expect("a text");
        let record: Json = serde_json::from_str(&record).expect("JSON");
        assert_eq!((&record["id"], &record["ontvangen"]), (&FIRST.into(), &"2022-12-30".into()));
        room.run(&["archive", "verify", FIRST]).exits(0);
        room.run(&["archive", "export", FIRST, "-o", "uit"]).exits(0);
        let packed = files_below(&room.office.workspace.path("uit"));
        assert!(packed.iter().any(|file| std::fs::read(file).unwrap() == room.office.bytes("post/advies.docx")));
        room.is_sound();
        // The letter goes on as any other.
        room.run(&["register", "handle", FIRST, "--reden", "Ter kennisgeving"]).exits(0);
        room.is_sound();
    }
}

#[test]
fn the_right_file_follows_a_wrong_one_and_both_stay() {
    for room in rooms(&[]) {
        room.office.workspace.write("fout.pdf", b"%PDF-1.4 van een ander");
        room.office.workspace.write("goed.png", b"\x89PNG\r\n\x1a\n de hele brief");
        assert_eq!(receive(&room, &["--bestand", "fout.pdf"]), FIRST);
        // What has come is there already.
        let kept = room.kept();
        room.run(&add("fout.pdf", FIRST)).exits(0);
        assert!(room.kept() == kept);
        let answer = added(&room, "goed.png", FIRST);
        assert_eq!(kinds(&room.json(&["archive", "list"]), FIRST), ["ontvangen", "ontvangen"]);
        let [old, new] = [names(&answer, 1), names(&answer, 2)];
        assert!(old.contains(&"fout.pdf".into()) && !old.contains(&"goed.png".into()), "{old:?}");
        assert!(new.contains(&"goed.png".into()) && !new.contains(&"fout.pdf".into()), "{new:?}");
        let show = room.json(&["register", "show", FIRST]);
        let files = show["bestanden"].as_array().expect("a list").iter();
        let files: Vec<_> =
            files.map(|file| (file["pad"].as_str().unwrap(), file["versie"].as_i64().unwrap())).collect();
        assert_eq!(files, [("inkomend/2023/I2023-000001.pdf", 1), ("inkomend/2023/I2023-000001/versie-2.png", 2)]);
        assert_eq!(room.office.bytes(files[0].0), room.office.bytes("fout.pdf"));
        assert_eq!(room.office.bytes(files[1].0), room.office.bytes("goed.png"));
        let event = last_event(&room, FIRST);
        assert_eq!((&event["wat"], &event["bijzonderheden"]["versie"]), (&"aangevuld".into(), &2.into()));
        // Its own description says when it came, that of the file before it does not.
        let described = |version: &str| archived(&room, &format!("{version}/content/I2023-000001.MDTO.xml"));
        assert!(!described("v1").contains("Aanvulling"));
        assert_eq!(described("v2").matches("Aanvulling").count(), 1);
        // What goes to an e-depot, or to another system, is the right one.
        room.run(&["archive", "export", FIRST, "-o", "uit"]).exits(0);
        let packed: Vec<_> = files_below(&room.office.workspace.path("uit"));
        let holds = |name: &str| packed.iter().any(|file| std::fs::read(file).unwrap() == room.office.bytes(name));
        assert!(holds("goed.png") && !holds("fout.pdf"), "{packed:?}");
        let others = room.run(&["register", "export", "--format", "zgw"]).exits(0).out;
        assert!(others.contains("goed.png") && !others.contains("fout.pdf"), "{others}");
        assert_eq!(room.run(&["archive", "get", FIRST]).exits(0).out, "I2023-000001.png\n");
        room.is_sound();
        // The first one was right after all.
        let third = added(&room, "fout.pdf", FIRST);
        assert_eq!(third["versies"].as_array().map(Vec::len), Some(3));
        assert_eq!(room.office.bytes("inkomend/2023/I2023-000001/versie-3.pdf"), room.office.bytes("fout.pdf"));
        room.is_sound();
        // Of a file without an extension, too.
        room.office.workspace.write("brief", "zonder naam");
        let bare = receive(&room, &["--bestand", "brief"]);
        assert!(room.office.workspace.path("inkomend/2023/I2023-000002").is_file());
        added(&room, "goed.png", &bare);
        assert!(room.office.workspace.path("inkomend/2023/I2023-000002~/versie-2.png").is_file());
        room.is_sound();
    }
}

#[test]
fn a_signature_is_judged_as_when_the_letter_comes() {
    let Some(room) = issued(&["Jansen"]) else { return };
    assert!(room.strange_key("Onbekend"));
    room.sign(PDF, "Onbekend", &["-o", "vreemd.pdf"]).exits(0);
    let id = receive(&room, &[]);
    let run = room.run(&add("vreemd.pdf", &id)).exits(0);
    assert!(run.err.contains("[signature-received]") && run.err.contains("vreemd.pdf"), "{}", run.err);
    let shown = room.json(&["archive", "show", &id]);
    let signature = &shown["handtekeningen"][0];
    assert_eq!((&signature["geldig"], &signature["code"]), (&false.into(), &"signature-untrusted".into()), "{shown:#}");
    assert!(names(&shown, 1).contains(&"handtekeningen.json".into()), "{shown:#}");
    // The one that follows has none.
    room.office.workspace.write("scan.jpg", b"\xff\xd8\xff een scan");
    let answer = added(&room, "scan.jpg", &id);
    assert_eq!(answer["handtekeningen"], Json::Array(vec![]));
    assert!(!names(&answer, 2).contains(&"handtekeningen.json".into()), "{answer:#}");
    room.is_sound();
}

#[test]
fn what_can_not_be_added_is_refused_with_the_way_out() {
    let room = Room::new();
    assert_eq!(receive(&room, &[]), FIRST);
    room.office.workspace.write("leeg.pdf", "");
    room.office.workspace.write("advies.txt", "een advies");
    for (file, code) in [("leeg.pdf", "received-file"), ("letters", "received-file"), ("weg.pdf", "file-missing")] {
        assert_eq!(room.refused(&add(file, FIRST)), [code], "{file}");
    }
    let settings = room.office.workspace.read("postkamer.toml");
    room.office.workspace.write("postkamer.toml", settings.replace("vertrouwen/ca.pem", "vertrouwen/weg.pem"));
    assert_eq!(room.refused(&add("advies.txt", FIRST)), ["trust-missing"]);
    room.office.workspace.write("postkamer.toml", settings);
    // A refusal begins no archive.
    assert!(!room.office.workspace.path("archief").exists());
    room.office.issue(LETTER, &[]);
    assert_eq!(room.refused(&add("advies.txt", "I2099-000001")), ["id-unknown"]);
    // Without being said to be its file, it would be a letter of ours that comes back.
    let bare = ["archive", "add", "advies.txt", "--id", FIRST];
    assert_eq!(room.refused(&bare), ["archive-not-standing"]);
    let said = room.run(&bare).exits(1).err;
    assert!(said.contains(&format!("--id {FIRST} --scan")), "{said}");
    let english = room.run(&[&bare[..], &["--taal", "en"]].concat()).exits(1).err;
    assert!(english.contains("this letter came in"), "{english}");
    let missing = room.run(&["archive", "show", FIRST]).exits(1).err;
    assert!(missing.contains("[archive-letter-missing]") && missing.contains("--scan"), "{missing}");
    // A letter of ours takes a scan only, and only while it stands.
    assert_eq!(room.refused(&add("advies.txt", ID)), ["archive-scan-unknown"]);
    room.run(&["register", "withdraw", ID, "--reden", "Verkeerd besluit"]).exits(0);
    assert_eq!(room.refused(&add("advies.txt", ID)), ["archive-not-standing"]);
    let said = room.run(&add("advies.txt", ID)).exits(1).err;
    assert!(said.contains("die niet is ingetrokken"), "{said}");
    added(&room, "advies.txt", FIRST);
    room.is_sound();
}

#[test]
fn a_letter_from_a_table_gets_its_file() {
    for room in rooms(&[]) {
        room.run(&["register", "import", "letters/adviestrajecten-2021.csv"]).exits(0);
        let id = "I2020-000001";
        room.office.workspace.write("advies.pdf", b"%PDF-1.4 een advies");
        added(&room, "advies.pdf", id);
        assert_eq!(room.office.bytes("inkomend/2020/I2020-000001.pdf"), room.office.bytes("advies.pdf"));
        assert_eq!(last_event(&room, id)["wat"], "aangevuld");
        room.run(&["archive", "export", id, "-o", "uit"]).exits(0);
        room.is_sound();
    }
}

/// The register knows files of letters that came in before there was an archive.
#[test]
fn a_file_from_before_the_archive_gets_into_it() {
    for room in rooms(&[]) {
        room.office.workspace.write("een.txt", "het ene");
        room.office.workspace.write("twee.txt", "het andere");
        let ids = [receive(&room, &["--bestand", "een.txt"]), receive(&room, &["--bestand", "een.txt"])];
        forget_the_archive(&room);
        std::fs::remove_dir_all(room.office.workspace.path("archief")).expect("it was there");
        added(&room, "een.txt", &ids[0]);
        assert_eq!(last_event(&room, &ids[0])["wat"], "gearchiveerd");
        added(&room, "twee.txt", &ids[1]);
        assert_eq!(last_event(&room, &ids[1])["wat"], "aangevuld");
        let listed = room.json(&["archive", "list"]);
        assert_eq!(ids.map(|id| kinds(&listed, &id)), [["ontvangen"], ["ontvangen"]]);
        room.is_sound();
    }
}

#[test]
fn files_that_are_added_at_once_follow_each_other_or_are_refused() {
    for room in rooms(&[]) {
        room.office.workspace.write("eerst.txt", "eerst");
        receive(&room, &["--bestand", "eerst.txt"]);
        let id = receive(&room, &[]);
        let files: Vec<_> = (0..5).map(|at| format!("bestand-{at}.txt")).collect();
        for file in &files {
            room.office.workspace.write(file, format!("dit is {file}"));
        }
        let runs: Vec<_> = std::thread::scope(|scope| {
            let started: Vec<_> = files.iter().map(|file| scope.spawn(|| room.run(&add(file, &id)))).collect();
            started.into_iter().map(|run| run.join().expect("it runs")).collect()
        });
        let (done, refused): (Vec<_>, Vec<_>) = runs.into_iter().partition(|run| run.code == Some(0));
        for run in &refused {
            assert!(run.code == Some(1) && run.err.contains("[archive-object-overtaken]"), "{run:?}");
        }
        let shown = room.json(&["archive", "show", &id]);
        assert!(!done.is_empty());
        assert_eq!(shown["versies"].as_array().map(Vec::len), Some(done.len()), "{shown:#}");
        let entry = room.json(&["register", "show", &id]);
        assert_eq!(entry["bestanden"].as_array().map(Vec::len), Some(done.len()), "{entry:#}");
        room.is_sound();
        let left = files_below(&room.office.workspace.path("inkomend")).into_iter();
        let left: Vec<_> =
            left.filter(|file| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))).collect();
        assert_eq!(left, Vec::<std::path::PathBuf>::new());
    }
}
