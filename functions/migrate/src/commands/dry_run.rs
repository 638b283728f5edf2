//! `upgrade --dry-run`: what would run, tried on the real database and rolled back.

use crate::{
    database::history::Applied,
    database::session::Session,
    engine::Engine,
    failure::Failure,
    files::{Migration, repeatable::Repeatable},
    report::{Report, Source},
    run::dry_run,
    run::moved::moved,
    run::work::{Step, Work},
    status::Status,
};

impl Engine {
    /// Tries the plan up to the first migration that cannot run in a transaction, or else the plan and
    /// the repeatable files that are due.
    pub(crate) async fn dry_run(
        &self,
        session: &Session<'_>,
        plan: &[&Migration],
        due: &[&Repeatable],
        history: &[Applied],
        report: &mut Report,
    ) -> Result<(), Failure> {
        let moved = moved(self.migrations()?, history);
        let is_moved =
            |one: &&&Migration| moved.iter().any(|moved| moved.to.version == one.version);
        for one in plan.iter().filter(is_moved) {
            let file = &one.up.file;
            let note = format!("{file} has moved: only its record would change");
            report.notes.push(note);
        }
        let plan: Vec<_> = plan.iter().filter(|one| !is_moved(one)).copied().collect();
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
        let mut works: Vec<_> = tried.iter().map(|migration| up(migration)).collect();
        if left.is_empty() {
            works.extend(due.iter().map(|file| again(file)));
        }
        session.lock(report, || self.clock.is_over()).await?;
        let (tried, result) = dry_run::run(session, &works, &self.clock, report).await;
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

fn up(migration: &Migration) -> Work<'_> {
    Work {
        step: Step::Up(migration),
        script: &migration.up,
        source: Source::File,
    }
}

fn again(file: &Repeatable) -> Work<'_> {
    Work {
        step: Step::Repeat(file),
        script: &file.script,
        source: Source::File,
    }
}
