//! A statement that runs again and again, until it touches no row: a backfill in batches.
//!
//! Each round is a transaction with its record, so a run that dies loses and repeats nothing.

use std::time::{Duration, Instant};

use crate::{
    clock::Clock,
    database::{backfill::Rounds, session::Session},
    failure::Failure,
    files::statement::Statement,
    report::{Backfill, Report},
    run::retry::retried,
    run::work::Work,
    status::Status,
};

const BETWEEN_LINES: Duration = Duration::from_secs(10);

/// The rounds of this run.
struct Progress {
    began: Instant,
    /// How far the statement is, with what earlier runs have done.
    total: Rounds,
    rows: i64,
    longest: Duration,
    last_line: Instant,
}

/// Runs rounds until one touches no row, or the next could not end before the deadline. Returns how
/// long they took.
pub(crate) async fn run(
    session: &Session<'_>,
    work: &Work<'_>,
    statement: &Statement,
    clock: &Clock,
    report: &mut Report,
) -> Result<Duration, Failure> {
    let began = Instant::now();
    let recorded = session.recorded_backfill(work.version()).await?;
    let mut progress = Progress {
        began,
        total: recorded.map(|recorded| recorded.done).unwrap_or_default(),
        rows: 0,
        longest: Duration::ZERO,
        last_line: began,
    };
    let result = rounds(session, work, statement, clock, &mut progress, report).await;
    session.say(&progress.line());
    report.backfills.push(Backfill {
        file: work.script.file.clone(),
        rounds: progress.total.rounds,
        rows: progress.total.rows,
        rows_per_second: progress.rows_per_second(),
    });
    result.map(|()| began.elapsed())
}

async fn rounds(
    session: &Session<'_>,
    work: &Work<'_>,
    statement: &Statement,
    clock: &Clock,
    progress: &mut Progress,
    report: &mut Report,
) -> Result<(), Failure> {
    loop {
        let started = Instant::now();
        let attempt = || async {
            let result = round(session, work, statement).await;
            if result.is_err() {
                // An error here means that the connection is gone, and the transaction with it.
                let _ = session.client.batch_execute("ROLLBACK").await;
            }
            result
        };
        let (rows, total) = retried(session, clock, report, attempt).await?;
        report.progressed = true;
        if rows == 0 {
            progress.total = total;
            return Ok(());
        }
        progress.add(rows, total, started.elapsed());
        if progress.last_line.elapsed() >= BETWEEN_LINES {
            session.say(&progress.line());
            progress.last_line = Instant::now();
        }
        if clock.budget().is_some_and(|left| left < progress.longest) {
            let (line, file) = (statement.line, &work.script.file);
            let message = format!("no time is left for another round of line {line} of {file}");
            return Err(Failure::new(message).out_of_time());
        }
    }
}

/// One round: its record, the statement, and the rows that it has touched.
async fn round(
    session: &Session<'_>,
    work: &Work<'_>,
    statement: &Statement,
) -> Result<(i64, Rounds), Failure> {
    let (script, version) = (work.script, work.version());
    let lock_timeout = Session::default_lock_timeout();
    let timeouts = session.timeouts(&script.directives, "LOCAL", lock_timeout);
    let role = session.begin_as_session_user(&timeouts).await?;
    session.begin_round(version, &statement.hash).await?;
    let set_role = format!("SET LOCAL ROLE {role}");
    session.client.batch_execute(&set_role).await?;
    let touched = session.run_counted(script, statement).await;
    let touched = touched.map_err(|error| with_hint(error.into_failure_at(script, statement)))?;
    session.client.batch_execute("SET LOCAL ROLE NONE").await?;
    let rows = i64::try_from(touched).unwrap_or(i64::MAX);
    let total = session.end_round(version, rows).await?;
    if rows == 0 {
        session.finish_statement(version, 0, statement).await?;
    }
    session.commit(&script.file, statement.line).await?;
    Ok((rows, total))
}

fn with_hint(failure: Failure) -> Failure {
    let hint = "a round that touches fewer rows, by a lower LIMIT, takes less time";
    Failure {
        hint: failure
            .hint
            .clone()
            .or(failure.is_timeout().then(|| hint.to_owned())),
        ..failure
    }
}

/// A statement that has begun to be repeated must still be the same.
pub(crate) async fn refuse_changes(
    session: &Session<'_>,
    work: &Work<'_>,
    statements: &[Statement],
) -> Result<(), Failure> {
    let Some(recorded) = session.recorded_backfill(work.version()).await? else {
        return Ok(());
    };
    let is_same = |statement: &Statement| statement.hash == recorded.hash;
    if work.script.directives.repeat && statements.iter().all(is_same) {
        return Ok(());
    }
    let (file, version, rounds) = (&work.script.file, work.version(), recorded.done.rounds);
    let message = format!(
        "{file} was changed after {rounds} rounds of its statement: restore it; or run `repair {version} reverted`, \
         which keeps what they have done, and then `upgrade`"
    );
    Err(Failure::with_status(Status::Divergent, message))
}

impl Progress {
    fn add(&mut self, rows: i64, total: Rounds, took: Duration) {
        self.total = total;
        self.rows += rows;
        self.longest = self.longest.max(took);
    }

    /// In this run.
    fn rows_per_second(&self) -> f64 {
        (self.rows as f64 / self.began.elapsed().as_secs_f64()).round()
    }

    fn line(&self) -> String {
        let Rounds { rounds, rows } = self.total;
        let rate = self.rows_per_second();
        format!("  {rows} rows in {rounds} rounds, {rate} rows/s")
    }
}
