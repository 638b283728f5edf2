//! Splits a plan into files, so that traffic goes on while they are applied.

use super::{
    alter::literal,
    facts::{Fact, Schema},
    order::{Action, Step},
    rename,
};

/// Where a statement stands: in the first transaction, outside of any, or in the last transaction.
pub(crate) const PHASES: usize = 3;
/// The phase without a transaction.
pub(crate) const ONLINE: usize = 1;
const FINISH: usize = 2;

/// The statements of one step in each phase, and the phase after which the object is there.
type Placed = ([Vec<String>; PHASES], usize);

/// The statements of a plan, by phase.
pub(crate) fn split(steps: &[Step], from: &Schema, to: &Schema) -> [Vec<String>; PHASES] {
    let labels = added_labels(steps, from);
    let mut ends = Vec::<usize>::new();
    let mut phases: [Vec<String>; PHASES] = Default::default();
    for (at, step) in steps.iter().enumerate() {
        let before = step.after.iter().map(|before| ends[*before]);
        let before = before.max().unwrap_or(0);
        let (placed, end) = match step.action {
            // It needs whatever its query reads.
            Action::Refresh => plain(step, ends.iter().copied().max().unwrap_or(0)),
            // An index is built after the first transaction anyway.
            _ if step.kind != "index" && uses_any(step, &labels) => plain(step, FINISH),
            _ => place(steps, at, from, to, before),
        };
        for (phase, sql) in phases.iter_mut().zip(placed) {
            phase.extend(sql);
        }
        ends.push(end);
    }
    phases
}

/// The values of enums that the plan adds, as literals: no statement of the same transaction may use one.
fn added_labels(steps: &[Step], from: &Schema) -> Vec<String> {
    let altered = steps.iter().filter(|step| step.adds_values());
    let added = altered.flat_map(|step| {
        let old = from.facts.get(&step.key).map(|fact| fact.list("labels"));
        let old = old.unwrap_or_default();
        let labels = step.fact.list("labels").into_iter();
        labels.filter(move |label| !old.contains(label))
    });
    added.map(literal).collect()
}

/// Whether some of the steps use values of enums to which others add some.
pub(crate) fn uses_new_values(steps: &[Step]) -> bool {
    let labels = added_labels(steps, &Schema::default());
    steps.iter().any(|step| uses_any(step, &labels))
}

fn uses_any(step: &Step, labels: &[String]) -> bool {
    let uses = |label| step.sql.iter().any(|sql| sql.contains(label));
    !step.adds_values() && labels.iter().any(uses)
}

/// As it is, in one phase.
fn plain(step: &Step, phase: usize) -> Placed {
    let mut sql: [Vec<String>; PHASES] = Default::default();
    // Outside of a transaction stands only what must.
    let phase = if phase == ONLINE { FINISH } else { phase };
    sql[phase].clone_from(&step.sql);
    (sql, phase)
}

fn place(steps: &[Step], at: usize, from: &Schema, to: &Schema, before: usize) -> Placed {
    let step = &steps[at];
    let fact = &step.fact;
    let is_alone = !steps.iter().any(|other| other.after.contains(&at));
    match (step.action, step.kind.as_str()) {
        (Action::Create, "index" | "index attach") if step.on_existing && before < FINISH => {
            match replaced(steps, at, from) {
                Some(_) => build_aside(fact),
                None if fact.is("partitioned") || step.kind == "index attach" => {
                    online(step.sql.clone())
                }
                None => online(vec![concurrently(&step.sql[0])]),
            }
        }
        (Action::Drop, "index") if is_replaced(steps, at, from) => Placed::default(),
        (Action::Drop, "index") if is_alone && before < FINISH && !is_partition(from, fact) => {
            online(vec![concurrently(&fact.drop)])
        }
        (Action::Create, "check" | "foreign key")
            if step.on_existing && before == 0 && can_validate(to, fact) =>
        {
            let add = format!("{} NOT VALID", step.sql[0]);
            let validate = fact.alter("valid").map(ToOwned::to_owned);
            ([vec![add], Vec::from_iter(validate), Vec::new()], 0)
        }
        (Action::Alter, "check" | "foreign key")
            if before < FINISH && step.sql[0].contains(" VALIDATE ") =>
        {
            online(step.sql.clone())
        }
        (Action::Create, "key") if step.on_existing && before < FINISH => {
            key(steps, at, from, to).unwrap_or_else(|| plain(step, before))
        }
        (Action::Alter, "column") if before == 0 => not_null(step),
        (Action::Create, "table attach") if step.on_existing && before == 0 => attach(step),
        _ => plain(step, before),
    }
}

fn online(sql: Vec<String>) -> Placed {
    ([Vec::new(), sql, Vec::new()], ONLINE)
}

fn concurrently(sql: &str) -> String {
    sql.replacen("INDEX ", "INDEX CONCURRENTLY ", 1)
}

/// The step that drops the same index, if nothing else waits for that.
fn replaced(steps: &[Step], at: usize, from: &Schema) -> Option<usize> {
    let index = &steps[at];
    let is_drop = |other: &Step| other.action == Action::Drop && other.key == index.key;
    let dropped = steps.iter().position(is_drop)?;
    let mut others = steps.iter().enumerate().filter(|(other, _)| *other != at);
    let is_alone = others.all(|(_, step)| !step.after.contains(&dropped));
    let is_partition = index.fact.is("partitioned") || is_partition(from, &steps[dropped].fact);
    (is_alone && !is_partition).then_some(dropped)
}

