//! The function of `GET /health/db`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shared::RuntimeError> {
    shared::run(db_health::handler, &[db_health::REVISION]).await
}
