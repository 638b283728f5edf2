//! The commands that only read. They do not even create the bookkeeping.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::{
    database::history::{Applied, State},
    engine::Engine,
    failure::Failure,
    files::Migrations,
    report::Report,
    run::moved::moved,
    run::plan,
    run::way_back,
    status::Status,
};

impl Engine {
    /// Reads the history, and puts the revision into the report.
    pub(crate) async fn read(&self, report: &mut Report) -> Result<Vec<Applied>, Failure> {
        let session = self.open(report).await?;
        self.observe(&session, report).await
    }

    pub(crate) async fn current(&self, report: &mut Report) -> Result<(), Failure> {
        let history = self.read(report).await?;
        report.detail("revision", plan::revision(&history));
        let incomplete: Vec<_> = history
            .iter()
            .filter(|row| row.state != State::Applied)
            .collect();
        if !incomplete.is_empty() {
            report.detail("half_applied", incomplete);
        }
        Ok(())
    }

    pub(crate) fn heads(&self, report: &mut Report) -> Result<(), Failure> {
        let head = self.migrations()?.head();
        report.detail("heads", head.as_slice());
        Ok(())
    }

    pub(crate) async fn show(&self, version: &str, report: &mut Report) -> Result<(), Failure> {
        let mut repeatable = self.migrations()?.repeatable.iter();
        if let Some(file) = repeatable.find(|file| file.full_name() == version) {
            return self.show_repeatable(file, report).await;
        }
        let migration = self.migrations()?.find(version);
        let migration = migration.ok_or_else(|| {
            Failure::new(format!(
                "there is no migration `{version}`: `history` and `check` list the versions"
            ))
        })?;
        let history = self.read(report).await?;
        let row = history.iter().find(|row| row.version == version);
        let details = json!({
            "version": migration.version,
            "name": migration.name,
            "checksum": migration.checksum(),
            "applied": row,
            "up": migration.up.text,
            "down": migration.down.as_ref().map(|script| &script.text),
        });
        report.detail("migration", details);
        Ok(())
    }

    pub(crate) async fn check(&self, report: &mut Report) -> Result<(), Failure> {
        let migrations = self.migrations()?;
        let history = self.read(report).await?;
        refuse_divergences(migrations, &history, report)?;
        note_moved(migrations, &history, report);
        if let Some(row) = history.iter().find(|row| row.state != State::Applied) {
            let message = format!(
                "{}_{} is incomplete: continue with `upgrade` or `downgrade`, or correct the record with `repair`",
                row.version, row.name
            );
            return Err(Failure::with_status(Status::Incomplete, message));
        }
        if !report.pending.is_empty() {
            report.status = Status::Pending;
        }
        Ok(())
    }

    /// A way back that differs is only noted: a down file may be corrected after its migration was
    /// applied, and `downgrade` runs the file.
    pub(crate) async fn verify(&self, report: &mut Report) -> Result<(), Failure> {
        let migrations = self.migrations()?;
        let session = self.open(report).await?;
        let history = self.observe(&session, report).await?;
        let ways_back = way_back::differing(migrations, &history);
        for file in &ways_back {
            report.notes.push(format!(
                "{file} differs from the text stored in the history: `downgrade` runs the file, and `stamp` with \
                 the current revision stores it for builds without the file"
            ));
        }
        report.detail("ways_back", ways_back);
        note_moved(migrations, &history, report);
        self.note_repeatable(&session, &history, report).await?;
        refuse_divergences(migrations, &history, report)
    }

    pub(crate) async fn wait(
        &self,
        seconds: u32,
        secret: Option<&str>,
        report: &mut Report,
    ) -> Result<(), Failure> {
        const PAUSE: Duration = Duration::from_millis(250);
        let patience = Duration::from_secs(seconds.into());
        let connector = self.connector_for(secret).await?;
        let started = Instant::now();
        loop {
            let failure = match self.open_with(&connector, report).await {
                Ok(_) => return Ok(()),
                Err(failure) => failure,
            };
            if started.elapsed() >= patience || self.clock.is_over() {
                return Err(failure);
            }
            (self.progress)(&format!("waiting for the database: {failure}"));
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// A file that has moved is no divergence: `upgrade` settles it.
fn note_moved(migrations: &Migrations, history: &[Applied], report: &mut Report) {
    for moved in moved(migrations, history) {
        let note = format!(
            "{}: `upgrade` moves its record, and does not run it again",
            moved.sentence()
        );
        report.notes.push(note);
        report.moved(moved);
    }
}

fn refuse_divergences(
    migrations: &Migrations,
    history: &[Applied],
    report: &mut Report,
) -> Result<(), Failure> {
    let divergences = plan::divergences(migrations, history);
    report.detail("divergent", &divergences);
    let Some(first) = divergences.first() else {
        return Ok(());
    };
    let mut message = format!("{} {}", first.file, first.reason);
    if divergences.len() > 1 {
        message += &format!(" (and {} more)", divergences.len() - 1);
    }
    Err(Failure::with_status(Status::Divergent, message))
}
