//! The advisory lock: one runner at a time in a database.

use std::time::{Duration, Instant};

use shared::tokio_postgres::{
    Row,
    types::{ToSql, Type},
};

use crate::{
    clock::jittered,
    database::session::Session,
    failure::{Blocker, Failure},
    report::Report,
    status::Status,
};

const LOCK: &str = include_str!("../sql/lock.sql");
const UNLOCK: &str = include_str!("../sql/unlock.sql");
const LOCK_HOLDERS: &str = include_str!("../sql/lock_holders.sql");
const LOCK_STATE: &str = include_str!("../sql/lock_state.sql");
const CLAIM: &str = include_str!("../sql/claim.sql");
const CLAIM_HOLDER: &str = include_str!("../sql/claim_holder.sql");
const RELEASE_CLAIM: &str = include_str!("../sql/release_claim.sql");

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

    /// Checks that this session still has the advisory lock, which a statement may have released.
    ///
    /// # Errors
    /// The lock is lost, or a connection pooler has switched to another server process.
    pub(crate) async fn require_lock(&self) -> Result<(), Failure> {
        let row = self.client.query_typed_one(LOCK_STATE, &[]).await?;
        self.require_pid(row.try_get("pid")?)?;
        match row.try_get("is_held")? {
            true => Ok(()),
            false => Err(Failure::new(
                "the advisory lock is lost, so another runner may be at work: a statement that ran before has \
                 released it, as DISCARD ALL and pg_advisory_unlock_all() do. What is done is recorded: run this \
                 again to continue",
            )),
        }
    }

    /// Records that this session works on a migration outside of a transaction. Only this stops a second
    /// runner when the lock is lost.
    ///
    /// # Errors
    /// [`Status::Locked`], with the session that works on it.
    pub(crate) async fn claim(&self, version: &str) -> Result<(), Failure> {
        let version = [(&version as &(dyn ToSql + Sync), Type::TEXT)];
        if self.client.execute_typed(CLAIM, &version).await? == 1 {
            return Ok(());
        }
        let holders = self.client.query_typed(CLAIM_HOLDER, &version).await?;
        Err(Failure {
            blockers: read_blockers(&holders),
            ..Failure::with_status(
                Status::Locked,
                "another runner is at work on this migration, and has lost the advisory lock: run this again when \
                 it has finished",
            )
        })
    }

    /// Releases the advisory lock and any claim. A lost connection has released them already.
    pub(crate) async fn unlock(&self) {
        let _ = self.client.execute_typed(RELEASE_CLAIM, &[]).await;
        let _ = self.client.query_typed_one(UNLOCK, &[]).await;
    }

    async fn locked(&self) -> Failure {
        let mut failure = Failure::with_status(
            Status::Locked,
            "another runner holds the advisory lock: run this again when it has finished",
        );
        if let Ok(rows) = self.client.query_typed(LOCK_HOLDERS, &[]).await {
            failure.blockers = read_blockers(&rows);
        }
        failure
    }
}

fn read_blockers(rows: &[Row]) -> Vec<Blocker> {
    let blockers = rows.iter().map(Blocker::read);
    blockers.filter_map(Result::ok).collect()
}
