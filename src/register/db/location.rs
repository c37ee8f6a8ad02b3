//! Where the register is, as its URL says, and what of that URL may be shown.

use std::path::{Path, PathBuf};

use postgres::Config;
use postgres::config::{Host, SslMode};

use crate::error::{Finding, Result};
use crate::workspace::address::sqlite_path;

/// Where the register is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// An SQLite file.
    File(PathBuf),
    /// A PostgreSQL database.
    Server {
        /// The URL, with its password if it has one.
        url: String,
        /// A file with the certificates that the server's is held against, instead of the system's.
        ca: Option<PathBuf>,
    },
}

impl Location {
    /// The location that a URL names: `sqlite:register.db`, relative to `root`, or `postgres://…`.
    ///
    /// # Errors
    /// When the URL is neither, or nobody could connect to what it names.
    pub fn parse(url: &str, root: &Path, ca: Option<&Path>) -> Result<Self> {
        let url = url.trim();
        let refused = |code| Err(Finding::error(code).key("register.url").arg("value", without_secrets(url)).into());
        if is_server(url) {
            return match config(url) {
                Some(_) => Ok(Self::Server { url: url.into(), ca: ca.map(|path| root.join(path)) }),
                None => refused("register-url-server"),
            };
        }
        match sqlite_path(url) {
            Some(path) => Ok(Self::File(root.join(path))),
            None => refused("register-url"),
        }
    }

    /// The location as messages name it: without a password.
    pub fn shown(&self) -> PathBuf {
        match self {
            Self::File(path) => path.clone(),
            Self::Server { url, .. } => PathBuf::from(without_secrets(url)),
        }
    }

    /// Whether there is a database to be read, as far as can be seen without connecting. What can't be looked at is
    /// taken to be there, so that opening it says why.
    pub fn exists(&self) -> bool {
        match self {
            Self::File(path) => path.try_exists().unwrap_or(true),
            Self::Server { .. } => true,
        }
    }
}

