//! `restore`: fills an empty database with the sample data, in one transaction.

use std::time::Instant;

use crate::{
    database::session::Session, engine::Engine, failure::Failure, files::Script,
    files::statement::split, report::Report, status::Status,
};

const FIRST_TABLE: &str = include_str!("../sql/first_table.sql");
const SCHEMA: &str = include_str!("../../../../sql/01-pagila-schema.sql");
const DATA: &str = include_str!("../../../../sql/02-pagila-data.sql");

impl Engine {
    pub(crate) async fn restore(
        &self,
        scale: u16,
        if_empty: bool,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let session = self.open_confirmed(report).await?;
        session.lock(report, || self.clock.is_over()).await?;
        let began = Instant::now();
        let result = self.restore_locked(&session, scale, if_empty, report).await;
        let result = result.map_err(|failure| self.mark_out_of_time(failure, began, report));
        self.leave(&session, result, report).await
    }

    async fn restore_locked(
        &self,
        session: &Session<'_>,
        scale: u16,
        if_empty: bool,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let tables = session.client.query_typed(FIRST_TABLE, &[]).await?;
        if let Some(row) = tables.first() {
            let table: &str = row.try_get("first_table")?;
            let message =
                format!("the table {table} exists already: restore only fills an empty database");
            if if_empty {
                report.notes.push(message);
                return Ok(());
            }
            return Err(Failure::new(message));
        }
        fill(session, scale).await?;
        report.detail("scale", scale);
        report.status = Status::Applied;
        Ok(())
    }
}

async fn fill(session: &Session<'_>, scale: u16) -> Result<(), Failure> {
    session
        .client
        .batch_execute(&format!("BEGIN; SET LOCAL pagila.scale = {scale}"))
        .await?;
    for (file, text) in [
        ("01-pagila-schema.sql", SCHEMA),
        ("02-pagila-data.sql", DATA),
    ] {
        let script = Script::new(file.to_owned(), text)?;
        for statement in split(&script)? {
            let timeouts = session.timeouts(&script.directives, "LOCAL", None);
            session.client.batch_execute(&timeouts).await?;
            let took = session.run(&script, &statement).await;
            took.map_err(|error| error.into_failure_at(&script, &statement))?;
        }
    }
    Ok(session.client.batch_execute("COMMIT").await?)
}
