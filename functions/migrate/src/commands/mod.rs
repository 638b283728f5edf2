//! The commands: each is a method of the engine.

mod against;
mod bootstrap;
mod dry_run;
mod history;
mod inspect;
pub(crate) mod lint;
mod offline;
mod render;
mod repair;
mod repeat;
mod restore;
mod stamp;
mod upgrade;
