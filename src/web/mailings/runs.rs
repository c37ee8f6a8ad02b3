//! Mailings that this workbench started: each a process of its own, in a group of its own, so that it goes on when the
//! workbench ends. What came of its rows is in the register; here is what it said when it came to nothing.

use std::collections::{HashMap, VecDeque};
use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use tokio::process::Child;

use super::Work;
use crate::error::{Error, Result};
use crate::mailing::prepared::Prepared;
use crate::web::errand;
use crate::web::house::House;
use crate::web::visit::Visit;

/// The most that is read of what a mailing said when it ended, in bytes.
const MOST_SAID: u64 = 1 << 20;

/// Over how long it is measured how fast a mailing goes.
const MEASURED: Duration = Duration::from_secs(30);

/// A mailing that was started here.
#[derive(Clone)]
pub(super) enum Run {
    /// It is under way, in the name of somebody.
    Going(String),
    /// How it ended.
    Ended(Arc<Ended>),
}

/// How a mailing ended.
pub(super) struct Ended {
    /// Its exit code; none when it was ended from outside.
    pub code: Option<i32>,
    /// Why it was refused, as a command tells it.
    pub findings: Vec<Json>,
    /// What it said besides.
    pub said: String,
}

/// The mailings that were started here, by name, and how fast they go.
#[derive(Default, Clone)]
pub(super) struct Runs(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    runs: HashMap<String, Run>,
    /// When how many rows were done.
    measured: HashMap<String, VecDeque<(Instant, u64)>>,
}

impl Work {
    /// How the mailing of a name fares, if it was started here.
    pub fn run(&self, name: &str) -> Option<Run> {
        self.runs.lock().runs.get(name).cloned()
    }

    /// Whether it was started here and is under way.
    pub fn is_going(&self, name: &str) -> bool {
        matches!(self.run(name), Some(Run::Going(_)))
    }

    /// Starts a mailing, or goes on with it, unless it is under way.
    ///
    /// # Errors
    /// When the system doesn't start a process.
    pub fn start(&self, house: &House, visit: &Visit, prepared: &Prepared) -> Result<()> {
        let mut inner = self.runs.lock();
        if matches!(inner.runs.get(&prepared.name), Some(Run::Going(_))) {
            return Ok(());
        }
        let (child, files) = spawn(house, visit, prepared).map_err(|cause| Error::io("errand", house.root(), cause))?;
        inner.runs.insert(prepared.name.clone(), Run::Going(visit.name().into()));
        inner.measured.remove(&prepared.name);
        let (runs, name) = (self.runs.clone(), prepared.name.clone());
        tokio::spawn(async move {
            let ended = end(child, files).await;
            if !matches!(ended.code, Some(0 | 4)) {
                tracing::error!(mailing = name, code = ?ended.code, said = ended.said, "a mailing stopped");
            }
            runs.lock().runs.insert(name, Run::Ended(Arc::new(ended)));
        });
        Ok(())
    }

    /// Rows a second of a mailing of which so many are done now; none until that can be said.
    pub fn rate(&self, name: &str, done: u64) -> Option<f64> {
        let now = Instant::now();
        let mut inner = self.runs.lock();
        let measured = inner.measured.entry(name.to_string()).or_default();
        measured.retain(|(at, before)| now - *at < MEASURED && *before <= done);
        measured.push_back((now, done));
        let (first, before) = measured.front().copied()?;
        let seconds = (now - first).as_secs_f64();
        (seconds >= 1.0 && done > before).then(|| (done - before) as f64 / seconds)
    }
}

impl Runs {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn spawn(house: &House, visit: &Visit, prepared: &Prepared) -> std::io::Result<(Child, [File; 2])> {
    // Files, not pipes: nothing keeps it from writing on when this program is gone.
    let (out, err) = (tempfile::tempfile_in(house.temporary())?, tempfile::tempfile_in(house.temporary())?);
    let arguments = ["mail", "run", "--recipients", &prepared.table_path(), "--name", &prepared.name, "--"];
    let arguments: Vec<OsString> = arguments.into_iter().chain([prepared.letter.as_str()]).map(Into::into).collect();
    let mut command = errand::command(house, visit, &arguments);
    command.stdout(Stdio::from(out.try_clone()?)).stderr(Stdio::from(err.try_clone()?));
    // Whoever stops the workbench at its terminal doesn't mean the mailing.
    #[cfg(unix)]
    command.process_group(0);
    Ok((command.spawn()?, [out, err]))
}

async fn end(mut child: Child, files: [File; 2]) -> Ended {
    let code = child.wait().await.ok().and_then(|status| status.code());
    let [out, err] = files.map(said);
    let refused = if code == Some(1) { serde_json::from_str::<Json>(&out).ok() } else { None };
    let findings = refused.and_then(|answer| answer["fouten"].as_array().cloned());
    Ended { code, findings: findings.unwrap_or_default(), said: err }
}

/// The end of what a process wrote to a file.
fn said(mut file: File) -> String {
    let mut bytes = Vec::new();
    let length = file.metadata().map(|metadata| metadata.len()).unwrap_or_default();
    let read = file.seek(SeekFrom::Start(length.saturating_sub(MOST_SAID))).and_then(|_| file.read_to_end(&mut bytes));
    if read.is_err() {
        return String::new();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
