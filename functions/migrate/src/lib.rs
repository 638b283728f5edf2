//! Migrations for PostgreSQL: one engine for the Lambda function and for the command.
//!
//! [`Engine::run`] takes a [`Command`] and gives a [`Report`]; nothing else is needed of it.
//! README.md says what holds.

#![allow(
    clippy::result_large_err,
    reason = "a failure ends a run, so that its size is passed on once"
)]

mod bare;
mod clock;
mod command;
mod directives;
mod engine;
mod failure;
mod files;
mod history;
mod inspect;
mod lint;
mod lock;
mod plan;
mod render;
mod repair;
mod report;
mod restore;
mod session;
mod statement;
mod steps;
mod transaction;

pub use clock::Clock;
pub use command::{Command, Outcome};
pub use engine::Engine;
pub use failure::Failure;
pub use files::{Migrations, template};
pub use report::{Report, Status};
