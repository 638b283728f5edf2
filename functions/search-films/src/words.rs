//! The films that have the words of `q`.
//!
//! A common word is in a tenth of all films. To rank them all would take seconds in a large
//! catalogue, so a search ranks at most 1,000 films, and as many whose titles have the words. With
//! filters, to find these can take as long, and then only the first 10,000 films with the words are
//! filtered.

use shared::{
    Error, Result, Session,
    database::{Select, Sql},
    list::Found,
    sql,
};

use crate::{Filters, Match, Search, filters::FILTERED_FILMS};

const FILM_WORDS: Sql = sql!("film_words.sql");
const CHECK_WORDS: Sql = sql!("check_words.sql");

/// The words that a film must have. What is excluded is left out, and a phrase stands for its words,
/// because an index finds nothing else. The planner knows how common these words are.
macro_rules! all_words {
    () => {
        r"regexp_replace(querytree(websearch_to_tsquery('english', $1)), '<(-|\d+)>', '&', 'g')::tsquery"
    };
}
const IN_FILM: &str = concat!("setweight(film.fulltext, 'D') @@ ", all_words!());
const IN_TITLE: &str = concat!("to_tsvector('english', film.title) @@ ", all_words!());
const NO_WORD: &str = "must have a word to search for in each alternative, which is neither \
                       excluded nor as common as `the`";
/// How many films are examined for a phrase or an excluded word.
const EXAMINED: &str = "LIMIT 1500";
/// How many films are filtered if to filter all that have the words would cost too much.
const FILTERED: &str = "LIMIT 10000";
/// The planner's cost of what is examined. Among a million films, half of the random searches that cost
/// more took over 42 ms; with the first films only, half took at most 25.
const MOST_COST: f64 = 15_000.0;

/// Words in the title count on top of those in title and description together, and more if the
/// title is short. Excluded words are left out of the rank, or it would be zero for all films.
///
/// A part that is counted is read to its end, so CASE counts in this order: if `matching` is full, it
/// tells, and if `examined` is not full, `first` has been read.
macro_rules! found {
    ($first:literal, $is_part:literal) => {
        concat!(
            "JOIN (
    WITH ",
            $first,
            "examined AS MATERIALIZED ({films}),
    matching AS MATERIALIZED (
        SELECT * FROM examined
        WHERE fulltext @@ websearch_to_tsquery('english', $1)
        LIMIT 1000
    ),
    titled AS (
        SELECT * FROM ({titles}) AS film
        WHERE fulltext @@ websearch_to_tsquery('english', $1)
        LIMIT 1000
    )
    SELECT DISTINCT film_id,
           ts_rank(fulltext, wanted) + ts_rank(to_tsvector('english', title), wanted, 1) AS rank,
           CASE WHEN (SELECT count(*) FROM matching) = 1000 THEN true
                WHEN (SELECT count(*) FROM examined) = 1500 THEN true
                ELSE ",
            $is_part,
            " END AS is_part
    FROM (SELECT * FROM matching UNION ALL SELECT * FROM titled) AS film,
         CAST(querytree(websearch_to_tsquery('english', $1)) AS tsquery) AS wanted
) AS found ON found.film_id = film.film_id"
        )
    };
}
const FOUND: &str = found!("", "false");
const FOUND_AMONG_FIRST: &str = found!(
    "first AS MATERIALIZED ({first}),
    first_titled AS ({first_titled}),
    ",
    "(SELECT count(*) FROM first) = 10000"
);

/// Joins the films that satisfy all filters and have the words, with their rank.
pub(crate) fn join<'a>(films: &mut Select<'a>, filters: &'a Filters, q: &'a String) {
    if filters.are_of_first {
        let [first, first_titled] = [IN_FILM, IN_TITLE].map(|words| {
            let mut films = Select::new(FILTERED_FILMS);
            films.filter(words, &[q]);
            films.end(FILTERED, &[]);
            films
        });
        let [all, titled] = ["FROM first AS film", "FROM first_titled AS film"].map(|from| {
            let mut films = Select::new(FILM_WORDS);
            films.from(from, &[]);
            filters.restrict(&mut films);
            films.end(EXAMINED, &[]);
            films
        });
        let parts = [
            ("{first}", &first),
            ("{first_titled}", &first_titled),
            ("{films}", &all),
            ("{titles}", &titled),
        ];
        films.join_of(FOUND_AMONG_FIRST, &[q], &parts);
    } else {
        let [all, titled] = [IN_FILM, IN_TITLE].map(|words| examined(words, filters, q));
        films.join_of(FOUND, &[q], &[("{films}", &all), ("{titles}", &titled)]);
    }
    films.column("found.is_part");
}

/// Whether to examine the films that satisfy all filters and have the words would cost too much.
///
/// # Errors
/// As [`Session::query`].
pub(crate) async fn cost_too_much(
    session: &Session,
    filters: &Filters,
    q: &String,
) -> Result<bool> {
    session.is_too_costly(&examined(IN_FILM, filters, q)).await
}

fn examined<'a>(words: &'static str, filters: &'a Filters, q: &'a String) -> Select<'a> {
    let mut films = with(words, filters, q);
    films.end(EXAMINED, &[]);
    films
}

/// Selects the films that satisfy all filters and have the words, ranked or not, as far as the index
/// tells. Their number is estimated.
pub(crate) fn films<'a>(filters: &'a Filters, q: &'a String) -> Select<'a> {
    with(IN_FILM, filters, q)
}

fn with<'a>(words: &'static str, filters: &'a Filters, q: &'a String) -> Select<'a> {
    let mut films = Select::new(FILM_WORDS);
    filters.restrict(&mut films);
    // Without a filter, the search ends at its limit.
    films.limit_cost(MOST_COST);
    films.filter(words, &[q]);
    films
}

/// Tells whether `found` is of all films with the words.
///
/// # Errors
/// As [`Session::query`].
pub(crate) async fn ranked(
    session: &Session,
    filters: &Filters,
    found: Found,
) -> Result<(Found, Search)> {
    let mut rows = Vec::new();
    if found.rows.is_empty() {
        // As with limit=0: nothing on this page tells.
        let mut first = filters.films(Some(Match::Words));
        first.end("LIMIT 1", &[]);
        rows = session.select(&first).await?;
    }
    let is_part = match found.rows.first().or(rows.first()) {
        Some(row) => row.try_get("is_part")?,
        None => false,
    };
    Ok(part(found, is_part))
}

/// `found`, and whether it is of only a part of the films with the words. The exact total of a part is
/// not known.
pub(crate) fn part(mut found: Found, is_part: bool) -> (Found, Search) {
    if is_part && !found.is_estimated {
        found.total = found.total.map(|_| None);
    }
    (found, Search::of_words(is_part))
}

/// What a search for `q` in the whole catalogue tells.
pub(crate) struct Checked {
    /// Whether any film has the words. If only other filters exclude it, then similar titles are not a
    /// better answer.
    pub(crate) is_found: bool,
    /// Whether the search leaves out films.
    pub(crate) is_part: bool,
}

/// Checks that `q` has a word, and searches the whole catalogue for it.
///
/// # Errors
/// [`Error::Invalid`] if there is no word to search for.
pub(crate) async fn check(session: &Session, q: &String) -> Result<Checked> {
    let row = session.query_one(CHECK_WORDS, &[q]).await?;
    match row.try_get("has_words")? {
        true => Ok(Checked {
            is_found: row.try_get("is_found")?,
            is_part: row.try_get("is_part")?,
        }),
        false => Err(Error::invalid("query", "q", NO_WORD, q)),
    }
}
