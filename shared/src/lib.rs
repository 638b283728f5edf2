//! Everything that the functions of the film-rental API share.
//!
//! A function is a handler and [`run`]. The handler gets a [`Session`] and a [`Request`], and
//! returns a [`Response`] or an [`Error`].

pub mod config;
pub mod database;
pub mod documentation;
mod error;
pub mod film;
pub mod http;
pub mod list;
mod runtime;
pub mod telemetry;

pub use crate::{
    database::{Connector, Credentials, Database, OnNotice, Session, secrets_manager, tls},
    error::{Error, Fault, Invalid, Result, Violation},
    http::{Parameters, Request, Response, Service, WarmUp, response},
    runtime::{RuntimeError, require_runtime, run, run_without_database},
};
pub use tokio_postgres;
