//! The function of `GET /health/db`.

use shared::WarmUp;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shared::RuntimeError> {
    shared::run(db_health::handler, &[WarmUp::default()]).await
}
