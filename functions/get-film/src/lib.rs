//! `GET /films/{film_id}`: one film with its categories and actors, or 404.

use serde::Serialize;
use shared::{
    Database, Error, Request, Response, Result,
    film::Film,
    json::Json,
    response::{self, Caching},
};
use utoipa::ToSchema;

/// The statement of a request.
pub const GET_FILM: &str = include_str!("get_film.sql");

/// A film with what belongs to it.
#[derive(Serialize, ToSchema)]
pub struct FilmDetails {
    #[serde(flatten)]
    film: Film,
    /// Its categories, by name.
    #[schema(value_type = Vec<FilmCategory>)]
    categories: Json,
    /// Who plays in it, by last name.
    #[schema(value_type = Vec<FilmActor>)]
    actors: Json,
}

/// A category of a film, as PostgreSQL writes it.
#[derive(ToSchema)]
pub struct FilmCategory {
    /// Its key.
    pub category_id: i32,
    /// `Action`, say.
    #[schema(example = "Documentary")]
    pub name: String,
}

/// An actor of a film, as PostgreSQL writes it.
#[derive(ToSchema)]
pub struct FilmActor {
    /// Its key.
    pub actor_id: i32,
    /// In capitals.
    #[schema(example = "PENELOPE")]
    pub first_name: String,
    /// In capitals.
    #[schema(example = "GUINESS")]
    pub last_name: String,
}

/// One film, with its categories and actors
#[utoipa::path(
    get, path = "/films/{film_id}", operation_id = "get_film", tag = "films",
    params(("film_id" = i32, Path, description = "The film's key.", example = 1)),
    responses((status = 200, description = "The film.", body = FilmDetails))
)]
pub async fn handler(database: Database, request: Request) -> Result<Response> {
    let mut parameters = request.parameters();
    let film_id: Option<i32> = parameters.path("film_id");
    let film_id = parameters.finish_with(film_id)?;
    let row = database.query_opt(GET_FILM, &[&film_id]).await?;
    let row = row.ok_or(Error::NotFound("film"))?;
    let film = FilmDetails {
        categories: row.try_get("categories")?,
        actors: row.try_get("actors")?,
        film: row.try_into()?,
    };
    response::ok(&film, Caching::Minute)
}
