//! Puts the changes of a plan in order, as statements.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::cmp::Reverse;

use super::{
    alter,
    facts::{Fact, Schema},
    plan::Changes,
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
}

/// The order of kinds where no dependency gives one.
const RANKS: [&str; 39] = [
    "schema", "extension", "collation", "enum", "composite", "domain", "domain constraint", "range", "sequence", "table",
    "foreign table", "column", "table option", "column storage", "column compression", "column statistics",
    "column options", "default", "table attach", "inherit", "function", "procedure", "aggregate", "check", "key",
    "index", "index attach", "sequence owned", "view", "materialized view", "statistics", "rule", "trigger", "policy",
    "owner", "grant", "comment", "foreign key", "event trigger",
];

fn rank(kind: &str) -> usize {
    RANKS.iter().position(|name| *name == kind).unwrap_or(RANKS.len() - 3)
}

/// The steps from one schema to another.
///
/// # Errors
/// As [`Changes::new`].
pub(crate) fn steps(from: &Schema, to: &Schema, allow_recreate: bool) -> Result<Vec<Step>, String> {
    let changes = Changes::new(from, to, allow_recreate)?;
    let mut graph = Graph::new(&changes);
    graph.connect();
    let mut steps = graph.sort();
    steps.retain(|step| !step.sql.is_empty());
    for key in changes.created.iter().filter(|key| key.starts_with("materialized view ")) {
        let fact = &to.facts[key];
        if fact.is("populated") || from.facts.get(key).is_some_and(|old| old.is("populated")) {
            steps.push(Step {
                action: Action::Refresh,
                key: key.clone(),
                kind: fact.kind.clone(),
                sql: vec![format!("REFRESH MATERIALIZED VIEW {}", fact.name)],
            });
        }
    }
    Ok(steps)
}

type Node = (Action, String);

struct Graph<'a> {
    changes: &'a Changes<'a>,
    nodes: BTreeSet<Node>,
    edges: BTreeMap<Node, BTreeSet<Node>>,
    /// What comes in the statement of another fact.
    inline: BTreeMap<String, Vec<String>>,
}

impl<'a> Graph<'a> {
    fn new(changes: &'a Changes<'a>) -> Self {
        Self { changes, nodes: BTreeSet::new(), edges: BTreeMap::new(), inline: BTreeMap::new() }
    }

    /// The fact in whose statement this one is dropped.
    fn drop_home(&self, key: &str) -> String {
        let changes = self.changes;
        let (dropped, from) = (&changes.dropped, changes.from);
        let fact = &from.facts[key];
        if let Some(above) = changes.heir_of(fact, |above| dropped.contains(above)) {
            return self.drop_home(above);
        }
        if fact.kind == "index attach" {
            let table = fact.list("table").into_iter().find(|table| dropped.contains(*table));
            return match table.or(fact.parent.as_deref()) {
                Some(home) if dropped.contains(home) => self.drop_home(home),
                _ => key.to_owned(),
            };
        }
        // An index of a partition goes with that of the partitioned table.
        let attach = from.facts.values().find(|other| {
            (fact.kind == "index" || fact.kind == "key") && other.kind == "index attach" && other.parent.as_deref() == Some(key)
        });
        let above = attach.filter(|attach| !attach.list("table").iter().any(|table| dropped.contains(*table)));
        let above = above.and_then(|attach| {
            let mut indexes = attach.needs.iter().filter(|need| need.starts_with("index ") || need.starts_with("key "));
            indexes.find(|need| *need != key && dropped.contains(*need))
        });
        if let Some(above) = above {
            return self.drop_home(above);
        }
        let owner = fact.list("owner_column").into_iter().find(|column| dropped.contains(*column));
        if let Some(column) = owner {
            return self.drop_home(column);
        }
        let Some(parent) = fact.parent.as_deref().filter(|parent| dropped.contains(*parent)) else {
            return key.to_owned();
        };
        let goes_along = match fact.kind.as_str() {
            "foreign key" => !fact.list("to").iter().any(|table| dropped.contains(*table)),
            "table attach" => fact.needs.iter().any(|need| need != parent && need.starts_with("table ") && dropped.contains(need)),
            "column" | "owner" | "grant" | "comment" => true,
            _ => Changes::is_simple(from, dropped, key, fact),
        };
        match goes_along {
            true => self.drop_home(parent),
            false => key.to_owned(),
        }
    }

