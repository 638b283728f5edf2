//! Every endpoint in this process, on a database that answers without knowing anything.
//!
//! It is for fuzzing, where a hundred thousand events are answered in seconds. What the answers
//! say means nothing; that there is one, and of which form, is what counts. Whatever is about
//! meaning is tested on a real PostgreSQL.

mod api;
mod case;
mod column;
mod composed;
mod endpoint;
mod forge;
mod message;
mod samples;
mod server;
mod session;
mod statement;
mod values;
mod verdict;

pub use crate::{
    api::Api,
    case::Case,
    endpoint::Endpoint,
    samples::{lambda_http_events, ordinary_cases},
    verdict::{Answer, judge},
};
