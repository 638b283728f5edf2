//! The records of repeatable files.

use serde::Serialize;
use shared::tokio_postgres::types::Type;
use time::OffsetDateTime;

use crate::{
    database::history::is_absent, database::session::Session, failure::Failure,
    files::repeatable::Repeatable,
};

const REPEATABLES: &str = include_str!("../sql/repeatables.sql");
/// Takes the name and the checksum.
pub(crate) const RECORD_REPEATABLE: &str = include_str!("../sql/record_repeatable.sql");
const FORGET_REPEATABLE: &str = include_str!("../sql/forget_repeatable.sql");

/// A repeatable file that was applied.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Repeated {
    pub name: String,
    pub checksum: String,
    pub applied_by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub applied_at: OffsetDateTime,
}

impl Session<'_> {
    /// The repeatable files that were applied, by name; none where the bookkeeping has no table for them.
    pub(crate) async fn repeated(&self) -> Result<Vec<Repeated>, Failure> {
        let rows = match self.client.query_typed(REPEATABLES, &[]).await {
            Err(error) if is_absent(&error) => return Ok(Vec::new()),
            rows => rows?,
        };
        let repeated = rows.iter().map(|row| {
            Ok(Repeated {
                name: row.try_get("name")?,
                checksum: row.try_get("checksum")?,
                applied_by: row.try_get("applied_by")?,
                applied_at: row.try_get("applied_at")?,
            })
        });
        repeated.collect()
    }

    pub(crate) async fn record_repeatable(&self, file: &Repeatable) -> Result<(), Failure> {
        let checksum = file.checksum();
        self.client
            .execute_typed(
                RECORD_REPEATABLE,
                &[(&file.name, Type::TEXT), (&checksum, Type::TEXT)],
            )
            .await?;
        Ok(())
    }

    pub(crate) async fn forget_repeatable(&self, name: &str) -> Result<(), Failure> {
        self.client
            .execute_typed(FORGET_REPEATABLE, &[(&name, Type::TEXT)])
            .await?;
        Ok(())
    }
}
