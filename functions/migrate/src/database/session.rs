//! The database session that a command works in.

use std::time::Duration;

use shared::{Connector, tokio_postgres};
use tokio_postgres::{Client, SimpleQueryMessage, error::ErrorPosition, types::Type};

use crate::{
    clock::Clock,
    database::notices::Notices,
    failure::{Blocker, Failure},
    files::Script,
    files::directives::Directives,
    files::statement::Statement,
};

const BLOCKERS: &str = include_str!("../sql/blockers.sql");

/// How long a statement waits for a lock, unless its file sets another lock_timeout.
const LOCK_TIMEOUT: Duration = Duration::from_secs(2);

/// Resets the session before each migration, whatever the one before has set. DISCARD ALL would also
/// release the advisory lock. With these settings, PostgreSQL notices within a second that a runner died
/// in a long statement, and within a minute that its host vanished.
const RESET: &str = "SET SESSION AUTHORIZATION DEFAULT; RESET ROLE; RESET ALL; CLOSE ALL; UNLISTEN *; \
     DEALLOCATE ALL; DISCARD TEMP; DISCARD SEQUENCES; SET client_connection_check_interval = '1s'; \
     SET idle_in_transaction_session_timeout = '15s'; SET tcp_keepalives_idle = 15; \
     SET tcp_keepalives_interval = 5; SET statement_timeout = 0; \
     SET client_min_messages = notice";

/// Receives a line for each step of a run, for a person to read.
pub(crate) type Progress = dyn Fn(&str) + Send + Sync;

/// A database session, with the deadline and the progress of its run.
pub(crate) struct Session<'a> {
    pub client: Client,
    pub database: String,
    pub notices: Notices,
    pub(super) pid: i32,
    pub(super) connector: &'a Connector,
    clock: &'a Clock,
    progress: &'a Progress,
}

/// The error of a statement, and the sessions that blocked it when last seen.
pub(crate) struct StatementError {
    pub error: tokio_postgres::Error,
    pub blockers: Vec<Blocker>,
}

impl StatementError {
    pub fn into_failure_at(self, script: &Script, statement: &Statement) -> Failure {
        let position = match self.error.as_db_error().and_then(|error| error.position()) {
            // PostgreSQL counts characters, from 1.
            Some(ErrorPosition::Original(position)) => *position as usize - 1,
            _ => 0,
        };
        let before = statement.sql.chars().take(position);
        let lines = before.filter(|character| *character == '\n').count();
        Failure {
            file: Some(script.file.clone()),
            line: Some(statement.line + lines),
            ..self.into_failure()
        }
    }

    fn into_failure(self) -> Failure {
        let blockers = self.blockers;
        let failure = Failure::from(self.error);
        match failure.is_transient() || failure.is_timeout() {
            true => Failure {
                blockers,
                ..failure
            },
            false => failure,
        }
    }
}

impl<'a> Session<'a> {
    pub async fn open(
        connector: &'a Connector,
        clock: &'a Clock,
        progress: &'a Progress,
    ) -> Result<Self, Failure> {
        // Half of the time left, so that the other half remains for the report.
        let limit = clock.remaining().map_or(Duration::MAX, |left| left / 2);
        let notices = Notices::default();
        let on_notice = notices.receiver();
        let client = tokio::time::timeout(limit, connector.client_with(&on_notice)).await;
        let client = client.map_err(|_| {
            Failure::new("no time is left to connect to the database").out_of_time()
        })??;
        let identify = format!("ROLLBACK; {RESET}; SELECT pg_backend_pid(), current_database()");
        let messages = client.simple_query(&identify).await?;
        let row = messages.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let (pid, database) = row
            .and_then(|row| Some((row.get(0)?.parse().ok()?, row.get(1)?.to_owned())))
            .ok_or_else(|| Failure::new("PostgreSQL did not report its process id and database"))?;
        Ok(Self {
            client,
            database,
            notices,
            pid,
            connector,
            clock,
            progress,
        })
    }

    /// Undoes whatever a migration has set in the session, and ends a transaction that failed.
    pub async fn reset(&self) -> Result<(), Failure> {
        let reset = format!("ROLLBACK; {RESET}");
        Ok(self.client.batch_execute(&reset).await?)
    }

    /// Undoes whatever a migration has set in the session, within a transaction that goes on.
    pub async fn reset_in_transaction(&self) -> Result<(), Failure> {
        Ok(self.client.batch_execute(RESET).await?)
    }

    pub fn is_late(&self) -> bool {
        self.clock.is_over()
    }

    pub fn remaining(&self) -> Option<Duration> {
        self.clock.remaining()
    }

    pub fn say(&self, line: &str) {
        (self.progress)(line);
    }

