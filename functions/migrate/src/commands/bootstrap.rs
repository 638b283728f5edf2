//! `bootstrap`: makes the roles that log in, and lets interview_migrator migrate this database.
//!
//! It runs as the owner of the database, who has CREATEROLE and need not be a superuser: RDS has none.

use std::time::Instant;

use postgres_protocol::password::scram_sha_256;
use shared::{Credentials, secrets_manager, tokio_postgres::types::Type};

use crate::{
    database::session::Session, engine::Engine, failure::Failure, files::directives::Directives,
    report::Report, status::Status,
};

const ROLE_EXISTS: &str = include_str!("../sql/role_exists.sql");
/// The role that the migrations are written for.
const MIGRATOR: &str = "interview_migrator";

impl Engine {
    pub(crate) async fn bootstrap(
        &self,
        secret: Option<&str>,
        roles: &[String],
        report: &mut Report,
    ) -> Result<(), Failure> {
        let connector = self.connector_for(secret).await?;
        let client = secrets_manager().await;
        let mut credentials = Vec::with_capacity(roles.len());
        for id in roles {
            credentials.push(Credentials::fetch(&client, id, Credentials::CURRENT).await?);
        }
        if !credentials.iter().any(|role| role.username == MIGRATOR) {
            let message = format!("none of the secrets is that of {MIGRATOR}");
            return Err(Failure::new(message));
        }
        let session = self.open_with(&connector, report).await?;
        session.lock(report, || self.clock.is_over()).await?;
        let began = Instant::now();
        let made = make(&session, &credentials).await;
        made.map_err(|failure| self.mark_out_of_time(failure, began, report))?;
        session.unlock().await;
        let names = credentials.iter().map(|role| role.username.as_str());
        report.detail("roles", names.collect::<Vec<_>>());
        report.status = Status::Applied;
        Ok(())
    }
}

/// Makes all roles in one transaction, or sets the passwords of those that exist.
async fn make(session: &Session<'_>, roles: &[Credentials]) -> Result<(), Failure> {
    let lock_timeout = Session::default_lock_timeout();
    let timeouts = session.timeouts(&Directives::default(), "LOCAL", lock_timeout);
    let begin = format!("BEGIN; {timeouts}");
    session.client.batch_execute(&begin).await?;
    for role in roles {
        let exists = [(&role.username as _, Type::TEXT)];
        let exists = session.client.query_typed_opt(ROLE_EXISTS, &exists).await?;
        let verb = exists.map_or("CREATE", |_| "ALTER");
        // PostgreSQL and its log see only the verifier, never the password.
        let verifier = scram_sha_256(role.password.as_bytes());
        let name = quoted(&role.username);
        let make = format!("{verb} ROLE {name} LOGIN PASSWORD '{verifier}'");
        session.client.batch_execute(&make).await?;
    }
    let readers = roles.iter().map(|role| role.username.as_str());
    let grants = grants(&session.database, readers.filter(|name| *name != MIGRATOR));
    session.client.batch_execute(&grants).await?;
    Ok(session.client.batch_execute("COMMIT").await?)
}

/// What the migrator needs: to make roles, to make schemas and trusted extensions, to fill and to
/// share the schema public, and to administer the roles that read.
fn grants<'a>(database: &str, readers: impl Iterator<Item = &'a str>) -> String {
    let database = quoted(database);
    let mut grants = format!(
        "ALTER ROLE {MIGRATOR} CREATEROLE;
         GRANT CREATE ON DATABASE {database} TO {MIGRATOR};
         GRANT USAGE, CREATE ON SCHEMA public TO {MIGRATOR} WITH GRANT OPTION;"
    );
    for reader in readers {
        let reader = quoted(reader);
        grants += &format!("GRANT {reader} TO {MIGRATOR} WITH ADMIN OPTION;");
    }
    grants
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
