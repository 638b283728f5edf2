//! Puts the changes of a plan in order, as statements.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    facts::{Fact, Schema},
    grants,
    graph::{Graph, Node},
    plan::{Changes, Way},
    print, rename,
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

impl Step {
    /// Whether it adds values to an enum, which its own transaction cannot use.
    pub fn adds_values(&self) -> bool {
        self.kind == "enum" && self.action == Action::Alter
    }
}

/// The order of kinds where no dependency gives one.
const RANKS: &str = "schema, extension, collation, enum, composite, domain, domain constraint, range, sequence, table, \
     foreign table, column, table option, column storage, column compression, column statistics, column options, default, \
     table attach, inherit, function, procedure, aggregate, check, key, index, index attach, sequence owned, view, \
     materialized view, statistics, rule, trigger, policy, owner, grant, comment, foreign key, event trigger";

fn rank(kind: &str) -> usize {
    let mut kinds = RANKS.split(", ");
    kinds.position(|name| name == kind).unwrap_or(36)
}

/// The steps from one schema to another.
///
/// # Errors
/// As [`Changes::new`].
pub(crate) fn steps(from: &Schema, to: &Schema, way: Way) -> Result<Vec<Step>, String> {
    let mut changes = Changes::new(from, to, way)?;
    let mut steps = loop {
        let graph = Graph::new(&changes);
        let (steps, stuck) = graph.sort();
        if !changes.untangle(&stuck) {
            break steps;
        }
    };
    let views = changes.created.iter();
    for key in views.filter(|key| key.starts_with("materialized view ")) {
        let fact = &to.facts[key];
        let old = from.facts.get(key);
        if fact.is("populated") || old.is_some_and(|old| old.is("populated")) {
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

impl<'a> Graph<'a> {
    /// The steps, and the keys that were left in a circle.
    fn sort(&self) -> (Vec<Step>, Vec<String>) {
        let nodes = self.nodes.values().map(|node| (node, BTreeSet::new()));
        let mut befores: BTreeMap<&Node, BTreeSet<&Node>> = nodes.collect();
        for (before, later) in &self.edges {
            for after in later {
                befores.entry(after).or_default().insert(before);
            }
        }
        let waits = befores.iter().map(|(node, before)| (*node, before.len()));
        let mut waits: BTreeMap<_, _> = waits.collect();
        let free = waits.iter().filter(|(_, count)| **count == 0);
        let mut ready: BTreeSet<_> = free.map(|(node, _)| (self.priority(node), *node)).collect();
        let mut numbers = BTreeMap::<_, BTreeSet<usize>>::new();
        let (mut steps, mut stuck) = (Vec::new(), Vec::new());
        loop {
            if ready.is_empty() {
                // A circle: the proof shows whether this way out is one.
                let left = waits.keys().map(|node| (self.priority(node), *node));
                ready.extend(left.min());
                if stuck.is_empty() {
                    stuck = waits.keys().map(|(_, key)| key.clone()).collect();
                }
            }
            let Some((_, node)) = ready.pop_first() else {
                return (steps, stuck);
            };
            waits.remove(node);
            let before = befores[node].iter();
            let before = before.filter_map(|before| numbers.get(before));
            let step = self.step(node, before.flatten().copied().collect());
            // What waits for a step without a statement waits for what that step waited for.
            let number = match step.sql.is_empty() {
                true => step.after,
                false => {
                    steps.push(step);
                    BTreeSet::from([steps.len() - 1])
                }
            };
            numbers.insert(node, number);
            for after in self.edges.get(node).into_iter().flatten() {
                if let Some(count) = waits.get_mut(after) {
                    *count -= 1;
                    if *count == 0 {
                        ready.insert((self.priority(after), after));
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
        let order = fact.order();
        // Whoever becomes an owner must be allowed to create in the schema.
        let kind = match fact.text("on") {
            Some(on) if on.starts_with("ON SCHEMA ") => "schema",
            _ => fact.kind.as_str(),
        };
        match node.0 {
            // What was made last goes first.
            Action::Drop => (0, usize::MAX - rank(kind), order),
            Action::Rename => (1, 0, 0),
            // Not for what the plan itself creates.
            _ if fact.text("prefix").is_some() => (3, 0, order),
            _ => (2, rank(kind), order),
        }
    }

    fn step(&self, node: &Node, after: BTreeSet<usize>) -> Step {
        let (action, key) = node;
        let fact = self.fact(node);
        let aside = fact.text("aside").unwrap_or_default();
        let sql = match action {
            Action::Drop if fact.kind == "grant" => {
                grants::grants(fact, &fact.list("given"), &fact.list("usual"))
            }
            Action::Drop if self.is_renamed(key) => {
                let aside = rename::below(rename::split(&fact.name).0, aside);
                vec![fact.drop.replace(&fact.name, &aside)]
            }
            Action::Drop => vec![fact.drop.clone()],
            Action::Rename => vec![rename::statement(fact, aside)],
            Action::Alter => self.changes.altered[key].clone(),
            _ => {
                let inline = self.inline.get(key).map_or(&[][..], Vec::as_slice);
                print::create(self.changes.to, key, inline)
            }
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
