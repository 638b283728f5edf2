//! The configuration of a function. No other module reads the environment.

use std::{env, fmt, path::PathBuf, str::FromStr, time::Duration};

use serde::Serialize;
use tokio_postgres::config::{ChannelBinding, SslMode};
use tracing::Level;

mod access;

pub use access::{Access, Authorization, Origins};

/// The configuration of a function with a database. README.md lists the variables.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where host and credentials come from.
    pub source: Source,
    /// DB_HOST, which overrides the secret's.
    pub host: Option<String>,
    /// DB_READER_HOST, which is preferred to the host.
    pub reader_host: Option<String>,
    /// DB_READER_TLS_NAME: the name that its certificate must have instead of its own.
    pub reader_tls_name: Option<String>,
    /// DB_PORT, which overrides the secret's.
    pub port: Option<u16>,
    /// DB_NAME, which overrides the secret's.
    pub name: Option<String>,
    /// DB_CA_FILE: the certificate authorities to trust instead of Amazon's, as PEM.
    pub ca_file: Option<PathBuf>,
    /// DB_CHANNEL_BINDING: whether SCRAM must be bound to the TLS channel; by default it is where
    /// the server offers it.
    pub channel_binding: Option<ChannelBinding>,
    /// DB_POOL_SIZE: connections of one instance.
    pub pool_size: usize,
    /// DB_POOL_RECYCLE: the age at which a connection is replaced.
    pub pool_recycle: Duration,
    /// DB_SLOW_MS: how long a statement takes that is logged as slow.
    pub slow: Duration,
    /// DB_PREPARED: whether statements are prepared, for direct connections.
    pub prepared: bool,
    /// AWS_LAMBDA_FUNCTION_NAME, which PostgreSQL shows as the application's name.
    pub function_name: String,
    /// Who may read responses.
    pub access: Access,
}

/// What Lambda says of this function, named as log lines name it.
#[derive(Serialize)]
pub(crate) struct Function {
    function_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    function_memory_size: Option<u32>,
    function_version: String,
}

/// Where host and credentials come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// DB_SECRET_ID: the name or ARN of a secret.
    Secret(String),
    /// DATABASE_URL: everything in one, for a developer's own database.
    Url(Box<tokio_postgres::Config>),
}

/// Every variable that is missing or malformed, one sentence each.
#[derive(Debug)]
pub struct ConfigError(Vec<String>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// The defaults, for a database that `source` describes.
    pub fn new(source: Source) -> Self {
        Self {
            source,
            host: None,
            reader_host: None,
            reader_tls_name: None,
            port: None,
            name: None,
            ca_file: None,
            channel_binding: None,
            pool_size: 1,
            pool_recycle: Duration::from_secs(3600),
            slow: Duration::from_millis(500),
            prepared: false,
            function_name: String::new(),
            access: Access::default(),
        }
    }

    /// Reads the environment of this process.
    ///
    /// # Errors
    /// All variables that are missing or malformed, without values that may be secret.
    pub fn from_env() -> Result<Self, ConfigError> {
        Variables::new(&variable).config()
    }

    /// Reads the environment, but for the secret `id` that an event names.
    ///
    /// # Errors
    /// As [`Config::from_env`].
    pub fn for_secret(id: &str) -> Result<Self, ConfigError> {
        let get = |name: &str| match name {
            "DB_SECRET_ID" => Some(id.to_owned()),
            "DATABASE_URL" => None,
            _ => variable(name),
        };
        Variables::new(&get).config()
    }
}

/// AWS_LAMBDA_LOG_LEVEL, by default INFO. DEBUG at most: at TRACE, lambda_runtime logs whole
/// events, with tokens and names.
pub(crate) fn log_level() -> Level {
    let level = variable("AWS_LAMBDA_LOG_LEVEL").and_then(|level| level.parse().ok());
    level.unwrap_or(Level::INFO).min(Level::DEBUG)
}

/// AWS_ENDPOINT_URL_LAMBDA: where Lambda's API is, if not in AWS. The AWS SDKs have the same variable.
pub fn lambda_endpoint() -> Option<String> {
    variable("AWS_ENDPOINT_URL_LAMBDA")
}

