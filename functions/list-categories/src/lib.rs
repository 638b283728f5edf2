//! `GET /categories`: every category with the number of its films.

use serde::Serialize;
use shared::{
    Request, Response, Result, Session,
    database::Sql,
    http::response::{self, Caching},
    list::List,
    sql,
    tokio_postgres::Row,
};
use utoipa::ToSchema;

const LIST_CATEGORIES: Sql = sql!("list_categories.sql");

/// A category of the catalogue.
#[derive(Serialize, ToSchema)]
pub struct Category {
    /// The id of the category.
    category_id: i32,
    /// The name of the category.
    #[schema(example = "Action")]
    name: String,
    /// The number of films in the category.
    #[schema(minimum = 0, example = 64)]
    films: i64,
}

/// List the categories
///
/// Returns every category with the number of its films.
#[utoipa::path(
    get, path = "/categories", operation_id = "list_categories", tag = "films",
    responses((status = 200, description = "All categories, by name.", body = List<Category>))
)]
pub async fn handler(session: Session, request: Request) -> Result<Response> {
    request.read(|_| ())?;
    let rows = session.query(LIST_CATEGORIES, &[]).await?;
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
