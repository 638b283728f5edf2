//! The bookkeeping of a repeated statement: its rounds, and the rows that they have touched.

use shared::tokio_postgres::types::Type;

use crate::{database::session::Session, failure::Failure};

const BACKFILL: &str = include_str!("../sql/backfill.sql");
const BEGIN_ROUND: &str = include_str!("../sql/begin_round.sql");
const END_ROUND: &str = include_str!("../sql/end_round.sql");
const FORGET_BACKFILL: &str = include_str!("../sql/forget_backfill.sql");

/// How far a repeated statement is.
pub(crate) struct RecordedBackfill {
    pub hash: String,
    pub done: Rounds,
}

/// A number of rounds, and the rows that they have touched.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rounds {
    pub rounds: i64,
    pub rows: i64,
}

impl Session<'_> {
    /// How far the repeated statement of a migration is; None before its first round.
    pub(crate) async fn recorded_backfill(
        &self,
        version: &str,
    ) -> Result<Option<RecordedBackfill>, Failure> {
        let row = self
            .client
            .query_typed_opt(BACKFILL, &[(&version, Type::TEXT)])
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(RecordedBackfill {
            hash: row.try_get("hash")?,
            done: Rounds {
                rounds: row.try_get("rounds")?,
                rows: row.try_get("rows")?,
            },
        }))
    }

    /// Counts a round, in the transaction of its statement.
    pub(crate) async fn begin_round(&self, version: &str, hash: &str) -> Result<(), Failure> {
        self.client
            .execute_typed(BEGIN_ROUND, &[(&version, Type::TEXT), (&hash, Type::TEXT)])
            .await?;
        Ok(())
    }

    /// Adds the rows of a round, in the transaction of its statement. Returns how far it is now.
    pub(crate) async fn end_round(&self, version: &str, rows: i64) -> Result<Rounds, Failure> {
        let row = self
            .client
            .query_typed_one(END_ROUND, &[(&version, Type::TEXT), (&rows, Type::INT8)])
            .await?;
        Ok(Rounds {
            rounds: row.try_get("rounds")?,
            rows: row.try_get("rows")?,
        })
    }

    pub(crate) async fn forget_backfill(&self, version: &str) -> Result<(), Failure> {
        self.client
            .execute_typed(FORGET_BACKFILL, &[(&version, Type::TEXT)])
            .await?;
        Ok(())
    }
}
