//! TLS to a PostgreSQL server: its certificate must be known, and its name must be right.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::{Error, Finding, Result};

/// How connections are encrypted: against the certificates in `ca`, else those that the system trusts.
///
/// # Errors
/// When `ca` can't be read or holds no certificate.
pub(super) fn connector(ca: Option<&Path>) -> Result<MakeRustlsConnect> {
    let mut roots = RootCertStore::empty();
    match ca {
        Some(path) => {
            let pem = std::fs::read(path).map_err(|cause| Error::io("read", path, cause))?;
            for certificate in CertificateDer::pem_slice_iter(&pem).flatten() {
                // What can't be used is counted below.
                let _ = roots.add(certificate);
            }
            if roots.is_empty() {
                return Err(Finding::error("register-ca").key("register.ca").arg("path", path.display()).into());
            }
        }
        // A system without certificates trusts no server, which the connection then says.
        None => drop(roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs)),
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|cause| Error::io("register", Path::new("tls"), cause))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
