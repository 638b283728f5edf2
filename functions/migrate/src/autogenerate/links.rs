//! What belongs together: parents and children, partitions and their tables.

use std::collections::BTreeSet;

use super::{
    facts::{Fact, Schema},
    plan::{Changes, SOFT},
};

impl Changes<'_> {
    /// Whether the partition of an index is detached as a whole.
    pub fn is_detached(&self, index_attach: &str) -> bool {
        let tables = self.from.facts[index_attach].list("table");
        tables.iter().any(|table| self.dropped.contains(*table))
    }

    /// A change of a parent's column or check reaches the children by itself.
    pub fn settle_inherited(&mut self) {
        let altered: Vec<_> = self.altered.keys().cloned().collect();
        for key in altered {
            if self
                .heir_of(&self.to.facts[&key], |above| {
                    self.altered.contains_key(above)
                })
                .is_some()
            {
                self.altered.insert(key, Vec::new());
                continue;
            }
            // A sequence follows its table to another owner.
            let follows = self.to.facts[&key].list("follows");
            if follows
                .iter()
                .any(|table| self.altered.contains_key(&format!("owner {table}")))
            {
                self.altered.insert(key, Vec::new());
            }
        }
    }

    /// The columns of a typed table come and go with the attributes of its type.
    pub fn settle_typed(&mut self) {
        let typed = |schema: &Schema, key: &str| {
            let fact = &schema.facts[key];
            let table = schema.facts.get(fact.parent.as_deref().unwrap_or_default());
            let of = table.and_then(|table| table.text("of"));
            of.filter(|_| fact.kind == "column").map(ToOwned::to_owned)
        };
        let (from, to) = (self.from, self.to);
        let altered = self.altered.clone();
        let stays = |schema: &Schema, key: &String| {
            let of = typed(schema, key);
            of.is_some_and(|of| altered.contains_key(&format!("composite {of}")))
        };
        self.created.retain(|key| !stays(to, key));
        let gone: Vec<_> = self
            .dropped
            .iter()
            .filter(|key| stays(from, key))
            .cloned()
            .collect();
        for key in gone {
            self.dropped.remove(&key);
            self.dropped
                .retain(|other| from.facts[other].parent.as_ref() != Some(&key));
        }
    }

    /// The fact of a parent from which this one is inherited over a link that stays.
    pub fn heir_of<'f>(&self, fact: &'f Fact, is_same: impl Fn(&str) -> bool) -> Option<&'f str> {
        let table = self.table_of(fact)?;
        fact.list("inherited").into_iter().find(|above| {
            let above_table = self.from.facts.get(*above).or(self.to.facts.get(*above));
            let above_table = above_table.and_then(|fact| self.table_of(fact));
            let Some(above_table) = above_table else {
                return false;
            };
            let links = [
                format!("table attach {table}"),
                format!("inherit {table} {above_table}"),
            ];
            let is_kept = |link: &String| {
                let keeps = |schema: &Schema| {
                    schema
                        .facts
                        .get(link)
                        .is_some_and(|fact| fact.text("above") == Some(above_table))
                };
                keeps(self.from) && keeps(self.to) && !self.dropped.contains(link)
            };
            is_same(above) && links.iter().any(is_kept)
        })
    }

    fn table_of<'f>(&self, fact: &'f Fact) -> Option<&'f str> {
        let parent = fact.parent.as_deref()?;
        let parent = parent.strip_prefix("foreign ").unwrap_or(parent);
        parent.strip_prefix("table ")
    }

    /// The top of the chain of parents.
    pub fn root<'k>(schema: &'k Schema, key: &'k str) -> &'k str {
        let mut key = key;
        while let Some(parent) = schema
            .facts
            .get(key)
            .and_then(|fact| fact.parent.as_deref())
        {
            key = parent;
        }
        key
    }

    /// Whether a fact can go, or come, in the same statement as its parent: nothing else must happen
    /// in between.
    pub fn is_simple(schema: &Schema, moving: &BTreeSet<String>, key: &str, fact: &Fact) -> bool {
        let root = Self::root(schema, key);
        fact.needs
            .iter()
            .filter(|need| moving.contains(*need))
            .all(|need| {
                let kind = schema.facts[need].kind.as_str();
                SOFT.contains(&kind) || Self::root(schema, need) == root
            })
    }
}
