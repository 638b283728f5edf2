//! What must be dropped, altered and created on the way from one schema to another.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    alter::{self, Change},
    column,
    facts::{Fact, Schema},
    graph::is_index,
};

/// Whether nothing that stands on a table can be needed by this kind.
pub(crate) fn is_soft(kind: &str) -> bool {
    is_type(kind) || matches!(kind, "schema" | "extension" | "sequence")
}

/// Whether a column's type can be of this kind: a column survives a new type of the same name.
fn is_type(kind: &str) -> bool {
    matches!(
        kind,
        "enum" | "domain" | "composite" | "range" | "collation"
    )
}

/// Which way a plan leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Up,
    /// Up, where tables and columns may be made again.
    UpWithLoss,
    /// Down, which may lose what the way up has made.
    Down,
}

/// The changes of a plan, by key.
pub(crate) struct Changes<'a> {
    pub from: &'a Schema,
    pub to: &'a Schema,
    pub way: Way,
    pub dropped: BTreeSet<String>,
    pub created: BTreeSet<String>,
    pub altered: BTreeMap<String, Vec<String>>,
    /// Types that are made anew under columns which stay.
    pub renamed: BTreeSet<String>,
    users: BTreeMap<&'a str, Vec<&'a str>>,
    /// Why tables and columns are made again.
    reasons: BTreeMap<String, String>,
}

impl<'a> Changes<'a> {
    /// # Errors
    /// A change that would lose the rows of a table or a column that stays, unless that is allowed.
    pub fn new(from: &'a Schema, to: &'a Schema, way: Way) -> Result<Self, String> {
        let mut users = BTreeMap::<&str, Vec<&str>>::new();
        for (key, fact) in &from.facts {
            for need in &fact.needs {
                users.entry(need).or_default().push(key);
            }
        }
        let mut changes = Self {
            from,
            to,
            way,
            dropped: BTreeSet::new(),
            created: BTreeSet::new(),
            altered: BTreeMap::new(),
            renamed: BTreeSet::new(),
            users,
            reasons: BTreeMap::new(),
        };
        let retyped = changes.compare();
        for key in retyped {
            changes.disturb(&key);
        }
        for key in changes.dropped.clone() {
            changes.drop_users(&key);
        }
        changes.settle_inherited();
        changes.settle_typed();
        match changes.lost().filter(|_| way == Way::Up) {
            Some(error) => Err(error),
            None => Ok(changes),
        }
    }

    /// Sorts the keys, and returns those of columns that get another type.
    fn compare(&mut self) -> Vec<String> {
        let mut retyped = Vec::new();
        let (from, to) = (self.from, self.to);
        for (key, old) in &from.facts {
            let Some(new) = to.facts.get(key) else {
                self.dropped.insert(key.clone());
                continue;
            };
            if !old.differs(new) {
                continue;
            }
            match alter::change(old, new) {
                Change::Alter(statements) => {
                    self.altered.insert(key.clone(), statements);
                }
                Change::Retype(statements) => {
                    self.altered.insert(key.clone(), statements);
                    retyped.push(key.clone());
                }
                Change::Replace => self.replace(key),
                Change::Recreate(reason) => {
                    self.reasons.insert(key.clone(), reason.to_owned());
                    self.replace(key);
                }
            }
        }
        let added = to.facts.keys().filter(|key| !from.facts.contains_key(*key));
        self.created.extend(added.cloned());
        retyped
    }

    fn replace(&mut self, key: &str) {
        self.altered.remove(key);
        self.dropped.insert(key.to_owned());
        if self.to.facts.contains_key(key) {
            self.created.insert(key.to_owned());
        }
    }

    fn replace_with_users(&mut self, key: &str) {
        if !self.dropped.contains(key) {
            self.replace(key);
            self.drop_users(key);
        }
    }

    /// Drops what cannot stand on a column while its type changes.
    fn disturb(&mut self, column: &str) {
        let (old, new) = (&self.from.facts[column], &self.to.facts[column]);
        let base = |fact: &Fact| {
            let text = fact.text("type").unwrap_or_default();
            text.split('(').next().unwrap_or_default().to_owned()
        };
        self.drop_fragile(column, base(old) != base(new));
    }

