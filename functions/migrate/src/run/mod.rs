//! Running migrations: in a transaction, or outside of one, statement by statement.

mod backfill;
mod bare;
pub(crate) mod plan;
pub(crate) mod retry;
pub(crate) mod transaction;
pub(crate) mod untransacted;
pub(crate) mod way_back;
pub(crate) mod work;
