//! The advisory lock: one runner at a time in a database.

use std::time::{Duration, Instant};

use crate::{
    database::session::Session,
    failure::{Blocker, Failure},
    report::Report,
    run::retry::jittered,
    status::Status,
};

const LOCK: &str = include_str!("../sql/lock.sql");
const UNLOCK: &str = include_str!("../sql/unlock.sql");
const LOCK_HOLDERS: &str = include_str!("../sql/lock_holders.sql");

/// How long to wait for another runner to finish.
const PATIENCE: Duration = Duration::from_secs(30);

impl Session<'_> {
    /// Takes the advisory lock. Polls for it, until `is_over` or 30 s have passed.
    ///
    /// # Errors
    /// [`Status::Locked`], with the session that holds the lock.
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
                self.say("waiting for another runner to finish");
                told = true;
            }
            tokio::time::sleep(jittered(Duration::from_millis(100))).await;
        }
    }

    /// Releases the advisory lock. A lost connection has released it already.
    pub(crate) async fn unlock(&self) {
        let _ = self.client.query_typed_one(UNLOCK, &[]).await;
    }

    async fn locked(&self) -> Failure {
        let mut failure = Failure::with_status(
            Status::Locked,
            "another runner holds the advisory lock: run this again when it has finished",
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
