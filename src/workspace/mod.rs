//! The workspace: a folder with `postkamer.toml`, its letters, and what it overrides of what is shipped.

pub mod address;
pub mod bounded;
pub mod bytes;
pub mod durable;
pub mod files;
pub mod folders;
pub mod init;
pub mod numbers;
pub mod retention;
pub mod settings;
pub mod staged;
pub mod terms;
pub mod together;

use std::borrow::Cow;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use serde_json::{Map, Value as Json};

use crate::assets;
use crate::contract::{Contract, Kind, check};
use crate::error::{Error, Finding, Findings, Result};
use crate::source::SourceFile;
use settings::Settings;

/// The name of the settings file that makes a folder a workspace.
pub const SETTINGS_FILE: &str = "postkamer.toml";

/// An opened workspace.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
    settings: Settings,
    checked: check::Checked,
}

impl Workspace {
    /// The nearest folder, from `start` upwards, that holds a `postkamer.toml`.
    pub fn find(start: &Path) -> Option<PathBuf> {
        start.ancestors().find(|folder| folder.join(SETTINGS_FILE).is_file()).map(Path::to_path_buf)
    }

    /// Opens the workspace at `root`.
    ///
    /// `environment` overrides scalar settings: `POSTKAMER_REGISTER_URL` stands for `url` under `[register]`.
    ///
    /// # Errors
    /// [`Error::Refused`] with every finding in `postkamer.toml`; [`Error::Outside`] when it can't be read.
    pub fn open(root: &Path, environment: &dyn Fn(&str) -> Option<String>) -> Result<Self> {
        let path = root.join(SETTINGS_FILE);
        let text = files::read_text(&path, Path::new(SETTINGS_FILE))?;
        let source = SourceFile::new(SETTINGS_FILE, text);
        let mut findings = Findings::default();
        let contract = settings::contract();
        let mut checked = check::check(&source, 0..source.text().len(), &contract, &mut findings);
        override_scalars(&mut checked.values, &contract, "POSTKAMER", &mut findings, environment);
        // What the environment gives need not stand in the file.
        findings.0.retain(|finding| {
            let given = finding.key.as_deref().and_then(|key| checked.get(key)).is_some_and(|value| match value {
                Json::String(text) => !text.trim().is_empty(),
                _ => true,
            });
            !(given && matches!(finding.code, "missing-key" | "empty-value"))
        });
        if !findings.has_errors() && checked.text("organisatie.naam").is_none() {
            findings.push(Finding::error("missing-key").key("organisatie.naam").at(source.place(0..0)));
        }
        if checked.text("organisatie.logo").is_some() && checked.text("organisatie.logo_alt").is_none() {
            findings.push(
                Finding::error("logo-without-alt").key("organisatie.logo_alt").at(checked.place("organisatie.logo")),
            );
        }
        let settings = Settings::read(&checked, &mut findings);
        findings.refuse_errors()?;
        let workspace = Self { root: root.to_path_buf(), settings, checked };
        workspace.check_logo()?;
        Ok(workspace)
    }

