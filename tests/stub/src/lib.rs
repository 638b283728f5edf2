//! Every endpoint in this process, on a fake PostgreSQL that answers every statement.
//!
//! It is for fuzzing: it answers 100,000 events in seconds. Its rows mean nothing, so it checks only
//! that each response is well-formed. Tests on a real PostgreSQL check what responses say.

mod api;
mod case;
mod column;
mod composed;
mod database;
mod forge;
mod route;
mod samples;
mod statement;
mod verdict;

pub use crate::{
    api::Api,
    case::Case,
    samples::{lambda_http_events, ordinary_cases},
    verdict::Answer,
};
pub use openapi::Endpoint;
