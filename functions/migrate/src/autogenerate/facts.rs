//! A schema as facts: each object, setting, grant and comment by itself, with its statement and what it needs.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    num::ParseIntError,
};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use shared::tokio_postgres::{Client, SimpleQueryMessage};

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

/// An oid, which is a text in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
struct Oid(u32);

impl TryFrom<String> for Oid {
    type Error = ParseIntError;

    fn try_from(text: String) -> Result<Self, ParseIntError> {
        text.parse().map(Self)
    }
}

/// An object: its catalogue, its oid and its column.
type Object = (Oid, Oid, i32);
/// An object, and the part of it that is meant.
type Place = (Oid, Oid, i32, String);

/// A fact as a query returns it.
#[derive(Deserialize)]
struct Raw {
    class: Oid,
    object: Oid,
    sub: i32,
    aspect: String,
    kind: String,
    name: String,
    parent: Option<Place>,
    sql: String,
    drop: String,
    attributes: Value,
    extra: Value,
}

#[derive(Deserialize)]
struct Depends {
    edges: Vec<(Oid, Oid, i32, Oid, Oid, i32)>,
    homes: Vec<(Oid, Oid, i32, Oid, Oid, i32)>,
    members: Vec<(Oid, Oid, Oid, Oid)>,
    others: Vec<Object>,
    role: String,
}

/// An object, or a part of one that changes by itself.
#[derive(Clone, Debug)]
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
    /// A text among the attributes or the extra fields.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.attributes[name]
            .as_str()
            .or_else(|| self.extra[name].as_str())
    }

    /// Whether a field is true.
    pub fn is(&self, name: &str) -> bool {
        self.attributes[name] == true || self.extra[name] == true
    }

    /// The texts of a list.
    pub fn list(&self, name: &str) -> Vec<&str> {
        let list = match &self.attributes[name] {
            Value::Null => &self.extra[name],
            list => list,
        };
        list.as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    pub fn differs(&self, other: &Self) -> bool {
        self.sql != other.sql || self.attributes != other.attributes
    }
}

/// A schema: its facts by key, and the role that has read it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schema {
    pub facts: BTreeMap<String, Fact>,
    pub role: String,
}

impl Schema {
    /// What every new database has.
    pub fn empty(role: &str) -> Self {
        let fact = |kind: &str, name: &str| Fact {
            kind: kind.to_owned(),
            name: name.to_owned(),
            parent: None,
            needs: BTreeSet::new(),
            sql: "CREATE SCHEMA public".to_owned(),
            drop: "DROP SCHEMA public".to_owned(),
            attributes: Value::Object(serde_json::Map::new()),
            extra: Value::Null,
        };
        let owner = Fact {
            parent: Some("schema public".to_owned()),
            sql: "ALTER SCHEMA public OWNER TO pg_database_owner".to_owned(),
            drop: String::new(),
            attributes: serde_json::json!({"owner": "pg_database_owner"}),
            ..fact("owner", "schema public")
        };
        let facts = [
            ("schema public".to_owned(), fact("schema", "public")),
            ("owner schema public".to_owned(), owner),
        ];
        Self {
            facts: facts.into(),
            role: role.to_owned(),
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
            if let (Some(from), Some(to)) = (from, to)
                && from != to
                && let Some(fact) = facts.get_mut(&from)
            {
                fact.needs.insert(to);
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
        Ok(Self {
            facts,
            role: depends.role,
        })
    }

    /// Every fact below this one.
    pub fn children<'a>(&'a self, key: &'a str) -> impl Iterator<Item = (&'a String, &'a Fact)> {
        self.facts
            .iter()
            .filter(move |(_, fact)| fact.parent.as_deref() == Some(key))
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

/// From places in the catalogue to keys of facts.
struct Map {
    keys: HashMap<Place, String>,
    homes: HashMap<Object, Object>,
    members: HashMap<(Oid, Oid), (Oid, Oid)>,
    unknown: BTreeSet<(Oid, Oid)>,
}

impl Map {
    fn new(raw: &[Raw], depends: &Depends) -> Self {
        let keys = raw.iter().map(|fact| {
            let place = (fact.class, fact.object, fact.sub, fact.aspect.clone());
            (place, format!("{} {}", fact.kind, fact.name))
        });
        let homes = depends.homes.iter();
        let members = depends.members.iter();
        Self {
            keys: keys.collect(),
            homes: homes.map(|(a, b, c, d, e, f)| ((*a, *b, *c), (*d, *e, *f))).collect(),
            members: members.map(|(a, b, c, d)| ((*a, *b), (*c, *d))).collect(),
            unknown: BTreeSet::new(),
        }
    }

    /// The key of the fact that an object is, or is a part of.
    fn key(&self, object: Object) -> Option<String> {
        let mut place = object;
        // A part of a part of a part: an array of a table's rows.
        for _ in 0..8 {
            if let Some(extension) = self.members.get(&(place.0, place.1)) {
                place = (extension.0, extension.1, 0);
            }
            if let Some(key) = self.keys.get(&(place.0, place.1, place.2, String::new())) {
                return Some(key.clone());
            }
            place = match self.homes.get(&place) {
                Some(home) => *home,
                None if place.2 != 0 => (place.0, place.1, 0),
                None => return None,
            };
        }
        None
    }

    fn known(&mut self, place: Object) -> Option<String> {
        let key = self.key(place);
        if key.is_none() {
            self.unknown.insert((place.0, place.1));
        }
        key
    }

    fn at(&self, place: &Place) -> Option<String> {
        let found = self.keys.get(place).cloned();
        match place.3.is_empty() {
            true => found.or_else(|| self.key((place.0, place.1, place.2))),
            false => found,
        }
    }

    fn resolve_fact(&self, raw: Raw) -> Option<(String, Fact)> {
        let is_member = self.members.contains_key(&(raw.class, raw.object));
        // What has no parent any more belongs to a schema that is skipped.
        if is_member || raw.parent.as_ref().is_some_and(|at| self.at(at).is_none()) {
            return None;
        }
        let mut extra = raw.extra;
        let mut needs: BTreeSet<_> = self.places(&extra["needs"]).into_iter().collect();
        for field in ["inherited", "owner_column", "type_id", "table", "to", "follows"] {
            if extra[field].is_array() {
                let keys = self.places(&extra[field]);
                extra[field] = keys.into();
            }
        }
        let mut parent = raw.parent.as_ref().and_then(|at| self.at(at));
        if raw.kind == "grant" {
            needs.extend(self.keys.get(&(raw.class, raw.object, 0, "owner".to_owned())).cloned());
        }
        let is_contained = parent
            .as_ref()
            .is_some_and(|parent| parent.starts_with("schema "));
        if is_contained && !matches!(raw.kind.as_str(), "owner" | "grant" | "comment") {
            needs.extend(parent.take());
        }
        needs.extend(parent.clone());
        let key = format!("{} {}", raw.kind, raw.name);
        let fact = Fact {
            kind: raw.kind,
            name: raw.name,
            parent,
            needs,
            sql: raw.sql,
            drop: raw.drop,
            attributes: raw.attributes,
            extra,
        };
        Some((key, fact))
    }

    /// The keys of a list of places, or of one place.
    fn places(&self, value: &Value) -> Vec<String> {
        let one = Place::deserialize(value).map(|place| vec![place]);
        let places = one.or_else(|_| Vec::<Place>::deserialize(value));
        let places = places.unwrap_or_default();
        places.iter().filter_map(|place| self.at(place)).collect()
    }
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
