//! Who makes a request: their session, what they may do, and the language they read.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::header::{self, HeaderValue};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;

use super::answer::{self, Failure};
use super::guard;
use super::house::House;
use crate::messages::{Messages, Tongue};
use crate::register::accounts::{Role, Session};
use crate::register::files::sha256;

/// The cookie that remembers which language somebody reads.
const TONGUE: &str = "postkamer-taal";

/// Pages that need no account.
const OPEN: [&str; 2] = ["/sign-in", "/language"];

/// Who makes a request.
#[derive(Clone)]
pub struct Visit(Arc<Facts>);

struct Facts {
    token: String,
    who: Option<Session>,
    accounts: bool,
    from: IpAddr,
    path: String,
    words: Arc<Messages>,
}

impl Visit {
    /// The name that events carry; empty for who has yet to sign in.
    pub fn name(&self) -> &str {
        self.0.who.as_ref().map_or("", |who| &who.name)
    }

    /// What they may do; nothing before they sign in.
    pub fn role(&self) -> Option<Role> {
        self.0.who.as_ref().map(|who| who.role)
    }

    /// Whether they may do what a role may.
    pub fn may(&self, role: Role) -> bool {
        self.role().is_some_and(|own| own >= role)
    }

    /// Refuses who may not do what a role may.
    ///
    /// # Errors
    /// [`Failure::Forbidden`].
    pub fn must(&self, role: Role) -> Result<(), Failure> {
        if self.may(role) { Ok(()) } else { Err(Failure::Forbidden(role)) }
    }

    /// Whether people sign in here at all.
    pub fn accounts(&self) -> bool {
        self.0.accounts
    }

    /// The address that the request comes from.
    pub fn from(&self) -> IpAddr {
        self.0.from
    }

    /// The path and query that were asked for.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// What its browser is known by.
    pub(super) fn token(&self) -> &str {
        &self.0.token
    }

    /// What a form must hold to be taken as one of our own pages' (a token that can't be guessed from elsewhere).
    pub fn csrf(&self) -> String {
        sha256(format!("csrf {}", self.0.token).as_bytes())
    }

    /// Whether a form holds it.
    pub fn is_own(&self, csrf: &str) -> bool {
        csrf.as_bytes().ct_eq(self.csrf().as_bytes()).into()
    }

    /// The catalogue in their language.
    pub fn messages(&self) -> &Messages {
        &self.0.words
    }

    /// The code of their language, as `--taal` takes it.
    pub fn tongue(&self) -> &'static str {
        match self.0.words.tongue() {
            Tongue::Nl => "nl",
            Tongue::En => "en",
        }
    }

    /// A message in their language.
    pub fn say(&self, id: &str) -> String {
        self.0.words.text(id, &[])
    }

    /// A message with arguments.
    pub fn text(&self, id: &str, args: &[(&str, &str)]) -> String {
        self.0.words.text(id, args)
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts.extensions.get::<Self>().cloned().ok_or(Failure::SignIn)
    }
}

/// Finds out who comes, and lets in who may: to look with any role, to change with one that writes.
pub async fn enter(State(house): State<Arc<House>>, mut request: Request, next: Next) -> Response {
    let gate = house.gate();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    let peer = peer.unwrap_or_else(|| SocketAddr::from(([0, 0, 0, 0], 0)));
    let known = cookie(request.headers(), &gate.cookie()).filter(|token| is_token(token)).map(String::from);
    let is_new = known.is_none();
    let token = known.unwrap_or_else(|| new_token(&house));
    let tongue = match cookie(request.headers(), TONGUE) {
        Some("en") => Tongue::En,
        _ => Tongue::Nl,
    };
    let mut facts = Facts {
        who: None,
        accounts: gate.accounts,
        from: guard::origin(gate, peer, request.headers()),
        path: page_of(&request),
        words: house.words(tongue),
        token,
    };
    let mut failed = None;
    if !gate.accounts {
        facts.who = Some(Session { name: house.user().to_string(), role: Role::Manage });
    } else if !is_new {
        let (token, now) = (facts.token.clone(), house.now());
        match house.register(move |register| Session::of_token(register, &token, now)).await {
            Ok(found) => {
                if found.as_ref().is_some_and(|(_, is_due)| *is_due) {
                    note(&house, &facts.token);
                }
                facts.who = found.map(|(who, _)| who);
            }
            Err(error) => failed = Some(Failure::Error(error)),
        }
    }
    let (method, path) = (request.method().clone(), request.uri().path().to_string());
    let is_open = OPEN.contains(&path.as_str());
    let changes = !matches!(method, Method::GET | Method::HEAD);
    let visit = Visit(Arc::new(facts));
    let failure = match failed {
        Some(failure) => Some(failure),
        None if is_open => None,
        None if visit.role().is_none() && !changes => {
            return start(&house, &visit, is_new, Redirect::to(&sign_in(visit.path())).into_response());
        }
        None if visit.role().is_none() => Some(Failure::SignIn),
        None if changes && path != "/sign-out" => visit.must(Role::Write).err(),
        None => None,
    };
    let answer = match failure {
        Some(failure) => answer::show(&visit, failure),
        None => {
            request.extensions_mut().insert(visit.clone());
            next.run(request).await
        }
    };
    start(&house, &visit, is_new, answer)
}

