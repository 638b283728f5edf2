//! Statements that cannot run in a transaction: recorded before and after, and settled when a run
//! has died in between.

use std::time::Duration;

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
        // It waits for others in several transactions, and holds nobody up meanwhile.
        let timeouts = session.timeouts(&work.script.directives, "", None);
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
                return Ok(self.in_doubt(failure.to_string()));
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
        let Self {
            session,
            work,
            position,
            statement,
        } = self;
        session
            .begin_as_ourselves("SET LOCAL statement_timeout = 0")
            .await?;
        session
            .start_statement(work.version(), *position, statement)
            .await?;
        Ok(session.client.batch_execute("COMMIT").await?)
    }

    async fn finish(&self) -> Result<(), Failure> {
        let Self {
            session,
            work,
            position,
            statement,
        } = self;
        session
            .begin_as_ourselves("SET LOCAL statement_timeout = 0")
            .await?;
        session
            .finish_statement(work.version(), *position, statement)
            .await?;
        Ok(session.client.batch_execute("COMMIT").await?)
    }

    async fn forget(&self) -> Result<(), Failure> {
        let Self {
            session,
            work,
            position,
            ..
        } = self;
        session
            .begin_as_ourselves("SET LOCAL statement_timeout = 0")
            .await?;
        session.forget_statement(work.version(), *position).await?;
        Ok(session.client.batch_execute("COMMIT").await?)
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
