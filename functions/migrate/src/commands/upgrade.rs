//! The commands that run migrations: `upgrade` and `downgrade`.

use std::time::Instant;

use crate::{
    commands::render,
    database::history::State,
    database::session::Session,
    engine::Engine,
    failure::Failure,
    report::{Done, Report, Source, milliseconds},
    run::moved::{Moved, moved},
    run::plan::{self, Accept},
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
        dry_run: bool,
        accept: Accept,
        report: &mut Report,
    ) -> Result<(), Failure> {
        if let Some((from, to)) = target.split_once(':') {
            return self.offline_up(from, to, sql, report);
        }
        let migrations = self.migrations()?;
        let session = self.open(report).await?;
        let history = self.observe(&session, report).await?;
        let plan = plan::up(migrations, &history, target, accept)?;
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
        let mut due = self.due(&session, &history).await?;
        if plan.len() < plan::pending(migrations, &history).len() {
            due.clear();
        }
        if sql {
            let moved = moved(migrations, &history);
            report.detail("sql", render::up(&plan, &history, &moved, &due)?);
        }
        if sql || plan.is_empty() && due.is_empty() {
            return Ok(());
        }
        if dry_run {
            return self.dry_run(&session, &plan, &due, &history, report).await;
        }
        report.destination = plan.last().map(|last| last.version.clone());
        let last = report.destination.clone();
        let mut scripts = plan.iter().map(|migration| &migration.up.directives);
        if scripts.any(|directives| directives.no_transaction) {
            session.refuse_pooler().await?;
        }
        session.lock(report, || self.clock.is_over()).await?;
        let result = self.apply(&session, last.as_deref(), accept, report).await;
        self.leave(&session, result, report).await
    }

    /// Applies what is pending up to `last`, and then the repeatable files. Reads the history again after
    /// each migration, because a second runner may be at work where a connection pooler has released the
    /// lock.
    async fn apply(
        &self,
        session: &Session<'_>,
        last: Option<&str>,
        accept: Accept,
        report: &mut Report,
    ) -> Result<(), Failure> {
        session.create_bookkeeping().await?;
        while let Some(last) = last {
            let history = session.history().await?;
            let plan = plan::up(self.migrations()?, &history, last, accept)?;
            let Some(migration) = plan.first() else {
                break;
            };
            let moved = moved(self.migrations()?, &history);
            let moved = moved
                .iter()
                .find(|moved| moved.to.version == migration.version);
            if let Some(moved) = moved {
                match self.adopt(session, moved, report).await {
                    Err(failure) if failure.is_duplicate() => {}
                    result => result?,
                }
                continue;
            }
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
        self.repeat(session, report).await
    }

    /// Moves a record to the version of its file, in place of running the file again.
    pub(crate) async fn adopt(
        &self,
        session: &Session<'_>,
        moved: &Moved<'_>,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let (from, to) = (&moved.row.version, &moved.to.version);
        session.move_record(from, to).await?;
        let note = format!(
            "{}: its record was moved, and it was not run again",
            moved.sentence()
        );
        session.say(&format!("move {from}_{} to {to}", moved.row.name));
        report.notes.push(note);
        report.moved(moved);
        report.status = Status::Applied;
        Ok(())
    }

    pub(crate) async fn downgrade(
        &self,
        target: &str,
        sql: bool,
        from: Option<&str>,
        report: &mut Report,
    ) -> Result<(), Failure> {
        if let Some((newer, older)) = target.split_once(':') {
            if from.is_some() {
                let message = format!("`{target}` says where it begins: leave out --from");
                return Err(Failure::new(message));
            }
            return self.offline_down(newer, older, sql, report);
        }
        let migrations = self.migrations()?;
        let session = match sql {
            true => self.open(report).await?,
            false => self.open_confirmed(report).await?,
        };
        let history = self.observe(&session, report).await?;
        let plan = plan::down(&history, target, from)?;
        if sql {
            let mut script = Vec::with_capacity(plan.len());
            for row in &plan {
                let way_back = way_back(migrations, row)?;
                report.notes.extend(way_back.note.clone());
                script.push((*row, way_back));
            }
            report.detail("sql", render::down(&script, migrations)?);
        }
        if sql || plan.is_empty() {
            return Ok(());
        }
        report.destination = Some(plan::below(&history, &plan));
        let versions: Vec<_> = plan.iter().map(|row| row.version.clone()).collect();
        let mut scripts = plan.iter().flat_map(|row| way_back(migrations, row));
        if scripts.any(|way_back| way_back.script.directives.no_transaction) {
            session.refuse_pooler().await?;
        }
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
        // An older build may have made it, without all of its tables.
        session.create_bookkeeping().await?;
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
    pub(crate) async fn work(
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
        "Alembic has migrated this database to its revision {revision}: run `baseline VERSION` with the newest \
         migration that the database already has (the oldest is {oldest}), then upgrade"
    )))
}
