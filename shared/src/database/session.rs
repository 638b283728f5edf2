//! The queries of one request.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use deadpool::managed::Object;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout, timeout_at},
};
use tokio_postgres::Row;

use super::{
    pool::{Database, Manager},
    select::Select,
    sql::{Bind, Sql},
};
use crate::{
    Error, Fault, Result,
    error::{is_dead, is_stale},
};

/// How long the response waits for a cancel request to be sent. A function may be frozen as soon
/// as it has answered, and would send it no more.
const CANCEL: Duration = Duration::from_millis(250);

/// The database as a request sees it: one connection, taken at the first query, and one deadline.
///
/// Every query is a read. If its connection turns out to be dead, it runs once more on another one.
#[derive(Clone)]
pub struct Session {
    shared: Arc<Shared>,
    deadline: Instant,
}

struct Shared {
    database: Database,
    connection: Mutex<Option<Object<Manager>>>,
    /// Nanoseconds that queries have taken, connecting included.
    spent: AtomicU64,
    /// How many statements were sent, retries included.
    statements: AtomicU32,
}

impl Session {
    /// A session whose queries end before `deadline`.
    pub fn new(database: Database, deadline: Instant) -> Self {
        let shared = Arc::new(Shared {
            database,
            connection: Mutex::default(),
            spent: AtomicU64::default(),
            statements: AtomicU32::default(),
        });
        Self { shared, deadline }
    }

    /// The same session with an earlier deadline: `limit` from now.
    #[must_use]
    pub fn within(&self, limit: Duration) -> Self {
        Self {
            shared: self.shared.clone(),
            deadline: self.deadline.min(Instant::now() + limit),
        }
    }

    /// Returns all rows of `sql`, whose `$1`, `$2`, … are `parameters`.
    ///
    /// # Errors
    /// [`Error::Unavailable`] without a connection, [`Error::Timeout`] at the deadline, otherwise
    /// what the SQLSTATE stands for.
    pub async fn query(&self, sql: Sql<'_>, parameters: &[&dyn Bind]) -> Result<Vec<Row>> {
        let started = Instant::now();
        let mut connection = self.shared.connection.lock().await;
        let query = self.query_on(&mut connection, sql, parameters);
        let rows = match timeout_at(self.deadline, query).await {
            Ok(rows) => rows,
            Err(_) => Err(self.give_up(connection.take()).await),
        };
        let spent = u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.shared.spent.fetch_add(spent, Ordering::Relaxed);
        rows
    }

    /// Returns the row of `sql`, if there is one.
    ///
    /// # Errors
    /// As [`Session::query`]; [`Error::Internal`] when there is more than one row.
    pub async fn query_opt(&self, sql: Sql<'_>, parameters: &[&dyn Bind]) -> Result<Option<Row>> {
        let mut rows = self.query(sql, parameters).await?;
        match rows.len() {
            0 | 1 => Ok(rows.pop()),
            count => Err(unexpected(count)),
        }
    }

    /// Returns the one row of `sql`.
    ///
    /// # Errors
    /// As [`Session::query`]; [`Error::Internal`] when there is not exactly one row.
    pub async fn query_one(&self, sql: Sql<'_>, parameters: &[&dyn Bind]) -> Result<Row> {
        let row = self.query_opt(sql, parameters).await?;
        row.ok_or_else(|| unexpected(0))
    }

    /// Returns all rows of a composed statement.
    ///
    /// # Errors
    /// As [`Session::query`].
    pub async fn select(&self, select: &Select<'_>) -> Result<Vec<Row>> {
        let (file, text) = (select.file(), &*select.sql());
        self.query(Sql { file, text }, select.parameters()).await
    }

    /// Returns how many rows a composed statement has, or None if there are more than `most`, or if to
    /// count them would cost more than its limit.
    ///
    /// # Errors
    /// As [`Session::query`].
    pub async fn count(&self, select: &Select<'_>, most: i64) -> Result<Option<i64>> {
        let (file, text) = (select.file(), &*select.count_sql(most));
        let (sql, parameters) = (Sql { file, text }, select.parameters());
        if self.costs_too_much(select, sql).await? {
            return Ok(None);
        }
        let row = self.query_one(sql, parameters).await?;
        let total: i64 = row.try_get("total")?;
        Ok((total <= most).then_some(total))
    }

