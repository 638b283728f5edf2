//! The filters of the list.

use shared::{
    Parameters, Result, Session,
    database::{Select, Sql},
    film::{self, Rating},
    http::types::{FromParameter, NameOrId, Text, Within, escape_like},
    sql,
};
use utoipa::IntoParams;

use crate::{
    Match, Sort,
    names::{self, Named, NamedInPart},
    words,
};

/// The years that Pagila's domain allows.
type Year = Within<1901, 2155>;
/// Minutes, within PostgreSQL's `smallint`.
type Minutes = Within<0, 32767>;

const MOST_FILMS: usize = 100;
/// The planner's cost of what a request may count or skip. Among a million films, one in thirty random
/// counts and skips of up to this cost took over 25 ms and hardly any over 60, and others took up to
/// half a second. Among a hundred thousand, none of 400 random counts cost more.
const MOST_COST: f64 = 5_000.0;
/// What filters look at.
pub(crate) const FILTERED_FILMS: Sql = sql!("filtered_films.sql");

const SIMILAR: &str = "JOIN similar_titles($1) AS found ON found.film_id = film.film_id";
// A condition on film.film_id does not reach the other table: without one of its own, a page would read
// the ids of all pages before it.
const CATEGORY: &str = "EXISTS (
    SELECT FROM film_category
    WHERE film_category.film_id = film.film_id AND film_category.category_id = $1
        AND film_category.film_id BETWEEN $2 AND $3)";
const CATEGORIES: &str = "EXISTS (
    SELECT FROM film_category
    WHERE film_category.film_id = film.film_id AND film_category.category_id = ANY ($1)
        AND film_category.film_id BETWEEN $2 AND $3)";
const ACTOR: &str = "EXISTS (
    SELECT FROM film_actor
    WHERE film_actor.film_id = film.film_id AND film_actor.actor_id = $1
        AND film_actor.film_id BETWEEN $2 AND $3)";
const ACTORS: &str = "EXISTS (
    SELECT FROM film_actor
    WHERE film_actor.film_id = film.film_id AND film_actor.actor_id = ANY ($1)
        AND film_actor.film_id BETWEEN $2 AND $3)";
const LANGUAGE: &str = "film.language_id = $1";
const LANGUAGES: &str = "film.language_id = ANY ($1)";
/// From one text, because the planner does not estimate a cast of each element.
const RATING: &str = "film.rating = ANY ($1::mpaa_rating[])";

/// The filters of the list.
#[derive(Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    /// Words to search for in titles and descriptions. At least one is neither excluded nor as common
    /// as `the`.
    #[param(inline, example = "dinosaur -robot")]
    pub(crate) q: Option<Text>,
    /// A part of the title, in any case. It has at least three letters or digits in a row.
    #[param(inline, example = "dino")]
    title: Option<PartOf>,
    /// The start of the title, in any case.
    #[param(inline, value_type = Option<Text>, example = "aca")]
    pub(crate) starts_with: Option<StartOf>,
    /// A category: its id, or its name in any case.
    #[param(inline, value_type = Option<NameOrId>, example = "action")]
    category: Option<Named>,
    /// An actor: the id, or a part of the full name in any case.
    #[param(inline, value_type = Option<NameOrId>, example = "penelope")]
    actor: Option<NamedInPart>,
    /// A language: its id, or its name in any case.
    #[param(inline, value_type = Option<NameOrId>, example = "english")]
    language: Option<Named>,
    /// Ratings, one of which the film has.
    #[param(inline, required = false, value_type = Vec<Rating>, min_items = 1, max_items = 5, example = json!(["PG", "PG-13"]))]
    rating: Option<String>,
    /// The year of release.
    #[param(inline, example = 2006)]
    release_year: Option<Year>,
    /// The earliest year of release.
    #[param(inline, example = 1990)]
    release_year_min: Option<Year>,
    /// The latest year of release.
    #[param(inline, example = 2010)]
    release_year_max: Option<Year>,
    /// The shortest length in minutes.
    #[param(inline, example = 60)]
    length_min: Option<Minutes>,
    /// The longest length in minutes.
    #[param(inline, example = 120)]
    length_max: Option<Minutes>,
    /// Whether the film can be streamed.
    #[param(inline, example = false)]
    streaming_available: Option<bool>,
    /// The ids of films. All of them are on one page unless `limit` is sent.
    #[param(required = false, style = Form, explode = false, min_items = 1, max_items = 100, example = json!([1, 2, 3]))]
    pub(crate) film_id: Vec<i32>,
    /// The order, in whose index the ranges are.
    #[param(ignore)]
    pub(crate) sort: Sort,
    /// The first and the last id that a page can have, as far as its cursor tells.
    #[param(ignore)]
    pub(crate) ids: [i32; 2],
    /// Whether only the first films with the words of `q` are filtered.
    #[param(ignore)]
    pub(crate) are_of_first: bool,
}

