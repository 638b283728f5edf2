//! Statements that cannot run in a transaction: recorded before and after, and settled when a run
//! has died in between.

use std::{
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    time::Duration,
};

use shared::tokio_postgres::types::Type;

use crate::{
    failure::Failure,
    report::Status,
    session::{Broken, Session},
    statement::{Kind, Statement},
    steps::Work,
};

const INDEX_STATE: &str = include_str!("sql/index_state.sql");

/// A statement, and where it stands.
pub(crate) struct Place<'a> {
    pub session: &'a Session<'a>,
    pub work: &'a Work<'a>,
    pub position: usize,
    pub statement: &'a Statement,
    /// Whether its beginning is recorded, and its end is not.
    pub recorded: AtomicBool,
}

impl Place<'_> {
    pub fn is_concurrent_index(&self) -> bool {
        let kind = &self.statement.kind;
        matches!(
            kind,
            Kind::CreateIndexConcurrently(_) | Kind::DropIndexConcurrently(_)
        )
    }

    /// Finds out what became of a statement that began: true where it took effect.
    pub async fn settle(&self) -> Result<bool, Failure> {
        let took_effect = match &self.statement.kind {
            Kind::CreateIndexConcurrently(index) => {
                self.drop_invalid(index).await?;
                self.index_state(index).await?.is_some()
            }
            Kind::DropIndexConcurrently(index) => self.index_state(index).await?.is_none(),
            Kind::Repeatable | Kind::Setting => false,
            Kind::Other => {
                return Err(self.in_doubt("the last run ended before it was known".to_owned()));
            }
        };
        match took_effect {
            true => self.finish().await?,
            false => self.forget().await?,
        }
        Ok(took_effect)
    }

    /// Runs it. `commits` says that it ends transactions of its own, and may so have done a part.
    pub async fn bare(&self, commits: bool) -> Result<Duration, Failure> {
        let Self {
            session,
            work,
            statement,
            ..
        } = self;
        // An index that was there before is not ours: it must not be taken for what this has made.
        let stranger = match &statement.kind {
            Kind::CreateIndexConcurrently(index) => self.index_state(index).await?,
            _ => None,
        };
        if stranger == Some(false) {
            let message = "an index of this name is there and invalid, and not from this migration: drop it first";
            return Err(self.failure(message.to_owned()));
        }
        if stranger.is_none() {
            self.start().await?;
        }
        // What is concurrent waits for others without holding anybody up, so it may wait.
        let patience = match statement.sql.to_uppercase().contains("CONCURRENTLY") {
            true => None,
            false => Session::default_lock_timeout(),
        };
        let timeouts = session.timeouts(&work.script.directives, "", patience);
        session.client.batch_execute(&timeouts).await?;
        match session.execute(&statement.sql).await {
            Ok(took) => {
                self.finish().await?;
                Ok(took)
            }
            Err(broken) => Err(self.failed(broken, commits, stranger.is_some()).await?),
        }
    }

    /// Clears up after a failure whose outcome is known; else the record stays, for the next run.
    async fn failed(
        &self,
        broken: Broken,
        commits: bool,
        stranger: bool,
    ) -> Result<Failure, Failure> {
        let sqlstate = broken.error.code().map(|state| state.code().to_owned());
        let failure = broken.into_failure_at(self.work.script, self.statement);
        let Some(sqlstate) =
            sqlstate.filter(|_| !self.session.client.is_closed() && !self.session.is_late())
        else {
            return Ok(failure);
        };
        match &self.statement.kind {
            Kind::CreateIndexConcurrently(index) if !stranger => self.drop_invalid(index).await?,
            // Refused for what it is, and so before it did anything.
            Kind::Other if commits || !matches!(&sqlstate[..2], "0A" | "25" | "28" | "42") => {
                // Not its DETAIL, which may be personal: this becomes a message.
                let cause = format!("{}, SQLSTATE {sqlstate}", failure.message);
                return Ok(self.in_doubt(cause));
            }
            _ => {}
        }
        self.forget().await?;
        Ok(failure)
    }

    fn in_doubt(&self, cause: String) -> Failure {
        let version = self.work.version();
        let first = self.statement.sql.lines().next().unwrap_or_default();
        let message = format!(
            "nobody knows whether `{first}` took effect ({cause}): look, then say `repair {version} done` if it did, \
             `repair {version} again` if it did not"
        );
        Failure {
            status: Status::Incomplete,
            ..self.failure(message)
        }
    }

    fn failure(&self, message: String) -> Failure {
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
        self.as_ourselves(start).await?;
        self.recorded.store(true, Relaxed);
        Ok(())
    }

    async fn finish(&self) -> Result<(), Failure> {
        let (version, position) = (self.work.version(), self.position);
        let finish = self
            .session
            .finish_statement(version, position, self.statement);
        self.as_ourselves(finish).await
    }

    async fn forget(&self) -> Result<(), Failure> {
        let (version, position) = (self.work.version(), self.position);
        self.as_ourselves(self.session.forget_statement(version, position))
            .await?;
        self.recorded.store(false, Relaxed);
        Ok(())
    }

    /// Writes to the bookkeeping, whatever role and time limit the migration has set.
    async fn as_ourselves(
        &self,
        write: impl Future<Output = Result<(), Failure>>,
    ) -> Result<(), Failure> {
        self.session
            .begin_as_ourselves("SET LOCAL statement_timeout = 0")
            .await?;
        write.await?;
        Ok(self.session.client.batch_execute("COMMIT").await?)
    }

    /// Whether the index is valid; None where there is none.
    async fn index_state(&self, index: &str) -> Result<Option<bool>, Failure> {
        let row = self
            .session
            .client
            .query_typed_opt(INDEX_STATE, &[(&index, Type::TEXT)])
            .await?;
        Ok(row.map(|row| row.try_get("indisvalid")).transpose()?)
    }

    /// Drops what a concurrent index left when it failed, within the time that there is.
    async fn drop_invalid(&self, index: &str) -> Result<(), Failure> {
        if self.index_state(index).await? != Some(false) {
            return Ok(());
        }
        self.session
            .say(&format!("  {index} was left invalid: dropping it"));
        let timeouts = self
            .session
            .timeouts(&self.work.script.directives, "", None);
        self.session.client.batch_execute(&timeouts).await?;
        let dropped = self
            .session
            .execute(&format!("DROP INDEX CONCURRENTLY {index}"))
            .await;
        dropped.map_err(|broken| broken.into_failure_at(self.work.script, self.statement))?;
        Ok(())
    }
}
