//! A migration engine for PostgreSQL, used by the Lambda function and by the command.
//!
//! [`Engine::run`] takes a [`Command`] and returns a [`Report`]. README.md lists the guarantees.
//!
//! Each folder is a layer, and uses only layers that are later in this list:
//!
//! - `faces`, in the binary: the function and the command line;
//! - `dispatch` runs any command;
//! - `autogenerate` finds the migrations from the live schema to the one that a file describes;
//! - `commands`: each implements some commands;
//! - `engine`: what the commands share;
//! - `run`: `plan` decides what to run, and the others run it;
//! - `database`: the session, its lock, and the history of what was applied;
//! - `files`: the migrations, their directives and their statements;
//! - `command`, `report`, `error_message`, `failure`, `status` and `clock` describe the input and the result.

#![allow(
    clippy::result_large_err,
    reason = "a failure ends the run, so its size does not matter"
)]

pub mod autogenerate;
mod clock;
mod command;
mod commands;
mod database;
mod dispatch;
mod engine;
mod error_message;
mod failure;
mod files;
mod report;
mod run;
mod status;

pub use clock::Clock;
pub use command::{Ahead, Command, Outcome};
pub use database::notices::Notice;
pub use engine::Engine;
pub use failure::Failure;
pub use files::{
    Migrations,
    revision::{next_time, template},
};
pub use report::{Backfill, Report, Source};
pub use status::Status;
