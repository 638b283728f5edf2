//! Further attempts after a lock timeout, a deadlock or a serialization failure.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use crate::{clock::Clock, failure::Failure, report::Report, session::Session};

/// With a lock_timeout of 2 s, these take about a minute and a half.
const ATTEMPTS: u32 = 16;

/// Pauses before the next attempt. The pauses grow, so that blocked sessions get through in
/// between, and never pass the deadline.
///
/// # Errors
/// Returns `failure` when another attempt cannot help, or when no attempt or time is left.
pub(crate) async fn pause(
    attempt: u32,
    failure: Failure,
    session: &Session<'_>,
    clock: &Clock,
    report: &mut Report,
) -> Result<(), Failure> {
    if !failure.is_transient() || attempt == ATTEMPTS || clock.is_over() {
        return Err(failure);
    }
    session.say(&format!("  {failure}; trying again"));
    let pause = jittered(Duration::from_millis(100 << attempt.min(5)));
    tokio::time::sleep(clock.budget().map_or(pause, |budget| pause.min(budget))).await;
    report.retries += 1;
    Ok(())
}

/// From half of `duration` to one and a half times it, so that runners do not poll in step.
pub(crate) fn jittered(duration: Duration) -> Duration {
    // The standard library seeds its hashers at random.
    let random = RandomState::new().hash_one(()) % 1000;
    duration / 2 + duration * random as u32 / 1000
}