    /// Checks that the organisation's logo, if it has one, is there.
    ///
    /// # Errors
    /// [`Error::Refused`] when it isn't.
    pub fn check_logo(&self) -> Result<()> {
        match self.checked.text("organisatie.logo").and_then(|path| self.logo_finding(path)) {
            Some(finding) => Err(finding.key("organisatie.logo").at(self.checked.place("organisatie.logo")).into()),
            None => Ok(()),
        }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The settings as they stand in the file, with the place of each key.
    pub fn checked(&self) -> &check::Checked {
        &self.checked
    }

    /// A path as its user knows it: relative to the workspace where it lies in it, with `/` between its parts.
    pub fn shown(&self, path: &Path) -> PathBuf {
        path.strip_prefix(&self.root).unwrap_or(path).to_path_buf()
    }

    /// The file that a letter in `folder` names; none when it lies outside the workspace, by `..` or by a symbolic link.
    pub fn file_beside(&self, folder: &Path, path: &str) -> Option<PathBuf> {
        // A letter outside the workspace has what lies below it.
        let base = if folder.starts_with(&self.root) { self.root.as_path() } else { folder };
        let mut file = folder.to_path_buf();
        for part in Path::new(path).components() {
            match part {
                Component::Normal(name) => file.push(name),
                Component::CurDir => {}
                Component::ParentDir => drop(file.pop()),
                Component::RootDir | Component::Prefix(_) => return None,
            }
            if !file.starts_with(base) {
                return None;
            }
        }
        let leads_out =
            file.canonicalize().is_ok_and(|real| !base.canonicalize().is_ok_and(|base| real.starts_with(base)));
        (!leads_out).then_some(file)
    }

    /// The folder of the archive.
    pub fn archive(&self) -> PathBuf {
        self.root.join(&self.settings.archief.url)
    }

    /// Whether a path is in the folder of the archive, which holds nothing but the archive.
    pub fn is_in_archive(&self, path: &Path) -> bool {
        // Of a file that is yet to be written, its folder is there.
        let existing = path.ancestors().find_map(|part| part.canonicalize().ok());
        let archive = self.archive();
        let archive = archive.canonicalize().unwrap_or(archive);
        existing.is_some_and(|existing| existing.starts_with(archive))
    }

    /// Whether a file is one that the program or its user lives on: the settings, the register, letters, what was issued or
    /// received, mailings that are prepared, and the archive. Nothing is written over it, and it is no enclosure.
    pub fn is_own(&self, file: &Path) -> bool {
        if self.is_in_archive(file) {
            return true;
        }
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let (file, root) = (real(file), real(&self.root));
        let Ok(inner) = file.strip_prefix(&root) else { return self.register_files().any(|own| real(&own) == file) };
        // What a letter shows or encloses may lie beside it; all else in these folders is the program's.
        let is_letter = |inner: &Path| inner.extension().is_some_and(|extension| extension == "md");
        let in_folder =
            |folder: &&'static str| inner.starts_with(folder) && (*folder != folders::LETTERS || is_letter(inner));
        let kept = folders::ALL.iter().any(in_folder);
        let anchor = self.settings.vertrouwen.ankers.iter().any(|anchor| real(&self.root.join(anchor)) == file);
        kept || anchor || inner == Path::new(SETTINGS_FILE) || self.register_files().any(|own| real(&own) == file)
    }

    /// Whether a file is one that letters are made with or judged by: a template, a font, a trust anchor. Nothing is written
    /// over it either.
    pub fn is_relied_on(&self, file: &Path) -> bool {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let file = real(file);
        let anchors = self.settings.vertrouwen.ankers.iter().any(|anchor| real(&self.root.join(anchor)) == file);
        anchors
            || [folders::TEMPLATES, folders::FONTS].iter().any(|folder| file.starts_with(real(&self.root.join(folder))))
    }

    /// The files of a register that is a file, with those that SQLite keeps beside it.
    fn register_files(&self) -> impl Iterator<Item = PathBuf> {
        let path = address::sqlite_path(&self.settings.register.url).map(|path| self.root.join(path));
        ["", "-wal", "-shm"].into_iter().filter_map(move |ending| {
            let mut name = path.clone()?.into_os_string();
            name.push(ending);
            Some(PathBuf::from(name))
        })
    }

    /// What is wrong with a logo, named from the workspace's folder.
    pub fn logo_finding(&self, path: &str) -> Option<Finding> {
        match self.file_beside(&self.root, path) {
            None => Some(Finding::error("path-outside").arg("path", path)),
            Some(file) if !file.is_file() => Some(Finding::error("logo-missing").arg("path", path)),
            Some(_) => None,
        }
    }

    /// A template file: the workspace's own, else the shipped one; and whether it is the workspace's.
    ///
    /// # Errors
    /// [`Error::Outside`] when the workspace's own file is there but can't be read.
    pub fn template_file(&self, path: &str) -> Result<Option<(Cow<'static, [u8]>, bool)>> {
        let Some(own) = inside(&self.root.join(folders::TEMPLATES), path) else { return Ok(None) };
        if own.is_file() {
            let bytes = std::fs::read(&own).map_err(|cause| Error::io("read", &own, cause))?;
            return Ok(Some((bytes.into(), true)));
        }
        Ok(assets::template(path).map(|bytes| (bytes, false)))
    }

    /// Where the workspace's own fonts lie, sorted by file name; nowhere if it has no folder of fonts.
    ///
    /// # Errors
    /// [`Error::Outside`] when the folder can't be read.
    pub fn font_files(&self) -> Result<Vec<PathBuf>> {
        let folder = self.root.join(folders::FONTS);
        let fail = |cause| Error::io("read", &folder, cause);
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(cause) => return Err(fail(cause)),
        };
        let is_font = |path: &PathBuf| {
            path.extension().is_some_and(|ext| ["ttf", "otf", "ttc", "otc"].iter().any(|e| ext.eq_ignore_ascii_case(e)))
        };
        let mut paths = Vec::new();
        for entry in entries {
            paths.extend(Some(entry.map_err(fail)?.path()).filter(is_font));
        }
        paths.sort();
        Ok(paths)
    }

