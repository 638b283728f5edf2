//! `GET /categories/{category}/films`: the films of a category, by film_id.

use shared::{
    Error, Request, Response, Result, Session,
    database::Sql,
    documentation::Paging,
    film::{self, Film},
    http::{
        response::Caching,
        types::{NameOrId, escape_like},
    },
    list::{Fields, List, Nothing, Page},
    sql,
};

const FIND_BY_ID: Sql = sql!("find_by_id.sql");
const FIND_BY_NAME: Sql = sql!("find_by_name.sql");
/// EXISTS, so that a film in several of these categories is returned once. Without the ids after the
/// cursor, a page would read those of all pages before it.
const IN_CATEGORY: &str = "EXISTS (
    SELECT FROM film_category
    WHERE film_category.film_id = film.film_id AND film_category.category_id = $1
        AND film_category.film_id >= $2)";
const IN_CATEGORIES: &str = "EXISTS (
    SELECT FROM film_category
    WHERE film_category.film_id = film.film_id AND film_category.category_id = ANY ($1)
        AND film_category.film_id >= $2)";

/// List the films of a category
///
/// The category is an id, a name in any case, or otherwise a part of names: `tion` means Action and
/// Animation. Each film is returned once.
#[utoipa::path(
    get, path = "/categories/{category}/films", operation_id = "films_by_category", tag = "films",
    params(
        ("category" = inline(NameOrId), Path, description = "An id, a name, or a part of names.", example = "action"),
        Fields<Film>,
        Paging,
    ),
    responses((status = 200, description = "A page of films, by film_id.", body = List<Film>))
)]
pub async fn handler(session: Session, request: Request) -> Result<Response> {
    let (category, page) = request.read(|parameters| {
        let category: NameOrId = parameters.path("category");
        (category, Page::read::<Film>(parameters, |_: &i32| true))
    })?;
    let is_id = matches!(category, NameOrId::Id(_));
    let ids = match category {
        NameOrId::Id(id) => vec![id],
        NameOrId::Name(name) => find_by_name(&session, name).await?,
    };
    let after = page.after().copied().unwrap_or(i32::MIN);
    let mut films = film::select();
    match &ids[..] {
        [] => return Err(Error::NotFound("category")),
        [id] => films.filter(IN_CATEGORY, &[id, &after]),
        _ => films.filter(IN_CATEGORIES, &[&ids, &after]),
    }
    let found = page.fetch(&session, &films, film::BY_ID).await?;
    if found.is_empty() && is_id {
        let category = session.query_opt(FIND_BY_ID, &[&ids[0]]).await?;
        category.ok_or(Error::NotFound("category"))?;
    }
    let key = |film: &Film| film.film_id;
    page.respond(found, key, Nothing {}, Caching::Minute)
}

/// The ids are parameters of the statement that follows, so that the planner knows how many films they
/// have.
async fn find_by_name(session: &Session, name: String) -> Result<Vec<i32>> {
    let pattern = format!("%{}%", escape_like(&name));
    let rows = session.query(FIND_BY_NAME, &[&name, &pattern]).await?;
    let ids = rows.iter().map(|row| Ok(row.try_get("category_id")?));
    ids.collect()
}
