//! Whether a PDF conforms to PDF/A and PDF/UA-1, as a validator that others made sees it.
//!
//! PDF/A is judged at the level that the file itself declares in its XMP metadata (ISO 19005-2, 6.6.4). A verdict is
//! recorded and shown; it is never a reason to refuse a signed letter.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use page_validation::{ValidationOptions, ValidationProfile, validate_pdf_bytes};

use super::pdf::{Document, View};
use super::xmp::Declared;

/// The rules on the lengths of streams (ISO 19005-1, 6.1.7 and ISO 19005-2 and -3, 6.1.7.1). The validator takes a carriage return at the end of
/// a compressed stream for part of the line end before `endstream`; our own reader refuses every wrong length already.
const LENGTHS: [&str; 3] = ["ISO 19005-1:2005:6.1.7:1", "ISO 19005-2:2011:6.1.7.1:1", "ISO 19005-3:2012:6.1.7.1:1"];

/// The rule that a signature covers the whole file (ISO 19005-2 and -3, 6.4.3). The validator means the file with all later
/// signatures, so that only the last one could ever conform; veraPDF means the file that was signed, and `verify` sees to
/// it that every signature covers that.
const COVERAGE: [&str; 2] = ["ISO 19005-2:2011:6.4.3:1", "ISO 19005-3:2012:6.4.3:1"];

/// Stack that the validator needs for each array or dictionary that leads to the next: it follows references by recursion,
/// and an overflow would end this program. Chains of 70,000 links were read within this.
const STACK_EACH: usize = 8 << 10;
/// Stack for the rest of its work.
const STACK: usize = 16 << 20;
/// The most arrays and dictionaries of a file that is given to it; a tagged page has some hundreds.
const CONTAINERS: usize = 250_000;
/// How long its verdict is waited for. A letter takes a few hundredths of a second; a page can be made to take days.
const PATIENCE: Duration = Duration::from_secs(60);

/// The verdict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conformance {
    /// Whether it conforms to the level of PDF/A that it declares.
    pub pdfa: bool,
    /// The level that it declares, such as `2a`.
    pub level: Option<String>,
    /// Whether it conforms to PDF/UA-1 and says so.
    pub pdfua: bool,
    /// What is wrong, in the validator's words: the rule and what breaks it.
    pub failures: Vec<String>,
}

impl Conformance {
    /// The verdict on a file; nothing of one that can't be read strictly.
    pub fn of_file(bytes: &[u8]) -> Self {
        Document::read(bytes).map(|document| Self::of(&document)).unwrap_or_default()
    }

    /// The verdict on a document.
    pub fn of(document: &Document) -> Self {
        let declared = declared(&document.last());
        let (bytes, containers) = (Arc::<[u8]>::from(document.bytes()), document.containers());
        let mut failures = Vec::new();
        let mut conforms = |profile: Option<ValidationProfile>| match profile {
            Some(profile) => {
                let found = validate(&bytes, containers, profile);
                let is_clean = found.is_empty();
                failures.extend(found);
                is_clean
            }
            None => false,
        };
        let level = declared.pdfa.filter(|level| level.len() < 8);
        // A level that the validator doesn't know isn't shown to hold.
        let pdfa = conforms(level.as_deref().and_then(|level| level.parse().ok()));
        let pdfua = conforms(declared.pdfua.then_some(ValidationProfile::PdfUa1));
        Self { pdfa, level, pdfua, failures }
    }
}

/// It is another's program reading a stranger's file: what it stumbles over is its verdict, and so is that no answer comes.
/// It works in a thread of its own, which is left behind when it takes too long.
fn validate(bytes: &Arc<[u8]>, containers: usize, profile: ValidationProfile) -> Vec<String> {
    let none = |why: &str| vec![format!("{profile}: {why}")];
    if containers > CONTAINERS {
        return none("the file has too many parts to be validated");
    }
    let (bytes, (sender, receiver)) = (Arc::clone(bytes), mpsc::channel());
    let work = move || {
        let found = catch_unwind(AssertUnwindSafe(|| failures(&bytes, profile)));
        // Nobody may be waiting any more.
        let _ = sender.send(found.ok());
    };
    let stack = STACK + containers * STACK_EACH;
    match thread::Builder::new().stack_size(stack).spawn(work).map(|_| receiver.recv_timeout(PATIENCE)) {
        Ok(Ok(Some(found))) => found,
        Ok(Ok(None) | Err(mpsc::RecvTimeoutError::Disconnected)) => none("the validator could not read the file"),
        Ok(Err(mpsc::RecvTimeoutError::Timeout)) => none("the validator took too long"),
        Err(cause) => none(&cause.to_string()),
    }
}

fn failures(bytes: &[u8], profile: ValidationProfile) -> Vec<String> {
    let known = [&LENGTHS[..], &COVERAGE[..]].concat();
    match validate_pdf_bytes(bytes, &ValidationOptions::default().profile(profile)) {
        Ok(report) => {
            let counted = report.failures.iter().filter(|failure| !known.contains(&failure.rule_id.as_str()));
            counted.map(|failure| format!("{}: {}", failure.rule_id, failure.message)).collect()
        }
        Err(error) => vec![format!("{profile}: {error}")],
    }
}

/// What the metadata declare.
fn declared(view: &View) -> Declared {
    let (_, catalog) = view.catalog();
    let metadata = catalog.get(b"Metadata").and_then(|metadata| view.decoded(view.stream(metadata)?));
    metadata.map(|xml| Declared::read(&xml)).unwrap_or_default()
}
