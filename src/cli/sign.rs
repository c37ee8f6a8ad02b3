//! `postkamer sign FILE --p12 FILE`: a PDF gets a signature.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::archive::{self, Opened};
use super::context::Context;
use crate::archive::accept::check_standing;
use crate::archive::places::{self, Place};
use crate::archive::shown::Held;
use crate::error::{Error, Finding, Result};
use crate::signature::sign::appearance::appearance;
use crate::signature::sign::identity::MAX_P12;
use crate::signature::sign::timestamp::Server;
use crate::signature::sign::{self, Appearance, Identity, Signing};
use crate::typeset::places::SignaturePlace;
use crate::typeset::world::Press;
use crate::workspace::bounded::{self, Unread};
use crate::workspace::files;

/// The largest PDF that is signed, in bytes.
pub(super) const MAX_PDF: u64 = 1 << 30;
/// The longest passphrase file, in bytes.
const MAX_PASSPHRASE: u64 = 4096;

/// Arguments of `sign`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The reference of a letter in the archive, which gets the signed letter as its next version; or a PDF
    #[arg(value_name = "ID|FILE")]
    what: PathBuf,
    #[command(flatten)]
    key: Key,
    /// Where to write; then nothing is archived [default for a PDF: NAME-ondertekend.pdf in the current directory]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// With what is signed.
#[derive(Debug, clap::Args)]
pub(super) struct Key {
    /// The signer's key and certificate (PKCS#12: .p12 or .pfx)
    #[arg(long, value_name = "FILE")]
    p12: PathBuf,
    /// The file that holds the passphrase of the key [default: POSTKAMER_P12_PASSPHRASE, else a prompt]
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// The timestamp service (RFC 3161) that vouches for the moment, http:// or https://
    #[arg(long, value_name = "URL")]
    tsa: Option<String>,
}

/// An identity that is ready to sign, and the server that vouches for the moment.
pub(super) struct Signatory {
    identity: Identity,
    server: Option<Server>,
}

impl Args {
    pub fn run(self, context: &Context) -> Result<u8> {
        if let Some(output) = &self.output {
            self.key.spare(context, output)?;
        }
        match self.what.to_str().filter(|_| !context.path(&self.what).is_file()) {
            Some(id) => self.letter(context, id).map_err(|error| self.meant(error)),
            None => self.pdf(context),
        }
    }

    /// What is called like a PDF and is no letter's ID is a file that isn't there.
    fn meant(&self, error: Error) -> Error {
        const NO_LETTER: [&str; 3] = ["id-unknown", "archive-missing", "workspace-missing"];
        let is_file = self.what.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"));
        match error {
            Error::Refused(found) if is_file && found.iter().any(|finding| NO_LETTER.contains(&finding.code)) => {
                Finding::error("sign-file-missing").arg("path", self.what.display()).into()
            }
            error => error,
        }
    }

    /// Signs any PDF.
    fn pdf(&self, context: &Context) -> Result<u8> {
        let output = self.output.clone().unwrap_or_else(|| default_output(&self.what));
        if output != Path::new("-") {
            spare(context, &self.what, &output, self.output.is_some())?;
        }
        let pdf = read(context, &self.what, MAX_PDF)?;
        let signed = self.key.read(context)?.sign(context, &pdf, None)?;
        write(context, &output, &signed)
    }

    /// Signs a letter of the archive.
    fn letter(&self, context: &Context, id: &str) -> Result<u8> {
        let mut opened = Opened::new(context)?;
        let trust = opened.trust()?;
        let held = Held::find(&opened.archive, &mut opened.register, id)?;
        check_standing(&held.entry)?;
        if let Some(output) = self.output.as_deref().filter(|output| *output != Path::new("-")) {
            context.spare(&opened.workspace, output)?;
        }
        let (_, letter) = held.letter()?;
        let signatory = self.key.read(context)?;
        let name = signatory.identity.name();
        let mut notes = Vec::new();
        let visible = match places::next(&held, &letter, &name)? {
            Place::Unasked => None,
            Place::Taken => {
                notes.push(Finding::warning("sign-without-place").arg("id", id).arg("signatory", &name));
                None
            }
            Place::Next { own, to_come, language } => {
                let press = Press::new(&opened.workspace)?;
                Some((appearance(&press, &own, &name, context.moment()?, language)?, to_come))
            }
        };
        let signed = signatory.sign(context, &letter, visible)?;
        if let Some(output) = &self.output {
            context.show(&notes);
            return write(context, output, &signed);
        }
        let clerk = context.clerk()?;
        let mut counter = opened.counter(&trust, &clerk);
        let id = counter.add(&signed, Some(id))?;
        context.show(&notes);
        let held = Held::find(&opened.archive, &mut opened.register, &id)?;
        archive::answer(context, &held, &trust)?;
        Ok(0)
    }
}

fn write(context: &Context, output: &Path, signed: &[u8]) -> Result<u8> {
    if output == Path::new("-") {
        context.answer_bytes(signed)?;
    } else {
        files::write_whole(&context.path(output), signed)?;
        if context.json() {
            context.answer_json(&archive::judge(context, signed)?.1)?;
        }
        context.say("written", &[("path", &output.display().to_string())]);
    }
    Ok(0)
}

