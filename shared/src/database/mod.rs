//! PostgreSQL: connections over verified TLS, a pool of them, and the queries of a request.

mod connector;
mod credentials;
mod json;
mod pool;
mod select;
mod session;
mod sql;
mod tls;

pub use connector::{Connector, OnNotice};
pub use credentials::{Credentials, secrets_manager};
pub use json::Json;
pub use pool::Database;
pub use select::{Select, Whole};
pub use session::Session;
pub use sql::{Bind, Sql};
pub use tls::tls;
