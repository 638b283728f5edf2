//! The commands: each is a method of the engine.

mod bootstrap;
mod dispatch;
mod dry_run;
mod inspect;
mod lint;
mod render;
mod repair;
mod restore;
mod upgrade;
