//! `GET /categories/{category}/films`: the films of a category, in the order of film_id.

use shared::{
    Database, Error, Request, Response, Result, RuntimeError,
    film::{self, Film},
    page::Page,
    request::{Parameter, Text},
    statement::Statement,
};

const FIND_BY_ID: &str = include_str!("find_by_id.sql");
const FIND_BY_NAME: &str = include_str!("find_by_name.sql");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RuntimeError> {
    let first_page = films(&Vec::new(), &Page::first()).sql().to_owned();
    shared::run(handler, &[FIND_BY_ID, FIND_BY_NAME, &first_page]).await
}

async fn handler(database: Database, request: Request) -> Result<Response> {
    let category: Category = request.path_parameter("category")?;
    let mut query = request.query();
    let page = Page::take(&mut query, &request);
    query.finish()?;

    let rows = match category {
        Category::Id(id) => database.query(FIND_BY_ID, &[&id]).await?,
        Category::Name(name) => {
            let pattern = format!("%{}%", name.escape_like());
            database.query(FIND_BY_NAME, &[&name.0, &pattern]).await?
        }
    };
    if rows.is_empty() {
        return Err(Error::NotFound("category"));
    }
    let categories = rows
        .iter()
        .map(|row| row.try_get("category_id"))
        .collect::<Result<Vec<i32>, _>>()?;
    let films = films(&categories, &page);
    let rows = database.query(films.sql(), films.parameters()).await?;
    page.respond(rows, |film: &Film| film.film_id)
}

/// EXISTS, so that a film which is in several of them comes once.
fn films<'a>(categories: &'a Vec<i32>, page: &'a Page<i32>) -> Statement<'a> {
    let mut films = Statement::new(film::SELECT);
    films.filter(
        "EXISTS (SELECT FROM film_category WHERE film_category.film_id = film.film_id AND category_id = ANY ($))",
        &[categories],
    );
    film::paginate(&mut films, page);
    films
}

/// Digits are an id; anything else is a name.
enum Category {
    Id(i32),
    Name(Text),
}

impl Parameter for Category {
    fn parse(text: &str) -> Result<Self, String> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match digits {
            true => Parameter::parse(text).map(Self::Id),
            false => Parameter::parse(text).map(Self::Name),
        }
    }
}
