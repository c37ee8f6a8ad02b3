//! A workbench of its own for a test, on a free port of this machine.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::{EPOCH, Workspace};

/// A running `postkamer serve`, ended with the test.
pub struct Workbench {
    child: Child,
    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub url: String,
    log: Arc<Mutex<String>>,
}

impl Workbench {
    /// Opens the workbench of a workspace, without accounts.
    pub fn open(workspace: &Workspace) -> Self {
        Self::open_with(workspace, &["--listen", "127.0.0.1:0"], &[])
    }

    /// The same with arguments of `serve` and more environment.
    pub fn open_with(workspace: &Workspace, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_postkamer"));
        command.arg("serve").args(arguments).current_dir(workspace.path(".")).env_clear();
        command.env("LANG", "nl_NL.UTF-8").env("SOURCE_DATE_EPOCH", EPOCH).env("USER", "m.bom");
        command.envs(environment.iter().copied());
        let mut child = command.stderr(Stdio::piped()).stdin(Stdio::null()).spawn().expect("postkamer runs");
        let mut lines = BufReader::new(child.stderr.take().expect("its messages")).lines();
        let (log, mut port) = (Arc::new(Mutex::new(String::new())), None);
        while port.is_none() {
            let line = lines.next().unwrap_or_else(|| panic!("it ended: {}", log.lock().unwrap())).expect("a line");
            let from = line.split("luistert op ").nth(1);
            let address = from.and_then(|rest| rest.split(' ').next());
            port = address.map(|address| address.rsplit(':').next().expect("a port").to_string());
            *log.lock().unwrap() += &format!("{line}\n");
        }
        let kept = log.clone();
        std::thread::spawn(move || {
            lines.map_while(Result::ok).for_each(|line| *kept.lock().unwrap() += &format!("{line}\n"));
        });
        Self { child, url: format!("http://127.0.0.1:{}", port.expect("a port")), log }
    }

    /// The address of a page.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// What it has said so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Waits until it has said a text: what it says of an answer is read a moment after the answer.
    #[track_caller]
    pub fn logs(&self, text: &str) {
        let until = Instant::now() + Duration::from_secs(20);
        while !self.log().contains(text) {
            assert!(Instant::now() < until, "{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The id of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once, as a power cut does.
    pub fn kill(mut self) {
        self.child.kill().expect("it was there");
        self.child.wait().expect("it ends");
    }
}

impl Drop for Workbench {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
