//! The function of `GET /films`.

use shared::WarmUp;

const FIRST_FILM: WarmUp = WarmUp {
    path: &[],
    query: "limit=1",
};
const NO_WORDS: WarmUp = WarmUp {
    path: &[],
    query: "q=zzz&limit=1",
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shared::RuntimeError> {
    shared::run(search_films::handler, &[FIRST_FILM, NO_WORDS]).await
}
