//! What a command has to run, from the files and the history of the database.

use serde::Serialize;

use crate::{
    command::Ahead,
    database::history::{Applied, State},
    failure::Failure,
    files::{Migration, Migrations},
    run::moved::{Moved, candidates, moved},
    status::Status,
};

/// A difference between what was applied and the files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Divergence {
    pub file: String,
    pub reason: String,
    #[serde(skip)]
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Missing,
    Changed,
    OutOfOrder,
}

/// What `upgrade` accepts, and refuses otherwise.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Accept {
    /// Applied migrations that are newer than every file.
    pub ahead: Ahead,
    /// Pending migrations that are older than an applied one.
    pub out_of_order: bool,
}

/// The migrations that are not applied, or only partially, oldest first.
pub(crate) fn pending<'a>(migrations: &'a Migrations, history: &[Applied]) -> Vec<&'a Migration> {
    let is_applied = |migration: &&Migration| {
        let row = history.iter().find(|row| row.version == migration.version);
        row.is_some_and(|row| row.state != State::Applying)
    };
    migrations
        .versioned
        .iter()
        .filter(|migration| !is_applied(migration))
        .collect()
}

/// The applied migrations that are newer than every file: a newer build has run here.
pub(crate) fn ahead<'a>(
    migrations: &'a Migrations,
    history: &'a [Applied],
) -> impl Iterator<Item = &'a Applied> {
    let newest = migrations.versioned.last();
    let moved = moved(migrations, history);
    history.iter().filter(move |row| {
        row.state == State::Applied
            && newest.is_some_and(|newest| newest.version < row.version)
            && !moved.iter().any(|moved| moved.row.version == row.version)
    })
}

/// Every difference that must stop a deployment.
pub(crate) fn divergences(migrations: &Migrations, history: &[Applied]) -> Vec<Divergence> {
    let mut divergences = Vec::new();
    let moved = moved(migrations, history);
    for row in history {
        match migrations.find(&row.version) {
            None if moved.iter().any(|moved| moved.row.version == row.version) => {}
            None => divergences.push(Divergence {
                file: row.file(),
                reason: why_missing(migrations, history, row),
                kind: Kind::Missing,
            }),
            // The file of an incomplete migration may be corrected: its statements are compared
            // one by one when they run.
            Some(migration)
                if row.state == State::Applied && migration.checksum() != row.checksum =>
            {
                divergences.push(Divergence {
                    file: migration.up.file.clone(),
                    reason:
                        "was changed after it was applied: restore it, and write a new migration"
                            .to_owned(),
                    kind: Kind::Changed,
                });
            }
            Some(_) => {}
        }
    }
    for migration in pending(migrations, history) {
        let is_recorded = history.iter().any(|row| row.version == migration.version);
        let is_moved = moved
            .iter()
            .any(|moved| moved.to.version == migration.version);
        if !is_recorded && !is_moved && is_late(migration, history, &moved) {
            divergences.push(Divergence {
                file: migration.up.file.clone(),
                reason: "is out of order, older than an applied migration: give it a new version, or apply it \
                         with `upgrade --out-of-order`".to_owned(),
                kind: Kind::OutOfOrder,
            });
        }
    }
    divergences
}

