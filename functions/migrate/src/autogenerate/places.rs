//! Where the catalogue has an object, and which fact that is.

use std::{
    collections::{BTreeSet, HashMap},
    num::ParseIntError,
};

use serde::Deserialize;
use serde_json::Value;

use super::facts::Fact;

/// An oid, which is a text in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Oid(pub u32);

impl TryFrom<String> for Oid {
    type Error = ParseIntError;

    fn try_from(text: String) -> Result<Self, ParseIntError> {
        text.parse().map(Self)
    }
}

/// An object: its catalogue, its oid and its column.
pub(crate) type Object = (Oid, Oid, i32);
/// An object, and the part of it that is meant.
pub(crate) type Place = (Oid, Oid, i32, String);

/// A fact as a query returns it.
#[derive(Deserialize)]
pub(crate) struct Raw {
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

/// What needs what, as a query returns it.
#[derive(Deserialize)]
pub(crate) struct Depends {
    pub edges: Vec<(Oid, Oid, i32, Oid, Oid, i32)>,
    pub homes: Vec<(Oid, Oid, i32, Oid, Oid, i32)>,
    pub members: Vec<(Oid, Oid, Oid, Oid)>,
    pub others: Vec<Object>,
    pub role: String,
}

/// From places in the catalogue to keys of facts.
pub(crate) struct Map {
    keys: HashMap<Place, String>,
    homes: HashMap<Object, Object>,
    members: HashMap<(Oid, Oid), (Oid, Oid)>,
    /// What no fact is, or has as a part.
    pub unknown: BTreeSet<(Oid, Oid)>,
}

impl Map {
    pub fn new(raw: &[Raw], depends: &Depends) -> Self {
        let keys = raw.iter().map(|fact| {
            let place = (fact.class, fact.object, fact.sub, fact.aspect.clone());
            (place, format!("{} {}", fact.kind, fact.name))
        });
        let homes = depends.homes.iter();
        let members = depends.members.iter();
        Self {
            keys: keys.collect(),
            homes: homes
                .map(|(a, b, c, d, e, f)| ((*a, *b, *c), (*d, *e, *f)))
                .collect(),
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

    /// The key of an object, which is remembered if it has none.
    pub fn known(&mut self, place: Object) -> Option<String> {
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

    /// A fact with keys in place of places, unless it belongs to an extension or to nothing.
    pub fn resolve_fact(&self, raw: Raw) -> Option<(String, Fact)> {
        let is_member = self.members.contains_key(&(raw.class, raw.object));
        // What has no parent any more belongs to a schema that is skipped.
        if is_member || raw.parent.as_ref().is_some_and(|at| self.at(at).is_none()) {
            return None;
        }
        let mut extra = raw.extra;
        let mut needs: BTreeSet<_> = self.places(&extra["needs"]).into_iter().collect();
        for field in ["inherited", "owner_column", "table", "to", "follows"] {
            if extra[field].is_array() {
                extra[field] = self.places(&extra[field]).into();
            }
        }
        if raw.kind == "grant" {
            needs.extend(self.at(&(raw.class, raw.object, 0, "owner".to_owned())));
        }
        let parent = raw.parent.as_ref().and_then(|at| self.at(at));
        needs.extend(parent.clone());
        // What a schema contains is not dropped with it.
        let is_setting = matches!(raw.kind.as_str(), "owner" | "grant" | "comment");
        let parent = parent.filter(|parent| is_setting || !parent.starts_with("schema "));
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
        Some((fact.key(), fact))
    }

    /// The keys of a list of places, or of one place.
    fn places(&self, value: &Value) -> Vec<String> {
        let one = Place::deserialize(value).map(|place| vec![place]);
        let places = one.or_else(|_| Vec::<Place>::deserialize(value));
        let places = places.unwrap_or_default();
        places.iter().filter_map(|place| self.at(place)).collect()
    }
}
