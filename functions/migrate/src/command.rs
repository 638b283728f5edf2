//! What a migrate event asks for.

use serde::Deserialize;

/// An event: `{"command": "upgrade", "target": "head"}`.
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(tag = "command", rename_all = "lowercase", deny_unknown_fields)]
pub enum Command {
    /// Applies what is pending: all, the next N (`+N`), or up to a version.
    Upgrade {
        /// `head`, `+N` or a version.
        #[serde(default = "head")]
        target: String,
    },
    /// Reverts: the last N (`-N`), down to a version, or everything (`base`).
    Downgrade {
        /// `-N`, a version or `base`.
        #[serde(default = "one_back")]
        target: String,
    },
    /// The revision of the database.
    Current {},
    /// What has been applied, oldest first.
    History {},
    /// The sample database, into an empty one.
    Restore {
        /// How many times the sample's 1,000 films: 1 to 1,000.
        #[serde(default = "once")]
        scale: u16,
    },
}

fn head() -> String {
    "head".to_owned()
}

fn one_back() -> String {
    "-1".to_owned()
}

fn once() -> u16 {
    1
}
