//! Names, tables and requests that no clerk makes.

use std::io::Write;
use std::net::{TcpListener, TcpStream};

use super::{HEADER, LETTER, prepared, row, start, table, workspace};
use crate::support::client::Client;
use crate::support::workbench::Workbench;
use crate::support::{Workspace, files_below};

fn kept(workspace: &Workspace) -> Vec<String> {
    let folder = workspace.path("mailings");
    if !folder.exists() {
        return Vec::new();
    }
    let files = files_below(&folder).into_iter();
    files.map(|file| file.strip_prefix(&folder).unwrap().display().to_string()).collect()
}

#[test]
fn a_name_is_a_name() {
    let workspace = workspace();
    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    let rows = table(HEADER, 3, row);
    let limits = "Hoogstens 25 MB en 100.000 rijen.";
    assert!(client.get("/mailings/new").is(200).text().contains(limits));
    let long = "x".repeat(81);
    for name in ["", "a/b", "..", "../x", "\"aan\"", "<b>dik</b>", "a\\b", "-x", "a\nb", &long] {
        let fields = [("letter", LETTER), ("name", name)];
        let page = client.upload("/mailings/new", &fields, ("table", "x.csv", rows.as_bytes())).is(422).text();
        assert!(page.contains("geen naam voor een mailing") && !page.contains("<b>dik"), "{name}: {page}");
        // What was filled in is still there.
        assert!(page.contains(&format!("<option value=\"{LETTER}\" selected")), "{page}");
    }
    for letter in ["", "../postkamer.toml", "postkamer.toml", "letters/geen.md", "/etc/passwd"] {
        let fields = [("letter", letter), ("name", "Goed")];
        client.upload("/mailings/new", &fields, ("table", "x.csv", rows.as_bytes())).is(422);
    }
    for (file, bytes) in
        [("x.exe", rows.as_bytes()), ("x.xlsx", rows.as_bytes()), ("mailing.toml", b"naam = 1"), ("x.csv", b"")]
    {
        let fields = [("letter", LETTER), ("name", "Goed")];
        client.upload("/mailings/new", &fields, ("table", file, bytes)).is(422);
    }
    assert_eq!(kept(&workspace), Vec::<String>::new());
    // Accents that some systems write apart are the same name.
    prepared(&client, "Cafe\u{301} 1.0_-", rows.as_bytes());
    let fields = [("letter", LETTER), ("name", "Café 1.0_-")];
    let page = client.upload("/mailings/new", &fields, ("table", "y.csv", rows.as_bytes())).is(422).text();
    assert!(page.contains("er is al een mailing"), "{page}");
    assert_eq!(kept(&workspace), ["Café 1.0_-/mailing.toml", "Café 1.0_-/straat.csv"]);
    for path in ["..%2F..%2Fletters", "%2e%2e", "..", "Caf%C3%A9%00", "Niets", "..%2FCaf%C3%A9%201.0_-"] {
        for rest in ["", "/table", "/row/2", "/start", "/refused.csv", "/report.csv", "/letter/1", "/print.pdf"] {
            let status = client.get(&format!("/mailings/{path}{rest}")).status;
            assert!([404, 400].contains(&status), "{path}{rest}: {status}");
        }
    }
    client.get("/mailings/Caf%C3%A9%201.0_-").is(200);
    for row in ["0", "1", "4", "-1", "x", "99999999999999999999"] {
        client.get(&format!("/mailings/Caf%C3%A9%201.0_-/row/{row}")).is(404);
    }
}

#[test]
fn what_a_table_holds_is_text_and_its_file_stays_inside() {
    let workspace = workspace();
    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    let rows = table(&format!("{HEADER};<script>alert(1)</script>"), 3, |number| row(number) + ";<img src=x>");
    let fields = [("letter", LETTER), ("name", "Vreemd")];
    let path = "../../<b>&.csv";
    client.upload("/mailings/new", &fields, ("table", path, rows.as_bytes())).is(303);
    assert_eq!(kept(&workspace), ["Vreemd/-b-&.csv", "Vreemd/mailing.toml"]);
    for page in ["/mailings", "/mailings/Vreemd", "/mailings/Vreemd/row/2"] {
        let page = client.get(page).is(200).text();
        assert!(!page.contains("<script>alert") && !page.contains("<img src=x>") && !page.contains("<b>"), "{page}");
    }
    // A table that leads out of the workspace is none of its files.
    let outside = Workspace::new();
    outside.write("geheim.csv", &rows);
    std::fs::remove_file(workspace.path("mailings/Vreemd/-b-&.csv")).unwrap();
    std::os::unix::fs::symlink(outside.path("geheim.csv"), workspace.path("mailings/Vreemd/-b-&.csv")).unwrap();
    let page = client.get("/mailings/Vreemd").is(422).text();
    assert!(!page.contains("Bakker"), "{page}");
}

