//! A migration in one transaction: all of it takes effect, or nothing.

use std::time::{Duration, Instant};

use crate::{
    clock::Clock,
    database::history::State,
    database::session::Session,
    failure::Failure,
    files::statement::{Statement, split},
    report::{Report, Timed, milliseconds},
    run::retry::retried,
    run::work::{Step, Work},
};

/// Runs `work` as one transaction, and all of it again after a failure that may
/// pass, such as a lock timeout.
pub(crate) async fn run(
    session: &Session<'_>,
    work: &Work<'_>,
    clock: &Clock,
    report: &mut Report,
) -> Result<Vec<Timed>, Failure> {
    let statements = split(work.script)?;
    retried(session, clock, report, || async {
        let result = once(session, work, &statements).await;
        if result.is_err() {
            // An error here means that the connection is gone, and the transaction with it.
            let _ = session.client.batch_execute("ROLLBACK").await;
        }
        result
    })
    .await
}

async fn once(
    session: &Session<'_>,
    work: &Work<'_>,
    statements: &[Statement],
) -> Result<Vec<Timed>, Failure> {
    begin(session, work, "BEGIN").await?;
    let mut timed = Vec::with_capacity(statements.len());
    for one in statements {
        timed.push(statement(session, work, one).await?);
    }
    let commit = Instant::now();
    let last = statements.last().map_or(1, |statement| statement.line);
    session.commit(&work.script.file, last).await?;
    if commit.elapsed() > Duration::from_secs(1) {
        let seconds = commit.elapsed().as_secs_f64();
        session.say(&format!("  the commit took {seconds:.1} s"));
    }
    Ok(timed)
}

/// Begins a migration, after `begin`: BEGIN, or nothing in a transaction that has begun.
pub(crate) async fn begin(
    session: &Session<'_>,
    work: &Work<'_>,
    begin: &str,
) -> Result<(), Failure> {
    let lock_timeout = Session::default_lock_timeout();
    let timeouts = session.timeouts(&work.script.directives, "LOCAL", lock_timeout);
    let begin = format!("{begin}; {timeouts}");
    session.client.batch_execute(&begin).await?;
    // The record comes first: its key stops a second runner even where a connection pooler has
    // released the advisory lock.
    match work.step {
        Step::Up(migration) => session.record(migration, State::Applied, false).await,
        Step::Down(applied) => session.forget(&applied.version).await,
        Step::Repeat(file) => session.record_repeatable(file).await,
    }
}

/// Runs a statement in the transaction of its migration.
pub(crate) async fn statement(
    session: &Session<'_>,
    work: &Work<'_>,
    statement: &Statement,
) -> Result<Timed, Failure> {
    if session.remaining().is_some() {
        // Not the lock_timeout, which the file may have set itself.
        let timeout = session.statement_timeout(&work.script.directives, "LOCAL");
        session.client.batch_execute(&timeout).await?;
    }
    let took = session.run(work.script, statement).await;
    let took = took.map_err(|error| error.into_failure_at(work.script, statement))?;
    Ok(Timed {
        line: statement.line,
        duration_ms: milliseconds(took),
    })
}
