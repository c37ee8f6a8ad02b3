//! A PostgreSQL server of the tests' own: made in a temporary folder, on this machine's own address, with a password,
//! and gone with the process that started it, however that ends.

use std::io::Write;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

/// The user who owns every database.
pub const USER: &str = "griffie";

/// A running server.
pub struct Server {
    programs: PathBuf,
    folder: PathBuf,
    user: Option<String>,
    options: String,
    password: String,
    port: u16,
    /// Ends the server and removes its folder once its standard input is closed, which the system does for a process
    /// that is killed too.
    watcher: Child,
}

/// An empty database of its own.
pub struct Database {
    /// Its address, with user and password: what stands under `[register] url`.
    pub url: String,
    /// Its name on the server.
    pub name: String,
}

/// A place for a register.
pub struct Backend {
    /// `sqlite` or `postgres`.
    pub name: &'static str,
    /// What stands under `[register] url`; that of SQLite is a file in the workspace that is used.
    pub url: String,
}

/// Where a fresh register can be: SQLite, and PostgreSQL where there is one.
pub fn backends() -> Vec<Backend> {
    let sqlite = Backend { name: "sqlite", url: "sqlite:register.db".into() };
    let postgres = database().map(|database| Backend { name: "postgres", url: database.url });
    std::iter::once(sqlite).chain(postgres).collect()
}

/// An empty database on the server that all tests share; none where there is no PostgreSQL.
pub fn database() -> Option<Database> {
    // Nothing is lost with a machine that goes down: speed is all that is asked of the shared server.
    static SHARED: OnceLock<Option<Server>> = OnceLock::new();
    SHARED.get_or_init(|| Server::start("-c fsync=off -c full_page_writes=off")).as_ref().map(Server::database)
}

impl Server {
    /// Starts a server with more options of `postgres`. `./test` sets POSTKAMER_TOOLS and then it must be there; else
    /// none is said to be missing.
    pub fn start(options: &str) -> Option<Self> {
        let Some(programs) = programs() else {
            let required = std::env::var_os("POSTKAMER_TOOLS").is_some();
            assert!(!required, "PostgreSQL is missing; ./test installs it");
            eprintln!("PostgreSQL is missing, so this is not tested; ./test installs it");
            return None;
        };
        let folder = TempDir::with_prefix("postkamer-postgres-").expect("a temporary folder").keep();
        let user = other_user(&folder);
        let password = uuid::Uuid::new_v4().simple().to_string();
        let watcher = watcher(&programs, &folder, user.as_deref());
        let options = options.to_string();
        let mut server = Self { programs, folder, user, options, password, port: 0, watcher };
        server.make();
        // Another process may take a port that was free a moment ago.
        if !(0..5).any(|_| {
            server.port = free_port();
            server.resume()
        }) {
            let log = std::fs::read_to_string(server.folder.join("log")).unwrap_or_default();
            panic!("PostgreSQL does not start: {log}");
        }
        Some(server)
    }

    /// Ends the server in order, as its administrator would.
    pub fn stop(&self) {
        assert!(self.control(&["stop", "-w", "-m", "fast"]).status.success(), "the server stops");
    }

    /// Ends the server as if the machine went down.
    pub fn crash(&self) {
        assert!(self.control(&["stop", "-w", "-m", "immediate"]).status.success(), "the server stops");
    }

