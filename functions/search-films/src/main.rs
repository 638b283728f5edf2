//! The function of `GET /films`.

use shared::WarmUp;

/// Not `q` too: it would cost every cold start more than it saves the first search for words.
const FIRST_FILM: WarmUp = WarmUp {
    path: &[],
    query: "limit=1",
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shared::RuntimeError> {
    shared::run(search_films::handler, &[FIRST_FILM]).await
}
