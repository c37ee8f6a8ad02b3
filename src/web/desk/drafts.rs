//! Letters that are drafted and not issued yet.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use maud::{Markup, html};

use super::super::letters;
use super::super::visit::Visit;
use super::{Count, part};
use crate::error::Result;
use crate::letter::Letter;
use crate::source::SourceFile;
use crate::workspace::Workspace;
use crate::workspace::files;
use crate::workspace::folders::LETTERS;

/// The most that are shown: those that were changed last.
const MOST: usize = 8;

/// More bytes than front matter takes.
const MOST_FRONT: u64 = 16 << 10;

/// The drafts that were changed last.
#[derive(Default)]
pub(super) struct Drafts {
    shown: Vec<Draft>,
    count: Count,
}

struct Draft {
    path: String,
    subject: Option<String>,
}

impl Drafts {
    /// The letter files but for those that became letters or are those of a mailing. Only the ones to show are opened.
    pub(super) fn read(workspace: &Workspace, done: &BTreeSet<String>) -> Result<Self> {
        let files = files::letters(&workspace.root().join(LETTERS))?.into_iter();
        let changed = |file: &Path| file.metadata().and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
        let mut found: Vec<(SystemTime, PathBuf, String)> = files
            .filter_map(|file| Some((workspace.shown(&file).to_str()?.replace('\\', "/"), file)))
            .filter(|(path, _)| !done.contains(path))
            .map(|(path, file)| (changed(&file), file, path))
            .collect();
        found.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.2.cmp(&other.2)));
        let count = Count::of(&mut found, MOST);
        let shown = found.into_iter().map(|(_, file, path)| Draft { subject: subject(&file, &path), path });
        Ok(Self { shown: shown.collect(), count })
    }
}

/// What a letter file is about; none if that can't be read.
fn subject(file: &Path, shown: &str) -> Option<String> {
    let mut bytes = Vec::new();
    File::open(file).ok()?.take(MOST_FRONT).read_to_end(&mut bytes).ok()?;
    // The body is of no use here, and may be cut anywhere.
    let text = String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').replace("\r\n", "\n");
    Letter::subject(&SourceFile::new(shown, text))
}

pub(super) fn show(visit: &Visit, drafts: &Drafts) -> Markup {
    let body = html! {
        @if drafts.shown.is_empty() {
            p.empty { (visit.say("web-desk-no-drafts")) }
        } @else {
            ul.desk-list {
                @for draft in &drafts.shown {
                    li {
                        a href=(letters::url("edit", &draft.path)) { (draft.subject.as_deref().unwrap_or(&draft.path)) }
                        @if draft.subject.is_some() { span.faint { (draft.path) } }
                    }
                }
            }
            @if drafts.count.more { p { a href="/letters" { (visit.say("web-desk-all-letters")) } } }
        }
    };
    part("drafts", &visit.say("web-desk-drafts"), &drafts.count, &body)
}
