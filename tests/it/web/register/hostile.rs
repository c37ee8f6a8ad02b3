//! Odd letters, and requests that no page makes.

use std::io::Write;
use std::net::TcpStream;
use std::time::Instant;

use super::{PDF, imported, listed, shown};
use crate::support::Workspace;
use crate::support::browser::Browser;
use crate::support::client::Client;
use crate::support::workbench::Workbench;

/// Text that a page must show as it is.
const ODD: &str = "<b>vet</b> \"aan\" 'half' & <script>alert(1)</script>";

/// Numbers as other systems give them out, each with its place in an address.
const IDS: [(&str, &str); 3] = [
    ("2021/0266135", "2021%2F0266135"),
    ("100% \"zeker\" <b>", "100%25%20%22zeker%22%20%3Cb%3E"),
    ("a'b?c#d&e=f%2F", "a%27b%3Fc%23d%26e%3Df%252F"),
];

#[test]
fn odd_letters_are_shown_as_they_are() {
    let workspace = Workspace::new();
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let long = "zonderspatie".repeat(20);
    let mut table =
        "id,richting,datum,ontvangen,onderwerp,correspondent,soort,zaaknummer,uw_kenmerk,behandelaar\n".to_string();
    for (id, _) in IDS {
        let cells = [id, "in", "2023-02-01", "2023-02-01", &format!("{ODD} {long}"), ODD, ODD, ODD, ODD, ODD];
        table += &format!("{}\n", cells.map(quoted).join(","));
    }
    workspace.write("odd.csv", &table);
    workspace.run(&["register", "import", "odd.csv"]).exits(0);
    let workbench = Workbench::open(&workspace);
    let (client, browser) = (Client::new(&workbench), Browser::open());
    let mut found = Vec::new();
    let page = client.get("/register").is(200).text();
    for (id, segment) in IDS {
        let path = format!("/register/entry/{segment}");
        assert!(page.contains(&format!("href=\"{path}\"")), "{path} is not in the list");
        let letter = client.get(&path).is(200).text();
        assert!(!letter.contains("<b>") && !letter.contains("<script>alert"), "{letter}");
        let fields = [("behandelaar", "A. <i>Nders</i>")];
        let answer = client.post(&format!("{path}/assign"), &fields).is(303);
        assert_eq!(answer.location.as_deref(), Some(path.as_str()));
        assert_eq!(shown(&workspace, id)["behandelaar"], "A. <i>Nders</i>");
        browser.go(&workbench.at(&path));
        assert_eq!(browser.text("h1"), id);
        assert!(browser.text("p.subject").starts_with(ODD), "{}", browser.text("p.subject"));
        found.extend(browser.violations());
        found.extend(browser.complaints());
        browser.size(640, 1000);
        let wider = browser.script("return document.documentElement.scrollWidth > innerWidth", &[]);
        assert_eq!(wider, false, "{path} is wider than its window");
        browser.size(1280, 1000);
    }
    browser.go(&workbench.at("/register"));
    found.extend(browser.violations());
    browser.go(&workbench.at("/register/report/year?jaar=2023"));
    found.extend(browser.violations());
    assert_eq!(found, Vec::<String>::new());
    // A link names its ends whatever they are called.
    let koppeling = [("als", "zelfde-zaak"), ("ander", IDS[1].0)];
    client.post(&format!("/register/entry/{}/link", IDS[0].1), &koppeling).is(303);
    let page = client.get(&format!("/register/entry/{}", IDS[0].1)).is(200).text();
    assert!(page.contains(&format!("href=\"/register/entry/{}\"", IDS[1].1)), "{page}");
}

