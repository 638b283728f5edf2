//! The function of `GET /categories/{category}/films`.

use films_by_category::{FIND_BY_ID, FIND_BY_NAME, first_page, handler};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shared::RuntimeError> {
    shared::run(handler, &[FIND_BY_ID, FIND_BY_NAME, &first_page()]).await
}
