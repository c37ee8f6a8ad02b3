//! The file that the URL of a register names.

/// The path in `sqlite:register.db`, relative to the workspace or whole; none for a URL that names no file.
pub fn sqlite_path(url: &str) -> Option<&str> {
    let path = url.trim().strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path).trim();
    // Elsewhere parameters follow a question mark; here they would end up in the name of the file.
    (!path.is_empty() && !path.starts_with(':') && !path.contains(['?', '\0'])).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::sqlite_path;

    #[test]
    fn a_url_names_a_file_or_none() {
        for url in ["sqlite:r.db", " sqlite:r.db\n", "sqlite: r.db", "sqlite://r.db", "sqlite:// r.db "] {
            assert_eq!(sqlite_path(url), Some("r.db"), "{url}");
        }
        assert_eq!(sqlite_path("sqlite:///srv/r.db"), Some("/srv/r.db"));
        for url in
            ["", "r.db", "sqlite:", "sqlite: ", "sqlite://", "sqlite::memory:", "sqlite:r.db?mode=rwc", "sqlite:a\0b"]
        {
            assert_eq!(sqlite_path(url), None, "{url}");
        }
        assert_eq!(sqlite_path("postgres://db/x"), None);
    }
}
