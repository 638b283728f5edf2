//! The commands that run migrations: `upgrade` and `downgrade`.

use std::time::Instant;

use crate::{
    command::Ahead,
    commands::render,
    database::history::State,
    database::session::Session,
    engine::Engine,
    failure::Failure,
    report::{Done, Report, Source, milliseconds},
    run::plan,
    run::transaction,
    run::untransacted,
    run::way_back::way_back,
    run::work::{Step, Work},
    status::Status,
};

impl Engine {
    pub(crate) async fn upgrade(
        &self,
        target: &str,
        sql: bool,
        ahead: Ahead,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let migrations = self.migrations()?;
        let session = self.open(report).await?;
        let history = session.history().await?;
        self.observe(&history, report);
        let plan = plan::up(migrations, &history, target, ahead)?;
        let unknown = plan::ahead(migrations, &history).map(|row| row.version.as_str());
        let unknown = unknown.collect::<Vec<_>>().join(", ");
        if !unknown.is_empty() {
            let note =
                format!("the database is ahead of this build, which does not know {unknown}");
            report.notes.push(note);
        }
        if let Some(first) = plan.first().filter(|_| history.is_empty()) {
            refuse_alembic(&session, &first.version).await?;
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
        let result = self.apply(&session, &last, ahead, report).await;
        self.leave(&session, result, report).await
    }

    /// Applies what is pending up to `last`. Reads the history again after each migration, because
    /// a second runner may be at work where a connection pooler has released the lock.
    async fn apply(
        &self,
        session: &Session<'_>,
        last: &str,
        ahead: Ahead,
        report: &mut Report,
    ) -> Result<(), Failure> {
        session.create_bookkeeping().await?;
        loop {
            let history = session.history().await?;
            let plan = plan::up(self.migrations()?, &history, last, ahead)?;
            let Some(migration) = plan.first() else {
                return Ok(());
            };
            let resumes = history.iter().any(|row| row.version == migration.version);
            let work = Work {
                step: Step::Up(migration),
                script: &migration.up,
                source: Source::File,
            };
            match self.work(session, &work, resumes, report).await {
                Err(failure) if failure.is_duplicate() => {}
                result => result?,
            }
        }
    }

    pub(crate) async fn downgrade(
        &self,
        target: &str,
        sql: bool,
        from: Option<&str>,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let migrations = self.migrations()?;
        let session = match sql {
            true => self.open(report).await?,
            false => self.open_confirmed(report).await?,
        };
        let history = session.history().await?;
        self.observe(&history, report);
        let plan = plan::down(&history, target, from)?;
        if sql {
            let mut script = Vec::with_capacity(plan.len());
            for row in &plan {
                let way_back = way_back(migrations, row)?;
                report.notes.extend(way_back.note.clone());
                script.push((*row, way_back));
            }
            report.detail("sql", render::down(&script)?);
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
                let message = "another runner has changed the database since this run began: look at `current`, \
                     then run this again";
                return Err(Failure::new(message));
            };
            let way_back = way_back(self.migrations()?, row)?;
            report.notes.extend(way_back.note);
            let work = Work {
                step: Step::Down(row),
                script: &way_back.script,
                source: way_back.source,
            };
            self.work(session, &work, row.state == State::Reverting, report)
                .await?;
        }
        Ok(())
    }

    /// Runs one migration, in a transaction unless its file says otherwise. One that an earlier run
    /// left incomplete never began in a transaction.
    async fn work(
        &self,
        session: &Session<'_>,
        work: &Work<'_>,
        resumes: bool,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let (version, name, direction) = (
            work.version().to_owned(),
            work.name().to_owned(),
            work.direction(),
        );
        if self.clock.is_over() {
            let message = format!("no time is left to run {version}_{name}");
            return Err(Failure::new(message).out_of_time());
        }
        session.say(&format!("{direction} {version}_{name}"));
        let started = Instant::now();
        let statements = match resumes || work.script.directives.no_transaction {
            true => untransacted::run(session, work, resumes, &self.clock, report).await,
            false => transaction::run(session, work, &self.clock, report).await,
        };
        let statements =
            statements.map_err(|failure| self.mark_out_of_time(failure, started, report))?;
        report.progressed = true;
        session.reset().await?;
        let duration_ms = milliseconds(started.elapsed());
        session.say(&format!("  {duration_ms:.0} ms"));
        report.status = Status::Applied;
        report.migrations.push(Done {
            version,
            name,
            direction,
            source: work.source,
            duration_ms,
            statements,
        });
        Ok(())
    }
}

/// Refuses a database whose schema comes from Alembic until `stamp` says how far it is.
async fn refuse_alembic(session: &Session<'_>, oldest: &str) -> Result<(), Failure> {
    let Some(revision) = session.alembic_revision().await? else {
        return Ok(());
    };
    Err(Failure::new(format!(
        "Alembic has migrated this database to its revision {revision}: run `stamp VERSION` with the newest \
         migration that the database already has (the oldest is {oldest}), then upgrade"
    )))
}
