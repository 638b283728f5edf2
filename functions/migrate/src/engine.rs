//! Runs commands: one entry for the Lambda function, the command line and the tests.

use std::time::Instant;

use shared::Connector;

use crate::{
    clock::Clock,
    command::Command,
    failure::Failure,
    files::{Migrations, Script},
    history::{Applied, State},
    plan, render,
    report::{Done, Report, Status, milliseconds},
    session::{Progress, Session},
    steps::{self, Step, Work},
    transaction,
};

/// What commands run with.
pub struct Engine {
    /// The migrations, or what is wrong with their files.
    pub migrations: Result<Migrations, String>,
    /// The way to the database, or why there is none; some commands need none.
    pub connector: Result<Connector, String>,
    /// The time that there is.
    pub clock: Clock,
    /// For an event: the database that it names, without which nothing is lost.
    pub confirm: Option<Option<String>>,
    /// Gets a line for each thing that happens.
    pub progress: Box<Progress>,
}

impl Engine {
    /// Does what `command` says. All that can go wrong is in the report.
    pub async fn run(&self, command: &Command) -> Report {
        let mut report = Report::new(command);
        let result = self.dispatch(command, &mut report).await;
        report.end(result, command, &self.clock)
    }

    async fn dispatch(&self, command: &Command, report: &mut Report) -> Result<(), Failure> {
        match command {
            Command::Upgrade { target, sql } => self.upgrade(target, *sql, report).await,
            Command::Downgrade { target, sql } => self.downgrade(target, *sql, report).await,
            Command::Current {} => self.current(report).await,
            Command::History {} => self.history(report).await,
            Command::Heads {} => self.heads(report),
            Command::Show { version } => self.show(version, report).await,
            Command::Stamp { version } => self.stamp(version, report).await,
            Command::Check {} => self.check(report).await,
            Command::Verify {} => self.verify(report).await,
            Command::Repair { version, outcome } => self.repair(version, *outcome, report).await,
            Command::Wait { seconds } => self.wait(*seconds, report).await,
            Command::Lint { all } => self.lint(*all, report).await,
            Command::Restore { scale } => self.restore(*scale, report).await,
        }
    }

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