/// A LIKE pattern for text that contains another.
pub(crate) struct PartOf(String);

impl FromParameter for PartOf {
    fn from_parameter(text: &str) -> Result<Self, String> {
        let Text(text) = Text::from_parameter(text)?;
        // The index has groups of three. Without one, PostgreSQL would read every title.
        let mut words = text.split(|c: char| !c.is_alphabetic() && !c.is_ascii_digit());
        match words.any(|word| word.chars().count() >= 3) {
            true => Ok(Self(format!("%{}%", escape_like(&text)))),
            false => Err("must have at least three letters or digits in a row".to_owned()),
        }
    }
}

/// A LIKE pattern for text that starts with another.
pub(crate) struct StartOf(String);

impl FromParameter for StartOf {
    fn from_parameter(text: &str) -> Result<Self, String> {
        let Text(text) = Text::from_parameter(text)?;
        Ok(Self(format!("{}%", escape_like(&text))))
    }
}

impl Filters {
    pub(crate) fn read(parameters: &mut Parameters) -> Self {
        let ratings: Vec<Rating> = parameters.query_list("rating", 5);
        let filters = Self {
            q: parameters.query("q"),
            title: parameters.query("title"),
            starts_with: parameters.query("starts_with"),
            category: parameters.query("category"),
            actor: parameters.query("actor"),
            language: parameters.query("language"),
            rating: any_of(&ratings),
            release_year: parameters.query("release_year"),
            release_year_min: parameters.query("release_year_min"),
            release_year_max: parameters.query("release_year_max"),
            length_min: parameters.query("length_min"),
            length_max: parameters.query("length_max"),
            streaming_available: parameters.query("streaming_available"),
            film_id: parameters.query_list("film_id", MOST_FILMS),
            sort: Sort::default(),
            ids: [i32::MIN, i32::MAX],
            are_of_first: false,
        };
        let year = (filters.release_year_min, filters.release_year_max);
        in_order(parameters, ["release_year_min", "release_year_max"], year);
        let length = (filters.length_min, filters.length_max);
        in_order(parameters, ["length_min", "length_max"], length);
        filters
    }

    /// Replaces names by ids.
    ///
    /// # Errors
    /// As [`Session::query`].
    pub(crate) async fn resolve(&mut self, session: &Session) -> Result<()> {
        let actor = self.actor.as_mut().map(|NamedInPart(actor)| actor);
        let named = [self.category.as_mut(), actor, self.language.as_mut()];
        names::resolve(session, named).await
    }

