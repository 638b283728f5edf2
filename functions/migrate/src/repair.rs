//! The commands that write the bookkeeping alone: `stamp` and `repair`.

use crate::{
    command::Outcome,
    engine::Engine,
    failure::Failure,
    files::Migration,
    history::{Applied, State},
    report::{Report, Status},
    session::Session,
    statement::split,
};

impl Engine {
    pub(crate) async fn stamp(&self, version: &str, report: &mut Report) -> Result<(), Failure> {
        let migrations = self.migrations()?;
        let last = match version {
            "head" => {
                let head = migrations.head();
                head.ok_or_else(|| {
                    Failure::new("there are no migrations to stamp: `stamp base` forgets all")
                })?
            }
            "base" => "",
            version if migrations.find(version).is_some() => version,
            other => {
                return Err(Failure::new(format!(
                    "stamp takes head, base or a version that there is, not `{other}`"
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
            let history = session.history().await?;
            self.observe(&history, report);
            let half = history
                .iter()
                .find(|row| row.version == version && row.state != State::Applied);
            let half = half.ok_or_else(|| {
                Failure::new(format!(
                    "`{version}` is not half-way: there is nothing to repair"
                ))
            })?;
            session.client.batch_execute("BEGIN").await?;
            self.repair_one(&session, half, outcome).await?;
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
        half: &Applied,
        outcome: Outcome,
    ) -> Result<(), Failure> {
        let version = &half.version;
        let migration = self.migrations()?.find(version);
        match outcome {
            Outcome::Applied => {
                session.forget_statements(version).await?;
                session.set_state(version, State::Applied, migration).await
            }
            Outcome::Reverted => session.forget(version).await,
            Outcome::Done | Outcome::Again => {
                let known = session.known_statements(version).await?;
                let doubt = known.iter().find(|known| !known.finished);
                let doubt = doubt.ok_or_else(|| {
                    Failure::new(format!(
                        "no statement of {version} is in doubt: run it again"
                    ))
                })?;
                match outcome {
                    Outcome::Done => {
                        self.finish_doubtful(session, half, migration, doubt.position)
                            .await
                    }
                    _ => session.forget_statement(version, doubt.position).await,
                }
            }
        }
    }

    async fn finish_doubtful(
        &self,
        session: &Session<'_>,
        half: &Applied,
        migration: Option<&Migration>,
        position: usize,
    ) -> Result<(), Failure> {
        let down = match (&half.down, half.state) {
            (Some(text), State::Reverting) => {
                Some(crate::files::Script::new(half.name.clone(), text)?)
            }
            _ => None,
        };
        let script = down.as_ref().or(migration.map(|migration| &migration.up));
        let script =
            script.ok_or_else(|| Failure::new(format!("this build has no {}", half.version)))?;
        let statements = split(script)?;
        let statement = statements.get(position);
        let statement = statement.ok_or_else(|| {
            Failure::new(format!("{} has no statement {}", script.file, position + 1))
        })?;
        session
            .finish_statement(&half.version, position, statement)
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
                continue;
            }
            Some(row) => session.forget(&row.version).await?,
            None => {}
        }
        session.record(migration, State::Applied, true).await?;
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
