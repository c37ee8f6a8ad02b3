//! Asking a time-stamping server for a token over a signature (RFC 3161, over HTTP as in its 3.4).
//!
//! What it answers is held against what was asked. Whether its signature holds is for whoever verifies the file.

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Proxy};

use super::tsp;
use crate::error::{Error, Finding, Result};

/// The largest answer, in bytes: a token with its certificates takes a few thousand.
const MAX_ANSWER: u64 = 1 << 20;
/// How long the whole exchange may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long it may take before the server is there.
const CONNECT: Duration = Duration::from_secs(10);

/// A time-stamping server.
pub struct Server {
    url: String,
    agent: Agent,
}

impl Server {
    /// The server at an `http` or `https` URL; it is not spoken to yet. `proxy` is the URL of the proxy to go through.
    ///
    /// # Errors
    /// [`Error::Refused`] when the URL is none that a server can be reached by.
    pub fn new(url: &str, proxy: Option<&str>) -> Result<Self> {
        let (scheme, rest) = url.split_once("://").unwrap_or_default();
        let is_https = scheme.eq_ignore_ascii_case("https");
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let is_plain = url.bytes().all(|byte| byte.is_ascii_graphic());
        if !(is_https || scheme.eq_ignore_ascii_case("http")) || host.is_empty() || !is_plain {
            return Err(Finding::error("tsa-url").arg("url", shown(url)).into());
        }
        let proxy = proxy.map(Proxy::new).transpose();
        let proxy = proxy.map_err(|_| Finding::error("tsa-proxy"))?;
        let mut tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
        if is_https {
            // A system without certificates trusts no server, which the connection then says.
            let trusted = rustls_native_certs::load_native_certs().certs;
            let trusted: Vec<_> = trusted.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
            tls = tls.root_certs(RootCerts::new_with_certs(&trusted));
        }
        let config = Agent::config_builder()
            .tls_config(tls.build())
            .timeout_global(Some(PATIENCE))
            .timeout_connect(Some(CONNECT))
            .http_status_as_error(false)
            // Servers close a connection after an answer, and one that was kept would fail the next question.
            .max_idle_connections(0)
            // A request that is sent on elsewhere is no longer the one that the user trusts with it.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(proxy)
            .user_agent(concat!("postkamer/", env!("CARGO_PKG_VERSION")));
        Ok(Self { url: url.to_string(), agent: config.build().into() })
    }

    /// A token, in DER, over the SHA-256 of a signature value. `nonce` must be a number that was never used before.
    ///
    /// # Errors
    /// [`Error::Outside`]: the server can't be reached, refuses, or answers what doesn't fit the question.
    pub fn token(&self, signature: &[u8], nonce: u64) -> Result<Vec<u8>> {
        let imprint = digest::digest(&digest::SHA256, signature);
        let unusable = |cause: &dyn std::fmt::Display| self.failure("timestamp-answer", cause);
        let query = tsp::request(imprint.as_ref(), nonce).map_err(|cause| unusable(&cause))?;
        let request = self.agent.post(&self.url).content_type("application/timestamp-query");
        let mut response = request.send(&query[..]).map_err(|cause| self.failure("timestamp", &cause))?;
        let status = response.status();
        if status != ureq::http::StatusCode::OK {
            return Err(self.failure("timestamp-status", &status));
        }
        let mime = response.body().mime_type().unwrap_or_default();
        if !mime.eq_ignore_ascii_case("application/timestamp-reply") {
            return Err(unusable(&format!("Content-Type: {mime}")));
        }
        let mut answer = Vec::new();
        let mut reader = response.body_mut().as_reader().take(MAX_ANSWER + 1);
        reader.read_to_end(&mut answer).map_err(|cause| self.failure("timestamp", &cause))?;
        if answer.len() as u64 > MAX_ANSWER {
            return Err(unusable(&format!("> {MAX_ANSWER} bytes")));
        }
        tsp::token(&answer, imprint.as_ref(), nonce).map_err(|wrong| match wrong {
            tsp::Wrong::Rejected(why) => self.failure("timestamp-rejected", &why),
            tsp::Wrong::Garbage(why) => unusable(&why),
            tsp::Wrong::Other(what) => self.failure("timestamp-other", &what),
        })
    }

    fn failure(&self, action: &'static str, cause: &dyn std::fmt::Display) -> Error {
        // What a server says may hold anything.
        let cause: String = cause.to_string().chars().filter(|letter| !letter.is_control()).take(300).collect();
        Error::Outside { action, path: PathBuf::from(shown(&self.url)), cause }
    }
}

/// A URL without the password that may stand in it.
fn shown(url: &str) -> String {
    let visible = |text: &str| text.chars().filter(|letter| !letter.is_control()).collect::<String>();
    let Some((scheme, rest)) = url.split_once("://") else { return visible(url) };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    visible(&format!("{scheme}://{host}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_url_of_the_web_is_taken() {
        for url in ["file:///etc/passwd", "ftp://x/", "tsa.example.nl", "http://", "https:///x", "http://a b/", ""] {
            let Err(Error::Refused(findings)) = Server::new(url, None) else { panic!("{url}") };
            assert_eq!(findings[0].code, "tsa-url");
        }
        assert!(Server::new("http://tsa.example.nl/tsr", None).is_ok());
    }

    #[test]
    fn a_password_is_not_shown() {
        assert_eq!(shown("https://jan:ge@heim@tsa.nl/a?b@c"), "https://tsa.nl/a?b@c");
        assert_eq!(shown("https://tsa.nl"), "https://tsa.nl");
        assert_eq!(shown("x\u{1b}[1m"), "x[1m");
    }
}
