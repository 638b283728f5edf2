//! The one connection that does the work.

use std::time::Duration;

use shared::{Connector, tokio_postgres};
use tokio_postgres::{Client, SimpleQueryMessage, error::ErrorPosition, types::Type};

use crate::{
    clock::Clock,
    directives::Directives,
    failure::{Blocker, Failure},
    files::Script,
    statement::Statement,
};

const BLOCKERS: &str = include_str!("sql/blockers.sql");

/// How long a statement waits for a lock, unless its file says otherwise.
const LOCK_TIMEOUT: Duration = Duration::from_secs(2);

/// As every migration finds the session, whatever the one before has set. RESET ALL and not
/// DISCARD ALL, which would give our lock away. ROLLBACK is for a transaction that failed. A runner
/// that dies in a long statement is noticed within a second, one that vanishes within a minute.
const SETUP: &str = "ROLLBACK; SET SESSION AUTHORIZATION DEFAULT; RESET ROLE; RESET ALL; CLOSE ALL; UNLISTEN *; \
     DISCARD TEMP; DISCARD SEQUENCES; SET client_connection_check_interval = '1s'; \
     SET idle_in_transaction_session_timeout = '15s'; SET tcp_keepalives_idle = 15; \
     SET tcp_keepalives_interval = 5; SET statement_timeout = 0; \
     SET client_min_messages = warning";

/// What a person may want to see while it happens.
pub(crate) type Progress = dyn Fn(&str) + Send + Sync;

/// A connection with what belongs to it.
pub(crate) struct Session<'a> {
    pub client: Client,
    pub database: String,
    pid: i32,
    connector: &'a Connector,
    clock: &'a Clock,
    progress: &'a Progress,
}

/// A statement that failed, and the sessions it was seen to wait for.
pub(crate) struct Broken {
    pub error: tokio_postgres::Error,
    pub blockers: Vec<Blocker>,
}

impl Broken {
    pub fn into_failure_at(self, script: &Script, statement: &Statement) -> Failure {
        let position = match self.error.as_db_error().and_then(|error| error.position()) {
            // It counts characters, from 1.
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
        match failure.is_passing() || failure.is_timeout() {
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
        // Half of what is left, so that there is some to answer in.
        let limit = clock.remaining().map_or(Duration::MAX, |left| left / 2);
        let client = tokio::time::timeout(limit, connector.client()).await;
        let client =
            client.map_err(|_| Failure::new("no time is left to connect").out_of_time())??;
        let identify = format!("{SETUP}; SELECT pg_backend_pid(), current_database()");
        let messages = client.simple_query(&identify).await?;
        let row = messages.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let (pid, database) = row
            .and_then(|row| Some((row.get(0)?.parse().ok()?, row.get(1)?.to_owned())))
            .ok_or_else(|| Failure::new("PostgreSQL did not say which database this is"))?;
        Ok(Self {
            client,
            database,
            pid,
            connector,
            clock,
            progress,
        })
    }

    /// Undoes whatever a migration has set.
    pub async fn reset(&self) -> Result<(), Failure> {
        Ok(self.client.batch_execute(SETUP).await?)
    }

    pub fn is_late(&self) -> bool {
        self.clock.is_over()
    }

    pub fn has_deadline(&self) -> bool {
        self.clock.remaining().is_some()
    }

    pub fn say(&self, line: &str) {
        (self.progress)(line);
    }

    /// Begins a transaction as the role that owns the bookkeeping, whatever role a migration has
    /// taken on; returns that role, as SQL has it.
    pub async fn begin_as_ourselves(&self, timeouts: &str) -> Result<String, Failure> {
        let begin = format!(
            "BEGIN; {timeouts}; SELECT quote_ident(current_setting('role')); SET LOCAL ROLE NONE"
        );
        let messages = self.client.simple_query(&begin).await?;
        let role = messages.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        });
        // Unquoted, none is no role's name.
        Ok(role
            .filter(|role| *role != "\"none\"")
            .unwrap_or("NONE")
            .to_owned())
    }

    /// `SET [LOCAL]` for the timeouts of a statement.
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

    /// `SET [LOCAL]` for how long a statement may run: never beyond the deadline.
    pub fn statement_timeout(&self, directives: &Directives, local: &str) -> String {
        let limits = [directives.statement_timeout, self.clock.budget()];
        let limit = limits.into_iter().flatten().min();
        // Zero is none to PostgreSQL; rounded up, so that the deadline is over when it strikes.
        let milliseconds = limit.map_or(0, |limit| limit.as_millis() + 1);
        format!("SET {local} statement_timeout = {milliseconds}")
    }

    /// The lock_timeout of statements that hold up others while they wait.
    pub fn default_lock_timeout() -> Option<Duration> {
        Some(LOCK_TIMEOUT)
    }

    /// Runs a statement. Meanwhile, notes which sessions block it, and prints a progress line after
    /// 5 s and every 10 s from then on.
    pub async fn execute(&self, sql: &str) -> Result<Duration, Broken> {
        // Early enough to see a blocker before the default lock_timeout ends the wait.
        const FIRST_LOOK: Duration = Duration::from_millis(900);
        const INTERVAL: Duration = Duration::from_secs(5);
        let started = tokio::time::Instant::now();
        let mut blockers = Vec::new();
        let mut running = std::pin::pin!(self.client.batch_execute(sql));
        let mut look = 0;
        loop {
            let due = started + FIRST_LOOK.max(INTERVAL * look);
            if let Ok(result) = tokio::time::timeout_at(due, &mut running).await {
                return match result {
                    Ok(()) => Ok(started.elapsed()),
                    Err(error) => Err(Broken { error, blockers }),
                };
            }
            if look % 2 == 1 {
                let first = sql.lines().next().unwrap_or_default();
                let seconds = started.elapsed().as_secs();
                self.say(&format!("  still running after {seconds} s: {first}"));
            }
            let seen = self.blockers().await;
            if !seen.is_empty() {
                blockers = seen;
            }
            look += 1;
        }
    }

    /// Whom we wait for, seen from another; nobody where that cannot be known in time.
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