#[test]
fn what_is_not_there_is_not_found() {
    let workspace = imported();
    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    for path in [
        "/register/entry/I1999-000001",
        "/register/entry/..%2F..%2Fpostkamer.toml",
        "/register/entry/%00",
        "/register/file/I2022-000001?versie=1&plaats=0",
        "/register/file/I2022-000001",
        "/register/file/..%2Fpostkamer.toml?versie=1&plaats=0",
        "/register/export/exe",
    ] {
        client.get(path).is(404);
    }
    client.post("/register/entry/I1999-000001/assign", &[("behandelaar", "A. Nders")]).is(404);
    client.post("/register/entry/I2022-000001/verzin", &[("reden", "zomaar")]).is(404);
    client.post("/register/entry/I2022-000001/link", &[("als", "niets"), ("ander", "x")]).is(400);
    // Whatever a query holds, there is a page.
    for query in
        ["jaar=abc&pagina=-5", "pagina=99999999999", "q=%22%29+OR+*", "q=-", "richting=x&status=y&orde=z", "q=a&q=b"]
    {
        client.get(&format!("/register?{query}")).is(200);
    }
    for year in ["", "?jaar=-1", "?jaar=99999", "?jaar=x", "?jaar=0"] {
        client.get(&format!("/register/report/year{year}")).is(200);
        client.get(&format!("/register/report/numbers{year}")).is(200);
    }
}

#[test]
fn a_file_is_what_was_recorded_or_is_not_given() {
    let workspace = imported();
    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    let fields = [("onderwerp", "Een brief"), ("correspondent", "Stichting Oeverloos"), ("datum", "2023-02-20")];
    let receive = |name: &str, bytes: &[u8]| {
        let answer = client.upload("/register/receive", &fields, ("bestand", name, bytes)).is(303);
        answer.location.expect("where it is").rsplit('/').next().unwrap().to_string()
    };
    let id = receive("Brief één.pdf", PDF);
    let path = format!("/register/file/{id}?versie=1&plaats=0");
    let file = client.get(&path).is(200);
    let header = |file: &crate::support::client::Answer, name: &str| file.headers[name].to_str().unwrap().to_string();
    assert_eq!(file.bytes, PDF);
    assert_eq!(header(&file, "content-type"), "application/pdf");
    assert_eq!(header(&file, "content-security-policy"), "frame-ancestors 'self'");
    assert!(header(&file, "content-disposition").starts_with("inline; "));
    let file = client.get(&format!("{path}&bewaar=ja")).is(200);
    let disposition = header(&file, "content-disposition");
    assert_eq!(disposition, "attachment; filename=\"Brief --n.pdf\"; filename*=UTF-8''Brief%20%C3%A9%C3%A9n.pdf");
    client.get(&format!("/register/file/{id}?versie=2&plaats=0")).is(404);
    // What is no PDF is kept, not shown, whatever it calls itself.
    for name in ["pagina.html", "plaat.svg", "nep.pdf"] {
        let other = receive(name, b"<script>alert(1)</script>");
        let file = client.get(&format!("/register/file/{other}?versie=1&plaats=0")).is(200);
        assert!(header(&file, "content-disposition").starts_with("attachment; "), "{name}");
        assert_eq!(header(&file, "x-content-type-options"), "nosniff");
        assert!(header(&file, "content-security-policy").contains("default-src 'none'"));
    }
    // Changed on the disk: said, and not given.
    let place = shown(&workspace, &id)["bestanden"][0]["pad"].as_str().unwrap().to_string();
    workspace.write(&place, [PDF, b" "].concat());
    assert!(client.get(&path).is(422).text().contains("is veranderd nadat het werd vastgelegd"));
    let page = client.get(&format!("/register/entry/{id}")).is(200).text();
    assert!(page.contains("is veranderd nadat het werd vastgelegd") && !page.contains("<iframe"), "{page}");
    let verdict = client.get("/register/verify?nu=ja").is(200).text();
    assert!(verdict.contains(&place) && verdict.contains(&format!("/register/entry/{id}\"")), "{verdict}");
    std::fs::remove_file(workspace.path(&place)).unwrap();
    assert!(client.get(&path).is(422).text().contains("is weg"));
}

