//! Requests that no page of the workbench makes: refused, logged, nothing changed.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::support::Workspace;
use crate::support::client::Client;
use crate::support::staff::raw;
use crate::support::workbench::Workbench;

#[test]
fn another_host_is_refused() {
    let workspace = Workspace::new();
    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    client.get("/").is(200);
    for host in ["example.org", "127.0.0.1", "127.0.0.1:1", "localhost.example.org", "", "127.0.0.1.nip.example"] {
        client.get_with("/", &[("host", host)]).is(421);
    }
    workbench.logs("refused");
}

#[test]
fn a_form_from_elsewhere_is_refused() {
    let workspace = Workspace::new();
    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    let (own, csrf) = (workbench.url.clone(), client.csrf());
    let fields = [("csrf", csrf.as_str()), ("taal", "en"), ("next", "/")];
    client.post_with("/language", &fields, &[("origin", &own)]).is(303);
    let (tls, other) = (own.replace("http:", "https:"), own.replace("127.0.0.1", "localhost"));
    for origin in ["http://example.org", "null", "http://127.0.0.1", &tls, &other] {
        client.post_with("/language", &fields, &[("origin", origin)]).is(403);
    }
    client.post_with("/language", &fields, &[]).is(403);
    client.post_with("/language", &fields, &[("origin", &own), ("sec-fetch-site", "cross-site")]).is(403);
    client.post_with("/language", &fields, &[("origin", &own), ("sec-fetch-site", "same-site")]).is(403);
    // The token of another session, a broken one, none.
    let other = Client::new(&workbench).csrf();
    for token in [other.as_str(), "", "x", &csrf[1..]] {
        client.post_with("/language", &[("csrf", token), ("taal", "en")], &[("origin", &own)]).is(403);
    }
    client.post_with("/language", &[("taal", "en")], &[("origin", &own)]).is(403);
    workbench.logs("refused");
}

#[test]
fn every_answer_carries_what_keeps_others_out() {
    let workspace = Workspace::new();
    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    let own = workbench.url.clone();
    let answers = [
        client.get("/").is(200),
        client.get("/archive").is(200),
        client.get("/nergens").is(404),
        client.get("/archive/D2099-01-000001").is(422),
        client.get("/assets/postkamer.css").is(200),
        client.get("/assets/nergens.css").is(404),
        client.get_with("/", &[("host", "example.org")]).is(421),
        client.post_with("/language", &[], &[("origin", "http://example.org")]).is(403),
        client.post_with("/language", &[], &[("origin", &own)]).is(403),
        client.post("/archive", &[]).is(404),
    ];
    for answer in answers {
        let header = |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default();
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{answer:?}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "same-origin");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        // Only what the program itself carries may be kept, and is asked for again.
        assert!(["no-store", "no-cache"].contains(&header("cache-control")), "{answer:?}");
        assert!(answer.headers.get("server").is_none());
    }
    assert_eq!(client.get("/archive").headers["cache-control"], "no-store");
}