    /// Whether no film can match, because nothing has one of the names, or the year is out of range.
    pub(crate) fn exclude_all(&self) -> bool {
        let actor = self.actor.as_ref().map(|NamedInPart(actor)| actor);
        let named = [self.category.as_ref(), actor, self.language.as_ref()];
        let mut named = named.into_iter().flatten();
        let year = |year: &Option<Year>| year.as_ref().map(|Within(year)| *year);
        let [min, max] = [&self.release_year_min, &self.release_year_max].map(year);
        let is_out =
            |year: i32| min.is_some_and(|min| year < min) || max.is_some_and(|max| year > max);
        named.any(Named::is_unknown) || year(&self.release_year).is_some_and(is_out)
    }

    /// Whether titles have to contain a text, which may be at one end of their order. The start of
    /// titles keeps to a part of the order, and films with words or keys are found before they are
    /// ordered.
    pub(crate) fn are_by_title(&self) -> bool {
        let is_narrow = self.starts_with.is_some() || self.q.is_some() || !self.film_id.is_empty();
        self.title.is_some() && !is_narrow
    }

    /// Selects the films that match, with a `rank` if `q` found them.
    pub(crate) fn films(&self, found_by: Option<Match>) -> Select<'_> {
        let mut films = film::select();
        if let (Some(Text(q)), Some(found_by)) = (&self.q, found_by) {
            films.column("found.rank");
            match found_by {
                // The join has the other filters, so that it finds the first films that match all.
                Match::Words => {
                    words::join(&mut films, self, q);
                    return films;
                }
                Match::Similar => films.join(SIMILAR, &[q]),
            }
        }
        self.restrict(&mut films);
        if found_by.is_none() {
            films.limit_cost(MOST_COST);
        }
        films
    }

    /// Adds the conditions of all filters but `q`.
    pub(crate) fn restrict<'a>(&'a self, films: &mut Select<'a>) {
        if let Some(PartOf(pattern)) = &self.title {
            films.filter("lower(film.title) COLLATE \"C\" LIKE lower($1)", &[pattern]);
        }
        if let Some(StartOf(pattern)) = &self.starts_with {
            films.filter("lower(film.title) COLLATE \"C\" LIKE lower($1)", &[pattern]);
        }
        if let Some(category) = &self.category {
            category.restrict(films, CATEGORY, CATEGORIES, &self.ids);
        }
        if let Some(NamedInPart(actor)) = &self.actor {
            actor.restrict(films, ACTOR, ACTORS, &self.ids);
        }
        if let Some(language) = &self.language {
            language.restrict(films, LANGUAGE, LANGUAGES, &[]);
        }
        self.restrict_values(films);
    }

    fn restrict_values<'a>(&'a self, films: &mut Select<'a>) {
        if let Some(ratings) = &self.rating {
            films.filter(RATING, &[ratings]);
        }
        if !self.film_id.is_empty() {
            films.filter("film.film_id = ANY ($1)", &[&self.film_id]);
        }
        if let Some(streaming_available) = &self.streaming_available {
            films.filter("film.streaming_available = $1", &[streaming_available]);
        }
        let years = [
            &self.release_year,
            &self.release_year_min,
            &self.release_year_max,
        ];
        self.sort.years().restrict(films, years);
        let lengths = [&None, &self.length_min, &self.length_max];
        self.sort.lengths().restrict(films, lengths);
    }
}

/// An array, as PostgreSQL writes it.
fn any_of(ratings: &[Rating]) -> Option<String> {
    let ratings: Vec<_> = ratings.iter().map(|rating| rating.as_str()).collect();
    (!ratings.is_empty()).then(|| format!("{{{}}}", ratings.join(",")))
}

/// Adds a violation if the minimum exceeds the maximum.
fn in_order<const FROM: i32, const TO: i32>(
    parameters: &mut Parameters,
    [min_name, max_name]: [&str; 2],
    bounds: (Option<Within<FROM, TO>>, Option<Within<FROM, TO>>),
) {
    if let (Some(Within(min)), Some(Within(max))) = bounds
        && min > max
    {
        let reason = format!("must be at least {min_name}, which is {min}");
        parameters.violate(max_name, reason, &max.to_string());
    }
}
