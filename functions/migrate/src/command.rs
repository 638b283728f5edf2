//! The commands of the engine, as events and on the command line.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use serde::{Deserialize, Deserializer, Serialize};

/// A command. It has the same name and fields in an event (`{"command": "upgrade", "target": "head"}`)
/// as on the command line (`upgrade head`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Subcommand)]
#[serde(tag = "command", rename_all = "lowercase", deny_unknown_fields)]
pub enum Command {
    /// Apply pending migrations.
    Upgrade {
        /// head, +N (the next N) or a version; with --sql also FROM:TO, which needs no database
        #[arg(default_value = "head")]
        #[serde(default = "head")]
        target: String,
        /// Print the SQL, and change nothing
        #[arg(long)]
        #[serde(default)]
        sql: bool,
        /// Run what is pending in one transaction, report its times and locks, and roll it back
        #[arg(long)]
        #[serde(default, skip_serializing_if = "is_false")]
        dry_run: bool,
        /// What to do if a newer build has migrated the database
        #[arg(long, value_enum, default_value_t)]
        #[serde(default)]
        ahead: Ahead,
        /// Also apply migrations that are older than an applied one, as another branch brings them
        #[arg(long)]
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        out_of_order: bool,
    },
    /// Revert applied migrations, newest first.
    Downgrade {
        /// -N (the last N), base, or the version to keep as the newest; with --sql also FROM:TO, which
        /// needs no database
        #[arg(default_value = "-1", allow_negative_numbers = true)]
        #[serde(default = "one_back")]
        target: String,
        /// Print the SQL, and change nothing
        #[arg(long)]
        #[serde(default)]
        sql: bool,
        /// Revert only if this version is the newest that is applied, so that a command that runs twice
        /// reverts once
        #[arg(long)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
    },
    /// Show the revision of the database.
    Current {},
    /// List the applied and the pending migrations, oldest first.
    #[command(visible_alias = "status")]
    #[serde(alias = "status")]
    History {},
    /// Show the newest migration in the files.
    Heads {},
    /// Show one migration: its files, and whether it is applied.
    Show {
        /// A version
        version: String,
    },
    /// Record migrations up to a version as applied, and later ones as pending, without running them;
    /// remove records that have no file.
    Stamp {
        /// A version, head or base
        version: String,
    },
    /// Record migrations up to a version as applied, in a database that has their schema but no records.
    Baseline {
        /// A version, or head
        version: String,
    },
    /// Check that the database is at head: exit status 2 for pending, 3 for divergent.
    Check {
        /// Compare the live schema with this file instead, or with the schema compiled in: exit status 2 if they
        /// differ
        #[arg(long, value_name = "FILE")]
        #[serde(default, deserialize_with = "compiled_in", skip_serializing)]
        schema: Option<Option<PathBuf>>,
        /// Make scratch databases on this server instead of the live one
        #[arg(long, value_name = "URL", requires = "schema")]
        #[serde(skip)]
        scratch: Option<String>,
    },
    /// Compare the applied migrations with the files.
    Verify {},
    /// Record what became of an incomplete migration.
    Repair {
        /// The version of the incomplete migration
        version: String,
        /// What became of it
        #[arg(value_enum)]
        outcome: Outcome,
    },
    /// Wait until the database answers.
    Wait {
        /// At most this many seconds
        #[arg(long, default_value_t = 60)]
        #[serde(default = "a_minute")]
        seconds: u32,
        /// Log in with this secret instead of DB_SECRET_ID
        #[arg(long)]
        #[serde(default)]
        secret: Option<String>,
    },
    /// Make the roles of these secrets, with their passwords, and let the migrator migrate.
    Bootstrap {
        /// Log in with this secret instead of DB_SECRET_ID: that of the database's owner
        #[arg(long)]
        #[serde(default)]
        secret: Option<String>,
        /// The names or ARNs of the secrets
        #[arg(required = true)]
        roles: Vec<String>,
    },
    /// Check pending migrations for statements that block traffic.
    Lint {
        /// Check applied migrations too; this needs no database
        #[arg(long)]
        #[serde(default)]
        all: bool,
        /// Check what is new since this commit, such as origin/main, and that nothing it has was changed or
        /// deleted; this needs git, and no database
        #[arg(long, value_name = "REF")]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        against: Option<String>,
    },
    /// Fill an empty database with the sample data.
    Restore {
        /// A multiple of 1,000 films and 16,044 rentals: 1 to 1,000
        #[arg(long, default_value_t = 1)]
        #[serde(default = "once")]
        scale: u16,
        /// Do nothing, and succeed, if the database has tables
        #[arg(long)]
        #[serde(default)]
        if_empty: bool,
    },
}

