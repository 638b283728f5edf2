//! A migration in one transaction: all of it happens, or nothing.

use std::time::{Duration, Instant};

use crate::{
    clock::Clock,
    failure::Failure,
    history::State,
    lock::jittered,
    report::{Report, Timed, milliseconds},
    session::Session,
    statement::{Statement, split},
    steps::{Step, Work},
};

/// With 2 s for each attempt, about a minute and a half.
const ATTEMPTS: u32 = 16;

/// Runs `work` as one transaction; again from its beginning after a lock that came too late.
pub(crate) async fn run(
    session: &Session<'_>,
    work: &Work<'_>,
    clock: &Clock,
    report: &mut Report,
) -> Result<Vec<Timed>, Failure> {
    let statements = split(work.script)?;
    let mut attempt = 1;
    loop {
        let failure = match once(session, work, &statements).await {
            Ok(timed) => return Ok(timed),
            Err(failure) => failure,
        };
        // Where the connection is gone, so is the transaction.
        let _ = session.client.batch_execute("ROLLBACK").await;
        if !failure.is_passing() || attempt == ATTEMPTS || clock.is_over() {
            return Err(failure);
        }
        session.say(&format!("  {failure}; trying again"));
        pause(attempt, clock).await;
        report.retries += 1;
        attempt += 1;
    }
}

/// Longer and longer, so that those who were held up get through; never past the deadline.
pub(crate) async fn pause(attempt: u32, clock: &Clock) {
    let pause = jittered(Duration::from_millis(100 << attempt.min(5)));
    tokio::time::sleep(clock.budget().map_or(pause, |budget| pause.min(budget))).await;
}

async fn once(
    session: &Session<'_>,
    work: &Work<'_>,
    statements: &[Statement],
) -> Result<Vec<Timed>, Failure> {
    let timeouts = session.timeouts(
        &work.script.directives,
        "LOCAL",
        Session::default_lock_timeout(),
    );
    session
        .client
        .batch_execute(&format!("BEGIN; {timeouts}"))
        .await?;
    // First of all, so that its key stops a second runner even where a pooler took the lock away.
    match work.step {
        Step::Up(migration) => session.record(migration, State::Applied, false).await?,
        Step::Down(applied) => session.forget(&applied.version).await?,
    }
    let mut timed = Vec::with_capacity(statements.len());
    for statement in statements {
        if session.has_deadline() {
            // The lock_timeout stays, which the file itself may have set.
            let timeout = session.statement_timeout(&work.script.directives, "LOCAL");
            session.client.batch_execute(&timeout).await?;
        }
        let took = session.execute(&statement.sql).await;
        let took = took.map_err(|broken| broken.into_failure_at(work.script, statement))?;
        timed.push(Timed {
            line: statement.line,
            duration_ms: milliseconds(took),
        });
    }
    let commit = Instant::now();
    session.client.batch_execute("COMMIT").await?;
    if commit.elapsed() > Duration::from_secs(1) {
        session.say(&format!(
            "  the commit took {:.1} s",
            commit.elapsed().as_secs_f64()
        ));
    }
    Ok(timed)
}
