//! A command in a process of its own: what it works on was made by others or takes long, and whatever it comes to, the
//! pages of others go on.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value as Json;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;
use tokio::sync::{OwnedMutexGuard, Semaphore};

use super::answer::Failure;
use super::house::House;
use super::visit::Visit;
use crate::error::Error;

/// The most that is kept of what a command says, in bytes.
const MOST: u64 = 64 << 20;

/// How many short commands run at once: each takes a processor, and memory for a letter. Long ones wait for nobody, or
/// nobody's page would come while they last.
static TURNS: Semaphore = Semaphore::const_new(4);

/// One short command for each visitor: whoever asks for ten waits for them alone.
static VISITORS: Lanes = Lanes::new();

/// How long a command may take that waits for its turn.
const SHORT: Duration = Duration::from_secs(120);

/// Work of which one at a time is done under the same name, and what waits for it holds up nothing of another name.
#[derive(Debug, Default)]
pub struct Lanes(Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<()>>>>);

impl Lanes {
    /// Nothing under way.
    pub const fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    /// Waits until nothing else is done under a name.
    pub async fn enter(&self, name: &str) -> OwnedMutexGuard<()> {
        let lane = {
            let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // Whoever has nothing under way is forgotten.
            lanes.retain(|_, lane| Arc::strong_count(lane) > 1);
            lanes.entry(name.to_string()).or_default().clone()
        };
        lane.lock_owned().await
    }
}

/// What a command came to.
#[derive(Debug)]
pub struct Done {
    /// Its exit code, as the contract gives them; none when it was ended from outside.
    pub code: Option<i32>,
    /// What it wrote to standard output, as JSON; null where it failed without any.
    pub answer: Json,
    /// What it wrote to standard error.
    pub said: String,
}

