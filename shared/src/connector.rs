//! Opens connections: where to, as whom, over TLS.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use deadpool_postgres::{Connect, PoolError};
use lambda_http::lambda_runtime::BoxFuture;
use tokio::task::JoinHandle;
use tokio_postgres::{
    Client, Config as PgConfig,
    config::{ChannelBinding, SslMode},
    error::SqlState,
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{
    Error, Fault, Result,
    config::{Config, Source},
    credentials::{self, Credentials},
    tls,
};

/// Half of the two seconds that a connection may take, so that a second host has its chance.
const TCP_CONNECT: Duration = Duration::from_secs(1);
/// A peer that vanished in the middle of a statement is noticed before the handler's 8 seconds.
const TCP_USER_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens connections to the configured database.
#[derive(Clone)]
pub struct Connector(Arc<Inner>);

struct Inner {
    config: Config,
    secrets: Option<aws_sdk_secretsmanager::Client>,
    tls: MakeRustlsConnect,
    /// What to connect with, once it is known.
    target: Mutex<Option<PgConfig>>,
}

impl Connector {
    /// Reads the certificate authorities; connects to nothing yet.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when DB_CA_FILE cannot be read.
    pub async fn new(config: Config) -> Result<Self> {
        let secrets = match &config.source {
            Source::Secret(_) => Some(credentials::client().await),
            Source::Url(_) => None,
        };
        let tls = tls::connector(config.ca_file.as_deref())?;
        let target = Mutex::default();
        Ok(Self(Arc::new(Inner {
            config,
            secrets,
            tls,
            target,
        })))
    }

    /// The host, database and credentials: fetched at first, then remembered.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when Secrets Manager does not give them, or something is missing.
    pub async fn target(&self) -> Result<PgConfig> {
        match self.remembered() {
            Some(target) => Ok(target),
            None => self.refresh().await,
        }
    }

    /// One connection outside of any pool; it lives as long as the client.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it cannot be opened.
    pub async fn client(&self) -> Result<Client> {
        self.target().await?;
        // PoolError says of every failure to connect that it may pass.
        Ok(self.open().await.map_err(PoolError::Backend)?.0)
    }

    fn remembered(&self) -> Option<PgConfig> {
        let target = self.0.target.lock().unwrap_or_else(PoisonError::into_inner);
        target.clone()
    }

    async fn refresh(&self) -> Result<PgConfig> {
        let fresh = self.fetch().await?;
        let mut target = self.0.target.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(target.insert(fresh).clone())
    }

    async fn fetch(&self) -> Result<PgConfig> {
        let Inner {
            config, secrets, ..
        } = &*self.0;
        let mut target = match (&config.source, secrets) {
            (Source::Url(url), _) => (**url).clone(),
            (Source::Secret(id), Some(client)) => {
                from_secret(credentials::fetch(client, id).await?, config)?
            }
            (Source::Secret(_), None) => PgConfig::new(),
        };
        target
            .application_name(std::env::var("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_default())
            .connect_timeout(TCP_CONNECT)
            .tcp_user_timeout(TCP_USER_TIMEOUT);
        Ok(target)
    }

    /// Opens a connection; where the password is wrong, once more with the secret's current one.
    async fn open(&self) -> Result<(Client, JoinHandle<()>), tokio_postgres::Error> {
        let stale = match self.try_open().await {
            Err(error) if error.code() == Some(&SqlState::INVALID_PASSWORD) => error,
            result => return result,
        };
        match self.refresh().await {
            Ok(_) => self.try_open().await,
            Err(_) => Err(stale),
        }
    }

    async fn try_open(&self) -> Result<(Client, JoinHandle<()>), tokio_postgres::Error> {
        let target = self.remembered().unwrap_or_default();
        let (client, connection) = target.connect(self.0.tls.clone()).await?;
        // What ends the connection reaches whoever uses the client next.
        let task = tokio::spawn(async move { drop(connection.await) });
        Ok((client, task))
    }
}

/// The pool asks for the target first, so that it is remembered here.
impl Connect for Connector {
    fn connect(
        &self,
        _: &PgConfig,
    ) -> BoxFuture<'_, Result<(Client, JoinHandle<()>), tokio_postgres::Error>> {
        Box::pin(self.open())
    }
}

fn from_secret(secret: Credentials, config: &Config) -> Result<PgConfig> {
    let missing = |what| {
        Error::Unavailable(Fault::new(
            "configuration",
            format!("neither the secret nor {what} is set"),
        ))
    };
    let host = config
        .host
        .clone()
        .or(secret.host)
        .ok_or_else(|| missing("DB_HOST"))?;
    let name = config
        .name
        .clone()
        .or(secret.dbname)
        .ok_or_else(|| missing("DB_NAME"))?;
    let mut target = PgConfig::new();
    for host in config.reader_host.iter().chain([&host]) {
        target.host(host);
    }
    target
        .port(config.port.or(secret.port).unwrap_or(5432))
        .dbname(name)
        .user(secret.username)
        .password(secret.password)
        .ssl_mode(SslMode::Require)
        .channel_binding(ChannelBinding::Require);
    Ok(target)
}
