//! What the tests stand on: one PostgreSQL and Secrets Manager for all, a database for each.

pub mod api;
pub mod browser;
pub mod cloud;
pub mod event;
pub mod log;
pub mod migrations;
pub mod pooler;
pub mod proxy;
pub mod relay;
pub mod route;
pub mod skip;
pub mod traffic;

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use local::{Role, StackInfo, lambda::Function, paths};
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use tokio_postgres::{Client, types::ToSql};

const TEMPLATE: &str = "template_sample";
const SCHEMA_TEMPLATE: &str = "template_schema";

/// A running stack. It ends with this value.
pub struct Stack {
    pub info: StackInfo,
    // The stack ends when its standard input does, and so when this process does.
    _serve: Child,
}

/// The stack that all tests share; whoever comes first starts it.
pub async fn stack() -> &'static StackInfo {
    static STACK: OnceCell<Stack> = OnceCell::const_new();
    &STACK.get_or_init(start).await.info
}

/// Builds every binary, and starts a stack of its own.
pub async fn start() -> Stack {
    let mut build = Command::new(env!("CARGO"));
    build
        .args(["build", "--quiet", "--workspace", "--bins"])
        .current_dir(paths::root());
    // Build scripts watch what cargo sets for this test, and would run again with it.
    for name in local::process::set_by_cargo() {
        build.env_remove(name);
    }
    let status = build.status();
    assert!(status.expect("cargo runs").success(), "cargo build fails");
    let mut serve = Command::new(paths::target().join("debug/local"))
        .arg("serve")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the local stack starts");
    let mut line = String::new();
    let stdout = serve.stdout.take().expect("a pipe");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    let info: StackInfo = serde_json::from_str(&line).expect("the local stack says where it is");
    Stack {
        info,
        _serve: serve,
    }
}

/// A database of one test, dropped at its end.
pub struct Database {
    pub name: String,
}

impl Database {
    /// An empty one, owned by the migrator.
    pub async fn empty() -> Self {
        Self::create(None).await
    }

    /// One with the sample data, at the newest revision.
    pub async fn sample() -> Self {
        static MADE: OnceCell<()> = OnceCell::const_new();
        MADE.get_or_init(make_template).await;
        Self::create(Some(TEMPLATE)).await
    }

    /// As [`Database::sample`], migrated by itself: a clone lacks what ALTER ROLE … IN DATABASE set.
    pub async fn migrated() -> Self {
        let database = Self::empty().await;
        for command in ["restore", "upgrade"] {
            database
                .migrate(json!({ "command": command }))
                .await
                .expect("a migrated database");
        }
        database
    }

    /// One with Pagila's tables, without rows and migrations.
    pub async fn schema() -> Self {
        static MADE: OnceCell<()> = OnceCell::const_new();
        MADE.get_or_init(make_schema_template).await;
        Self::create(Some(SCHEMA_TEMPLATE)).await
    }

