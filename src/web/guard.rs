//! What every request is held against, whoever makes it: the host it asks for, the page it comes from; and the headers that
//! every answer carries.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::house::House;
use crate::error::{Finding, Result};

/// Nothing but the workbench's own files, run or shown (Content Security Policy Level 3).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// For a file that a page of the workbench shows in a frame of its own, such as a PDF: the reader brings its own scripts.
const FRAMED: &str = "frame-ancestors 'self'";

/// Says of an answer that it may be shown in a frame of the workbench's own.
#[derive(Debug, Clone, Copy)]
pub struct Framed;

/// Under which names the workbench is reached, and whether people sign in.
#[derive(Debug, Clone)]
pub struct Gate {
    /// The hosts that a request may ask for, with their ports where those are not the scheme's own.
    pub hosts: Vec<String>,
    /// Whether whoever comes must sign in.
    pub accounts: bool,
    /// Whether browsers reach it over TLS, so that they send its cookie over nothing else.
    pub secure: bool,
    /// The port, which tells the cookies of two workbenches on one machine apart.
    pub port: u16,
}

impl Gate {
    /// The gate of a workbench that listens at an address and is reached at `url`, where something stands before it.
    ///
    /// # Errors
    /// [`crate::error::Error::Refused`] when `url` is none that a browser can reach, or is missing where it is needed: for
    /// an address that stands for all of a machine's, no host is known to be right.
    pub fn new(listen: SocketAddr, url: Option<&str>) -> Result<Self> {
        let port = listen.port();
        let Some(url) = url else {
            if listen.ip().is_unspecified() {
                return Err(Finding::error("serve-url-missing").arg("address", listen).into());
            }
            let names = if listen.ip().is_loopback() { vec!["localhost", "127.0.0.1", "[::1]"] } else { Vec::new() };
            let mut hosts: Vec<String> = names.iter().map(|name| format!("{name}:{port}")).collect();
            hosts.push(listen.to_string());
            if port == 80 {
                hosts.extend(hosts.clone().iter().filter_map(|host| host.strip_suffix(":80").map(String::from)));
            }
            return Ok(Self { hosts, accounts: !listen.ip().is_loopback(), secure: false, port });
        };
        let wrong = || Finding::error("serve-url").arg("url", url);
        let (secure, rest) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
            (Some(rest), _) => (true, rest),
            (_, Some(rest)) => (false, rest),
            _ => return Err(wrong().into()),
        };
        let host = rest.strip_suffix('/').unwrap_or(rest).to_ascii_lowercase();
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        if host.is_empty() || !host.chars().all(fits) {
            return Err(wrong().into());
        }
        Ok(Self { hosts: vec![host], accounts: true, secure, port })
    }

    /// The name of the cookie. The prefix binds it to this host and to TLS (RFC 6265bis, 4.1.3.2).
    pub fn cookie(&self) -> String {
        if self.secure { "__Host-postkamer".into() } else { format!("postkamer-{}", self.port) }
    }

    fn knows(&self, host: &str) -> bool {
        self.hosts.iter().any(|known| known.eq_ignore_ascii_case(host))
    }
}

/// Lets through what asks for this host and, where it would change something, comes from one of its own pages.
pub async fn guard(State(house): State<Arc<House>>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_string());
    let mut answer = match check(house.gate(), &request) {
        Ok(()) => next.run(request).await,
        Err(reason) => {
            tracing::warn!(%method, path, reason, "refused");
            let words = "421 Misdirected Request: this address is not that of the workbench.\n";
            match reason {
                "host" => (StatusCode::MISDIRECTED_REQUEST, words).into_response(),
                _ => (StatusCode::FORBIDDEN, "403 Forbidden: this request comes from another site.\n").into_response(),
            }
        }
    };
    let framed = answer.extensions().get::<Framed>().is_some();
    let headers = answer.headers_mut();
    let policy = if framed { FRAMED } else { POLICY };
    let all = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ];
    for (name, value) in all {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Letters are nobody's business but the reader's: what may be kept says so itself.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if house.gate().secure {
        let value = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    answer
}

fn check(gate: &Gate, request: &Request) -> Result<(), &'static str> {
    let headers = request.headers();
    // A page elsewhere whose name was made to point here asks for that name (DNS rebinding).
    let host = text(headers, &header::HOST).or_else(|| request.uri().authority().map(|host| host.as_str()));
    let host = host.filter(|host| gate.knows(host)).ok_or("host")?;
    let site = text(headers, &HeaderName::from_static("sec-fetch-site"));
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        // A link from elsewhere leads to a page; no other site needs a file of ours for a page of its own (Fetch Metadata).
        let is_link = text(headers, &HeaderName::from_static("sec-fetch-mode")).is_none_or(|mode| mode == "navigate");
        return if is_link || matches!(site, Some("same-origin" | "none")) { Ok(()) } else { Err("site") };
    }
    let origin = text(headers, &header::ORIGIN);
    let own = format!("{}://{host}", if gate.secure { "https" } else { "http" });
    match (site, origin) {
        (Some(site), _) if site != "same-origin" => Err("site"),
        (_, Some(origin)) if !origin.eq_ignore_ascii_case(&own) => Err("origin"),
        // No browser leaves both out.
        (None, None) => Err("origin"),
        _ => Ok(()),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next()?.to_str().ok()?;
    // Two hosts are none.
    all.next().is_none().then_some(first)
}

/// Where a request comes from: the other end of the connection or, where that is a reverse proxy on this machine, what the
/// proxy says.
pub fn origin(gate: &Gate, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
    let said = text(headers, &HeaderName::from_static("x-forwarded-for"));
    // A proxy adds to what its client sent: only the last address is its own word.
    let said = said.and_then(|all| all.rsplit(',').next()?.trim().parse().ok());
    said.filter(|_| gate.accounts && peer.ip().is_loopback()).unwrap_or_else(|| peer.ip())
}
