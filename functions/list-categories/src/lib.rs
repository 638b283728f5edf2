//! `GET /categories`: every category, and how many films are in it.

use serde::Serialize;
use shared::{
    Database, Request, Response, Result,
    list::List,
    response::{self, Caching},
    tokio_postgres::Row,
};
use utoipa::ToSchema;

/// The statement of a request.
pub const LIST_CATEGORIES: &str = include_str!("list_categories.sql");

/// A category of the catalogue.
#[derive(Serialize, ToSchema)]
pub struct Category {
    /// Its key.
    category_id: i32,
    /// `Action`, say.
    #[schema(example = "Action")]
    name: String,
    /// How many films are in it.
    #[schema(minimum = 0, example = 64)]
    films: i64,
}

/// Every category, and how many films are in it
#[utoipa::path(
    get, path = "/categories", operation_id = "list_categories", tag = "films",
    responses((status = 200, description = "All categories, by name.", body = List<Category>))
)]
pub async fn handler(database: Database, request: Request) -> Result<Response> {
    request.parameters().finish()?;
    let rows = database.query(LIST_CATEGORIES, &[]).await?;
    let items = rows.iter().map(category).collect::<Result<Vec<_>>>()?;
    response::ok(&List::whole(items), Caching::Minute)
}

fn category(row: &Row) -> Result<Category> {
    Ok(Category {
        category_id: row.try_get("category_id")?,
        name: row.try_get("name")?,
        films: row.try_get("films")?,
    })
}
