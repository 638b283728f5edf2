//! The database that everything is measured on.

use crate::contender::release;
use crate::settings::Settings;
use local::lambda::Function;
use local::stack::DATABASE;
use local::{Error, Result, Role, StackInfo, paths};
use serde_json::json;
use std::fs;
use std::time::Duration;

/// A million films take minutes.
const MIGRATE_WITHIN: Duration = Duration::from_secs(3600);

/// Restores the films, as many thousands as SCALE asks for, and migrates.
///
/// # Errors
/// When the database or migrate refuses.
pub async fn database(settings: &Settings, info: &StackInfo) -> Result<()> {
    eprintln!("preparing {} films …", settings.films());
    info.postgres.create_database(DATABASE, None).await?;
    let failed = |error| Error::new(format!("cannot prepare the database: {error}"));
    let migrator = Role::Migrator;
    let password = info.passwords.of(migrator);
    let client = info
        .postgres
        .connect_as(DATABASE, migrator.name(), password)
        .await?;
    client
        .batch_execute(&restore(settings)?)
        .await
        .map_err(failed)?;
    migrate(info).await?;
    client.batch_execute("ANALYZE").await.map_err(failed)
}

fn restore(settings: &Settings) -> Result<String> {
    let mut restore = format!("SET pagila.film_scale = {};", settings.scale);
    for file in ["sql/01-pagila-schema.sql", "sql/02-pagila-data.sql"] {
        let sql = fs::read_to_string(paths::root().join(file));
        restore += &sql.map_err(|error| Error::new(format!("cannot read {file}: {error}")))?;
    }
    Ok(restore)
}

async fn migrate(info: &StackInfo) -> Result<()> {
    let environment = info.environment("migrate")?;
    let mut function = Function::start(&release("migrate"), &environment).await?;
    function.deadline = MIGRATE_WITHIN;
    let answer = function.invoke(json!({"command": "upgrade"})).await;
    answer.map_err(|error| Error::new(format!("migrate: {error}")))?;
    function.stop().await;
    Ok(())
}