    pub(crate) async fn open(&self, report: &mut Report) -> Result<Session<'_>, Failure> {
        let session = Session::open(self.connector()?, &self.clock, &*self.progress).await?;
        report.database = Some(session.database.clone());
        Ok(session)
    }

    /// As [`Engine::open`], for a command that can lose something: the event must name the database.
    pub(crate) async fn open_confirmed(&self, report: &mut Report) -> Result<Session<'_>, Failure> {
        let session = self.open(report).await?;
        let database = &session.database;
        match &self.confirm {
            Some(given) if given.as_ref() != Some(database) => {
                let given = given.as_deref().unwrap_or_default();
                let message = format!(
                    "this event must have \"confirm\": \"{database}\", not \"{given}\", for it can lose something"
                );
                Err(Failure::new(message))
            }
            _ => Ok(session),
        }
    }

    async fn upgrade(&self, target: &str, sql: bool, report: &mut Report) -> Result<(), Failure> {
        let migrations = self.migrations()?;
        let session = self.open(report).await?;
        let history = session.history().await?;
        self.observe(&history, report);
        let plan = plan::up(migrations, &history, target)?;
        if history.is_empty()
            && !plan.is_empty()
            && let Some(revision) = session.alembic_revision().await?
        {
            let first = &plan[0].version;
            return Err(Failure::new(format!(
                "Alembic has been here, at revision {revision}: `stamp VERSION` with the newest migration that this \
                 database has already ({first} is the oldest), then upgrade"
            )));
        }
        if sql {
            report.detail("sql", render::up(&plan, &history)?);
        }
        let Some(last) = plan.last().filter(|_| !sql) else {
            return Ok(());
        };
        let last = last.version.clone();
        report.destination = Some(last.clone());
        session.lock(report, || self.clock.is_over()).await?;
        let result = self.apply(&session, &last, report).await;
        self.leave(&session, result, report).await
    }

    /// Applies what is pending up to `last`, looking again after each, for a second runner may be
    /// at work where a pooler has taken the lock away.
    async fn apply(
        &self,
        session: &Session<'_>,
        last: &str,
        report: &mut Report,
    ) -> Result<(), Failure> {
        session.create_bookkeeping().await?;
        loop {
            let history = session.history().await?;
            let plan = plan::up(self.migrations()?, &history, last)?;
            let Some(migration) = plan.first() else {
                return Ok(());
            };
            let half = history.iter().any(|row| row.version == migration.version);
            let work = Work {
                step: Step::Up(migration),
                script: &migration.up,
            };
            match self.work(session, &work, half, report).await {
                Err(failure) if failure.is_duplicate() => {}
                result => result?,
            }
        }
    }

    async fn downgrade(&self, target: &str, sql: bool, report: &mut Report) -> Result<(), Failure> {
        let session = match sql {
            true => self.open(report).await?,
            false => self.open_confirmed(report).await?,
        };
        let history = session.history().await?;
        self.observe(&history, report);
        let plan = plan::down(&history, target)?;
        if sql {
            report.detail("sql", render::down(&plan)?);
        }
        if sql || plan.is_empty() {
            return Ok(());
        }
        report.destination = Some(plan::below(&history, &plan));
        let versions: Vec<_> = plan.iter().map(|row| row.version.clone()).collect();
        session.lock(report, || self.clock.is_over()).await?;
        let result = self.revert(&session, &versions, report).await;
        self.leave(&session, result, report).await
    }

    async fn revert(
        &self,
        session: &Session<'_>,
        versions: &[String],
        report: &mut Report,
    ) -> Result<(), Failure> {
        for version in versions {
            let history = session.history().await?;
            let Some(row) = history.last().filter(|row| row.version == *version) else {
                let message = "another runner has changed the database meanwhile: look again";
                return Err(Failure::new(message));
            };
            let file = format!("{}_{}.down.sql", row.version, row.name);
            let text = row.down.as_ref();
            let text = text
                .ok_or_else(|| Failure::new(format!("{version}_{} is irreversible", row.name)))?;
            let script = Script::new(file, text)?;
            let work = Work {
                step: Step::Down(row),
                script: &script,
            };
            self.work(session, &work, row.state == State::Reverting, report)
                .await?;
        }
        Ok(())
    }

    /// One migration, by whichever way its file asks for.
    async fn work(
        &self,
        session: &Session<'_>,
        work: &Work<'_>,
        half: bool,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let (version, name, direction) = (
            work.version().to_owned(),
            work.name().to_owned(),
            work.direction(),
        );
        if self.clock.is_over() {
            return Err(
                Failure::new(format!("no time is left for {version}_{name}")).out_of_time(),
            );
        }
        session.say(&format!("{direction} {version}_{name}"));
        let started = Instant::now();
        let statements = match half || work.script.directives.no_transaction {
            true => steps::run(session, work, half, &self.clock, report).await,
            false => transaction::run(session, work, &self.clock, report).await,
        };
        let statements = statements.map_err(|failure| self.cut(failure))?;
        session.reset().await?;
        let duration_ms = milliseconds(started.elapsed());
        session.say(&format!("  {duration_ms:.0} ms"));
        report.status = Status::Applied;
        report.migrations.push(Done {
            version,
            name,
            direction,
            duration_ms,
            statements,
        });
        Ok(())
    }

    /// What was cut off at the deadline is what there was no time for.
    pub(crate) fn cut(&self, failure: Failure) -> Failure {
        let was_cut = failure.is_timeout() || failure.is_passing();
        match was_cut && self.clock.is_over() {
            true => failure.out_of_time(),
            false => failure,
        }
    }

    /// Gives the lock back, after a failure too, and says where the database is now.
    pub(crate) async fn leave(
        &self,
        session: &Session<'_>,
        result: Result<(), Failure>,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let _ = session.reset().await;
        let history = match session.history().await {
            Ok(history) => Some(history),
            // The session is gone, and the lock with it; another one may still tell.
            Err(_) => match Session::open(self.connector()?, &self.clock, &*self.progress).await {
                Ok(other) => other.history().await.ok(),
                Err(_) => None,
            },
        };
        if let Some(history) = history {
            self.observe(&history, report);
        }
        session.unlock().await;
        result
    }

    /// Says in the report where the database is.
    pub(crate) fn observe(&self, history: &[Applied], report: &mut Report) {
        report.to = plan::revision(history);
        if !report.observed {
            report.from.clone_from(&report.to);
            report.observed = true;
        }
        if let Ok(migrations) = &self.migrations {
            report.pending = versions(&plan::pending(migrations, history));
        }
    }
}

pub(crate) fn versions(migrations: &[&crate::files::Migration]) -> Vec<String> {
    migrations
        .iter()
        .map(|migration| migration.version.clone())
        .collect()
}