/// What `upgrade` does if the database has migrations that are newer than all of this build's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Ahead {
    /// Fail: the files differ from what was applied
    #[default]
    Refuse,
    /// Succeed: this build is older, as after a rollback
    Ok,
}

/// What became of an incomplete migration, as a person has found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The statement in doubt took effect: continue after it
    Done,
    /// The statement in doubt took no effect: run it again
    Again,
    /// The whole migration is applied
    Applied,
    /// The whole migration is reverted
    Reverted,
}

impl Command {
    /// The name of the command.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Upgrade { .. } => "upgrade",
            Self::Downgrade { .. } => "downgrade",
            Self::Current {} => "current",
            Self::History {} => "history",
            Self::Heads {} => "heads",
            Self::Show { .. } => "show",
            Self::Stamp { .. } => "stamp",
            Self::Baseline { .. } => "baseline",
            Self::Check { .. } => "check",
            Self::Verify {} => "verify",
            Self::Repair { .. } => "repair",
            Self::Wait { .. } => "wait",
            Self::Bootstrap { .. } => "bootstrap",
            Self::Lint { .. } => "lint",
            Self::Restore { .. } => "restore",
        }
    }

    /// The same command with another target, so that a later run can continue this one, from wherever
    /// it has stopped.
    pub(crate) fn with_target(&self, to: &str) -> Self {
        let mut command = self.clone();
        if let Self::Downgrade { from, .. } = &mut command {
            *from = None;
        }
        if let Self::Upgrade { target, .. } | Self::Downgrade { target, .. } = &mut command {
            to.clone_into(target);
        }
        command
    }

    /// Whether the command can lose data, so that an event must name the database.
    pub fn needs_confirmation(&self) -> bool {
        match self {
            Self::Downgrade { sql, .. } => !sql,
            Self::Stamp { .. }
            | Self::Baseline { .. }
            | Self::Repair { .. }
            | Self::Restore { .. } => true,
            _ => false,
        }
    }
}

/// `"schema": true` in an event, which cannot name a file.
fn compiled_in<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<PathBuf>>, D::Error> {
    Ok(bool::deserialize(value)?.then_some(None))
}

fn head() -> String {
    "head".to_owned()
}

fn one_back() -> String {
    "-1".to_owned()
}

fn a_minute() -> u32 {
    60
}

fn is_false(flag: &bool) -> bool {
    !flag
}

fn once() -> u16 {
    1
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_command_has_the_same_name_in_an_event_and_on_the_command_line() {
        use clap::CommandFactory;
        #[derive(clap::Parser)]
        struct Line {
            #[command(subcommand)]
            command: Command,
        }
        for word in Line::command().get_subcommands() {
            let name = word.get_name();
            let event = match name {
                "repair" => json!({"command": name, "version": "1", "outcome": "done"}),
                "show" | "stamp" | "baseline" => json!({"command": name, "version": "1"}),
                "bootstrap" => json!({"command": name, "roles": ["a"]}),
                _ => json!({"command": name}),
            };
            let command: Command = serde_json::from_value(event).expect(name);
            assert_eq!(command.name(), name);
        }
    }

    #[test]
    fn an_unknown_field_is_refused() {
        for event in [
            json!({"command": "current", "x": 1}),
            json!({"command": "upgrade", "to": "head"}),
        ] {
            assert!(serde_json::from_value::<Command>(event).is_err());
        }
    }
}
