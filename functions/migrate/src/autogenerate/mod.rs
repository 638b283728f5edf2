//! `dump`, `revision --autogenerate` and `check --schema`: the difference between the schema that a file
//! describes and the live one, proved before it is written.
//!
//! - `facts` reads a schema; `alter`, `plan` and `order` find the statements from one to another, and
//!   `print` writes them;
//! - `scratch` makes the databases where `prove` applies and reverts them, in the parts that `split` makes;
//! - `rename` is `--rename`, `notes` is what a person should know, and `write` makes the files.

mod alter;
mod apply;
mod column;
mod facts;
mod grants;
mod graph;
mod homes;
mod links;
mod notes;
mod order;
mod places;
mod plan;
mod print;
mod prove;
mod rename;
mod scratch;
mod split;
mod write;

use std::{fs, path::PathBuf};

use shared::{config::Config, tokio_postgres::Client};
use time::OffsetDateTime;

use self::{facts::Schema, plan::Way, scratch::Server};
use crate::{
    engine::Engine, failure::Failure, report::Report, run::plan as migrations, status::Status,
};

/// What `revision --autogenerate` and `check --schema` compare with.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The file with the schema that is wanted.
    pub schema: PathBuf,
    /// The server for scratch databases, as a URL; by default that of the live database.
    pub scratch: Option<String>,
    /// What was renamed, as `public.film.title=name`.
    pub renames: Vec<String>,
    /// Whether tables and columns may be dropped and created again, which loses their rows.
    pub allow_recreate: bool,
}

/// New files, as names with texts, and what to know of them.
#[derive(Clone, Debug, Default)]
pub struct Generated {
    /// The files, in the order of their names.
    pub files: Vec<(String, String)>,
    /// What a person should read before they are applied.
    pub notes: Vec<String>,
}

/// The live schema as a script.
///
/// # Errors
/// The database cannot be reached, or has an object of an unknown kind.
pub async fn dump(engine: &Engine) -> Result<String, Failure> {
    let client = engine.connector()?.client().await?;
    script(&Schema::read(&client).await?)
}

fn script(schema: &Schema) -> Result<String, Failure> {
    let steps = order::steps(&Schema::empty(&schema.role), schema, Way::Up)?;
    let steps: Vec<_> = steps
        .into_iter()
        .filter(|step| step.action != order::Action::Refresh)
        .collect();
    Ok(format!(
        "SET check_function_bodies = off;\n\n{}",
        print::script(&steps)
    ))
}

/// The migrations from the live schema to the wanted one.
///
/// # Errors
/// A pending or changed migration; a schema that cannot be loaded; a change that would lose rows; or a
/// plan that does not lead to what is wanted, and back.
pub async fn generate(
    engine: &Engine,
    config: &Config,
    wanted: &Wanted,
    message: &str,
    now: OffsetDateTime,
) -> Result<Generated, Failure> {
    refuse_pending(engine).await?;
    let proof = compare(engine, config, wanted, true).await?;
    write::files(proof, message, now)
}

/// The statements that would lead to the wanted schema: none when there is no drift.
///
/// # Errors
/// As [`generate`], but for migrations.
pub async fn drift(engine: &Engine, config: &Config, wanted: &Wanted) -> Result<String, Failure> {
    let proof = compare(engine, config, wanted, false).await?;
    match proof.steps.is_empty() {
        true => Ok(String::new()),
        false => Ok(print::script(&proof.steps)),
    }
}

async fn compare(
    engine: &Engine,
    config: &Config,
    wanted: &Wanted,
    with_way_back: bool,
) -> Result<prove::Proof, Failure> {
    let path = wanted.schema.display().to_string();
    let text = fs::read_to_string(&wanted.schema).map_err(|error| {
        Failure::new(format!("{path}: {error}; `migrate dump > {path}` makes it"))
    })?;
    let live: Client = engine.connector()?.client().await?;
    let server = Server::open(config, wanted.scratch.as_deref(), &live).await?;
    let work = async {
        let pair = prove::read(&server, &live, &path, &text).await?;
        let found = prove::find(&server, &pair, wanted).await?;
        match found.is_empty() || !with_way_back {
            true => Ok(prove::Proof {
                steps: found.rounds.into_iter().flatten().collect(),
                ..prove::Proof::default()
            }),
            false => prove::prove(&server, &pair, found).await,
        }
    };
    let proof = tokio::select! {
        proof = work => proof,
        _ = tokio::signal::ctrl_c() => {
            Err(Failure::new("interrupted: the scratch databases are dropped, and nothing was written"))
        }
    };
    let dropped = server.drop_all().await;
    let proof = proof?;
    dropped.map(|()| proof)
}

async fn refuse_pending(engine: &Engine) -> Result<(), Failure> {
    let files = engine.migrations()?;
    // Only its session is wanted.
    let mut report = Report::new(&crate::Command::Check { schema: None });
    let history = engine.open(&mut report).await?.history().await?;
    if let Some(first) = migrations::divergences(files, &history).first() {
        let message = format!("{} {}", first.file, first.reason);
        return Err(Failure::with_status(Status::Divergent, message));
    }
    match migrations::pending(files, &history).first() {
        None => Ok(()),
        Some(migration) => Err(Failure::with_status(
            Status::Pending,
            format!(
                "{} is pending: apply it with `upgrade`, so that the live schema has all migrations",
                migration.up.file
            ),
        )),
    }
}
