//! The routes of the API, as the OpenAPI document describes them.

use std::sync::LazyLock;

use openapi::Endpoint;
use serde_json::{Value, json};

use crate::composed::ODD;

static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let document = openapi::document();
    let routes = Endpoint::ALL.iter().flat_map(|endpoint| {
        let paths = endpoint.paths().into_iter();
        paths.map(|path| Route::new(*endpoint, path, &document))
    });
    routes.collect()
});

/// A path of an endpoint.
pub(crate) struct Route {
    pub(crate) endpoint: Endpoint,
    /// The path with its parameters in braces, such as `/films/{film_id}`.
    pub(crate) path: String,
    pub(crate) path_parameters: Vec<Parameter>,
    pub(crate) query_parameters: Vec<Parameter>,
    /// Whether its responses are JSON.
    pub(crate) is_json: bool,
}

pub(crate) struct Parameter {
    pub(crate) name: String,
    /// A valid value, if the document has one.
    pub(crate) example: Option<String>,
    /// Values, most of which are valid.
    pub(crate) values: Vec<String>,
}

impl Route {
    /// Every route.
    pub(crate) fn all() -> &'static [Self] {
        &ROUTES
    }

    /// The routes of an endpoint.
    pub(crate) fn of(endpoint: Endpoint) -> Vec<&'static Self> {
        let routes = ROUTES.iter();
        let routes = routes.filter(|route| route.endpoint.name == endpoint.name);
        routes.collect()
    }

    fn new(endpoint: Endpoint, path: String, document: &Value) -> Self {
        let operation = &document["paths"][&path]["get"];
        let all = operation["parameters"].as_array();
        let parameters = |place| {
            let parameters = all.into_iter().flatten();
            let parameters = parameters.filter(|parameter| parameter["in"] == place);
            let parameters = parameters.map(|parameter| Parameter::new(parameter, document));
            parameters.collect()
        };
        Self {
            endpoint,
            path_parameters: parameters("path"),
            query_parameters: parameters("query"),
            is_json: operation["responses"]["200"]["content"]["application/json"].is_object(),
            path,
        }
    }

    /// The path parameters in `path`, if it is a path of this route.
    pub(crate) fn matches<'a>(&'a self, path: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
        let (ours, theirs) = (self.path.split('/'), path.split('/'));
        if ours.clone().count() != theirs.clone().count() {
            return None;
        }
        let others = ours.zip(theirs).filter(|(ours, theirs)| ours != theirs);
        let named =
            others.map(|(name, value)| Some((name.strip_prefix('{')?.strip_suffix('}')?, value)));
        named.collect()
    }
}

impl Parameter {
    fn new(parameter: &Value, document: &Value) -> Self {
        let mut schema = resolved(&parameter["schema"], document).clone();
        if !parameter["example"].is_null() {
            schema["examples"] = json!([parameter["example"]]);
        }
        Self {
            name: text(&parameter["name"]),
            example: listed(&schema).next().map(text),
            values: values(&schema, document),
        }
    }
}

/// The schema that a `$ref` refers to.
fn resolved<'a>(schema: &'a Value, document: &'a Value) -> &'a Value {
    let path = schema["$ref"].as_str().and_then(|path| path.get(1..));
    let found = path.and_then(|path| document.pointer(path));
    found.unwrap_or(schema)
}

/// The examples of a schema, then the values of its enum.
fn listed(schema: &Value) -> impl Iterator<Item = &Value> {
    let lists = ["examples", "enum"].map(|name| schema[name].as_array());
    lists.into_iter().flatten().flatten()
}

/// Values of a schema: those that it lists, its limits, and some of its type.
fn values(schema: &Value, document: &Value) -> Vec<String> {
    let limits = ["default", "minimum", "maximum"].map(|name| &schema[name]);
    let limits = limits.into_iter().filter(|limit| !limit.is_null());
    let mut all: Vec<String> = listed(schema).chain(limits).map(text).collect();
    match schema["type"].as_str() {
        Some("boolean") => all.extend(["true", "false"].map(ToOwned::to_owned)),
        Some("integer") => {
            let least = schema["minimum"].as_i64().unwrap_or(i64::MIN);
            let numbers = [1, 2, 3, 5, 16].into_iter();
            let numbers = numbers.filter(|number| *number >= least);
            all.extend(numbers.map(|number| number.to_string()));
        }
        Some("array") => {
            let items = values(resolved(&schema["items"], document), document);
            all.push(items.join(","));
            all.extend(items);
        }
        Some("string") if schema["enum"].is_null() => {
            // Odd texts may be valid as well, so they are as frequent as the examples.
            all = all.into_iter().cycle().take(ODD.len()).collect();
            all.extend(ODD.iter().map(|text| (*text).to_owned()));
        }
        _ => {}
    }
    all
}

/// A value as a query has it.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}
