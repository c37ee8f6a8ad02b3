//! `postkamer watch LETTER`: renders again whenever the letter, its template or the settings change.

use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use typst_kit::watcher::Watcher;

use super::context::Context;
use super::render::{Format, Target, letter_path, refuse_extension, render};
use crate::error::{Error, Result};
use crate::typeset::{self, world::Press};
use crate::workspace::folders::TEMPLATES;
use crate::workspace::{SETTINGS_FILE, Workspace, files};

/// Arguments of `watch`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The letter file
    letter: PathBuf,
    /// Where to write [default: NAME.pdf in the current directory]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        let path = letter_path(context, &self.letter);
        // The first time, settings that can't be read end the command: there is nothing to watch yet.
        let workspace = context.workspace(Some(&self.letter))?;
        let (root, shown) = (workspace.root().to_path_buf(), workspace.shown(&path));
        if !path.exists() || path.is_dir() {
            // A slip of the pen: nobody waits for that to come about.
            files::read_bytes(&path, &shown)?;
        }
        let target = Target::new(self.output.as_deref(), &self.letter, Format::Pdf);
        target.spares(context, &path)?;
        context.spare(&workspace, target.path())?;
        if !target.has_own_extension() {
            return Err(refuse_extension(target.path(), &[Format::Pdf]));
        }
        let output = context.path(target.path());
        let fail = |cause| Error::Outside { action: "watch", path: path.clone(), cause };
        let mut watcher = Watcher::new(Some(output)).map_err(|cause| fail(cause.to_string()))?;
        loop {
            let (started, moment, was_there) = (Instant::now(), SystemTime::now(), path.exists());
            let (done, mut watched) = self.render(context, &path, &target);
            match done {
                Ok(()) => {
                    let shown = target.path().display().to_string();
                    let time = started.elapsed().as_millis().to_string();
                    context.say("watch-done", &[("path", &shown), ("time", &time)]);
                }
                Err(error) => context.report(&error),
            }
            if !path.exists() {
                context.say("watch-waits", &[("path", &shown.display().to_string())]);
            }
            typeset::evict();
            watched.extend([path.clone(), root.join(SETTINGS_FILE)]);
            watcher.update(watched.clone()).map_err(|cause| fail(cause.to_string()))?;
            // What changed between being read and being watched would otherwise go unseen.
            if was_there && !path.exists() || watched.iter().any(|file| is_newer(file, moment)) {
                continue;
            }
            watcher.wait().map_err(|cause| fail(cause.to_string()))?;
        }
    }

    /// Renders once; the second part is what the letter was made from, to be watched.
    fn render(&self, context: &Context, path: &Path, target: &Target) -> (Result<()>, Vec<PathBuf>) {
        let opened = context.workspace(Some(&self.letter)).and_then(|workspace| {
            let press = Press::new(&workspace)?;
            Ok((workspace, press))
        });
        let (workspace, mut press) = match opened {
            Ok(opened) => opened,
            Err(error) => return (Err(error), Vec::new()),
        };
        let done = context
            .day()
            .and_then(|day| render(&workspace, &press, path, day, Format::Pdf, &target.main()))
            .and_then(|rendered| {
                context.show(&rendered.warnings);
                target.write(context, &rendered.files).map(drop)
            });
        let mut watched = press.dependencies();
        watched.extend(own_templates(&workspace));
        watched.extend(files::below(&workspace.root().join(TEMPLATES)));
        (done, watched)
    }
}

/// Where the shipped template files would stand if someone copied them into the workspace.
fn own_templates(workspace: &Workspace) -> Vec<PathBuf> {
    let folder = workspace.root().join(TEMPLATES);
    crate::assets::template_paths().into_iter().map(|path| folder.join(path)).collect()
}

/// Whether a file changed since a moment; one from the future, by another machine's clock, tells nothing.
fn is_newer(file: &Path, moment: SystemTime) -> bool {
    let modified = std::fs::metadata(file).and_then(|metadata| metadata.modified());
    modified.is_ok_and(|modified| modified > moment && modified <= SystemTime::now())
}
