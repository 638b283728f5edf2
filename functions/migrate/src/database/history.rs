//! The bookkeeping in the database: what was applied, and how far incomplete migrations are.

use serde::Serialize;
use shared::tokio_postgres::{self, error::SqlState, types::Type};
use time::OffsetDateTime;

use crate::{
    database::session::Session,
    failure::Failure,
    files::statement::Statement,
    files::{Migration, Script},
};

const CREATE: &str = include_str!("../sql/create.sql");
const HISTORY: &str = include_str!("../sql/history.sql");
const RECORD: &str = include_str!("../sql/record.sql");
const SET_STATE: &str = include_str!("../sql/set_state.sql");
const MOVE: &str = include_str!("../sql/move.sql");
const FORGET: &str = include_str!("../sql/forget.sql");
const STATEMENTS: &str = include_str!("../sql/statements.sql");
const START_STATEMENT: &str = include_str!("../sql/start_statement.sql");
const FINISH_STATEMENT: &str = include_str!("../sql/finish_statement.sql");
const FORGET_STATEMENT: &str = include_str!("../sql/forget_statement.sql");
const FORGET_STATEMENTS: &str = include_str!("../sql/forget_statements.sql");
const RECORD_REPAIR: &str = include_str!("../sql/record_repair.sql");
const ALEMBIC: &str = include_str!("../sql/alembic.sql");

/// The state of a migration in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    Applied,
    /// Partially applied, outside of a transaction.
    Applying,
    /// Partially reverted, outside of a transaction.
    Reverting,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Applying => "applying",
            Self::Reverting => "reverting",
        }
    }
}

/// A migration that is applied, wholly or partially.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Applied {
    pub version: String,
    pub name: String,
    pub checksum: String,
    #[serde(skip)]
    pub down: Option<String>,
    pub state: State,
    pub stamped: bool,
    pub out_of_order: bool,
    /// The version that its file had when it was applied, if that was another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<String>,
    pub applied_by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub applied_at: OffsetDateTime,
}

impl Applied {
    /// The name of its up file.
    pub fn file(&self) -> String {
        format!("{}_{}.up.sql", self.version, self.name)
    }

    /// The down migration, as it was stored when the migration was applied. Its lines need not be those
    /// of the file, so its name is not that of the file.
    ///
    /// # Errors
    /// The migration is irreversible, or this build does not know one of its directives.
    pub fn down_script(&self) -> Result<Script, Failure> {
        let (version, name) = (&self.version, &self.name);
        let text = self.down.as_ref();
        let text = text.ok_or_else(|| irreversible(version, name))?;
        let file = format!("{version}_{name}.down.sql (stored in the history)");
        Ok(Script::new(file, text)?)
    }
}

pub(crate) fn irreversible(version: &str, name: &str) -> Failure {
    Failure::new(format!(
        "{version}_{name} is irreversible: there is no down migration to run"
    ))
}

/// The record of a statement in a migration outside of a transaction.
pub(crate) struct RecordedStatement {
    pub position: usize,
    pub hash: String,
    pub finished: bool,
}

