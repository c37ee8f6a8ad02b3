//! Where a link may lead.

use std::fmt::Write;

use crate::error::Finding;

const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// Typst refuses longer ones.
const MAX_LENGTH: usize = 8000;

/// The address as it goes into the PDF, or why it can't.
///
/// To be called with the values filled in: only then does a scheme that hides in one of them show.
pub(super) fn target(url: &str) -> Result<String, Finding> {
    let url = url.trim();
    if url.is_empty() {
        return Err(Finding::error("link-empty"));
    }
    match scheme(url) {
        Some(scheme) if SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)) => {}
        Some(scheme) if !scheme.to_ascii_lowercase().starts_with("www.") => {
            return Err(Finding::error("link-scheme").arg("url", shortened(url)).arg("scheme", scheme));
        }
        _ => return Err(Finding::error("link-without-scheme").arg("url", shortened(url))),
    }
    let encoded = percent_encoded(url);
    if encoded.len() > MAX_LENGTH {
        return Err(Finding::error("link-too-long").arg("url", shortened(url)).arg("limit", MAX_LENGTH));
    }
    Ok(encoded)
}

fn scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    is_scheme.then_some(scheme)
}

/// What an address can't hold is encoded; what is encoded already stays.
fn percent_encoded(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("writing to a string does not fail");
        }
    }
    out
}

/// Enough of a text to recognise it by in a message.
pub(super) fn shortened(text: &str) -> String {
    let mut chars = text.chars();
    let start: String = chars.by_ref().take(60).collect();
    if chars.next().is_some() { start + "…" } else { start }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(url: &str) -> &'static str {
        target(url).unwrap_err().code
    }

    #[test]
    fn web_mail_and_telephone_only() {
        for url in ["https://x.nl/a?b=c#d", "HTTP://x.nl", "mailto:a@b.nl", "tel:+31384998899"] {
            assert_eq!(target(url).unwrap(), url);
        }
        assert_eq!(code(""), "link-empty");
        assert_eq!(code("  "), "link-empty");
        for url in ["javascript:alert(1)", "JavaScript:x", "file:///etc/passwd", "data:text/html,x", "x:http://a"] {
            assert_eq!(code(url), "link-scheme", "{url}");
        }
        for url in ["www.x.nl", "www.x.nl:80/a", "bijlage.pdf", "#kop", "//x.nl", "java\tscript:x", ":x"] {
            assert_eq!(code(url), "link-without-scheme", "{url}");
        }
        assert_eq!(code(&format!("https://x.nl/{}", "é".repeat(2000))), "link-too-long");
    }

    #[test]
    fn an_address_is_ascii() {
        assert_eq!(target("https://x.nl/een twee/é%20\"").unwrap(), "https://x.nl/een%20twee/%C3%A9%20%22");
    }
}
