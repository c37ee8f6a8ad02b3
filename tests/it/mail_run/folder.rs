//! `--out` and `--report`: the letters in a folder for people, and what came of every row.

use super::*;

fn names(post: &Post, folder: &str) -> Vec<String> {
    let root = post.office.workspace.path(folder);
    files_below(&root).iter().map(|path| path.strip_prefix(&root).unwrap().to_string_lossy().into_owned()).collect()
}

#[test]
fn letters_are_named_by_their_number_and_for_whom_they_are() {
    let post = Post::new();
    let name =
        |at: usize, name: &str| row(at).replace(&format!("Bakker {at}"), &format!("\"{}\"", name.replace('"', "\"\"")));
    post.rows(&[
        name(1, "Bakkerij De Korenaar"),
        name(2, "../../etc/passwd"),
        name(3, "a/b\\c: \"d\" <e> |f? *"),
        name(4, &format!("{}eind", "Wij ".repeat(30))),
        name(5, "Café d'Or & Zn. B.V."),
        name(6, "…"),
        name(7, "Bakkerij De Korenaar"),
        name(8, "con"),
        wrong(9),
    ]);
    let report = post.mail(&["--out", "mappen/post", "--json"]).exits(4).json();
    let found = names(&post, "mappen/post");
    let expected = [
        "D2023-02-000001 Bakkerij De Korenaar.pdf".to_string(),
        "D2023-02-000002 ..-..-etc-passwd.pdf".into(),
        "D2023-02-000003 a-b-c- -d- -e- -f- -.pdf".into(),
        format!("D2023-02-000004 {}.pdf", "Wij ".repeat(15).trim_end()),
        "D2023-02-000005 Café d'Or & Zn. B.V..pdf".into(),
        "D2023-02-000006 ….pdf".into(),
        "D2023-02-000007 Bakkerij De Korenaar.pdf".into(),
        "D2023-02-000008 con.pdf".into(),
        "rapport.csv".into(),
        "rapport.json".into(),
    ];
    assert_eq!(found, expected);
    for (at, name) in found[..8].iter().enumerate() {
        assert!(post.bytes(&format!("mappen/post/{name}")) == post.bytes(&pdf(at + 1)), "{name}");
    }
    assert_eq!(serde_json::from_slice::<Json>(&post.bytes("mappen/post/rapport.json")).expect("JSON"), report);
    let csv = post.office.workspace.read("mappen/post/rapport.csv");
    let lines: Vec<_> = csv.trim_start_matches('\u{FEFF}').lines().collect();
    assert_eq!((lines.len(), lines[0]), (10, "rij;kenmerk;status;pdf;meldingen"));
    assert_eq!(lines[1], format!("2;{};gereed;{};", kenmerk(1), pdf(1)));
    assert!(
        lines[9].starts_with("10;;geweigerd;;\"postcode: ") || lines[9].starts_with("10;;geweigerd;;postcode: "),
        "{csv}"
    );
    // Again, and nothing is written twice.
    assert_eq!(post.mail(&["--out", "mappen/post", "--json"]).exits(4).json(), report);
    assert_eq!(names(&post, "mappen/post"), expected);
}

#[test]
fn a_number_that_no_file_can_be_called_by_is_written_otherwise() {
    let post = Post::new();
    post.office.workspace.change("postkamer.toml", "D{jaar}-{maand}-{volgnummer:6}", "{jaar}/{volgnummer:7}");
    post.rows(&rows(1..=2));
    let report = post.mail(&["--out", "post", "--merge", "druk.pdf", "--json"]).exits(0).json();
    assert_eq!(report["rijen"][1]["kenmerk"], "2023/0000002");
    let found = names(&post, "post");
    assert_eq!(found[..2], ["2023-0000001 Bakker 1.pdf", "2023-0000002 Bakker 2.pdf"]);
    post.is_sound();
}

#[cfg(unix)]
#[test]
fn others_can_read_what_is_written() {
    use std::os::unix::fs::PermissionsExt;
    let post = Post::new();
    post.rows(&rows(1..=2));
    let arguments = ["mail", "run", LETTER, "--recipients", TABLE, "--name", NAME];
    let more = ["--out", "post", "--merge", "druk.pdf", "--report", "verslag.csv"];
    let program = env!("CARGO_BIN_EXE_postkamer");
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "umask 022; exec \"$0\" \"$@\"", program]).args(arguments).args(more);
    command.current_dir(post.office.workspace.path("")).env_clear();
    command.env("SOURCE_DATE_EPOCH", crate::support::EPOCH).env("LANG", "nl_NL.UTF-8");
    Run::of(command.output().expect("it runs")).exits(0);
    let mode = |path: &Path| std::fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    let written = ["post", "uitgaand"].map(|folder| files_below(&post.office.workspace.path(folder))).concat();
    let single = ["druk.pdf", "verslag.csv"].map(|name| post.office.workspace.path(name));
    for path in written.iter().chain(&single) {
        assert_eq!(mode(path), 0o644, "{}", path.display());
    }
    assert_eq!(written.len(), 2 + 2 + 2);
    assert_eq!(mode(&post.office.workspace.path("post")), 0o755);
}

