//! What Typst sees: one letter, the templates' files, the workspace's images and fonts, and nothing else.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_kit::files::{FileLoader, FileStore};
use typst_layout::PagedIntrospector;

use super::fonts::Fonts;
use crate::assets;
use crate::error::Result;
use crate::source::SourceFile;
use crate::template::splice::{Assembled, BODY_FILE, value_file};
use crate::workspace::folders::TEMPLATES;
use crate::workspace::{Workspace, inside};

/// What letters share: the library, the fonts and the files that were read.
///
/// Kept from letter to letter, so that Typst's caches stay valid.
pub struct Press {
    library: LazyHash<Library>,
    fonts: Fonts,
    files: FileStore<Files>,
    last: Mutex<Option<Arc<PagedIntrospector>>>,
    root: PathBuf,
}

impl Press {
    /// A press for a workspace.
    ///
    /// # Errors
    /// When a font of the workspace can't be read.
    pub fn new(workspace: &Workspace) -> Result<Self> {
        Ok(Self {
            library: LazyHash::new(Library::default()),
            fonts: Fonts::load(workspace)?,
            files: FileStore::new(Files { root: workspace.root().to_path_buf() }),
            last: Mutex::new(None),
            root: workspace.root().to_path_buf(),
        })
    }

    /// The fonts.
    pub fn fonts(&self) -> &Fonts {
        &self.fonts
    }

    /// What the letter before looked like: the first guess for the next one's page numbers.
    pub(super) fn last_letter(&self) -> Option<Arc<PagedIntrospector>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps what a letter looked like.
    pub(super) fn remember(&self, letter: &Arc<PagedIntrospector>) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(letter));
    }

    /// Forgets what was read from files, which may have changed.
    pub fn reset(&mut self) {
        self.files.reset();
    }

    /// The files of the workspace that were asked for since the last reset, there or not, sorted.
    pub fn dependencies(&mut self) -> Vec<PathBuf> {
        let (files, ids) = self.files.dependencies();
        let mut paths: Vec<_> = ids.filter_map(|id| files.candidates(id)).flatten().collect();
        paths.sort();
        paths
    }

    /// A file that Typst read, for quoting it in a finding.
    pub fn source_file(&self, id: FileId) -> Option<SourceFile> {
        let source = self.files.source(id).ok()?;
        let path = Path::new(id.get().vpath().get_without_slash());
        let path = if self.is_template(id) { Path::new(TEMPLATES).join(path) } else { path.to_path_buf() };
        Some(SourceFile::new(path, source.text()))
    }

    /// Whether a file, by its path in the workspace, is there and so can be changed.
    pub fn is_own(&self, path: &Path) -> bool {
        self.root.join(path).is_file()
    }

    /// Whether a file belongs to the templates, and not to what the workspace holds besides.
    pub fn is_template(&self, id: FileId) -> bool {
        let own = || inside(&self.root.join(TEMPLATES), id.get().vpath().get_without_slash());
        assets::template(id.get().vpath().get_without_slash()).is_some() || own().is_some_and(|path| path.is_file())
    }
}

/// One letter on the press.
pub struct Sheet<'a> {
    press: &'a Press,
    main: Source,
    body: Source,
    values: Vec<(FileId, Bytes)>,
    read: Mutex<HashSet<FileId>>,
}

impl<'a> Sheet<'a> {
    /// A letter with its text; `name` is the path by which the text can import itself.
    pub fn new(press: &'a Press, name: &str, assembled: &Assembled) -> Self {
        let values = assembled.values.iter().enumerate();
        Self {
            press,
            main: parsed(file_id(name), &assembled.text),
            body: parsed(file_id(BODY_FILE), &assembled.body_text),
            values: values.map(|(at, json)| (file_id(&value_file(at)), Bytes::from_string(json.clone()))).collect(),
            read: Mutex::default(),
        }
    }

