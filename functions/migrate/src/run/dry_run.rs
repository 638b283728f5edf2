//! `upgrade --dry-run`: runs migrations in one transaction, rolls it back, and reports the locks.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use serde::Serialize;
use shared::tokio_postgres::types::Type;

use crate::{
    clock::Clock,
    database::session::Session,
    failure::Failure,
    files::statement::split,
    report::{Report, milliseconds},
    run::retry::retried,
    run::transaction,
    run::work::Work,
    status::Status,
};

const LOCKS: &str = include_str!("../sql/locks.sql");
const LOCKED_RELATIONS: &str = include_str!("../sql/locked_relations.sql");
const DEFERRABLE: &str = include_str!("../sql/deferrable.sql");

pub(crate) const NO_TIME: &str =
    "no time is left for the rest of the dry run: run it with the command, which has no deadline";

/// A migration that was run and rolled back.
#[derive(Debug, Serialize)]
pub(crate) struct Tried {
    version: String,
    name: String,
    /// In milliseconds, without a commit.
    duration_ms: f64,
    statements: Vec<TriedStatement>,
}

#[derive(Debug, Serialize)]
struct TriedStatement {
    line: usize,
    duration_ms: f64,
    locks: Vec<Lock>,
}

/// A lock on a relation that exists without this run.
#[derive(Debug, Serialize)]
struct Lock {
    relation: String,
    /// As pg_locks names it.
    mode: String,
    /// From the start of the statement to the end of its migration, in milliseconds.
    held_ms: f64,
}

/// A lock as pg_locks has it: the relation and the mode.
type Held = (u32, String);

/// A migration as it ran, before its relations have names.
struct Run<'a> {
    work: &'a Work<'a>,
    started: Instant,
    took: Duration,
    statements: Vec<RunStatement>,
}

struct RunStatement {
    line: usize,
    started: Instant,
    duration_ms: f64,
    added: Vec<Held>,
}

/// Runs the migrations in one transaction, again after a failure that may pass, and rolls it back. What
/// was tried is returned after a failure, too.
pub(crate) async fn run(
    session: &Session<'_>,
    works: &[Work<'_>],
    clock: &Clock,
    report: &mut Report,
) -> (Vec<Tried>, Result<(), Failure>) {
    let last = tokio::sync::Mutex::new(Vec::new());
    let result = retried(session, clock, report, || async {
        let mut runs = last.lock().await;
        runs.clear();
        let result = attempt(session, works, clock, &mut runs).await;
        // An error here means that the connection is gone, and the transaction with it.
        let _ = session.reset().await;
        result
    });
    let result = result.await;
    let runs = last.into_inner();
    match named(session, &runs).await {
        Ok(tried) => (tried, result),
        Err(failure) => (Vec::new(), result.and(Err(failure))),
    }
}

async fn attempt<'a>(
    session: &Session<'_>,
    works: &'a [Work<'a>],
    clock: &Clock,
    runs: &mut Vec<Run<'a>>,
) -> Result<(), Failure> {
    session.client.batch_execute("BEGIN").await?;
    session.create_bookkeeping().await?;
    let mut held = locks(session).await?.into_iter().collect();
    for work in works {
        session.say(&format!("trying {}_{}", work.version(), work.name()));
        runs.push(Run {
            work,
            started: Instant::now(),
            took: Duration::ZERO,
            statements: Vec::new(),
        });
        let Some(run) = runs.last_mut() else { continue };
        let result = one(session, clock, run, &mut held).await;
        run.took = run.started.elapsed();
        result?;
        session.reset_in_transaction().await?;
    }
    Ok(())
}

/// Runs one migration as [`transaction::run`] does, but for the commit.
async fn one(
    session: &Session<'_>,
    clock: &Clock,
    run: &mut Run<'_>,
    held: &mut BTreeSet<Held>,
) -> Result<(), Failure> {
    let work = run.work;
    let script = work.script;
    let statements = split(script)?;
    transaction::begin(session, work, "").await?;
    for statement in &statements {
        if clock.is_over() {
            return Err(Failure::with_status(Status::Incomplete, NO_TIME));
        }
        let started = Instant::now();
        let timed = transaction::statement(session, work, statement).await?;
        let added = locks(session).await?.into_iter();
        run.statements.push(RunStatement {
            line: statement.line,
            started,
            duration_ms: timed.duration_ms,
            added: added.filter(|lock| held.insert(lock.clone())).collect(),
        });
    }
    let checked = check_deferred(session).await;
    let line = statements.last().map(|statement| statement.line);
    checked.map_err(|failure| Failure {
        file: Some(script.file.clone()),
        line,
        ..failure
    })
}

/// Checks deferred constraints and runs deferred triggers, as a commit does. Later migrations can defer
/// theirs again.
async fn check_deferred(session: &Session<'_>) -> Result<(), Failure> {
    let row = session.client.query_typed_one(DEFERRABLE, &[]).await?;
    let all: Option<String> = row.try_get("all_names")?;
    let initially: Option<String> = row.try_get("initially_deferred")?;
    for (names, mode) in [(all, "IMMEDIATE"), (initially, "DEFERRED")] {
        if let Some(names) = names {
            let set = format!("SET CONSTRAINTS {names} {mode}");
            session.client.batch_execute(&set).await?;
        }
    }
    Ok(())
}

async fn locks(session: &Session<'_>) -> Result<Vec<Held>, Failure> {
    let rows = session.client.query_typed(LOCKS, &[]).await?;
    let locks = rows
        .iter()
        .map(|row| Ok((row.try_get("relation")?, row.try_get("mode")?)));
    locks.collect()
}

/// Names the relations after the rollback: those that are gone then, nobody else has seen.
async fn named(session: &Session<'_>, runs: &[Run<'_>]) -> Result<Vec<Tried>, Failure> {
    let statements = runs.iter().flat_map(|run| &run.statements);
    let locks = statements.flat_map(|statement| &statement.added);
    let relations: Vec<u32> = locks.map(|(relation, _)| *relation).collect();
    let rows = session
        .client
        .query_typed(LOCKED_RELATIONS, &[(&relations, Type::OID_ARRAY)])
        .await?;
    let names: Result<BTreeMap<u32, String>, Failure> = rows
        .iter()
        .map(|row| Ok((row.try_get("oid")?, row.try_get("name")?)))
        .collect();
    let names = names?;
    Ok(runs.iter().map(|run| tried(run, &names)).collect())
}

fn tried(run: &Run<'_>, names: &BTreeMap<u32, String>) -> Tried {
    let end = run.started + run.took;
    let lock = |started: Instant, (relation, mode): &Held| {
        Some(Lock {
            relation: names.get(relation)?.clone(),
            mode: mode.clone(),
            held_ms: milliseconds(end.saturating_duration_since(started)),
        })
    };
    let statements = run.statements.iter().map(|statement| TriedStatement {
        line: statement.line,
        duration_ms: statement.duration_ms,
        locks: statement
            .added
            .iter()
            .filter_map(|held| lock(statement.started, held))
            .collect(),
    });
    Tried {
        version: run.work.version().to_owned(),
        name: run.work.name().to_owned(),
        duration_ms: milliseconds(run.took),
        statements: statements.collect(),
    }
}
