//! What can be wrong: findings in the user's input, and failures of the world outside.
//!
//! A [`Finding`] has a stable code, a place and arguments; its words come from the message catalogues, so that a
//! terminal and a browser can show the same finding in the reader's language.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::source::Place;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is produced.
    Error,
    /// Said, and produced all the same.
    Warning,
}

/// One thing wrong in the user's input.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Stable code, the key of its words in `messages/*.ftl`.
    pub code: &'static str,
    /// Where it is; none for what is missing altogether.
    pub place: Option<Place>,
    /// The dotted key it is about, such as `ontvanger.postcode`.
    pub key: Option<String>,
    /// What the words of the message are filled with.
    pub args: Vec<(&'static str, String)>,
}

impl Finding {
    /// An error.
    pub fn error(code: &'static str) -> Self {
        Self { severity: Severity::Error, code, place: None, key: None, args: Vec::new() }
    }

    /// A warning.
    pub fn warning(code: &'static str) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code) }
    }

    /// With the place it was found.
    pub fn at(mut self, place: impl Into<Option<Place>>) -> Self {
        self.place = place.into();
        self
    }

    /// With the key it is about, at hand in the message as `$key`.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// With an argument of its message.
    pub fn arg(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

/// Why a command did not do its work.
#[derive(Debug)]
pub enum Error {
    /// Something in the user's input is wrong; nothing was changed (exit code 1).
    Refused(Vec<Finding>),
    /// Something outside failed: disk, network (exit code 3).
    Outside {
        /// What was being done, a code in the message catalogues.
        action: &'static str,
        /// The file it was done to.
        path: PathBuf,
        /// What the system said.
        cause: String,
    },
}

/// The result of the library's operations.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A failure of the file system, with the path that the system's own message leaves out.
    pub fn io(action: &'static str, path: &Path, cause: impl fmt::Display) -> Self {
        // Where a cause names a path itself, it is that of a temporary file, which says nothing to the user.
        let cause = cause.to_string();
        let cause = cause.split(" at path ").next().unwrap_or_default();
        Self::Outside { action, path: path.to_path_buf(), cause: cause.to_string() }
    }

    /// Gives findings that have a key and no place the place of that key.
    pub fn placed(self, place: &dyn Fn(&str) -> Place) -> Self {
        let Self::Refused(findings) = self else { return self };
        let placed = findings.into_iter().map(|finding| match (&finding.place, finding.key.as_deref()) {
            (None, Some(key)) => {
                let place = place(key);
                finding.at(place)
            }
            _ => finding,
        });
        Self::Refused(placed.collect())
    }

    /// The exit code of the contract.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Refused(_) => 1,
            Self::Outside { .. } => 3,
        }
    }
}

impl From<Finding> for Error {
    fn from(finding: Finding) -> Self {
        Self::Refused(vec![finding])
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(findings) => {
                let codes: Vec<_> = findings.iter().map(|finding| finding.code).collect();
                write!(f, "refused: {}", codes.join(", "))
            }
            Self::Outside { action, path, cause } => write!(f, "{action}: {}: {cause}", path.display()),
        }
    }
}

impl std::error::Error for Error {}

/// Whether any of the findings refuses.
pub fn refuses(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// More findings of one severity than anyone reads: a file can hold half a million.
const MAX_FINDINGS: usize = 200;

/// The findings of a step: warnings may pass, errors refuse.
#[derive(Debug, Default)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    /// Adds one, unless the same was found there already (a loop in a template meets its body more than once) or there
    /// are very many.
    pub fn push(&mut self, finding: Finding) {
        let alike = self.0.iter().filter(|other| other.severity == finding.severity).count();
        if alike < MAX_FINDINGS && !self.0.contains(&finding) {
            self.0.push(finding);
        }
    }

    /// Whether any of them refuses.
    pub fn has_errors(&self) -> bool {
        refuses(&self.0)
    }

    /// The findings in the order in which their places stand in the files.
    pub fn sorted(mut self) -> Vec<Finding> {
        self.0.sort_by(|one, other| {
            let place = |finding: &Finding| {
                let place = finding.place.as_ref();
                place.map(|place| (place.file.path().to_path_buf(), place.range.start))
            };
            // What has no place comes last.
            (one.place.is_none(), place(one)).cmp(&(other.place.is_none(), place(other)))
        });
        self.0
    }

    /// Refuses if there is an error among them; the warnings go along.
    ///
    /// # Errors
    /// [`Error::Refused`] with all of them, when one is an error.
    pub fn refuse_errors(self) -> Result<Vec<Finding>> {
        if self.has_errors() { Err(Error::Refused(self.sorted())) } else { Ok(self.sorted()) }
    }
}

impl Extend<Finding> for Findings {
    fn extend<T: IntoIterator<Item = Finding>>(&mut self, iter: T) {
        iter.into_iter().for_each(|finding| self.push(finding));
    }
}
