//! Which statement drops or creates a fact: its own, or that of another one.

use super::{
    graph::is_index,
    plan::{Changes, Way},
};

impl Changes<'_> {
    /// The fact in whose statement this one is dropped.
    pub fn drop_home(&self, key: &str) -> String {
        let changes = self;
        let (dropped, from) = (&changes.dropped, changes.from);
        let fact = &from.facts[key];
        if let Some(above) = changes.heir_of(fact, |above| dropped.contains(above)) {
            return self.drop_home(above);
        }
        if fact.kind == "index attach" {
            let table = fact
                .list("table")
                .into_iter()
                .find(|table| dropped.contains(*table));
            return match table.or(fact.parent.as_deref()) {
                Some(home) if dropped.contains(home) => self.drop_home(home),
                _ => key.to_owned(),
            };
        }
        // An index of a partition goes with that of the partitioned table.
        let mut children = from.children(key).map(|(_, fact)| fact);
        let attach = children.find(|fact| fact.kind == "index attach");
        let above = attach.filter(|attach| {
            !attach
                .list("table")
                .iter()
                .any(|table| dropped.contains(*table))
        });
        let above = above.and_then(|attach| {
            let mut indexes = attach.needs.iter().filter(|need| is_index(need));
            indexes.find(|need| *need != key && dropped.contains(*need))
        });
        if let Some(above) = above {
            return self.drop_home(above);
        }
        let owner = fact
            .list("owner_column")
            .into_iter()
            .find(|column| dropped.contains(*column));
        if let Some(column) = owner {
            return self.drop_home(column);
        }
        let Some(parent) = fact
            .parent
            .as_deref()
            .filter(|parent| dropped.contains(*parent))
        else {
            return key.to_owned();
        };
        let goes_along = match fact.kind.as_str() {
            "foreign key" => !fact.list("to").iter().any(|table| dropped.contains(*table)),
            "table attach" => fact
                .needs
                .iter()
                .any(|need| need != parent && need.starts_with("table ") && dropped.contains(need)),
            "column" | "owner" | "grant" | "comment" | "sequence owned" => true,
            _ => Changes::is_simple(from, dropped, key, fact),
        };
        match goes_along {
            true => self.drop_home(parent),
            false => key.to_owned(),
        }
    }

    /// The fact in whose statement this one is created.
    pub fn create_home(&self, key: &str) -> String {
        let changes = self;
        let (created, to) = (&changes.created, changes.to);
        let fact = &to.facts[key];
        if let Some(above) = changes.heir_of(fact, |above| created.contains(above)) {
            return self.create_home(above);
        }
        if fact.kind == "index attach" {
            let table = fact
                .list("table")
                .into_iter()
                .find(|table| created.contains(*table));
            return table.map_or(key.to_owned(), ToOwned::to_owned);
        }
        let Some(parent) = fact
            .parent
            .as_deref()
            .filter(|parent| created.contains(*parent))
        else {
            return key.to_owned();
        };
        let comes_along = match fact.kind.as_str() {
            "column" | "inherit" => true,
            "default" => {
                let column = &to.facts[parent];
                let table = column.parent.as_deref().unwrap_or_default();
                // Down, the rows have lost their values, and NULL breaks no constraint.
                let stays_null =
                    self.way == Way::Down && !created.contains(table) && !column.is("not_null");
                column.kind == "column"
                    && !stays_null
                    && !column.is("silent")
                    && Changes::is_simple(to, created, key, fact)
            }
            "check" if fact.is("silent") => true,
            "check" | "key" | "domain constraint" => {
                fact.attributes["valid"] != false && Changes::is_simple(to, created, key, fact)
            }
            "owner" => {
                let follows = fact.list("follows");
                fact.text("owner") == Some(&to.role)
                    || follows.iter().any(|table| created.contains(*table))
            }
            _ => false,
        };
        match comes_along {
            true => self.create_home(parent),
            false => key.to_owned(),
        }
    }
}
