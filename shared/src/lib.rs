//! What every function of the film-rental API needs, one module a concept.
//!
//! A function is a handler and [`run`]: the handler gets a [`Database`] and a [`Request`], and
//! answers with [`response::ok`] or an [`Error`].

pub mod config;
mod connector;
pub mod cors;
mod credentials;
pub mod cursor;
pub mod database;
mod encoding;
mod error;
pub mod film;
pub mod json;
pub mod list;
mod negotiation;
pub mod page;
pub mod parameter;
pub mod parameters;
pub mod problem;
pub mod request;
pub mod response;
mod runtime;
pub mod service;
pub mod statement;
pub mod telemetry;
mod tls;

pub use crate::{
    connector::Connector,
    database::Database,
    error::{Error, Fault, Result, Violation},
    parameters::Parameters,
    request::Request,
    response::Response,
    runtime::{RuntimeError, require_runtime, run, run_without_database},
    service::Service,
};
pub use tokio_postgres;
