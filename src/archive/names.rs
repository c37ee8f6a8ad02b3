//! Names of files and folders that every e-depot takes.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use crate::contract::characters::unfit;
use crate::register::files::file_name;

/// A text as the name of a file or folder: at most 200 bytes, so that with the endings of sidecars it stays below 255;
/// no character that some file system can't hold, and none of `< > : " / \ | ? * # &` or a space, which a SIP may not have
/// (MDTO, Specificatie SIP); what can't be there becomes `-`.
pub fn safe(text: &str) -> String {
    let plain: String = text
        .nfc()
        .map(|c| if c.is_whitespace() || matches!(c, '#' | '&') || unfit(c).is_some() { '-' } else { c })
        .collect();
    file_name(&plain)
}

/// Names that were given out in one folder. No two differ in case only: some file systems don't tell those apart.
#[derive(Debug, Default)]
pub struct Names {
    given: BTreeSet<String>,
}

impl Names {
    /// Names of which these are taken already.
    pub fn taken<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self { given: names.into_iter().map(key).collect() }
    }

    /// A safe name for a text that no other in the folder has: `brief.pdf`, then `brief-2.pdf`. None of the names made
    /// from it by adding an `ending` is taken either, nor given out later.
    pub fn give(&mut self, text: &str, endings: &[&str]) -> String {
        let name = safe(text);
        let (stem, extension) = match name.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => (stem, format!(".{extension}")),
            _ => (name.as_str(), String::new()),
        };
        let mut candidate = name.clone();
        let mut count = 1;
        loop {
            let whole: Vec<_> = std::iter::once("")
                .chain(endings.iter().copied())
                .map(|end| key(&format!("{candidate}{end}")))
                .collect();
            if whole.iter().all(|name| !self.given.contains(name)) {
                self.given.extend(whole);
                return candidate;
            }
            count += 1;
            candidate = format!("{stem}-{count}{extension}");
        }
    }
}

fn key(name: &str) -> String {
    // Case first, then composition: `İ` in lower case is two characters.
    name.to_lowercase().nfc().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_fit_an_e_depot() {
        assert_eq!(safe("2021/0266135"), "2021-0266135");
        assert_eq!(safe("R&D nota #3: \"x\" <1>.pdf"), "R-D-nota--3---x---1-.pdf");
        assert_eq!(safe("a\u{202e}b\u{7}\u{a0}c"), "a-b--c");
        assert_eq!(safe("e\u{301}\u{1F4EE}.md"), "é\u{1F4EE}.md");
    }

    #[test]
    fn no_two_are_alike() {
        let mut names = Names::taken(["register.json"]);
        let mut give = |text| names.give(text, &[".bestand.MDTO.xml"]);
        assert_eq!(
            (give("a b.pdf"), give("A-b.PDF"), give("a-b.pdf")),
            ("a-b.pdf".into(), "A-b-2.PDF".into(), "a-b-3.pdf".into())
        );
        assert_eq!(give("Register.json"), "Register-2.json");
        // A file may be called like another one's sidecar.
        assert_eq!(give("a-b.pdf.bestand.MDTO.xml"), "a-b.pdf.bestand.MDTO-2.xml");
        assert_eq!(give(""), "-");
    }

    proptest! {
        #[test]
        fn any_text_gives_a_safe_name(text in any::<String>()) {
            let name = safe(&text);
            prop_assert!(!name.is_empty() && name.len() <= 204, "{name}");
            let forbidden = |c: char| c.is_control() || c.is_whitespace() || "<>:\"/\\|?*#&".contains(c);
            prop_assert!(!name.contains(forbidden), "{name}");
            prop_assert!(name != "." && name != "..");
        }
    }
}
