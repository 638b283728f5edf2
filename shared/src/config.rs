//! What the environment says, read once at start-up.

use std::{env, fmt, path::PathBuf, str::FromStr};

use tokio_postgres::config::SslMode;

use crate::cors::Origins;

/// The configuration of a function. README.md lists the variables.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where host and credentials come from.
    pub source: Source,
    /// DB_HOST, in place of the secret's.
    pub host: Option<String>,
    /// DB_READER_HOST: tried before the writer by functions that only read.
    pub reader_host: Option<String>,
    /// DB_PORT, in place of the secret's.
    pub port: Option<u16>,
    /// DB_NAME, in place of the secret's.
    pub name: Option<String>,
    /// DB_CA_FILE: PEM, the certificate authorities to trust in place of those compiled in.
    pub ca_file: Option<PathBuf>,
    /// DB_POOL_SIZE: connections of one instance.
    pub pool_size: usize,
    /// Who may read the answers.
    pub access: Access,
}

/// Who may read the answers. By default, as few as there can be.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// AUTHORIZATION: who may read what is personal.
    pub authorization: Authorization,
    /// CORS_ORIGINS: whose pages may read the answers.
    pub origins: Origins,
}

/// Where host and credentials come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// DB_SECRET_ID: the name or ARN of a secret.
    Secret(String),
    /// DATABASE_URL: all in one, for a developer's own database.
    Url(Box<tokio_postgres::Config>),
}

/// Who may read what is personal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Authorization {
    /// Whoever the claims allow that API Gateway's JWT authorizer has verified.
    #[default]
    Jwt,
    /// Everybody: only for the local stack.
    None,
}

/// Every variable that is wrong, a sentence each.
#[derive(Debug)]
pub struct ConfigError(Vec<String>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads the environment of this process.
    ///
    /// # Errors
    /// All variables that are missing or malformed, at once; never a value that may be secret.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_variables(variable)
    }

    fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut errors = Vec::new();
        let source = source(variable("DB_SECRET_ID"), variable("DATABASE_URL"));
        let source = source.map_err(|error| errors.push(error)).ok();
        let concurrency = variable("AWS_LAMBDA_MAX_CONCURRENCY").and_then(|n| n.parse().ok());
        let pool_size = number(&variable, "DB_POOL_SIZE", 1..=1000, &mut errors);
        let port = number(&variable, "DB_PORT", 1..=u16::MAX, &mut errors);
        let access = Access::from_variables(&variable, &mut errors);
        match source {
            Some(source) if errors.is_empty() => Ok(Self {
                source,
                host: variable("DB_HOST"),
                reader_host: variable("DB_READER_HOST"),
                port,
                name: variable("DB_NAME"),
                ca_file: variable("DB_CA_FILE").map(PathBuf::from),
                pool_size: pool_size.or(concurrency).unwrap_or(1),
                access,
            }),
            _ => Err(ConfigError(errors)),
        }
    }
}

impl Access {
    /// Reads the environment of this process, for a function that has no database.
    ///
    /// # Errors
    /// As [`Config::from_env`].
    pub fn from_env() -> Result<Self, ConfigError> {
        let mut errors = Vec::new();
        let access = Self::from_variables(&variable, &mut errors);
        match errors.is_empty() {
            true => Ok(access),
            false => Err(ConfigError(errors)),
        }
    }

