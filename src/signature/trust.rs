//! Whom to trust: the anchors that a workspace names.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::crypto::certificate::Certificate;
use crate::error::Finding;

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
    /// The certificates of a PEM file (RFC 7468), one or more.
    ///
    /// # Errors
    /// `trust-none` when there is none in it, `trust-certificate` when one can't be read.
    pub fn read_pem(text: &[u8]) -> Result<Vec<Vec<u8>>, Finding> {
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
