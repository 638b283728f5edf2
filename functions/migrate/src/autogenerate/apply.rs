//! Applies plans to a scratch database, and compares.

use std::collections::BTreeSet;

use shared::tokio_postgres::{self, error::SqlState};

use super::{
    facts::{Fact, Schema},
    order::{self, Step},
    plan::Way,
    scratch::Scratch,
};
use crate::failure::Failure;

/// How often a plan is made again from where the last one led.
const ROUNDS: usize = 4;

/// Runs statements as the engine does.
pub(crate) async fn run(
    copy: &Scratch,
    statements: &[String],
    is_online: bool,
) -> Result<(), Failure> {
    let client = &copy.client;
    client
        .batch_execute("SET check_function_bodies = off")
        .await?;
    let (begin, end) = match is_online {
        true => ("", "RESET ALL"),
        false => ("BEGIN", "COMMIT; RESET ALL"),
    };
    client.batch_execute(begin).await?;
    for sql in statements {
        if let Err(error) = client.batch_execute(sql).await {
            client.batch_execute("ROLLBACK").await?;
            return Err(failed(sql, error));
        }
    }
    Ok(client.batch_execute(end).await?)
}

/// Applies plans until nothing differs: some statements change more than their object.
pub(crate) async fn converge(
    copy: &Scratch,
    mut now: Schema,
    to: &Schema,
    way: Way,
) -> Result<Vec<Vec<Step>>, Failure> {
    let mut all = Vec::new();
    for _ in 0..ROUNDS {
        let mut steps = order::steps(&now, to, way)?;
        if steps.is_empty() {
            break;
        }
        apply(copy, &mut steps).await?;
        all.push(steps);
        now = Schema::read(&copy.client).await?;
    }
    refuse_difference(&now, to)?;
    Ok(all)
}

/// # Errors
/// The first fact that differs.
pub(crate) fn refuse_difference(is: &Schema, wanted: &Schema) -> Result<(), Failure> {
    let keys: BTreeSet<_> = is.facts.keys().chain(wanted.facts.keys()).collect();
    let facts = keys
        .into_iter()
        .map(|key| (key, is.facts.get(key), wanted.facts.get(key)));
    let mut differing = facts.filter(|(_, is, wanted)| match (is, wanted) {
        (Some(is), Some(wanted)) => is.differs(wanted),
        _ => true,
    });
    let Some((first, is, wanted)) = differing.next() else {
        return Ok(());
    };
    let sql = |fact: Option<&Fact>| fact.map_or("nothing".to_owned(), |fact| fact.sql.clone());
    let more = match differing.count() {
        0 => String::new(),
        more => format!(", and {more} more differ"),
    };
    Err(Failure::new(format!(
        "autogenerate found no way that leads exactly there, so nothing was written: after its statements, {first} is \
         `{}` instead of `{}`{more}; write this migration by hand",
        sql(is),
        sql(wanted),
    )))
}

async fn apply(copy: &Scratch, steps: &mut [Step]) -> Result<(), Failure> {
    let client = &copy.client;
    client
        .batch_execute("SET check_function_bodies = off")
        .await?;
    // A value cannot be used in the transaction that has added it.
    for step in steps.iter().filter(|step| step.adds_values()) {
        for sql in &step.sql {
            let done = client.batch_execute(sql).await;
            done.map_err(|error| failed(sql, error))?;
        }
    }
    'again: loop {
        client.batch_execute("BEGIN").await?;
        for step in steps.iter_mut().filter(|step| !step.adds_values()) {
            for sql in &mut step.sql {
                let Err(error) = client.batch_execute(sql).await else {
                    continue;
                };
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

pub(crate) fn failed(sql: &str, error: tokio_postgres::Error) -> Failure {
    let failure = Failure::from(error);
    Failure {
        message: format!(
            "autogenerate found no way that works, so nothing was written: `{sql}` failed with: {}",
            failure.message
        ),
        ..failure
    }
}
