//! The commands that write only the bookkeeping: `stamp` and `repair`.

use crate::{
    command::Outcome,
    database::history::{Applied, State},
    database::session::Session,
    engine::Engine,
    failure::Failure,
    files::Migration,
    files::statement::split,
    report::Report,
    run::way_back::{is_kept, way_back},
    status::Status,
};

impl Engine {
    pub(crate) async fn stamp(&self, version: &str, report: &mut Report) -> Result<(), Failure> {
        let migrations = self.migrations()?;
        let last = match version {
            "head" => {
                let head = migrations.head();
                head.ok_or_else(|| {
                    Failure::new(
                        "there are no migrations to stamp; `stamp base` clears the history",
                    )
                })?
            }
            "base" => "",
            version if migrations.find(version).is_some() => version,
            other => {
                return Err(Failure::new(format!(
                    "the version of stamp must be head, base or an existing version, not `{other}`"
                )));
            }
        };
        let session = self.open_confirmed(report).await?;
        session.lock(report, || self.clock.is_over()).await?;
        let stamped = async {
            session.create_bookkeeping().await?;
            let history = session.history().await?;
            self.observe(&history, report);
            session.client.batch_execute("BEGIN").await?;
            let changed = stamp(&session, &migrations.0, &history, last).await?;
            session.client.batch_execute("COMMIT").await?;
            report.status = if changed {
                Status::Applied
            } else {
                Status::Noop
            };
            Ok(())
        };
        let result = stamped.await;
        self.leave(&session, result, report).await
    }

    pub(crate) async fn repair(
        &self,
        version: &str,
        outcome: Outcome,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let session = self.open_confirmed(report).await?;
        session.lock(report, || self.clock.is_over()).await?;
        let repaired = async {
            // An older build may have made the rest of it.
            session.create_bookkeeping().await?;
            let history = session.history().await?;
            self.observe(&history, report);
            let row = history
                .iter()
                .find(|row| row.version == version && row.state != State::Applied);
            let row = row.ok_or_else(|| {
                Failure::new(format!(
                    "`{version}` is not incomplete: there is nothing to repair"
                ))
            })?;
            session.client.batch_execute("BEGIN").await?;
            self.repair_one(&session, row, outcome).await?;
            session.record_repair(version, word(outcome)).await?;
            session.client.batch_execute("COMMIT").await?;
            report.status = Status::Applied;
            Ok(())
        };
        let result = repaired.await;
        self.leave(&session, result, report).await
    }

    async fn repair_one(
        &self,
        session: &Session<'_>,
        row: &Applied,
        outcome: Outcome,
    ) -> Result<(), Failure> {
        let version = &row.version;
        let migration = self.migrations()?.find(version);
        match outcome {
            Outcome::Applied => {
                session.forget_statements(version).await?;
                session.set_state(version, State::Applied, migration).await
            }
            Outcome::Reverted => session.forget(version).await,
            Outcome::Done | Outcome::Again => {
                let recorded = session.recorded_statements(version).await?;
                let in_doubt = recorded.iter().find(|record| !record.finished);
                let in_doubt = in_doubt.ok_or_else(|| {
                    Failure::new(format!(
                        "no statement of {version} is in doubt: continue with `upgrade` or `downgrade`"
                    ))
                })?;
                match outcome {
                    Outcome::Done => {
                        self.finish_in_doubt(session, row, migration, in_doubt.position)
                            .await
                    }
                    _ => session.forget_statement(version, in_doubt.position).await,
                }
            }
        }
    }

    /// Records that the statement in doubt has taken effect.
    async fn finish_in_doubt(
        &self,
        session: &Session<'_>,
        row: &Applied,
        migration: Option<&Migration>,
        position: usize,
    ) -> Result<(), Failure> {
        let script = match (row.state, migration) {
            (State::Reverting, _) => way_back(self.migrations()?, row)?.script,
            (_, Some(migration)) => migration.up.clone(),
            (_, None) => {
                let message = format!(
                    "this build has no files of {}: run `repair` from a build that has them",
                    row.version
                );
                return Err(Failure::new(message));
            }
        };
        let statements = split(&script)?;
        let statement = statements.get(position);
        let statement = statement.ok_or_else(|| {
            Failure::new(format!(
                "{} has no statement {}: restore the file",
                script.file,
                position + 1
            ))
        })?;
        session
            .finish_statement(&row.version, position, statement)
            .await
    }
}

async fn stamp(
    session: &Session<'_>,
    migrations: &[Migration],
    history: &[Applied],
    last: &str,
) -> Result<bool, Failure> {
    let mut changed = false;
    for migration in migrations
        .iter()
        .filter(|migration| *migration.version <= *last)
    {
        let row = history.iter().find(|row| row.version == migration.version);
        match row {
            Some(row) if row.state == State::Applied && row.checksum == migration.checksum() => {
                if is_kept(migration, row) {
                    continue;
                }
                // It was applied as recorded; only its down file was corrected since.
                let applied = State::Applied;
                session
                    .set_state(&row.version, applied, Some(migration))
                    .await?;
            }
            Some(row) => {
                session.forget(&row.version).await?;
                session.record(migration, State::Applied, true).await?;
            }
            None => session.record(migration, State::Applied, true).await?,
        }
        changed = true;
    }
    for row in history.iter().filter(|row| *row.version > *last) {
        session.forget(&row.version).await?;
        changed = true;
    }
    Ok(changed)
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::Again => "again",
        Outcome::Applied => "applied",
        Outcome::Reverted => "reverted",
    }
}