    /// The fact in whose statement this one is created.
    fn create_home(&self, key: &str) -> String {
        let changes = self.changes;
        let (created, to) = (&changes.created, changes.to);
        let fact = &to.facts[key];
        if let Some(above) = changes.heir_of(fact, |above| created.contains(above)) {
            return self.create_home(above);
        }
        if fact.kind == "index attach" {
            let table = fact.list("table").into_iter().find(|table| created.contains(*table));
            return table.map_or(key.to_owned(), ToOwned::to_owned);
        }
        let Some(parent) = fact.parent.as_deref().filter(|parent| created.contains(*parent)) else {
            return key.to_owned();
        };
        let comes_along = match fact.kind.as_str() {
            "column" | "inherit" => true,
            "default" => to.facts[parent].kind == "column" && Changes::is_simple(to, created, key, fact),
            "check" if fact.is("silent") => true,
            "check" | "key" | "domain constraint" => {
                fact.attributes["valid"] != false && Changes::is_simple(to, created, key, fact)
            }
            "owner" => {
                let follows = fact.list("follows");
                fact.text("owner") == Some(&to.role) || follows.iter().any(|table| created.contains(*table))
            }
            _ => false,
        };
        match comes_along {
            true => self.create_home(parent),
            false => key.to_owned(),
        }
    }

    fn node(&self, action: Action, key: &str) -> Option<Node> {
        let changes = self.changes;
        match action {
            Action::Drop if changes.dropped.contains(key) => Some((action, self.drop_home(key))),
            Action::Create if changes.created.contains(key) => Some((action, self.create_home(key))),
            Action::Alter if changes.altered.contains_key(key) => Some((action, key.to_owned())),
            Action::Rename if changes.renamed.contains(key) && changes.created.contains(key) => Some((action, key.to_owned())),
            _ => None,
        }
    }

    fn edge(&mut self, before: Option<Node>, after: Option<Node>) {
        if let (Some(before), Some(after)) = (before, after)
            && before != after
        {
            self.edges.entry(before).or_default().insert(after);
        }
    }

