//! Running migrations: in a transaction, or outside of one, statement by statement.

mod backfill;
mod bare;
pub(crate) mod dry_run;
pub(crate) mod moved;
pub(crate) mod plan;
pub(crate) mod retry;
mod settle;
pub(crate) mod transaction;
pub(crate) mod untransacted;
pub(crate) mod way_back;
pub(crate) mod work;
