//! The workbench as it is installed: behind nginx with TLS, as a service of systemd; by the files in `deploy/`.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::staff::{self, PASSWORD, free_port};
use crate::support::workbench::Workbench;
use crate::support::{Workspace, repository};

/// Whether a program is there; `./test` sees to it.
fn is_there(program: &str) -> bool {
    let found = std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).chain(["/usr/sbin".into()]).any(|folder| folder.join(program).is_file())
    });
    let required = std::env::var_os("POSTKAMER_TOOLS").is_some();
    assert!(found || !required, "{program} is missing; ./test installs it");
    if !found {
        eprintln!("{program} is missing, so this is not tested; ./test installs it");
    }
    found
}

/// nginx with the example of its settings, ended with the test.
struct Proxy(Child);

impl Proxy {
    /// `inner` is where the workbench listens, `outer` where browsers come in, `plain` where they come without TLS.
    fn start(folder: &Path, inner: &str, outer: u16, plain: u16) -> Self {
        let at = |name: &str| folder.join(name).display().to_string();
        let example = std::fs::read_to_string(repository().join("deploy/nginx.conf")).expect("the example");
        let mut site = example;
        for (from, to) in [
            ("server 127.0.0.1:7878;", format!("server {inner};")),
            ("listen 80;", format!("listen 127.0.0.1:{plain};")),
            ("listen 443 ssl", format!("listen 127.0.0.1:{outer} ssl")),
            ("https://post.example.nl$request_uri", format!("https://post.example.nl:{outer}$request_uri")),
            ("/etc/ssl/postkamer/fullchain.pem", at("cert.pem")),
            ("/etc/ssl/postkamer/privkey.pem", at("key.pem")),
        ] {
            assert!(site.contains(from), "the example has no {from}");
            site = site.replace(from, &to);
        }
        let places: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .iter()
            .map(|name| format!("{name}_temp_path {};\n", at(name)))
            .collect();
        let whole = format!(
            "pid {};\nerror_log stderr notice;\nevents {{}}\nhttp {{\naccess_log off;\n{places}{site}\n}}\n",
            at("nginx.pid")
        );
        std::fs::write(folder.join("nginx.conf"), whole).expect("it is written");
        let mut nginx = Command::new("nginx");
        let path = format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default());
        nginx.env("PATH", path).args(["-p", &at(""), "-c", &at("nginx.conf"), "-g", "daemon off; master_process off;"]);
        let mut child = nginx.stderr(Stdio::piped()).spawn().expect("nginx runs");
        let mut lines = BufReader::new(child.stderr.take().expect("its messages")).lines().map_while(Result::ok);
        let mut said = String::new();
        let is_up = lines.any(|line| {
            said += &format!("{line}\n");
            line.contains("using the \"epoll\" event method")
                || line.contains("start worker")
                || line.contains("OS: Linux")
        });
        std::thread::spawn(move || lines.for_each(drop));
        assert!(is_up, "{said}");
        Self(child)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn people_sign_in_through_nginx() {
    if !is_there("nginx") || !is_there("curl") || !is_there("openssl") {
        return;
    }
    let workspace = Workspace::new();
    staff::hire(&workspace, "m.bom", "schrijven", &[]);
    let (inner, outer, plain) = (format!("127.0.0.1:{}", free_port()), free_port(), free_port());
    let url = format!("https://post.example.nl:{outer}");
    let workbench = Workbench::open_with(&workspace, &["--listen", &inner, "--url", &url], &[]);
    let folder = tempfile::TempDir::new().expect("a folder");
    let certificate = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
        "-keyout",
        "key.pem",
        "-out",
        "cert.pem",
        "-subj",
        "/CN=post.example.nl",
        "-addext",
        "subjectAltName=DNS:post.example.nl",
    ];
    let made = Command::new("openssl").args(certificate).current_dir(&folder).output().expect("openssl runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let _proxy = Proxy::start(folder.path(), &inner, outer, plain);
    let curl = |arguments: &[&str]| {
        let resolve = [format!("post.example.nl:{outer}:127.0.0.1"), format!("post.example.nl:{plain}:127.0.0.1")];
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--include", "--cacert", "cert.pem", "-b", "koekjes", "-c", "koekjes"]);
        curl.args(["--retry", "20", "--retry-connrefused", "--retry-delay", "1", "--expect100-timeout", "0.1"]);
        curl.args(["--resolve", &resolve[0], "--resolve", &resolve[1], "-H", "X-Forwarded-For: 6.6.6.6"]);
        let run = curl.args(arguments).current_dir(&folder).output().expect("curl runs");
        assert!(run.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8_lossy(&run.stdout).into_owned()
    };
    let at = |path: &str| format!("{url}{path}");
    let elsewhere = curl(&[&format!("http://post.example.nl:{plain}/archive?page=2")]);
    assert!(elsewhere.contains(" 301 ") && elsewhere.contains(&at("/archive?page=2")), "{elsewhere}");
    let page = curl(&[&at("/sign-in")]);
    assert!(page.starts_with("HTTP/2 200") && page.to_lowercase().contains("strict-transport-security"), "{page}");
    assert!(page.contains("__Host-postkamer=") && page.contains("; Secure"), "{page}");
    let token = |page: &str| {
        let rest = page.split("name=\"csrf\" value=\"").nth(1).expect("a token");
        rest.split('"').next().expect("a token").to_string()
    };
    let (csrf, origin) = (format!("csrf={}", token(&page)), format!("Origin: {url}"));
    let sign_in = |password: &str, origin: &str| {
        let password = format!("password={password}");
        let fields = ["--data-urlencode", &csrf, "--data-urlencode", "name=m.bom", "--data-urlencode", &password];
        curl(&[&fields[..], &["-d", "next=/", "-H", origin, &at("/sign-in")]].concat())
    };
    assert!(sign_in(PASSWORD, "Origin: https://example.org").starts_with("HTTP/2 403"));
    assert!(sign_in("niet het wachtwoord", &origin).starts_with("HTTP/2 401"));
    // The proxy says who it was, whatever the client says of itself.
    let log = staff::logged(&workbench, "wrong name or password");
    assert!(log.contains("from=127.0.0.1") && !log.contains("6.6.6.6"), "{log}");
    assert!(sign_in(PASSWORD, &origin).starts_with("HTTP/2 303"));
    let desk = curl(&[&at("/")]);
    assert!(desk.starts_with("HTTP/2 200") && desk.contains("<span>m.bom</span>"), "{desk}");
    std::fs::write(folder.path().join("brief.pdf"), vec![b'x'; 5 << 20]).expect("it is written");
    let csrf = format!("csrf={}", token(&desk));
    let sent = curl(&["-F", &csrf, "-F", "file=@brief.pdf", "-H", &origin, &at("/archive/add")]);
    assert!(sent.contains("HTTP/2 422") && sent.contains("‘brief.pdf’ is niet gearchiveerd"), "{sent}");
    // An ID may hold a slash, which no proxy may take for a folder.
    let unknown = curl(&[&at("/register/entry/2021%2F0266135")]);
    assert!(unknown.starts_with("HTTP/2 404") && unknown.contains("2021/0266135"), "{unknown}");
    assert!(curl(&["-d", &csrf, "-H", &origin, &at("/sign-out")]).starts_with("HTTP/2 303"));
    assert!(curl(&[&at("/")]).starts_with("HTTP/2 303"));
}

#[test]
fn systemd_takes_the_unit() {
    if !is_there("systemd-analyze") {
        return;
    }
    let unit = std::fs::read_to_string(repository().join("deploy/postkamer.service")).expect("the unit");
    let program = "/usr/local/bin/postkamer";
    assert!(unit.contains(program));
    let folder = tempfile::TempDir::new().expect("a folder");
    let file = folder.path().join("postkamer.service");
    std::fs::write(&file, unit.replace(program, env!("CARGO_BIN_EXE_postkamer"))).expect("it is written");
    let verify = |file: &Path| {
        let run = Command::new("systemd-analyze").args(["verify", "--recursive-errors=no"]).arg(file).output();
        let run = run.expect("systemd-analyze runs");
        (run.status.success(), String::from_utf8_lossy(&run.stderr).into_owned())
    };
    let (is_right, said) = verify(&file);
    let own: Vec<_> = said.lines().filter(|line| line.contains("postkamer.service")).collect();
    assert!(is_right && own.is_empty(), "{said}");
    // And it would say so.
    std::fs::write(&file, unit.replace("NoNewPrivileges=yes", "NoNewPrivilege=yes")).expect("it is written");
    assert!(verify(&file).1.contains("NoNewPrivilege"));
}
