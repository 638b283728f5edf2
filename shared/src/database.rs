//! A pool of connections, and the queries that go over it.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio_postgres::{
    Row, Statement,
    error::SqlState,
    types::{ToSql, Type},
};

use crate::{Connector, Error, Fault, Result, config::Config};

/// The parameters of a query, in the order of `$1`, `$2`, ….
pub type Parameters<'a> = &'a [&'a (dyn ToSql + Sync)];

/// How long a request waits for a connection that others use.
const WAIT: Duration = Duration::from_millis(500);
/// How long a new connection may take, TLS and authentication included.
const CREATE: Duration = Duration::from_secs(2);
/// How long a connection may take to show that it is alive.
const RECYCLE: Duration = Duration::from_millis(500);

/// The database, as handlers see it. Cloning it is cheap.
#[derive(Clone, Default)]
pub struct Database {
    inner: Option<Inner>,
    /// What queries have taken, in nanoseconds, since [`Database::measured`].
    spent: Arc<AtomicU64>,
}

#[derive(Clone)]
struct Inner {
    pool: Pool,
    connector: Connector,
}

impl Database {
    /// A pool for `config`, without a connection yet.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the certificate authorities cannot be read.
    pub async fn new(config: Config) -> Result<Self> {
        let size = config.pool_size;
        let connector = Connector::new(config).await?;
        // The network may drop an idle connection while we are frozen, so ask before the first query.
        let recycling_method = RecyclingMethod::Verified;
        let manager = Manager::from_connect(
            tokio_postgres::Config::new(),
            connector.clone(),
            ManagerConfig { recycling_method },
        );
        let pool = Pool::builder(manager)
            .max_size(size)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(CREATE))
            .recycle_timeout(Some(RECYCLE))
            .build()
            .map_err(|error| Error::Internal(Fault::new("pool", error)))?;
        Ok(Self {
            inner: Some(Inner { pool, connector }),
            spent: Arc::default(),
        })
    }

    /// What there is without a valid configuration: every query is [`Error::Unavailable`].
    pub fn unconfigured() -> Self {
        Self::default()
    }

    /// The same database, with what its queries take measured from here on.
    pub(crate) fn measured(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            spent: Arc::default(),
        }
    }

    /// What the queries have taken, waits for a connection included.
    pub(crate) fn spent(&self) -> Duration {
        Duration::from_nanos(self.spent.load(Ordering::Relaxed))
    }

    async fn measure<T>(&self, work: impl Future<Output = T>) -> T {
        let started = Instant::now();
        let result = work.await;
        let nanoseconds = u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.spent.fetch_add(nanoseconds, Ordering::Relaxed);
        result
    }

    /// Opens a connection and prepares `statements` on it, so that the first request need not.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when there is no connection; as [`Database::query`] for a statement.
    pub async fn warm_up(&self, statements: &[&str]) -> Result<()> {
        let client = self.client().await?;
        for sql in statements {
            client.prepare_cached(sql).await?;
        }
        Ok(())
    }

    /// All rows of `sql`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] without a connection, else what the SQLSTATE says.
    pub async fn query(&self, sql: &str, parameters: Parameters<'_>) -> Result<Vec<Row>> {
        self.measure(async {
            let (client, statement) = self.prepare(sql).await?;
            forget_stale(&client, client.query(&statement, parameters).await)
        })
        .await
    }

    /// The one row of `sql`.
    ///
    /// # Errors
    /// As [`Database::query`]; [`Error::Internal`] when there is no row, or more than one.
    pub async fn query_one(&self, sql: &str, parameters: Parameters<'_>) -> Result<Row> {
        self.measure(async {
            let (client, statement) = self.prepare(sql).await?;
            forget_stale(&client, client.query_one(&statement, parameters).await)
        })
        .await
    }

    /// The row of `sql`, where there is one.
    ///
    /// # Errors
    /// As [`Database::query`]; [`Error::Internal`] when there is more than one row.
    pub async fn query_opt(&self, sql: &str, parameters: Parameters<'_>) -> Result<Option<Row>> {
        self.measure(async {
            let (client, statement) = self.prepare(sql).await?;
            forget_stale(&client, client.query_opt(&statement, parameters).await)
        })
        .await
    }

    /// All rows of a statement that was put together for one request, in one round trip.
    ///
    /// It is not kept prepared: there are as many statements as combinations of filters, and each
    /// is planned for its own values.
    ///
    /// # Errors
    /// As [`Database::query`].
    pub async fn select(&self, statement: &crate::statement::Statement<'_>) -> Result<Vec<Row>> {
        self.query_typed(&statement.sql(), statement.parameters())
            .await
    }

    /// How many rows a statement would have.
    ///
    /// # Errors
    /// As [`Database::query`].
    pub async fn count(&self, statement: &crate::statement::Statement<'_>) -> Result<i64> {
        let sql = statement.count_sql();
        let rows = self.query_typed(&sql, statement.parameters()).await?;
        let total = rows.first().map(|row| row.try_get("total")).transpose()?;
        Ok(total.unwrap_or_default())
    }

    async fn query_typed(
        &self,
        sql: &str,
        parameters: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<Row>> {
        self.measure(async {
            let client = self.client().await?;
            Ok(client.query_typed(sql, parameters).await?)
        })
        .await
    }

    async fn prepare(&self, sql: &str) -> Result<(Client, Statement)> {
        let client = self.client().await?;
        let statement = client.prepare_cached(sql).await?;
        Ok((client, statement))
    }

    async fn client(&self) -> Result<Client> {
        let Some(Inner { pool, connector }) = &self.inner else {
            let class = "configuration";
            return Err(Error::Unavailable(Fault {
                class,
                source: None,
            }));
        };
        connector.ensure_target().await?;
        Ok(pool.get().await?)
    }
}

/// A migration may change a column's type under a prepared statement, and a proxy may lose one; it
/// would then fail for good. Forgotten, it is prepared anew by the next request.
fn forget_stale<T>(client: &Client, result: Result<T, tokio_postgres::Error>) -> Result<T> {
    let error = match result {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    match error.code() {
        Some(&SqlState::FEATURE_NOT_SUPPORTED | &SqlState::INVALID_SQL_STATEMENT_NAME) => {
            client.statement_cache.clear();
            Err(Error::Unavailable(Fault::new("stale_plan", error)))
        }
        _ => Err(error.into()),
    }
}
