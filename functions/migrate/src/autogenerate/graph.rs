//! The statements of a plan, and which must come before which.

use std::collections::{BTreeMap, BTreeSet};

use super::{order::Action, plan::Changes};

/// What happens to a fact.
pub(crate) type Node = (Action, String);

/// Nodes, and edges from each to those that come later.
pub(crate) struct Graph<'a> {
    pub changes: &'a Changes<'a>,
    pub nodes: BTreeSet<Node>,
    pub edges: BTreeMap<Node, BTreeSet<Node>>,
    /// What comes in the statement of another fact.
    pub inline: BTreeMap<String, Vec<String>>,
}

impl<'a> Graph<'a> {
    pub fn new(changes: &'a Changes<'a>) -> Self {
        Self {
            changes,
            nodes: BTreeSet::new(),
            edges: BTreeMap::new(),
            inline: BTreeMap::new(),
        }
    }

    pub fn node(&self, action: Action, key: &str) -> Option<Node> {
        let changes = self.changes;
        match action {
            Action::Drop if changes.dropped.contains(key) => {
                Some((action, self.changes.drop_home(key)))
            }
            Action::Create if changes.created.contains(key) => {
                Some((action, self.changes.create_home(key)))
            }
            Action::Alter if changes.altered.contains_key(key) => Some((action, key.to_owned())),
            Action::Rename if changes.renamed.contains(key) && changes.created.contains(key) => {
                Some((action, key.to_owned()))
            }
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

    pub fn connect(&mut self) {
        let changes = self.changes;
        let (from, to) = (changes.from, changes.to);
        let mut slots = BTreeMap::new();
        for key in &changes.dropped {
            let fact = &from.facts[key];
            let drop = self.node(Action::Drop, key);
            self.nodes.extend(drop.clone());
            // Only what is made must wait for partitions.
            let is_late = |need: &&String| !need.starts_with("table attach ");
            for need in fact.needs.iter().filter(is_late) {
                self.edge(drop.clone(), self.node(Action::Drop, need));
                self.edge(drop.clone(), self.node(Action::Alter, need));
                // A type that is renamed itself keeps what it is made of.
                let keeps = drop.as_ref().is_none_or(|(_, home)| {
                    home == need || self.node(Action::Rename, home).is_some()
                });
                if !keeps {
                    self.edge(drop.clone(), self.node(Action::Rename, need));
                }
            }
            let home = drop
                .as_ref()
                .map(|(_, home)| home.clone())
                .unwrap_or_default();
            match self.node(Action::Rename, &home) {
                // The old type is dropped after the new one is there.
                Some(rename) => {
                    self.nodes.insert(rename.clone());
                    self.edge(Some(rename.clone()), self.node(Action::Create, key));
                    self.edge(Some(rename), drop);
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
                self.inline
                    .entry(home.clone())
                    .or_default()
                    .push(key.clone());
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
            if fact.kind == "index attach" {
                // A key of a partitioned table is valid once its partitions have theirs.
                for key in &changes.created {
                    let other = &to.facts[key];
                    let is_above =
                        |need: &&String| is_index(need) && Some(*need) != fact.parent.as_ref();
                    let mut above = fact.needs.iter().filter(is_above);
                    if other.kind == "foreign key" && above.any(|need| other.needs.contains(need)) {
                        self.edge(create.clone(), self.node(Action::Create, key));
                    }
                }
            }
            if fact.kind == "sequence owned" {
                // A table takes its sequences along to another owner.
                for column in &fact.needs {
                    let table = Changes::root(to, column);
                    self.edge(
                        create.clone(),
                        self.node(Action::Create, &format!("owner {table}")),
                    );
                }
            }
        }
    }
}

/// Whether a key is that of an index, or of a constraint that has one.
pub(crate) fn is_index(key: &str) -> bool {
    key.starts_with("index ") || key.starts_with("key ")
}
