//! TLS, to PostgreSQL and others. The certificate chain and the host name are always verified.

use std::{path::Path, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{Error, Fault, Result};

/// A connector that trusts the authorities in `ca_file` (PEM), or Mozilla's without one.
pub(crate) fn connector(ca_file: Option<&Path>) -> Result<MakeRustlsConnect> {
    match ca_file {
        Some(file) => Ok(MakeRustlsConnect::new(trusting(read(file)?)?)),
        None => Ok(MakeRustlsConnect::new(tls()?)),
    }
}

/// TLS that trusts Mozilla's authorities, as PostgreSQL's does by default.
///
/// # Errors
/// [`Error::Internal`] when the provider has no protocol version, which would be a fault of the build.
pub fn tls() -> Result<ClientConfig> {
    trusting(webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect())
}

fn trusting(roots: RootCertStore) -> Result<ClientConfig> {
    let config = ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Internal(Fault::new("tls", error)))?
        .with_root_certificates(Arc::new(roots))
        .with_no_client_auth();
    Ok(config)
}

fn read(file: &Path) -> Result<RootCertStore> {
    let fail = |reason: String| {
        let cause = format!("DB_CA_FILE `{}`: {reason}", file.display());
        Error::Unavailable(Fault::new("configuration", cause))
    };
    let mut roots = RootCertStore::empty();
    for certificate in
        CertificateDer::pem_file_iter(file).map_err(|error| fail(error.to_string()))?
    {
        let certificate = certificate.map_err(|error| fail(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| fail(error.to_string()))?;
    }
    match roots.is_empty() {
        true => Err(fail("contains no certificate in PEM".to_owned())),
        false => Ok(roots),
    }
}
