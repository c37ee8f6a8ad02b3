//! What a command runs in: where it was started, the day, the reader's language, and the two output streams.

use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anstream::{AutoStream, ColorChoice};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::Serializer;
use serde_json::{Value as Json, json};
use zeroize::Zeroizing;

use super::{Color, Taal, report};
use crate::error::{Error, Finding, Result};
use crate::messages::{Messages, Tongue};
use crate::register::{Clerk, Register};
use crate::workspace::Workspace;
use crate::zone;

/// Looks up a variable of the environment.
pub type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// What the process was started with.
pub struct Surroundings {
    /// The current directory.
    pub directory: PathBuf,
    /// The environment.
    pub environment: Environment,
    /// The moment.
    pub now: DateTime<Utc>,
    /// The moment at which it is asked, for work that takes long.
    pub clock: fn() -> DateTime<Utc>,
}

impl Surroundings {
    /// Those of this process.
    pub fn of_process() -> Self {
        Self {
            directory: std::env::current_dir().unwrap_or_default(),
            environment: Arc::new(|name| std::env::var(name).ok()),
            now: Utc::now(),
            clock: Utc::now,
        }
    }
}

/// How the user wants to be spoken to.
pub(super) struct Style {
    pub json: bool,
    pub quiet: bool,
    pub color: Color,
    pub taal: Option<Taal>,
}

/// What a command runs in.
pub(super) struct Context {
    surroundings: Surroundings,
    workspace: Option<PathBuf>,
    style: Style,
    messages: Messages,
    user: String,
}

