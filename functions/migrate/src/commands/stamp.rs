//! The commands that record migrations without running them: `stamp` and `baseline`. Each does
//! everything in one transaction, even the creation of the bookkeeping.

use std::time::Instant;

use serde_json::json;

use crate::{
    database::history::{Applied, State},
    database::session::Session,
    engine::Engine,
    failure::Failure,
    files::Migrations,
    files::directives::Directives,
    files::repeatable::R,
    report::Report,
    run::moved::moved,
    run::way_back::is_kept,
    status::Status,
};

impl Engine {
    pub(crate) async fn stamp(&self, version: &str, report: &mut Report) -> Result<(), Failure> {
        let last = match version {
            "base" => String::new(),
            version => self.existing(version, "head, base or an existing version")?,
        };
        self.set_history(&last, false, report).await
    }

    /// Only for an empty history, unlike `stamp`, so that it never changes a record. Its first record is
    /// that of the oldest migration, which is also the first of a concurrent runner: the key stops one
    /// of them, even where a connection pooler has released the lock.
    pub(crate) async fn baseline(&self, version: &str, report: &mut Report) -> Result<(), Failure> {
        let last = self.existing(version, "head or an existing version")?;
        self.set_history(&last, true, report).await
    }

    async fn set_history(
        &self,
        last: &str,
        must_be_empty: bool,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let session = self.open_confirmed(report).await?;
        let began = Instant::now();
        session.lock(report, || self.clock.is_over()).await?;
        let stamped = async {
            let history = self.begin(&session, report).await?;
            if let Some(newest) = history.last().filter(|_| must_be_empty) {
                return Err(not_empty(&format!("has {} already", newest.version)));
            }
            let changes = stamp(&session, self.migrations()?, &history, last).await?;
            session.client.batch_execute("COMMIT").await?;
            changes.tell(report);
            Ok(())
        };
        let result = stamped.await;
        let result = result.map_err(|failure| match must_be_empty && failure.is_duplicate() {
            true => not_empty("was filled by another runner in the meantime"),
            false => self.mark_out_of_time(failure, began, report),
        });
        self.leave(&session, result, report).await
    }

    /// The version that a person names, or that of head.
    pub(crate) fn existing(&self, version: &str, allowed: &str) -> Result<String, Failure> {
        let migrations = self.migrations()?;
        let found = match version {
            "head" => migrations.head(),
            version => migrations.find(version).map(|found| found.version.as_str()),
        };
        found.map(ToOwned::to_owned).ok_or_else(|| {
            let problem = match version {
                "head" => "there are no migrations to record".to_owned(),
                other => format!("the version must be {allowed}, not `{other}`"),
            };
            Failure::new(problem)
        })
    }

    /// Begins a transaction, makes the bookkeeping in it, and reads the history.
    async fn begin(
        &self,
        session: &Session<'_>,
        report: &mut Report,
    ) -> Result<Vec<Applied>, Failure> {
        let lock_timeout = Session::default_lock_timeout();
        let timeouts = session.timeouts(&Directives::default(), "LOCAL", lock_timeout);
        let begin = format!("BEGIN; {timeouts}");
        session.client.batch_execute(&begin).await?;
        session.create_bookkeeping().await?;
        self.observe(session, report).await
    }
}

fn not_empty(state: &str) -> Failure {
    Failure::new(format!(
        "the history {state}: `baseline` is for a database without any record, and `stamp VERSION` corrects the \
         records of another"
    ))
}

/// What `stamp` has changed: names of migrations.
#[derive(Default)]
struct Changes {
    moved: Vec<String>,
    recorded: Vec<String>,
    renewed: Vec<String>,
    ways_back: Vec<String>,
    pending: Vec<String>,
    removed: Vec<Applied>,
    repeatable: Vec<String>,
}

impl Changes {
    fn tell(self, report: &mut Report) {
        let removed: Vec<_> = self.removed.iter().map(name).collect();
        let all = [
            ("the records of moved files were moved", &self.moved),
            ("recorded as applied, and not run", &self.recorded),
            (
                "recorded anew from the files here, and not run",
                &self.renewed,
            ),
            ("the corrected .down.sql was stored", &self.ways_back),
            ("recorded as pending, and not reverted", &self.pending),
            (
                "removed the records of these, which have no files here; what they did stays in the database",
                &removed,
            ),
            ("removed the records of repeatable files", &self.repeatable),
        ];
        report.status = Status::Noop;
        for (what, names) in all.into_iter().filter(|(_, names)| !names.is_empty()) {
            report.notes.push(format!("{what}: {}", listed(names)));
            report.status = Status::Applied;
        }
        // Their way back exists nowhere else.
        let removed = self.removed.iter();
        let removed =
            removed.map(|row| json!({"version": row.version, "name": row.name, "down": row.down}));
        let removed: Vec<_> = removed.collect();
        if !removed.is_empty() {
            report.detail("removed", removed);
        }
    }
}

/// Makes the history what the files up to `last` say, within the open transaction.
async fn stamp(
    session: &Session<'_>,
    migrations: &Migrations,
    history: &[Applied],
    last: &str,
) -> Result<Changes, Failure> {
    let mut changes = Changes::default();
    let moved: Vec<_> = moved(migrations, history)
        .into_iter()
        .filter(|moved| moved.row.state == State::Applied && *moved.to.version <= *last)
        .collect();
    for moved in &moved {
        let (from, to) = (&moved.row.version, &moved.to.version);
        session.move_record(from, to).await?;
        changes.moved.push(moved.sentence());
    }
    for row in history {
        let has_file = migrations.find(&row.version).is_some();
        let has_moved = moved.iter().any(|moved| moved.row.version == row.version);
        if has_moved || has_file && *row.version <= *last {
            continue;
        }
        session.forget(&row.version).await?;
        match has_file {
            true => changes.pending.push(name(row)),
            false => changes.removed.push(row.clone()),
        }
    }
    let up_to_last = migrations
        .versioned
        .iter()
        .filter(|file| *file.version <= *last);
    for migration in up_to_last {
        let moved = moved
            .iter()
            .find(|moved| moved.to.version == migration.version);
        let row = history.iter().find(|row| row.version == migration.version);
        let full_name = format!("{}_{}", migration.version, migration.name);
        match row.or(moved.map(|moved| moved.row)) {
            Some(row) if row.state == State::Applied && row.checksum == migration.checksum() => {
                // It was applied as recorded; only its down file may have been corrected since.
                if !is_kept(migration, row) {
                    let applied = State::Applied;
                    session
                        .set_state(&migration.version, applied, Some(migration))
                        .await?;
                    changes.ways_back.push(full_name);
                }
            }
            Some(row) => {
                session.forget(&row.version).await?;
                session.record(migration, State::Applied, true).await?;
                changes.renewed.push(full_name);
            }
            None => {
                session.record(migration, State::Applied, true).await?;
                changes.recorded.push(full_name);
            }
        }
    }
    for row in session.repeated().await? {
        let has_file = migrations
            .repeatable
            .iter()
            .any(|file| file.name == row.name);
        if last.is_empty() || !has_file {
            session.forget_repeatable(&row.name).await?;
            changes.repeatable.push(format!("{R}_{}", row.name));
        }
    }
    Ok(changes)
}

fn name(row: &Applied) -> String {
    format!("{}_{}", row.version, row.name)
}

/// A few names, or the first and the last of many.
fn listed(names: &[String]) -> String {
    match names {
        [first, .., last] if names.len() > 5 => {
            format!("{first} to {last} ({} migrations)", names.len())
        }
        _ => names.join(", "),
    }
}
