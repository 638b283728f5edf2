//! Database credentials from Secrets Manager.

use std::time::Duration;

use aws_config::{BehaviorVersion, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_secretsmanager::Client;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::{Error, Fault, Result};

/// A secret as RDS writes it. One that RDS manages itself has only the first two.
#[derive(Deserialize)]
pub struct Credentials {
    /// The role.
    pub username: String,
    /// Its password.
    pub password: String,
    pub(crate) host: Option<String>,
    #[serde(default, deserialize_with = "port")]
    pub(crate) port: Option<u16>,
    pub(crate) dbname: Option<String>,
}

/// A port as a number or as text: people and tools write both.
fn port<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u16>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Port {
        Number(u16),
        Text(String),
    }
    match Option::deserialize(deserializer)? {
        None => Ok(None),
        Some(Port::Number(port)) => Ok(Some(port)),
        Some(Port::Text(text)) => text.parse().map(Some).map_err(D::Error::custom),
    }
}

/// A client of Secrets Manager that gives up soon enough for a request to be answered.
pub async fn secrets_manager() -> Client {
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

impl Credentials {
    /// The stage of the version that is in use.
    pub const CURRENT: &str = "AWSCURRENT";
    /// The stage of the version that a rotation is about to make current.
    pub const PENDING: &str = "AWSPENDING";

    /// Fetches the value of the secret `id` at a stage, such as [`Credentials::CURRENT`].
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it cannot be fetched or read. The message has none of its value.
    pub async fn fetch(client: &Client, id: &str, stage: &str) -> Result<Self> {
        // Boxed, because the SDK's future is deeper than the compiler's default limit.
        let get = client.get_secret_value().secret_id(id).version_stage(stage);
        let answer = Box::pin(get.send()).await;
        // The error's Display, never its Debug: that may contain the response, and so the secret.
        let answer =
            answer.map_err(|error| Error::Unavailable(Fault::new("credentials", error)))?;
        let text = answer.secret_string().unwrap_or_default();
        serde_json::from_str(text).map_err(|error| {
            // The parser's message would quote the secret.
            let cause = format!(
                "secret `{id}` is not JSON with a username, a password and, if present, a valid \
                 port (line {}, column {})",
                error.line(),
                error.column()
            );
            Error::Unavailable(Fault::new("credentials", cause))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_a_number_or_text() {
        let port = |port: &str| {
            let secret = format!(r#"{{"username":"u","password":"p"{port}}}"#);
            serde_json::from_str::<Credentials>(&secret).map(|secret| secret.port)
        };
        assert_eq!(port("").expect("valid"), None);
        assert_eq!(port(r#","port":null"#).expect("valid"), None);
        assert_eq!(port(r#","port":5433"#).expect("valid"), Some(5433));
        assert_eq!(port(r#","port":"5433""#).expect("valid"), Some(5433));
        for wrong in [r#","port":"x""#, r#","port":70000"#, r#","port":"70000""#] {
            assert!(port(wrong).is_err(), "{wrong}");
        }
    }
}