    fn connect(&mut self) {
        let changes = self.changes;
        let (from, to) = (changes.from, changes.to);
        let mut slots = BTreeMap::new();
        for key in &changes.dropped {
            let fact = &from.facts[key];
            let drop = self.node(Action::Drop, key);
            self.nodes.extend(drop.clone());
            for need in &fact.needs {
                self.edge(drop.clone(), self.node(Action::Drop, need));
                self.edge(drop.clone(), self.node(Action::Alter, need));
                self.edge(drop.clone(), self.node(Action::Rename, need));
            }
            match self.node(Action::Rename, key) {
                Some(rename) => {
                    self.nodes.insert(rename.clone());
                    self.edge(Some(rename), self.node(Action::Create, key));
                }
                None => {
                    self.edge(drop.clone(), self.node(Action::Create, key));
                    if let Some(slot) = fact.text("slot") {
                        slots.insert(slot.to_owned(), drop.clone());
                    }
                }
            }
        }
        for key in changes.altered.keys() {
            let alter = self.node(Action::Alter, key);
            self.nodes.extend(alter.clone());
            let (old, new) = (&from.facts[key], &to.facts[key]);
            for need in &new.needs {
                self.edge(self.node(Action::Create, need), alter.clone());
                self.edge(self.node(Action::Alter, need), alter.clone());
            }
            for need in &old.needs {
                self.edge(alter.clone(), self.node(Action::Drop, need));
            }
            if let (Some(sequence), None) = (old.text("sequence"), new.text("sequence")) {
                slots.insert(format!("relation {sequence}"), alter.clone());
            }
            if let (None, Some(sequence)) = (old.text("sequence"), new.text("sequence")) {
                let drop = self.node(Action::Drop, &format!("sequence {sequence}"));
                self.edge(drop, alter.clone());
            }
        }
        for key in &changes.created {
            let fact = &to.facts[key];
            let create = self.node(Action::Create, key);
            if let Some((_, home)) = &create {
                self.inline.entry(home.clone()).or_default().push(key.clone());
            }
            self.nodes.extend(create.clone());
            for need in &fact.needs {
                self.edge(self.node(Action::Create, need), create.clone());
                self.edge(self.node(Action::Alter, need), create.clone());
            }
            if let Some(slot) = fact.text("slot") {
                self.edge(slots.get(slot).cloned().flatten(), create.clone());
            }
            let parent = fact.parent.as_deref().unwrap_or_default();
            if fact.kind == "check"
                && let Some(table) = parent.strip_prefix("table ")
            {
                // A partition must have the checks before it is attached.
                let attach = self.node(Action::Create, &format!("table attach {table}"));
                self.edge(create.clone(), attach);
            }
            if fact.kind == "sequence owned" {
                // A table takes its sequences along to another owner.
                for column in &fact.needs {
                    let table = Changes::root(to, column);
                    self.edge(create.clone(), self.node(Action::Create, &format!("owner {table}")));
                }
            }
        }
    }

    fn sort(&mut self) -> Vec<Step> {
        let mut waits: BTreeMap<&Node, usize> = self.nodes.iter().map(|node| (node, 0)).collect();
        for after in self.edges.values().flatten() {
            *waits.entry(after).or_default() += 1;
        }
        let mut ready: BinaryHeap<_> = waits
            .iter()
            .filter(|(_, count)| **count == 0)
            .map(|(node, _)| Reverse((self.priority(node), *node)))
            .collect();
        let mut steps = Vec::new();
        loop {
            let node = match ready.pop() {
                Some(Reverse((_, node))) => node,
                // A circle: the proof shows whether this way out is one.
                None => {
                    let stuck = waits.iter().filter(|(_, count)| **count > 0).map(|(node, _)| *node);
                    match stuck.min_by_key(|node| self.priority(node)) {
                        Some(node) => node,
                        None => return steps,
                    }
                }
            };
            waits.remove(node);
            steps.push(self.step(node));
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
        match node.0 {
            // What was made last goes first.
            Action::Drop => (0, RANKS.len() - rank(&fact.kind), order),
            Action::Rename => (1, 0, 0),
            // Not for what the plan itself creates.
            _ if fact.text("prefix").is_some() => (3, 0, order),
            _ => (2, rank(&fact.kind), order),
        }
    }

    fn step(&self, node: &Node) -> Step {
        let (action, key) = node;
        let fact = self.fact(node);
        let is_renamed = self.node(Action::Rename, key).is_some();
        let sql = match action {
            Action::Drop if fact.kind == "grant" => alter::grants(fact, &fact.list("given"), &fact.list("usual")),
            Action::Drop if is_renamed => vec![fact.drop.replace(&fact.name, &print::aside(&fact.name).0)],
            Action::Drop => vec![fact.drop.clone()],
            Action::Rename => {
                let word = if fact.kind == "collation" { "COLLATION" } else if fact.kind == "domain" { "DOMAIN" } else { "TYPE" };
                vec![format!("ALTER {word} {} RENAME TO {}", fact.name, print::aside(&fact.name).1)]
            }
            Action::Alter => self.changes.altered[key].clone(),
            _ => print::create(self.changes.to, key, self.inline.get(key).map_or(&[], Vec::as_slice)),
        };
        let sql = sql.into_iter().filter(|sql| !sql.is_empty()).collect();
        Step { action: *action, key: key.clone(), kind: fact.kind.clone(), sql }
    }
}
