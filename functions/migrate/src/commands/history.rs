//! `history`, also called `status`: what is applied and what is pending, in one list.

use serde_json::{Value, json};

use crate::{
    database::history::{Applied, State},
    engine::Engine,
    failure::Failure,
    files::{Migration, Migrations},
    report::Report,
    run::moved::{Moved, moved},
    run::plan::is_late,
};

impl Engine {
    pub(crate) async fn history(&self, report: &mut Report) -> Result<(), Failure> {
        let session = self.open(report).await?;
        let history = self.observe(&session, report).await?;
        let mut list = match self.migrations() {
            Ok(migrations) => list(migrations, &history),
            Err(failure) => {
                let note = format!("only what is applied is listed: {failure}");
                report.notes.push(note);
                history.iter().map(|row| json!(row)).collect()
            }
        };
        list.extend(self.list_repeatable(&session, &history).await?);
        report.detail("history", list);
        Ok(())
    }
}

/// Every record and every file without one, by version.
fn list(migrations: &Migrations, history: &[Applied]) -> Vec<Value> {
    let moved = moved(migrations, history);
    let rows = history.iter().map(|row| applied(migrations, row, &moved));
    let is_new = |file: &&Migration| !history.iter().any(|row| row.version == file.version);
    let files = migrations.versioned.iter().filter(is_new);
    let mut list: Vec<_> = rows
        .chain(files.map(|file| pending(file, history, &moved)))
        .collect();
    list.sort_by(|one, other| one["version"].as_str().cmp(&other["version"].as_str()));
    list
}

/// A record, and what its file has to do with it where that is not the usual.
fn applied(migrations: &Migrations, row: &Applied, moved: &[Moved<'_>]) -> Value {
    let mut entry = json!(row);
    let moved = moved.iter().find(|moved| moved.row.version == row.version);
    match (migrations.find(&row.version), moved) {
        (None, Some(moved)) => entry["moved_to"] = json!(moved.to.version),
        (None, None) => entry["missing"] = json!(true),
        (Some(file), _) if row.state == State::Applied && file.checksum() != row.checksum => {
            entry["changed"] = json!(true);
        }
        _ => {}
    }
    entry
}

fn pending(file: &Migration, history: &[Applied], moved: &[Moved<'_>]) -> Value {
    let from = moved.iter().find(|moved| moved.to.version == file.version);
    let mut entry = json!({
        "version": file.version,
        "name": file.name,
        "checksum": file.checksum(),
        "state": "pending",
        "out_of_order": from.is_none() && is_late(file, history, moved),
    });
    if let Some(from) = from {
        entry["moved_from"] = json!(from.row.version);
    }
    entry
}
