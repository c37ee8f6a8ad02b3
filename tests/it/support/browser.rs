//! Chromium, driven over W3C WebDriver: what a person sees and does, no more.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::tools;

/// How long something may take to appear on a page.
const PATIENCE: Duration = Duration::from_secs(20);

/// How an element is named in answers (W3C WebDriver, 12.1).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser of its own for a test, closed with it.
pub struct Browser {
    driver: Child,
    session: String,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Opens a browser.
    pub fn open() -> Self {
        let mut driver = Command::new("chromedriver");
        driver.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null());
        let mut driver = driver.spawn().expect("chromedriver is there: ./test installs it");
        let mut lines = BufReader::new(driver.stdout.take().expect("its output")).lines();
        let port = lines.find_map(|line| {
            let line = line.expect("a line");
            line.split("started successfully on port ").nth(1).map(|rest| rest.trim_end_matches('.').to_string())
        });
        // It goes on talking, and must not wait for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let base = format!("http://127.0.0.1:{}", port.expect("a port"));
        let profile = tempfile::TempDir::new().expect("a folder");
        let profile_argument = format!("--user-data-dir={}", profile.path().display());
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--window-size=1280,1000",
            "--lang=nl",
            &profile_argument,
        ];
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
        } } });
        let answer = post(&format!("{base}/session"), &wanted).expect("a session");
        let id = answer["sessionId"].as_str().expect("an id").to_string();
        Self { driver, session: format!("{base}/session/{id}"), _profile: profile }
    }

    fn command(&self, path: &str, body: &Json) -> Result<Json, String> {
        post(&format!("{}/{path}", self.session), body)
    }

    /// Goes to an address.
    pub fn go(&self, url: &str) {
        self.command("url", &json!({ "url": url })).expect("the page");
    }

    /// The address of the page.
    pub fn url(&self) -> String {
        self.script("return location.href", &[]).as_str().expect("an address").to_string()
    }

    /// Runs a script in the page; what it returns.
    pub fn script(&self, script: &str, arguments: &[Json]) -> Json {
        self.command("execute/sync", &json!({ "script": script, "args": arguments })).expect("a script that runs")
    }

    /// The same for a script that answers by calling its last argument.
    pub fn script_async(&self, script: &str, arguments: &[Json]) -> Json {
        self.command("execute/async", &json!({ "script": script, "args": arguments })).expect("a script that runs")
    }

    /// Waits until `what` gives something.
    #[track_caller]
    pub fn wait<T>(&self, about: &str, what: impl Fn() -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = what() {
                return found;
            }
            assert!(Instant::now() < until, "{about}: not there on {}\n{}", self.url(), self.text("body"));
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn find(&self, using: &str, value: &str) -> Option<String> {
        let found = self.command("element", &json!({ "using": using, "value": value })).ok()?;
        Some(found[ELEMENT].as_str().expect("an element").to_string())
    }

    #[track_caller]
    fn element(&self, css: &str) -> String {
        self.wait(css, || self.find("css selector", css))
    }

    /// Whether there is something at a CSS selector now.
    pub fn has(&self, css: &str) -> bool {
        self.find("css selector", css).is_some()
    }

    /// The visible text at a CSS selector; nothing if it is not there.
    pub fn text(&self, css: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
        self.script(script, &[css.into()]).as_str().unwrap_or_default().to_string()
    }

    /// Waits until the text at a CSS selector holds something.
    #[track_caller]
    pub fn wait_text(&self, css: &str, part: &str) {
        self.wait(&format!("{part:?} in {css}"), || self.text(css).contains(part).then_some(()));
    }

    /// Clicks what is at a CSS selector.
    #[track_caller]
    pub fn click(&self, css: &str) {
        self.wait(&format!("a click on {css}"), || {
            let element = self.find("css selector", css)?;
            self.command(&format!("element/{element}/click"), &json!({})).ok()
        });
    }

    /// Clicks the button or link with a text, and waits for the page that it leads to.
    #[track_caller]
    pub fn press(&self, words: &str) {
        let path = format!(
            "//main//*[self::button or self::a][normalize-space()={words:?}] | //header//*[self::button or self::a][normalize-space()={words:?}]"
        );
        self.wait(&format!("a click on {words:?}"), || {
            let element = self.find("xpath", &path)?;
            self.command(&format!("element/{element}/click"), &json!({})).ok()
        });
    }

    /// Types into a field, after what is in it.
    #[track_caller]
    pub fn type_in(&self, css: &str, text: &str) {
        let element = self.element(css);
        self.command(&format!("element/{element}/value"), &json!({ "text": text })).expect("a field to type in");
    }

    /// Replaces what is in a field, as a person who selects all and types.
    #[track_caller]
    pub fn fill(&self, css: &str, text: &str) {
        let element = self.element(css);
        self.command(&format!("element/{element}/clear"), &json!({})).expect("a field to clear");
        self.type_in(css, text);
    }

    /// Fills a field that is no line of text, such as a date or a list to choose from, and says so to the page.
    #[track_caller]
    pub fn choose(&self, css: &str, value: &str) {
        self.element(css);
        let script = "const field = document.querySelector(arguments[0]); field.value = arguments[1];
                      for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }));
                      return field.value";
        assert_eq!(self.script(script, &[css.into(), value.into()]), value, "{css} can't be {value:?}");
    }

    /// Gives a file to a field.
    #[track_caller]
    pub fn give(&self, css: &str, file: &Path) {
        self.type_in(css, &file.display().to_string());
    }

    /// Sets light or dark, as the system of its user would.
    pub fn scheme(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.cdp("Emulation.setEmulatedMedia", &json!({ "features": features }));
    }

    /// A command of the browser's own protocol.
    pub fn cdp(&self, command: &str, parameters: &Json) -> Json {
        self.command("goog/cdp/execute", &json!({ "cmd": command, "params": parameters })).expect("a command it knows")
    }

    /// What is wrong on the page for people who can't see, hear or point: the rules of WCAG 2.1 A and AA that axe-core
    /// can judge, in light and in dark. One line for each.
    pub fn violations(&self) -> Vec<String> {
        let mut found = Vec::new();
        for scheme in ["light", "dark"] {
            self.scheme(scheme);
            // The page's own policy lets no script of ours in; the driver may.
            self.script(&tools::axe(), &[]);
            let script = "const done = arguments[arguments.length - 1];
                axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], iframes: false })
                   .then((result) => done(result.violations), (error) => done([{ id: String(error), nodes: [] }]))";
            for violation in self.script_async(script, &[]).as_array().expect("violations") {
                for node in violation["nodes"].as_array().expect("nodes") {
                    found.push(format!("{} {scheme} {}: {}", self.url(), violation["id"], node["html"]));
                }
                if violation["nodes"].as_array().is_some_and(Vec::is_empty) {
                    found.push(violation["id"].to_string());
                }
            }
        }
        self.scheme("light");
        found
    }

    /// What the browser itself complained of since it was last asked: errors of scripts, what the policy forbids, files that
    /// are not there. A page that says why something can't be done (409, 422) is no error.
    pub fn complaints(&self) -> Vec<String> {
        let entries = self.command("se/log", &json!({ "type": "browser" })).expect("a log");
        let entries = entries.as_array().expect("entries").iter();
        let said = entries.map(|entry| format!("{}: {}", entry["level"], entry["message"]));
        said.filter(|entry| !["409", "422"].iter().any(|code| entry.contains(&format!("a status of {code} "))))
            .collect()
    }

    /// A picture of the page as it is in the window, as PNG.
    pub fn picture(&self) -> Vec<u8> {
        use base64::Engine;
        let answer = get(&format!("{}/screenshot", self.session)).expect("a picture");
        base64::engine::general_purpose::STANDARD.decode(answer.as_str().expect("text")).expect("base64")
    }

    /// Sets the size of the window.
    pub fn size(&self, width: u32, height: u32) {
        self.command("window/rect", &json!({ "width": width, "height": height })).expect("a window");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = ureq::delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(120)))
        .build()
        .into()
}

fn post(url: &str, body: &Json) -> Result<Json, String> {
    let answer = agent().post(url).content_type("application/json").send(body.to_string());
    value(answer.expect("chromedriver answers"))
}

fn get(url: &str) -> Result<Json, String> {
    value(agent().get(url).call().expect("chromedriver answers"))
}

fn value(mut answer: ureq::http::Response<ureq::Body>) -> Result<Json, String> {
    let text = answer.body_mut().with_config().limit(64 << 20).read_to_string().expect("an answer");
    let json: Json = serde_json::from_str(&text).expect("JSON");
    if answer.status().is_success() { Ok(json["value"].clone()) } else { Err(json["value"]["message"].to_string()) }
}
