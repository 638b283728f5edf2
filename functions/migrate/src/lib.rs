//! A migration engine for PostgreSQL, used by the Lambda function and by the command.
//!
//! [`Engine::run`] takes a [`Command`] and returns a [`Report`]. README.md lists the guarantees.
//!
//! Each module uses only modules that are later in this list:
//!
//! - `autogenerate` finds the migrations from the live schema to the one that a file describes;
//! - `dispatch` runs any command, and each of `upgrade`, `inspect`, `lint`, `repair`, `restore` and
//!   `bootstrap` implements some;
//! - `engine` is what the commands share;
//! - `no_transaction`, `autocommit` and `transaction` run one migration, which is a `work`;
//! - `plan` decides what to run, `render` prints it as a script, and `way_back` chooses the text that
//!   reverts a migration;
//! - `lock`, `retry`, `history` and `session` work with the database;
//! - `report`, `notices`, `statement`, `psql`, `failure`, `files`, `status`, `directives`, `command` and `clock`
//!   describe the input and the result;
//! - `revision` names a new pair of files.

#![allow(
    clippy::result_large_err,
    reason = "a failure ends the run, so its size does not matter"
)]

mod autocommit;
pub mod autogenerate;
mod bootstrap;
mod clock;
mod command;
mod directives;
mod dispatch;
mod engine;
mod failure;
mod files;
mod history;
mod inspect;
mod lint;
mod lock;
mod no_transaction;
mod notices;
mod plan;
mod psql;
mod render;
mod repair;
mod report;
mod restore;
mod retry;
mod revision;
mod session;
mod statement;
mod status;
mod transaction;
mod upgrade;
mod way_back;
mod work;

pub use clock::Clock;
pub use command::{Ahead, Command, Outcome};
pub use engine::Engine;
pub use failure::Failure;
pub use files::Migrations;
pub use notices::Notice;
pub use report::{Report, Source};
pub use revision::template;
pub use status::Status;
