//! The filters of the list.

use shared::{
    Parameters,
    database::Select,
    film::{self, Rating},
    http::types::{FromParameter, NameOrId, Text, Within, escape_like},
};
use utoipa::IntoParams;

use crate::Match;

/// The years that Pagila's domain allows.
type Year = Within<1901, 2155>;
/// Minutes, within PostgreSQL's `smallint`.
type Minutes = Within<0, 32767>;

const MOST_FILMS: usize = 100;

/// Words in the title count on top of those in title and description together, and more if the
/// title is short. Excluded words are left out of the rank, or it would be zero for all films.
const WORDS_RANK: &str = "CROSS JOIN LATERAL (
    SELECT ts_rank(film.fulltext, wanted) + ts_rank(to_tsvector('english', film.title), wanted, 1)
    FROM (SELECT querytree(websearch_to_tsquery('english', $1))::tsquery) AS words (wanted)
) AS found (rank)";
const WORDS: &str = "film.fulltext @@ websearch_to_tsquery('english', $1)";
/// Of the whole catalogue: other filters do not make similar titles a better answer.
const NO_WORDS: &str = "NOT EXISTS (
    SELECT FROM film AS any_film
    WHERE any_film.fulltext @@ websearch_to_tsquery('english', $1))";
const SIMILAR: &str = "JOIN similar_titles($1) AS found ON found.film_id = film.film_id";
const CATEGORY_ID: &str = "EXISTS (
    SELECT FROM film_category
    WHERE film_category.film_id = film.film_id AND film_category.category_id = $1)";
/// The first condition is decided once. Without it, an unknown name has every film looked up.
const CATEGORY_NAME: &str = "EXISTS (SELECT FROM category WHERE lower(name) = lower($1))
  AND EXISTS (
    SELECT FROM film_category
    JOIN category USING (category_id)
    WHERE film_category.film_id = film.film_id AND lower(category.name) = lower($1))";
const ACTOR_ID: &str = "EXISTS (
    SELECT FROM film_actor
    WHERE film_actor.film_id = film.film_id AND film_actor.actor_id = $1)";
const ACTOR_NAME: &str = "EXISTS (
    SELECT FROM film_actor
    JOIN actor USING (actor_id)
    WHERE film_actor.film_id = film.film_id
      AND actor.first_name || ' ' || actor.last_name ILIKE $1)";
const LANGUAGE_NAME: &str = "lower(rtrim(language.name)) = lower($1)";
const RATING: &str = "film.rating = ANY ($1::text[]::mpaa_rating[])";

/// The filters of the list.
#[derive(Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    /// Words to search for in titles and descriptions.
    #[param(inline, example = "dinosaur -robot")]
    pub(crate) q: Option<Text>,
    /// A part of the title, in any case.
    #[param(inline, value_type = Option<Text>, example = "dino")]
    title: Option<PartOf>,
    /// The start of the title, in any case.
    #[param(inline, value_type = Option<Text>, example = "aca")]
    starts_with: Option<StartOf>,
    /// A category: its id, or its name in any case.
    #[param(inline, example = "action")]
    category: Option<NameOrId>,
    /// An actor: the id, or a part of the full name in any case.
    #[param(inline, value_type = Option<NameOrId>, example = "penelope")]
    actor: Option<IdOrPart>,
    /// A language: its id, or its name in any case.
    #[param(inline, example = "english")]
    language: Option<NameOrId>,
    /// Ratings, one of which the film has.
    #[param(inline, required = false, value_type = Vec<Rating>, min_items = 1, max_items = 5, example = json!(["PG", "PG-13"]))]
    rating: Vec<&'static str>,
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
}

/// A LIKE pattern for text that contains another.
struct PartOf(String);

impl FromParameter for PartOf {
    fn from_parameter(text: &str) -> Result<Self, String> {
        let Text(text) = Text::from_parameter(text)?;
        Ok(Self(format!("%{}%", escape_like(&text))))
    }
}

/// A LIKE pattern for text that starts with another.
struct StartOf(String);

impl FromParameter for StartOf {
    fn from_parameter(text: &str) -> Result<Self, String> {
        let Text(text) = Text::from_parameter(text)?;
        Ok(Self(format!("{}%", escape_like(&text))))
    }
}

/// An id, or a LIKE pattern for names that contain a text.
enum IdOrPart {
    Id(i32),
    Part(String),
}

