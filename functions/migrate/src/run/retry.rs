//! Further attempts after a lock timeout, a deadlock or a serialization failure.

use std::time::Duration;

use crate::{
    clock::{Clock, jittered},
    database::session::Session,
    failure::Failure,
    report::Report,
};

/// With a lock_timeout of 2 s, these take about a minute and a half.
const ATTEMPTS: u32 = 16;

/// Runs `attempt` until it succeeds. Its failures must leave no transaction open. The pauses in between
/// grow, so that blocked sessions get through, and never pass the deadline.
///
/// # Errors
/// The last failure, when another attempt cannot help, or when no attempt or time is left.
pub(crate) async fn retried<T, F: Future<Output = Result<T, Failure>>>(
    session: &Session<'_>,
    clock: &Clock,
    report: &mut Report,
    attempt: impl Fn() -> F,
) -> Result<T, Failure> {
    let mut number = 1;
    loop {
        let failure = match attempt().await {
            Ok(value) => return Ok(value),
            Err(failure) => failure,
        };
        if !failure.is_transient() || number == ATTEMPTS || clock.is_over() {
            return Err(failure);
        }
        session.say(&format!("  {failure}; trying again"));
        let pause = jittered(Duration::from_millis(100 << number.min(5)));
        tokio::time::sleep(clock.budget().map_or(pause, |budget| pause.min(budget))).await;
        report.retries += 1;
        number += 1;
    }
}
