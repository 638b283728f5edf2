//! The session with the database, and what it keeps there.

pub(crate) mod backfill;
pub(crate) mod history;
pub(crate) mod lock;
pub(crate) mod notices;
pub(crate) mod pooler;
pub(crate) mod repeatable;
pub(crate) mod session;
