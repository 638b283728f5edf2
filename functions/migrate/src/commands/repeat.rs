//! The repeatable files: which are due, their turn at the end of `upgrade`, and what other commands say
//! of them.

use serde_json::{Value, json};

use crate::{
    database::history::Applied,
    database::repeatable::Repeated,
    database::session::Session,
    engine::Engine,
    failure::Failure,
    files::repeatable::{R, Repeatable},
    report::{Report, Source},
    run::plan,
    run::work::{Step, Work},
};

impl Engine {
    /// The repeatable files that are new or have changed since they were applied, by name. None where a
    /// newer build has migrated the database: its files have the right text.
    pub(crate) async fn due(
        &self,
        session: &Session<'_>,
        history: &[Applied],
    ) -> Result<Vec<&Repeatable>, Failure> {
        let Ok(migrations) = &self.migrations else {
            return Ok(Vec::new());
        };
        let is_ahead = plan::ahead(migrations, history).next().is_some();
        if migrations.repeatable.is_empty() || is_ahead {
            return Ok(Vec::new());
        }
        let recorded = session.repeated().await?;
        let is_recorded = |file: &&Repeatable| {
            let row = recorded.iter().find(|row| row.name == file.name);
            row.is_some_and(|row| row.checksum == file.checksum())
        };
        let files = migrations.repeatable.iter();
        Ok(files.filter(|file| !is_recorded(file)).collect())
    }

    /// Applies the repeatable files that are due, unless a migration is still pending: they may need it.
    pub(crate) async fn repeat(
        &self,
        session: &Session<'_>,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let migrations = self.migrations()?;
        if migrations.repeatable.is_empty() {
            return Ok(());
        }
        let history = session.history().await?;
        if !plan::pending(migrations, &history).is_empty() {
            return Ok(());
        }
        for file in self.due(session, &history).await? {
            let work = Work {
                step: Step::Repeat(file),
                script: &file.script,
                source: Source::File,
            };
            self.work(session, &work, false, report).await?;
        }
        Ok(())
    }

    pub(crate) async fn show_repeatable(
        &self,
        file: &Repeatable,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let session = self.open(report).await?;
        self.observe(&session, report).await?;
        let recorded = session.repeated().await?;
        let row = recorded.iter().find(|row| row.name == file.name);
        let details = json!({
            "version": R,
            "name": file.name,
            "checksum": file.checksum(),
            "applied": row.map(entry),
            "up": file.script.text,
        });
        report.detail("migration", details);
        Ok(())
    }

    /// What `history` lists of them: every file, and every record without one.
    pub(crate) async fn list_repeatable(
        &self,
        session: &Session<'_>,
        history: &[Applied],
    ) -> Result<Vec<Value>, Failure> {
        let files = self.migrations.as_ref().map(|files| &files.repeatable[..]);
        let (files, due) = (files.unwrap_or_default(), self.due(session, history).await?);
        let recorded = session.repeated().await?;
        let rows = recorded.iter().map(|row| {
            let mut entry = entry(row);
            if due.iter().any(|file| file.name == row.name) {
                entry["state"] = json!("pending");
                entry["changed"] = json!(true);
            }
            if self.migrations.is_ok() && !files.iter().any(|file| file.name == row.name) {
                entry["missing"] = json!(true);
            }
            entry
        });
        let is_new = |file: &&Repeatable| !recorded.iter().any(|row| row.name == file.name);
        let new = files.iter().filter(is_new).map(|file| {
            json!({"version": R, "name": file.name, "checksum": file.checksum(), "state": "pending"})
        });
        let mut list: Vec<_> = rows.chain(new).collect();
        list.sort_by(|one, other| one["name"].as_str().cmp(&other["name"].as_str()));
        Ok(list)
    }

    /// `verify`: they may change and go, so nothing about them is a divergence.
    pub(crate) async fn note_repeatable(
        &self,
        session: &Session<'_>,
        history: &[Applied],
        report: &mut Report,
    ) -> Result<(), Failure> {
        for entry in self.list_repeatable(session, history).await? {
            let name = entry["name"].as_str().unwrap_or_default();
            if entry["changed"] == true {
                let note = format!(
                    "{R}_{name} was changed after it was applied: `upgrade` applies it again"
                );
                report.notes.push(note);
            }
            if entry["missing"] == true {
                report.notes.push(format!(
                    "{R}_{name} has no file here: drop what it made in a migration, and `stamp` with the current \
                     revision removes its record"
                ));
            }
        }
        Ok(())
    }
}

/// The entry of a record in `history`.
fn entry(row: &Repeated) -> Value {
    let mut entry = json!(row);
    entry["version"] = json!(R);
    entry["state"] = json!("applied");
    entry
}
