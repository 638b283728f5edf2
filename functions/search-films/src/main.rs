//! The function of `GET /films`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shared::RuntimeError> {
    shared::run(search_films::handler, &[&search_films::first_page()]).await
}
