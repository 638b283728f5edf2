//! The local stack: PostgreSQL over TLS, Secrets Manager, and functions run by a Lambda Runtime API.
//!
//! The command `local` and the test suite stand on the same parts. Nothing here is deployed.

mod account;
pub mod database_url;
pub mod endpoint;
mod error;
pub mod lambda;
pub mod passwords;
pub mod paths;
pub mod postgres;
pub mod process;
mod role;
pub mod router;
pub mod secrets;
pub mod stack;
pub mod tools;
pub mod trips;

pub use error::{Error, Result};
pub use postgres::{Postgres, PostgresOptions, Server};
pub use role::Role;
pub use secrets::{Secrets, SecretsManager};
pub use stack::{Stack, StackInfo};
