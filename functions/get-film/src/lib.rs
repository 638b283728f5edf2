//! `GET /films/{film_id}`: one film with its categories and actors, or 404.

use serde::Serialize;
use shared::{
    Error, Request, Response, Result, Session,
    database::{Json, Sql},
    film::Film,
    http::response::{self, Caching},
    sql,
};
use utoipa::ToSchema;

const GET_FILM: Sql = sql!("get_film.sql");

/// A film with its categories and actors.
#[derive(Serialize, ToSchema)]
pub struct FilmDetails {
    #[serde(flatten)]
    film: Film,
    /// The categories of the film, by name.
    #[schema(value_type = Vec<FilmCategory>)]
    categories: Json,
    /// The actors of the film, by last name.
    #[schema(value_type = Vec<FilmActor>)]
    actors: Json,
}

/// A category of a film, as PostgreSQL writes it.
#[derive(ToSchema)]
pub struct FilmCategory {
    /// The id of the category.
    pub category_id: i32,
    /// The name of the category.
    #[schema(example = "Documentary")]
    pub name: String,
}

/// An actor of a film, as PostgreSQL writes it.
#[derive(ToSchema)]
pub struct FilmActor {
    /// The id of the actor.
    pub actor_id: i32,
    /// The first name, in capitals.
    #[schema(example = "PENELOPE")]
    pub first_name: String,
    /// The last name, in capitals.
    #[schema(example = "GUINESS")]
    pub last_name: String,
}

/// Get a film
///
/// Returns the film with its categories and actors.
#[utoipa::path(
    get, path = "/films/{film_id}", operation_id = "get_film", tag = "films",
    params(("film_id" = i32, Path, description = "The id of the film.", example = 1)),
    responses((status = 200, description = "The film.", body = FilmDetails))
)]
pub async fn handler(session: Session, request: Request) -> Result<Response> {
    let film_id: i32 = request.read(|parameters| parameters.path("film_id"))?;
    let row = session.query_opt(GET_FILM, &[&film_id]).await?;
    let row = row.ok_or(Error::NotFound("film"))?;
    let film = FilmDetails {
        categories: row.try_get("categories")?,
        actors: row.try_get("actors")?,
        film: row.try_into()?,
    };
    response::ok(&film, Caching::Minute)
}