/// The command `postkamer --json …` in the workspace and the name of a visitor, who reads what it says.
pub fn command(house: &House, visit: &Visit, arguments: &[OsString]) -> Command {
    let mut command = Command::new(house.program());
    command.arg("--workspace").arg(house.root()).args(["--json", "--color", "never", "--taal", visit.tongue()]);
    command.args(arguments).current_dir(house.root());
    // Events carry the name of who is signed in to the system that started the program: here, to the workbench.
    command.env("USER", visit.name());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a command to its end, for no longer than `limit`.
///
/// # Errors
/// [`Failure::Told`] when it refuses, with its findings; [`Failure::Error`] when it fails, doesn't start or takes too long.
pub async fn run(house: &House, visit: &Visit, arguments: &[OsString], limit: Duration) -> Result<Done, Failure> {
    judged(house, tried(house, visit, arguments, limit).await?)
}

/// What a command came to, as its answer or as why there is none.
///
/// # Errors
/// As [`run`].
pub fn judged(house: &House, done: Done) -> Result<Done, Failure> {
    match done.code {
        Some(0 | 4) => Ok(done),
        // What an audit found is its answer, and no refusal.
        Some(1) if done.answer["in_orde"].is_boolean() => Ok(done),
        Some(1) => match done.answer["fouten"].as_array() {
            Some(findings) => Err(Failure::Told(findings.clone())),
            // A check or verify that found something is an answer.
            None => Ok(done),
        },
        code => {
            tracing::error!(?code, said = done.said, "a command failed");
            let said = done.said.lines().find(|line| !line.trim().is_empty()).unwrap_or("?").to_string();
            Err(Error::io("errand", house.root(), said).into())
        }
    }
}

/// Runs a command as [`run`] does, whatever it comes to.
///
/// # Errors
/// [`Failure::Error`] when it doesn't start, takes too long, or ends well with an answer that can't be read;
/// [`Failure::Malformed`] for what no command can be given.
pub async fn tried(house: &House, visit: &Visit, arguments: &[OsString], limit: Duration) -> Result<Done, Failure> {
    if arguments.iter().any(|argument| argument.as_encoded_bytes().contains(&0)) {
        return Err(Failure::Malformed);
    }
    let failed = |cause: std::io::Error| Failure::Error(Error::io("errand", house.root(), cause));
    house.holds_register()?;
    // An account is one visitor, in however many browsers.
    let visitor = if visit.accounts() { visit.name() } else { visit.token() };
    let _turns = if limit <= SHORT { Some((VISITORS.enter(visitor).await, TURNS.acquire().await.ok())) } else { None };
    let mut child = command(house, visit, arguments).kill_on_drop(true).spawn().map_err(failed)?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let work = async { tokio::try_join!(heard(out, MOST), heard(err, MOST), child.wait()) };
    let Ok(done) = tokio::time::timeout(limit, work).await else {
        tracing::error!(?arguments, "a command took too long and was ended");
        return Err(Error::io("errand-slow", house.root(), limit.as_secs()).into());
    };
    let (out, err, status) = done.map_err(failed)?;
    let said = String::from_utf8_lossy(&err.bytes).into_owned();
    match answer(status.code(), &out) {
        Ok(answer) => Ok(Done { code: status.code(), answer, said }),
        Err(cause) => {
            tracing::error!(?arguments, said, cause, "the answer of a command can't be read");
            Err(Error::io("errand-answer", house.root(), cause).into())
        }
    }
}

/// What is told when the answer of a command lacks what a page is made of.
pub fn unanswered(house: &House, lacks: &str) -> Failure {
    tracing::error!(lacks, "the answer of a command lacks something");
    Error::io("errand-answer", house.root(), lacks).into()
}

/// What a command wrote, as far as that is kept.
#[derive(Debug)]
struct Heard {
    bytes: Vec<u8>,
    /// Whether that is all of it.
    is_whole: bool,
}

async fn heard(stream: Option<impl AsyncRead + Unpin>, most: u64) -> std::io::Result<Heard> {
    let mut bytes = Vec::new();
    if let Some(stream) = stream {
        stream.take(most + 1).read_to_end(&mut bytes).await?;
    }
    let is_whole = bytes.len() as u64 <= most;
    Ok(Heard { bytes, is_whole })
}

/// The answer of a command. One that says of itself that it ended well has an answer, and half of it is none: to a program
/// whose reader goes away, that is no failure.
fn answer(code: Option<i32>, out: &Heard) -> Result<Json, String> {
    let read = match out.is_whole {
        true => serde_json::from_slice(&out.bytes).map_err(|cause| cause.to_string()),
        false => Err(format!("> {MOST} B")),
    };
    match code {
        Some(0 | 1 | 4) => read,
        _ => Ok(read.unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Lanes, answer, heard};

    #[tokio::test]
    async fn an_answer_that_is_no_json_or_not_all_of_it_is_a_failure() {
        let said =
            async |text: &'static str, most| heard(Some(text.as_bytes()), most).await.expect("what is in memory");
        let whole = said("[1, 2]\n", 7).await;
        for code in [0, 1, 4] {
            assert_eq!(answer(Some(code), &whole), Ok(serde_json::json!([1, 2])), "{code}");
        }
        // Cut off it might still be JSON, of something else.
        let cut = said("[1, 2]\n[3]\n", 7).await;
        for wrong in [&cut, &said("[1, 2", 64).await, &said("", 64).await, &said("klaar", 64).await] {
            for code in [0, 1, 4] {
                assert!(answer(Some(code), wrong).is_err(), "{code} {wrong:?}");
            }
            // Why it failed it said elsewhere.
            for code in [Some(3), Some(2), None] {
                assert_eq!(answer(code, wrong), Ok(serde_json::Value::Null), "{code:?} {wrong:?}");
            }
        }
    }

    #[tokio::test]
    async fn one_at_a_time_is_done_under_a_name() {
        let lanes = Lanes::new();
        let soon = |name| tokio::time::timeout(Duration::from_millis(50), lanes.enter(name));
        let held = soon("bom").await.expect("nothing before it");
        assert!(soon("bom").await.is_err());
        assert!(soon("baas").await.is_ok());
        drop(held);
        assert!(soon("bom").await.is_ok());
        assert_eq!(lanes.0.lock().expect("the lanes").len(), 1);
    }
}
