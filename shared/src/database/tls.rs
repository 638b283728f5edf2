//! TLS, to PostgreSQL and others. The certificate chain and the host name are always verified.

use std::{path::Path, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::{
        CryptoProvider,
        ring::{self, kx_group},
    },
    pki_types::{CertificateDer, Der, TrustAnchor, pem::PemObject},
};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{Error, Fault, Result, config::Config};

// The authorities in authorities.pem, parsed by the build script.
include!(concat!(env!("OUT_DIR"), "/authorities.rs"));

/// Makes TLS connections. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct Tls {
    rustls: MakeRustlsConnect,
    /// A host, and the name that its certificate must have instead of its own.
    other_name: Option<(String, String)>,
}

impl<S> MakeTlsConnect<S> for Tls
where
    MakeRustlsConnect: MakeTlsConnect<S>,
{
    type Stream = <MakeRustlsConnect as MakeTlsConnect<S>>::Stream;
    type TlsConnect = <MakeRustlsConnect as MakeTlsConnect<S>>::TlsConnect;
    type Error = <MakeRustlsConnect as MakeTlsConnect<S>>::Error;

    fn make_tls_connect(&mut self, host: &str) -> Result<Self::TlsConnect, Self::Error> {
        let name = match &self.other_name {
            Some((of, name)) if of == host => name,
            _ => host,
        };
        MakeTlsConnect::<S>::make_tls_connect(&mut self.rustls, name)
    }
}

/// A connector that trusts the authorities in DB_CA_FILE (PEM), or Amazon's without one.
pub(crate) fn connector(config: &Config) -> Result<Tls> {
    let client = match &config.ca_file {
        Some(file) => trusting(read(file)?)?,
        None => tls()?,
    };
    let Config {
        reader_host,
        reader_tls_name,
        ..
    } = config;
    Ok(Tls {
        rustls: MakeRustlsConnect::new(client),
        other_name: reader_host.clone().zip(reader_tls_name.clone()),
    })
}

/// TLS that trusts Amazon's authorities: those of RDS, and Amazon Trust Services for the rest of AWS.
///
/// # Errors
/// [`Error::Internal`] when the provider has no protocol version, which would be a fault of the build.
pub fn tls() -> Result<ClientConfig> {
    trusting(AUTHORITIES.iter().cloned().collect())
}

fn trusting(roots: RootCertStore) -> Result<ClientConfig> {
    let provider = CryptoProvider {
        // The first one is offered at once. By default PostgreSQL takes no other before version 18, and
        // asks for it, which costs a round trip.
        kx_groups: vec![kx_group::SECP256R1, kx_group::X25519, kx_group::SECP384R1],
        ..ring::default_provider()
    };
    let config = ClientConfig::builder_with_provider(provider.into())
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
