//! `GET /categories/{category}/films`: the films of a category, in the order of film_id.

use shared::{
    Database, Error, Request, Response, Result,
    film::{self, Film},
    list::{Fields, List, Nothing},
    page::{Page, Paging},
    parameter::{NameOrId, escape_like},
    response::Caching,
    statement::Statement,
};

/// Finds a category by its id.
pub const FIND_BY_ID: &str = include_str!("find_by_id.sql");
/// Finds categories by name.
pub const FIND_BY_NAME: &str = include_str!("find_by_name.sql");

/// The statement of a request for a first page.
pub fn first_page() -> String {
    Page::<i32>::first().of(&films(&vec![]), film::BY_ID).sql()
}

/// The films of a category
///
/// The category is an id, a name (whatever its case), or else a part of names: `tion` is Action and
/// Animation, and each film comes once.
#[utoipa::path(
    get, path = "/categories/{category}/films", operation_id = "films_by_category", tag = "films",
    params(
        ("category" = inline(NameOrId), Path, description = "An id, or a name or a part of names.", example = "action"),
        Fields<Film>,
        Paging,
    ),
    responses((status = 200, description = "A page of the films, by film_id.", body = List<Film>))
)]
pub async fn handler(database: Database, request: Request) -> Result<Response> {
    let mut parameters = request.parameters();
    let category: Option<NameOrId> = parameters.path("category");
    let page = Page::take::<Film>(&mut parameters, |_: &i32| true);
    let category = parameters.finish_with(category)?;

    let rows = match category {
        NameOrId::Id(id) => database.query(FIND_BY_ID, &[&id]).await?,
        NameOrId::Name(name) => {
            let pattern = format!("%{}%", escape_like(&name));
            database.query(FIND_BY_NAME, &[&name, &pattern]).await?
        }
    };
    if rows.is_empty() {
        return Err(Error::NotFound("category"));
    }
    let categories = rows
        .iter()
        .map(|row| row.try_get("category_id"))
        .collect::<Result<Vec<i32>, _>>()?;
    let found = page
        .fetch(&database, &films(&categories), film::BY_ID)
        .await?;
    page.respond(
        found,
        |film: &Film| film.film_id,
        Nothing {},
        Caching::Minute,
    )
}

/// EXISTS, so that a film which is in several of them comes once.
fn films(categories: &Vec<i32>) -> Statement<'_> {
    let mut films = Statement::new(film::SELECT);
    films.filter(
        "EXISTS (SELECT FROM film_category WHERE film_category.film_id = film.film_id AND category_id = ANY ($))",
        &[categories],
    );
    films
}