impl Key {
    /// Opens the file with the key, asking for its passphrase where nothing else gives that.
    pub fn read(&self, context: &Context) -> Result<Signatory> {
        let proxy = self.tsa.as_deref().and_then(|url| proxy(context, url));
        // What is wrong with the address is told before anyone has to type a passphrase.
        let server = self.tsa.as_deref().map(|url| Server::new(url, proxy.as_deref())).transpose()?;
        let p12 = Zeroizing::new(read(context, &self.p12, MAX_P12 as u64)?);
        let passphrase = self.passphrase(context)?;
        Ok(Signatory { identity: Identity::read(&p12, &passphrase)?, server })
    }

    /// Refuses to write over the key or its passphrase: there may be no other copy.
    fn spare(&self, context: &Context, output: &Path) -> Result<()> {
        let secrets: Vec<&Path> =
            [Some(&self.p12), self.passphrase_file.as_ref()].into_iter().flatten().map(PathBuf::as_path).collect();
        context.spare_read(output, &secrets, "sign-over-key")
    }

    fn passphrase(&self, context: &Context) -> Result<Zeroizing<String>> {
        if let Some(path) = &self.passphrase_file {
            let bytes = Zeroizing::new(read(context, path, MAX_PASSPHRASE)?);
            let wrong = || Finding::error("sign-passphrase-file").arg("path", path.display());
            let text = std::str::from_utf8(&bytes).map_err(|_| wrong())?;
            let line = text.strip_suffix('\n').unwrap_or(text);
            let line = line.strip_suffix('\r').unwrap_or(line);
            if line.contains(['\n', '\r']) {
                return Err(wrong().into());
            }
            return Ok(Zeroizing::new(line.to_string()));
        }
        if let Some(passphrase) = context.variable("POSTKAMER_P12_PASSPHRASE") {
            return Ok(Zeroizing::new(passphrase));
        }
        let path = self.p12.display().to_string();
        context.ask_secret("sign-ask-passphrase", &[("path", &path)], Finding::error("sign-passphrase-missing"))
    }
}

impl Signatory {
    /// Signs a PDF at this moment; the result begins with its bytes. `visible` is what is to be seen of the signature, with
    /// the places of those to come.
    fn sign(
        &self,
        context: &Context,
        pdf: &[u8],
        visible: Option<(Appearance, Vec<SignaturePlace>)>,
    ) -> Result<Vec<u8>> {
        let ask = |signature: &[u8]| match &self.server {
            Some(server) => server.token(signature, uuid::Uuid::new_v4().as_u64_pair().1),
            None => Err(Finding::error("tsa-url").arg("url", "").into()),
        };
        let timestamper: Option<sign::Timestamper> = if self.server.is_some() { Some(&ask) } else { None };
        let (appearance, to_come) = visible.map_or((None, Vec::new()), |(shown, to_come)| (Some(shown), to_come));
        let signing = Signing {
            identity: &self.identity,
            moment: context.moment()?,
            timestamper,
            appearance,
            to_come: &to_come,
            reason: None,
        };
        sign::sign(pdf, &signing)
    }
}

/// The file in the current directory that a signed one is written to.
fn default_output(file: &Path) -> PathBuf {
    let mut name = file.file_stem().unwrap_or_default().to_os_string();
    name.push("-ondertekend.pdf");
    PathBuf::from(name)
}

/// Refuses to write over the file itself, over what the workspace lives on, and, when the name isn't the user's choice, over
/// anything.
fn spare(context: &Context, file: &Path, output: &Path, named: bool) -> Result<()> {
    context.spare_read(output, &[file], "sign-over-itself")?;
    if !named && context.path(output).exists() {
        return Err(Finding::error("sign-exists").arg("path", output.display()).into());
    }
    match context.workspace(None) {
        Ok(workspace) => context.spare(&workspace, output),
        // A file can be signed without a workspace.
        Err(Error::Refused(found)) if found.iter().any(|finding| finding.code == "workspace-missing") => Ok(()),
        Err(error) => Err(error),
    }
}

/// Reads a file up to a limit.
pub(super) fn read(context: &Context, path: &Path, limit: u64) -> Result<Vec<u8>> {
    bounded::read(&context.path(path), limit).map_err(|cause| match cause {
        Unread::Missing => Finding::error("sign-file-missing").arg("path", path.display()).into(),
        Unread::Folder => Finding::error("received-file").arg("path", path.display()).arg("reason", "folder").into(),
        Unread::TooLarge(_) => Finding::error("sign-file-large").arg("path", path.display()).into(),
        Unread::Failed(cause) => Error::io("read", path, cause),
    })
}

/// The proxy that the environment names for a URL.
fn proxy(context: &Context, url: &str) -> Option<String> {
    let own = if url.to_ascii_lowercase().starts_with("https") { "HTTPS_PROXY" } else { "HTTP_PROXY" };
    let host = url.split_once("://").map_or("", |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let host = host.rsplit('@').next().unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let spared = ["no_proxy", "NO_PROXY"].into_iter().find_map(|name| context.variable(name)).unwrap_or_default();
    let spares = |entry: &str| {
        let entry = entry.trim().trim_start_matches('.');
        entry == "*" || (!entry.is_empty() && (host == entry || host.ends_with(&format!(".{entry}"))))
    };
    if spared.split(',').any(spares) {
        return None;
    }
    let names = [own, "ALL_PROXY"].into_iter().flat_map(|name| [name.to_ascii_lowercase(), name.to_string()]);
    names.filter_map(|name| context.variable(&name)).find(|proxy| !proxy.trim().is_empty())
}
