//! Encrypted connections to PostgreSQL: against a certificate that is known, under its own name.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::{ASK, Post};
use crate::support::postgres::Server;

/// Certificates made with OpenSSL: an issuer, and a server's by the names given.
struct Certificates {
    folder: TempDir,
}

impl Certificates {
    fn new() -> Self {
        let this = Self { folder: TempDir::new().expect("a temporary folder") };
        for issuer in ["ca", "other"] {
            let (key, certificate) = (format!("{issuer}.key"), format!("{issuer}.pem"));
            let request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Uitgever"];
            this.openssl(&[&request[..], &["-keyout", &key, "-out", &certificate]].concat());
        }
        this
    }

    /// A certificate for the names, signed by the issuer; its own and its key's bytes.
    fn server(&self, names: &str) -> [Vec<u8>; 2] {
        let key = ["req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=server"];
        self.openssl(&[&key[..], &["-keyout", "server.key", "-out", "server.csr"]].concat());
        std::fs::write(self.path("names"), format!("subjectAltName={names}\nbasicConstraints=CA:FALSE\n")).unwrap();
        let sign = ["x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"];
        self.openssl(&[&sign[..], &["-days", "2", "-extfile", "names", "-out", "server.pem"]].concat());
        ["server.pem", "server.key"].map(|name| std::fs::read(self.path(name)).expect("OpenSSL made it"))
    }

    /// A certificate that signs itself, as a distribution makes them for a machine.
    fn of_itself(&self) -> [Vec<u8>; 2] {
        let request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"];
        let kind = ["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"];
        let files = ["-keyout", "self.key", "-out", "self.pem"];
        self.openssl(&[&request[..], &kind, &files].concat());
        ["self.pem", "self.key"].map(|name| std::fs::read(self.path(name)).expect("OpenSSL made it"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn openssl(&self, arguments: &[&str]) {
        let made = Command::new("openssl").args(arguments).current_dir(self.folder.path()).output();
        let made = made.expect("OpenSSL is there; ./test installs it");
        assert!(made.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&made.stderr));
    }
}

/// Has the server encrypt with another certificate from its next start on.
fn present(server: &Server, [certificate, key]: [Vec<u8>; 2]) {
    server.stop();
    server.put("data/server.crt", &certificate);
    server.put("data/server.key", &key);
    server.put("data/postgresql.auto.conf", b"ssl = on\n");
    assert!(server.resume());
}

/// Asks the register at a URL, with certificates to trust; what was said against it.
fn asks(url: &str, ca: Option<&Path>, code: i32) -> String {
    let post = Post::at_url("postgres", url);
    let ca = ca.map(|path| path.display().to_string());
    let mut environment = vec![("POSTKAMER_REGISTER_URL", url)];
    environment.extend(ca.as_deref().map(|path| ("POSTKAMER_REGISTER_CA", path)));
    let run = post.workspace.run_with(&ASK, &environment).exits(code);
    format!("{}{}", run.out, run.err)
}

#[test]
fn a_server_must_show_a_certificate_that_is_known_for_its_name() {
    let Some(server) = Server::start("-c fsync=off") else { return };
    let at = |host: &str, parameters: &str| server.url("postgres").replace("127.0.0.1", host) + "?" + parameters;
    let required = at("localhost", "sslmode=require");
    // A server that encrypts nothing is not spoken to where that is asked.
    let said = asks(&required, None, 3);
    assert!(said.contains("TLS"), "{said}");

    let certificates = Certificates::new();
    let (ca, other) = (certificates.path("ca.pem"), certificates.path("other.pem"));
    present(&server, certificates.server("DNS:localhost"));
    for mode in ["require", "verify-ca", "verify-full"] {
        let url = at("localhost", &format!("sslmode={mode}"));
        assert!(asks(&url, Some(&ca), 1).contains("id-unknown"), "{mode}");
        for unknown in [None, Some(other.as_path())] {
            let said = asks(&url, unknown, 3);
            assert!(said.contains("niet bereikbaar") && said.contains("certificate"), "{mode}: {said}");
        }
    }
    // That it was encrypted, the server says itself.
    server.run_sql("postgres", "ALTER ROLE griffie SET log_statement = 'none'");
    server.put("data/pg_hba.conf", b"hostssl all all 127.0.0.1/32 scram-sha-256\n");
    server.stop();
    assert!(server.resume());
    assert!(asks(&required, Some(&ca), 1).contains("id-unknown"));
    let said = asks(&at("localhost", ""), Some(&ca), 3);
    assert!(said.contains("no encryption"), "{said}");

    // The certificate of another name.
    let said = asks(&at("127.0.0.1", "sslmode=require"), Some(&ca), 3);
    assert!(said.contains("certificate"), "{said}");
    present(&server, certificates.server("IP:127.0.0.1"));
    assert!(asks(&at("127.0.0.1", "sslmode=require"), Some(&ca), 1).contains("id-unknown"));
    assert!(asks(&required, Some(&ca), 3).contains("certificate"));

    // A host elsewhere is called with encryption without being asked: `hostaddr` leads the name back here.
    let elsewhere = at("db.example", "hostaddr=127.0.0.1&sslmode=require");
    present(&server, certificates.server("DNS:db.example"));
    assert!(asks(&elsewhere, Some(&ca), 1).contains("id-unknown"));

    // One that signs itself is its own issuer.
    present(&server, certificates.of_itself());
    assert!(asks(&required, Some(&certificates.path("self.pem")), 1).contains("id-unknown"));
    assert!(asks(&required, Some(&ca), 3).contains("certificate"));
}

#[test]
fn a_file_without_certificates_is_refused() {
    let post = Post::at_url("postgres", "postgres://jan@db.invalid/x");
    let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for content in ["", "geen certificaat\n", key] {
        post.workspace.write("ca.pem", content);
        let said = asks(&post.url, Some(&post.workspace.path("ca.pem")), 1);
        assert!(said.contains("register-ca"), "{said}");
    }
    let said = asks(&post.url, Some(&post.workspace.path("is-er-niet.pem")), 3);
    assert!(said.contains("is-er-niet.pem"), "{said}");
}