/// Whether an applied migration is newer. A record that moves keeps its version until the turn of its
/// file comes.
pub(crate) fn is_late(migration: &Migration, history: &[Applied], moved: &[Moved<'_>]) -> bool {
    history.iter().any(|row| {
        let is_newer = |version: &str| *version > *migration.version;
        let mut moved = moved.iter();
        is_newer(&row.version)
            && moved
                .find(|moved| moved.row.version == row.version)
                .is_none_or(|moved| is_newer(&moved.to.version))
    })
}

fn why_missing(migrations: &Migrations, history: &[Applied], row: &Applied) -> String {
    let reason = "is applied, but missing here: restore the file";
    let candidates = candidates(migrations, history, row);
    let same = migrations.versioned.iter().find(|file| {
        let is_new = !history.iter().any(|row| row.version == file.version);
        is_new && file.checksum() == row.checksum
    });
    match (same, candidates.is_empty()) {
        (_, false) => {
            let files = candidates.iter().map(|file| file.up.file.as_str());
            let files = files.collect::<Vec<_>>().join(", ");
            format!(
                "{reason} (it may have moved to {files}, but other files or records have the same name and text)"
            )
        }
        (Some(file), true) => {
            let (file, name) = (&file.up.file, &row.name);
            format!("{reason}, or if it has become {file}, give that the name `{name}` again")
        }
        (None, true) => reason.to_owned(),
    }
}

/// What `upgrade` applies, oldest first.
pub(crate) fn up<'a>(
    migrations: &'a Migrations,
    history: &[Applied],
    target: &str,
    accept: Accept,
) -> Result<Vec<&'a Migration>, Failure> {
    if let Some(row) = history.iter().find(|row| row.state == State::Reverting) {
        let version = &row.version;
        let message = format!(
            "{version} is partially reverted: continue with `downgrade`, or correct the record with `repair {version}`"
        );
        return Err(Failure::with_status(Status::Incomplete, message));
    }
    let mut divergences = divergences(migrations, history);
    let ahead: Vec<_> = ahead(migrations, history).map(Applied::file).collect();
    divergences.retain(|divergence| match divergence.kind {
        Kind::Missing => accept.ahead == Ahead::Refuse || !ahead.contains(&divergence.file),
        Kind::OutOfOrder => !accept.out_of_order,
        Kind::Changed => true,
    });
    if !divergences.is_empty() {
        let lines = divergences
            .iter()
            .map(|divergence| format!("{} {}", divergence.file, divergence.reason));
        return Err(Failure::with_status(
            Status::Divergent,
            lines.collect::<Vec<_>>().join("; "),
        ));
    }
    let mut pending = pending(migrations, history);
    if let Some(count) = target
        .strip_prefix('+')
        .and_then(|count| count.parse().ok())
    {
        pending.truncate(count);
    } else if migrations.find(target).is_some() {
        pending.retain(|migration| *migration.version <= *target);
    } else if target != "head" {
        let message = format!(
            "the target of upgrade must be head, +N or an existing version, not `{target}`"
        );
        return Err(Failure::new(message));
    }
    Ok(pending)
}

/// What `downgrade` reverts, newest first. `from` is the version that must be the newest.
pub(crate) fn down<'a>(
    history: &'a [Applied],
    target: &str,
    from: Option<&str>,
) -> Result<Vec<&'a Applied>, Failure> {
    let newest = history.last().map_or("base", |row| &row.version);
    if let Some(from) = from.filter(|from| *from != newest) {
        let message =
            format!("the database is at {newest}, and not at `{from}`: nothing was reverted");
        return Err(Failure::new(message));
    }
    if let Some(row) = history.iter().find(|row| row.state == State::Applying) {
        let version = &row.version;
        let message = format!(
            "{version} is partially applied: continue with `upgrade`, or correct the record with `repair {version}`"
        );
        return Err(Failure::with_status(Status::Incomplete, message));
    }
    let count = target
        .strip_prefix('-')
        .and_then(|count| count.parse::<usize>().ok());
    let position = history.iter().position(|row| row.version == target);
    let keep = match (target, count, position) {
        ("base", ..) => 0,
        (_, Some(count), _) => history.len().saturating_sub(count),
        (_, None, Some(position)) => position + 1,
        _ => {
            let message = format!(
                "the target of downgrade must be -N, base or an applied version, not `{target}`"
            );
            return Err(Failure::new(message));
        }
    };
    if let Some(row) = history[..keep]
        .iter()
        .find(|row| row.state == State::Reverting)
    {
        let version = &row.version;
        let message = format!(
            "{version} is partially reverted: choose an older target, or correct the record with `repair {version}`"
        );
        return Err(Failure::with_status(Status::Incomplete, message));
    }
    Ok(history[keep..].iter().rev().collect())
}

/// The version that a plan of `downgrade` ends at, or `base`.
pub(crate) fn below(history: &[Applied], plan: &[&Applied]) -> String {
    let kept = history.len().saturating_sub(plan.len());
    let newest = history[..kept].last();
    newest.map_or_else(|| "base".to_owned(), |row| row.version.clone())
}

/// The revision of a database: the newest migration that is wholly applied.
pub(crate) fn revision(history: &[Applied]) -> Option<String> {
    let whole = history.iter().filter(|row| row.state == State::Applied);
    whole.map(|row| row.version.clone()).max()
}