    async fn create(template: Option<&str>) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let stack = stack().await;
        stack
            .postgres
            .create_database(&name, template)
            .await
            .expect("a database");
        Self { name }
    }

    /// The variables of a function on this database, with a secret for its own role.
    pub async fn environment(&self, function: &str) -> Vec<(String, String)> {
        environment(&self.name, function).await
    }

    /// A connection as this role.
    pub async fn connect_as(&self, role: Role) -> Client {
        let stack = stack().await;
        let password = stack.passwords.of(role);
        let client = stack
            .postgres
            .connect_as(&self.name, role.name(), password)
            .await;
        client.expect("a connection")
    }

    /// A connection as the superuser.
    pub async fn connect(&self) -> Client {
        stack()
            .await
            .postgres
            .connect(&self.name)
            .await
            .expect("a connection")
    }

    /// One row, one column, as the superuser.
    pub async fn value<T>(&self, sql: &str, parameters: &[&(dyn ToSql + Sync)]) -> T
    where
        T: for<'a> tokio_postgres::types::FromSql<'a>,
    {
        let row = self
            .connect()
            .await
            .query_one(sql, parameters)
            .await
            .expect("a row");
        row.get(0)
    }

    /// Runs statements as the superuser.
    pub async fn execute(&self, sql: &str) {
        self.connect()
            .await
            .batch_execute(sql)
            .await
            .expect("statements that run");
    }

    /// Runs a file with psql, as the migrator.
    pub async fn psql(&self, file: &Path) {
        let stack = stack().await;
        let server = &stack.postgres;
        let output = Command::new(server.program("psql").expect("psql"))
            .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file"])
            .arg(file)
            .env("PGHOST", &server.host)
            .env("PGPORT", server.port.to_string())
            .env("PGSSLMODE", "verify-full")
            .env("PGSSLROOTCERT", &server.ca_file)
            .env("PGDATABASE", &self.name)
            .env("PGUSER", Role::Migrator.name())
            .env("PGPASSWORD", stack.passwords.of(Role::Migrator))
            .output()
            .expect("psql runs");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {error}", file.display());
    }

    /// Invokes the migrate function once, in an instance of its own; the event is confirmed.
    pub async fn migrate(&self, mut event: Value) -> Result<Value, String> {
        if let Some(event) = event.as_object_mut() {
            event
                .entry("confirm")
                .or_insert_with(|| self.name.clone().into());
        }
        migrate(&self.environment("migrate").await, event).await
    }

    /// The variables of the migrate command, without a Secrets Manager on the way.
    pub async fn migrator_url(&self) -> Vec<(String, String)> {
        let stack = stack().await;
        let url = stack.url(Role::Migrator, &self.name);
        let ca_file = stack.postgres.ca_file.to_string_lossy().into_owned();
        vec![
            ("DATABASE_URL".to_owned(), url),
            ("DB_CA_FILE".to_owned(), ca_file),
        ]
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let name = self.name.clone();
        // A thread that nobody waits for: PostgreSQL drops a database only after every session that
        // is being opened has got further, those of the test included.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let dropped = runtime.expect("a runtime").block_on(async {
                let stack = stack().await;
                stack.postgres.drop_database(&name).await
            });
            if let Err(error) = dropped {
                eprintln!("{error}");
            }
        });
    }
}

async fn environment(database: &str, function: &str) -> Vec<(String, String)> {
    let stack = stack().await;
    let Some(role) = Role::of(function).expect("a role") else {
        return stack.variables();
    };
    let secret_id = format!("{database}/{}", role.secret_id());
    stack
        .put_role_secret(&secret_id, database, role)
        .await
        .expect("a secret");
    stack.with_secret(&secret_id)
}

async fn make_template() {
    stack()
        .await
        .postgres
        .create_database(TEMPLATE, None)
        .await
        .expect("a database");
    let migrator = environment(TEMPLATE, "migrate").await;
    for command in ["restore", "upgrade"] {
        migrate(&migrator, json!({"command": command, "confirm": TEMPLATE}))
            .await
            .expect("the template is migrated");
    }
}

async fn make_schema_template() {
    let stack = stack().await;
    stack
        .postgres
        .create_database(SCHEMA_TEMPLATE, None)
        .await
        .expect("a database");
    let (migrator, password) = (Role::Migrator, stack.passwords.of(Role::Migrator));
    let migrator = stack
        .postgres
        .connect_as(SCHEMA_TEMPLATE, migrator.name(), password)
        .await;
    let sql = std::fs::read_to_string(paths::root().join("sql/01-pagila-schema.sql"));
    migrator
        .expect("a connection")
        .batch_execute(&sql.expect("the schema"))
        .await
        .expect("tables");
}

async fn migrate(environment: &[(String, String)], event: Value) -> Result<Value, String> {
    let mut function = start_function("migrate", environment).await;
    function.deadline = std::time::Duration::from_secs(120);
    let answer = function
        .invoke(event)
        .await
        .map_err(|error| error.to_string());
    function.stop().await;
    answer
}

/// An instance of a function, with these variables alone.
pub async fn start_function(name: &str, environment: &[(String, String)]) -> Function {
    stack().await;
    Function::start(&binary(name), environment)
        .await
        .expect("the function starts")
}

/// A binary of this workspace.
pub fn binary(name: &str) -> PathBuf {
    paths::target().join("debug").join(name)
}

/// A port that nobody listens on, outside of the range that the system gives to clients. Each call
/// returns another one: what it is for may start only after the next call.
pub fn free_port() -> u16 {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = std::process::id() + CALLS.fetch_add(1, Ordering::Relaxed);
        let port = 20_000 + u16::try_from(number % 10_000).unwrap_or_default();
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
