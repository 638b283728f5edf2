//! `DATABASE_URL`, as the functions read it.

use crate::error::{Error, Result};
use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// Reads a URL. As for the functions, every `sslmode` but `disable` verifies the server.
///
/// # Errors
/// When it is not the URL of a database.
pub fn parse(url: &str) -> Result<Config> {
    let url = url
        .replace("sslmode=verify-full", "sslmode=require")
        .replace("sslmode=verify-ca", "sslmode=require");
    // The message names options, never their values.
    url.parse().map_err(|error| {
        Error::new(format!(
            "DATABASE_URL must be postgres://user:password@host/name: {error}"
        ))
    })
}

/// The host and the port.
pub fn place(config: &Config) -> String {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(host)) => host.clone(),
        Some(Host::Unix(folder)) => folder.display().to_string(),
        None => "no host".to_owned(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    format!("{host}:{port}")
}
