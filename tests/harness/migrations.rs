//! Folders of migrations that a test makes itself, and the migrate command and engine for them.

use std::{
    fs,
    path::PathBuf,
    process::{Output, Stdio},
};

use local::lambda::Function;
use migrate::{Ahead, Clock, Command, Engine, Migrations};
use serde_json::{Value, json};
use shared::{Connector, config};
use tempfile::TempDir;
use tokio::process::{self, Child};

use super::{Database, binary, stack, start_function};

pub const ONE: &str = "20240101000000";
pub const TWO: &str = "20240102000000";
pub const THREE: &str = "20240103000000";

/// A temporary folder of migrations.
pub struct Folder(TempDir);

impl Folder {
    /// A folder of files, each a name and a text.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder"));
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    /// A folder of migrations named `test`, each a version, an up migration and a down migration.
    pub fn of(pairs: &[(&str, &str, &str)]) -> Self {
        let folder = Self::new(&[]);
        for (version, up, down) in pairs {
            folder.write(&format!("{version}_test.up.sql"), up);
            folder.write(&format!("{version}_test.down.sql"), down);
        }
        folder
    }

    /// Three migrations: each creates a table named `one`, `two` or `three`.
    pub fn three() -> Self {
        Self::of(&[
            (ONE, "CREATE TABLE one (id int);", "DROP TABLE one;"),
            (TWO, "CREATE TABLE two (id int);", "DROP TABLE two;"),
            (THREE, "CREATE TABLE three (id int);", "DROP TABLE three;"),
        ])
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).expect("it is written");
    }

    pub fn remove(&self, name: &str) {
        fs::remove_file(self.0.path().join(name)).expect("it is removed");
    }

    pub fn path(&self) -> PathBuf {
        self.0.path().to_path_buf()
    }
}

/// The migrate command, with only these environment variables.
pub async fn command(environment: &[(String, String)], arguments: &[&str]) -> process::Command {
    stack().await;
    let mut command = process::Command::new(binary("migrate"));
    command
        .env_clear()
        .envs(environment.iter().cloned())
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// A connector to a database, for an engine in the process of the test.
pub async fn connector(database: &Database) -> Connector {
    connector_on(database, stack().await.postgres.port).await
}

/// The same through something that listens on another port of this machine.
pub async fn connector_on(database: &Database, port: u16) -> Connector {
    let variables = database.migrator_url().await;
    let server = format!(":{}/", stack().await.postgres.port);
    let url = variables[0].1.replace(&server, &format!(":{port}/"));
    let url = url.parse().expect("a URL");
    let config = config::Config {
        ca_file: Some((&variables[1].1).into()),
        ..config::Config::new(config::Source::Url(Box::new(url)))
    };
    Connector::new(config).await.expect("a connector")
}

/// An engine without a deadline and without progress.
pub fn engine(connector: &Connector, migrations: &Migrations) -> Engine {
    Engine {
        migrations: Ok(migrations.clone()),
        connector: Ok(connector.clone()),
        clock: Clock::unlimited(),
        confirm: None,
        progress: Box::new(|_| {}),
    }
}

/// `upgrade head`.
pub fn upgrade() -> Command {
    Command::Upgrade {
        target: "head".to_owned(),
        sql: false,
        dry_run: false,
        ahead: Ahead::Refuse,
        out_of_order: false,
    }
}

/// The exit status and output of a finished command.
pub struct Finished {
    pub status: i32,
    pub text: String,
    pub error: String,
}

impl Finished {
    pub fn new(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap_or(-1),
            text: String::from_utf8_lossy(&output.stdout).into_owned(),
            error: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Panics unless the exit status is this one.
    pub fn expect(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{}\n{}", self.text, self.error);
        self
    }

    /// The report that the command printed with `--json`.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{}\n{}", self.text, self.error))
    }
}

impl Database {
    /// Runs the migrate command on this database.
    pub async fn run(&self, arguments: &[&str]) -> Finished {
        let mut command = command(&self.migrator_url().await, arguments).await;
        Finished::new(command.output().await.expect("migrate runs"))
    }

    /// Runs the migrate command with `--json` and the migrations in a folder.
    pub async fn run_in(&self, folder: &Folder, arguments: &[&str]) -> Finished {
        let path = folder.path();
        let mut all = vec!["--json", "--dir", path.to_str().expect("UTF-8")];
        all.extend(arguments);
        self.run(&all).await
    }

    /// Starts the migrate command like [`Self::run_in`], without waiting for it.
    pub async fn spawn_in(&self, folder: &Folder, arguments: &[&str]) -> Child {
        let path = folder.path();
        let mut all = vec!["--json", "--dir", path.to_str().expect("UTF-8")];
        all.extend(arguments);
        command(&self.migrator_url().await, &all)
            .await
            .spawn()
            .expect("migrate starts")
    }

    /// The tables in the schema public, in order of their names, separated by spaces.
    pub async fn tables(&self) -> String {
        let sql = "SELECT coalesce(string_agg(relname, ' ' ORDER BY relname), '') FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
        self.value(sql, &[]).await
    }

    /// All that migrations can change but rows, as pg_dump writes it. It leaves out invalid indexes.
    pub async fn catalog(&self) -> String {
        let server = &stack().await.postgres;
        let mut dump = process::Command::new(server.program("pg_dump").expect("pg_dump"));
        // With --create, it has what was set for the database.
        let dump = dump
            .args(["--schema-only", "--create", "--no-sync"])
            .env("PGHOST", &server.host)
            .env("PGPORT", server.port.to_string())
            .env("PGSSLMODE", "verify-full")
            .env("PGSSLROOTCERT", &server.ca_file)
            .env("PGDATABASE", &self.name)
            .env("PGUSER", &server.user)
            .env("PGPASSWORD", &server.password);
        let dump = Finished::new(dump.output().await.expect("it runs")).expect(0);
        let lines = dump.text.lines();
        // Newer versions begin and end with a random key.
        let lines = lines.filter(|line| !line.contains("restrict "));
        let text = lines.collect::<Vec<_>>().join("\n");
        text.replace(&self.name, "this_database")
    }
}

/// The function of migrate, started and connected to this database.
pub async fn started(database: &Database) -> Function {
    let function = start_function("migrate", &database.environment("migrate").await).await;
    function.ready().await.expect("it starts");
    let current = function.invoke(json!({"command": "current"})).await;
    current.expect("a connection");
    function
}
