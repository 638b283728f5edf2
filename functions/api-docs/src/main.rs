//! The function of `GET /docs` and `GET /openapi.json`, and of every path without a route.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shared::RuntimeError> {
    shared::run_without_database(api_docs::handler).await
}
