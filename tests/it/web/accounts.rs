//! Who may come in, and what they may do there.

use std::net::UdpSocket;

use crate::support::Workspace;
use crate::support::browser::Browser;
use crate::support::client::Client;
use crate::support::postgres::database;
use crate::support::staff::{self, PASSWORD, STAFF, sign_in_from, signed_in};
use crate::support::workbench::Workbench;

/// What changes something, of every room; not all of it need be there.
const CHANGES: [&str; 11] = [
    "/archive/add",
    "/archive/verify",
    "/register/receive",
    "/register/entry/D2023-02-000001/void",
    "/register/entry/D2023-02-000001/withdraw",
    "/letters/new",
    "/letters/edit/letters/uitnodiging-netwerkpartners.md",
    "/letters/issue/letters/uitnodiging-netwerkpartners.md",
    "/mailings/new",
    "/mailings/x/start",
    "/nergens",
];

/// The code of the only finding of a refusal.
fn refusal(workspace: &Workspace, arguments: &[&str]) -> String {
    let told = workspace.run(&[arguments, &["--json"]].concat()).exits(1).json();
    assert_eq!(told["fouten"].as_array().map(Vec::len), Some(1), "{told}");
    told["fouten"][0]["code"].as_str().expect("a code").to_string()
}

#[test]
fn accounts_are_made_listed_and_taken_away() {
    let workspace = Workspace::new();
    assert_eq!(workspace.run(&["user", "list", "--json"]).exits(0).json(), serde_json::json!([]));
    staff::hire(&workspace, "m.bom", "schrijven", &[]);
    let add = |name: &str, password: &str, more: &[&str]| {
        workspace.write("wachtwoord", password);
        let arguments = [&["user", "add", "--password-file", "wachtwoord"], more, &["--", name]].concat();
        workspace.run(&[&["--json"], &arguments[..]].concat())
    };
    let code = |name: &str, password: &str, more: &[&str]| {
        let told = add(name, password, more).exits(1).json();
        told["fouten"][0]["code"].as_str().expect("a code").to_string()
    };
    assert_eq!(code("m.bom", PASSWORD, &[]), "account-taken");
    let long = "x".repeat(65);
    for name in
        ["", " ", "a b", "-x", ".x", "x.", "../x", "a/b", "a\nb", "a\tb", "<b>", "'", "a=b", "x\u{202e}y", &long]
    {
        assert_eq!(code(name, PASSWORD, &[]), "account-name", "{name:?}");
    }
    for password in ["", "\n", "veertientekens", "\nde tweede regel telt niet mee", &"x".repeat(1025)] {
        assert_eq!(code("j.nieuw", password, &[]), "password-length", "{password:?}");
        assert_eq!(code("m.bom", password, &["--replace"]), "password-length", "{password:?}");
    }
    workspace.run(&["user", "add", "j.nieuw", "--password-file", "weg"]).exits(3);
    let unasked = workspace.run(&["user", "add", "j.nieuw"]).exits(1);
    assert!(unasked.err.contains("[password-missing]") && unasked.err.contains("--password-file"), "{}", unasked.err);
    workspace.run(&["user", "add", "j.nieuw", "--rol", "koning", "--password-file", "wachtwoord"]).exits(2);
    add("Éva.de-Vries@example.nl", PASSWORD, &["--rol", "beheren"]).exits(0);
    add("m.bom", "een andere lange zin", &["--replace", "--rol", "lezen"]).exits(0);
    let listed = workspace.run(&["user", "list", "--json"]).exits(0);
    let accounts = listed.json();
    let names: Vec<_> =
        accounts.as_array().unwrap().iter().map(|one| (one["naam"].clone(), one["rol"].clone())).collect();
    assert_eq!(names, [("m.bom".into(), "lezen".into()), ("Éva.de-Vries@example.nl".into(), "beheren".into())]);
    assert_eq!(accounts[0].as_object().unwrap().keys().collect::<Vec<_>>(), ["naam", "rol", "gemaakt"]);
    // The same name, its accents written another way.
    workspace.run(&["user", "remove", "E\u{301}va.de-Vries@example.nl"]).exits(0);
    assert_eq!(refusal(&workspace, &["user", "remove", "j.nieuw"]), "account-unknown");
    let kept = std::fs::read(workspace.path("register.db")).expect("the register");
    for secret in [PASSWORD, "een andere lange zin"] {
        assert!(!kept.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret:?} is kept as it is");
    }
    // Accounts are no part of the chain.
    workspace.run(&["register", "verify"]).exits(0);
}