#[test]
fn what_is_refused_or_broken_off_leaves_nothing() {
    let workspace = imported();
    let before = listed(&workspace);
    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    let fields = [("onderwerp", "Een brief"), ("correspondent", "<i>Oeverloos</i>"), ("datum", "2023-02-20")];
    // An empty file, a field too many, an option that looks like one of the command line.
    let page = client.upload("/register/receive", &fields, ("bestand", "leeg.pdf", b"")).is(422).text();
    assert!(page.contains("leeg.pdf") && page.contains("value=\"&lt;i&gt;Oeverloos&lt;/i&gt;\""), "{page}");
    assert!(!page.contains("/tmp/"), "{page}");
    let nul = [("onderwerp", "Een\0brief"), ("correspondent", "x"), ("datum", "2023-02-20")];
    client.upload("/register/receive", &nul, ("bestand", "a.pdf", PDF)).is(400);
    // Broken off halfway, and the power with it.
    let csrf = client.csrf();
    let head = format!(
        "--grens\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--grens\r\nContent-Disposition: \
         form-data; name=\"bestand\"; filename=\"half.pdf\"\r\n\r\n"
    );
    let mut stream = TcpStream::connect(client.host()).unwrap();
    let request = format!(
        "POST /register/receive HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nCookie: {}\r\nContent-Type: multipart/form-data; \
         boundary=grens\r\nContent-Length: 1000000\r\n\r\n{head}",
        client.host(),
        workbench.url,
        client.cookie()
    );
    stream.write_all(request.as_bytes()).unwrap();
    stream.write_all(&[b'x'; 300_000]).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    workbench.kill();
    assert_eq!(listed(&workspace), before);
    assert!(
        !workspace.path("inkomend").exists() || crate::support::files_below(&workspace.path("inkomend")).is_empty()
    );

    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    // More than 100 MB is not taken in.
    let large = vec![b'x'; (100 << 20) + 1];
    let answer = client.upload("/register/receive", &fields, ("bestand", "groot.pdf", &large)).is(413);
    assert!(answer.text().contains("niet groter zijn dan 100 MB, een formulier niet groter dan 4 MB."));
    assert!(client.get("/register/receive").text().contains("ten hoogste 100 MB"));
    assert_eq!(listed(&workspace), before);
    // The next letter has the first number.
    let sly = [("onderwerp", "--help"), ("correspondent", "-x"), ("datum", "2023-02-20")];
    let answer = client.upload("/register/receive", &sly, ("bestand", "../../--json.pdf", PDF)).is(303);
    assert_eq!(answer.location.as_deref(), Some("/register/entry/I2023-000001"));
    let letter = shown(&workspace, "I2023-000001");
    assert_eq!((&letter["onderwerp"], &letter["correspondent"]), (&"--help".into(), &"-x".into()));
    assert_eq!(letter["bestanden"][0]["naam"], "--json.pdf");
}

#[test]
fn a_large_register_is_shown_a_page_at_a_time() {
    let workspace = Workspace::new();
    let mut table = "id,richting,datum,ontvangen,onderwerp,correspondent\n".to_string();
    for n in 1..=5_000 {
        table += &format!("I2022-{n:06},in,2022-03-01,2022-03-01,Brief {n} over de veerpont,Stichting Oeverloos\n");
    }
    workspace.write("many.csv", &table);
    workspace.run(&["register", "import", "many.csv"]).exits(0);
    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    let mut seen = std::collections::BTreeSet::new();
    for page in 1..=50 {
        let began = Instant::now();
        let text = client.get(&format!("/register?q=veerp&jaar=2022&pagina={page}")).is(200).text();
        if page % 25 == 1 {
            println!("page {page} of 5,000 letters: {:?}, {} bytes", began.elapsed(), text.len());
        }
        seen.extend(text.split("/register/entry/").skip(1).filter_map(|rest| rest.split('"').next().map(String::from)));
    }
    assert_eq!(seen.len(), 5_000);
    assert!(client.get("/register").text().contains("5000 brieven gevonden"));
    assert!(client.get("/register?pagina=51").is(200).text().contains("/register?"));
    for (path, begins) in [("csv", "id,"), ("json", "["), ("xlsx", "PK")] {
        let began = Instant::now();
        let file = client.get(&format!("/register/export/{path}")).is(200);
        println!("{path}: {:?}, {} bytes", began.elapsed(), file.bytes.len());
        assert!(file.text().trim_start_matches('\u{feff}').starts_with(begins), "{path}");
    }
}
