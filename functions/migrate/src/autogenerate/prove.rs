//! Finds the statements, and proves them: up must lead to what is wanted, and down back.

use shared::tokio_postgres::Client;

use super::{
    Wanted,
    apply::{converge, failed, refuse_difference, run},
    facts::Schema,
    notes,
    order::Step,
    plan::Way,
    rename::{self, Rename},
    scratch::{Scratch, Server},
    script,
    split::{self, ONLINE, PHASES},
};
use crate::failure::Failure;

/// The statements of one migration.
#[derive(Debug, Default)]
pub(crate) struct Part {
    /// Whether the way up runs outside of a transaction.
    pub is_online: bool,
    pub up: Vec<String>,
    /// Whether the way down runs outside of a transaction.
    pub is_down_online: bool,
    pub down: Vec<String>,
}

/// What has been applied and reverted on a copy of the live schema.
#[derive(Debug, Default)]
pub(crate) struct Proof {
    pub steps: Vec<Step>,
    pub parts: Vec<Part>,
    /// What a person should know of the difference.
    pub notes: Vec<String>,
}

/// Both schemas, as PostgreSQL reads them back from a script.
pub(crate) struct Pair {
    live: Schema,
    wanted: Schema,
}

/// Reads the live schema and the one that a file describes.
pub(crate) async fn read(
    server: &Server,
    live: &Client,
    path: &str,
    text: &str,
) -> Result<Pair, Failure> {
    let wanted = read_loaded(&server.create().await?, path, text).await?;
    // What PostgreSQL prints reads back as another text, once.
    let wanted = reread(&server.create().await?, &wanted).await?;
    let live = Schema::read(live).await?;
    Ok(Pair { live, wanted })
}

/// A plan that works as one script.
pub(crate) struct Found {
    from: Schema,
    renames: Vec<Rename>,
    renamed: Schema,
    pub rounds: Vec<Vec<Step>>,
}

impl Found {
    pub fn is_empty(&self) -> bool {
        self.rounds.is_empty() && self.renames.is_empty()
    }

    /// The statements of the plan, in up to three parts.
    fn phases(&self, to: &Schema) -> [Vec<String>; PHASES] {
        match &self.rounds[..] {
            [steps] => split::split(steps, &self.renamed, to),
            rounds => {
                let steps = rounds.iter().flatten();
                let sql = steps.flat_map(|step| step.sql.clone()).collect();
                [sql, Vec::new(), Vec::new()]
            }
        }
    }
}

/// The steps from one to the other, which work on a copy.
pub(crate) async fn find(server: &Server, pair: &Pair, wanted: &Wanted) -> Result<Found, Failure> {
    let copy = &server.create().await?;
    let from = reread(copy, &pair.live).await?;
    let mut renames = Vec::new();
    let mut renamed = from.clone();
    for text in &wanted.renames {
        let (up, back) = rename::rename(&renamed, text)?;
        let done = copy.client.batch_execute(&up).await;
        done.map_err(|error| failed(&up, error))?;
        renamed = Schema::read(&copy.client).await?;
        let (down, _) = rename::rename(&renamed, &back)?;
        renames.push(Rename { up, down });
    }
    rename::require_targets(&pair.wanted, &wanted.renames)?;
    let way = match wanted.allow_recreate {
        true => Way::UpWithLoss,
        false => Way::Up,
    };
    let rounds = converge(copy, renamed.clone(), &pair.wanted, way).await?;
    Ok(Found {
        from,
        renames,
        renamed,
        rounds,
    })
}

/// Applies a plan as the files will be, and finds and applies the way back.
///
/// # Errors
/// Up does not lead to what is wanted, or down not back.
pub(crate) async fn prove(server: &Server, pair: &Pair, found: Found) -> Result<Proof, Failure> {
    let mut phases = found.phases(&pair.wanted);
    let up = found.renames.iter().map(|rename| rename.up.clone());
    phases[0].splice(0..0, up);
    Ok(Proof {
        parts: prove_on(&server.create().await?, pair, &found, phases).await?,
        notes: notes::notes(&found.renamed, &pair.wanted),
        steps: found.rounds.into_iter().flatten().collect(),
    })
}

async fn prove_on(
    copy: &Scratch,
    pair: &Pair,
    found: &Found,
    phases: [Vec<String>; PHASES],
) -> Result<Vec<Part>, Failure> {
    let mut states = vec![reread(copy, &pair.live).await?];
    let mut parts = Vec::new();
    let phases = phases.into_iter().enumerate();
    for (phase, up) in phases.filter(|(_, up)| !up.is_empty()) {
        let is_online = phase == ONLINE;
        run(copy, &up, is_online).await?;
        states.push(Schema::read(&copy.client).await?);
        parts.push(Part {
            is_online,
            up,
            ..Part::default()
        });
    }
    if let Some(end) = states.pop() {
        refuse_difference(&end, &pair.wanted)?;
        let mut now = end;
        for (at, part) in parts.iter_mut().enumerate().rev() {
            let back = if at == 0 { &found.renamed } else { &states[at] };
            let rounds = converge(copy, now, back, Way::Down).await?;
            part.is_down_online = rounds.iter().any(|steps| split::uses_new_values(steps));
            let steps = rounds.into_iter().flatten();
            part.down = steps.flat_map(|step| step.sql).collect();
            now = back.clone();
        }
    }
    if let Some(first) = parts.first_mut() {
        for rename in found.renames.iter().rev() {
            copy.client.batch_execute(&rename.down).await?;
            first.down.push(rename.down.clone());
        }
    }
    refuse_difference(&Schema::read(&copy.client).await?, &found.from)?;
    Ok(parts)
}

async fn read_loaded(scratch: &Scratch, path: &str, text: &str) -> Result<Schema, Failure> {
    scratch.load(path, text).await?;
    Schema::read(&scratch.client).await
}

async fn reread(scratch: &Scratch, schema: &Schema) -> Result<Schema, Failure> {
    read_loaded(scratch, "the schema as it was read", &script(schema)?).await
}
