//! `dump`, `revision --autogenerate` and `check --schema`: the difference between the schema that a file
//! describes and the live one, proved before it is written.
//!
//! - `facts` reads a schema; `alter`, `plan` and `order` find the statements from one to another, and
//!   `print` writes them;
//! - `scratch` makes the databases where `prove` applies and reverts them, in the parts that `split` makes;
//! - `rename` is `--rename`, `notes` is what a person should know, and `write` makes the files.

mod alter;
mod apply;
mod check;
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

use std::{fs, path::PathBuf, time::Duration};

use shared::{config::Config, tokio_postgres::Client};
use time::OffsetDateTime;
use tokio::{signal, time as timer};

use self::{facts::Schema, order::Action, plan::Way, scratch::Server};
use crate::{
    clock::Clock, command::Command, engine::Engine, failure::Failure, report::Report,
    run::plan as migrations, status::Status,
};

const COMPILED_IN: &str = include_str!("../../../../sql/schema.sql");

/// What `revision --autogenerate` and `check --schema` compare with.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The file with the schema that is wanted; None: sql/schema.sql, as it was compiled in.
    pub schema: Option<PathBuf>,
    /// The server for scratch databases, as a URL; by default that of the live database.
    pub scratch: Option<String>,
    /// What was renamed, as `public.film.title=name`.
    pub renames: Vec<String>,
    /// Whether tables and columns may be dropped and created again, which loses their rows.
    pub allow_recreate: bool,
}

impl Wanted {
    /// What a person calls the file.
    pub fn path(&self) -> String {
        let path = self.schema.as_ref().map(|path| path.display().to_string());
        path.unwrap_or_else(|| "sql/schema.sql".to_owned())
    }

    fn text(&self) -> Result<String, Failure> {
        let Some(path) = &self.schema else {
            return Ok(COMPILED_IN.to_owned());
        };
        fs::read_to_string(path).map_err(|error| {
            let path = self.path();
            Failure::new(format!("{path}: {error}; `migrate dump > {path}` makes it"))
        })
    }
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
    let steps = steps.iter().filter(|step| step.action != Action::Refresh);
    let script = print::script(steps);
    Ok(format!("SET check_function_bodies = off;\n\n{script}"))
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

async fn compare(
    engine: &Engine,
    config: &Config,
    wanted: &Wanted,
    with_way_back: bool,
) -> Result<prove::Proof, Failure> {
    let (path, text) = (wanted.path(), wanted.text()?);
    let live: Client = engine.connector()?.client().await?;
    let server = Server::open(config, wanted.scratch.as_deref(), &live).await?;
    let clock = &engine.clock;
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
    let ended = tokio::select! {
        proof = work => Ok(proof),
        reason = stopped(clock) => Err(reason),
    };
    let left = clock.budget().unwrap_or(Duration::MAX);
    let dropped = timer::timeout(left, server.drop_all()).await;
    let late = |_| Err(Failure::new("a later run drops the scratch databases"));
    match (ended, dropped.unwrap_or_else(late)) {
        (Ok(Ok(proof)), dropped) => dropped.map(|()| proof),
        (Ok(Err(failure)), _) => Err(failure),
        (Err(reason), dropped) => {
            let fate = dropped.map_or_else(
                |failure| failure.message,
                |()| "the scratch databases are dropped".to_owned(),
            );
            Err(Failure::new(format!("{reason}; {fate}")))
        }
    }
}

/// Waits for what ends a comparison early: the deadline of an invocation, or Ctrl-C where there is none.
async fn stopped(clock: &Clock) -> &'static str {
    match clock.budget() {
        // The rest is for dropping the scratch databases.
        Some(budget) => {
            timer::sleep(budget * 4 / 5).await;
            "time ran out before the schemas were compared: run `migrate check --schema` on a machine without a deadline"
        }
        None => {
            // Without a handler for it, the signal ends the process.
            let _ = signal::ctrl_c().await;
            "interrupted: nothing was written"
        }
    }
}

async fn refuse_pending(engine: &Engine) -> Result<(), Failure> {
    let files = engine.migrations()?;
    // Only its session is wanted.
    let mut report = Report::new(&Command::Current {});
    let history = engine.open(&mut report).await?.history().await?;
    if let Some(first) = migrations::divergences(files, &history).first() {
        let message = format!("{} {}", first.file, first.reason);
        return Err(Failure::with_status(Status::Divergent, message));
    }
    match migrations::pending(files, &history).first() {
        None => Ok(()),
        Some(migration) => {
            let message = format!(
                "{} is pending: apply it with `upgrade`, so that the live schema has all migrations",
                migration.up.file
            );
            Err(Failure::with_status(Status::Pending, message))
        }
    }
}
