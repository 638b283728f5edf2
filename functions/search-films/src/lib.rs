//! `GET /films`: the catalogue, searched, filtered and sorted.

mod filters;
mod item;
mod sort;

pub use filters::Filters;
pub use item::{FoundFilm, Match, Search};
pub use sort::{Sort, Sorting};

use shared::{
    Database, Request, Response, Result,
    list::{Fields, List},
    page::{Found, Page, Paging},
    response::Caching,
    statement::Statement,
};
use sort::FilmKey;

/// The statement of a request for a first page.
pub fn first_page() -> String {
    let (filters, sort) = (Filters::default(), Sort::default());
    let films = filters.films(None);
    Page::<FilmKey>::first().of(&films, sort.order()).sql()
}

/// Films: searched, filtered and sorted
///
/// `q` searches titles and descriptions for words, in any of their English forms, as a person types
/// them: `"a phrase"`, `one or another`, `-without`. The best match comes first, each with its
/// `rank`, and `match` is `words`. Where no film has these words, the closest titles come, however
/// they are misspelt, and `match` is `similar`.
///
/// A film must match every filter. Lists may be given between commas or one by one.
#[utoipa::path(
    get, path = "/films", operation_id = "search_films", tag = "films",
    params(Filters, Sorting, Fields<FoundFilm>, Paging),
    responses((status = 200, description = "A page of the films.", body = List<FoundFilm, Search>))
)]
pub async fn handler(database: Database, request: Request) -> Result<Response> {
    let mut parameters = request.parameters();
    let filters = Filters::take(&mut parameters);
    let sort = Sort::take(&mut parameters, filters.q.is_some());
    let mut page = Page::take::<FoundFilm>(&mut parameters, |key| {
        sort.fits(key) && filters.q.is_some() == key.found_by.is_some()
    });
    if !parameters.has("limit") {
        page.lengthen(filters.film_id.len());
    }
    parameters.finish()?;

    let (found, found_by) = search(&database, &filters, sort, &page).await?;
    let more = Search { r#match: found_by };
    page.respond(
        found,
        |film| sort.key(film, found_by),
        more,
        Caching::Minute,
    )
}

/// What the words of `q` find; where they find nothing at all, what is similar to them.
async fn search(
    database: &Database,
    filters: &Filters,
    sort: Sort,
    page: &Page<FilmKey>,
) -> Result<(Found, Option<Match>)> {
    let found_by = match page.after() {
        Some(key) => key.found_by,
        None => filters.q.as_ref().map(|_| Match::Words),
    };
    let films = filters.films(found_by);
    let found = page.fetch(database, &films, sort.order()).await?;
    let is_nothing = found_by == Some(Match::Words)
        && page.after().is_none()
        && is_nothing(database, &films, page, &found).await?;
    if !is_nothing {
        return Ok((found, found_by));
    }
    let similar = filters.films(Some(Match::Similar));
    let found = page.fetch(database, &similar, sort.order()).await?;
    Ok((found, Some(Match::Similar)))
}

/// Whether there is no film on any page: a page beyond the last is empty as well.
async fn is_nothing(
    database: &Database,
    films: &Statement<'_>,
    page: &Page<FilmKey>,
    found: &Found,
) -> Result<bool> {
    match found.total {
        Some(total) => Ok(total == 0),
        None if !found.rows.is_empty() => Ok(false),
        None if page.skip() == 0 => Ok(true),
        None => Ok(database.count(films).await? == 0),
    }
}
