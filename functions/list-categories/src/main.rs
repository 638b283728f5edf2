//! The function of `GET /categories`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shared::RuntimeError> {
    shared::run(
        list_categories::handler,
        &[list_categories::LIST_CATEGORIES],
    )
    .await
}
