//! `upgrade --dry-run`: what would run, tried on the real database and rolled back.

use crate::{
    database::history::Applied, database::session::Session, engine::Engine, failure::Failure,
    files::Migration, report::Report, run::dry_run, status::Status,
};

impl Engine {
    /// Tries the plan up to the first migration that cannot run in a transaction.
    pub(crate) async fn dry_run(
        &self,
        session: &Session<'_>,
        plan: &[&Migration],
        history: &[Applied],
        report: &mut Report,
    ) -> Result<(), Failure> {
        let is_outside = |migration: &&Migration| {
            let begun = history.iter().any(|row| row.version == migration.version);
            begun || migration.up.directives.no_transaction
        };
        let end = plan.iter().position(is_outside).unwrap_or(plan.len());
        let (tried, left) = plan.split_at(end);
        if let Some(first) = left.first() {
            report.notes.push(format!(
                "{} does not run in a transaction: it and later migrations were not tried",
                first.up.file
            ));
        }
        let versions = left.iter().map(|migration| &migration.version);
        report.detail("not_tried", versions.collect::<Vec<_>>());
        session.lock(report, || self.clock.is_over()).await?;
        let (tried, result) = dry_run::run(session, tried, &self.clock, report).await;
        report.detail("dry_run", tried);
        // Without an event to resume: the next dry run would begin anew.
        let result = result.map_err(
            |failure| match failure.is_timeout() && self.clock.is_over() {
                true => Failure {
                    status: Status::Incomplete,
                    message: dry_run::NO_TIME.to_owned(),
                    ..failure
                },
                false => failure,
            },
        );
        self.leave(session, result, report).await
    }
}