#[test]
fn a_session_begins_with_the_password_and_ends_when_it_should() {
    let workspace = Workspace::new();
    let workbench = staff::open(&workspace, &[]);
    let client = Client::new(&workbench);
    let asked = client.get("/register?q=a%20b").is(303);
    assert_eq!(asked.location.as_deref(), Some("/sign-in?next=%2Fregister%3Fq%3Da%2520b"));
    // Nothing is said of what there is.
    for path in ["/archive/D2023-02-000001", "/nergens", "/archive/D2023-02-000001/1/0"] {
        assert!(client.get(path).is(303).location.expect("a place").starts_with("/sign-in?next="), "{path}");
    }
    for path in CHANGES {
        assert_eq!(client.post_with(path, &[], &[("origin", &workbench.url)]).status, 401, "{path}");
    }
    let before = client.cookie();
    let (wrong, unknown) =
        (client.sign_in("m.bom", "niet het wachtwoord").is(401), client.sign_in("niemand", PASSWORD).is(401));
    let words = "horen niet bij elkaar";
    assert!(wrong.text().contains(words) && unknown.text().contains(words));
    assert_eq!(client.cookie(), before);
    client.get("/").is(303);
    let csrf = client.csrf();
    let sign_in = |next: &str| {
        let fields = [("csrf", csrf.as_str()), ("name", "m.bom"), ("password", PASSWORD), ("next", next)];
        client.post_with("/sign-in", &fields, &[("origin", &workbench.url)])
    };
    let answer = sign_in("/archive?page=2").is(303);
    assert_eq!(answer.location.as_deref(), Some("/archive?page=2"));
    let flags = answer.headers["set-cookie"].to_str().unwrap();
    assert!(flags.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{flags}");
    // Who knew the cookie before knows nothing.
    assert_ne!(client.cookie(), before);
    let fixed = Client::new(&workbench);
    fixed.take(&before);
    fixed.get("/").is(303);
    client.get("/").is(200);
    assert!(client.get("/").text().contains("<span>m.bom</span>"));
    assert_eq!(client.get("/sign-in?next=//example.org").is(303).location.as_deref(), Some("/"));
    // A form that was open before signing in is of another session.
    assert_eq!(sign_in("/").status, 403);

    // Signing out ends it for whoever has the cookie.
    let stolen = Client::new(&workbench);
    stolen.take(&client.cookie());
    stolen.get("/").is(200);
    assert_eq!(client.post("/sign-out", &[]).is(303).location.as_deref(), Some("/sign-in"));
    stolen.get("/").is(303);
    client.get("/").is(303);
    // Signing in once more ends the session that was there.
    let (first, second) = (signed_in(&workbench, "m.bom"), Client::new(&workbench));
    second.take(&first.cookie());
    second.post("/sign-in", &[("name", "m.bom"), ("password", PASSWORD), ("next", "//example.org")]).is(303);
    assert_ne!(first.cookie(), second.cookie());
    first.get("/").is(303);
    second.get("/").is(200);

    // Another password, or no account: out at once, everywhere.
    let (one, other) = (signed_in(&workbench, "m.bom"), signed_in(&workbench, "r.lezer"));
    workspace.write("wachtwoord", "een heel andere lange zin");
    workspace.run(&["user", "add", "m.bom", "--replace", "--password-file", "wachtwoord"]).exits(0);
    one.get("/").is(303);
    second.get("/").is(303);
    other.get("/").is(200);
    workspace.run(&["user", "remove", "r.lezer"]).exits(0);
    other.get("/").is(303);
    assert_eq!(sign_in_from(&other, "r.lezer", PASSWORD, "10.0.0.9").status, 401);

    // Twelve hours after it began, or two without use.
    for (column, moment) in [("begun", "2023-02-20T22:59:59Z"), ("seen", "2023-02-21T08:59:59Z")] {
        let late = signed_in(&workbench, "a.baas");
        late.get("/").is(200);
        let register = rusqlite::Connection::open(workspace.path("register.db")).expect("the register");
        register.busy_timeout(std::time::Duration::from_secs(10)).expect("a time");
        let sql = format!("UPDATE web_session SET {column} = ?1 WHERE account = 'a.baas'");
        assert_eq!(register.execute(&sql, [moment]).expect("a change"), 1, "{column}");
        late.get("/").is(303);
        // With the next one that begins it is cleared away.
        signed_in(&workbench, "a.baas");
        let left = "SELECT count(*) FROM web_session WHERE account = 'a.baas'";
        assert_eq!(register.query_row(left, [], |row| row.get::<_, i64>(0)).expect("a number"), 1, "{column}");
        register.execute("DELETE FROM web_session", []).expect("a change");
    }
    let log = staff::logged(&workbench, "10.0.0.9");
    assert!(log.contains("wrong name or password") && log.contains("\"m.bom\""), "{log}");
    for secret in [PASSWORD, "niet het wachtwoord", csrf.as_str(), before.split_once('=').unwrap().1] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[test]
fn what_is_written_goes_to_the_register_that_is_there() {
    let workspace = Workspace::new();
    let workbench = staff::open(&workspace, &[]);
    let client = signed_in(&workbench, "m.bom");
    let (path, backup) = (workspace.path("register.db"), workspace.path("backup.db"));
    let open = |path| rusqlite::Connection::open(path).expect("the register");
    open(&path).execute("VACUUM INTO ?1", [backup.to_str().expect("a path")]).expect("a backup");
    let remove = || {
        for rest in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{rest}", path.display()));
        }
    };
    remove();
    assert!(client.get("/").is(503).text().contains("is niet bereikbaar"));
    assert!(!path.exists(), "an empty register was made");
    std::fs::copy(&backup, &path).expect("a register");
    client.get("/").is(200);
    // Another in its place, at one blow.
    remove();
    std::fs::rename(&backup, &path).expect("a register");
    let sessions =
        || open(&path).query_row("SELECT count(*) FROM web_session", [], |row| row.get::<_, i64>(0)).expect("a number");
    assert_eq!(sessions(), 1);
    signed_in(&workbench, "r.lezer");
    assert_eq!(sessions(), 2);
}

#[test]
fn who_reads_does_not_wait_for_who_writes() {
    let workspace = Workspace::new();
    let workbench = staff::open(&workspace, &[]);
    let client = signed_in(&workbench, "r.lezer");
    let register = rusqlite::Connection::open(workspace.path("register.db")).expect("the register");
    register.busy_timeout(std::time::Duration::from_secs(10)).expect("a time");
    let seen =
        || register.query_row("SELECT seen FROM web_session", [], |row| row.get::<_, String>(0)).expect("a time");
    let now = seen();
    // Its last use was a while ago, so that this one is to be noted.
    register.execute("UPDATE web_session SET seen = '2023-02-21T10:30:00Z'", []).expect("a change");
    register.execute_batch("BEGIN IMMEDIATE").expect("the lock");
    let begun = std::time::Instant::now();
    client.get("/").is(200);
    client.get("/").is(200);
    assert!(begun.elapsed() < std::time::Duration::from_secs(4), "{:?}", begun.elapsed());
    register.execute_batch("COMMIT").expect("the lock is let go");
    let until = begun + std::time::Duration::from_secs(20);
    while seen() != now {
        assert!(std::time::Instant::now() < until, "never noted: {}", seen());
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}

#[test]
fn every_role_does_what_it_may() {
    let workspace = Workspace::new();
    let workbench = staff::open(&workspace, &[]);
    let [reader, writer, manager] = STAFF.map(|(name, _)| signed_in(&workbench, name));
    let before = workspace.run(&["register", "list", "--json"]).exits(0).out;
    let files = || crate::support::files_below(&workspace.path("letters"));
    let letters = files();
    for path in CHANGES {
        reader.post(path, &[]).is(403);
        reader.upload(path, &[], ("file", "brief.pdf", b"x")).is(403);
    }
    for path in ["/", "/letters", "/register", "/mailings", "/archive", "/archive/fixity"] {
        let page = reader.get(path).is(200).text();
        for form in page.split("<form").skip(1) {
            let form = form.split('>').next().unwrap_or_default();
            let harmless = !form.contains("post") || form.contains("\"/language\"") || form.contains("\"/sign-out\"");
            assert!(harmless, "a reader sees a form on {path}: {form}");
        }
        assert!(!page.contains("/letters/new") && !page.contains("/register/receive"), "{path}");
    }
    assert!(staff::logged(&workbench, "r.lezer").contains("refused"));
    writer.post("/archive/verify", &[]).is(403);
    assert!(!writer.get("/archive/fixity").is(200).text().contains("action=\"/archive/verify\""));
    assert!(manager.get("/archive/fixity").is(200).text().contains("action=\"/archive/verify\""));
    writer.upload("/archive/add", &[], ("file", "brief.pdf", b"x")).is(422);
    manager.post("/archive/verify", &[]).is(303);
    assert_eq!(workspace.run(&["register", "list", "--json"]).exits(0).out, before);
    assert_eq!(files(), letters);
    // Own page, own token, own host: for those who are signed in too.
    let csrf = writer.csrf();
    let own = workbench.url.as_str();
    for (fields, headers) in [
        (&[("csrf", csrf.as_str())][..], &[("origin", "https://example.org")][..]),
        (&[("csrf", &csrf)], &[("origin", own), ("sec-fetch-site", "cross-site")]),
        (&[("csrf", &csrf)], &[]),
        (&[], &[("origin", own)]),
        (&[("csrf", &manager.csrf())], &[("origin", own)]),
    ] {
        writer.post_with("/sign-out", fields, headers).is(403);
        writer.upload_with("/archive/add", fields, ("file", "brief.pdf", b"x"), headers).is(403);
    }
    writer.get("/").is(200);
    // A file before the token is not taken in.
    reader.post("/language", &[("taal", "en"), ("next", "/archive")]).is(303);
    assert!(reader.get("/").text().contains("Sign out"));
    reader.post("/sign-out", &[]).is(303);
    reader.get("/").is(303);
}

#[test]
fn guessing_is_slowed_down_for_who_guesses() {
    let workspace = Workspace::new();
    let workbench = staff::open(&workspace, &[]);
    let client = Client::new(&workbench);
    for _ in 0..5 {
        sign_in_from(&client, "m.bom", "niet het wachtwoord", "10.1.1.1").is(401);
    }
    let slow = sign_in_from(&client, "m.bom", PASSWORD, "10.1.1.1").is(429).text();
    assert!(slow.contains("Te veel pogingen") && slow.contains("seconden"), "{slow}");
    // What a client says before what the proxy says is not believed.
    sign_in_from(&client, "m.bom", PASSWORD, "10.9.9.9, 10.1.1.1").is(429);
    sign_in_from(&Client::new(&workbench), "a.baas", PASSWORD, "10.1.1.1").is(303);
    sign_in_from(&Client::new(&workbench), "m.bom", PASSWORD, "10.1.1.2").is(303);
    // Many names from one address.
    let tried: Vec<_> = (0..40)
        .map(|at| sign_in_from(&client, &format!("naam{at}"), "niet het wachtwoord", "10.1.1.3").status)
        .collect();
    assert!(tried.starts_with(&[401; 20]) && tried.ends_with(&[429; 4]), "{tried:?}");
    sign_in_from(&Client::new(&workbench), "r.lezer", PASSWORD, "10.1.1.4").is(303);
    // Nobody but a proxy on this machine says where others come from.
    if let Some(address) = own_address() {
        let port = staff::free_port();
        let url = format!("http://{address}:{port}");
        let other = Workbench::open_with(&workspace, &["--listen", &format!("0.0.0.0:{port}"), "--url", &url], &[]);
        let client = Client::of(&url);
        sign_in_from(&client, "m.bom", "niet het wachtwoord", "10.7.7.7").is(401);
        let log = staff::logged(&other, "wrong name or password");
        assert!(log.contains(&format!("from={address}")) && !log.contains("10.7.7.7"), "{log}");
    }
}

/// The address of this machine for others; none where it has no network.
fn own_address() -> Option<String> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    // Nothing is sent: it only tells which address would be used.
    socket.connect("192.0.2.1:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then(|| address.to_string())
}

#[test]
fn behind_tls_the_cookie_goes_over_nothing_else() {
    let workspace = Workspace::new();
    staff::hire(&workspace, "m.bom", "schrijven", &[]);
    let workbench =
        Workbench::open_with(&workspace, &["--listen", "127.0.0.1:0", "--url", "https://post.example.nl/"], &[]);
    let client = Client::new(&workbench);
    client.get("/").is(421);
    client.get_with("/", &[("host", "post.example.nl:80")]).is(421);
    let host = ("host", "post.example.nl");
    let page = client.get_with("/sign-in", &[host]).is(200);
    let flags = |answer: &crate::support::client::Answer| answer.headers["set-cookie"].to_str().unwrap().to_string();
    assert!(
        flags(&page).starts_with("__Host-postkamer=")
            && flags(&page).ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure")
    );
    assert_eq!(page.headers["strict-transport-security"], "max-age=31536000");
    let text = page.text();
    let csrf = text.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token");
    let fields = [("csrf", csrf), ("name", "m.bom"), ("password", PASSWORD), ("next", "/")];
    client.post_with("/sign-in", &fields, &[host, ("origin", "https://example.org")]).is(403);
    let answer = client.post_with("/sign-in", &fields, &[host, ("origin", "https://post.example.nl")]).is(303);
    assert!(flags(&answer).ends_with("; Secure"));
    client.get_with("/", &[host]).is(200);
}

#[test]
fn people_sign_in_and_out_in_a_browser() {
    let workspace = Workspace::new();
    let workbench = staff::open(&workspace, &[]);
    let browser = Browser::open();
    let mut found = Vec::new();
    browser.go(&workbench.at("/archive"));
    browser.wait_text("h1", "Aanmelden");
    found.extend(browser.violations());
    browser.fill("#name", "m.bom");
    browser.fill("#password", "niet het wachtwoord");
    browser.press("Aanmelden");
    browser.wait_text(".alert", "horen niet bij elkaar");
    found.extend(browser.violations());
    browser.fill("#password", PASSWORD);
    browser.press("Aanmelden");
    browser.wait_text("h1", "Archief");
    assert_eq!(browser.url(), workbench.at("/archive"));
    browser.wait_text(".visitor", "m.bom");
    found.extend(browser.violations());
    // The cookie is out of reach of scripts.
    assert_eq!(browser.script("return document.cookie", &[]), "");
    browser.press("English");
    browser.wait_text("h1", "Archive");
    found.extend(browser.violations());
    browser.press("Sign out");
    browser.wait_text("h1", "Sign in");
    browser.go(&workbench.at("/"));
    browser.wait_text("h1", "Sign in");
    // A wrong password is answered with 401, which the console mentions.
    found.extend(browser.complaints().into_iter().filter(|line| !line.contains("401")));
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn the_register_may_be_on_a_server() {
    let Some(database) = database() else { return };
    let workspace = Workspace::new();
    let environment = [("POSTKAMER_REGISTER_URL", database.url.as_str())];
    let workbench = staff::open(&workspace, &environment);
    let client = signed_in(&workbench, "m.bom");
    let fields = [
        ("onderwerp", "Over de server"),
        ("correspondent", "De Brug"),
        ("datum", "2023-02-20"),
        ("termijn", "2023-02-20"),
    ];
    let received = client.upload("/register/receive", &fields, ("bestand", "brief.txt", b"Geachte heer,")).is(303);
    assert_eq!(received.location.as_deref(), Some("/register/entry/I2023-000001"));
    let events = workspace.run_with(&["register", "show", "I2023-000001", "--json"], &environment).exits(0).json();
    assert_eq!(events["gebeurtenissen"][0]["wie"], "m.bom", "{events:#}");
    let desk = client.get("/").is(200).text();
    assert!(desk.contains("Over de server") && desk.contains("1 dag te laat"), "{desk}");
    for path in ["/letters", "/register", "/mailings", "/archive", "/archive/fixity"] {
        client.get(path).is(200);
    }
    // Several at once, on connections of their own.
    std::thread::scope(|scope| {
        for _ in 0..12 {
            scope.spawn(|| {
                let client = Client::new(&workbench);
                client.take(&client_cookie(&workbench));
                (0..5).for_each(|_| drop(client.get("/").is(200)));
            });
        }
    });
    client.post("/sign-out", &[]).is(303);
    client.get("/").is(303);
    workspace.run_with(&["register", "verify"], &environment).exits(0);
}

fn client_cookie(workbench: &Workbench) -> String {
    let client = Client::new(workbench);
    // The limit on attempts is by address.
    static NEXT: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(10);
    let from = format!("10.0.2.{}", NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
    sign_in_from(&client, "m.bom", PASSWORD, &from).is(303);
    client.cookie()
}
