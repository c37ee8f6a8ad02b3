//! A new workspace: settings to fill in and an example letter per template.

use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::{SETTINGS_FILE, files, folders};
use crate::assets;
use crate::error::Result;

/// The example settings, which are those of this repository's own workspace.
const EXAMPLE: &str = include_str!("../../postkamer.toml");

/// Writes what is missing of a workspace; each path with whether it is new. What is there stays as it is.
///
/// `id` becomes the identity of the workspace.
///
/// # Errors
/// When the folder can't be written.
pub fn init(folder: &Path, id: Uuid) -> Result<Vec<(PathBuf, bool)>> {
    let settings: String = EXAMPLE
        .split_inclusive('\n')
        .map(|line| if line.starts_with("id = ") { format!("id = \"{id}\"\n") } else { line.to_string() })
        .collect();
    let mut written = Vec::new();
    let mut write = |relative: PathBuf, bytes: &[u8]| -> Result<()> {
        let new = files::write_new(&folder.join(&relative), bytes)?;
        written.push((relative, new));
        Ok(())
    };
    write(SETTINGS_FILE.into(), settings.as_bytes())?;
    for (path, bytes) in assets::letters() {
        write(Path::new(folders::LETTERS).join(path), &bytes)?;
    }
    Ok(written)
}