    /// Starts the server again after [`Server::stop`] or [`Server::crash`]; whether it runs.
    pub fn resume(&self) -> bool {
        let log = self.folder.join("log").display().to_string();
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=32MB {}",
            self.port, self.options
        );
        self.control(&["start", "-w", "-t", "60", "-l", &log, "-o", &options]).status.success()
    }

    /// An empty database. Its texts are ordered as dictionaries order them, as on most servers there are.
    pub fn database(&self) -> Database {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("register_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        self.run_sql("postgres", &format!("CREATE DATABASE {name}"));
        Database { url: self.url(&name), name }
    }

    /// Runs statements in a database.
    pub fn run_sql(&self, database: &str, sql: &str) {
        let mut client = postgres::Client::connect(&self.url(database), postgres::NoTls).expect("the server is there");
        client.batch_execute(sql).expect("the statements are run");
    }

    /// The address of a database on the server, whether it is there or not.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }

    /// The password of the user.
    pub fn password(&self) -> &str {
        &self.password
    }

    /// The port on which the server listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Puts a file where the server may read it; its path.
    pub fn put(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder.join(name);
        let mut write = self.as_owner("sh");
        write.args(["-c", "umask 077; cat > \"$0\""]).arg(&path).stdin(Stdio::piped());
        let mut child = write.spawn().expect("a shell runs");
        child.stdin.take().expect("its input").write_all(content).expect("the file is written");
        assert!(child.wait().expect("the shell ends").success());
        path
    }

    fn make(&self) {
        let password = self.put("password", self.password.as_bytes());
        let made = self
            .as_owner(self.programs.join("initdb"))
            .args(["--no-sync", "--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=nl"])
            .args(["--auth=scram-sha-256", "--username", USER, "--pwfile"])
            .arg(password)
            .arg("-D")
            .arg(self.folder.join("data"))
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    fn control(&self, arguments: &[&str]) -> Output {
        let mut command = self.as_owner(self.programs.join("pg_ctl"));
        command.arg("-D").arg(self.folder.join("data")).args(arguments).output().expect("pg_ctl runs")
    }

    fn as_owner(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        as_owner(self.user.as_deref(), &self.folder, program)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.watcher.stdin.take());
        let _ = self.watcher.wait();
    }
}

/// The folder with PostgreSQL's own programs: on the path, or where Debian keeps them, the newest version first.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<_> = versions.map(|entry| entry.path().join("bin")).collect();
    let number = |folder: &Path| folder.parent()?.file_name()?.to_str()?.parse::<u32>().ok();
    versions.sort_by_key(|folder| std::cmp::Reverse(number(folder)));
    let mut folders = std::env::split_paths(&path).chain(versions);
    folders.find(|folder| ["initdb", "pg_ctl", "postgres"].iter().all(|name| folder.join(name).is_file()))
}

/// PostgreSQL refuses to run as root: the user it runs as instead, to whom the folder is given.
fn other_user(folder: &Path) -> Option<String> {
    if std::fs::metadata(folder).expect("the folder is there").uid() != 0 {
        return None;
    }
    let number = |option: &str, user: &str| {
        let output = Command::new("id").args([option, user]).output().ok().filter(|output| output.status.success())?;
        String::from_utf8(output.stdout).ok()?.trim().parse::<u32>().ok()
    };
    let users = ["postgres", "nobody"].into_iter();
    let found = users.filter_map(|user| Some((user, number("-u", user)?, number("-g", user)?))).next();
    let (user, uid, gid) = found.expect("a user other than root");
    chown(folder, Some(uid), Some(gid)).expect("the folder is given away");
    Some(user.into())
}

fn as_owner(user: Option<&str>, folder: &Path, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = match user {
        Some(user) => {
            let mut command = Command::new("setpriv");
            command.args(["--reuid", user, "--regid", user, "--init-groups", "--"]).arg(program);
            command
        }
        None => Command::new(program),
    };
    command.current_dir(folder).env("LC_ALL", "C");
    command
}

fn watcher(programs: &Path, folder: &Path, user: Option<&str>) -> Child {
    let script = "read -r _; \"$0/pg_ctl\" stop -w -m immediate -D \"$1/data\"; cd /; rm -rf \"$1\"";
    let mut shell = as_owner(user, folder, "sh");
    shell.args(["-c", script]).arg(programs).arg(folder);
    // Out of reach of an interrupt from the keyboard, which ends the tests and not what clears up after them.
    shell.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    shell.spawn().expect("a shell runs")
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}
