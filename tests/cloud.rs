//! Whether the stack of infra/template.yaml works, as far as ministack, which simulates AWS, can make it:
//! the functions from zips, the routes and the authorizer of the tokens, beside a PostgreSQL of its own.
//! With the variable CLOUD it is tried at length, and prints as it goes.

use std::env;

use local::{
    paths,
    process::{Running, guarded, output},
    tools,
};
use serde_json::json;

use crate::harness::{free_port, skip::skipped, start};

#[tokio::test]
async fn the_template_deploys_to_ministack_and_its_api_responds() {
    let at_length = env::var_os("CLOUD").is_some();
    let directory = paths::target().join("ministack-tools");
    let tools = match tools::install(&directory, "ministack").await {
        Err(error) if !at_length => {
            skipped(&format!("the deployment to ministack, because {error}"));
            return;
        }
        tools => tools.expect("tools"),
    };
    let stack = start().await;
    let server = &stack.info.postgres;
    let given = json!({
        "at_length": at_length,
        "port": free_port(),
        "binaries": paths::target().join("debug"),
        "database": {
            "host": server.host,
            "port": server.port,
            "ca_file": server.ca_file,
            "user": server.user,
            "password": server.password,
            "psql": server.program("psql").expect("psql"),
        },
    });
    let mut cloud = guarded("TERM", tools.program("python"));
    // Nothing of a developer's AWS configuration.
    cloud
        .env_clear()
        .envs(env::vars_os().filter(|(name, _)| name == "PATH" || name == "TMPDIR"))
        .arg("-B")
        .arg(paths::root().join("tests/cloud/cloud.py"))
        .arg(given.to_string());
    if at_length {
        let mut running = Running::spawn("cloud.py", &mut cloud).expect("it runs");
        let status = running.exited().await.expect("a status");
        assert!(status.success(), "{status}");
    } else {
        output("cloud.py", &mut cloud).await.expect("a deployment");
    }
}