    fn from_variables(
        variable: &impl Fn(&str) -> Option<String>,
        errors: &mut Vec<String>,
    ) -> Self {
        let authorization = match variable("AUTHORIZATION").as_deref() {
            None | Some("jwt") => Authorization::Jwt,
            Some("none") => Authorization::None,
            Some(other) => {
                errors.push(format!("AUTHORIZATION must be jwt or none, not `{other}`"));
                Authorization::Jwt
            }
        };
        let origins = variable("CORS_ORIGINS").map_or(Ok(Origins::None), |text| {
            Origins::parse(&text).map_err(|reason| format!("CORS_ORIGINS {reason}"))
        });
        let origins = origins.unwrap_or_else(|error| {
            errors.push(error);
            Origins::None
        });
        Self {
            authorization,
            origins,
        }
    }
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn source(secret_id: Option<String>, url: Option<String>) -> Result<Source, String> {
    match (secret_id, url) {
        (Some(id), None) => Ok(Source::Secret(id)),
        (None, Some(url)) => parse_url(&url),
        (None, None) => Err("DB_SECRET_ID must name a secret, or DATABASE_URL a database".into()),
        (Some(_), Some(_)) => Err("DB_SECRET_ID and DATABASE_URL exclude each other".into()),
    }
}

/// Only an explicit `sslmode=disable` connects without TLS; every other mode is verify-full.
fn parse_url(url: &str) -> Result<Source, String> {
    let url = url
        .replace("sslmode=verify-full", "sslmode=require")
        .replace("sslmode=verify-ca", "sslmode=require");
    let mut config = tokio_postgres::Config::from_str(&url)
        // The message names options, never their values.
        .map_err(|error| {
            format!("DATABASE_URL must be postgres://user:password@host/name: {error}")
        })?;
    if config.get_ssl_mode() != SslMode::Disable {
        config.ssl_mode(SslMode::Require);
    }
    Ok(Source::Url(Box::new(config)))
}

fn number<T: FromStr + PartialOrd + fmt::Display + Copy>(
    variable: &impl Fn(&str) -> Option<String>,
    name: &str,
    range: std::ops::RangeInclusive<T>,
    errors: &mut Vec<String>,
) -> Option<T> {
    let text = variable(name)?;
    let number = text.parse().ok().filter(|number| range.contains(number));
    if number.is_none() {
        let (from, to) = (range.start(), range.end());
        errors.push(format!("{name} must be {from} to {to}, not `{text}`"));
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(variables: &[(&str, &str)]) -> Result<Config, String> {
        let find = |name: &str| variables.iter().find(|(key, _)| *key == name);
        Config::from_variables(|name| find(name).map(|(_, value)| (*value).to_owned()))
            .map_err(|error| error.to_string())
    }

    fn ssl_mode(url: &str) -> SslMode {
        match config(&[("DATABASE_URL", url)])
            .expect("a valid URL")
            .source
        {
            Source::Url(config) => config.get_ssl_mode(),
            Source::Secret(_) => unreachable!("DATABASE_URL is no secret"),
        }
    }

    #[test]
    fn every_bad_variable_is_reported_at_once() {
        let bad = [
            ("DB_PORT", "0"),
            ("DB_POOL_SIZE", "many"),
            ("AUTHORIZATION", "off"),
            ("CORS_ORIGINS", "example.com"),
        ];
        let error = config(&bad).expect_err("five errors");
        for part in [
            "DB_SECRET_ID",
            "DB_PORT",
            "`many`",
            "`off`",
            "`example.com`",
        ] {
            assert!(error.contains(part), "{part} is not in: {error}");
        }
    }

    #[test]
    fn only_an_explicit_disable_is_without_tls() {
        for mode in [
            "",
            "?sslmode=prefer",
            "?sslmode=require",
            "?sslmode=verify-full",
        ] {
            assert_eq!(
                ssl_mode(&format!("postgres://u:p@h/d{mode}")),
                SslMode::Require
            );
        }
        assert_eq!(
            ssl_mode("postgres://u:p@h/d?sslmode=disable"),
            SslMode::Disable
        );
    }

    #[test]
    fn a_bad_url_is_reported_without_its_password() {
        let error = config(&[("DATABASE_URL", "postgres://u:hunter2@h:port/d")]);
        assert!(!error.expect_err("a bad port").contains("hunter2"));
    }

    #[test]
    fn the_pool_has_a_connection_for_each_concurrent_request() {
        let secret = ("DB_SECRET_ID", "s");
        let size = |variables: &[_]| config(variables).map(|config| config.pool_size);
        assert_eq!(size(&[secret]), Ok(1));
        assert_eq!(size(&[secret, ("AWS_LAMBDA_MAX_CONCURRENCY", "4")]), Ok(4));
        assert_eq!(
            size(&[
                secret,
                ("AWS_LAMBDA_MAX_CONCURRENCY", "4"),
                ("DB_POOL_SIZE", "2")
            ]),
            Ok(2)
        );
    }
}