    /// The workspace's own fonts with their paths as shown, sorted by file name.
    ///
    /// # Errors
    /// [`Error::Outside`] when one, or their folder, can't be read.
    pub fn fonts(&self) -> Result<Vec<(PathBuf, Vec<u8>)>> {
        let read = |path: PathBuf| match std::fs::read(&path) {
            Ok(bytes) => Ok((self.shown(&path), bytes)),
            Err(cause) => Err(Error::io("read", &path, cause)),
        };
        self.font_files()?.into_iter().map(read).collect()
    }
}

/// The path joined to the folder, unless it leads out of it.
pub fn inside(folder: &Path, path: &str) -> Option<PathBuf> {
    let relative = Path::new(path);
    let stays = relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    stays.then(|| folder.join(relative))
}

/// Puts the environment's values over scalar settings, at any depth.
fn override_scalars(
    values: &mut Map<String, Json>,
    contract: &Contract,
    prefix: &str,
    findings: &mut Findings,
    environment: &dyn Fn(&str) -> Option<String>,
) {
    for field in &contract.fields {
        let name = format!("{prefix}_{}", field.name.to_uppercase());
        if let Kind::Table(inner) = &field.kind {
            let mut table = match values.remove(&field.name) {
                Some(Json::Object(table)) => table,
                _ => Map::new(),
            };
            override_scalars(&mut table, inner, &name, findings, environment);
            if !table.is_empty() {
                values.insert(field.name.clone(), Json::Object(table));
            }
            continue;
        }
        let Some(text) = environment(&name) else { continue };
        let value = match &field.kind {
            Kind::Text => Some(Json::String(text.clone())),
            Kind::Boolean => text.parse().ok().map(Json::Bool),
            Kind::Choice(words) => words.contains(&text).then(|| Json::String(text.clone())),
            _ => continue,
        };
        match value {
            Some(value) => {
                values.insert(field.name.clone(), value);
            }
            None => findings.push(
                Finding::error("environment-value").key(name).arg("value", text).arg("expected", field.kind.code()),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(settings: &str) -> (tempfile::TempDir, Workspace) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(SETTINGS_FILE), format!("[organisatie]\nnaam = \"X\"\n{settings}")).unwrap();
        let workspace = Workspace::open(folder.path(), &|_| None).unwrap();
        (folder, workspace)
    }

    #[test]
    fn only_fonts_that_are_not_there_are_none() {
        let (folder, workspace) = workspace("");
        let fonts = folder.path().join(folders::FONTS);
        assert_eq!(workspace.fonts().unwrap(), []);
        std::fs::create_dir(&fonts).unwrap();
        std::fs::write(fonts.join("b.TTF"), "b").unwrap();
        std::fs::write(fonts.join("a.otf"), "a").unwrap();
        std::fs::write(fonts.join("LEESMIJ.txt"), "x").unwrap();
        let found = workspace.fonts().unwrap();
        let named = |name: &str, bytes: &[u8]| (Path::new(folders::FONTS).join(name), bytes.to_vec());
        assert_eq!(found, [named("a.otf", b"a"), named("b.TTF", b"b")]);
        std::fs::remove_dir_all(&fonts).unwrap();
        std::fs::write(&fonts, "x").unwrap();
        match workspace.fonts() {
            Err(Error::Outside { action: "read", path, .. }) => assert_eq!(path, fonts),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_the_program_lives_on_is_its_own() {
        let (folder, workspace) = workspace("[register]\nurl = \" sqlite: data/r.db \"\n");
        for file in [
            SETTINGS_FILE,
            "letters/a.md",
            "templates/x/brief.typ.hbs",
            "fonts/a.ttf",
            "uitgaand/2023/D1.pdf",
            "inkomend/2023/I1.pdf",
            "mailings/Straat/lijst.csv",
            "archief/0=ocfl_1.1",
            "data/r.db",
            "data/r.db-wal",
        ] {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, "x").unwrap();
            assert!(workspace.is_own(&path), "{file}");
        }
        for file in ["letters/foto.png", "bijlagen/a.pdf", "lijst.csv", "data/lijst.csv", "mailings.csv"] {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, "x").unwrap();
            assert!(!workspace.is_own(&path), "{file}");
        }
    }
}
