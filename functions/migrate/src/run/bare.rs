//! Statements that cannot run in a transaction block. Each is recorded before and after it runs;
//! when a run dies in between, the next one settles what became of the statement.

use std::{
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    time::Duration,
};

use shared::tokio_postgres::types::Type;

use crate::{
    database::session::{Session, StatementError},
    failure::Failure,
    files::statement::{Kind, Statement},
    run::work::Work,
    status::Status,
};

const INDEX_STATE: &str = include_str!("../sql/index_state.sql");

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
    pub fn is_concurrent_index(&self) -> bool {
        let kind = &self.statement.kind;
        matches!(
            kind,
            Kind::CreateIndexConcurrently(_) | Kind::DropIndexConcurrently(_)
        )
    }

    /// Finds out what became of a statement in doubt. Returns true when it took effect.
    pub async fn settle(&self) -> Result<bool, Failure> {
        let took_effect = match &self.statement.kind {
            Kind::CreateIndexConcurrently(index) => {
                self.drop_invalid(index).await?;
                self.index_state(index).await?.is_some()
            }
            Kind::DropIndexConcurrently(index) => self.index_state(index).await?.is_none(),
            Kind::Repeatable | Kind::Setting => false,
            Kind::Other => {
                return Err(self.unknown_outcome("the last run ended before the statement did"));
            }
        };
        match took_effect {
            true => self.finish().await?,
            false => self.forget().await?,
        }
        Ok(took_effect)
    }

    /// Runs the statement without a transaction block. `commits` says that it ends transactions
    /// itself, so that a failure may leave a part of its work behind.
    pub async fn autocommit(&self, commits: bool) -> Result<Duration, Failure> {
        let Self {
            session,
            work,
            statement,
            ..
        } = self;
        // No record is made while an index of this name exists: the next run would take that index
        // for the one that this statement builds.
        let existing = match &statement.kind {
            Kind::CreateIndexConcurrently(index) => self.index_state(index).await?,
            _ => None,
        };
        if existing == Some(false) {
            return Err(self.failure(
                "an invalid index of this name exists, and this migration did not create it: drop the index, then \
                 run this again",
            ));
        }
        if existing.is_none() {
            self.start().await?;
        }
        let lock_timeout = Session::lock_timeout_of(statement);
        let timeouts = session.timeouts(&work.script.directives, "", lock_timeout);
        session.client.batch_execute(&timeouts).await?;
        match session.run(work.script, statement).await {
            Ok(took) => {
                self.finish().await?;
                Ok(took)
            }
            Err(error) => Err(self.failed(error, commits, existing.is_some()).await?),
        }
    }

    /// Cleans up after a failure whose outcome is known. Otherwise the record stays, and the next
    /// run settles it.
    async fn failed(
        &self,
        error: StatementError,
        commits: bool,
        index_existed: bool,
    ) -> Result<Failure, Failure> {
        let sqlstate = error.error.code().map(|state| state.code().to_owned());
        let failure = error.into_failure_at(self.work.script, self.statement);
        let Some(sqlstate) = sqlstate.filter(|_| !self.session.client.is_closed()) else {
            return Ok(failure);
        };
        match &self.statement.kind {
            // The classes below refuse a statement for what it is, before it has done anything.
            Kind::Other if commits || !matches!(&sqlstate[..2], "0A" | "25" | "28" | "42") => {
                // Without DETAIL, which may hold personal data: the message is logged.
                let cause = format!("{}, SQLSTATE {sqlstate}", failure.message);
                return Ok(self.unknown_outcome(&cause));
            }
            // To drop an index may take long.
            _ if self.session.is_late() => return Ok(failure),
            Kind::CreateIndexConcurrently(index) if !index_existed => {
                self.drop_invalid(index).await?
            }
            _ => {}
        }
        self.forget().await?;
        Ok(failure)
    }

    fn unknown_outcome(&self, cause: &str) -> Failure {
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

    fn failure(&self, message: impl Into<String>) -> Failure {
        Failure {
            file: Some(self.work.script.file.clone()),
            line: Some(self.statement.line),
            ..Failure::new(message)
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

    async fn finish(&self) -> Result<(), Failure> {
        let (version, position) = (self.work.version(), self.position);
        let finish = self
            .session
            .finish_statement(version, position, self.statement);
        self.as_session_user(finish).await
    }

    async fn forget(&self) -> Result<(), Failure> {
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

    /// Whether the index is valid; None where it does not exist.
    async fn index_state(&self, index: &str) -> Result<Option<bool>, Failure> {
        let row = self
            .session
            .client
            .query_typed_opt(INDEX_STATE, &[(&index, Type::TEXT)])
            .await?;
        Ok(row.map(|row| row.try_get("indisvalid")).transpose()?)
    }

    /// Drops the invalid index that a failed CREATE INDEX CONCURRENTLY leaves, before the deadline.
    async fn drop_invalid(&self, index: &str) -> Result<(), Failure> {
        if self.index_state(index).await? != Some(false) {
            return Ok(());
        }
        self.session
            .say(&format!("  dropping {index}, which was left invalid"));
        let timeouts = self
            .session
            .timeouts(&self.work.script.directives, "", None);
        self.session.client.batch_execute(&timeouts).await?;
        let dropped = self
            .session
            .execute(&format!("DROP INDEX CONCURRENTLY {index}"))
            .await;
        dropped.map_err(|error| error.into_failure_at(self.work.script, self.statement))?;
        Ok(())
    }
}
