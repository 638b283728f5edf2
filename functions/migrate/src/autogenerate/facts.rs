//! A schema as facts: each object, setting, grant and comment by itself, with its statement and what it needs.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shared::tokio_postgres::{Client, SimpleQueryMessage};

use super::places::{Depends, Map, Oid, Raw};
use crate::failure::Failure;

const FACTS: [&str; 4] = [
    include_str!("sql/relations.sql"),
    include_str!("sql/types.sql"),
    include_str!("sql/tables.sql"),
    include_str!("sql/privileges.sql"),
];
const DEPENDS: &str = include_str!("sql/depends.sql");

/// An empty search_path qualifies every name that PostgreSQL prints, and the just-in-time compiler
/// takes longer than the queries.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''; \
     SET LOCAL jit = off; SET LOCAL quote_all_identifiers = off; SET LOCAL extra_float_digits = 1; \
     SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL TimeZone = 'UTC'";

/// An object, or a part of one that changes by itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fact {
    pub kind: String,
    pub name: String,
    /// The fact that it is dropped with.
    pub parent: Option<String>,
    /// What must be there before it.
    pub needs: BTreeSet<String>,
    /// The statement that makes it.
    pub sql: String,
    /// The statement that removes it.
    pub drop: String,
    /// What, beside `sql`, makes it differ from another fact of the same key.
    pub attributes: Value,
    /// What helps to plan, and is no difference.
    pub extra: Value,
}

impl Fact {
    /// An attribute or an extra field.
    fn field(&self, name: &str) -> &Value {
        match &self.attributes[name] {
            Value::Null => &self.extra[name],
            value => value,
        }
    }

    /// The text of a field.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.field(name).as_str()
    }

    /// Whether a field is true.
    pub fn is(&self, name: &str) -> bool {
        *self.field(name) == true
    }

    /// The texts of a list.
    pub fn list(&self, name: &str) -> Vec<&str> {
        let list = self.field(name).as_array();
        let texts = list.into_iter().flatten().filter_map(Value::as_str);
        texts.collect()
    }

    /// The statement that changes an attribute, if it can be changed.
    pub fn alter(&self, attribute: &str) -> Option<&str> {
        self.extra["alter"][attribute].as_str()
    }

    /// Its place among others of its kind.
    pub fn order(&self) -> i64 {
        self.extra["order"].as_i64().unwrap_or(0)
    }

    pub fn key(&self) -> String {
        format!("{} {}", self.kind, self.name)
    }

    pub fn differs(&self, other: &Self) -> bool {
        self.sql != other.sql || self.attributes != other.attributes
    }
}

/// A schema: its facts by key, and the role that has read it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schema {
    pub facts: BTreeMap<String, Fact>,
    below: BTreeMap<String, Vec<String>>,
    pub role: String,
}

impl Schema {
    /// What every new database has.
    pub fn empty(role: &str) -> Self {
        let schema = Fact {
            kind: "schema".to_owned(),
            name: "public".to_owned(),
            sql: "CREATE SCHEMA public".to_owned(),
            drop: "DROP SCHEMA public".to_owned(),
            attributes: json!({}),
            ..Fact::default()
        };
        let owner = Fact {
            kind: "owner".to_owned(),
            name: "schema public".to_owned(),
            parent: Some("schema public".to_owned()),
            sql: "ALTER SCHEMA public OWNER TO pg_database_owner".to_owned(),
            attributes: json!({"owner": "pg_database_owner"}),
            ..Fact::default()
        };
        Self {
            facts: [schema, owner].map(|fact| (fact.key(), fact)).into(),
            role: role.to_owned(),
            ..Self::default()
        }
    }

    /// Reads the schema of a database.
    ///
    /// # Errors
    /// An object of a kind that is no fact: it would be lost in silence.
    pub async fn read(client: &Client) -> Result<Self, Failure> {
        client.batch_execute(BEGIN).await?;
        let read = Self::read_within(client).await;
        client.batch_execute("ROLLBACK").await?;
        read
    }

    async fn read_within(client: &Client) -> Result<Self, Failure> {
        let mut raw = Vec::new();
        for query in FACTS {
            raw.extend(one::<Vec<Raw>>(client, query).await?);
        }
        let depends: Depends = one(client, DEPENDS).await?;
        let mut map = Map::new(&raw, &depends);
        let mut facts = BTreeMap::new();
        for fact in raw {
            if let Some((key, fact)) = map.resolve_fact(fact) {
                facts.insert(key, fact);
            }
        }
        for (class, object, sub, on_class, on_object, on_sub) in &depends.edges {
            let from = map.known((*class, *object, *sub));
            let to = map.known((*on_class, *on_object, *on_sub));
            if let Some(fact) = from.and_then(|from| facts.get_mut(&from)) {
                fact.needs.extend(to);
            }
        }
        for place in &depends.others {
            map.known(*place);
        }
        refuse_unknown(client, map.unknown).await?;
        let keys: BTreeSet<_> = facts.keys().cloned().collect();
        for (key, fact) in &mut facts {
            fact.needs.retain(|need| need != key && keys.contains(need));
        }
        let mut below = BTreeMap::<String, Vec<String>>::new();
        for (key, fact) in &facts {
            if let Some(parent) = &fact.parent {
                below.entry(parent.clone()).or_default().push(key.clone());
            }
        }
        Ok(Self {
            facts,
            below,
            role: depends.role,
        })
    }

    /// Every fact right below this one.
    pub fn children(&self, key: &str) -> impl Iterator<Item = (&String, &Fact)> {
        let keys = self.below.get(key).into_iter().flatten();
        keys.filter_map(|key| self.facts.get_key_value(key))
    }

    /// The columns of a table, in their order.
    pub fn columns(&self, table: &str) -> Vec<&Fact> {
        let children = self.children(table).map(|(_, fact)| fact);
        let mut columns: Vec<_> = children.filter(|fact| fact.kind == "column").collect();
        columns.sort_by_key(|fact| fact.order());
        columns
    }
}

/// What a query of one JSON value returns.
async fn one<T: DeserializeOwned>(client: &Client, query: &str) -> Result<T, Failure> {
    let messages = client.simple_query(query).await?;
    let text = messages.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    serde_json::from_str(text.unwrap_or_default()).map_err(|error| {
        Failure::new(format!(
            "PostgreSQL described its catalogue in an unexpected way: {error}"
        ))
    })
}

async fn refuse_unknown(client: &Client, unknown: BTreeSet<(Oid, Oid)>) -> Result<(), Failure> {
    let places: Vec<_> = unknown
        .iter()
        .map(|(class, object)| format!("({}, {})", class.0, object.0))
        .collect();
    if places.is_empty() {
        return Ok(());
    }
    let query = format!(
        "SELECT coalesce(json_agg(type || ' ' || identity ORDER BY identity), '[]')::text FROM (VALUES {}) AS place(class, object) \
         CROSS JOIN LATERAL pg_identify_object(class, object, 0) \
         WHERE identity IS NOT NULL AND identity !~ '(^| |\")(migrate|pg_toast|pg_temp_\\d+|pg_toast_temp_\\d+)($|\\.)'",
        places.join(", ")
    );
    let names: Vec<String> = one(client, &query).await?;
    match names.is_empty() {
        true => Ok(()),
        false => Err(Failure::new(format!(
            "autogenerate does not know objects of this kind: {}; write their migration by hand",
            names.join(", ")
        ))),
    }
}
