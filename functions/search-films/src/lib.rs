//! `GET /films`: search, filter and sort the catalogue.

mod documentation;
mod filters;
mod item;
mod names;
mod sort;
mod words;

pub use documentation::Sorting;
pub use filters::Filters;
pub use item::{FoundFilm, Match, Ranked, Search};
pub use sort::Sort;

use shared::{
    Request, Response, Result, Session,
    documentation::Paging,
    http::{response::Caching, types::Text},
    list::{Fields, Found, List, Page},
};
use sort::FilmKey;

/// Search, filter and sort films
///
/// `q` searches titles and descriptions for words in any of their English forms. It takes
/// `"a phrase"`, `one or another` and `-without`. The best match comes first, each film has its
/// `rank`, and `match` is `words`. If no film in the catalogue has the words, films with similar
/// titles are returned, which finds misspelt titles, and `match` is `similar`.
///
/// A word can be so common that not all films with it are ranked. Then `ranked` is `some`, the pages
/// have about a thousand films, those with the words in their titles before others, and `total` is
/// null. Another word or filter narrows the search.
///
/// A film must satisfy every filter. Lists are separated by commas or sent as repeated parameters.
#[utoipa::path(
    get, path = "/films", operation_id = "search_films", tag = "films",
    params(Filters, Sorting, Fields<FoundFilm>, Paging),
    responses((status = 200, description = "A page of films.", body = List<FoundFilm, Search>))
)]
pub async fn handler(session: Session, request: Request) -> Result<Response> {
    let (mut filters, sort, page) = request.read(|parameters| {
        let filters = Filters::read(parameters);
        let sort = Sort::read(parameters, &filters);
        let mut page = Page::read::<FoundFilm>(parameters, |key: &FilmKey| {
            sort.fits(key) && filters.q.is_some() == key.found_by.is_some()
        });
        if !parameters.has("limit") {
            page.raise_limit(filters.film_id.len());
        }
        (filters, sort, page)
    })?;
    filters.resolve(&session).await?;
    let (mut found, found_by) = search(&session, &filters, sort, &page).await?;
    let ranked = match found_by {
        Some(Match::Words) => Some(words::ranked(&mut found, page.is_estimated())?),
        _ => None,
    };
    let more = Search {
        r#match: found_by,
        ranked,
    };
    let key = |film: &FoundFilm| sort.key(film, found_by);
    page.respond(found, key, more, Caching::Minute)
}

/// Searches for the words of `q`, then for similar titles if no film at all has these words.
async fn search(
    session: &Session,
    filters: &Filters,
    sort: Sort,
    page: &Page<FilmKey>,
) -> Result<(Found, Option<Match>)> {
    let found_by = match page.after() {
        Some(key) => key.found_by,
        None => filters.q.as_ref().map(|_| Match::Words),
    };
    if filters.are_unknown() {
        return Ok((page.empty(), found_by));
    }
    let films = filters.films(found_by);
    let estimated = filters.films_to_estimate(found_by);
    let found = page.fetch_counted(session, &films, estimated.as_ref(), sort.order());
    let found = found.await?;
    let (Some(Match::Words), Some(Text(q)), None) = (found_by, &filters.q, page.after()) else {
        return Ok((found, found_by));
    };
    if !page.is_empty(&found) {
        return Ok((found, found_by));
    }
    let films = filters.films_without_words();
    let similar = page.fetch_counted(session, &films, None, sort.order());
    let similar = similar.await?;
    if page.is_empty(&similar) {
        words::check(session, q).await?;
        return Ok((found, found_by));
    }
    Ok((similar, Some(Match::Similar)))
}