#[test]
fn what_lies_there_under_such_a_name_is_kept() {
    let post = Post::new();
    post.rows(&rows(1..=2));
    post.write("post/D2023-02-000001 Bakker 1.pdf", "van iemand anders");
    post.write("post/rapport.csv", "mijn eigen rapport");
    post.write("post/rapport.json", "[1]");
    post.write("post/aantekening.txt", "blijft");
    let run = post.mail(&["--out", "post"]).exits(0);
    let found = names(&post, "post");
    let holds = |text: &str| found.iter().any(|name| post.bytes(&format!("post/{name}")) == text.as_bytes());
    for text in ["van iemand anders", "mijn eigen rapport", "[1]", "blijft"] {
        assert!(holds(text), "{text} is gone: {found:?}");
    }
    assert!(run.err.contains("onbekend"), "{}", run.err);
    assert!(post.bytes("post/D2023-02-000001 Bakker 1.pdf") == post.bytes(&pdf(1)));
    assert_eq!(found.len(), 4 + 4, "{found:?}");
    // Our own reports of a moment before are not kept.
    post.rows(&rows(1..=3));
    post.mail(&["--out", "post"]).exits(0);
    assert_eq!(names(&post, "post").len(), 4 + 5);
    // Nor is anybody's letter lost to another mailing that goes to the same folder.
    post.run(&["mail", "run", LETTER, "--recipients", TABLE, "--name", "tweede", "--out", "post"]).exits(0);
    let found = names(&post, "post");
    assert_eq!(found.iter().filter(|name| name.starts_with('D')).count(), 1 + 6, "{found:?}");
    let reports = found.iter().filter(|name| name.ends_with(".json")).filter(|name| {
        serde_json::from_slice::<Json>(&post.bytes(&format!("post/{name}"))).is_ok_and(|report| report["naam"] == NAME)
    });
    assert_eq!(reports.count(), 1, "{found:?}");
}

#[test]
fn nothing_that_counts_is_written_over() {
    let post = Post::new();
    post.rows(&rows(1..=2));
    post.mailed(0);
    std::fs::create_dir(post.office.workspace.path("letters/map")).expect("it is made");
    let root = post.office.workspace.path("").display().to_string();
    let own = pdf(1);
    let absolute = format!("{root}/archief/x.pdf");
    let files = [
        TABLE,
        LETTER,
        "postkamer.toml",
        "register.db",
        "archief/x.pdf",
        "archief",
        &own,
        "letters/uitnodiging.md",
        "./letters/../straat.csv",
        &absolute,
        "uitgaand/2023/../2023/D2023-02-000002.pdf",
    ];
    let spared = |option: &str, path: &str| {
        let before = files_below(&post.office.workspace.path("")).len();
        let kept = [TABLE, LETTER, "postkamer.toml"].map(|path| post.bytes(path));
        let found = post.refused(&["mail", "run", LETTER, "--recipients", TABLE, "--name", NAME, option, path]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(kept == [TABLE, LETTER, "postkamer.toml"].map(|path| post.bytes(path)), "{option} {path}");
        assert_eq!(files_below(&post.office.workspace.path("")).len(), before, "{option} {path}");
        found[0]["code"].as_str().expect("a code").to_string()
    };
    for file in files.iter().filter(|file| post.office.workspace.path(file).exists() || file.contains("archief")) {
        assert_eq!(spared("--merge", file), "output-is-own", "{file}");
    }
    for folder in ["archief", "archief/x", "uitgaand", "uitgaand/2023", "inkomend", "templates/x", "mailings/Straat"] {
        assert_eq!(spared("--out", folder), "output-is-own", "{folder}");
    }
    let table = post.bytes(TABLE);
    post.write("post/rapport.csv", &table);
    let own = ["mail", "run", LETTER, "--recipients", "post/rapport.csv", "--name", NAME, "--out", "./post"];
    assert_eq!(post.refused(&own)[0]["code"], "output-is-own");
    assert!(post.bytes("post/rapport.csv") == table);
    for file in ["verslag.txt", "verslag", "verslag.xlsx"] {
        assert_eq!(spared("--report", file), "mail-report-kind", "{file}");
    }
    assert_eq!(spared("--report", TABLE), "output-is-own");
    assert_eq!(spared("--report", "archief/x.csv"), "output-is-own");
    // The table of a mailing that was prepared in the workbench.
    let prepared = "mailings/Straat/lijst.csv";
    post.write(prepared, &table);
    for option in ["--report", "--merge"] {
        assert_eq!(spared(option, prepared), "output-is-own", "{option}");
    }
    assert!(post.bytes(prepared) == table);
}

#[test]
fn a_report_is_what_is_printed() {
    let post = Post::new();
    post.rows(&[row(1), wrong(2)]);
    let report = post.mail(&["--report", "verslag.json", "--json"]).exits(4).json();
    assert_eq!(serde_json::from_slice::<Json>(&post.bytes("verslag.json")).expect("JSON"), report);
    post.mail(&["--report", "verslagen/verslag.csv"]).exits(4);
    post.run(&["mail", "status", NAME, "--report", "nu.csv"]).exits(0);
    assert_eq!(post.bytes("nu.csv"), post.bytes("verslagen/verslag.csv"));
    let table = post.office.workspace.read("nu.csv");
    assert!(table.starts_with("\u{FEFF}rij;kenmerk;status;pdf;meldingen\r\n"), "{table}");
    assert_eq!(
        post.run(&["mail", "status", NAME, "--report", "x.txt", "--json"]).exits(1).json()["fouten"][0]["code"],
        "mail-report-kind"
    );
}
