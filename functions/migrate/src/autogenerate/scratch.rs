//! Scratch databases: where a schema file is loaded and a plan is proved.

use std::{
    process,
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use shared::{
    Connector,
    config::{Config, Source},
    tokio_postgres::{Client, error::ErrorPosition},
};
use tokio::task::JoinSet;

use crate::{
    failure::Failure,
    files::{
        Script,
        statement::{line_at, split},
    },
};

const PREFIX: &str = "migrate_scratch_";
/// How old the database of a run that was killed is when it is dropped.
const ORPHAN: Duration = Duration::from_secs(3600);

/// A server where scratch databases are made: that of the live database, or another one.
pub(crate) struct Server {
    config: Config,
    admin: Client,
    options: String,
    /// What the names of this run's databases begin with.
    prefix: String,
}

/// A database that is dropped by [`Server::drop_all`].
pub(crate) struct Scratch {
    pub client: Client,
}

impl Server {
    /// Connects, and drops the scratch databases of runs that were killed.
    pub async fn open(config: &Config, url: Option<&str>, live: &Client) -> Result<Self, Failure> {
        let mut config = config.clone();
        if let Some(url) = url {
            let parsed = url.parse().map_err(|error| {
                Failure::new(format!(
                    "--scratch must be postgres://user:password@host/name: {error}"
                ))
            })?;
            config.source = Source::Url(Box::new(parsed));
        }
        let admin = connect(&config).await?;
        let row = live.query_typed(
            "SELECT format('ENCODING %L LC_COLLATE %L LC_CTYPE %L', pg_encoding_to_char(encoding), datcollate, datctype) \
             || CASE to_jsonb(d) ->> 'datlocprovider' WHEN 'i' THEN format(' LOCALE_PROVIDER icu ICU_LOCALE %L', \
                 coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale')) \
               WHEN 'b' THEN format(' LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', to_jsonb(d) ->> 'datlocale') ELSE '' END \
             FROM pg_database d WHERE datname = current_database()",
            &[],
        );
        let options = row
            .await?
            .first()
            .map_or(Ok(String::new()), |row| row.try_get(0))?;
        let prefix = format!("{PREFIX}{}_{}_", now().as_secs(), process::id());
        let server = Self {
            config,
            admin,
            options,
            prefix,
        };
        server.drop_orphans().await?;
        Ok(server)
    }

    async fn drop_orphans(&self) -> Result<(), Failure> {
        let query =
            "SELECT datname::text FROM pg_database WHERE datname LIKE 'migrate\\_scratch\\_%'";
        for row in self.admin.query_typed(query, &[]).await? {
            let name: String = row.try_get(0)?;
            let epoch = name.trim_start_matches(PREFIX).split('_').next();
            let epoch = epoch.and_then(|epoch| epoch.parse().ok()).unwrap_or(0);
            if now().saturating_sub(Duration::from_secs(epoch)) > ORPHAN {
                // Another run may have been faster, or it belongs to another role.
                let _ = drop_database(&self.admin, &name).await;
            }
        }
        Ok(())
    }

    /// A new empty database.
    ///
    /// # Errors
    /// The role may not create databases.
    pub async fn create(&self) -> Result<Scratch, Failure> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}{count}", self.prefix);
        let sql = format!("CREATE DATABASE {name} TEMPLATE template0 {}", self.options);
        self.admin.batch_execute(&sql).await.map_err(|error| {
            let failure = Failure::from(error);
            match failure.sqlstate.as_deref() {
                Some("42501") => Failure {
                    message: "comparing schemas needs a scratch database, which this role may not create: grant it CREATEDB, or run the command with --scratch".to_owned(),
                    ..failure
                },
                _ => failure,
            }
        })?;
        let mut config = self.config.clone();
        match &mut config.source {
            Source::Url(url) => {
                url.dbname(&name);
            }
            Source::Secret(_) => config.name = Some(name.clone()),
        }
        let client = connect(&config).await?;
        Ok(Scratch { client })
    }

    /// Drops what [`Server::create`] has made. All at once: each DROP waits for a checkpoint, and they can
    /// share one.
    ///
    /// # Errors
    /// A database that could not be dropped; a later run drops it.
    pub async fn drop_all(&self) -> Result<(), Failure> {
        let mut drops = JoinSet::new();
        let query =
            "SELECT datname::text FROM pg_database WHERE datname LIKE 'migrate\\_scratch\\_%'";
        for row in self.admin.query_typed(query, &[]).await? {
            let name: String = row.try_get(0)?;
            let config = self.config.clone();
            if name.starts_with(&self.prefix) {
                drops.spawn(async move { drop_database(&connect(&config).await?, &name).await });
            }
        }
        let results = drops.join_all().await;
        results.into_iter().collect()
    }
}

impl Scratch {
    /// Runs a script, whatever the order of the objects that its functions use.
    ///
    /// # Errors
    /// The statement that failed, with its line.
    pub async fn load(&self, file: &str, text: &str) -> Result<(), Failure> {
        self.client
            .batch_execute("SET check_function_bodies = off")
            .await?;
        let result = match self.client.batch_execute(text).await {
            Ok(()) => Ok(()),
            Err(error) => self.load_one_by_one(file, text, error).await,
        };
        // The script may have set a search_path or a role.
        self.client
            .batch_execute("ROLLBACK; RESET ALL; RESET ROLE; RESET SESSION AUTHORIZATION")
            .await?;
        result
    }

    /// The failure of a whole script does not always tell its place, and some statements cannot run in
    /// a transaction.
    async fn load_one_by_one(
        &self,
        file: &str,
        text: &str,
        error: shared::tokio_postgres::Error,
    ) -> Result<(), Failure> {
        self.client
            .batch_execute("ROLLBACK; RESET ALL; RESET ROLE; SET check_function_bodies = off")
            .await?;
        let place = |failure: Failure, line| Failure {
            file: Some(file.to_owned()),
            line,
            ..failure
        };
        let position = error
            .as_db_error()
            .and_then(|error| match error.position() {
                Some(ErrorPosition::Original(position)) => Some(*position as usize - 1),
                _ => None,
            });
        let line = position.map(|position| {
            let offset = text
                .char_indices()
                .nth(position)
                .map_or(text.len(), |(at, _)| at);
            line_at(text, offset)
        });
        let whole = place(error.into(), line);
        let script = Script::new(file.to_owned(), text).ok();
        let Some(statements) = script.and_then(|script| split(&script).ok()) else {
            return Err(whole);
        };
        for statement in statements {
            if let Err(error) = self.client.batch_execute(&statement.sql).await {
                let failure = place(error.into(), Some(statement.line));
                return Err(if whole.line.is_some() { whole } else { failure });
            }
        }
        Ok(())
    }
}

async fn drop_database(admin: &Client, name: &str) -> Result<(), Failure> {
    let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    Ok(admin.batch_execute(&sql).await?)
}

async fn connect(config: &Config) -> Result<Client, Failure> {
    let connector = Connector::to_writer(config.clone()).await?;
    Ok(connector.client().await?)
}

fn now() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}
