//! Migrations of a test's own, and the migrate command on them.

use std::{
    fs,
    path::PathBuf,
    process::{Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::{Database, binary, stack};

/// A folder of migrations.
pub struct Folder(TempDir);

impl Folder {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder"));
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    /// A folder of pairs: version, way up, way back. The name is `test`.
    pub fn of(pairs: &[(&str, &str, &str)]) -> Self {
        let folder = Self::new(&[]);
        for (version, up, down) in pairs {
            folder.write(&format!("{version}_test.up.sql"), up);
            folder.write(&format!("{version}_test.down.sql"), down);
        }
        folder
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

/// The migrate command, with nothing but these variables.
pub async fn command(environment: &[(String, String)], arguments: &[&str]) -> Command {
    stack().await;
    let mut command = Command::new(binary("migrate"));
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

/// What a finished command has said.
pub struct Said {
    pub status: i32,
    pub text: String,
    pub error: String,
}

impl Said {
    pub fn new(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap_or(-1),
            text: String::from_utf8_lossy(&output.stdout).into_owned(),
            error: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Itself, when its exit status is this.
    pub fn expect(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{}\n{}", self.text, self.error);
        self
    }

    /// What it printed with `--json`.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{}\n{}", self.text, self.error))
    }
}

impl Database {
    /// Runs the migrate command on this database.
    pub async fn run(&self, arguments: &[&str]) -> Said {
        let mut command = command(&self.migrator_url().await, arguments).await;
        Said::new(command.output().await.expect("migrate runs"))
    }

    /// Runs the migrate command with `--json` on a folder's migrations.
    pub async fn run_in(&self, folder: &Folder, arguments: &[&str]) -> Said {
        let path = folder.path();
        let mut all = vec!["--json", "--dir", path.to_str().expect("UTF-8")];
        all.extend(arguments);
        self.run(&all).await
    }

    /// Starts the migrate command on a folder's migrations, and does not wait.
    pub async fn spawn_in(&self, folder: &Folder, arguments: &[&str]) -> Child {
        let path = folder.path();
        let mut all = vec!["--json", "--dir", path.to_str().expect("UTF-8")];
        all.extend(arguments);
        command(&self.migrator_url().await, &all)
            .await
            .spawn()
            .expect("migrate starts")
    }

    /// Everything that migrations can change: columns, indexes, owners, rights, settings.
    pub async fn catalog(&self) -> String {
        self.value(include_str!("catalog.sql"), &[]).await
    }
}