    /// Drops what a new type of a column would break.
    fn drop_fragile(&mut self, column: &str, is_other: bool) {
        for user in self.users.get(column).cloned().unwrap_or_default() {
            let is_fragile = match self.from.facts[user].kind.as_str() {
                "view" | "materialized view" | "rule" | "trigger" | "policy" => true,
                "function" | "procedure" | "column" => true,
                "foreign key" | "default" => is_other,
                _ => false,
            };
            if is_fragile {
                self.replace_for(user, column);
            }
        }
    }

    /// Drops what needs a fact that goes.
    fn drop_users(&mut self, key: &str) {
        let from = self.from;
        let gone = &from.facts[key];
        if gone.kind == "index attach" && !self.is_detached(key) {
            // An index can neither be detached nor dropped alone.
            let indexes = gone.needs.iter().filter(|need| is_index(need));
            for index in indexes {
                self.replace_with_users(index);
            }
        }
        for user in self.users.get(key).cloned().unwrap_or_default() {
            if self.dropped.contains(user) {
                continue;
            }
            let old = &from.facts[user];
            let new = self.to.facts.get(user);
            let is_child = old.parent.as_deref() == Some(key);
            let still_needs = new.is_some_and(|new| new.needs.contains(key));
            // To validate a constraint is not to write it anew.
            let is_restated = !matches!(
                old.kind.as_str(),
                "check" | "foreign key" | "domain constraint"
            );
            if self.altered.contains_key(user) && is_restated && !still_needs && !is_child {
                continue;
            }
            match new {
                Some(new) if old.kind == "column" && is_type(&gone.kind) => {
                    self.renamed.insert(key.to_owned());
                    self.retype(user, old, new);
                }
                _ => self.replace_for(user, key),
            }
        }
    }

    fn retype(&mut self, key: &str, old: &Fact, new: &Fact) {
        let text = |name| new.text(name).unwrap_or_default();
        let alter = format!("ALTER {} ALTER COLUMN {} ", text("table"), text("column"));
        let statements = self.altered.entry(key.to_owned()).or_default();
        let prefix = format!("{alter}TYPE ");
        if !statements.iter().any(|sql| sql.starts_with(&prefix)) {
            let retyping = column::retyping(old, new, true);
            statements.insert(0, format!("{alter}{retyping}"));
        }
        self.drop_fragile(key, true);
    }

    /// Drops and creates what would have to be altered both before and after something else.
    ///
    /// Returns whether that changes the plan.
    pub fn untangle(&mut self, stuck: &[String]) -> bool {
        let mut is_changed = false;
        for key in stuck {
            let can_go = self.from.facts.get(key).is_some_and(|fact| {
                matches!(
                    fact.kind.as_str(),
                    "view" | "function" | "procedure" | "policy" | "default" | "sequence owned"
                )
            });
            if can_go && self.altered.contains_key(key) {
                self.replace_with_users(key);
                is_changed = true;
            }
        }
        is_changed
    }

    fn replace_for(&mut self, user: &str, key: &str) {
        let reason = format!("{key} changes, which it needs");
        self.reasons.entry(user.to_owned()).or_insert(reason);
        self.replace_with_users(user);
    }

    /// Why rows would be lost that nobody asked to lose.
    fn lost(&self) -> Option<String> {
        let again = self.dropped.intersection(&self.created);
        let mut lost = again.filter(|key| {
            let (old, new) = (&self.from.facts[*key], &self.to.facts[*key]);
            let is_computed = old.text("generated").is_some() && new.text("generated").is_some();
            // A foreign table has no rows of its own.
            old.kind == "table" || old.kind == "column" && !is_computed
        });
        let key = lost.next()?;
        let reason = self.reasons.get(key);
        let reason = reason.map_or("what it needs changes", String::as_str);
        Some(format!(
            "{key} would have to be dropped and created again, and its rows would be lost, because {reason}; \
             write this migration by hand, or allow the loss with --allow-recreate"
        ))
    }
}
