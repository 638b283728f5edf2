//! A migration outside of a transaction: its statements run one by one, each with its own record.
//!
//! A statement that can run in a transaction shares one with its record, so that both take effect or
//! neither does. Any other statement is recorded before and after it runs. In between, its outcome is
//! in doubt. The next run then asks the catalog, runs the statement again where that is harmless, or
//! fails and asks for `repair`.

use std::{
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    time::{Duration, Instant},
};

use crate::{
    clock::Clock,
    database::history::{RecordedStatement, State},
    database::session::Session,
    failure::Failure,
    files::kind::Kind,
    files::statement::{Statement, split},
    report::{Report, Timed, milliseconds},
    run::backfill,
    run::bare::StatementRun,
    run::retry::retried,
    run::work::{Step, Work},
    status::Status,
};

/// Runs `work`, from the point where an earlier run stopped if `resumes`.
pub(crate) async fn run(
    session: &Session<'_>,
    work: &Work<'_>,
    resumes: bool,
    clock: &Clock,
    report: &mut Report,
) -> Result<Vec<Timed>, Failure> {
    let statements = split(work.script)?;
    claimed(session, work, resumes).await?;
    let recorded = session.recorded_statements(work.version()).await?;
    refuse_changes(work, &statements, &recorded)?;
    backfill::refuse_changes(session, work, &statements).await?;
    let mut timed = Vec::new();
    for (position, statement) in statements.iter().enumerate() {
        let record = recorded.iter().find(|record| record.position == position);
        let is_finished = record.is_some_and(|record| record.finished);
        if is_finished && statement.kind != Kind::Setting {
            continue;
        }
        if clock.is_over() {
            let (line, file) = (statement.line, &work.script.file);
            let message = format!("no time is left to run line {line} of {file}");
            return Err(Failure::new(message).out_of_time());
        }
        let run = StatementRun {
            session,
            work,
            position,
            statement,
            in_doubt: AtomicBool::new(record.is_some() && !is_finished),
        };
        let took = match work.script.directives.repeat {
            true => Some(backfill::run(session, work, statement, clock, report).await?),
            false => retried(session, clock, report, || once(&run)).await?,
        };
        // A setting takes effect in each run anew.
        report.progressed |= statement.kind != Kind::Setting;
        if let Some(took) = took {
            timed.push(Timed {
                line: statement.line,
                duration_ms: milliseconds(took),
            });
        }
    }
    finish(session, work).await?;
    Ok(timed)
}

/// Records that the migration is being run, and by which session. The session of a runner that died may
/// take a moment to end.
async fn claimed(session: &Session<'_>, work: &Work<'_>, resumes: bool) -> Result<(), Failure> {
    const PATIENCE: Duration = Duration::from_secs(2);
    let started = Instant::now();
    loop {
        match claim(session, work, resumes).await {
            Err(failure)
                if failure.status == Status::Locked
                    && started.elapsed() < PATIENCE
                    && !session.is_late() => {}
            result => return result,
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn claim(session: &Session<'_>, work: &Work<'_>, resumes: bool) -> Result<(), Failure> {
    session.require_lock().await?;
    session.client.batch_execute("BEGIN").await?;
    let claim = async {
        match (work.step, resumes) {
            (_, true) | (Step::Repeat(_), _) => {}
            (Step::Up(migration), false) => {
                session.record(migration, State::Applying, false).await?;
            }
            (Step::Down(applied), false) => {
                let version = &applied.version;
                session.set_state(version, State::Reverting, None).await?;
            }
        }
        session.claim(work.version()).await
    };
    let claimed = claim.await;
    let end = if claimed.is_ok() {
        "COMMIT"
    } else {
        "ROLLBACK"
    };
    session.client.batch_execute(end).await?;
    claimed
}

/// Statements that have begun must still be in the file, unchanged and in their places.
fn refuse_changes(
    work: &Work<'_>,
    statements: &[Statement],
    recorded: &[RecordedStatement],
) -> Result<(), Failure> {
    for record in recorded {
        let same = statements
            .get(record.position)
            .is_some_and(|statement| statement.hash == record.hash);
        if !same {
            let (file, number) = (&work.script.file, record.position + 1);
            let message = format!(
                "{file}: statement {number} was changed after it began to run: restore it; only later statements may \
                 change"
            );
            return Err(Failure::with_status(Status::Divergent, message));
        }
    }
    Ok(())
}

/// Runs the statement in a transaction with its record, or in autocommit where PostgreSQL refuses
/// the transaction. Returns None when the statement took effect in an earlier run.
async fn once(run: &StatementRun<'_>) -> Result<Option<Duration>, Failure> {
    let lock = run.session.require_lock().await;
    lock.map_err(|failure| run.located(failure))?;
    if run.in_doubt.load(Relaxed) && run.settle().await? {
        return Ok(None);
    }
    if run.statement.kind.is_concurrent() {
        return run.autocommit(false).await.map(Some);
    }
    let failure = match in_transaction(run).await {
        Ok(took) => return Ok(Some(took)),
        Err(failure) => failure,
    };
    // An error here means that the connection is gone, and the transaction with it.
    let _ = run.session.client.batch_execute("ROLLBACK").await;
    match failure.sqlstate.as_deref() {
        // active_sql_transaction: the statement cannot run in a transaction block.
        Some("25001") => run.autocommit(false).await.map(Some),
        // invalid_transaction_termination: the statement calls a procedure that commits.
        Some("2D000") => run.autocommit(true).await.map(Some),
        _ => Err(failure),
    }
}

async fn in_transaction(run: &StatementRun<'_>) -> Result<Duration, Failure> {
    let StatementRun {
        session,
        work,
        position,
        statement,
        ..
    } = run;
    let lock_timeout = Session::default_lock_timeout();
    let timeouts = session.timeouts(&work.script.directives, "LOCAL", lock_timeout);
    let role = session.begin_as_session_user(&timeouts).await?;
    session
        .finish_statement(work.version(), *position, statement)
        .await?;
    session
        .client
        .batch_execute(&format!("SET LOCAL ROLE {role}"))
        .await?;
    let took = session.run(work.script, statement).await;
    let took = took.map_err(|error| error.into_failure_at(work.script, statement))?;
    session.commit(&work.script.file, statement.line).await?;
    Ok(took)
}

async fn finish(session: &Session<'_>, work: &Work<'_>) -> Result<(), Failure> {
    session.reset().await?;
    session.client.batch_execute("BEGIN").await?;
    match work.step {
        Step::Up(migration) => {
            // The row of the history first, as a claim locks it.
            let version = &migration.version;
            session
                .set_state(version, State::Applied, Some(migration))
                .await?;
            session.forget_statements(version).await?;
        }
        Step::Down(applied) => session.forget(&applied.version).await?,
        Step::Repeat(_) => {}
    }
    session.client.batch_execute("COMMIT").await?;
    Ok(())
}
