use std::{collections::BTreeSet, fs};

use crate::harness::route;
use local::paths;
use stub::Endpoint;

/// The functions that no HTTP request reaches.
const WITHOUT_ROUTE: [&str; 3] = ["deploy-hook", "migrate", "rotate-secret"];

fn folders() -> BTreeSet<String> {
    let entries = fs::read_dir(paths::root().join("functions")).expect("functions/");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    names
        .map(|name| name.into_string().expect("UTF-8"))
        .collect()
}

#[test]
fn every_function_is_in_the_router_and_every_route_has_its_function() {
    let mut routed: BTreeSet<String> = route::all()
        .into_iter()
        .map(|route| route.function)
        .collect();
    routed.extend(WITHOUT_ROUTE.map(ToOwned::to_owned));
    assert_eq!(routed, folders());
}

#[test]
fn every_function_has_a_test_file() {
    let tests = paths::root().join("tests");
    let main = fs::read_to_string(tests.join("main.rs")).expect("main.rs");
    for function in folders() {
        let name = function.replace('-', "_");
        let file = tests.join(&name).with_extension("rs");
        assert!(file.exists(), "{} is missing", file.display());
        assert!(
            main.contains(&format!("mod {name};")),
            "main.rs has no `mod {name};`"
        );
    }
}

#[test]
fn every_route_is_fuzzed_with_its_function() {
    let fuzzed = Endpoint::ALL.iter().flat_map(|endpoint| {
        let function = endpoint.name.replace('_', "-");
        let paths = endpoint.paths().into_iter();
        paths.map(move |path| (path, function.clone()))
    });
    let routes = route::all().into_iter();
    let routes = routes.filter(|route| !route.takes_the_rest());
    let routes = routes.map(|route| (route.path, route.function));
    assert_eq!(
        fuzzed.collect::<BTreeSet<_>>(),
        routes.collect::<BTreeSet<_>>()
    );
}

#[test]
fn every_route_is_in_the_readme() {
    let readme = fs::read_to_string(paths::root().join("README.md")).expect("README.md");
    for route in route::all() {
        assert!(readme.contains(&format!("GET {}", route.path)), "{route:?}");
    }
}
