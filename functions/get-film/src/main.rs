//! The function of `GET /films/{film_id}`.

use shared::WarmUp;

const UNKNOWN_FILM: WarmUp = WarmUp {
    path: &[("film_id", "0")],
    query: "",
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shared::RuntimeError> {
    shared::run(get_film::handler, &[UNKNOWN_FILM]).await
}
