//! The pool of connections that an instance keeps between requests.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use deadpool::{
    Runtime,
    managed::{self, Metrics, Object, PoolError, QueueMode, RecycleError, TimeoutType},
};
use deadpool_postgres::ClientWrapper;
use tokio_postgres::{
    CancelToken, Row,
    types::{ToSql, Type},
};

use super::{
    connector::{Connector, Opened, is_within},
    sql::{Bind, Sql},
};
use crate::{Error, Fault, Result, config::Config, telemetry};

/// A value as the driver takes it.
type Value<'a> = &'a (dyn ToSql + Sync);

/// How long a request waits for a connection while others use them all.
const WAIT: Duration = Duration::from_millis(500);
/// How long a connection may be idle before it is checked.
const IDLE: Duration = Duration::from_secs(1);
/// How long a check may take.
const CHECK: Duration = Duration::from_millis(150);
/// How long a connection to a host of second choice is kept.
const FALLBACK: Duration = Duration::from_secs(30);

/// The database of an instance. Cloning it is cheap.
#[derive(Clone, Default)]
pub struct Database(Option<managed::Pool<Manager>>);

impl Database {
    /// A pool for `config`, without connections yet.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the certificate authorities cannot be read.
    pub async fn new(config: Config) -> Result<Self> {
        let size = config.pool_size;
        let manager = Manager {
            max_age: config.pool_recycle,
            slow: config.slow,
            is_prepared: config.prepared,
            connector: Connector::new(config).await?,
            distrusted: Mutex::default(),
        };
        let pool = managed::Pool::builder(manager)
            .max_size(size)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(WAIT))
            // The last one used is the least likely to need a check.
            .queue_mode(QueueMode::Lifo)
            .build()
            .map_err(|error| Error::Internal(Fault::new("pool", error)))?;
        Ok(Self(Some(pool)))
    }

    /// A database without a valid configuration: every query is [`Error::Unavailable`].
    pub fn unconfigured() -> Self {
        Self::default()
    }

    pub(crate) async fn connection(&self) -> Result<Object<Manager>> {
        let Some(pool) = &self.0 else {
            return Err(Error::Unavailable(Fault {
                class: "configuration",
                source: None,
            }));
        };
        pool.get().await.map_err(|error| match error {
            PoolError::Backend(error) => error,
            PoolError::Timeout(TimeoutType::Wait) => {
                Error::Unavailable(Fault::new("pool_exhausted", "all connections are in use"))
            }
            error => Error::Unavailable(Fault::new("pool", format!("{error:?}"))),
        })
    }

    /// Has every connection checked before its next use: one of them was found dead, and whatever
    /// killed it may have killed the others.
    pub(crate) fn distrust(&self) {
        if let Some(pool) = &self.0 {
            *pool.manager().distrusted() = Some(SystemTime::now());
        }
    }

    /// Cancels the query of this token.
    pub(crate) async fn cancel(&self, token: CancelToken) {
        if let Some(pool) = &self.0 {
            pool.manager().connector.cancel(token).await;
        }
    }
}

/// Opens connections, and decides whether one can be used again.
pub(crate) struct Manager {
    connector: Connector,
    max_age: Duration,
    slow: Duration,
    is_prepared: bool,
    distrusted: Mutex<Option<SystemTime>>,
}

impl Manager {
    fn distrusted(&self) -> std::sync::MutexGuard<'_, Option<SystemTime>> {
        let distrusted = self.distrusted.lock();
        distrusted.unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the connection has to be checked before it is used again.
    fn is_doubtful(&self, connection: &Connection) -> bool {
        let is_distrusted = self.distrusted().is_some_and(|at| connection.used <= at);
        is_distrusted || !is_within(connection.used, IDLE)
    }
}

impl managed::Manager for Manager {
    type Type = Connection;
    type Error = Error;

    async fn create(&self) -> Result<Connection> {
        let Opened {
            client,
            task,
            is_fallback,
        } = self.connector.open().await?;
        let opened = SystemTime::now();
        Ok(Connection {
            client: ClientWrapper::new(client, task),
            max_age: if is_fallback { FALLBACK } else { self.max_age },
            slow: self.slow,
            is_prepared: self.is_prepared,
            is_busy: false,
            opened,
            used: opened,
        })
    }

    async fn recycle(
        &self,
        connection: &mut Connection,
        _: &Metrics,
    ) -> managed::RecycleResult<Error> {
        let Connection {
            client,
            opened,
            max_age,
            ..
        } = &connection;
        if connection.is_busy || client.is_closed() || !is_within(*opened, *max_age) {
            return Err(RecycleError::message("busy, closed or too old"));
        }
        if self.is_doubtful(connection) {
            let check = tokio::time::timeout(CHECK, client.check_connection()).await;
            if !matches!(check, Ok(Ok(()))) {
                return Err(RecycleError::message("no answer to a check"));
            }
        }
        Ok(())
    }
}

/// A connection, and when it was opened and used by the wall clock: the monotonic one may stand
/// still while the function is frozen.
pub(crate) struct Connection {
    client: ClientWrapper,
    opened: SystemTime,
    used: SystemTime,
    max_age: Duration,
    slow: Duration,
    is_prepared: bool,
    /// Whether a query was sent and not answered.
    is_busy: bool,
}

impl Connection {
    /// Runs a query in one round trip, unnamed and with its types: behind a pooler, a name may mean
    /// another client's statement. With DB_PREPARED=on, as a prepared statement.
    pub(crate) async fn query(
        &mut self,
        sql: Sql<'_>,
        parameters: &[&dyn Bind],
    ) -> Result<Vec<Row>, tokio_postgres::Error> {
        let Sql { file, text } = sql;
        let _watch = Watch {
            file,
            slow: self.slow,
            started: Instant::now(),
        };
        self.is_busy = true;
        let rows = match self.is_prepared {
            true => self.query_prepared(text, parameters).await,
            false => {
                let typed = parameters
                    .iter()
                    .map(|value| (*value as Value, value.sql_type()));
                let typed: Vec<_> = typed.collect();
                self.client.query_typed(text, &typed).await
            }
        };
        self.is_busy = false;
        self.used = SystemTime::now();
        rows
    }

    async fn query_prepared(
        &self,
        sql: &str,
        parameters: &[&dyn Bind],
    ) -> Result<Vec<Row>, tokio_postgres::Error> {
        /// Statements vary with a request's filters, and each takes memory of the server.
        const MOST: usize = 100;
        if self.client.statement_cache.size() >= MOST {
            self.forget_statements();
        }
        let types: Vec<Type> = parameters.iter().map(|value| value.sql_type()).collect();
        let statement = self.client.prepare_typed_cached(sql, &types).await?;
        let values: Vec<_> = parameters.iter().map(|value| *value as Value).collect();
        self.client.query(&statement, &values).await
    }

    pub(crate) fn forget_statements(&self) {
        self.client.statement_cache.clear();
    }

    pub(crate) fn cancel_token(&self) -> CancelToken {
        self.client.cancel_token()
    }
}

/// Logs how long a statement took at its end, which a deadline may bring.
struct Watch {
    file: &'static str,
    slow: Duration,
    started: Instant,
}

impl Drop for Watch {
    fn drop(&mut self) {
        telemetry::statement(self.file, self.started.elapsed(), self.slow);
    }
}
