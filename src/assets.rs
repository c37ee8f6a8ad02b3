//! The templates, fonts and example letters that the binary carries, so that it works anywhere.

use std::borrow::Cow;

use rust_embed::Embed;

/// The shipped templates, by path below `templates/`.
#[derive(Embed)]
#[folder = "templates/"]
struct Templates;

/// The shipped fonts.
#[derive(Embed)]
#[folder = "fonts/"]
#[include = "*.ttf"]
struct Fonts;

/// The example letters and what they name. The example of a register stays here: it is one organisation's, and a new
/// workspace has a register of its own.
#[derive(Embed)]
#[folder = "letters/"]
#[exclude = "adviestrajecten-*.csv"]
struct Letters;

/// A shipped template file, such as `gs-brief/sjabloon.toml`.
pub fn template(path: &str) -> Option<Cow<'static, [u8]>> {
    Templates::get(path).map(|file| file.data)
}

/// The paths of the shipped template files, sorted.
pub fn template_paths() -> Vec<String> {
    sorted(Templates::iter())
}

/// The shipped font files, in a fixed order: the order decides which face wins.
pub fn fonts() -> Vec<Cow<'static, [u8]>> {
    named_fonts().into_iter().map(|(_, bytes)| bytes).collect()
}

/// The same with their names.
pub fn named_fonts() -> Vec<(String, Cow<'static, [u8]>)> {
    sorted(Fonts::iter()).into_iter().filter_map(|path| Some((path.clone(), Fonts::get(&path)?.data))).collect()
}

/// The example letters with the files they name: path below `letters/` and content, sorted.
pub fn letters() -> Vec<(String, Cow<'static, [u8]>)> {
    sorted(Letters::iter()).into_iter().filter_map(|path| Some((path.clone(), Letters::get(&path)?.data))).collect()
}

fn sorted(paths: impl Iterator<Item = Cow<'static, str>>) -> Vec<String> {
    let mut paths: Vec<String> = paths.map(Cow::into_owned).collect();
    paths.sort();
    paths
}
