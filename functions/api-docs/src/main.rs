//! The function of `GET /docs`, `GET /openapi.json`, and every path that no other function has.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shared::RuntimeError> {
    shared::run_without_database(api_docs::handler).await
}
