//! `GET /films/{film_id}`: one film with its categories and actors, or 404.

use serde::Serialize;
use shared::{
    Database, Error, Request, Response, Result, RuntimeError, film::Film, json::Json, response,
};

const GET_FILM: &str = include_str!("get_film.sql");

#[derive(Serialize)]
struct FilmDetails {
    #[serde(flatten)]
    film: Film,
    categories: Json,
    actors: Json,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RuntimeError> {
    shared::run(handler, &[GET_FILM]).await
}

async fn handler(database: Database, request: Request) -> Result<Response> {
    let film_id: i32 = request.path_parameter("film_id")?;
    request.query().finish()?;
    let row = database.query_opt(GET_FILM, &[&film_id]).await?;
    let row = row.ok_or(Error::NotFound("film"))?;
    response::ok(&FilmDetails {
        categories: row.try_get("categories")?,
        actors: row.try_get("actors")?,
        film: row.try_into()?,
    })
}
