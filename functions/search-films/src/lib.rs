//! `GET /films`: search, filter and sort the catalogue.

mod documentation;
mod filters;
mod item;
mod names;
mod ranges;
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
/// titles are returned, at most a thousand, which finds misspelt titles, and `match` is `similar`. At
/// least one word of each alternative must be neither excluded nor as common as `the`.
///
/// A word can be so common that not all films with it are ranked. Then `ranked` is `some`, and the
/// pages have at most two thousand films: the first thousand that were found, and a thousand with the
/// words in their titles. A phrase or an excluded word is looked for in the first 1,500 films that
/// have all other words. If filters would take too long for all films with the words, they apply to the
/// first ten thousand of these, and to ten thousand with the words in their titles. Another word narrows
/// the search.
///
/// A film must satisfy every filter. Lists are separated by commas or sent as repeated parameters.
#[utoipa::path(
    get, path = "/films", operation_id = "search_films", tag = "films",
    params(Filters, Sorting, Fields<FoundFilm>, Paging),
    responses((status = 200, description = "A page of films.", body = List<FoundFilm, Search>))
)]
pub async fn handler(session: Session, request: Request) -> Result<Response> {
    let (mut filters, sort, page) = request.read(|parameters| {
        let mut filters = Filters::read(parameters);
        filters.sort = Sort::read(parameters, &filters);
        let sort = filters.sort;
        let mut page = Page::read::<FoundFilm>(parameters, |key: &FilmKey| {
            sort.fits(key) && filters.q.is_some() == key.found_by.is_some()
        });
        if !parameters.has("limit") {
            page.raise_limit(filters.film_id.len());
        }
        // The pages of a search are of the same films, which the cursor must not change.
        if filters.q.is_none() {
            filters.ids = sort.ids(page.after());
        }
        (filters, sort, page)
    })?;
    filters.resolve(&session).await?;
    let (found, how) = search(&session, &mut filters, sort, &page).await?;
    let found_by = how.r#match;
    let key = |film: &FoundFilm| sort.key(film, found_by, filters.are_of_first);
    page.respond(found, key, how, Caching::Minute)
}

/// Searches for the words of `q`, then for similar titles if no film at all has these words.
async fn search(
    session: &Session,
    filters: &mut Filters,
    sort: Sort,
    page: &Page<FilmKey>,
) -> Result<(Found, Search)> {
    let order = sort.order(filters.are_by_title());
    if filters.exclude_all() {
        let Some(Text(q)) = &filters.q else {
            return Ok((page.empty(), Search::default()));
        };
        words::check(session, q).await?;
        return Ok((page.empty(), Search::of_words(false)));
    }
    let Some(Text(q)) = &filters.q else {
        let found = page.fetch(session, &filters.films(None), order).await?;
        return Ok((found, Search::default()));
    };
    let found_by = page.after().and_then(|key| key.found_by);
    if found_by == Some(Match::Similar) {
        let films = filters.films(found_by);
        let found = page.fetch_counted(session, &films, None, order).await?;
        return Ok((found, Search::of_similar()));
    }
    filters.are_of_first = match page.after() {
        Some(key) => key.are_of_first,
        None => words::cost_too_much(session, filters, q).await?,
    };
    let (films, all) = (filters.films(Some(Match::Words)), words::films(filters, q));
    let found = page
        .fetch_counted(session, &films, Some(&all), order)
        .await?;
    if !found.is_empty() || page.after().is_some() {
        return words::ranked(session, filters, found).await;
    }
    let checked = words::check(session, q).await?;
    if checked.is_found {
        return Ok(words::part(found, checked.is_part));
    }
    let films = filters.films(Some(Match::Similar));
    let similar = page.fetch_counted(session, &films, None, order).await?;
    match similar.is_empty() {
        true => Ok(words::part(found, checked.is_part)),
        false => Ok((similar, Search::of_similar())),
    }
}
