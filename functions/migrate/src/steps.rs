//! A migration outside of a transaction: statement by statement, each recorded.
//!
//! What can run in a transaction runs in one with its record, so that both happen or neither. What
//! cannot is recorded before and after; in between its outcome is in doubt, and the next run finds
//! out from the catalog, runs it again where that does no harm, or asks.

use std::time::Duration;

use crate::{
    clock::Clock,
    failure::Failure,
    files::{Migration, Script},
    history::{Applied, Known, State},
    lock::jittered,
    report::{Report, Status, Timed, milliseconds},
    session::Session,
    statement::{Kind, Statement, split},
    transaction::backoff,
};

const INDEX_STATE: &str = include_str!("sql/index_state.sql");
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
        match known {
            Some(known) if known.finished && statement.kind != Kind::Setting => continue,
            Some(known) if known.finished => {}
            Some(_) if settle(session, work, position, statement).await? => continue,
            _ => {}
        }
        if clock.is_over() {
            let message = format!(
                "no time is left for line {} of {}",
                statement.line, work.script.file
            );
            return Err(Failure::with_status(Status::Incomplete, message));
        }
        let took = patiently(session, work, position, statement, clock, report).await?;
        timed.push(Timed {
            line: statement.line,
            duration_ms: milliseconds(took),
        });
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

/// Finds out what became of a statement that began: true where it took effect.
async fn settle(
    session: &Session<'_>,
    work: &Work<'_>,
    position: usize,
    statement: &Statement,
) -> Result<bool, Failure> {
    let took_effect = match &statement.kind {
        Kind::CreateIndexConcurrently(index) => match index_state(session, index).await? {
            Some(true) => true,
            Some(false) => {
                session.say(&format!("  {index} was left invalid: dropping it"));
                drop_invalid(session, index).await?;
                false
            }
            None => false,
        },
        Kind::DropIndexConcurrently(index) => index_state(session, index).await?.is_none(),
        Kind::Repeatable | Kind::Setting => false,
        Kind::TransactionControl | Kind::Other => return Err(in_doubt(work, statement)),
    };
    match took_effect {
        true => {
            session
                .finish_statement(work.version(), position, statement)
                .await?
        }
        false => session.forget_statement(work.version(), position).await?,
    }
    Ok(took_effect)
}

fn in_doubt(work: &Work<'_>, statement: &Statement) -> Failure {
    let (version, first) = (
        work.version(),
        statement.sql.lines().next().unwrap_or_default(),
    );
    let message = format!(
        "nobody knows whether `{first}` took effect before the last run ended: look, then say `repair {version} done` \
         if it did, `repair {version} again` if it did not"
    );
    Failure {
        file: Some(work.script.file.clone()),
        line: Some(statement.line),
        ..Failure::with_status(Status::Incomplete, message)
    }
}

async fn patiently(
    session: &Session<'_>,
    work: &Work<'_>,
    position: usize,
    statement: &Statement,
    clock: &Clock,
    report: &mut Report,
) -> Result<Duration, Failure> {
    let mut attempt = 1;
    loop {
        let failure = match one(session, work, position, statement).await {
            Ok(took) => return Ok(took),
            Err(failure) => failure,
        };
        if !failure.is_passing() || attempt == ATTEMPTS || clock.is_over() {
            return Err(failure);
        }
        session.say(&format!("  {failure}; trying again"));
        tokio::time::sleep(jittered(backoff(attempt))).await;
        report.retries += 1;
        attempt += 1;
    }
}

/// In a transaction with its record where it can be, bare where PostgreSQL says that it cannot.
async fn one(
    session: &Session<'_>,
    work: &Work<'_>,
    position: usize,
    statement: &Statement,
) -> Result<Duration, Failure> {
    let concurrent = matches!(
        statement.kind,
        Kind::CreateIndexConcurrently(_) | Kind::DropIndexConcurrently(_)
    );
    if concurrent {
        return bare(session, work, position, statement).await;
    }
    let timeouts = session.timeouts(
        &work.script.directives,
        "LOCAL",
        Session::default_lock_timeout(),
    );
    let role = session.begin_as_ourselves(&timeouts).await?;
    let result = async {
        session
            .finish_statement(work.version(), position, statement)
            .await?;
        session
            .client
            .batch_execute(&format!("SET LOCAL ROLE {role}"))
            .await?;
        let took = session.execute(&statement.sql).await;
        let took = took.map_err(|broken| broken.into_failure_at(work.script, statement))?;
        session.client.batch_execute("COMMIT").await?;
        Ok::<_, Failure>(took)
    };
    match result.await {
        Err(failure) => {
            // Where the connection is gone, so is the transaction.
            let _ = session.client.batch_execute("ROLLBACK").await;
            match failure.needs_no_transaction() {
                true => bare(session, work, position, statement).await,
                false => Err(failure),
            }
        }
        done => done,
    }
}

async fn bare(
    session: &Session<'_>,
    work: &Work<'_>,
    position: usize,
    statement: &Statement,
) -> Result<Duration, Failure> {
    let index = match &statement.kind {
        Kind::CreateIndexConcurrently(index) => Some(index),
        _ => None,
    };
    // One that was there before is not ours: it must not be taken for what this statement made.
    let stranger = match index {
        Some(index) => index_state(session, index).await?,
        None => None,
    };
    if let (Some(index), Some(false)) = (index, stranger) {
        let message =
            format!("{index} is there and invalid, and not from this migration: drop it first");
        return Err(Failure {
            file: Some(work.script.file.clone()),
            line: Some(statement.line),
            ..Failure::new(message)
        });
    }
    if stranger.is_none() {
        session
            .begin_as_ourselves("SET LOCAL lock_timeout = 0")
            .await?;
        session
            .start_statement(work.version(), position, statement)
            .await?;
        session.client.batch_execute("COMMIT").await?;
    }
    // A concurrent index waits for others without holding anybody up, so it may wait.
    let patience = match statement.kind {
        Kind::CreateIndexConcurrently(_) | Kind::DropIndexConcurrently(_) => None,
        _ => Session::default_lock_timeout(),
    };
    let timeouts = session.timeouts(&work.script.directives, "", patience);
    session.client.batch_execute(&timeouts).await?;
    match session.execute(&statement.sql).await {
        Ok(took) => {
            session
                .begin_as_ourselves("SET LOCAL statement_timeout = 0")
                .await?;
            session
                .finish_statement(work.version(), position, statement)
                .await?;
            session.client.batch_execute("COMMIT").await?;
            Ok(took)
        }
        Err(broken) => {
            // It failed, which is known, unless the connection did.
            if broken.error.code().is_some() && !session.client.is_closed() {
                session.reset().await?;
                if let (Some(index), None) = (index, stranger) {
                    drop_invalid(session, index).await?;
                }
                session.forget_statement(work.version(), position).await?;
            }
            Err(broken.into_failure_at(work.script, statement))
        }
    }
}

/// Whether the index is valid; None where there is none.
async fn index_state(session: &Session<'_>, index: &str) -> Result<Option<bool>, Failure> {
    use shared::tokio_postgres::types::Type;
    let row = session
        .client
        .query_typed_opt(INDEX_STATE, &[(&index, Type::TEXT)])
        .await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

async fn drop_invalid(session: &Session<'_>, index: &str) -> Result<(), Failure> {
    if index_state(session, index).await? == Some(false) {
        session
            .client
            .batch_execute(&format!("DROP INDEX CONCURRENTLY {index}"))
            .await?;
    }
    Ok(())
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
