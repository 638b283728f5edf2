//! What PostgreSQL's log says of one function.

use std::{fs, path::PathBuf};

use super::{Database, api::Api, stack};

/// The log of a function's one connection.
pub struct ServerLog {
    path: PathBuf,
    read: usize,
    /// What its lines contain.
    prefix: String,
}

impl ServerLog {
    /// Has PostgreSQL log what `settings` ask for, on connections to this database from now on.
    pub async fn of(database: &Database, settings: &[(&str, &str)]) -> Self {
        let server = &stack().await.postgres;
        let path = server.data_directory.with_file_name("postgresql.log");
        for (name, value) in settings {
            let sql = format!("ALTER DATABASE {} SET {name} = {value}", database.name);
            database.execute(&sql).await;
        }
        let read = fs::read(&path).expect("a log").len();
        let prefix = String::new();
        Self { path, read, prefix }
    }

    /// Reads only what the function's connection does, from the last call of `take` on.
    pub async fn follow(&mut self, api: &Api, function: &str) {
        let sql = "SELECT pid FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = $1";
        let pid: i32 = api.database.value(sql, &[&function]).await;
        self.prefix = format!("[{pid}]");
    }

    /// The lines since the last call.
    pub fn take(&mut self) -> String {
        let log = fs::read(&self.path).expect("a log");
        let new = String::from_utf8_lossy(&log[self.read..]).into_owned();
        self.read = log.len();
        let mut is_ours = false;
        let ours = new.lines().filter(|line| {
            // The further lines of an entry begin with a tab.
            if !line.starts_with('\t') {
                is_ours = line.contains(&self.prefix);
            }
            is_ours
        });
        ours.collect::<Vec<_>>().join("\n")
    }
}
