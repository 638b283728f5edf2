//! The engine: what every command shares.

use std::time::Instant;

use shared::{Connector, config::Config};

use crate::{
    clock::Clock,
    database::history::Applied,
    database::session::{Progress, Session},
    failure::Failure,
    files::{Migrations, repeatable::Repeatable},
    report::Report,
    run::plan,
};

/// Runs commands: for the Lambda function, the command line and the tests alike.
pub struct Engine {
    /// The migrations, or what is wrong with their files.
    pub migrations: Result<Migrations, String>,
    /// Connects to the database; or the reason why it cannot, since some commands need none.
    pub connector: Result<Connector, String>,
    /// The deadline.
    pub clock: Clock,
    /// `Some` for an event, with its `confirm` field: commands that can lose data require the
    /// database's name there. `None` on the command line, where nothing needs confirmation.
    pub confirm: Option<Option<String>>,
    /// Receives a line for each step.
    pub progress: Box<Progress>,
}

impl Engine {
    pub(crate) fn migrations(&self) -> Result<&Migrations, Failure> {
        self.migrations
            .as_ref()
            .map_err(|error| Failure::new(error.clone()))
    }

    pub(crate) fn connector(&self) -> Result<&Connector, Failure> {
        self.connector
            .as_ref()
            .map_err(|error| Failure::new(error.clone()))
    }

    /// A connector that logs in with another secret, or the engine's own.
    pub(crate) async fn connector_for(&self, secret: Option<&str>) -> Result<Connector, Failure> {
        match secret {
            Some(id) => {
                let config = Config::for_secret(id).map_err(|error| error.to_string())?;
                Ok(Connector::to_writer(config).await?)
            }
            None => self.connector().cloned(),
        }
    }

    pub(crate) async fn open(&self, report: &mut Report) -> Result<Session<'_>, Failure> {
        self.open_with(self.connector()?, report).await
    }

    pub(crate) async fn open_with<'a>(
        &'a self,
        connector: &'a Connector,
        report: &mut Report,
    ) -> Result<Session<'a>, Failure> {
        let session = Session::open(connector, &self.clock, &*self.progress).await?;
        report.database = Some(session.database.clone());
        Ok(session)
    }

    /// Like [`Engine::open`], for a command that can lose data: an event must name the database.
    pub(crate) async fn open_confirmed(&self, report: &mut Report) -> Result<Session<'_>, Failure> {
        let session = self.open(report).await?;
        let database = &session.database;
        match &self.confirm {
            Some(given) if given.as_ref() != Some(database) => {
                let command = report.command;
                let given = given.as_ref().map(|given| format!(", not \"{given}\""));
                let message = format!(
                    "{command} can lose data: the event must have \"confirm\": \"{database}\"{}",
                    given.unwrap_or_default()
                );
                Err(Failure::new(message))
            }
            _ => Ok(session),
        }
    }

    /// Marks work that the deadline cut off as out of time, so that `resume` continues. Without
    /// progress in nearly the whole time of a run, `resume` would begin it anew, for ever.
    pub(crate) fn mark_out_of_time(
        &self,
        failure: Failure,
        began: Instant,
        report: &Report,
    ) -> Failure {
        let was_cut = failure.is_timeout() || failure.is_transient();
        if !was_cut || !self.clock.is_over() {
            return failure;
        }
        if report.progressed || !self.clock.gave_nearly_all_since(began) {
            return failure.out_of_time();
        }
        let message = format!(
            "{}: it had the whole time of this invocation, {:.0} s, and another one would get no further: run \
             `migrate {}` on a machine without a deadline",
            failure.message,
            self.clock.whole().as_secs_f64(),
            report.command,
        );
        Failure { message, ..failure }
    }

    /// Releases the lock, after a failure too, and reports the revision that the run has reached and
    /// what its statements have raised.
    pub(crate) async fn leave(
        &self,
        session: &Session<'_>,
        result: Result<(), Failure>,
        report: &mut Report,
    ) -> Result<(), Failure> {
        (report.notices, report.notices_omitted) = session.notices.take();
        let _ = session.reset().await;
        if self.observe(session, report).await.is_err()
            // The session is gone, and the lock with it. A new session may still read the history.
            && let Ok(connector) = self.connector()
            && let Ok(other) = Session::open(connector, &self.clock, &*self.progress).await
        {
            let _ = self.observe(&other, report).await;
        }
        session.unlock().await;
        result
    }

    /// Reads the history, and puts the revision and what is pending into the report.
    pub(crate) async fn observe(
        &self,
        session: &Session<'_>,
        report: &mut Report,
    ) -> Result<Vec<Applied>, Failure> {
        let history = session.history().await?;
        let due = self.due(session, &history).await?;
        report.to = plan::revision(&history);
        if !report.observed {
            report.from.clone_from(&report.to);
            report.observed = true;
        }
        if let Ok(migrations) = &self.migrations {
            let pending = plan::pending(migrations, &history).into_iter();
            let pending = pending.map(|migration| migration.version.clone());
            let due = due.into_iter().map(Repeatable::full_name);
            report.pending = pending.chain(due).collect();
        }
        Ok(history)
    }
}
