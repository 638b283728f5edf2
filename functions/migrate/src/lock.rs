//! One runner at a time.

use std::{
    hash::{BuildHasher, RandomState},
    time::{Duration, Instant},
};

use crate::{
    failure::{Blocker, Failure},
    report::{Report, Status},
    session::Session,
};

const LOCK: &str = include_str!("sql/lock.sql");
const UNLOCK: &str = include_str!("sql/unlock.sql");
const LOCK_HOLDERS: &str = include_str!("sql/lock_holders.sql");

/// How long to wait for another runner to end.
const PATIENCE: Duration = Duration::from_secs(30);

impl Session<'_> {
    /// Takes the lock, asking for it again and again, with the deadline in view.
    ///
    /// # Errors
    /// [`Status::Locked`], with who holds it.
    pub(crate) async fn lock(
        &self,
        report: &mut Report,
        is_over: impl Fn() -> bool,
    ) -> Result<(), Failure> {
        let started = Instant::now();
        let mut told = false;
        loop {
            let row = self.client.query_typed_one(LOCK, &[]).await?;
            report.lock_wait_ms = started.elapsed().as_millis() as u64;
            if row.try_get("locked")? {
                return Ok(());
            }
            if started.elapsed() > PATIENCE || is_over() {
                return Err(self.locked().await);
            }
            if !told {
                self.say("another runner is at work; waiting for it");
                told = true;
            }
            tokio::time::sleep(jittered(Duration::from_millis(100))).await;
        }
    }

    /// Gives the lock back. Where the connection is gone, so is the lock.
    pub(crate) async fn unlock(&self) {
        let _ = self.client.query_typed_one(UNLOCK, &[]).await;
    }

    async fn locked(&self) -> Failure {
        let mut failure = Failure::with_status(
            Status::Locked,
            "another runner is at work: run this again when it has ended",
        );
        if let Ok(rows) = self.client.query_typed(LOCK_HOLDERS, &[]).await {
            failure.blockers = rows
                .iter()
                .filter_map(|row| Blocker::read(row).ok())
                .collect();
        }
        failure
    }
}

/// Half to one and a half of `duration`, so that runners do not keep step.
pub(crate) fn jittered(duration: Duration) -> Duration {
    // The standard library seeds its hashers with chance.
    let chance = RandomState::new().hash_one(()) % 1000;
    duration / 2 + duration * chance as u32 / 1000
}
