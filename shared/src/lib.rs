//! What every function of the film-rental API needs, one module a concept.
//!
//! A function is a handler and [`run`]: the handler gets a [`Database`] and a [`Request`], and
//! answers with [`response::ok`] or an [`Error`].

pub mod config;
mod connector;
mod credentials;
pub mod database;
mod error;
pub mod film;
pub mod json;
pub mod page;
pub mod problem;
pub mod request;
pub mod response;
mod runtime;
pub mod statement;
pub mod telemetry;
mod tls;

pub use crate::{
    connector::Connector,
    database::Database,
    error::{Error, Fault, Result, Violation},
    request::Request,
    response::Response,
    runtime::{RuntimeError, require_runtime, run},
};
pub use tokio_postgres;
