//! Opens connections: where to, as whom, over TLS.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
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
/// How long a peer may be silent to what we send, or to our asking, before it counts as gone.
const PEER: Duration = Duration::from_secs(5);
/// What one connection outside of the pool may take, TLS and authentication included.
const CLIENT: Duration = Duration::from_secs(5);

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

    /// Sees to it that host, database and credentials are known: fetched at first, then remembered.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when Secrets Manager does not give them, or something is missing.
    pub async fn ensure_target(&self) -> Result<()> {
        let known = self.target().is_some();
        if known { Ok(()) } else { self.refresh().await }
    }

    /// One connection outside of any pool; it lives as long as the client.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it cannot be opened.
    pub async fn client(&self) -> Result<Client> {
        self.ensure_target().await?;
        let opened = tokio::time::timeout(CLIENT, self.open()).await;
        let opened = opened.map_err(|late| Error::Unavailable(Fault::new("timeout", late)))?;
        // PoolError says of every failure to connect that it may pass.
        Ok(opened.map_err(PoolError::Backend)?.0)
    }

    fn target(&self) -> MutexGuard<'_, Option<PgConfig>> {
        self.0.target.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn refresh(&self) -> Result<()> {
        let fresh = self.fetch().await?;
        *self.target() = Some(fresh);
        Ok(())
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
            .tcp_user_timeout(PEER)
            .keepalives_idle(PEER)
            .keepalives_interval(Duration::from_secs(1));
        Ok(target)
    }

    /// Opens a connection; where the password is wrong, once more with the secret's current one.
    async fn open(&self) -> Result<(Client, JoinHandle<()>), tokio_postgres::Error> {
        let stale = match self.try_open().await {
            Err(error) if error.code() == Some(&SqlState::INVALID_PASSWORD) => error,
            result => return result,
        };
        match self.refresh().await {
            Ok(()) => self.try_open().await,
            Err(_) => Err(stale),
        }
    }

    async fn try_open(&self) -> Result<(Client, JoinHandle<()>), tokio_postgres::Error> {
        let target = self.target().clone().unwrap_or_default();
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
