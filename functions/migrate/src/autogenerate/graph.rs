//! The statements of a plan, and which must come before which.

use std::collections::{BTreeMap, BTreeSet};

use super::{order::Action, plan::Changes};

/// What happens to a fact.
pub(crate) type Node = (Action, String);

/// Nodes, and edges from each to those that come later.
pub(crate) struct Graph<'a> {
    pub changes: &'a Changes<'a>,
    /// The node of each change: its own, or that of the fact in whose statement it comes.
    pub nodes: BTreeMap<(Action, &'a str), Node>,
    pub edges: BTreeMap<Node, BTreeSet<Node>>,
    /// What comes in the statement of another fact.
    pub inline: BTreeMap<String, Vec<String>>,
}

use Action::{Alter, Create, Drop, Rename};

impl<'a> Graph<'a> {
    pub fn new(changes: &'a Changes<'a>) -> Self {
        let mut nodes = BTreeMap::new();
        let mut inline = BTreeMap::<_, Vec<_>>::new();
        for key in &changes.dropped {
            nodes.insert((Drop, key.as_str()), (Drop, changes.drop_home(key)));
        }
        for key in changes.altered.keys() {
            nodes.insert((Alter, key), (Alter, key.clone()));
        }
        for key in changes.renamed.intersection(&changes.created) {
            nodes.insert((Rename, key), (Rename, key.clone()));
        }
        for key in &changes.created {
            let home = changes.create_home(key);
            inline.entry(home.clone()).or_default().push(key.clone());
            nodes.insert((Create, key), (Create, home));
        }
        let mut graph = Self {
            changes,
            nodes,
            edges: BTreeMap::new(),
            inline,
        };
        graph.connect();
        graph
    }

    pub fn is_renamed(&self, key: &str) -> bool {
        self.nodes.contains_key(&(Rename, key))
    }

    /// Puts one change before another, if there are both.
    fn edge(&mut self, before: (Action, &str), after: (Action, &str)) {
        if let (Some(before), Some(after)) = (self.nodes.get(&before), self.nodes.get(&after))
            && before != after
        {
            let later = self.edges.entry(before.clone()).or_default();
            later.insert(after.clone());
        }
    }

    fn connect(&mut self) {
        let changes = self.changes;
        let (from, to) = (changes.from, changes.to);
        let mut slots = BTreeMap::<String, (Action, &str)>::new();
        for key in &changes.dropped {
            let fact = &from.facts[key];
            let drop = (Drop, key.as_str());
            let home = self.nodes[&drop].1.clone();
            let is_renamed = self.is_renamed(&home);
            // Only what is made must wait for partitions.
            let needs = fact.needs.iter();
            for need in needs.filter(|need| !need.starts_with("table attach ")) {
                self.edge(drop, (Drop, need));
                self.edge(drop, (Alter, need));
                // A type that is renamed itself keeps what it is made of.
                if home != *need && !is_renamed {
                    self.edge(drop, (Rename, need));
                }
            }
            if is_renamed {
                // The old type is dropped after the new one is there.
                self.edge((Rename, &home), (Create, key));
                self.edge((Rename, &home), drop);
                continue;
            }
            self.edge(drop, (Create, key));
            if let Some(slot) = fact.text("slot") {
                slots.insert(slot.to_owned(), drop);
            }
        }
        for key in changes.altered.keys() {
            let alter = (Alter, key.as_str());
            let (old, new) = (&from.facts[key], &to.facts[key]);
            for need in &new.needs {
                self.edge((Create, need), alter);
                self.edge((Alter, need), alter);
            }
            for need in &old.needs {
                self.edge(alter, (Drop, need));
            }
            match (old.text("sequence"), new.text("sequence")) {
                (Some(sequence), None) => {
                    slots.insert(format!("relation {sequence}"), alter);
                }
                (None, Some(sequence)) => self.edge((Drop, &format!("sequence {sequence}")), alter),
                _ => {}
            }
        }
        for key in &changes.created {
            let fact = &to.facts[key];
            let create = (Create, key.as_str());
            for need in &fact.needs {
                self.edge((Create, need), create);
                self.edge((Alter, need), create);
            }
            if let Some(slot) = fact.text("slot").and_then(|slot| slots.get(slot)) {
                self.edge(*slot, create);
            }
            let parent = fact.parent.as_deref().unwrap_or_default();
            match (fact.kind.as_str(), parent.strip_prefix("table ")) {
                // A partition must have the checks before it is attached.
                ("check", Some(table)) => {
                    self.edge(create, (Create, &format!("table attach {table}")));
                }
                // A table takes its sequences along to another owner.
                ("sequence owned", _) => {
                    for column in &fact.needs {
                        let owner = format!("owner {}", Changes::root(to, column));
                        self.edge(create, (Create, &owner));
                    }
                }
                ("domain constraint", _) => {
                    // A domain can gain none once a table has it in an array or a composite type.
                    for key in &changes.created {
                        let user = &to.facts[key];
                        let is_list = user.text("type").is_some_and(|name| name.ends_with("[]"));
                        let has_part = user.kind == "composite" || user.kind == "column" && is_list;
                        if has_part && user.needs.contains(parent) {
                            self.edge(create, (Create, key));
                        }
                    }
                }
                ("index attach", _) => {
                    // A key of a partitioned table is valid once its partitions have theirs.
                    let above = fact.needs.iter();
                    let above: BTreeSet<_> = above
                        .filter(|need| is_index(need) && *need != parent)
                        .collect();
                    for key in &changes.created {
                        let other = &to.facts[key];
                        let mut needs = other.needs.iter();
                        if other.kind == "foreign key" && needs.any(|need| above.contains(need)) {
                            self.edge(create, (Create, key));
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether a key is that of an index, or of a constraint that has one.
pub(crate) fn is_index(key: &str) -> bool {
    key.starts_with("index ") || key.starts_with("key ")
}
