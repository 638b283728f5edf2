//! A migration outside of a transaction: statement by statement, each recorded.
//!
//! What can run in a transaction runs in one with its record, so that both happen or neither. What
//! cannot is recorded before and after; in between its outcome is in doubt, and the next run finds
//! out from the catalog, runs it again where that does no harm, or asks.

use std::{
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    time::Duration,
};

use crate::{
    bare::Place,
    clock::Clock,
    failure::Failure,
    files::{Migration, Script},
    history::{Applied, Known, State},
    report::{Report, Status, Timed, milliseconds},
    session::Session,
    statement::{Kind, Statement, split},
    transaction::pause,
};

const ATTEMPTS: u32 = 16;

/// One direction of one migration.
pub(crate) struct Work<'a> {
    pub step: Step<'a>,
    pub script: &'a Script,
}

/// Up by a file, or down by what the history keeps.
#[derive(Clone, Copy)]
pub(crate) enum Step<'a> {
    Up(&'a Migration),
    Down(&'a Applied),
}

impl Work<'_> {
    pub fn version(&self) -> &str {
        match self.step {
            Step::Up(migration) => &migration.version,
            Step::Down(applied) => &applied.version,
        }
    }

    pub fn name(&self) -> &str {
        match self.step {
            Step::Up(migration) => &migration.name,
            Step::Down(applied) => &applied.name,
        }
    }

    pub fn direction(&self) -> &'static str {
        match self.step {
            Step::Up(_) => "up",
            Step::Down(_) => "down",
        }
    }
}

/// Runs `work`, from where an earlier run has left it.
pub(crate) async fn run(
    session: &Session<'_>,
    work: &Work<'_>,
    half: bool,
    clock: &Clock,
    report: &mut Report,
) -> Result<Vec<Timed>, Failure> {
    let statements = split(work.script)?;
    match (work.step, half) {
        (_, true) => {}
        (Step::Up(migration), false) => session.record(migration, State::Applying, false).await?,
        (Step::Down(applied), false) => {
            session
                .set_state(&applied.version, State::Reverting, None)
                .await?
        }
    }
    let known = session.known_statements(work.version()).await?;
    compare(work, &statements, &known)?;
    let mut timed = Vec::new();
    for (position, statement) in statements.iter().enumerate() {
        let known = known.iter().find(|known| known.position == position);
        if known.is_some_and(|known| known.finished) && statement.kind != Kind::Setting {
            continue;
        }
        if clock.is_over() {
            let (line, file) = (statement.line, &work.script.file);
            return Err(
                Failure::new(format!("no time is left for line {line} of {file}")).out_of_time(),
            );
        }
        let recorded = AtomicBool::new(known.is_some_and(|known| !known.finished));
        let place = Place {
            session,
            work,
            position,
            statement,
            recorded,
        };
        if let Some(took) = patiently(&place, clock, report).await? {
            let duration_ms = milliseconds(took);
            timed.push(Timed {
                line: statement.line,
                duration_ms,
            });
        }
    }
    finish(session, work).await?;
    Ok(timed)
}

/// What ran must still stand in the file, statement for statement.
fn compare(work: &Work<'_>, statements: &[Statement], known: &[Known]) -> Result<(), Failure> {
    for known in known {
        let same = statements
            .get(known.position)
            .is_some_and(|statement| statement.hash == known.hash);
        if !same {
            let (file, number) = (&work.script.file, known.position + 1);
            let message = format!(
                "{file}: statement {number} was changed after it began; only those after it may change"
            );
            return Err(Failure::with_status(Status::Divergent, message));
        }
    }
    Ok(())
}

async fn patiently(
    place: &Place<'_>,
    clock: &Clock,
    report: &mut Report,
) -> Result<Option<Duration>, Failure> {
    let mut attempt = 1;
    loop {
        let failure = match one(place).await {
            Ok(took) => return Ok(took),
            Err(failure) => failure,
        };
        if !failure.is_passing() || attempt == ATTEMPTS || clock.is_over() {
            return Err(failure);
        }
        place.session.say(&format!("  {failure}; trying again"));
        pause(attempt, clock).await;
        report.retries += 1;
        attempt += 1;
    }
}

/// In a transaction with its record where it can be, bare where PostgreSQL says that it cannot.
/// None where it turns out to have run before.
async fn one(place: &Place<'_>) -> Result<Option<Duration>, Failure> {
    if place.recorded.load(Relaxed) && place.settle().await? {
        return Ok(None);
    }
    if place.is_concurrent_index() {
        return place.bare(false).await.map(Some);
    }
    let failure = match in_transaction(place).await {
        Ok(took) => return Ok(Some(took)),
        Err(failure) => failure,
    };
    // Where the connection is gone, so is the transaction.
    let _ = place.session.client.batch_execute("ROLLBACK").await;
    match failure.sqlstate.as_deref() {
        Some("25001") => place.bare(false).await.map(Some),
        // It is a procedure, which ends transactions of its own.
        Some("2D000") => place.bare(true).await.map(Some),
        _ => Err(failure),
    }
}

async fn in_transaction(place: &Place<'_>) -> Result<Duration, Failure> {
    let Place {
        session,
        work,
        position,
        statement,
        ..
    } = place;
    let patience = Session::default_lock_timeout();
    let timeouts = session.timeouts(&work.script.directives, "LOCAL", patience);
    let role = session.begin_as_ourselves(&timeouts).await?;
    session
        .finish_statement(work.version(), *position, statement)
        .await?;
    session
        .client
        .batch_execute(&format!("SET LOCAL ROLE {role}"))
        .await?;
    let took = session.execute(&statement.sql).await;
    let took = took.map_err(|broken| broken.into_failure_at(work.script, statement))?;
    session.client.batch_execute("COMMIT").await?;
    Ok(took)
}

async fn finish(session: &Session<'_>, work: &Work<'_>) -> Result<(), Failure> {
    session.reset().await?;
    session.client.batch_execute("BEGIN").await?;
    match work.step {
        Step::Up(migration) => {
            session.forget_statements(&migration.version).await?;
            session
                .set_state(&migration.version, State::Applied, Some(migration))
                .await?;
        }
        Step::Down(applied) => session.forget(&applied.version).await?,
    }
    session.client.batch_execute("COMMIT").await?;
    Ok(())
}
