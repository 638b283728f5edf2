//! Database credentials from Secrets Manager.

use std::time::Duration;

use aws_config::{BehaviorVersion, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_secretsmanager::Client;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use serde::Deserialize;

use crate::{Error, Fault, Result};

/// A secret as RDS writes it. One that RDS manages itself has only the first two.
#[derive(Deserialize)]
pub(crate) struct Credentials {
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) host: Option<String>,
    pub(crate) port: Option<u16>,
    pub(crate) dbname: Option<String>,
}

/// A client of Secrets Manager, which gives up soon enough for a request to be answered.
pub(crate) async fn client() -> Client {
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https();
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(Duration::from_millis(700))
        .operation_timeout(Duration::from_millis(1500))
        .build();
    let config = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .retry_config(RetryConfig::standard().with_max_attempts(2))
        .timeout_config(timeouts)
        .load()
        .await;
    Client::new(&config)
}

/// The current value of the secret `id`.
pub(crate) async fn fetch(client: &Client, id: &str) -> Result<Credentials> {
    // Boxed, because the SDK's future is deeper than the compiler's default limit.
    let answer = Box::pin(client.get_secret_value().secret_id(id).send()).await;
    // Not with its Debug, which may have the response in it, and so the secret.
    let answer = answer.map_err(|error| Error::Unavailable(Fault::new("credentials", error)))?;
    let text = answer.secret_string().unwrap_or_default();
    serde_json::from_str(text).map_err(|error| {
        // The parser's own message would quote what stands in the secret.
        let column = error.column();
        let cause =
            format!("secret `{id}` is no JSON with username and password (column {column})");
        Error::Unavailable(Fault::new("credentials", cause))
    })
}
