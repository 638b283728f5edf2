//! The function of `GET /categories`.

use shared::WarmUp;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shared::RuntimeError> {
    shared::run(list_categories::handler, &[WarmUp::default()]).await
}
