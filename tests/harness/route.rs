//! The routes of the local router, as Cargo.toml has them.

use std::{collections::BTreeMap, fs};

use local::paths;
use percent_encoding::percent_decode_str;
use toml::{Table, Value};

/// A route, `/films/{film_id}` for every method, and the function that answers it.
#[derive(Clone, Debug)]
pub struct Route {
    pub path: String,
    pub function: String,
}

/// Every route of the local router.
pub fn all() -> Vec<Route> {
    let text = fs::read_to_string(paths::root().join("Cargo.toml")).expect("Cargo.toml");
    let manifest: Table = text.parse().expect("TOML");
    let router = ["workspace", "metadata", "lambda", "watch", "router"]
        .iter()
        .try_fold(&Value::Table(manifest.clone()), |value, key| value.get(key))
        .and_then(Value::as_table)
        .expect("a router")
        .clone();
    let routes = router.iter().map(|(path, function)| Route {
        path: path.clone(),
        function: function.as_str().expect("a function's name").to_owned(),
    });
    routes.collect()
}

/// The route of a function that has one.
pub fn of(function: &str) -> Route {
    let route = all_of(function).pop();
    route.unwrap_or_else(|| panic!("{function} has no route"))
}

/// The routes of a function.
pub fn all_of(function: &str) -> Vec<Route> {
    let mut routes = all();
    routes.retain(|route| route.function == function);
    routes
}

/// The one of these routes that a path takes: that which names the most of it.
pub fn matching(routes: &[Route], path: &str) -> Route {
    let matching = routes.iter().filter(|route| route.matches(path));
    let route = matching.max_by_key(|route| route.path.split('/').filter(is_literal).count());
    route
        .unwrap_or_else(|| panic!("{path} is none of {routes:?}"))
        .clone()
}

fn is_literal(segment: &&str) -> bool {
    !segment.starts_with('{')
}

impl Route {
    /// What API Gateway calls it.
    pub fn key(&self) -> String {
        match self.takes_the_rest() {
            true => "$default".to_owned(),
            false => format!("ANY {}", self.path),
        }
    }

    /// Whether it is for the paths that no other takes.
    pub fn takes_the_rest(&self) -> bool {
        self.path == "/{*path}"
    }

    fn matches(&self, path: &str) -> bool {
        let (ours, theirs) = (self.path.split('/'), path.split('/'));
        let as_long = ours.clone().count() == theirs.clone().count();
        let alike = |(name, value): (&str, &str)| !is_literal(&name) || name == value;
        self.takes_the_rest() || as_long && ours.zip(theirs).all(alike)
    }

    /// The decoded path parameters of `path`, as API Gateway gives them.
    pub fn parameters(&self, path: &str) -> BTreeMap<String, String> {
        let pairs = self.path.split('/').zip(path.split('/'));
        let pairs = pairs.filter_map(|(name, value)| {
            let name = name.strip_prefix('{')?.strip_suffix('}')?;
            (!name.starts_with('*')).then(|| (name.to_owned(), decode(value)))
        });
        pairs.collect()
    }
}

/// Percent-decoded as API Gateway does, where bytes that are not UTF-8 become U+FFFD.
pub fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
