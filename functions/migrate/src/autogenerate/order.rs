//! Puts the changes of a plan in order, as statements.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap},
};

use super::{
    facts::{Fact, Schema},
    grants,
    graph::{Graph, Node},
    plan::{Changes, Way},
    print,
};

/// What a step does with its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Action {
    Drop,
    /// Moves a type out of the way of a new one.
    Rename,
    Alter,
    Create,
    /// Fills a materialized view.
    Refresh,
}

/// The statements for one object.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub action: Action,
    pub key: String,
    pub kind: String,
    pub sql: Vec<String>,
    /// The fact that goes or comes.
    pub fact: Fact,
    /// Whether it stands on a table that is there before.
    pub on_existing: bool,
    /// The steps that must come before, by number.
    pub after: BTreeSet<usize>,
}

/// The order of kinds where no dependency gives one.
const RANKS: [&str; 39] = [
    "schema",
    "extension",
    "collation",
    "enum",
    "composite",
    "domain",
    "domain constraint",
    "range",
    "sequence",
    "table",
    "foreign table",
    "column",
    "table option",
    "column storage",
    "column compression",
    "column statistics",
    "column options",
    "default",
    "table attach",
    "inherit",
    "function",
    "procedure",
    "aggregate",
    "check",
    "key",
    "index",
    "index attach",
    "sequence owned",
    "view",
    "materialized view",
    "statistics",
    "rule",
    "trigger",
    "policy",
    "owner",
    "grant",
    "comment",
    "foreign key",
    "event trigger",
];

fn rank(kind: &str) -> usize {
    RANKS
        .iter()
        .position(|name| *name == kind)
        .unwrap_or(RANKS.len() - 3)
}

/// The steps from one schema to another.
///
/// # Errors
/// As [`Changes::new`].
pub(crate) fn steps(from: &Schema, to: &Schema, way: Way) -> Result<Vec<Step>, String> {
    let mut changes = Changes::new(from, to, way)?;
    let mut steps = loop {
        let mut graph = Graph::new(&changes);
        graph.connect();
        let (steps, stuck) = graph.sort();
        let stuck: Vec<_> = stuck.iter().map(|(_, key)| key.as_str()).collect();
        if !changes.untangle(&stuck) {
            break steps;
        }
    };
    drop_empty(&mut steps);
    for key in changes
        .created
        .iter()
        .filter(|key| key.starts_with("materialized view "))
    {
        let fact = &to.facts[key];
        if fact.is("populated") || from.facts.get(key).is_some_and(|old| old.is("populated")) {
            steps.push(Step {
                action: Action::Refresh,
                key: key.clone(),
                kind: fact.kind.clone(),
                sql: vec![format!("REFRESH MATERIALIZED VIEW {}", fact.name)],
                fact: fact.clone(),
                on_existing: false,
                after: BTreeSet::new(),
            });
        }
    }
    Ok(steps)
}

/// Takes out the steps without a statement; what waits for them waits for what they waited for.
fn drop_empty(steps: &mut Vec<Step>) {
    let mut numbers = Vec::<BTreeSet<usize>>::new();
    let mut kept = Vec::<Step>::new();
    for mut step in steps.drain(..) {
        step.after = step
            .after
            .iter()
            .flat_map(|before| numbers[*before].clone())
            .collect();
        match step.sql.is_empty() {
            true => numbers.push(step.after),
            false => {
                numbers.push(BTreeSet::from([kept.len()]));
                kept.push(step);
            }
        }
    }
    *steps = kept;
}

