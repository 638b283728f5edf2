//! Which statement drops or creates a fact: its own, or that of another one.

use super::{
    facts::Fact,
    graph::is_index,
    plan::{Changes, Way},
};

impl Changes<'_> {
    /// The fact in whose statement this one is dropped.
    pub fn drop_home(&self, key: &str) -> String {
        let fact = &self.from.facts[key];
        let is_gone = |key: &str| self.dropped.contains(key);
        let gone = |field| fact.list(field).into_iter().find(|key| is_gone(key));
        let parent = fact.parent.as_deref().filter(|parent| is_gone(parent));
        let home = match self.heir_of(fact, is_gone) {
            None if fact.kind == "index attach" => gone("table").or(parent),
            None => {
                let home = self.index_above(key).or(gone("owner_column"));
                home.or(parent.filter(|parent| self.goes_along(key, fact, parent)))
            }
            heir => heir,
        };
        home.map_or_else(|| key.to_owned(), |home| self.drop_home(home))
    }

    /// An index of a partition goes with that of the partitioned table.
    fn index_above(&self, key: &str) -> Option<&str> {
        let mut children = self.from.children(key);
        let (attach, fact) = children.find(|(_, fact)| fact.kind == "index attach")?;
        let mut indexes = fact.needs.iter().filter(|need| is_index(need));
        let above = indexes.find(|need| *need != key && self.dropped.contains(*need));
        above
            .map(String::as_str)
            .filter(|_| !self.is_detached(attach))
    }

    fn goes_along(&self, key: &str, fact: &Fact, parent: &str) -> bool {
        let is_gone = |key: &str| self.dropped.contains(key);
        match fact.kind.as_str() {
            "foreign key" => !fact.list("to").into_iter().any(is_gone),
            "table attach" => {
                let mut tables = fact.needs.iter().filter(|need| need.starts_with("table "));
                tables.any(|need| need != parent && is_gone(need))
            }
            "column" | "owner" | "grant" | "comment" | "sequence owned" => true,
            _ => Changes::is_simple(self.from, &self.dropped, key, fact),
        }
    }

    /// The fact in whose statement this one is created.
    pub fn create_home(&self, key: &str) -> String {
        let fact = &self.to.facts[key];
        let is_new = |key: &str| self.created.contains(key);
        let parent = fact.parent.as_deref().filter(|parent| is_new(parent));
        let home = match self.heir_of(fact, is_new) {
            None if fact.kind == "index attach" => {
                fact.list("table").into_iter().find(|table| is_new(table))
            }
            None => parent.filter(|parent| self.comes_along(key, fact, parent)),
            heir => heir,
        };
        home.map_or_else(|| key.to_owned(), |home| self.create_home(home))
    }

    fn comes_along(&self, key: &str, fact: &Fact, parent: &str) -> bool {
        let is_new = |key: &str| self.created.contains(key);
        let is_simple = || Changes::is_simple(self.to, &self.created, key, fact);
        match fact.kind.as_str() {
            "column" | "inherit" => true,
            "default" => {
                let column = &self.to.facts[parent];
                let table = column.parent.as_deref().unwrap_or_default();
                // Down, the rows have lost their values, and NULL breaks no constraint.
                let stays_null = self.way == Way::Down && !is_new(table) && !column.is("not_null");
                column.kind == "column" && !stays_null && !column.is("silent") && is_simple()
            }
            "check" if fact.is("silent") => true,
            "check" | "key" | "domain constraint" => {
                fact.attributes["valid"] != false && is_simple()
            }
            "owner" => {
                fact.text("owner") == Some(&self.to.role)
                    || fact.list("follows").into_iter().any(is_new)
            }
            _ => false,
        }
    }
}