    /// Returns about how many rows a composed statement has, as the planner estimates it: at least 1.
    ///
    /// # Errors
    /// As [`Session::query`].
    pub async fn estimate(&self, select: &Select<'_>) -> Result<i64> {
        let (file, text) = (select.file(), &*select.found_sql());
        let plan = self
            .explain(Sql { file, text }, select.parameters())
            .await?;
        Ok(plan.rows)
    }

    /// Whether a composed statement would cost more than its limit, as the planner estimates it.
    ///
    /// # Errors
    /// As [`Session::query`].
    pub async fn is_too_costly(&self, select: &Select<'_>) -> Result<bool> {
        let (file, text) = (select.file(), &*select.found_sql());
        self.costs_too_much(select, Sql { file, text }).await
    }

    async fn costs_too_much(&self, select: &Select<'_>, sql: Sql<'_>) -> Result<bool> {
        match select.most_cost() {
            Some(most) => Ok(self.explain(sql, select.parameters()).await?.cost > most),
            None => Ok(false),
        }
    }

    async fn explain(&self, sql: Sql<'_>, parameters: &[&dyn Bind]) -> Result<Plan> {
        let (file, text) = (sql.file, &*["EXPLAIN ", sql.text].concat());
        let plan = self.query(Sql { file, text }, parameters).await?;
        let first = plan.first().ok_or_else(|| unexpected(0))?;
        Plan::read(first.try_get(0)?)
            .ok_or_else(|| Error::Internal(Fault::new("query", "EXPLAIN has no estimate")))
    }

    /// How long queries have taken so far, connecting included.
    pub(crate) fn spent(&self) -> Duration {
        Duration::from_nanos(self.shared.spent.load(Ordering::Relaxed))
    }

    /// How many statements were sent so far, retries included.
    pub(crate) fn statements(&self) -> u32 {
        self.shared.statements.load(Ordering::Relaxed)
    }

    async fn query_on(
        &self,
        connection: &mut Option<Object<Manager>>,
        sql: Sql<'_>,
        parameters: &[&dyn Bind],
    ) -> Result<Vec<Row>> {
        let mut is_retry = false;
        loop {
            let current = match connection {
                Some(current) => current,
                None => connection.insert(self.shared.database.connection().await?),
            };
            self.shared.statements.fetch_add(1, Ordering::Relaxed);
            let error = match current.query(sql, parameters).await {
                Ok(rows) => return Ok(rows),
                Err(error) => error,
            };
            let (is_dead, is_stale) = (is_dead(&error), is_stale(&error));
            if is_dead {
                self.shared.database.distrust();
                // Out of the pool, and closed.
                connection.take().map(Object::take);
            } else if is_stale {
                current.forget_statements();
            }
            if is_retry || !(is_dead || is_stale) {
                return Err(error.into());
            }
            is_retry = true;
        }
    }

    /// Cancels the query in flight at the deadline, and closes its connection.
    async fn give_up(&self, connection: Option<Object<Manager>>) -> Error {
        let late = "the deadline of the request has passed";
        let Some(connection) = connection else {
            return Error::Unavailable(Fault::new("timeout", late));
        };
        let connection = Object::take(connection);
        let token = connection.cancel_token();
        let database = self.shared.database.clone();
        let cancel = tokio::spawn(async move {
            database.cancel(token).await;
            drop(connection);
        });
        // It goes on in the background, for at most a second.
        let _ = timeout(CANCEL, cancel).await;
        Error::Timeout(Fault::new("deadline", late))
    }
}

/// What the planner expects of a statement.
struct Plan {
    rows: i64,
    /// In units of `seq_page_cost`.
    cost: f64,
}

impl Plan {
    /// Reads the first line of a plan, such as `Limit  (cost=0.42..22.49 rows=21 width=4)`.
    fn read(line: &str) -> Option<Self> {
        let (_, estimate) = line.split_once("(cost=")?;
        let (_, estimate) = estimate.split_once("..")?;
        let (cost, rows) = estimate.split_once(" rows=")?;
        Some(Self {
            rows: rows.split(' ').next()?.parse().ok()?,
            cost: cost.parse().ok()?,
        })
    }
}

fn unexpected(rows: usize) -> Error {
    let cause = format!("the query returned {rows} rows");
    Error::Internal(Fault::new("query", cause))
}
