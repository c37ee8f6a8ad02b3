//! Requests that no page of the workbench makes: refused, logged, nothing changed.

use crate::support::Workspace;
use crate::support::client::Client;
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
    assert!(workbench.log().contains("refused"), "{}", workbench.log());
}

#[test]
fn a_form_from_elsewhere_is_refused() {
    let workspace = Workspace::new();
    let workbench = Workbench::open(&workspace);
    let client = Client::new(&workbench);
    let (own, csrf) = (workbench.url.clone(), client.csrf());
    let fields = [("csrf", csrf.as_str()), ("taal", "en"), ("next", "/")];
    client.post_with("/language", &fields, &[("origin", &own)]).is(303);
    for origin in ["http://example.org", "null", "http://127.0.0.1", &own.replace("127.0.0.1", "localhost")] {
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
    assert!(workbench.log().contains("refused"), "{}", workbench.log());
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
