//! Valid requests, and events of other kinds.

use std::{env, error::Error, fs, path::Path, process::Command};

use serde_json::{Map, Value};

use crate::{
    Case, case,
    route::{Parameter, Route},
};

/// Requests with the examples of the OpenAPI document: one for each route, and one for each
/// parameter of its query.
pub fn ordinary_cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for route in Route::all() {
        let example = |parameter: &Parameter| {
            let value = parameter.example.as_deref().unwrap_or("1");
            (parameter.name.clone(), value.into())
        };
        let parameters: Map<String, Value> = route.path_parameters.iter().map(example).collect();
        let mut queries = vec![String::new()];
        for Parameter { name, example, .. } in &route.query_parameters {
            queries.extend(example.iter().map(|value| format!("{name}={value}")));
        }
        for query in queries {
            let event = case::get(route, parameters.clone(), &query);
            cases.push(Case::new(route.endpoint, event.to_string()));
        }
    }
    cases
}

/// The names and contents of the events that lambda_http is tested with. They are of every kind
/// that it reads; HTTP APIs send only one.
///
/// # Errors
/// When cargo does not know where lambda_http is, or a file cannot be read.
pub fn lambda_http_events() -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version=1", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()?;
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned())?;
    let mut packages = metadata["packages"].as_array().into_iter().flatten();
    let manifest = packages
        .find(|package| package["name"] == "lambda_http")
        .and_then(|package| package["manifest_path"].as_str())
        .ok_or("cargo does not know lambda_http")?;
    let mut events = Vec::new();
    for entry in fs::read_dir(Path::new(manifest).with_file_name("tests/data"))? {
        let path = entry?.path();
        if path.extension() == Some("json".as_ref()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            events.push((name.into_owned(), fs::read_to_string(&path)?));
        }
    }
    events.sort();
    Ok(events)
}
