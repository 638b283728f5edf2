//! Opens connections: to which host, with which credentials, over TLS.

use std::{
    future::{Future, poll_fn},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use tokio::task::JoinHandle;
use tokio_postgres::{
    AsyncMessage, CancelToken, Client, Config as PgConfig, config::SslMode, error::DbError,
};

use super::{
    credentials::{Credentials, secrets_manager},
    tls::{self, Tls},
};
use crate::{
    Error, Fault, Result,
    config::{Config, Source},
};

/// How long one host may take for TCP, TLS and authentication together. tokio-postgres' own
/// `connect_timeout` covers only TCP.
const CONNECT: Duration = Duration::from_millis(900);
/// The same for a connection outside of the pool, which no HTTP client waits for.
const CONNECT_ALONE: Duration = Duration::from_secs(5);
/// How long a host that failed is tried last.
const AVOID: Duration = Duration::from_secs(30);
/// How long a peer may leave data or keepalives unanswered before the connection counts as lost.
const PEER: Duration = Duration::from_secs(5);
/// How long a cancel request may take.
const CANCEL: Duration = Duration::from_secs(1);

/// Opens connections to the configured database. Cloning it is cheap.
#[derive(Clone)]
pub struct Connector(Arc<Inner>);

struct Inner {
    config: Config,
    secrets: Option<aws_sdk_secretsmanager::Client>,
    tls: Tls,
    /// The hosts with their credentials; None until the secret has been fetched.
    target: tokio::sync::Mutex<Option<Arc<Target>>>,
    /// When each host failed last.
    failures: Mutex<[Option<SystemTime>; 2]>,
}

/// What to connect with, one configuration a host: the preferred one first.
type Target = Vec<PgConfig>;

/// Receives each notice of a connection, as RAISE NOTICE sends it.
pub type OnNotice = Arc<dyn Fn(&DbError) + Send + Sync>;

/// A new connection.
pub(crate) struct Opened {
    pub(crate) client: Client,
    /// The task that drives the connection.
    pub(crate) task: JoinHandle<()>,
    /// Whether a preferred host could not be reached.
    pub(crate) is_fallback: bool,
}

impl Connector {
    /// Reads the certificate authorities. Connects to nothing yet.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when DB_CA_FILE cannot be read.
    pub async fn new(config: Config) -> Result<Self> {
        let secrets = match &config.source {
            Source::Secret(_) => Some(secrets_manager().await),
            Source::Url(_) => None,
        };
        let tls = tls::connector(&config)?;
        Ok(Self(Arc::new(Inner {
            config,
            secrets,
            tls,
            target: tokio::sync::Mutex::default(),
            failures: Mutex::default(),
        })))
    }

    /// As [`Connector::new`], to the writer alone: the only host that can be migrated, and whose
    /// history is current.
    ///
    /// # Errors
    /// As [`Connector::new`].
    pub async fn to_writer(config: Config) -> Result<Self> {
        let config = Config {
            reader_host: None,
            ..config
        };
        Self::new(config).await
    }

    /// Opens a connection outside of any pool. It lives as long as the client.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it cannot be opened.
    pub async fn client(&self) -> Result<Client> {
        Ok(self.open_within(CONNECT_ALONE, None).await?.client)
    }

    /// As [`Connector::client`], with a receiver for its notices, which are otherwise dropped. A
    /// statement's notices are received before its result.
    ///
    /// # Errors
    /// As [`Connector::client`].
    pub async fn client_with(&self, on_notice: &OnNotice) -> Result<Client> {
        let opened = self.open_within(CONNECT_ALONE, Some(on_notice)).await?;
        Ok(opened.client)
    }

    pub(crate) async fn open(&self) -> Result<Opened> {
        // Boxed, because a handler's future is otherwise deeper than the compiler's default limit.
        Box::pin(self.open_within(CONNECT, None)).await
    }

    /// Tries each host in turn. When the first one refuses the credentials, the secret is fetched
    /// again, because it may have been rotated.
    async fn open_within(&self, limit: Duration, on_notice: Option<&OnNotice>) -> Result<Opened> {
        let mut target = self.target(None).await?;
        let mut refused = None;
        let mut is_refreshed = self.0.secrets.is_none();
        let mut hosts = self.order(target.len());
        while let Some(host) = hosts.next() {
            let error = match self.open_one(limit, &target, host, on_notice).await {
                Ok(opened) => return Ok(opened),
                Err(error) => error,
            };
            if error.fault().is_some_and(|f| f.class == "authentication") {
                if !is_refreshed {
                    is_refreshed = true;
                    if let Ok(fresh) = self.target(Some(&target)).await {
                        target = fresh;
                        hosts = self.order(target.len());
                        continue;
                    }
                } else if let Some(opened) = self.open_pending(limit, host, on_notice).await {
                    return Ok(opened);
                }
            }
            self.remember_failure(host);
            refused = Some(error);
        }
        Err(refused.unwrap_or_else(|| {
            Error::Unavailable(Fault::new(
                "configuration",
                "there is no host to connect to",
            ))
        }))
    }

    async fn open_one(
        &self,
        limit: Duration,
        target: &Target,
        host: usize,
        on_notice: Option<&OnNotice>,
    ) -> Result<Opened> {
        let (client, task) = within(limit, self.connect(&target[host], on_notice)).await?;
        Ok(Opened {
            client,
            task,
            is_fallback: host > 0,
        })
    }

    /// Connects with the pending version of the secret: while it is rotated, the database has the new
    /// password some seconds before the secret calls it current.
    async fn open_pending(
        &self,
        limit: Duration,
        host: usize,
        on_notice: Option<&OnNotice>,
    ) -> Option<Opened> {
        self.0.secrets.as_ref()?;
        let pending = self.fetch(Credentials::PENDING).await.ok()?;
        let opened = self.open_one(limit, &pending, host, on_notice).await.ok()?;
        *self.0.target.lock().await = Some(Arc::new(pending));
        Some(opened)
    }

    async fn connect(
        &self,
        target: &PgConfig,
        on_notice: Option<&OnNotice>,
    ) -> Result<(Client, JoinHandle<()>), tokio_postgres::Error> {
        let (client, mut connection) = target.connect(self.0.tls.clone()).await?;
        let on_notice = on_notice.cloned();
        // An error that ends the connection reaches whoever uses the client next.
        let task = tokio::spawn(async move {
            while let Some(Ok(message)) = poll_fn(|cx| connection.poll_message(cx)).await {
                if let (AsyncMessage::Notice(notice), Some(on_notice)) = (message, &on_notice) {
                    on_notice(&notice);
                }
            }
        });
        Ok((client, task))
    }

    /// The hosts by number: those that failed within the last 30 s come last.
    fn order(&self, hosts: usize) -> impl Iterator<Item = usize> + use<> {
        let failures = *self.failures();
        let is_avoided = move |host: &usize| failures[*host].is_some_and(|at| is_within(at, AVOID));
        let healthy = (0..hosts).filter(move |host| !is_avoided(host));
        healthy.chain((0..hosts).filter(is_avoided))
    }

    fn remember_failure(&self, host: usize) {
        self.failures()[host] = Some(SystemTime::now());
    }

    fn failures(&self) -> std::sync::MutexGuard<'_, [Option<SystemTime>; 2]> {
        let failures = &self.0.failures;
        failures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The hosts and credentials. They are fetched when they are unknown, or are still the `stale`
    /// ones; concurrent callers share one fetch.
    async fn target(&self, stale: Option<&Arc<Target>>) -> Result<Arc<Target>> {
        let mut known = self.0.target.lock().await;
        match &*known {
            Some(target) if stale.is_none_or(|stale| !Arc::ptr_eq(stale, target)) => {
                Ok(target.clone())
            }
            _ => {
                let fresh = Arc::new(self.fetch(Credentials::CURRENT).await?);
                *known = Some(fresh.clone());
                Ok(fresh)
            }
        }
    }

    async fn fetch(&self, stage: &str) -> Result<Target> {
        let Inner {
            config, secrets, ..
        } = &*self.0;
        let mut target = match (&config.source, secrets) {
            (Source::Secret(id), Some(client)) => {
                from_secret(&Credentials::fetch(client, id, stage).await?, config)?
            }
            (Source::Url(url), _) => vec![(**url).clone()],
            (Source::Secret(_), None) => vec![],
        };
        for host in &mut target {
            if let Some(channel_binding) = config.channel_binding {
                host.channel_binding(channel_binding);
            }
            host.application_name(&config.function_name)
                .tcp_user_timeout(PEER)
                .keepalives_idle(PEER)
                .keepalives_interval(Duration::from_secs(1));
        }
        Ok(target)
    }

    /// Asks the server to cancel the query of this token, for at most a second.
    pub(crate) async fn cancel(&self, token: CancelToken) {
        // The server does not tell whether it found the query, and there is nobody left to tell.
        let _ = tokio::time::timeout(CANCEL, token.cancel_query(self.0.tls.clone())).await;
    }
}

/// Whether `moment` is less than `limit` ago by the wall clock. A clock that was set back gives no
/// answer, which counts as no.
pub(crate) fn is_within(moment: SystemTime, limit: Duration) -> bool {
    moment.elapsed().is_ok_and(|age| age < limit)
}

async fn within<T>(
    limit: Duration,
    connect: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T> {
    match tokio::time::timeout(limit, connect).await {
        Ok(connected) => connected.map_err(Error::connect),
        Err(late) => Err(Error::Unavailable(Fault::new("timeout", late))),
    }
}

fn from_secret(secret: &Credentials, config: &Config) -> Result<Target> {
    let missing = |what| {
        let cause = format!("neither the secret nor {what} is set");
        Error::Unavailable(Fault::new("configuration", cause))
    };
    let host = config.host.as_ref().or(secret.host.as_ref());
    let host = host.ok_or_else(|| missing("DB_HOST"))?;
    let name = config.name.as_ref().or(secret.dbname.as_ref());
    let name = name.ok_or_else(|| missing("DB_NAME"))?;
    let port = config.port.or(secret.port).unwrap_or(5432);
    let hosts = config.reader_host.iter().chain([host]);
    let targets = hosts.map(|host| {
        let mut target = PgConfig::new();
        target
            .host(host)
            .port(port)
            .dbname(name)
            .user(&secret.username)
            .password(&secret.password)
            .ssl_mode(SslMode::Require);
        target
    });
    Ok(targets.collect())
}
