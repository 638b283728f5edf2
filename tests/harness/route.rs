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

/// The route of a function.
pub fn of(function: &str) -> Route {
    let route = all().into_iter().find(|route| route.function == function);
    route.unwrap_or_else(|| panic!("{function} has no route"))
}

impl Route {
    /// The decoded path parameters of `path`, as API Gateway gives them.
    pub fn parameters(&self, path: &str) -> BTreeMap<String, String> {
        let (ours, theirs) = (self.path.split('/'), path.split('/'));
        assert_eq!(
            ours.clone().count(),
            theirs.clone().count(),
            "{path} is not {}",
            self.path
        );
        let pairs = ours.zip(theirs).filter_map(|(name, value)| {
            let name = name.strip_prefix('{')?.strip_suffix('}')?;
            Some((name.to_owned(), decode(value)))
        });
        pairs.collect()
    }
}

/// Percent-decoded as API Gateway does, where bytes that are not UTF-8 become U+FFFD.
pub fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
