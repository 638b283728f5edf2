//! Whether the API keeps what its document promises: schemathesis with every check on, and a client
//! that is generated from the document. `make contract` does the same at length.

use crate::harness::{binary, stack};
use std::process::{Command, Stdio};

#[tokio::test]
async fn schemathesis_and_a_generated_client_find_nothing_wrong() {
    // It builds the binaries.
    stack().await;
    let contract = Command::new(binary("local"))
        .args(["contract", "--examples", "20"])
        .stdin(Stdio::null())
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&contract.stdout);
    let error = String::from_utf8_lossy(&contract.stderr);
    assert!(contract.status.success(), "{said}\n{error}");
    assert!(
        said.contains("the generated client fetched 1000 films"),
        "{said}"
    );
    // A failed check is a failure above; a summary may have warnings, by chance.
    assert!(said.contains("✅  Stateful"), "{said}");
}