#[test]
fn a_table_without_end_is_refused_before_it_is_read() {
    let workspace = workspace();
    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    let names: Vec<String> = (0..1000).map(|at| format!("k{at}")).collect();
    let wide = table(&names.join(";"), 6001, |_| ";".repeat(999) + "x");
    let long = table(HEADER, 100_002, row);
    let big = vec![b'x'; (25 << 20) + 1];
    let fields = [("letter", LETTER), ("name", "Groot")];
    for (bytes, words) in [
        (wide.as_bytes(), "deze tabel is te groot om te lezen"),
        (long.as_bytes(), "een mailing heeft er hoogstens"),
        (&big, "meer dan 25 MiB wordt niet gelezen"),
    ] {
        let page = client.upload("/mailings/new", &fields, ("table", "x.csv", bytes)).is(422).text();
        assert!(page.contains(words), "{page}");
    }
    assert_eq!(kept(&workspace), Vec::<String>::new());
    let own = workspace.path("x.csv");
    std::fs::write(&own, table(HEADER, 3, row)).expect("a table");
    let told = workspace.run(&["mail", "table", "x.csv", "--json"]).exits(0).json();
    assert_eq!(told, serde_json::json!({ "rijen": 2, "kolommen": 6 }));
}

#[test]
fn an_upload_that_is_cut_off_leaves_nothing() {
    let workspace = workspace();
    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    let part = |name: &str, value: &str| {
        format!("--grens\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let fields = part("csrf", &client.csrf()) + &part("letter", LETTER) + &part("name", "Half");
    let file = "--grens\r\nContent-Disposition: form-data; name=\"table\"; filename=\"half.csv\"\r\n\r\n";
    let (host, cookie) = (client.host().to_string(), client.cookie());
    let head = format!(
        "POST /mailings/new HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\n\
         Content-Type: multipart/form-data; boundary=grens\r\nContent-Length: 9000000\r\n\r\n"
    );
    let mut stream = TcpStream::connect(&host).expect("a connection");
    stream.write_all((head + &fields + file + &table(HEADER, 2000, row)).as_bytes()).expect("half a form");
    std::thread::sleep(std::time::Duration::from_millis(300));
    workbench.kill();
    assert_eq!(kept(&workspace), Vec::<String>::new());
    // What a program left that was ended while it kept a table is cleared away by the next.
    workspace.write("mailings/.postkamer-oud/half.csv", HEADER);
    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    assert!(!client.get("/mailings").is(200).text().contains("half.csv"));
    prepared(&client, "Half", table(HEADER, 3, row).as_bytes());
    assert_eq!(kept(&workspace), ["Half/mailing.toml", "Half/straat.csv"]);
    assert!(!workspace.path("mailings/.postkamer-oud").exists());
}

#[test]
fn who_reads_starts_nothing() {
    let workspace = workspace();
    prepared(&Client::new(&Workbench::open(&workspace)), "Straat", table(HEADER, 3, row).as_bytes());
    workspace.write("wachtwoord", "een zin van een paar woorden\n");
    for (name, role) in [("lezer", "lezen"), ("schrijver", "schrijven")] {
        workspace.run(&["user", "add", name, "--rol", role, "--password-file", "wachtwoord"]).exits(0);
    }
    let free = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port");
    let (listen, url) = (free.to_string(), format!("http://{free}"));
    let workbench = Workbench::open_with(&workspace, &["--listen", &listen, "--url", &url], &[]);
    let before = kept(&workspace);
    let client = Client::new(&workbench);
    client.sign_in("lezer", "een zin van een paar woorden").is(303);
    let page = client.get("/mailings/Straat").is(200).text();
    assert!(!page.contains("/start\"") && !page.contains("type=\"file\""), "{page}");
    client.get("/mailings/new").is(403);
    client.get("/mailings/Straat/start").is(403);
    start(&client, "Straat", "").is(403);
    client.post("/mailings/Straat/check", &[]).is(403);
    let file = ("table", "x.csv", HEADER.as_bytes());
    client.upload("/mailings/new", &[("letter", LETTER), ("name", "Ander")], file).is(403);
    client.upload("/mailings/Straat/table", &[], file).is(403);
    assert_eq!(kept(&workspace), before);
    workspace.run(&["mail", "status", "Straat"]).exits(1);
    let client = Client::new(&workbench);
    client.sign_in("schrijver", "een zin van een paar woorden").is(303);
    start(&client, "Straat", &super::begun(&client, "Straat")).is(303);
    super::patiently("its letters", || {
        client.get("/mailings/Straat").text().contains("Alle brieven zijn er: 2.").then_some(())
    });
    let events = workspace.run(&["register", "list", "--json"]).exits(0).json();
    assert_eq!(events.as_array().map(Vec::len), Some(2));
}
