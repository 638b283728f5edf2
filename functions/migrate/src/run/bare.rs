//! Statements that cannot run in a transaction block. Each is recorded before and after it runs;
//! when a run dies in between, the next one settles what became of the statement.

use std::{
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    time::{Duration, Instant},
};

use crate::{
    database::session::{Session, StatementError},
    failure::Failure,
    files::kind::Kind,
    files::statement::Statement,
    run::work::Work,
    status::Status,
};

/// One statement of a migration outside of a transaction.
pub(crate) struct StatementRun<'a> {
    pub session: &'a Session<'a>,
    pub work: &'a Work<'a>,
    pub position: usize,
    pub statement: &'a Statement,
    /// Whether the start of the statement is recorded and its end is not.
    pub in_doubt: AtomicBool,
}

impl StatementRun<'_> {
    /// Runs the statement without a transaction block. `commits` says that it ends transactions
    /// itself, so that a failure may leave a part of its work behind.
    pub async fn autocommit(&self, commits: bool) -> Result<Duration, Failure> {
        let Self {
            session,
            work,
            statement,
            ..
        } = self;
        let is_recorded = self.is_recorded().await?;
        if is_recorded {
            self.start().await?;
        }
        let lock_timeout = Session::lock_timeout_of(statement);
        let timeouts = session.timeouts(&work.script.directives, "", lock_timeout);
        session.client.batch_execute(&timeouts).await?;
        let started = Instant::now();
        match session.run(work.script, statement).await {
            Ok(took) => {
                self.finish().await?;
                Ok(took)
            }
            Err(error) if is_recorded => {
                self.failed(error, commits).await?;
                Ok(started.elapsed())
            }
            Err(error) => Err(error.into_failure_at(work.script, statement)),
        }
    }

    /// Settles a statement that failed, and returns the failure unless the statement took effect. Where
    /// the outcome is not known, the record stays, and the next run settles it.
    async fn failed(&self, error: StatementError, commits: bool) -> Result<(), Failure> {
        let sqlstate = error.error.code().map(|state| state.code().to_owned());
        let failure = error.into_failure_at(self.work.script, self.statement);
        let Some(sqlstate) = sqlstate.filter(|_| !self.session.client.is_closed()) else {
            return Err(failure);
        };
        match &self.statement.kind {
            // The classes below refuse a statement for what it is, before it has done anything.
            Kind::Other if commits || !matches!(&sqlstate[..2], "0A" | "25" | "28" | "42") => {
                // Without DETAIL, which may hold personal data: the message is logged.
                let cause = format!("{}, SQLSTATE {sqlstate}", failure.message);
                return Err(self.unknown_outcome(&cause));
            }
            // To settle it may take long.
            _ if self.session.is_late() => return Err(failure),
            kind if kind.is_concurrent() => match self.settle().await {
                Ok(true) => return Ok(()),
                Err(other) if !self.session.client.is_closed() => return Err(other),
                _ => {}
            },
            _ => self.forget().await?,
        }
        Err(failure)
    }

    pub fn unknown_outcome(&self, cause: &str) -> Failure {
        let version = self.work.version();
        let first = self.statement.sql.lines().next().unwrap_or_default();
        let message = format!(
            "it is unknown whether `{first}` took effect ({cause}): look at the database, then run \
             `repair {version} done` if it did, or `repair {version} again` if it did not"
        );
        Failure {
            status: Status::Incomplete,
            ..self.failure(message)
        }
    }

    pub fn failure(&self, message: impl Into<String>) -> Failure {
        self.located(Failure::new(message))
    }

    /// The failure at the place of the statement.
    pub fn located(&self, failure: Failure) -> Failure {
        Failure {
            file: Some(self.work.script.file.clone()),
            line: Some(self.statement.line),
            ..failure
        }
    }

    async fn start(&self) -> Result<(), Failure> {
        let (version, position) = (self.work.version(), self.position);
        let start = self
            .session
            .start_statement(version, position, self.statement);
        self.as_session_user(start).await?;
        self.in_doubt.store(true, Relaxed);
        Ok(())
    }

    pub async fn finish(&self) -> Result<(), Failure> {
        let (version, position) = (self.work.version(), self.position);
        let finish = self
            .session
            .finish_statement(version, position, self.statement);
        self.as_session_user(finish).await
    }

    pub async fn forget(&self) -> Result<(), Failure> {
        let (version, position) = (self.work.version(), self.position);
        self.as_session_user(self.session.forget_statement(version, position))
            .await?;
        self.in_doubt.store(false, Relaxed);
        Ok(())
    }

    /// Writes to the bookkeeping, whatever role and statement_timeout the migration has set.
    async fn as_session_user(
        &self,
        write: impl Future<Output = Result<(), Failure>>,
    ) -> Result<(), Failure> {
        self.session
            .begin_as_session_user("SET LOCAL statement_timeout = 0")
            .await?;
        write.await?;
        Ok(self.session.client.batch_execute("COMMIT").await?)
    }
}
