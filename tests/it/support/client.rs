//! Requests as a browser sends them, and as no browser would.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use super::workbench::Workbench;

/// Somebody who asks for pages: keeps cookies, follows no redirect.
pub struct Client {
    base: String,
    agent: ureq::Agent,
    cookies: RefCell<BTreeMap<String, String>>,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub location: Option<String>,
    pub headers: ureq::http::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Asserts the status, showing what was said.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

impl Client {
    pub fn new(workbench: &Workbench) -> Self {
        Self::of(&workbench.url)
    }

    pub fn of(base: &str) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
        let config = config.timeout_global(Some(Duration::from_secs(60))).build();
        Self { base: base.to_string(), agent: config.into(), cookies: RefCell::default() }
    }

    /// The host and port.
    pub fn host(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    pub fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    /// The same with more headers.
    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.agent.get(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.keep(request.header("cookie", self.cookie()).call().expect("an answer"))
    }

    /// Sends a form with the token of the session.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf();
        let all: Vec<_> = std::iter::once(("csrf", csrf.as_str())).chain(fields.iter().copied()).collect();
        self.post_with(path, &all, &[("origin", &self.base)])
    }

    /// Sends a form with nothing but these fields and headers.
    pub fn post_with(&self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let mut request = self.agent.post(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.keep(request.header("cookie", self.cookie()).send_form(fields.iter().copied()).expect("an answer"))
    }

    /// Sends a form with one file, after the token of the session.
    pub fn upload(&self, path: &str, fields: &[(&str, &str)], file: (&str, &str, &[u8])) -> Answer {
        let csrf = self.csrf();
        let all: Vec<_> = std::iter::once(("csrf", csrf.as_str())).chain(fields.iter().copied()).collect();
        self.upload_with(path, &all, file, &[("origin", &self.base)])
    }

    /// The same with nothing but these fields and headers.
    pub fn upload_with(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        file: (&str, &str, &[u8]),
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--grens\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.bytes());
        }
        let (field, name, bytes) = file;
        let kind = "application/octet-stream";
        let head = format!("Content-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"");
        body.extend(format!("--grens\r\n{head}\r\nContent-Type: {kind}\r\n\r\n").bytes());
        body.extend(bytes);
        body.extend(b"\r\n--grens--\r\n");
        let mut request = self.agent.post(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.header("cookie", self.cookie()).content_type("multipart/form-data; boundary=grens");
        self.keep(request.send(&body).expect("an answer"))
    }

    /// Signs in.
    pub fn sign_in(&self, name: &str, password: &str) -> Answer {
        self.post("/sign-in", &[("name", name), ("password", password), ("next", "/")])
    }

    /// The token that the pages of this session carry.
    pub fn csrf(&self) -> String {
        let mut page = self.get("/");
        if page.status == 303 {
            page = self.get("/sign-in");
        }
        let text = page.text();
        let rest = text.split("name=\"csrf\" value=\"").nth(1).unwrap_or_else(|| panic!("no token in {text}"));
        rest.split('"').next().expect("a token").to_string()
    }

    /// The cookies it would send.
    pub fn cookie(&self) -> String {
        let cookies = self.cookies.borrow();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Takes cookies that were somebody else's.
    pub fn take(&self, cookie: &str) {
        let pairs = cookie.split("; ").filter_map(|pair| pair.split_once('='));
        self.cookies.borrow_mut().extend(pairs.map(|(name, value)| (name.to_string(), value.to_string())));
    }

    fn keep(&self, mut answer: ureq::http::Response<ureq::Body>) -> Answer {
        for value in answer.headers().get_all("set-cookie") {
            self.take(value.to_str().expect("text").split(';').next().expect("a pair"));
        }
        let location = answer.headers().get("location").map(|value| value.to_str().expect("text").to_string());
        let headers = answer.headers().clone();
        let bytes = answer.body_mut().with_config().limit(256 << 20).read_to_vec().expect("a body");
        Answer { status: answer.status().as_u16(), location, headers, bytes }
    }
}
