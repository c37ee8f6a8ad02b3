//! `[archief]` and `[vertrouwen]`: where letters are kept, how long, and which signatures on them are trusted.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use crate::contract::check::Checked;
use crate::error::{Finding, Findings};
use crate::workspace::folders;
use crate::workspace::retention::Retention;

/// The folder of the archive, unless the settings name another.
const FOLDER: &str = "archief";

/// `[archief]`: where letters are kept, and how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    /// The folder, relative to the workspace or absolute; it holds nothing but the archive.
    pub url: String,
    /// How long letters are kept and why, unless their template says otherwise.
    pub retention: Retention,
}

impl Default for Archive {
    fn default() -> Self {
        Self { url: FOLDER.into(), retention: Retention::default() }
    }
}

impl Archive {
    /// What stands under `[archief]`; what can't be is found at its line.
    pub(super) fn read(checked: &Checked, findings: &mut Findings) -> Self {
        let key = "archief.url";
        let url = checked.text(key).map(str::trim).filter(|url| !url.is_empty()).unwrap_or(FOLDER);
        if let Some(reason) = unfit(url) {
            let finding = Finding::error("archive-folder").key(key).arg("value", url).arg("reason", reason);
            findings.push(finding.at(checked.place(key)));
        }
        Self { url: url.to_string(), retention: Retention::read(checked, findings) }
    }
}

/// Why a folder can't be that of the archive.
fn unfit(url: &str) -> Option<&'static str> {
    if url.contains("://") {
        return Some("address");
    }
    let mut parts = Vec::new();
    for part in Path::new(url).components() {
        match (part, parts.last()) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    match parts.first() {
        None => Some("workspace"),
        Some(Component::Normal(first)) if is_taken(first) => Some("taken"),
        Some(_) if url.contains(char::is_control) => Some("control"),
        Some(_) => None,
    }
}

/// Whether a folder of the workspace is for something else.
fn is_taken(folder: &OsStr) -> bool {
    folders::ALL.iter().any(|taken| folder.eq_ignore_ascii_case(taken))
}

/// `[vertrouwen]`: which signatures are trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// PEM files with the certificates that the certificates of signers must lead to, relative to the workspace.
    pub ankers: Vec<PathBuf>,
    /// Whether a signature counts only with a time stamp.
    pub tijdstempel_vereist: bool,
}

impl Trust {
    /// What stands under `[vertrouwen]`; what can't be is found at its line.
    pub(super) fn read(checked: &Checked, findings: &mut Findings) -> Self {
        let given = checked.get("vertrouwen.ankers").and_then(|paths| paths.as_array());
        let mut trust = Self::default();
        for (at, path) in given.into_iter().flatten().enumerate() {
            let key = format!("vertrouwen.ankers.{at}");
            match path.as_str().map(str::trim).filter(|path| !path.is_empty()) {
                Some(path) => trust.ankers.push(path.into()),
                None => findings.push(Finding::error("anchor-empty").key(&key).at(checked.place(&key))),
            }
        }
        let required = checked.get("vertrouwen.tijdstempel_vereist").and_then(|value| value.as_bool());
        trust.tijdstempel_vereist = required.unwrap_or_default();
        trust
    }
}

#[cfg(test)]
mod tests {
    use super::unfit;

    #[test]
    fn the_archive_has_a_folder_of_its_own() {
        for fit in [
            "archief",
            "./archief",
            "/mnt/archief",
            "../archief",
            "bewaard/letters",
            "archief/",
            "letters/../archief",
            "../letters",
        ] {
            assert_eq!(unfit(fit), None, "{fit}");
        }
        let wrong = [
            (".", "workspace"),
            ("./", "workspace"),
            ("letters", "taken"),
            ("./uitgaand/archief", "taken"),
            ("Inkomend", "taken"),
            ("templates", "taken"),
            ("fonts", "taken"),
            ("mailings", "taken"),
            ("Mailings/archief", "taken"),
            ("map/..", "workspace"),
            ("map/./../letters/archief", "taken"),
            ("s3://emmer", "address"),
            ("a\u{7}b", "control"),
        ];
        for (url, reason) in wrong {
            assert_eq!(unfit(url), Some(reason), "{url}");
        }
    }
}
