//! Whom to trust: the anchors that a workspace names.

use std::io::ErrorKind;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::crypto::certificate::Certificate;
use crate::error::{Error, Finding, Findings, Result};
use crate::workspace::Workspace;

/// The most anchors that one file may hold.
const MAX_ANCHORS: usize = 1000;

/// Whom to trust, and what a signature needs beside that.
///
/// An anchor counts as long as it is named here, whatever dates stand in it: whoever names it vouches for it. One that is a
/// certification authority's vouches for what was issued under it; any other vouches for itself alone, as a signer's
/// certificate that is known by other ways.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// Certificates in DER.
    pub anchors: Vec<Vec<u8>>,
    /// Whether a signature without a timestamp is refused. A timestamp can be taken off a signature and leaves no trace,
    /// so that the file itself can't say whether there was one.
    pub timestamp_required: bool,
}

impl Trust {
    /// Whom a workspace trusts.
    ///
    /// # Errors
    /// [`crate::error::Error::Refused`] when an anchor is not there or is no certificate, at its place in the settings.
    pub fn of(workspace: &Workspace) -> Result<Self> {
        let settings = &workspace.settings().vertrouwen;
        let (mut anchors, mut findings) = (Vec::new(), Findings::default());
        for (at, path) in settings.ankers.iter().enumerate() {
            let key = format!("vertrouwen.ankers.{at}");
            let file = workspace.root().join(path);
            let read = match std::fs::read(&file) {
                Ok(bytes) => Self::read_pem(&bytes),
                Err(cause) if cause.kind() == ErrorKind::NotFound => Err(Finding::error("trust-missing")),
                Err(cause) => return Err(Error::io("read", &file, cause)),
            };
            match read {
                Ok(found) => anchors.extend(found),
                Err(finding) => {
                    let place = workspace.checked().place(&key);
                    findings.push(finding.arg("path", path.display()).key(key).at(place));
                }
            }
        }
        findings.refuse_errors()?;
        Ok(Self { anchors, timestamp_required: settings.tijdstempel_vereist })
    }

    /// The certificates of a PEM file (RFC 7468), one or more.
    ///
    /// # Errors
    /// `trust-none` when there is none in it, `trust-certificate` when one can't be read.
    pub fn read_pem(text: &[u8]) -> std::result::Result<Vec<Vec<u8>>, Finding> {
        let mut anchors = Vec::new();
        for (index, certificate) in CertificateDer::pem_slice_iter(text).take(MAX_ANCHORS).enumerate() {
            let unreadable = || Finding::error("trust-certificate").arg("number", index + 1);
            let der = certificate.map_err(|_| unreadable())?;
            Certificate::read(&der).map_err(|_| unreadable())?;
            anchors.push(der.to_vec());
        }
        if anchors.is_empty() { Err(Finding::error("trust-none")) } else { Ok(anchors) }
    }
}
