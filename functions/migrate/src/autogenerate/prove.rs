//! Finds the statements, and proves them: up must lead to what is wanted, and down back.

use std::collections::BTreeSet;

use shared::tokio_postgres::{self, Client, error::SqlState};

use super::{
    Wanted,
    facts::Schema,
    order::{self, Action, Step},
    rename::{self, Rename},
    scratch::{Scratch, Server},
    script,
};
use crate::failure::Failure;

/// How often a plan is made again from where the last one led.
const ROUNDS: usize = 4;

/// What has been applied and reverted on a copy of the live schema.
#[derive(Debug)]
pub(crate) struct Proof {
    pub renames: Vec<Rename>,
    pub up: Vec<Step>,
    pub down: Vec<Step>,
}

/// The proof that leads from the live schema to the one that a file describes.
pub(crate) async fn prove(
    server: &Server,
    live: &Client,
    path: &str,
    text: &str,
    wanted: &Wanted,
) -> Result<Proof, Failure> {
    let live = Schema::read(live).await?;
    let loaded = server.create().await?;
    let to = read_loaded(&loaded, path, text).await;
    server.drop(loaded).await?;
    // What PostgreSQL prints reads back as another text, once.
    let clean = server.create().await?;
    let to = match to {
        Ok(to) => reread(&clean, &to).await,
        Err(failure) => Err(failure),
    };
    server.drop(clean).await?;
    let copy = server.create().await?;
    let proof = match to {
        Ok(to) => on_copy(&copy, &live, &to, wanted).await,
        Err(failure) => Err(failure),
    };
    server.drop(copy).await?;
    proof
}

async fn read_loaded(scratch: &Scratch, path: &str, text: &str) -> Result<Schema, Failure> {
    scratch.load(path, text).await?;
    Schema::read(&scratch.client).await
}

async fn reread(scratch: &Scratch, schema: &Schema) -> Result<Schema, Failure> {
    scratch.load("the schema as it was read", &script(schema)?).await?;
    Schema::read(&scratch.client).await
}

async fn on_copy(
    copy: &Scratch,
    live: &Schema,
    to: &Schema,
    wanted: &Wanted,
) -> Result<Proof, Failure> {
    let from = reread(copy, live).await?;
    let mut renames = Vec::new();
    let mut renamed = from.clone();
    for text in &wanted.renames {
        let rename = rename::rename(&renamed, text)?;
        copy.client.batch_execute(&rename.up).await?;
        renames.push(rename);
        renamed = Schema::read(&copy.client).await?;
    }
    let up = converge(copy, renamed.clone(), to, wanted.allow_recreate).await?;
    if up.is_empty() && renames.is_empty() {
        let down = Vec::new();
        return Ok(Proof { renames, up, down });
    }
    // A way back may lose what the way there has made.
    let down = converge(copy, Schema::read(&copy.client).await?, &renamed, true).await?;
    for rename in renames.iter().rev() {
        copy.client.batch_execute(&rename.down).await?;
    }
    refuse_difference(&Schema::read(&copy.client).await?, &from)?;
    Ok(Proof { renames, up, down })
}

/// Applies plans until nothing differs: some statements change more than their object.
async fn converge(
    copy: &Scratch,
    mut now: Schema,
    to: &Schema,
    allow_recreate: bool,
) -> Result<Vec<Step>, Failure> {
    let mut all = Vec::new();
    for _ in 0..ROUNDS {
        let mut steps = order::steps(&now, to, allow_recreate)?;
        if steps.is_empty() {
            break;
        }
        apply(copy, &mut steps).await?;
        all.extend(steps);
        now = Schema::read(&copy.client).await?;
    }
    refuse_difference(&now, to)?;
    Ok(all)
}

fn refuse_difference(is: &Schema, wanted: &Schema) -> Result<(), Failure> {
    let keys: BTreeSet<_> = is.facts.keys().chain(wanted.facts.keys()).collect();
    let mut differing = keys.into_iter().filter(|key| {
        match (is.facts.get(*key), wanted.facts.get(*key)) {
            (Some(is), Some(wanted)) => is.differs(wanted),
            _ => true,
        }
    });
    let Some(first) = differing.next() else {
        return Ok(());
    };
    let sql = |schema: &Schema| schema.facts.get(first).map_or("nothing", |fact| &fact.sql).to_owned();
    Err(Failure::new(format!(
        "autogenerate found no way that leads exactly there, so nothing was written: after its statements, {first} is \
         `{}` instead of `{}`{}; write this migration by hand",
        sql(is),
        sql(wanted),
        match differing.count() {
            0 => String::new(),
            more => format!(", and {more} more differ"),
        }
    )))
}

async fn apply(copy: &Scratch, steps: &mut [Step]) -> Result<(), Failure> {
    let client = &copy.client;
    client.batch_execute("SET check_function_bodies = off").await?;
    let adds_values = |step: &Step| step.kind == "enum" && step.action == Action::Alter;
    // A value cannot be used in the transaction that has added it.
    for step in steps.iter().filter(|step| adds_values(step)) {
        for sql in &step.sql {
            client.batch_execute(sql).await.map_err(|error| failed(sql, error))?;
        }
    }
    'again: loop {
        client.batch_execute("BEGIN").await?;
        for step in steps.iter_mut().filter(|step| !adds_values(step)) {
            for sql in &mut step.sql {
                let Err(error) = client.batch_execute(sql).await else { continue };
                client.batch_execute("ROLLBACK").await?;
                let has_no_cast = error.code() == Some(&SqlState::CANNOT_COERCE);
                match through_text(sql).filter(|_| has_no_cast) {
                    Some(other) => {
                        *sql = other;
                        continue 'again;
                    }
                    None => return Err(failed(sql, error)),
                }
            }
        }
        return Ok(client.batch_execute("COMMIT; RESET ALL").await?);
    }
}

/// The same statement with a cast through text, which any type has.
fn through_text(sql: &str) -> Option<String> {
    let (head, cast) = sql.split_once(" USING ")?;
    let (column, kind) = cast.split_once("::")?;
    (!kind.contains("::")).then(|| format!("{head} USING {column}::text::{kind}"))
}

fn failed(sql: &str, error: tokio_postgres::Error) -> Failure {
    let failure = Failure::from(error);
    Failure {
        message: format!(
            "autogenerate found no way that works, so nothing was written: `{sql}` failed with: {}",
            failure.message
        ),
        ..failure
    }
}