impl Context {
    pub fn new(surroundings: Surroundings, workspace: Option<PathBuf>, style: Style) -> Self {
        let tongue = match style.taal {
            Some(Taal::Nl) => Tongue::Nl,
            Some(Taal::En) => Tongue::En,
            None => {
                let locale =
                    ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| (surroundings.environment)(name));
                Tongue::of_locale(&locale.into_iter().find(|value| !value.is_empty()).unwrap_or_default())
            }
        };
        let names = ["USER", "LOGNAME", "USERNAME"].into_iter().filter_map(|name| (surroundings.environment)(name));
        let user = names.into_iter().find(|name| !name.trim().is_empty()).unwrap_or_else(|| "onbekend".into());
        Self { surroundings, workspace, style, messages: Messages::new(tongue), user }
    }

    pub fn json(&self) -> bool {
        self.style.json
    }

    /// A path from the current directory.
    pub fn path(&self, path: &Path) -> PathBuf {
        self.surroundings.directory.join(path)
    }

    pub fn quiet(&self) -> bool {
        self.style.quiet
    }

    /// The workspace asked for, else the nearest one upwards from the letter `near`, else from the current directory.
    pub fn workspace(&self, near: Option<&Path>) -> Result<Workspace> {
        let root = match &self.workspace {
            Some(folder) => Some(self.path(folder)),
            None => near
                .and_then(|letter| Workspace::find(&std::path::absolute(self.path(letter)).ok()?))
                .or_else(|| Workspace::find(&self.surroundings.directory)),
        };
        let Some(root) = root else { return Err(Finding::error("workspace-missing").into()) };
        let root = root.canonicalize().unwrap_or(root);
        Workspace::open(&root, &*self.surroundings.environment)
    }

    /// The register of a workspace; whoever uses it is told what is amiss with where it lies.
    pub fn register(&self, workspace: &Workspace) -> Result<Register> {
        let register = Register::open(workspace)?;
        self.show(register.notes());
        Ok(register)
    }

    /// The day: that of `SOURCE_DATE_EPOCH` where it is set, else today in the Netherlands.
    pub fn day(&self) -> Result<NaiveDate> {
        Ok(zone::day(&self.moment()?))
    }

    /// The moment by which events are dated: that of `SOURCE_DATE_EPOCH` where it is set, else now.
    pub fn moment(&self) -> Result<DateTime<Utc>> {
        self.moment_or(self.surroundings.now)
    }

    fn moment_or(&self, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
        match (self.surroundings.environment)("SOURCE_DATE_EPOCH") {
            Some(epoch) => epoch
                .trim()
                .parse()
                .ok()
                .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
                // A PDF writes years with four digits.
                .filter(|moment| (1..9999).contains(&moment.year()))
                .ok_or_else(|| Finding::error("source-date-epoch").arg("value", epoch).into()),
            None => Ok(now),
        }
    }

    /// The moment whenever it is asked, for work that goes on after the command has begun it.
    pub fn clock(&self) -> Result<Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>> {
        let (now, clock) = (self.moment_or((self.surroundings.clock)())?, self.surroundings.clock);
        let fixed = (self.surroundings.environment)("SOURCE_DATE_EPOCH").is_some();
        Ok(Arc::new(move || if fixed { now } else { clock() }))
    }

    /// The environment.
    pub fn environment(&self) -> Environment {
        self.surroundings.environment.clone()
    }

    /// The name under which the user is signed in to the system.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// A variable of the environment; none when it is empty.
    pub fn variable(&self, name: &str) -> Option<String> {
        (self.surroundings.environment)(name).filter(|value| !value.is_empty())
    }

    /// Asks for something that is not shown while it is typed; `missing` says how else to give it.
    ///
    /// # Errors
    /// `missing` when there is no terminal to ask on; [`Error::Outside`] when it can't be read.
    pub fn ask_secret(&self, id: &str, args: &[(&str, &str)], missing: Finding) -> Result<Zeroizing<String>> {
        if !std::io::stdin().is_terminal() {
            return Err(missing.into());
        }
        let prompt = format!("{} ", self.messages.text(id, args).replace(char::is_control, ""));
        let typed = rpassword::prompt_password(prompt);
        typed.map(Zeroizing::new).map_err(|cause| Error::io("read", Path::new("-"), cause))
    }

    /// Who changes the register now: the name under which the user is signed in to the system.
    pub fn clerk(&self) -> Result<Clerk<'_>> {
        self.clerk_at(self.moment()?)
    }

    /// The same at the moment at which it is asked, for work that takes long.
    pub fn clerk_now(&self) -> Result<Clerk<'_>> {
        self.clerk_at(self.moment_or((self.surroundings.clock)())?)
    }

    fn clerk_at(&self, moment: DateTime<Utc>) -> Result<Clerk<'_>> {
        let day = zone::day(&moment);
        Ok(Clerk { name: &self.user, moment, day, random: &random })
    }

    /// Refuses to write over a file that the workspace lives on: letters, settings, the register, what was issued; to
    /// write anything into the archive; and to write a file where there is a folder.
    pub fn spare(&self, workspace: &Workspace, output: &Path) -> Result<()> {
        let file = self.path(output);
        let spared = file.is_file() && (workspace.is_own(&file) || workspace.is_relied_on(&file));
        if workspace.is_in_archive(&file) || spared {
            return Err(Finding::error("output-is-own").arg("path", output.display()).into());
        }
        if file.is_dir() {
            return Err(Finding::error("output-is-folder").arg("path", output.display()).into());
        }
        Ok(())
    }

    /// Refuses to write over a file that the same command reads; `code` is what is said then.
    pub fn spare_read(&self, output: &Path, read: &[&Path], code: &'static str) -> Result<()> {
        let real = |path: &Path| self.path(path).canonicalize().ok();
        match real(output) {
            Some(there) if read.iter().any(|path| real(path).as_ref() == Some(&there)) => {
                Err(Finding::error(code).arg("path", output.display()).into())
            }
            _ => Ok(()),
        }
    }

    /// Writes what was asked for to standard output; a reader that went away (`| head`) is no failure.
    ///
    /// # Errors
    /// When it can't be written for another reason, such as a full disk.
    pub fn answer(&self, text: &str) -> Result<()> {
        self.answer_bytes(text.as_bytes())
    }

    /// The same for bytes.
    pub fn answer_bytes(&self, bytes: &[u8]) -> Result<()> {
        let mut out = std::io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Err(cause) if cause.kind() != ErrorKind::BrokenPipe => Err(Error::io("write", Path::new("-"), cause)),
            _ => Ok(()),
        }
    }

    /// Writes a JSON document to standard output.
    pub fn answer_json(&self, value: &Json) -> Result<()> {
        self.answer(&format!("{value:#}\n"))
    }

    /// Writes a JSON array to standard output, of which no more than one element is made at a time.
    ///
    /// # Errors
    /// As [`Context::answer`].
    pub fn answer_json_all(&self, values: impl Iterator<Item = Json>) -> Result<()> {
        let mut bytes = Vec::new();
        // A vector takes everything, and so does the serializer: the keys of a `Json` are texts.
        let _ = serde_json::Serializer::pretty(&mut bytes).collect_seq(values);
        bytes.push(b'\n');
        self.answer_bytes(&bytes)
    }

    /// Writes text with colours to standard output; where they aren't wanted, they are left out.
    ///
    /// # Errors
    /// As [`Context::answer`].
    pub fn answer_styled(&self, text: &str) -> Result<()> {
        let choice = match self.choice() {
            ColorChoice::Auto => AutoStream::choice(&std::io::stdout()),
            choice => choice,
        };
        match choice {
            ColorChoice::Never => self.answer(&anstream::adapter::strip_str(text).to_string()),
            _ => self.answer(text),
        }
    }

    /// The width of the terminal that standard output is; none if it is a file or a pipe.
    pub fn width(&self) -> Option<u16> {
        comfy_table::Table::new().width()
    }

    /// The catalogue in the reader's language.
    pub fn messages(&self) -> &Messages {
        &self.messages
    }

    /// The code of the reader's language, as `--taal` takes it.
    pub fn tongue(&self) -> &'static str {
        match self.messages.tongue() {
            Tongue::Nl => "nl",
            Tongue::En => "en",
        }
    }

    /// A message in the reader's language.
    pub fn text(&self, id: &str, args: &[(&str, &str)]) -> String {
        self.messages.text(id, args)
    }

    /// What a finding says, without its help.
    pub fn words(&self, finding: &Finding) -> String {
        self.messages.finding(finding).message
    }

    /// Says something on standard error, unless the user wants quiet.
    pub fn say(&self, id: &str, args: &[(&str, &str)]) {
        if !self.style.quiet {
            self.print(&format!("{}\n", self.messages.text(id, args)));
        }
    }

    /// Shows findings on standard error.
    pub fn show(&self, findings: &[Finding]) {
        for finding in findings {
            self.print(&report::finding(&self.messages, finding));
        }
    }

    /// Says why a command did not do its work.
    pub fn report(&self, error: &Error) {
        match error {
            Error::Refused(findings) if self.style.json => {
                let errors: Vec<Json> = findings.iter().map(|finding| self.finding_json(finding)).collect();
                // The exit code says it too.
                let _ = self.answer_json(&json!({ "fouten": errors }));
            }
            Error::Refused(findings) => self.show(findings),
            outside => self.print(&report::outside(&self.messages, outside)),
        }
    }

    pub fn finding_json(&self, finding: &Finding) -> Json {
        self.messages.finding_json(finding)
    }

    fn print(&self, text: &str) {
        let _ = AutoStream::new(std::io::stderr(), self.choice()).write_all(text.as_bytes());
    }

    fn choice(&self) -> ColorChoice {
        match self.style.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
    }
}

/// Sends the library's log to standard error, as much as was asked for; of a program that goes on, always what its keeper
/// should know.
pub(super) fn log(verbose: u8, goes_on: bool) {
    let level = match verbose {
        0 if goes_on => tracing::Level::INFO,
        0 => return,
        1 => tracing::Level::DEBUG,
        _ => tracing::Level::TRACE,
    };
    // A journal or a file would keep the signs that colours are made of.
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_ansi(colours)
        .without_time()
        .init();
}

/// Sixteen bytes from the system's source of randomness.
pub(super) fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    // A system without it can't make what must not be guessed.
    getrandom::fill(&mut bytes).expect("the system has a source of randomness");
    bytes
}
