//! `GET /films`: the catalogue, whole or by title, in the order of film_id.

use shared::{
    Database, Request, Response, Result, RuntimeError,
    film::{self, Film},
    page::Page,
    request::Text,
    statement::Statement,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RuntimeError> {
    let (filters, page) = (Filters::default(), Page::first());
    let first_page = films(&filters, &page);
    shared::run(handler, &[first_page.sql()]).await
}

/// LIKE patterns for the title.
#[derive(Default)]
struct Filters {
    title: Option<String>,
    starts_with: Option<String>,
}

async fn handler(database: Database, request: Request) -> Result<Response> {
    let mut query = request.query();
    let filters = Filters {
        title: query
            .take("title")
            .map(|text: Text| format!("%{}%", text.escape_like())),
        starts_with: query
            .take("starts_with")
            .map(|text: Text| format!("{}%", text.escape_like())),
    };
    let page = Page::take(&mut query, &request);
    query.finish()?;

    let films = films(&filters, &page);
    let rows = database.query(films.sql(), films.parameters()).await?;
    page.respond(rows, |film: &Film| film.film_id)
}

fn films<'a>(filters: &'a Filters, page: &'a Page<i32>) -> Statement<'a> {
    let mut films = Statement::new(film::SELECT);
    for pattern in [&filters.title, &filters.starts_with].into_iter().flatten() {
        films.filter("film.title ILIKE $", &[pattern]);
    }
    film::paginate(&mut films, page);
    films
}