/// Reads what Lambda says of this function.
pub(crate) fn function() -> Function {
    let memory = variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE");
    Function {
        function_name: variable("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_default(),
        function_memory_size: memory.and_then(|megabytes| megabytes.parse().ok()),
        function_version: variable("AWS_LAMBDA_FUNCTION_VERSION").unwrap_or_default(),
    }
}

/// Whether Lambda, or a program that takes its place, has started this process.
pub(crate) fn has_runtime() -> bool {
    variable("AWS_LAMBDA_RUNTIME_API").is_some()
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Reads variables, and collects what is wrong with them.
struct Variables<'a> {
    get: &'a dyn Fn(&str) -> Option<String>,
    errors: Vec<String>,
}

impl<'a> Variables<'a> {
    fn new(get: &'a dyn Fn(&str) -> Option<String>) -> Self {
        let errors = Vec::new();
        Self { get, errors }
    }

    fn finish<T>(self, value: T) -> Result<T, ConfigError> {
        match self.errors.is_empty() {
            true => Ok(value),
            false => Err(ConfigError(self.errors)),
        }
    }

    fn config(mut self) -> Result<Config, ConfigError> {
        let source = self.source();
        // Zero is what a function gets that Lambda gives one request at a time.
        let concurrency = (self.get)("AWS_LAMBDA_MAX_CONCURRENCY").and_then(|n| n.parse().ok());
        let concurrency = concurrency.unwrap_or(1).max(1);
        let port = self.number("DB_PORT", 1, u16::MAX);
        let pool_size = self.number("DB_POOL_SIZE", 1, 1000);
        let pool_recycle = self.number("DB_POOL_RECYCLE", 1, 86_400);
        let slow = self.number("DB_SLOW_MS", 1, 60_000);
        let prepared = self.choice("DB_PREPARED", [("off", false), ("on", true)]);
        let bindings = [
            ("prefer", ChannelBinding::Prefer),
            ("require", ChannelBinding::Require),
        ];
        let channel_binding = self.choice("DB_CHANNEL_BINDING", bindings);
        let access = self.access();
        let get = self.get;
        if get("DB_READER_TLS_NAME").is_some() && get("DB_READER_HOST").is_none() {
            let error = "DB_READER_TLS_NAME needs DB_READER_HOST";
            self.errors.push(error.to_owned());
        }
        // Without a source there is an error, so that this default is never used.
        let source = self.finish(source)?;
        let defaults = Config::new(source.unwrap_or(Source::Secret(String::new())));
        Ok(Config {
            host: get("DB_HOST"),
            reader_host: get("DB_READER_HOST"),
            reader_tls_name: get("DB_READER_TLS_NAME"),
            port,
            name: get("DB_NAME"),
            ca_file: get("DB_CA_FILE").map(PathBuf::from),
            channel_binding,
            pool_size: pool_size.unwrap_or(concurrency),
            pool_recycle: pool_recycle.map_or(defaults.pool_recycle, Duration::from_secs),
            slow: slow.map_or(defaults.slow, Duration::from_millis),
            prepared: prepared.unwrap_or_default(),
            function_name: get("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_default(),
            access,
            ..defaults
        })
    }

    /// Only Lambda itself sets this variable.
    fn is_in_lambda(&self) -> bool {
        (self.get)("AWS_LAMBDA_INITIALIZATION_TYPE").is_some()
    }

    fn source(&mut self) -> Option<Source> {
        let error = match ((self.get)("DB_SECRET_ID"), (self.get)("DATABASE_URL")) {
            (Some(id), None) => return Some(Source::Secret(id)),
            // On a developer's machine the router has set the secret's name from Cargo.toml.
            (secret, Some(url)) if secret.is_none() || !self.is_in_lambda() => {
                match parse_url(&url) {
                    Ok(url) => return Some(Source::Url(Box::new(url))),
                    Err(error) => error,
                }
            }
            (None, None) => "set DB_SECRET_ID to a secret or DATABASE_URL to a database".to_owned(),
            (_, Some(_)) => "set either DB_SECRET_ID or DATABASE_URL, not both".to_owned(),
        };
        self.errors.push(error);
        None
    }

    fn number<T>(&mut self, name: &str, from: T, to: T) -> Option<T>
    where
        T: FromStr + PartialOrd + fmt::Display,
    {
        let text = (self.get)(name)?;
        let number = text.parse().ok();
        let number = number.filter(|number| (&from..=&to).contains(&number));
        if number.is_none() {
            let error = format!("{name} must be {from} to {to}, not `{text}`");
            self.errors.push(error);
        }
        number
    }

    fn choice<T>(&mut self, name: &str, choices: [(&str, T); 2]) -> Option<T> {
        let text = (self.get)(name)?;
        let names = [choices[0].0, choices[1].0].join(" or ");
        let chosen = choices.into_iter().find(|(choice, _)| *choice == text);
        if chosen.is_none() {
            self.errors
                .push(format!("{name} must be {names}, not `{text}`"));
        }
        chosen.map(|(_, value)| value)
    }
}

/// Only an explicit `sslmode=disable` connects without TLS. Every other mode is `verify-full`.
fn parse_url(url: &str) -> Result<tokio_postgres::Config, String> {
    let url = url
        .replace("sslmode=verify-full", "sslmode=require")
        .replace("sslmode=verify-ca", "sslmode=require");
    let config = tokio_postgres::Config::from_str(&url);
    // The message names options, never their values.
    let mut config = config.map_err(|error| {
        format!("DATABASE_URL must be postgres://user:password@host/name: {error}")
    })?;
    if config.get_ssl_mode() != SslMode::Disable {
        config.ssl_mode(SslMode::Require);
    }
    Ok(config)
}

#[cfg(test)]
mod tests;
