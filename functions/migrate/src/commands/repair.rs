//! `repair`: records what became of an incomplete migration.

use crate::{
    command::Outcome,
    database::history::{Applied, State},
    database::session::Session,
    engine::Engine,
    failure::Failure,
    files::Migration,
    files::statement::split,
    report::Report,
    run::way_back::way_back,
    status::Status,
};

impl Engine {
    pub(crate) async fn repair(
        &self,
        version: &str,
        outcome: Outcome,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let session = self.open_confirmed(report).await?;
        session.lock(report, || self.clock.is_over()).await?;
        let repaired = async {
            let history = self.observe(&session, report).await?;
            let row = history
                .iter()
                .find(|row| row.version == version && row.state != State::Applied);
            let row = row.ok_or_else(|| {
                Failure::new(format!(
                    "`{version}` is not incomplete: there is nothing to repair"
                ))
            })?;
            // An older build may have made it, without all of its tables.
            session.create_bookkeeping().await?;
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

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::Again => "again",
        Outcome::Applied => "applied",
        Outcome::Reverted => "reverted",
    }
}
