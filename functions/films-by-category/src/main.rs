//! The function of `GET /categories/{category}/films`.

use shared::WarmUp;

const UNKNOWN_ID: WarmUp = WarmUp {
    path: &[("category", "0")],
    query: "limit=1",
};
const UNKNOWN_NAME: WarmUp = WarmUp {
    path: &[("category", "--")],
    query: "limit=1",
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shared::RuntimeError> {
    shared::run(films_by_category::handler, &[UNKNOWN_ID, UNKNOWN_NAME]).await
}