fn is_replaced(steps: &[Step], at: usize, from: &Schema) -> bool {
    let same = |step: &Step| step.action == Action::Create && step.key == steps[at].key;
    let created = steps.iter().position(same);
    created.is_some_and(|new| steps[new].on_existing && replaced(steps, new, from) == Some(at))
}

fn is_partition(from: &Schema, index: &Fact) -> bool {
    let attach = format!("index attach {}", index.name);
    index.is("partitioned") || from.facts.contains_key(&attach)
}

/// A changed index: the new one is there before the old one goes.
fn build_aside(fact: &Fact) -> Placed {
    let name = fact.text("index").unwrap_or_default();
    let aside = longer(name, "_new");
    let build =
        concurrently(&fact.sql).replacen(&format!(" {name} ON "), &format!(" {aside} ON "), 1);
    let qualified = fact.name.strip_suffix(name).unwrap_or_default();
    let finish = vec![
        fact.drop.clone(),
        format!("ALTER INDEX {qualified}{aside} RENAME TO {name}"),
    ];
    ([Vec::new(), vec![build], finish], FINISH)
}

/// A name with an ending, quoted where it must be.
fn longer(name: &str, ending: &str) -> String {
    let mut plain = name.trim_matches('"').replace("\"\"", "\"");
    // A name has at most 63 bytes.
    while plain.len() + ending.len() > 63 {
        plain.pop();
    }
    rename::quote(&format!("{plain}{ending}"))
}

/// A partitioned table's foreign key cannot be NOT VALID.
fn can_validate(to: &Schema, fact: &Fact) -> bool {
    let table = fact.parent.as_ref().and_then(|table| to.facts.get(table));
    let is_partitioned = table.is_some_and(|table| table.text("partition_key").is_some());
    fact.attributes["valid"] == true
        && table.is_some_and(|table| table.kind == "table")
        && (fact.kind == "check" || !is_partitioned)
}

/// A key on a table with rows: its index is built first.
fn key(steps: &[Step], at: usize, from: &Schema, to: &Schema) -> Option<Placed> {
    let step = &steps[at];
    let fact = &step.fact;
    let table = fact.parent.as_ref().and_then(|table| to.facts.get(table))?;
    let index = fact.text("index_sql")?;
    let bare = fact.text("bare")?;
    let mut parts = to.children(&step.key).map(|(_, fact)| fact);
    let is_partition =
        table.text("partition_key").is_some() || parts.any(|part| part.kind == "index attach");
    let mut drops = steps.iter().filter(|other| other.action == Action::Drop);
    let is_again = drops.any(|other| other.key == step.key);
    let index_key = fact.text("slot")?.replacen("relation ", "index ", 1);
    if is_partition || is_again || from.facts.contains_key(&index_key) {
        return None;
    }
    let kind = match bare.starts_with("PRIMARY KEY") {
        true => "PRIMARY KEY",
        false => "UNIQUE",
    };
    let name = fact.text("constraint")?;
    let deferral = fact.text("deferral").map(|words| format!(" {words}"));
    let add = format!(
        "ALTER TABLE {} ADD CONSTRAINT {name} {kind} USING INDEX {name}{}",
        table.name,
        deferral.unwrap_or_default()
    );
    Some(([Vec::new(), vec![concurrently(index)], vec![add]], FINISH))
}

/// ATTACH PARTITION does not read the table where a validated check has its bounds.
fn attach(step: &Step) -> Placed {
    let (table, bounds) = (&step.fact.name, step.fact.text("bounds"));
    // Those of a hash name the parent by its oid.
    let Some(bounds) = bounds.filter(|bounds| !bounds.contains("satisfies_hash_partition")) else {
        return plain(step, 0);
    };
    let name = longer(table.rsplit('.').next().unwrap_or_default(), "_bounds");
    let check = format!("ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({bounds}) NOT VALID");
    let validate = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}");
    let drop = format!("ALTER TABLE {table} DROP CONSTRAINT {name}");
    let finish = step.sql.iter().cloned().chain([drop]).collect();
    ([vec![check], vec![validate], finish], FINISH)
}

/// SET NOT NULL does not read the table where a validated check says the same.
fn not_null(step: &Step) -> Placed {
    let fact = &step.fact;
    let mut statements = step.sql.iter();
    let at = statements.position(|sql| sql.ends_with(" SET NOT NULL"));
    let table = fact.text("table").unwrap_or_default();
    let Some(at) = at.filter(|_| table.starts_with("TABLE ")) else {
        return plain(step, 0);
    };
    let column = fact.text("column").unwrap_or_default();
    let name = longer(column, "_not_null");
    let (first, rest) = step.sql.split_at(at);
    let mut sql = [first.to_vec(), Vec::new(), rest.to_vec()];
    sql[0].push(format!(
        "ALTER {table} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID"
    ));
    sql[1].push(format!("ALTER {table} VALIDATE CONSTRAINT {name}"));
    sql[2].insert(1, format!("ALTER {table} DROP CONSTRAINT {name}"));
    (sql, 0)
}
