//! The database of the API: a private one, or the developer's own.

use super::step;
use crate::commands::{State, directory};
use local::database_url;
use local::lambda::Function;
use local::stack::DATABASE;
use local::tools::Tools;
use local::{Error, Result, Role, Stack, paths};
use serde_json::{Value, json};
use std::env;
use std::path::PathBuf;
use std::time::Duration;

/// A restore loads the whole sample database.
const MIGRATE_WITHIN: Duration = Duration::from_secs(600);
/// Variables of functions that would point the private stack's functions elsewhere.
const ELSEWHERE: [&str; 5] = [
    "DATABASE_URL",
    "DB_HOST",
    "DB_NAME",
    "DB_PORT",
    "DB_READER_HOST",
];
/// What the functions of this machine allow, unless the developer sets it.
const OPEN: [(&str, &str); 2] = [("AUTHORIZATION", "none"), ("CORS_ORIGINS", "*")];

pub enum Database {
    /// PostgreSQL and Secrets Manager of the local stack.
    Private(Box<Stack>),
    /// The database of `DATABASE_URL`.
    Own {
        url: String,
        /// Its name.
        name: String,
        /// Where it is, without credentials.
        place: String,
    },
}

impl Database {
    /// Starts the private stack, unless `DATABASE_URL` names a database.
    pub async fn start(tools: &Tools) -> Result<Self> {
        let Some(url) = variable("DATABASE_URL") else {
            let stack = Stack::start(&directory(), tools, true).await?;
            return Ok(Self::Private(Box::new(stack)));
        };
        let config = database_url::parse(&url)?;
        let name = config.get_dbname().or(config.get_user());
        let name = name.unwrap_or_default().to_owned();
        let place = database_url::place(&config);
        Ok(Self::Own { url, name, place })
    }

    pub fn describe(&self) -> String {
        match self {
            Self::Private(stack) => {
                let server = &stack.info().postgres;
                let (version, host, port) = (server.version, &server.host, server.port);
                let secrets = &stack.info().secrets.endpoint;
                format!("PostgreSQL {version} is on {host}:{port}, Secrets Manager on {secrets}")
            }
            Self::Own { name, place, .. } => {
                format!("DATABASE_URL is the database {name} on {place}")
            }
        }
    }

    /// The variables of all functions.
    pub fn variables(&self) -> Vec<(String, String)> {
        let mut variables = match self {
            Self::Private(stack) => {
                let mut variables = stack.info().variables();
                variables.extend(ELSEWHERE.map(|name| (name.to_owned(), String::new())));
                variables
            }
            Self::Own { url, .. } => vec![("DATABASE_URL".to_owned(), url.clone())],
        };
        for (name, default) in OPEN {
            variables.retain(|(other, _)| other != name);
            let value = variable(name).unwrap_or_else(|| default.to_owned());
            variables.push((name.to_owned(), value));
        }
        variables
    }

    /// Fills an empty database with the sample data and migrates it. The private one is migrated
    /// at each start; another is changed only if it is empty.
    pub async fn prepare(&self) -> Result<()> {
        let (name, environment) = match self {
            Self::Private(stack) => {
                let info = stack.info();
                info.postgres.create_database(DATABASE, None).await?;
                (DATABASE, info.environment("migrate")?)
            }
            Self::Own { name, .. } => {
                let mut variables = self.variables();
                let ca_file = variable("DB_CA_FILE").map(|file| ("DB_CA_FILE".to_owned(), file));
                variables.extend(ca_file);
                (name.as_str(), variables)
            }
        };
        let mut function = Function::start(&paths::function("migrate"), &environment).await?;
        function.deadline = MIGRATE_WITHIN;
        let is_filled = fill(&function, name).await?;
        match self {
            Self::Own { .. } if !is_filled => check(&function).await?,
            _ => upgrade(&function).await?,
        }
        function.stop().await;
        Ok(())
    }

    /// How other commands find this database.
    pub fn state(&self, port: u16) -> State {
        match self {
            Self::Private(stack) => {
                let info = stack.info().clone();
                State {
                    port,
                    database_url: info.url(Role::Migrator, DATABASE),
                    ca_file: Some(info.postgres.ca_file.clone()),
                    stack: Some(info),
                }
            }
            Self::Own { url, .. } => State {
                port,
                database_url: url.clone(),
                ca_file: variable("DB_CA_FILE").map(PathBuf::from),
                stack: None,
            },
        }
    }

    /// Waits until a part of the private stack ends by itself, and returns which.
    pub async fn failed(&mut self) -> Error {
        match self {
            Self::Private(stack) => stack.failed().await,
            Self::Own { .. } => std::future::pending().await,
        }
    }
}

/// Restores the sample data if the database is empty. Returns whether it was.
async fn fill(function: &Function, name: &str) -> Result<bool> {
    let restore = json!({"command": "restore", "if_empty": true, "confirm": name});
    let is_filled = |report: &Value| report["status"] == "applied";
    let restored = step(invoke(function, restore), |report| {
        match is_filled(report) {
            true => "restored the sample data",
            false => "the database has data already",
        }
        .into()
    });
    Ok(is_filled(&restored.await?))
}

async fn upgrade(function: &Function) -> Result<()> {
    let upgrade = json!({"command": "upgrade", "target": "head"});
    let upgraded = step(invoke(function, upgrade), |report| {
        let applied = report["migrations"].as_array().map_or(0, Vec::len);
        let revision = report["to"].as_str().unwrap_or("base");
        format!("applied {applied} migrations: the database is at {revision}")
    });
    upgraded.await.map(|_| ())
}

/// Says how the database differs from what the functions expect.
async fn check(function: &Function) -> Result<()> {
    let check = invoke(function, json!({"command": "check"}));
    let checked = step(check, |report| {
        match report["pending"].as_array().map_or(0, Vec::len) {
            0 => "the database is at the newest revision".to_owned(),
            pending => format!(
                "{pending} migrations are pending: `make migrate ARGS=\"upgrade head\"` applies them"
            ),
        }
    });
    checked.await.map(|_| ())
}

async fn invoke(function: &Function, event: Value) -> Result<Value> {
    let command = event["command"].as_str().unwrap_or_default().to_owned();
    let answer = function.invoke(event).await;
    answer.or_else(|error| {
        let error = error.to_string();
        // The function's error is its report.
        let report: Value = serde_json::from_str(&error).unwrap_or_default();
        if report["status"] == "pending" {
            return Ok(report);
        }
        let message = report["error"]["message"].as_str().unwrap_or(&error);
        Err(Error::new(format!(
            "migrate could not {command}: {message}"
        )))
    })
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
