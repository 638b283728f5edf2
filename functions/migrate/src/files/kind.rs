//! What the engine can do about a statement when it is unknown whether it ran.

use squawk_syntax::ast::{
    AlterTable, AlterTableAction, AstNode, CreateIndex, DetachPartitionOption, DropIndex, Reindex,
    ReindexOption, ReindexTarget, Stmt,
};

/// What the engine can do about a statement when it is unknown whether it ran. Names are quoted for SQL.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// Ask the catalog for this index.
    CreateIndexConcurrently(String),
    /// Ask the catalog for this index.
    DropIndexConcurrently(String),
    /// Ask the catalog for the invalid indexes that it leaves.
    ReindexConcurrently(Reindexed),
    /// Ask the catalog whether the table still has this partition.
    DetachConcurrently { table: String, partition: String },
    /// Run it again, which is harmless: VACUUM, ANALYZE, REINDEX, REFRESH and the like.
    Repeatable,
    /// Always run it again: it changes a setting of the session that later statements rely on.
    Setting,
    /// Nothing: a person must find out.
    Other,
}

/// What REINDEX rebuilds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reindexed {
    /// An index, or a table with its indexes.
    Relation(String),
    Schema(String),
    Database,
}

impl Kind {
    pub fn of(statement: &Stmt) -> Self {
        let concurrent = match statement {
            Stmt::CreateIndex(create) => created(create).map(Self::CreateIndexConcurrently),
            Stmt::DropIndex(drop) => dropped(drop).map(Self::DropIndexConcurrently),
            Stmt::Reindex(reindex) => reindexed(reindex).map(Self::ReindexConcurrently),
            Stmt::AlterTable(alter) => detached(alter),
            _ => None,
        };
        let other = match statement {
            Stmt::Analyze(_)
            | Stmt::Checkpoint(_)
            | Stmt::Cluster(_)
            | Stmt::Refresh(_)
            | Stmt::Reindex(_)
            | Stmt::Vacuum(_) => Self::Repeatable,
            Stmt::Set(_)
            | Stmt::SetRole(_)
            | Stmt::Reset(_)
            | Stmt::ResetRole(_)
            | Stmt::ResetSessionAuth(_) => Self::Setting,
            _ => Self::Other,
        };
        concurrent.unwrap_or(other)
    }

    /// Whether it can never run in a transaction, and the catalog says how far it came.
    pub fn is_concurrent(&self) -> bool {
        !matches!(self, Self::Repeatable | Self::Setting | Self::Other)
    }
}

/// The index that is created concurrently, with the schema of its table: CREATE INDEX names none.
fn created(create: &CreateIndex) -> Option<String> {
    create.concurrently_token()?;
    let name = text(&create.index()?);
    let table = text(&create.table_relation_name()?.table_name_ref()?);
    // A quoted name may have dots of its own.
    let is_quoted = |at: usize| table[..at].matches('"').count() % 2 == 1;
    let mut dots = table.rmatch_indices('.').map(|(at, _)| at);
    Some(match dots.find(|at| !is_quoted(*at)) {
        Some(at) => format!("{}.{name}", table[..at].trim()),
        None => name,
    })
}

/// The index that is dropped concurrently.
fn dropped(drop: &DropIndex) -> Option<String> {
    drop.concurrently_token()?;
    Some(text(&drop.index_refs().next()?))
}

/// What is reindexed concurrently.
fn reindexed(reindex: &Reindex) -> Option<Reindexed> {
    let options = reindex.reindex_option_list();
    let mut options = options.iter().flat_map(|list| list.reindex_options());
    let is_option = options.any(|option| {
        let ReindexOption::ReindexOptionConcurrently(option) = option else {
            return false;
        };
        let value = text(&option).to_lowercase();
        let value = value.trim_start_matches("concurrently").trim();
        !matches!(value.trim_matches('\''), "false" | "off" | "no" | "0")
    });
    let (token, reindexed) = match reindex.reindex_target()? {
        ReindexTarget::ReindexTargetIndex(target) => (
            target.concurrently_token(),
            Reindexed::Relation(text(&target.index_ref()?)),
        ),
        ReindexTarget::ReindexTargetTable(target) => (
            target.concurrently_token(),
            Reindexed::Relation(text(&target.table_name_ref()?)),
        ),
        ReindexTarget::ReindexTargetSchema(target) => (
            target.concurrently_token(),
            Reindexed::Schema(text(&target.schema_ref()?)),
        ),
        ReindexTarget::ReindexTargetDatabase(target) => {
            (target.concurrently_token(), Reindexed::Database)
        }
        // PostgreSQL refuses it concurrently.
        ReindexTarget::ReindexTargetSystem(_) => return None,
    };
    (is_option || token.is_some()).then_some(reindexed)
}

/// The partition that is detached concurrently. PostgreSQL allows no other action beside it.
fn detached(alter: &AlterTable) -> Option<Kind> {
    let table = text(&alter.table_relation_name()?.table_name_ref()?);
    let AlterTableAction::DetachPartition(detach) = alter.actions().next()? else {
        return None;
    };
    match detach.detach_partition_option()? {
        DetachPartitionOption::DetachConcurrently(_) => Some(Kind::DetachConcurrently {
            table,
            partition: text(&detach.table_name_ref()?),
        }),
        DetachPartitionOption::DetachFinalize(_) => None,
    }
}

fn text(node: &impl AstNode) -> String {
    node.syntax().text().to_string().trim().to_owned()
}