impl FromParameter for IdOrPart {
    fn from_parameter(text: &str) -> Result<Self, String> {
        Ok(match NameOrId::from_parameter(text)? {
            NameOrId::Id(id) => Self::Id(id),
            NameOrId::Name(name) => Self::Part(format!("%{}%", escape_like(&name))),
        })
    }
}

impl Filters {
    pub(crate) fn read(parameters: &mut Parameters) -> Self {
        let ratings = parameters.query_list("rating", 5);
        let filters = Self {
            q: parameters.query("q"),
            title: parameters.query("title"),
            starts_with: parameters.query("starts_with"),
            category: parameters.query("category"),
            actor: parameters.query("actor"),
            language: parameters.query("language"),
            rating: ratings.into_iter().map(Rating::as_str).collect(),
            release_year: parameters.query("release_year"),
            release_year_min: parameters.query("release_year_min"),
            release_year_max: parameters.query("release_year_max"),
            length_min: parameters.query("length_min"),
            length_max: parameters.query("length_max"),
            streaming_available: parameters.query("streaming_available"),
            film_id: parameters.query_list("film_id", MOST_FILMS),
        };
        let year = (filters.release_year_min, filters.release_year_max);
        in_order(parameters, ["release_year_min", "release_year_max"], year);
        let length = (filters.length_min, filters.length_max);
        in_order(parameters, ["length_min", "length_max"], length);
        filters
    }

    /// Selects the films that match, with a `rank` if `q` found them.
    pub(crate) fn films(&self, found_by: Option<Match>) -> Select<'_> {
        let mut films = Select::new(film::SELECT);
        if let (Some(Text(q)), Some(found_by)) = (&self.q, found_by) {
            match found_by {
                Match::Words => {
                    films.join(WORDS_RANK, &[q]);
                    films.filter(WORDS, &[q]);
                }
                Match::Similar => films.join(SIMILAR, &[q]),
            }
            films.column("found.rank");
        }
        self.restrict_text(&mut films);
        self.restrict_relations(&mut films);
        self.restrict_values(&mut films);
        films
    }

    /// Selects the films with similar titles, or none if any film has the words of `q`.
    pub(crate) fn films_without_words(&self) -> Select<'_> {
        let mut films = self.films(Some(Match::Similar));
        if let Some(Text(q)) = &self.q {
            films.filter(NO_WORDS, &[q]);
        }
        films
    }

    fn restrict_text<'a>(&'a self, films: &mut Select<'a>) {
        if let Some(PartOf(pattern)) = &self.title {
            films.filter("film.title ILIKE $1", &[pattern]);
        }
        if let Some(StartOf(pattern)) = &self.starts_with {
            films.filter("film.title ILIKE $1", &[pattern]);
        }
    }

    fn restrict_relations<'a>(&'a self, films: &mut Select<'a>) {
        match &self.category {
            Some(NameOrId::Id(id)) => films.filter(CATEGORY_ID, &[id]),
            Some(NameOrId::Name(name)) => films.filter(CATEGORY_NAME, &[name]),
            None => {}
        }
        match &self.actor {
            Some(IdOrPart::Id(id)) => films.filter(ACTOR_ID, &[id]),
            Some(IdOrPart::Part(pattern)) => films.filter(ACTOR_NAME, &[pattern]),
            None => {}
        }
        match &self.language {
            Some(NameOrId::Id(id)) => films.filter("film.language_id = $1", &[id]),
            Some(NameOrId::Name(name)) => films.filter(LANGUAGE_NAME, &[name]),
            None => {}
        }
    }

    fn restrict_values<'a>(&'a self, films: &mut Select<'a>) {
        if !self.rating.is_empty() {
            films.filter(RATING, &[&self.rating]);
        }
        if !self.film_id.is_empty() {
            films.filter("film.film_id = ANY ($1)", &[&self.film_id]);
        }
        if let Some(streaming_available) = &self.streaming_available {
            films.filter("film.streaming_available = $1", &[streaming_available]);
        }
        let years = [
            ("film.release_year = $1", &self.release_year),
            ("film.release_year >= $1", &self.release_year_min),
            ("film.release_year <= $1", &self.release_year_max),
        ];
        for (condition, year) in years {
            if let Some(Within(year)) = year {
                films.filter(condition, &[year]);
            }
        }
        let lengths = [
            ("film.length >= $1", &self.length_min),
            ("film.length <= $1", &self.length_max),
        ];
        for (condition, minutes) in lengths {
            if let Some(Within(minutes)) = minutes {
                films.filter(condition, &[minutes]);
            }
        }
    }
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
