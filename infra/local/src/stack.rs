//! PostgreSQL and Secrets Manager together, with the roles and secrets that functions expect.

use crate::Role;
use crate::error::{Context, Error, Result};
use crate::passwords::{Passwords, kept_password};
use crate::paths;
use crate::postgres::{Postgres, PostgresOptions, Server};
use crate::secrets::{Secrets, SecretsManager};
use crate::tools::{self, Tools};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The database of `make run`.
pub const DATABASE: &str = "pagila";

/// Everything another process needs to use a running stack.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StackInfo {
    /// The PostgreSQL server.
    pub postgres: Server,
    /// The Secrets Manager.
    pub secrets: Secrets,
    /// The passwords of the roles.
    pub passwords: Passwords,
}

impl StackInfo {
    /// The `DATABASE_URL` of a role in this database.
    pub fn url(&self, role: Role, database: &str) -> String {
        let Server { host, port, .. } = &self.postgres;
        let (user, password) = (role.name(), self.passwords.of(role));
        format!("postgres://{user}:{password}@{host}:{port}/{database}")
    }

    /// Puts a secret as RDS writes it, for this role in this database.
    ///
    /// # Errors
    /// When Secrets Manager cannot be reached or refuses.
    pub async fn put_role_secret(&self, name: &str, database: &str, role: Role) -> Result<()> {
        let password = self.passwords.of(role);
        self.put_secret(name, database, role.name(), password).await
    }

    /// Puts a secret as RDS writes it, for any user of this database.
    ///
    /// # Errors
    /// When Secrets Manager cannot be reached or refuses.
    pub async fn put_secret(
        &self,
        name: &str,
        database: &str,
        user: &str,
        password: &str,
    ) -> Result<()> {
        let value = json!({
            "engine": "postgres",
            "username": user,
            "password": password,
            "host": self.postgres.host,
            "port": self.postgres.port,
            "dbname": database,
        });
        self.secrets.put(name, &value).await
    }

    /// The variables of a function, with the secret of its role in the database [`DATABASE`].
    ///
    /// # Errors
    /// As [`Role::of`].
    pub fn environment(&self, function: &str) -> Result<Vec<(String, String)>> {
        Ok(match Role::of(function)? {
            Some(role) => self.with_secret(role.secret_id()),
            None => self.variables(),
        })
    }

    /// The variables of a function whose credentials are in this secret.
    pub fn with_secret(&self, secret_id: &str) -> Vec<(String, String)> {
        let mut variables = self.variables();
        variables.push(("DB_SECRET_ID".to_owned(), secret_id.to_owned()));
        variables
    }

    /// The variables that all functions share: all but the name of their secret.
    pub fn variables(&self) -> Vec<(String, String)> {
        let ca_file = self.postgres.ca_file.to_string_lossy();
        [
            ("DB_CA_FILE", ca_file.as_ref()),
            ("AWS_ENDPOINT_URL_SECRETS_MANAGER", &self.secrets.endpoint),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "local"),
            ("AWS_SECRET_ACCESS_KEY", "local"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AUTHORIZATION", "none"),
            ("CORS_ORIGINS", "*"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }
}

/// A running stack; it ends when this value goes.
pub struct Stack {
    /// Its PostgreSQL.
    pub postgres: Postgres,
    /// Its Secrets Manager.
    pub secrets: SecretsManager,
    info: StackInfo,
}

impl Stack {
    /// Starts both in this folder, with the roles that log in and a secret for each. The database
    /// `pagila` that the secrets name is not made.
    ///
    /// # Errors
    /// When PostgreSQL cannot be installed, or a part cannot be started.
    pub async fn start(directory: &Path, tools: &Tools, durable: bool) -> Result<Self> {
        fs::create_dir_all(directory).context(|| format!("cannot make {}", directory.display()))?;
        let options = PostgresOptions {
            directory: directory.join("postgresql"),
            port: None,
            durable,
        };
        let log = directory.join("secrets-manager.log");
        let (postgres, secrets) = tokio::try_join!(
            Postgres::start(&options),
            SecretsManager::start(tools, &log)
        )?;
        let info = StackInfo {
            postgres: postgres.server().clone(),
            secrets: secrets.secrets().clone(),
            passwords: Passwords {
                catalogue: kept_password(&directory.join("catalogue.password"))?,
                rentals: kept_password(&directory.join("rentals.password"))?,
                migrator: kept_password(&directory.join("migrator.password"))?,
            },
        };
        postgres.create_login_roles(&info.passwords).await?;
        for role in Role::ALL {
            info.put_role_secret(role.secret_id(), DATABASE, role)
                .await?;
        }
        Ok(Self {
            postgres,
            secrets,
            info,
        })
    }

    /// What another process needs to use it.
    pub fn info(&self) -> &StackInfo {
        &self.info
    }

    /// Waits until a part of it ends by itself, and says which.
    pub async fn failed(&mut self) -> Error {
        let (part, status) = tokio::select! {
            status = self.postgres.exited() => ("PostgreSQL", status),
            status = self.secrets.exited() => ("Secrets Manager (moto)", status),
        };
        match status {
            Ok(status) => Error::new(format!("{part} ended unexpectedly: {status}")),
            Err(error) => error,
        }
    }

    /// Ends both.
    pub async fn stop(self) {
        tokio::join!(self.postgres.stop(), self.secrets.stop());
    }
}

/// Does `work` with a stack of which nothing is kept, until that or `ended` ends.
///
/// # Errors
/// When the stack cannot start, or what `work` or `ended` return.
pub async fn temporary(
    ended: impl Future<Output = Result<()>>,
    work: impl AsyncFnOnce(&mut Stack) -> Result<()>,
) -> Result<()> {
    // PostgreSQL may run as another user, who has to pass through this folder.
    let folder = tempfile::Builder::new()
        .prefix("interview-api-")
        .permissions(Permissions::from_mode(0o711))
        .tempdir()
        .context(|| "cannot make a temporary folder")?;
    let mut data_directory = None;
    let result = tokio::select! {
        ended = ended => ended,
        result = with_stack(folder.path(), &mut data_directory, work) => result,
    };
    if let Some(data) = data_directory {
        // Mostly it is within the temporary folder, and that removes itself.
        let _ = fs::remove_dir_all(data);
    }
    result
}

async fn with_stack(
    folder: &Path,
    data_directory: &mut Option<PathBuf>,
    work: impl AsyncFnOnce(&mut Stack) -> Result<()>,
) -> Result<()> {
    let tools = tools::install(&paths::tools(), "local").await?;
    let mut stack = Stack::start(folder, &tools, false).await?;
    let data = &stack.info().postgres.data_directory;
    *data_directory = data.parent().map(Path::to_path_buf);
    work(&mut stack).await
}