#[test]
fn no_path_leads_out_of_the_workspace() {
    let workspace = Workspace::new();
    workspace.write("letters/../geheim.md", "+++\nonderwerp = \"geheim van buiten de brieven\"\n+++\n");
    let workbench = Workbench::open(&workspace);
    let host = workbench.url.trim_start_matches("http://").to_string();
    let out = [
        "../postkamer.toml",
        "..%2fpostkamer.toml",
        "%2e%2e/postkamer.toml",
        "%2e%2e%2fpostkamer.toml",
        "..%5cpostkamer.toml",
        "....//postkamer.toml",
        "%252e%252e%252fpostkamer.toml",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "letters/../../../../../../etc/passwd",
        "letters/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "register.db",
        "x%00.md",
        "%ff%fe",
    ];
    let rooms = [
        "/",
        "/assets/",
        "/archive/",
        "/archive/x/1/",
        "/letters/edit/",
        "/letters/issue/",
        "/letters/pages/",
        "/letters/pdf/",
        "/mailings/",
        "/mailings/x/row/",
        "/register/entry/",
        "/register/file/",
        "/register/export/",
    ];
    for room in rooms {
        for path in out {
            // As it is: what tidies paths up would not try this.
            let request = format!("GET {room}{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            let answer = raw(&host, &[request.as_bytes()]);
            let status = answer.split(' ').nth(1).unwrap_or_default();
            assert!(matches!(status, "303" | "400" | "404" | "405" | "422"), "{room}{path}: {answer}");
            for secret in ["root:", "[afzender", "geheim van buiten", "SQLite format"] {
                assert!(!answer.contains(secret), "{room}{path}: {answer}");
            }
        }
    }
    assert!(Client::new(&workbench).get("/").is(200).text().contains("Bureau"));
}

#[test]
fn more_than_is_taken_in_is_refused() {
    let workspace = Workspace::new();
    let workbench = Workbench::open(&workspace);
    let host = workbench.url.trim_start_matches("http://").to_string();
    let client = Client::new(&workbench);
    let (csrf, cookie) = (client.csrf(), client.cookie());
    let head = |path: &str, kind: &str, length: usize| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\nConnection: close\r\n\
             Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
        )
    };
    let first = format!("csrf={csrf}&taal=en&next=");
    let form = head("/language", "application/x-www-form-urlencoded", first.len() + (5 << 20));
    let answer = raw(&host, &[form.as_bytes(), first.as_bytes(), &vec![b'x'; 5 << 20]]);
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    let first = format!(
        "--grens\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n\
         --grens\r\nContent-Disposition: form-data; name=\"file\"; filename=\"groot.pdf\"\r\n\r\n"
    );
    let large = 101 << 20;
    let upload = head("/archive/add", "multipart/form-data; boundary=grens", first.len() + large);
    let answer = raw(&host, &[upload.as_bytes(), first.as_bytes(), &vec![b'x'; large]]);
    assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("te groot"), "{answer}");
    // The text of a form with files is no larger than that of any other.
    let field = |value: &str| {
        format!(
            "--grens\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n\
             --grens\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n{value}\r\n\
             --grens\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF\r\n--grens--\r\n"
        )
    };
    for (value, status) in [("x".repeat(5 << 20), "413"), ("D2023\0".into(), "400")] {
        let body = field(&value);
        let upload = head("/archive/add", "multipart/form-data; boundary=grens", body.len());
        let answer = raw(&host, &[upload.as_bytes(), body.as_bytes()]);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    }
    // What is no form at all.
    for kind in ["application/json", "text/plain", "multipart/form-data", ""] {
        let answer = raw(&host, &[head("/archive/add", kind, 2).as_bytes(), b"{}"]);
        assert!(answer.starts_with("HTTP/1.1 400") || answer.starts_with("HTTP/1.1 403"), "{kind}: {answer}");
    }
    client.get("/").is(200);
}

#[test]
fn who_says_nothing_keeps_nobody_waiting() {
    let workspace = Workspace::new();
    let workbench = Workbench::open(&workspace);
    let host = workbench.url.trim_start_matches("http://").to_string();
    let client = Client::new(&workbench);
    let csrf = client.csrf();
    let upload = format!(
        "POST /archive/add HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {}\r\n\
         Content-Type: multipart/form-data; boundary=grens\r\nContent-Length: 1000000\r\n\r\n\
         --grens\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n\
         --grens\r\nContent-Disposition: form-data; name=\"file\"; filename=\"brief.pdf\"\r\n\r\n%PDF",
        client.cookie()
    );
    // Nothing, half a request, half a form: a hundred of each.
    let beginnings = ["", "GET / HTTP/1.1\r\nHost: ", upload.as_str()];
    let held: Vec<_> = (0..300)
        .map(|at| {
            let mut stream = TcpStream::connect(&host).expect("it listens");
            stream.write_all(beginnings[at % 3].as_bytes()).expect("it is sent");
            stream
        })
        .collect();
    let begun = Instant::now();
    for _ in 0..20 {
        for path in ["/", "/register", "/archive"] {
            client.get(path).is(200);
        }
    }
    // Far less than any of those who are silent would wait.
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    client.upload("/archive/add", &[], ("file", "brief.pdf", b"geen pdf")).is(422);
    drop(held);
    client.get("/").is(200);
}

#[test]
fn another_site_gets_no_file_of_ours() {
    let workspace = Workspace::new();
    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    let headers = |site, mode| [("sec-fetch-site", site), ("sec-fetch-mode", mode)];
    for site in ["cross-site", "same-site"] {
        client.get_with("/register", &headers(site, "no-cors")).is(403);
        client.get_with("/register", &headers(site, "cors")).is(403);
        client.get_with("/register", &headers(site, "navigate")).is(200);
    }
    client.get_with("/register", &headers("same-origin", "cors")).is(200);
    client.get_with("/register", &headers("none", "navigate")).is(200);
}
