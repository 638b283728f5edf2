//! What belongs together: parents and children, partitions and their tables.

use std::collections::BTreeSet;

use super::{
    facts::{Fact, Schema},
    plan::{Changes, is_soft},
};

impl Changes<'_> {
    /// Whether the partition of an index is detached as a whole.
    pub fn is_detached(&self, index_attach: &str) -> bool {
        let tables = self.from.facts[index_attach].list("table");
        tables.iter().any(|table| self.dropped.contains(*table))
    }

    /// A change of a parent's column or check reaches the children by itself.
    pub fn settle_inherited(&mut self) {
        let is_altered = |key: &str| self.altered.contains_key(key);
        let is_settled = |key: &&String| {
            let fact = &self.to.facts[*key];
            let mut follows = fact.list("follows").into_iter();
            // A sequence follows its table to another owner.
            self.heir_of(fact, is_altered).is_some()
                || follows.any(|table| is_altered(&format!("owner {table}")))
        };
        let settled: Vec<_> = self.altered.keys().filter(is_settled).cloned().collect();
        for key in settled {
            self.altered.insert(key, Vec::new());
        }
    }

    /// The columns of a typed table come and go with the attributes of its type.
    pub fn settle_typed(&mut self) {
        let (from, to) = (self.from, self.to);
        let is_settled = |schema: &Schema, key: &str| {
            let fact = &schema.facts[key];
            let table = fact
                .parent
                .as_ref()
                .and_then(|table| schema.facts.get(table));
            let of = table.and_then(|table| table.text("of"));
            let is_altered = |of| self.altered.contains_key(&format!("composite {of}"));
            fact.kind == "column" && of.is_some_and(is_altered)
        };
        self.created.retain(|key| !is_settled(to, key));
        let gone = self.dropped.iter().filter(|key| is_settled(from, key));
        let gone: BTreeSet<_> = gone.cloned().collect();
        self.dropped.retain(|key| {
            let parent = from.facts[key].parent.as_ref();
            !gone.contains(key) && parent.is_none_or(|parent| !gone.contains(parent))
        });
    }

    /// The fact of a parent from which this one is inherited over a link that stays.
    pub fn heir_of<'f>(&self, fact: &'f Fact, is_same: impl Fn(&str) -> bool) -> Option<&'f str> {
        let table = table_of(fact)?;
        fact.list("inherited").into_iter().find(|above| {
            let known = self.from.facts.get(*above).or(self.to.facts.get(*above));
            let Some(parent) = known.and_then(table_of) else {
                return false;
            };
            let is_kept = |link: String| {
                let keeps = |schema: &Schema| {
                    let link = schema.facts.get(&link);
                    link.is_some_and(|link| link.text("above") == Some(parent))
                };
                keeps(self.from) && keeps(self.to) && !self.dropped.contains(&link)
            };
            is_same(above)
                && (is_kept(format!("table attach {table}"))
                    || is_kept(format!("inherit {table} {parent}")))
        })
    }

    /// The top of the chain of parents.
    pub fn root<'k>(schema: &'k Schema, mut key: &'k str) -> &'k str {
        while let Some(parent) = schema.facts.get(key).and_then(|fact| fact.parent.as_ref()) {
            key = parent;
        }
        key
    }

    /// Whether a fact can go, or come, in the same statement as its parent: nothing else must happen
    /// in between.
    pub fn is_simple(schema: &Schema, moving: &BTreeSet<String>, key: &str, fact: &Fact) -> bool {
        let root = Self::root(schema, key);
        let mut needs = fact.needs.iter().filter(|need| moving.contains(*need));
        needs.all(|need| is_soft(&schema.facts[need].kind) || Self::root(schema, need) == root)
    }
}

fn table_of(fact: &Fact) -> Option<&str> {
    let parent = fact.parent.as_deref()?;
    let parent = parent.strip_prefix("foreign ").unwrap_or(parent);
    parent.strip_prefix("table ")
}
