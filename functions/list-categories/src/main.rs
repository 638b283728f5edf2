//! `GET /categories`: every category, and how many films are in it.

use serde::Serialize;
use shared::{
    Database, Request, Response, Result, RuntimeError, page::List, response, tokio_postgres::Row,
};

const LIST_CATEGORIES: &str = include_str!("list_categories.sql");

#[derive(Serialize)]
struct Category {
    category_id: i32,
    name: String,
    films: i64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RuntimeError> {
    shared::run(handler, &[LIST_CATEGORIES]).await
}

async fn handler(database: Database, request: Request) -> Result<Response> {
    request.query().finish()?;
    let rows = database.query(LIST_CATEGORIES, &[]).await?;
    let items = rows.iter().map(category).collect::<Result<Vec<_>>>()?;
    response::ok(&List { items, next: None })
}

fn category(row: &Row) -> Result<Category> {
    Ok(Category {
        category_id: row.try_get("category_id")?,
        name: row.try_get("name")?,
        films: row.try_get("films")?,
    })
}
