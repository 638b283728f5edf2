//! What a deployment needs of the database.

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{http::Http, migrate::Migrate};

/// How long the database may take to answer: one that was paused has to wake up.
const WAIT_SECONDS: u32 = 120;

/// The properties of the resource in infra/template.yaml.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Properties {
    /// The ARN of migrate's version.
    function: String,
    /// The name of the database.
    database: String,
    /// The ARN of the secret of the database's owner.
    master_secret: String,
    /// The ARNs of the secrets of the roles that log in.
    role_secrets: Vec<String>,
}

/// Does what the event asks for, until `end`. Returns a summary.
///
/// # Errors
/// Why it failed, in a sentence.
pub async fn run(http: Http, event: Value, end: Instant) -> Result<String, String> {
    let sets_up = match event["RequestType"].as_str() {
        // The database goes with its cluster, or stays with it.
        Some("Delete") => return Ok("there is nothing to delete".to_owned()),
        Some("Create") => true,
        // Another cluster, made from a snapshot, or other passwords.
        Some("Update") => ["MasterSecret", "RoleSecrets"]
            .iter()
            .any(|name| event["ResourceProperties"][name] != event["OldResourceProperties"][name]),
        _ => return Err("RequestType must be Create, Update or Delete".to_owned()),
    };
    let properties = Properties::deserialize(&event["ResourceProperties"]);
    let properties = properties.map_err(|error| format!("ResourceProperties: {error}"))?;
    let commands = properties.commands(sets_up);
    let migrate = Migrate {
        http,
        function: properties.function,
        end,
    };
    let mut report = Value::Null;
    for command in commands {
        report = migrate.run(command).await?;
    }
    let revision = report["to"].as_str().unwrap_or("base");
    Ok(format!("the database is at {revision}"))
}

impl Properties {
    /// The commands for migrate. Each may be repeated.
    fn commands(&self, sets_up: bool) -> Vec<Value> {
        let wait = json!({"command": "wait", "seconds": WAIT_SECONDS});
        // An older build meets a newer database after a rollback.
        let upgrade = json!({"command": "upgrade", "target": "head", "ahead": "ok"});
        if !sets_up {
            return vec![wait, upgrade];
        }
        let Self {
            database,
            master_secret,
            role_secrets,
            ..
        } = self;
        // The migrator cannot log in yet.
        let wait = json!({"command": "wait", "seconds": WAIT_SECONDS, "secret": master_secret});
        let bootstrap =
            json!({"command": "bootstrap", "secret": master_secret, "roles": role_secrets});
        // The migrations alter Pagila's tables. A snapshot has them already.
        let restore = json!({"command": "restore", "if_empty": true, "confirm": database});
        vec![wait, bootstrap, restore, upgrade]
    }
}