/// Notes that a session was used, while its request goes on: it may have to wait for who writes in the register. One at a
/// time, so that those that wait leave connections for others; what isn't noted now is with a next request.
fn note(house: &Arc<House>, token: &str) {
    static NOTING: Semaphore = Semaphore::const_new(1);
    let Ok(turn) = NOTING.try_acquire() else { return };
    let (house, token, now) = (house.clone(), token.to_string(), house.now());
    tokio::spawn(async move {
        let _turn = turn;
        if let Err(error) = house.register(move |register| Session::note(register, &token, now)).await {
            tracing::debug!(%error, "the use of a session was not noted");
        }
    });
}

/// The page that a request is for: of a form that was sent, the page that it stands on.
fn page_of(request: &Request) -> String {
    let asked = request.uri().path_and_query().map_or("/", |path| path.as_str());
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return asked.to_string();
    }
    let from = request.headers().get(header::REFERER).and_then(|from| from.to_str().ok());
    let path = from.and_then(|from| from.split_once("://")?.1.split_once('/'));
    path.map_or("/".into(), |(_, path)| format!("/{path}"))
}

/// The page to sign in, with where to go from there.
fn sign_in(path: &str) -> String {
    let query = form_urlencoded(&[("next", path)]);
    format!("/sign-in?{query}")
}

/// Fields as a query writes them.
pub fn form_urlencoded(fields: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(fields).unwrap_or_default()
}

/// Gives a browser that comes for the first time what it is known by.
fn start(house: &House, visit: &Visit, is_new: bool, mut answer: Response) -> Response {
    let name = house.gate().cookie();
    let given =
        answer.headers().get_all(header::SET_COOKIE).iter().any(|value| value.as_bytes().starts_with(name.as_bytes()));
    if is_new && !given {
        set_cookie(&mut answer, &session_cookie(house, visit.token()));
    }
    answer
}

/// The cookie that carries a token: gone when the browser closes, out of reach of scripts and of other sites.
pub(super) fn session_cookie(house: &House, token: &str) -> String {
    let gate = house.gate();
    let secure = if gate.secure { "; Secure" } else { "" };
    format!("{}={token}; Path=/; HttpOnly; SameSite=Lax{secure}", gate.cookie())
}

/// The cookie that remembers a language, for a year.
pub(super) fn tongue_cookie(code: &str) -> String {
    format!("{TONGUE}={code}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000")
}

/// Adds a cookie to an answer.
pub(super) fn set_cookie(answer: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// A token that can't be guessed: 256 random bits.
pub(super) fn new_token(house: &House) -> String {
    let bytes = [house.random(), house.random()].concat();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn is_token(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// How often somebody tried to sign in, by the address they come from and by the name they try from there.
pub(super) struct Attempts {
    by_name: DefaultKeyedRateLimiter<(IpAddr, String)>,
    by_address: DefaultKeyedRateLimiter<IpAddr>,
}

impl Default for Attempts {
    fn default() -> Self {
        // Five mistakes at once, then two a minute; for all names of an address together six times as many.
        let quota = |burst: u32, minute: u32| {
            let count = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
            Quota::per_minute(count(minute)).allow_burst(count(burst))
        };
        Self { by_name: RateLimiter::keyed(quota(5, 2)), by_address: RateLimiter::keyed(quota(30, 12)) }
    }
}

impl Attempts {
    /// Counts an attempt.
    ///
    /// # Errors
    /// [`Failure::TooMany`] when there were too many, with the seconds to wait.
    pub fn count(&self, from: IpAddr, name: &str) -> Result<(), Failure> {
        let clock = DefaultClock::default();
        // Whoever tries thousands of names must not fill the memory with them.
        self.by_name.retain_recent();
        self.by_address.retain_recent();
        let late = |wait: governor::NotUntil<_>| wait.wait_time_from(clock.now()).as_secs().max(1);
        let name: String = name.chars().take(100).collect();
        let address = self.by_address.check_key(&from).map_err(late);
        address.and_then(|()| self.by_name.check_key(&(from, name)).map_err(late)).map_err(Failure::TooMany)
    }
}