impl<'a> Graph<'a> {
    /// The steps, and the nodes that were left in a circle.
    fn sort(&self) -> (Vec<Step>, Vec<Node>) {
        let mut waits: BTreeMap<&Node, usize> = self.nodes.iter().map(|node| (node, 0)).collect();
        for after in self.edges.values().flatten() {
            *waits.entry(after).or_default() += 1;
        }
        let mut befores = BTreeMap::<&Node, Vec<&Node>>::new();
        for (before, after) in &self.edges {
            for after in after {
                befores.entry(after).or_default().push(before);
            }
        }
        let mut ready: BinaryHeap<_> = waits
            .iter()
            .filter(|(_, count)| **count == 0)
            .map(|(node, _)| Reverse((self.priority(node), *node)))
            .collect();
        let (mut steps, mut stuck) = (Vec::new(), Vec::new());
        let mut numbers = BTreeMap::new();
        loop {
            let node = match ready.pop() {
                Some(Reverse((_, node))) => node,
                // A circle: the proof shows whether this way out is one.
                None => {
                    let left: Vec<&Node> = waits.keys().copied().collect();
                    if stuck.is_empty() {
                        stuck = left.iter().map(|node| (*node).clone()).collect();
                    }
                    match left.into_iter().min_by_key(|node| self.priority(node)) {
                        Some(node) => node,
                        None => return (steps, stuck),
                    }
                }
            };
            waits.remove(node);
            numbers.insert(node, steps.len());
            let before = befores.get(node).into_iter().flatten();
            let before = before.filter_map(|before| numbers.get(before).copied());
            steps.push(self.step(node, before.collect()));
            for after in self.edges.get(node).into_iter().flatten() {
                if let Some(count) = waits.get_mut(after) {
                    *count -= 1;
                    if *count == 0 {
                        ready.push(Reverse((self.priority(after), after)));
                    }
                }
            }
        }
    }

    fn fact(&self, (action, key): &Node) -> &'a Fact {
        match action {
            Action::Drop | Action::Rename => &self.changes.from.facts[key],
            _ => &self.changes.to.facts[key],
        }
    }

    fn priority(&self, node: &Node) -> (usize, usize, i64) {
        let fact = self.fact(node);
        let order = fact.extra["order"].as_i64().unwrap_or(0);
        // Whoever becomes an owner must be allowed to create in the schema.
        let kind = match fact.text("on") {
            Some(on) if on.starts_with("ON SCHEMA ") => "schema",
            _ => fact.kind.as_str(),
        };
        match node.0 {
            // What was made last goes first.
            Action::Drop => (0, RANKS.len() - rank(kind), order),
            Action::Rename => (1, 0, 0),
            // Not for what the plan itself creates.
            _ if fact.text("prefix").is_some() => (3, 0, order),
            _ => (2, rank(kind), order),
        }
    }

    fn step(&self, node: &Node, after: BTreeSet<usize>) -> Step {
        let (action, key) = node;
        let fact = self.fact(node);
        let is_renamed = self.node(Action::Rename, key).is_some();
        let sql = match action {
            Action::Drop if fact.kind == "grant" => {
                grants::grants(fact, &fact.list("given"), &fact.list("usual"))
            }
            Action::Drop if is_renamed => {
                vec![fact.drop.replace(&fact.name, &print::aside(&fact.name).0)]
            }
            Action::Drop => vec![fact.drop.clone()],
            Action::Rename => {
                let word = if fact.kind == "collation" {
                    "COLLATION"
                } else if fact.kind == "domain" {
                    "DOMAIN"
                } else {
                    "TYPE"
                };
                vec![format!(
                    "ALTER {word} {} RENAME TO {}",
                    fact.name,
                    print::aside(&fact.name).1
                )]
            }
            Action::Alter => self.changes.altered[key].clone(),
            _ => print::create(
                self.changes.to,
                key,
                self.inline.get(key).map_or(&[], Vec::as_slice),
            ),
        };
        let sql = sql.into_iter().filter(|sql| !sql.is_empty()).collect();
        let root = Changes::root(self.changes.to, key);
        Step {
            action: *action,
            key: key.clone(),
            kind: fact.kind.clone(),
            sql,
            fact: fact.clone(),
            on_existing: self.changes.from.facts.contains_key(root)
                && !self.changes.created.contains(root),
            after,
        }
    }
}
