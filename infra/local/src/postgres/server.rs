//! A running PostgreSQL, as its superuser reaches it.

use crate::error::{Context, Error, Result};
use crate::passwords::Passwords;
use crate::role::Role;
use rustls::pki_types::{CertificateDer, pem::PemObject};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use tokio_postgres::{Client, Config, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How to reach a running PostgreSQL as its superuser, also from another process.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Server {
    /// Always `localhost`, which its certificate names.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// PEM file of the authority that signed its certificate.
    pub ca_file: PathBuf,
    /// The superuser's name.
    pub user: String,
    /// The superuser's password.
    pub password: String,
    /// Its major version.
    pub version: u32,
    /// The folder of its programs.
    pub bin_dir: PathBuf,
    /// The folder of its cluster, `postmaster.pid` and `postgresql.conf`.
    pub data_directory: PathBuf,
}

impl Server {
    /// Connects as the superuser, over TLS, with the server's name verified.
    ///
    /// # Errors
    /// When the server refuses or cannot be reached.
    pub async fn connect(&self, database: &str) -> Result<Client> {
        self.connect_as(database, &self.user, &self.password).await
    }

    /// Connects as any role, over TLS, with the server's name verified.
    ///
    /// # Errors
    /// When the server refuses or cannot be reached.
    pub async fn connect_as(&self, database: &str, user: &str, password: &str) -> Result<Client> {
        let mut config = Config::new();
        config.host(&self.host).port(self.port).dbname(database);
        config
            .user(user)
            .password(password)
            .ssl_mode(SslMode::Require);
        let whole = || format!("cannot connect to database {database} as {user}");
        let (client, connection) = config.connect(self.tls()?).await.context(whole)?;
        // The connection ends with its client, and an error of it is the client's next one.
        tokio::spawn(connection);
        Ok(client)
    }

    fn tls(&self) -> Result<MakeRustlsConnect> {
        let unreadable = || format!("cannot read {}", self.ca_file.display());
        let mut roots = RootCertStore::empty();
        for authority in CertificateDer::pem_file_iter(&self.ca_file).context(unreadable)? {
            roots
                .add(authority.context(unreadable)?)
                .context(unreadable)?;
        }
        let config = ClientConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .context(|| "TLS")?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(MakeRustlsConnect::new(config))
    }

    /// Makes the roles that a deployment expects to exist, with their passwords. The migrator, which
    /// owns the databases, may make roles and administer the others.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn create_login_roles(&self, passwords: &Passwords) -> Result<()> {
        let client = self.connect("postgres").await?;
        for role in [Role::Migrator, Role::Catalogue, Role::Rentals] {
            let name = role.name();
            let found = client
                .query_opt("SELECT 1 FROM pg_roles WHERE rolname = $1", &[&name])
                .await;
            let verb = match found.context(|| format!("cannot look for role {name}"))? {
                Some(_) => "ALTER",
                None => "CREATE",
            };
            let password = passwords.of(role).replace('\'', "''");
            let login = format!("{verb} ROLE {name} LOGIN PASSWORD '{password}'");
            let statement = match role {
                Role::Migrator => format!("{login} CREATEROLE CREATEDB"),
                Role::Catalogue | Role::Rentals => {
                    let migrator = Role::Migrator.name();
                    format!("{login}; GRANT {name} TO {migrator} WITH ADMIN OPTION")
                }
            };
            client
                .batch_execute(&statement)
                .await
                .context(|| format!("cannot make role {name}"))?;
        }
        Ok(())
    }

    /// Makes a database which `interview_migrator` owns, unless there is one of that name.
    ///
    /// # Errors
    /// When the server refuses: the template has connections, say.
    pub async fn create_database(&self, name: &str, template: Option<&str>) -> Result<()> {
        let client = self.connect("postgres").await?;
        let found = client
            .query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name])
            .await;
        if found
            .context(|| format!("cannot look for database {name}"))?
            .is_some()
        {
            return Ok(());
        }
        let template =
            template.map_or_else(String::new, |name| format!(" TEMPLATE {}", quoted(name)));
        let statement = format!(
            "CREATE DATABASE {} OWNER interview_migrator{template}",
            quoted(name)
        );
        client
            .batch_execute(&statement)
            .await
            .context(|| format!("cannot create database {name}"))
    }

    /// Drops a database, if there is one of that name, and ends its connections.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn drop_database(&self, name: &str) -> Result<()> {
        let client = self.connect("postgres").await?;
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(name));
        client
            .batch_execute(&statement)
            .await
            .context(|| format!("cannot drop database {name}"))
    }

    /// The program of that name and of this server's version.
    ///
    /// # Errors
    /// When the server was installed without it.
    pub fn program(&self, name: &str) -> Result<PathBuf> {
        let program = self.bin_dir.join(name);
        match program.exists() {
            true => Ok(program),
            false => Err(Error::new(format!(
                "there is no {name} in {}",
                self.bin_dir.display()
            ))),
        }
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
