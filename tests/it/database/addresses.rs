//! The register's address: mistakes in it, places where nobody is, and a password that is nobody's business.

use super::{ASK, Post};
use crate::support::Workspace;
use crate::support::postgres::Server;

const SETTINGS: &str = "[werkruimte]\nid = \"w\"\n\n[organisatie]\nnaam = \"Waterschap\"\n\n[register]\n";

/// Asks for everything that is said: in both languages, for people and for machines, as much as can be.
fn asks(workspace: &Workspace, url: Option<&str>, code: i32) -> Vec<String> {
    let environment: Vec<_> = url.map(|url| ("POSTKAMER_REGISTER_URL", url)).into_iter().collect();
    let ways = [&["--taal", "nl"][..], &["--taal", "en", "-vv"], &["--json", "-vv"]];
    let run = |way: &&[&str]| {
        let run = workspace.run_with(&[&["register", "show", "X"], *way].concat(), &environment).exits(code);
        format!("{}{}", run.out, run.err)
    };
    ways.iter().map(run).collect()
}

#[test]
fn a_wrong_address_names_its_line_and_shows_no_password() {
    for (line, code) in [
        ("url = \"register.db\"", "register-url"),
        ("url = \"sqlite:\"", "register-url"),
        ("url = \"sqlite::memory:\"", "register-url"),
        ("url = \"sqlite:register.db?mode=rwc\"", "register-url"),
        ("url = \"mysql://jan:geheim@db/x\"", "register-url"),
        ("url = \"host=db password=geheim\"", "register-url"),
        ("url = \"postgres://\"", "register-url-server"),
        ("url = \"postgres://jan:geheim\"", "register-url-server"),
        ("url = \"postgres://jan:x@geheim@db/x?y\"", "register-url-server"),
        ("url = \"postgres://jan:geheim@db/x?sslmode=vast\"", "register-url-server"),
        ("url = \"postgres://jan:geheim@db/x", "toml-syntax"),
        ("url = postgres://jan:geheim@db/x", "toml-syntax"),
        ("urll = \"postgres://jan:geheim@db/x\"", "unknown-key"),
        ("url = [\"postgres://jan:geheim@db/x\"]", "wrong-type"),
    ] {
        let workspace = Workspace::new();
        workspace.write("postkamer.toml", format!("{SETTINGS}{line}\n"));
        let said = asks(&workspace, None, 1);
        assert!(said[0].contains("postkamer.toml:8:") && said[0].contains(code), "{line}: {}", said[0]);
        assert!(said[2].contains(code) && said[2].contains("\"regel\": 8"), "{line}: {}", said[2]);
        assert!(!said.concat().contains("geheim"), "{line}: {}", said.concat());
        assert!(!workspace.path("register.db").exists());
    }
}

#[test]
fn the_environment_goes_before_the_file_and_is_refused_alike() {
    let workspace = Workspace::new();
    workspace.write("postkamer.toml", format!("{SETTINGS}url = \"sqlite:een.db\"\n"));
    let said = asks(&workspace, Some("postgres://jan:geheim@/x"), 1);
    assert!(said[0].contains("register-url-server"), "{}", said[0]);
    assert!(!said.concat().contains("geheim"), "{}", said.concat());
    workspace.run_with(&ASK, &[("POSTKAMER_REGISTER_URL", " sqlite:twee.db\n")]).exits(1);
    assert!(workspace.path("twee.db").is_file() && !workspace.path("een.db").exists());
}

#[test]
fn a_server_that_is_not_there_is_said_to_be_so_without_the_password() {
    let Some(server) = Server::start("-c fsync=off") else { return };
    let (database, port) = (server.database(), server.port());
    let wrong = database.url.replace(server.password(), "ge%2Fheim");
    let no_database = database.url.replace(&database.name, "bestaat_niet");
    let no_user = database.url.replace("griffie", "niemand");
    let somewhere = Post::at_url("postgres", &database.url);
    somewhere.run(&ASK).exits(1);
    let cases = [
        (wrong, "password authentication failed", "ge/heim"),
        (no_database, "bestaat_niet", server.password()),
        (no_user, "niemand", server.password()),
        (format!("postgres://jan:geheim@127.0.0.1:{}/x", closed_port()), "Connection refused", "geheim"),
        (format!("postgres://jan:geheim@bestaat.invalid:{port}/x"), "bestaat.invalid", "geheim"),
    ];
    for (url, cause, password) in cases {
        let said = asks(&somewhere.workspace, Some(&url), 3);
        assert!(said[0].contains("niet bereikbaar") && said[0].contains("is heel"), "{}", said[0]);
        assert!(said[0].contains(cause), "{cause}: {}", said[0]);
        assert!(said[1].contains("can't be reached") || said[1].contains("cannot be reached"), "{}", said[1]);
        assert!(!said.concat().contains(password) && !said.concat().contains("ge%2Fheim"), "{}", said.concat());
    }
    // What is found wrong in what stands there is said without it too.
    server.run_sql(&database.name, "INSERT INTO migration (version) VALUES (99)");
    let said = asks(&somewhere.workspace, Some(&database.url), 1).concat();
    assert!(said.contains("register-newer") && said.contains(&database.name), "{said}");
    assert!(!said.contains(server.password()), "{said}");
}

fn closed_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}
