//! What became of a statement in doubt, as the catalog shows it.

use std::time::Duration;

use shared::tokio_postgres::types::{ToSql, Type};

use crate::{
    database::session::Session,
    failure::Failure,
    files::kind::{Kind, Reindexed},
    run::bare::StatementRun,
};

const INDEX_STATE: &str = include_str!("../sql/index_state.sql");
const LEFTOVERS: &str = include_str!("../sql/leftovers.sql");
const DETACH_PENDING: &str = include_str!("../sql/detach_pending.sql");

/// An invalid index that REINDEX CONCURRENTLY has left.
struct Leftover {
    /// Quoted for SQL.
    name: String,
    /// Whether the new index has taken its place.
    is_old: bool,
    is_toast: bool,
    /// Whether the statement rebuilds one relation only.
    is_only: bool,
}

impl StatementRun<'_> {
    /// Finds out what became of a statement in doubt, and records it. Returns true when it took effect.
    pub async fn settle(&self) -> Result<bool, Failure> {
        let took_effect = match &self.statement.kind {
            Kind::CreateIndexConcurrently(index) => {
                self.drop_invalid(index).await?;
                self.index_state(index).await?.is_some()
            }
            Kind::DropIndexConcurrently(index) => self.index_state(index).await?.is_none(),
            Kind::ReindexConcurrently(reindexed) => self.drop_leftovers(reindexed).await?,
            Kind::DetachConcurrently { table, partition } => {
                self.finalize_detach(table, partition).await?
            }
            Kind::Repeatable | Kind::Setting => false,
            Kind::Other => {
                return Err(self.unknown_outcome("the last run ended before the statement did"));
            }
        };
        match took_effect {
            true => self.finish().await?,
            false => self.forget().await?,
        }
        Ok(took_effect)
    }

    /// Whether to record the start of the statement. It is not recorded where PostgreSQL will refuse it
    /// for what exists already, which the next run would take for its work.
    ///
    /// # Errors
    /// Something invalid exists that looks like a part of its work.
    pub async fn is_recorded(&self) -> Result<bool, Failure> {
        let invalid = match &self.statement.kind {
            Kind::CreateIndexConcurrently(index) => match self.index_state(index).await? {
                Some(true) => return Ok(false),
                Some(false) => Some(index.clone()),
                None => None,
            },
            Kind::ReindexConcurrently(reindexed) => {
                let leftovers = self.leftovers(reindexed).await?;
                // Nothing but REINDEX CONCURRENTLY makes those of TOAST tables, so any run may drop them.
                let foreign = leftovers.into_iter().find(|leftover| !leftover.is_toast);
                foreign.map(|leftover| leftover.name)
            }
            Kind::DetachConcurrently { table, partition } => {
                return Ok(self.is_detach_pending(table, partition).await? == Some(false));
            }
            _ => None,
        };
        match invalid {
            None => Ok(true),
            Some(index) => Err(self.failure(format!(
                "the invalid index {index} exists, and this migration did not create it: drop the index, then run \
                 this again"
            ))),
        }
    }

    /// Whether the index is valid; None where it does not exist.
    async fn index_state(&self, index: &str) -> Result<Option<bool>, Failure> {
        let row = self
            .session
            .client
            .query_typed_opt(INDEX_STATE, &[(&index, Type::TEXT)])
            .await?;
        Ok(row.map(|row| row.try_get("indisvalid")).transpose()?)
    }

    /// Drops the invalid index that a failed CREATE INDEX CONCURRENTLY leaves.
    async fn drop_invalid(&self, index: &str) -> Result<(), Failure> {
        match self.index_state(index).await? {
            Some(false) => self.drop_index(index).await,
            _ => Ok(()),
        }
    }

    async fn leftovers(&self, reindexed: &Reindexed) -> Result<Vec<Leftover>, Failure> {
        let (relation, schema) = match reindexed {
            Reindexed::Relation(name) => (Some(name), None),
            Reindexed::Schema(name) => (None, Some(name)),
            Reindexed::Database => (None, None),
        };
        let parameters: &[(&(dyn ToSql + Sync), Type)] =
            &[(&relation, Type::TEXT), (&schema, Type::TEXT)];
        let rows = self
            .session
            .client
            .query_typed(LEFTOVERS, parameters)
            .await?;
        let leftovers = rows.iter().map(|row| {
            Ok(Leftover {
                name: row.try_get("name")?,
                is_old: row.try_get("is_old")?,
                is_toast: row.try_get("is_toast")?,
                is_only: row.try_get("is_only")?,
            })
        });
        leftovers.collect()
    }

    /// Drops what an interrupted REINDEX CONCURRENTLY has left. Returns true when all was rebuilt: every
    /// new index has taken its place before the first old one is dropped.
    async fn drop_leftovers(&self, reindexed: &Reindexed) -> Result<bool, Failure> {
        let leftovers = self.leftovers(reindexed).await?;
        let all_old = leftovers
            .iter()
            .all(|leftover| leftover.is_old && leftover.is_only);
        // One of a TOAST table may be from another time, since its owner may not drop it.
        let any = leftovers.iter().any(|leftover| !leftover.is_toast);
        for Leftover { name, is_toast, .. } in &leftovers {
            match self.drop_index(name).await {
                Err(failure) if *is_toast && failure.sqlstate.as_deref() == Some("42501") => {
                    let message = format!(
                        "{name} was left invalid, and only a superuser may drop it: DROP INDEX CONCURRENTLY {name}"
                    );
                    self.session.warn(self.work.script, self.statement, message);
                }
                dropped => dropped?,
            }
        }
        Ok(any && all_old)
    }

    /// Drops an index before the deadline, unless it was dropped meanwhile.
    async fn drop_index(&self, index: &str) -> Result<(), Failure> {
        self.session
            .say(&format!("  dropping {index}, which was left invalid"));
        let drop = format!("DROP INDEX CONCURRENTLY IF EXISTS {index}");
        self.clean_up(&drop, None).await
    }

    /// Whether a DETACH was interrupted; None where the table has no such partition.
    async fn is_detach_pending(
        &self,
        table: &str,
        partition: &str,
    ) -> Result<Option<bool>, Failure> {
        let parameters: &[(&(dyn ToSql + Sync), Type)] =
            &[(&table, Type::TEXT), (&partition, Type::TEXT)];
        let row = self
            .session
            .client
            .query_typed_opt(DETACH_PENDING, parameters)
            .await?;
        Ok(row.map(|row| row.try_get("is_pending")).transpose()?)
    }

    /// Completes an interrupted DETACH PARTITION CONCURRENTLY. Returns false when it has not begun.
    async fn finalize_detach(&self, table: &str, partition: &str) -> Result<bool, Failure> {
        match self.is_detach_pending(table, partition).await? {
            None => return Ok(true),
            Some(false) => return Ok(false),
            Some(true) => {}
        }
        self.session.say(&format!(
            "  finalizing the detachment of {partition}, which was interrupted"
        ));
        let finalize = format!("ALTER TABLE {table} DETACH PARTITION {partition} FINALIZE");
        // It keeps readers of the partition out while it waits.
        self.clean_up(&finalize, Session::default_lock_timeout())
            .await?;
        Ok(true)
    }

    async fn clean_up(&self, sql: &str, lock_timeout: Option<Duration>) -> Result<(), Failure> {
        let directives = &self.work.script.directives;
        let timeouts = self.session.timeouts(directives, "", lock_timeout);
        self.session.client.batch_execute(&timeouts).await?;
        let done = self.session.execute(sql).await;
        done.map_err(|error| error.into_failure_at(self.work.script, self.statement))?;
        Ok(())
    }
}
