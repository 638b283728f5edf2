//! `make endpoint`: it writes an endpoint into a copy of the files that list endpoints.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use crate::harness::{binary, stack};
use local::paths;
use tempfile::TempDir;

const LISTS: [&str; 5] = [
    "Cargo.toml",
    "README.md",
    "infra/openapi/Cargo.toml",
    "infra/openapi/src/endpoint.rs",
    "tests/main.rs",
];

/// A copy of the lists.
fn copy() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for list in LISTS {
        let copy = folder.path().join(list);
        fs::create_dir_all(copy.parent().expect("a folder")).expect("a folder");
        fs::copy(paths::root().join(list), copy).expect("a copy");
    }
    folder
}

fn endpoint(root: &Path, name: &str, route: &str) -> Output {
    let mut local = Command::new(binary("local"));
    let local = local.args(["endpoint", name, route, "--root"]).arg(root);
    local.output().expect("it runs")
}

fn read(root: &Path, file: &str) -> String {
    fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

#[tokio::test]
async fn a_new_endpoint_is_in_every_list_and_has_its_files() {
    stack().await;
    let folder = copy();
    let root = folder.path();
    let output = endpoint(root, "get-actor", "/actors/{actor_id}");
    assert!(output.status.success(), "{output:?}");
    for list in LISTS {
        let (before, after) = (read(&paths::root(), list), read(root, list));
        let lines: Vec<&str> = before.lines().collect();
        let added = after.lines().filter(|line| !lines.contains(line)).count();
        let expected = if list == "Cargo.toml" { 2 } else { 1 };
        assert_eq!(added, expected, "{list}");
        assert_eq!(after.lines().count(), lines.len() + expected, "{list}");
    }
    let handler = read(root, "functions/get-actor/src/lib.rs");
    assert!(
        handler.contains("let actor_id: i32 = request.read("),
        "{handler}"
    );
    let test = read(root, "tests/get_actor.rs");
    assert!(test.contains(r#"api.get("/actors/1")"#), "{test}");
    for file in ["Cargo.toml", "src/main.rs", "src/get_actor.sql"] {
        read(&root.join("functions/get-actor"), file);
    }
    let again = endpoint(root, "get-actor", "/actors/{actor_id}/films");
    assert!(!again.status.success());
}

#[tokio::test]
async fn a_wrong_name_or_route_changes_nothing() {
    stack().await;
    let folder = copy();
    let root = folder.path();
    for (name, route, words) in [
        ("GetActor", "/actors/{actor_id}", "`GetActor`"),
        ("get_actor", "/actors/{actor_id}", "kebab case"),
        ("get-", "/actors/{actor_id}", "`get-`"),
        ("", "/actors/{actor_id}", "NAME must be"),
        ("../x", "/actors/{actor_id}", "`../x`"),
        ("get-actor", "actors/{actor_id}", "`actors/{actor_id}`"),
        ("get-actor", "/actors", "one parameter"),
        ("get-actor", "/actors/{ActorId}", "snake case"),
        ("get-actor", "/actors/{a}/{b}", "one parameter"),
        ("get-actor", "/actors/{type}", "`type` is a Rust keyword"),
        ("get-actor", "/actors/{session}", "`session` is a name"),
        ("match", "/actors/{actor_id}", "a Rust keyword"),
        ("tokio", "/actors/{actor_id}", "a dependency with this name"),
        (
            "get-film",
            "/actors/{actor_id}",
            "a dependency with this name",
        ),
        ("main", "/actors/{actor_id}", "tests/main.rs exists already"),
        ("get-actor", "/films/{film_id}", "in the router already"),
        (
            "get-actor",
            "/films/{id}",
            "/films/{film_id} is in the router",
        ),
    ] {
        let output = endpoint(root, name, route);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{name} {route}");
        assert!(error.contains(words), "{name} {route}: {error}");
    }
    for list in LISTS {
        assert_eq!(read(root, list), read(&paths::root(), list), "{list}");
    }
    assert!(!root.join("functions").exists());
}
