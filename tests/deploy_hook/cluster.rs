//! A new PostgreSQL, as RDS makes it: its master is no superuser, and owns the one database.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    sync::atomic::{AtomicU32, Ordering},
};

use crate::harness::{
    cloud::Cloud,
    event,
    migrations::{Finished, command},
    proxy::{Cut, Proxy},
    route, stack, start_function,
};
use local::{Postgres, PostgresOptions};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_postgres::Client;

const ROLES: [&str; 3] = [
    "interview_catalogue",
    "interview_rentals",
    "interview_migrator",
];
const PASSWORD: &str = "a password ' with \" quotes";

pub struct Cluster {
    postgres: Postgres,
    folder: TempDir,
    /// Tells its secrets from those of another.
    name: String,
}

impl Cluster {
    pub async fn start() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("cluster-{}", COUNT.fetch_add(1, Ordering::Relaxed));
        // PostgreSQL may run as another user, who has to pass through this folder.
        let folder = tempfile::Builder::new()
            .permissions(Permissions::from_mode(0o711))
            .tempdir()
            .expect("a folder");
        let options = PostgresOptions {
            directory: folder.path().join("postgresql"),
            port: None,
            durable: false,
        };
        let postgres = Postgres::start(&options).await.expect("PostgreSQL");
        let cluster = Self {
            postgres,
            folder,
            name,
        };
        let superuser = cluster.postgres.connect("postgres").await;
        let superuser = superuser.expect("a connection");
        for statement in [
            "CREATE ROLE master LOGIN CREATEDB CREATEROLE PASSWORD 'master'",
            "CREATE DATABASE pagila OWNER master",
            "ALTER SYSTEM SET log_statement = 'all'",
            "SELECT pg_reload_conf()",
        ] {
            superuser.batch_execute(statement).await.expect(statement);
        }
        // As RDS writes a secret that it manages: without the host.
        cluster.put("master", "master", "master").await;
        for role in ROLES {
            cluster.put(role, role, PASSWORD).await;
        }
        cluster
    }

    async fn put(&self, id: &str, username: &str, password: &str) {
        let value = json!({"username": username, "password": password});
        let put = stack().await.secrets.put(&self.secret(id), &value).await;
        put.expect("a secret");
    }

    fn secret(&self, id: &str) -> String {
        format!("{}/{id}", self.name)
    }

    /// The variables of a function that logs in as this role.
    async fn variables(&self, role: &str, port: u16) -> Vec<(String, String)> {
        let mut variables = stack().await.with_secret(&self.secret(role));
        variables.retain(|(name, _)| name != "DB_CA_FILE");
        let ca_file = self.postgres.ca_file.to_string_lossy();
        for (name, value) in [
            ("DB_CA_FILE", ca_file.as_ref()),
            ("DB_HOST", "localhost"),
            ("DB_PORT", &port.to_string()),
            ("DB_NAME", "pagila"),
            ("DB_CHANNEL_BINDING", "require"),
        ] {
            variables.push((name.to_owned(), value.to_owned()));
        }
        variables
    }

    /// A stack whose migrate works on it.
    pub async fn cloud(&self) -> Cloud {
        let port = self.postgres.port;
        Cloud::start(&self.variables("interview_migrator", port).await).await
    }

    /// An event with its secrets.
    pub fn event(&self, cloud: &Cloud, kind: &str) -> Value {
        let secrets = ROLES.map(|role| self.secret(role));
        let properties = json!({"MasterSecret": self.secret("master"), "RoleSecrets": secrets});
        cloud.event(kind, properties)
    }

    async fn connect(&self) -> Client {
        let client = self.postgres.connect("pagila").await;
        client.expect("a connection")
    }

    /// Runs statements as the superuser.
    pub async fn execute(&self, sql: &str) {
        self.connect().await.batch_execute(sql).await.expect(sql);
    }

    /// One number, as the superuser.
    pub async fn count(&self, sql: &str) -> i64 {
        let row = self.connect().await.query_one(sql, &[]).await;
        row.expect(sql).get(0)
    }

    /// Gives the roles passwords that no secret has.
    pub async fn forget_passwords(&self) {
        for role in ROLES {
            self.execute(&format!("ALTER ROLE {role} NOLOGIN PASSWORD 'forgotten'"))
                .await;
        }
    }

    pub async fn assert_roles_log_in(&self) {
        for role in ROLES {
            let client = self.postgres.connect_as("pagila", role, PASSWORD).await;
            client.expect(role);
        }
    }

    /// The API's functions answer with the data, and the database is at head.
    pub async fn assert_serves(&self) {
        self.assert_roles_log_in().await;
        let port = self.postgres.port;
        for (function, role, url) in [
            (
                "search-films",
                "interview_catalogue",
                "/films?q=dinosaur&limit=1",
            ),
            (
                "rentals-by-customer",
                "interview_rentals",
                "/customers/1/rentals?limit=1",
            ),
        ] {
            let function_variables = self.variables(role, port).await;
            let function_routes = route::all_of(function);
            let running = start_function(function, &function_variables).await;
            let path = url.split('?').next().unwrap_or_default();
            let request = event::get(&route::matching(&function_routes, path), url, None);
            let response = running.invoke(request).await.expect("a response");
            assert_eq!(response["statusCode"], 200, "{url}: {response}");
        }
        let variables = self.variables("interview_migrator", port).await;
        let check = command(&variables, &["check"]).await.output().await;
        Finished::new(check.expect("it runs")).expect(0);
    }

    /// Runs the bootstrap on the command line, and cuts its connection at the client's message of
    /// this number. Returns whether it got so far.
    pub async fn is_cut_off_at(&self, message: usize) -> bool {
        let cut = [Cut::Before, Cut::During, Cut::After][message % 3];
        let proxy = Proxy::start(self.postgres.port, message, cut).await;
        let variables = self.variables("interview_migrator", proxy.port).await;
        let master = self.secret("master");
        let roles = ROLES.map(|role| self.secret(role));
        let mut arguments = vec!["bootstrap", "--secret", &master];
        arguments.extend(roles.iter().map(String::as_str));
        let mut bootstrap = command(&variables, &arguments).await;
        let mut child = bootstrap.spawn().expect("it runs");
        let was_cut = proxy.reached(child.wait()).await;
        let _ = child.kill().await;
        was_cut
    }

    /// PostgreSQL, which logs every statement here, saw verifiers only.
    pub fn assert_no_password_is_logged(&self) {
        let log = self.folder.path().join("postgresql/postgresql.log");
        let log = fs::read_to_string(log).expect("the log");
        assert!(log.contains("SCRAM-SHA-256$"), "{log}");
        assert!(!log.contains("a password"), "{log}");
    }
}