impl Session<'_> {
    /// The applied migrations, oldest first; none where the bookkeeping does not exist yet.
    pub(crate) async fn history(&self) -> Result<Vec<Applied>, Failure> {
        let rows = match self.client.query_typed(HISTORY, &[]).await {
            Err(error) if is_absent(&error) => return Ok(Vec::new()),
            rows => rows?,
        };
        let applied = rows.iter().map(|row| {
            Ok(Applied {
                version: row.try_get("version")?,
                name: row.try_get("name")?,
                checksum: row.try_get("checksum")?,
                down: row.try_get("down")?,
                state: match row.try_get("state")? {
                    "applying" => State::Applying,
                    "reverting" => State::Reverting,
                    _ => State::Applied,
                },
                stamped: row.try_get("stamped")?,
                out_of_order: row.try_get("out_of_order")?,
                moved_from: row.try_get("moved_from")?,
                applied_by: row.try_get("applied_by")?,
                applied_at: row.try_get("applied_at")?,
            })
        });
        applied.collect()
    }

    pub(crate) async fn create_bookkeeping(&self) -> Result<(), Failure> {
        Ok(self.client.batch_execute(CREATE).await?)
    }

    pub(crate) async fn record(
        &self,
        migration: &Migration,
        state: State,
        stamped: bool,
    ) -> Result<(), Failure> {
        let down = migration.down.as_ref().map(|script| &script.text);
        let parameters: &[(&(dyn tokio_postgres::types::ToSql + Sync), Type)] = &[
            (&migration.version, Type::TEXT),
            (&migration.name, Type::TEXT),
            (&migration.checksum(), Type::TEXT),
            (&down, Type::TEXT),
            (&state.as_str(), Type::TEXT),
            (&stamped, Type::BOOL),
        ];
        self.client.execute_typed(RECORD, parameters).await?;
        Ok(())
    }

    /// Changes the state; also the checksum and the down migration, when `migration` is given.
    pub(crate) async fn set_state(
        &self,
        version: &str,
        state: State,
        migration: Option<&Migration>,
    ) -> Result<(), Failure> {
        let checksum = migration.map(Migration::checksum);
        let down = migration
            .and_then(|migration| migration.down.as_ref())
            .map(|script| &script.text);
        let parameters: &[(&(dyn tokio_postgres::types::ToSql + Sync), Type)] = &[
            (&version, Type::TEXT),
            (&state.as_str(), Type::TEXT),
            (&checksum, Type::TEXT),
            (&down, Type::TEXT),
        ];
        self.client.execute_typed(SET_STATE, parameters).await?;
        Ok(())
    }

    /// Gives a record the version that its file has moved to.
    pub(crate) async fn move_record(&self, from: &str, to: &str) -> Result<(), Failure> {
        let parameters: &[(&(dyn tokio_postgres::types::ToSql + Sync), Type)] =
            &[(&from, Type::TEXT), (&to, Type::TEXT)];
        self.client.execute_typed(MOVE, parameters).await?;
        Ok(())
    }

    pub(crate) async fn forget(&self, version: &str) -> Result<(), Failure> {
        let forgotten = self
            .client
            .execute_typed(FORGET, &[(&version, Type::TEXT)])
            .await?;
        match forgotten {
            0 => Err(Failure::new(format!(
                "another runner has reverted {version} in the meantime: run this again"
            ))),
            _ => Ok(()),
        }
    }

    pub(crate) async fn recorded_statements(
        &self,
        version: &str,
    ) -> Result<Vec<RecordedStatement>, Failure> {
        let rows = self
            .client
            .query_typed(STATEMENTS, &[(&version, Type::TEXT)])
            .await?;
        let statements = rows.iter().map(|row| {
            Ok(RecordedStatement {
                position: row.try_get::<_, i32>("position")? as usize,
                hash: row.try_get("hash")?,
                finished: row.try_get("finished")?,
            })
        });
        statements.collect()
    }

    pub(crate) async fn start_statement(
        &self,
        version: &str,
        position: usize,
        statement: &Statement,
    ) -> Result<(), Failure> {
        self.record_statement(START_STATEMENT, version, position, statement)
            .await
    }

    pub(crate) async fn finish_statement(
        &self,
        version: &str,
        position: usize,
        statement: &Statement,
    ) -> Result<(), Failure> {
        self.record_statement(FINISH_STATEMENT, version, position, statement)
            .await
    }

    async fn record_statement(
        &self,
        sql: &str,
        version: &str,
        position: usize,
        statement: &Statement,
    ) -> Result<(), Failure> {
        let parameters: &[(&(dyn tokio_postgres::types::ToSql + Sync), Type)] = &[
            (&version, Type::TEXT),
            (&(position as i32), Type::INT4),
            (&statement.hash, Type::TEXT),
            (&statement.sql, Type::TEXT),
        ];
        self.client.execute_typed(sql, parameters).await?;
        Ok(())
    }

    pub(crate) async fn forget_statement(
        &self,
        version: &str,
        position: usize,
    ) -> Result<(), Failure> {
        let position = position as i32;
        self.client
            .execute_typed(
                FORGET_STATEMENT,
                &[(&version, Type::TEXT), (&position, Type::INT4)],
            )
            .await?;
        Ok(())
    }

    pub(crate) async fn forget_statements(&self, version: &str) -> Result<(), Failure> {
        // First, as in a round: another order could end in a deadlock with one of another runner.
        self.forget_backfill(version).await?;
        self.client
            .execute_typed(FORGET_STATEMENTS, &[(&version, Type::TEXT)])
            .await?;
        Ok(())
    }

    pub(crate) async fn record_repair(&self, version: &str, outcome: &str) -> Result<(), Failure> {
        self.client
            .execute_typed(
                RECORD_REPAIR,
                &[(&version, Type::TEXT), (&outcome, Type::TEXT)],
            )
            .await?;
        Ok(())
    }

    /// The revision in Alembic's table; None where the database has no such table.
    pub(crate) async fn alembic_revision(&self) -> Result<Option<String>, Failure> {
        match self.client.query_typed_opt(ALEMBIC, &[]).await {
            Err(error) if is_absent(&error) => Ok(None),
            row => Ok(row?.map(|row| row.try_get("revision")).transpose()?),
        }
    }
}

/// Whether a query failed because its table or schema does not exist.
pub(super) fn is_absent(error: &tokio_postgres::Error) -> bool {
    let code = error.code();
    code == Some(&SqlState::UNDEFINED_TABLE) || code == Some(&SqlState::INVALID_SCHEMA_NAME)
}