    /// Begins a transaction as the session user, who owns the bookkeeping, whatever role a migration
    /// has set. Returns that role, quoted for SQL.
    pub async fn begin_as_session_user(&self, timeouts: &str) -> Result<String, Failure> {
        let begin = format!(
            "BEGIN; {timeouts}; SELECT quote_ident(current_setting('role')); SET LOCAL ROLE NONE"
        );
        let messages = self.client.simple_query(&begin).await?;
        let role = messages.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        });
        // No role can be called none; unquoted, it stands for the session user.
        Ok(role
            .filter(|role| *role != "\"none\"")
            .unwrap_or("NONE")
            .to_owned())
    }

    /// `SET` (or `SET LOCAL`, when `local` is `LOCAL`) for both timeouts of a statement.
    pub fn timeouts(
        &self,
        directives: &Directives,
        local: &str,
        lock_timeout: Option<Duration>,
    ) -> String {
        let lock = directives.lock_timeout.or(lock_timeout).unwrap_or_default();
        let statement = self.statement_timeout(directives, local);
        format!(
            "SET {local} lock_timeout = {}; {statement}",
            lock.as_millis()
        )
    }

    /// `SET` (or `SET LOCAL`) for the statement_timeout, which never passes the deadline.
    pub fn statement_timeout(&self, directives: &Directives, local: &str) -> String {
        let limits = [directives.statement_timeout, self.clock.budget()];
        let limit = limits.into_iter().flatten().min();
        // Zero turns the timeout off. Rounded up, so that the deadline has passed when it fires.
        let milliseconds = limit.map_or(0, |limit| limit.as_millis() + 1);
        format!("SET {local} statement_timeout = {milliseconds}")
    }

    /// The lock_timeout of statements that block others while they wait.
    pub fn default_lock_timeout() -> Option<Duration> {
        Some(LOCK_TIMEOUT)
    }

    /// The lock_timeout of a statement outside of a transaction.
    pub fn lock_timeout_of(statement: &Statement) -> Option<Duration> {
        Self::default_lock_timeout().filter(|_| !statement.is_concurrent())
    }

    /// Runs a statement of a script like [`Self::execute`], and keeps its notices.
    pub async fn run(
        &self,
        script: &Script,
        statement: &Statement,
    ) -> Result<Duration, StatementError> {
        self.notices.begin(&script.file, statement.line);
        let result = self.execute(&statement.sql).await;
        self.notices.end();
        result
    }

    /// Commits, and keeps what deferred triggers raise, as raised by the statement at this line.
    pub async fn commit(&self, file: &str, line: usize) -> Result<(), Failure> {
        self.notices.begin(file, line);
        let committed = self.client.batch_execute("COMMIT").await;
        self.notices.end();
        Ok(committed?)
    }

    /// Adds a warning of the engine to the notices, as if the statement had raised it.
    pub fn warn(&self, script: &Script, statement: &Statement, message: String) {
        self.notices.warn(&script.file, statement.line, message);
    }

    /// As [`Self::run`]. Returns how many rows the statement has touched.
    pub async fn run_counted(
        &self,
        script: &Script,
        statement: &Statement,
    ) -> Result<u64, StatementError> {
        self.notices.begin(&script.file, statement.line);
        let running = self.client.execute_typed(&statement.sql, &[]);
        let result = self.watch(&statement.sql, running).await;
        self.notices.end();
        result.map(|(rows, _)| rows)
    }

    /// Runs a statement, and returns how long it took.
    pub async fn execute(&self, sql: &str) -> Result<Duration, StatementError> {
        let watched = self.watch(sql, self.client.batch_execute(sql)).await;
        watched.map(|(_, took)| took)
    }

    /// Waits for a statement. Meanwhile, notes which sessions block it, and prints a progress line after
    /// 5 s and every 10 s from then on.
    async fn watch<T>(
        &self,
        sql: &str,
        running: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<(T, Duration), StatementError> {
        // Early enough to see a blocker before the default lock_timeout ends the wait.
        const FIRST_LOOK: Duration = Duration::from_millis(900);
        const INTERVAL: Duration = Duration::from_secs(5);
        let started = tokio::time::Instant::now();
        let ended = |result: Result<T, _>, blockers| match result {
            Ok(value) => Ok((value, started.elapsed())),
            Err(error) => Err(StatementError { error, blockers }),
        };
        let mut blockers = Vec::new();
        let mut running = std::pin::pin!(running);
        let mut look = 0;
        loop {
            let due = started + FIRST_LOOK.max(INTERVAL * look);
            if let Ok(result) = tokio::time::timeout_at(due, &mut running).await {
                return ended(result, blockers);
            }
            if look % 2 == 1 {
                let first = sql.lines().next().unwrap_or_default();
                let seconds = started.elapsed().as_secs();
                self.say(&format!("  still running after {seconds} s: {first}"));
            }
            // The look ends early when the statement does.
            let seen = tokio::select! {
                seen = self.blockers() => seen,
                result = &mut running => {
                    return ended(result, blockers);
                }
            };
            if !seen.is_empty() {
                blockers = seen;
            }
            look += 1;
        }
    }

    /// The sessions that block this one, read through a second connection; none when the answer
    /// does not come in time.
    async fn blockers(&self) -> Vec<Blocker> {
        let look = async {
            let other = self.connector.client().await.ok()?;
            let rows = other
                .query_typed(BLOCKERS, &[(&self.pid, Type::INT4)])
                .await
                .ok()?;
            rows.iter().map(|row| Blocker::read(row).ok()).collect()
        };
        tokio::time::timeout(Duration::from_millis(900), look)
            .await
            .ok()
            .flatten()
            .unwrap_or_default()
    }
}
