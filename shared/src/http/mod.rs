//! HTTP as API Gateway's HTTP API speaks it: from an event to a payload.

pub(crate) mod cors;
mod encoding;
mod negotiation;
mod parameters;
pub mod problem;
mod request;
pub mod response;
mod service;
pub mod types;

pub use parameters::Parameters;
pub use request::{Request, WarmUp};
pub use response::Response;
pub use service::Service;