fn is_server(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// What the URL of a server says; none where no server could be meant by it.
pub(super) fn config(url: &str) -> Option<Config> {
    // The modes of libpq that this driver has no name for. Both ask for encryption; certificates are always checked.
    let url = ["verify-full", "verify-ca"]
        .iter()
        .fold(url.to_string(), |url, mode| url.replace(&format!("sslmode={mode}"), "sslmode=require"));
    let config: Config = url.parse().ok()?;
    let (hosts, addresses) = (config.get_hosts(), config.get_hostaddrs());
    let named = hosts.iter().all(|host| !matches!(host, Host::Tcp(name) if name.trim().is_empty()));
    let paired = hosts.is_empty() || addresses.is_empty() || hosts.len() == addresses.len();
    (named && paired && !(hosts.is_empty() && addresses.is_empty())).then_some(config)
}

/// Whether a connection is encrypted: what crosses a network is, unless the URL says otherwise in so many words.
pub(super) fn is_encrypted(config: &Config) -> bool {
    let stays = match config.get_hostaddrs() {
        [] => config.get_hosts().iter().all(is_here),
        // Where an address is given with a name, it is the address that is called.
        addresses => addresses.iter().all(|address| address.is_loopback()),
    };
    match config.get_ssl_mode() {
        SslMode::Disable => false,
        SslMode::Prefer => !stays,
        _ => true,
    }
}

/// Whether a host is this machine: what goes there crosses no network.
fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// A URL without what may be secret: of a server the user, host, port and database are left, of what can't be read
/// hardly anything, since a password may stand anywhere in it.
fn without_secrets(url: &str) -> String {
    let Some(config) = config(url).filter(|_| is_server(url)) else {
        return match url.split_once("://") {
            Some((scheme, _)) if scheme.chars().all(|c| c.is_ascii_alphanumeric()) => format!("{scheme}://…"),
            _ if url.starts_with("sqlite:") || !url.contains(['@', '?', '=', ' ']) => url.to_string(),
            _ => "…".into(),
        };
    };
    let names = config.get_hosts().iter().map(|host| match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    });
    let addresses = config.get_hostaddrs().iter().map(ToString::to_string);
    let mut hosts: Vec<_> = if config.get_hosts().is_empty() { addresses.collect() } else { names.collect() };
    for (host, port) in hosts.iter_mut().zip(config.get_ports()).filter(|(_, port)| **port != 5432) {
        host.push_str(&format!(":{port}"));
    }
    let user = config.get_user().map(|user| format!("{user}@")).unwrap_or_default();
    let database = config.get_dbname().map(|name| format!("/{name}")).unwrap_or_default();
    format!("postgres://{user}{}{database}", hosts.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_shown_without_its_password() {
        let shown = |url| Location::parse(url, Path::new("/w"), None).unwrap().shown().display().to_string();
        assert_eq!(shown("postgres://jan:ge?h/e#im@db.example/p?password=x"), "postgres://jan@db.example/p");
        assert_eq!(shown("postgresql://db.example:5433/p"), "postgres://db.example:5433/p");
        assert_eq!(shown("postgres://jan@a,b:1/p"), "postgres://jan@a,b:1/p");
        assert_eq!(shown("postgres://%2Frun%2Fpg/p"), "postgres:///run/pg/p");
        assert_eq!(shown("postgres:///p?hostaddr=10.0.0.1&user=jan"), "postgres://jan@10.0.0.1/p");
    }

    #[test]
    fn urls_name_a_file_or_a_server() {
        let root = Path::new("/w");
        let file = |path: &str| Location::File(PathBuf::from(path));
        for (url, path) in [
            ("sqlite:register.db", "/w/register.db"),
            (" sqlite:register.db\n", "/w/register.db"),
            ("sqlite://data/register.db", "/w/data/register.db"),
            ("sqlite:///srv/r.db", "/srv/r.db"),
        ] {
            assert_eq!(Location::parse(url, root, None).unwrap(), file(path), "{url}");
        }
    }

    #[test]
    fn what_names_neither_is_refused_and_gives_no_secret_away() {
        for wrong in [
            "register.db",
            "sqlite:",
            "sqlite: ",
            "sqlite://",
            "sqlite::memory:",
            "sqlite:register.db?mode=rwc",
            "mysql://jan:geheim@db/x",
            "host=db user=jan password=geheim",
            "postgres:jan:geheim@db/x",
            "postgres://",
            "postgres:///register",
            "postgres://jan:geheim",
            "postgres://jan:geheim@/register",
            "postgres://jan:geheim@db:poort/x",
            "postgres://jan:x@geheim@db/x?y",
            "postgres://jan:geheim@db/x?sslmode=sometimes",
            "postgres://jan@db/x?geheim=1",
            "postgres://jan:geheim@a,b/x?hostaddr=10.0.0.1",
        ] {
            let crate::error::Error::Refused(findings) = Location::parse(wrong, root(), None).unwrap_err() else {
                panic!("{wrong}");
            };
            assert_eq!(findings[0].key.as_deref(), Some("register.url"), "{wrong}");
            assert!(!format!("{findings:?}").contains("geheim"), "{wrong}: {findings:?}");
        }
    }

    fn root() -> &'static Path {
        Path::new("/w")
    }

    #[test]
    fn what_leaves_this_machine_is_encrypted() {
        let encrypted = |url: &str| is_encrypted(&config(url).unwrap_or_else(|| panic!("{url}")));
        for url in [
            "postgres://db.example/p",
            "postgres://db.example/p?sslmode=prefer",
            "postgres://localhost,db.example/p",
            "postgres://localhost.example/p",
            "postgres://10.0.0.1/p",
            "postgres:///p?hostaddr=10.0.0.1",
            "postgres://localhost/p?hostaddr=10.0.0.1",
            "postgres://localhost/p?sslmode=require",
            "postgres://localhost/p?sslmode=verify-full",
            "postgres://db.example/p?sslmode=verify-ca",
        ] {
            assert!(encrypted(url), "{url}");
        }
        for url in [
            "postgres://localhost/p",
            "postgres://127.0.0.1:5433/p",
            "postgres://[::1]/p",
            "postgres://%2Frun%2Fpostgresql/p",
            "postgres://db.example/p?hostaddr=127.0.0.1",
            "postgres://db.example/p?sslmode=disable",
        ] {
            assert!(!encrypted(url), "{url}");
        }
    }
}
