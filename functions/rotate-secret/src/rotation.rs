//! The four steps. The role changes its own password, so no other role needs a privilege on it.

use postgres_protocol::password::scram_sha_256;
use shared::{
    Connector, RuntimeError,
    config::{Config, Source},
    tokio_postgres::{self, Client, config::SslMode},
};

use crate::versions::{CURRENT, Fields, PENDING, PREVIOUS, Versions};

type Result<T> = std::result::Result<T, RuntimeError>;

/// A rotation of a secret.
pub struct Rotation {
    versions: Versions,
    /// The id of the version with the new password.
    new: String,
    config: Config,
}

impl Rotation {
    pub async fn new(secret_id: String, token: String) -> Result<Self> {
        let config = Config::for_secret(&secret_id)?;
        let client = shared::secrets_manager().await;
        Ok(Self {
            versions: Versions { client, secret_id },
            new: token,
            config,
        })
    }

    /// Stores a new password as AWSPENDING, unless this rotation has done so.
    pub async fn create(&self) -> Result<()> {
        if self.versions.value(&self.new).await?.is_some() {
            return Ok(());
        }
        let mut fields = self.at(CURRENT).await?;
        // An earlier rotation may have set its password and never finished. The new version takes
        // that password over, because nobody could log in to set another.
        match self.at(PENDING).await {
            Ok(stuck) if self.connect(&stuck).await.is_ok() => fields = stuck,
            _ => {
                let password = self.versions.random_password().await?;
                fields.insert("password".to_owned(), password.into());
            }
        }
        self.versions.put_pending(&self.new, fields).await
    }

    /// Sets the new password in the database, unless it is the role's already.
    pub async fn set(&self) -> Result<()> {
        let pending = self.pending().await?;
        if self.connect(&pending).await.is_ok() {
            return Ok(());
        }
        let client = match self.connect(&self.at(CURRENT).await?).await {
            Ok(client) => client,
            Err(error) => match self.at(PREVIOUS).await {
                Ok(previous) => self.connect(&previous).await?,
                Err(_) => return Err(error),
            },
        };
        let user = text(&pending, "username")?.replace('"', "\"\"");
        // PostgreSQL and its log see only the verifier. The role's transactions are read-only by
        // default.
        let verifier = scram_sha_256(text(&pending, "password")?.as_bytes());
        let alter =
            format!("BEGIN READ WRITE; ALTER ROLE \"{user}\" PASSWORD '{verifier}'; COMMIT");
        Ok(client.batch_execute(&alter).await?)
    }

    /// Connects with the new password.
    pub async fn test(&self) -> Result<()> {
        let client = self.connect(&self.pending().await?).await?;
        Ok(client.batch_execute("SELECT 1").await?)
    }

    /// Makes the new password AWSCURRENT, and the old one AWSPREVIOUS.
    pub async fn finish(&self) -> Result<()> {
        let current = self.versions.at(CURRENT).await?;
        if current.as_ref() != Some(&self.new) {
            // Nothing that cannot log in becomes current.
            self.test().await?;
            let new = Some(self.new.as_str());
            self.versions.move_stage(CURRENT, current, new).await?;
        }
        if self.versions.at(PENDING).await?.as_ref() == Some(&self.new) {
            let new = Some(self.new.clone());
            self.versions.move_stage(PENDING, new, None).await?;
        }
        Ok(())
    }

    /// The value at a stage.
    async fn at(&self, stage: &str) -> Result<Fields> {
        let missing = || format!("the secret has no version at {stage}");
        let id = self.versions.at(stage).await?.ok_or_else(missing)?;
        Ok(self.versions.value(&id).await?.ok_or_else(missing)?)
    }

    async fn pending(&self) -> Result<Fields> {
        let pending = self.versions.value(&self.new).await?;
        pending
            .ok_or_else(|| format!("version {} has no value: repeat createSecret", self.new).into())
    }

    /// Connects as this version of the secret says. DB_HOST, DB_PORT and DB_NAME override it.
    async fn connect(&self, fields: &Fields) -> Result<Client> {
        let config = &self.config;
        let host = config
            .host
            .as_deref()
            .map_or_else(|| text(fields, "host"), Ok)?;
        let name = config
            .name
            .as_deref()
            .map_or_else(|| text(fields, "dbname"), Ok)?;
        let port = fields.get("port").and_then(|port| {
            let number = port.as_u64().and_then(|port| port.try_into().ok());
            number.or_else(|| port.as_str()?.parse().ok())
        });
        let mut target = tokio_postgres::Config::new();
        target
            .host(host)
            .port(config.port.or(port).unwrap_or(5432))
            .dbname(name)
            .user(text(fields, "username")?)
            .password(text(fields, "password")?)
            .ssl_mode(SslMode::Require);
        let config = Config {
            source: Source::Url(Box::new(target)),
            ..config.clone()
        };
        let connector = Connector::new(config).await.map_err(described)?;
        connector.client().await.map_err(described)
    }
}

fn text<'a>(fields: &'a Fields, name: &str) -> Result<&'a str> {
    let value = fields.get(name).and_then(|value| value.as_str());
    value.ok_or_else(|| format!("the secret has no text `{name}`").into())
}

fn described(error: shared::Error) -> RuntimeError {
    match error.fault() {
        Some(fault) => fault.to_string().into(),
        None => "no connection".into(),
    }
}
