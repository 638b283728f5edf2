//! The function of `GET /films/{film_id}`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shared::RuntimeError> {
    shared::run(get_film::handler, &[get_film::GET_FILM]).await
}