    /// The files of templates and workspace that Typst asked for, there or not: their paths as Typst knows them, without
    /// the first `/`, sorted. What it finds in its caches it asks for all the same.
    pub fn files_read(&self) -> Vec<String> {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let own = read.iter().filter(|id| *id.get().root() == VirtualRoot::Project);
        let mut paths: Vec<_> = own.map(|id| id.get().vpath().get_without_slash().to_string()).collect();
        paths.sort();
        paths
    }

    /// Notes that Typst asked for a file of the press.
    fn note(&self, id: FileId) {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
    }

    /// The letter's body, where it is a file of its own.
    pub fn body_id(&self) -> FileId {
        self.body.id()
    }

    /// The press it lies on.
    pub fn press(&self) -> &Press {
        self.press
    }
}

impl World for Sheet<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.press.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.press.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        match id {
            id if id == self.main.id() => Ok(self.main.clone()),
            id if id == self.body.id() => Ok(self.body.clone()),
            id => {
                self.note(id);
                self.press.files.source(id)
            }
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match id {
            id if id == self.main.id() => Ok(Bytes::from_string(self.main.clone())),
            id if id == self.body.id() => Ok(Bytes::from_string(self.body.clone())),
            id => match self.values.iter().find(|(value, _)| *value == id) {
                Some((_, json)) => Ok(json.clone()),
                None => {
                    self.note(id);
                    self.press.files.file(id)
                }
            },
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.press.fonts.font(index)
    }

    /// The day comes with the letter's data: a template that asks for today would not give the same bytes tomorrow.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// A source. In a mailing both are mostly the same for every addressee.
///
/// One that differs is parsed anew: editing the last one in place would number the nodes differently, and the layout
/// caches of equal paragraphs would miss.
#[comemo::memoize]
fn parsed(id: FileId, text: &str) -> Source {
    Source::new(id, text.into())
}

/// The id of a path of the project.
fn file_id(path: &str) -> FileId {
    let path = VirtualPath::new(path).unwrap_or_else(|_| VirtualPath::new("/brief.typ").expect("a plain path"));
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// Serves `/gedeeld/…` and `/<template>/…` from the templates, any other path from the workspace.
struct Files {
    root: PathBuf,
}

impl Files {
    /// Where on disk a file may lie, best first; none for a package or a path that leads out.
    fn candidates(&self, id: FileId) -> Option<Vec<PathBuf>> {
        if *id.get().root() != VirtualRoot::Project {
            return None;
        }
        let path = id.get().vpath().get_without_slash();
        let template = inside(&self.root.join(TEMPLATES), path)?;
        Some(vec![template, inside(&self.root, path)?])
    }
}

impl FileLoader for Files {
    fn load(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.get().vpath().get_without_slash();
        let not_found = || FileError::NotFound(path.into());
        let candidates = self.candidates(id).ok_or_else(not_found)?;
        if !candidates[0].is_file()
            && let Some(shipped) = assets::template(path)
        {
            return Ok(match shipped {
                std::borrow::Cow::Borrowed(bytes) => Bytes::new(bytes),
                std::borrow::Cow::Owned(bytes) => Bytes::new(bytes),
            });
        }
        let found = candidates.into_iter().find(|path| path.is_file()).ok_or_else(not_found)?;
        // A symbolic link may not lead out of the workspace either.
        let real = found.canonicalize().map_err(|cause| FileError::from_io(cause, &found))?;
        let root = self.root.canonicalize().map_err(|cause| FileError::from_io(cause, &self.root))?;
        if !real.starts_with(&root) {
            return Err(FileError::AccessDenied);
        }
        std::fs::read(&real).map(Bytes::new).map_err(|cause| FileError::from_io(cause, &found))
    }
}

/// The Typst path of a file of the workspace, `/letters/figuren/x.svg`; none when it lies outside.
pub fn typst_path(root: &Path, file: &Path) -> Option<String> {
    let relative = file.strip_prefix(root).ok()?;
    let parts: Option<Vec<&str>> = relative
        .components()
        .map(|part| match part {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect();
    Some(format!("/{}", parts?.join("/")))
}
