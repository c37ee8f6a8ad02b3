//! Time-stamping servers that fail.

use std::net::TcpListener;

use postkamer::error::Error;
use postkamer::messages::{Messages, Tongue};
use postkamer::signature::sign::timestamp::Server;

use super::authority::Authority;
use super::server::{Manner, start};

fn failure(url: &str) -> (&'static str, String) {
    let server = Server::new(url, None).expect("a URL");
    let error = server.token(b"a signature value", 7).expect_err("it fails");
    let words = Messages::new(Tongue::Nl).outside(&error).expect("words").message;
    assert!(!words.contains(char::is_control), "{words:?}");
    match error {
        Error::Outside { action, .. } => (action, words),
        refused => panic!("{refused:?}"),
    }
}

#[test]
fn a_server_that_misbehaves_is_a_failure_outside() {
    let authority = Authority::new();
    for (manner, expected, words) in [
        (Manner::Broken, "timestamp-status", "500"),
        (Manner::Elsewhere, "timestamp-status", "302"),
        (Manner::Html, "timestamp-answer", "text/html"),
        (Manner::Garbage, "timestamp-answer", "geen tijdstempel"),
        (Manner::OtherNonce, "timestamp-other", "nonce"),
        (Manner::OtherImprint, "timestamp-other", "messageImprint"),
        (Manner::Rejecting, "timestamp-rejected", "[31mtoday is a holiday (PKIStatus 2)"),
        (Manner::Endless, "timestamp-answer", "1048576"),
    ] {
        let Some(url) = start(&authority, manner) else { return };
        let (action, said) = failure(&url);
        assert_eq!(action, expected, "{manner:?}: {said}");
        assert!(said.contains(words), "{manner:?}: {said}");
    }
}

#[test]
fn a_server_that_is_not_there_is_a_failure_outside() {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
    let (action, said) = failure(&format!("http://jan:geheim@127.0.0.1:{port}/tsr"));
    assert_eq!(action, "timestamp");
    assert!(said.contains("127.0.0.1") && !said.contains("geheim"), "{said}");
}

#[test]
fn a_good_server_gives_a_token() {
    let authority = Authority::new();
    let Some(url) = start(&authority, Manner::Good) else { return };
    let server = Server::new(&url, None).expect("a URL");
    for nonce in [0, 7, 0x80, u64::MAX] {
        let token = server.token(b"a signature value", nonce).unwrap_or_else(|error| panic!("{nonce}: {error}"));
        assert_eq!(token[0], 0x30);
    }
}
