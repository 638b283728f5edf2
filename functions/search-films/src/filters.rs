//! What a film must be like to be in the list.

use shared::{
    Parameters,
    film::{self, Rating},
    parameter::{NameOrId, Parameter, Text, Within, escape_like},
    statement::Statement,
};
use utoipa::IntoParams;

use crate::Match;

/// The years that Pagila's domain has.
type Year = Within<1901, 2155>;
/// Minutes, as `smallint` has them.
type Minutes = Within<0, 32767>;

const MOST_FILMS: usize = 100;

/// Words in a title count beside those of title and description together, and the more the shorter
/// the title is. What must not be there is no part of the rank, or it would be nothing for all.
const WORDS_RANK: &str = "CROSS JOIN LATERAL (
    SELECT ts_rank(film.fulltext, wanted) + ts_rank(to_tsvector('english', film.title), wanted, 1)
    FROM (SELECT querytree(websearch_to_tsquery('english', $))::tsquery) AS words (wanted)
) AS found (rank)";
const SIMILAR: &str = "JOIN similar_titles($) AS found ON found.film_id = film.film_id";
const CATEGORY_ID: &str = "EXISTS (
    SELECT FROM film_category
    WHERE film_category.film_id = film.film_id AND film_category.category_id = $)";
const CATEGORY_NAME: &str = "EXISTS (
    SELECT FROM film_category
    JOIN category USING (category_id)
    WHERE film_category.film_id = film.film_id AND lower(category.name) = lower($))";
const ACTOR_ID: &str = "EXISTS (
    SELECT FROM film_actor
    WHERE film_actor.film_id = film.film_id AND film_actor.actor_id = $)";
const ACTOR_NAME: &str = "EXISTS (
    SELECT FROM film_actor
    JOIN actor USING (actor_id)
    WHERE film_actor.film_id = film.film_id
      AND actor.first_name || ' ' || actor.last_name ILIKE $)";
const LANGUAGE_NAME: &str = "lower(rtrim(language.name)) = lower($)";
const RATING: &str = "film.rating = ANY ($::text[]::mpaa_rating[])";

/// What a film must be like.
#[derive(Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    /// Words to search for in titles and descriptions.
    #[param(inline, example = "dinosaur -robot")]
    pub(crate) q: Option<Text>,
    /// A part of the title, whatever its case.
    #[param(inline, value_type = Option<Text>, example = "dino")]
    title: Option<PartOf>,
    /// The start of the title, whatever its case.
    #[param(inline, value_type = Option<Text>, example = "aca")]
    starts_with: Option<StartOf>,
    /// A category: its id, or its name, whatever its case.
    #[param(inline, example = "action")]
    category: Option<NameOrId>,
    /// An actor: the id, or a part of the full name, whatever its case.
    #[param(inline, value_type = Option<NameOrId>, example = "penelope")]
    actor: Option<IdOrPart>,
    /// A language: its id, or its name, whatever its case.
    #[param(inline, example = "english")]
    language: Option<NameOrId>,
    /// One of these ratings.
    #[param(inline, required = false, value_type = Vec<Rating>, min_items = 1, max_items = 5, example = json!(["PG", "PG-13"]))]
    rating: Vec<&'static str>,
    /// Released in this year.
    #[param(inline, example = 2006)]
    release_year: Option<Year>,
    /// Released in this year or later.
    #[param(inline, example = 1990)]
    release_year_min: Option<Year>,
    /// Released in this year or earlier.
    #[param(inline, example = 2010)]
    release_year_max: Option<Year>,
    /// This many minutes long, or longer.
    #[param(inline, example = 60)]
    length_min: Option<Minutes>,
    /// This many minutes long, or shorter.
    #[param(inline, example = 120)]
    length_max: Option<Minutes>,
    /// Whether it can be streamed.
    #[param(inline, example = false)]
    streaming_available: Option<bool>,
    /// One of these films, by their keys. They are all on one page, unless `limit` says otherwise.
    #[param(required = false, style = Form, explode = false, min_items = 1, max_items = 100, example = json!([1, 2, 3]))]
    pub(crate) film_id: Vec<i32>,
}

/// A LIKE pattern for what contains a text.
struct PartOf(String);

impl Parameter for PartOf {
    fn parse(text: &str) -> Result<Self, String> {
        let Text(text) = Text::parse(text)?;
        Ok(Self(format!("%{}%", escape_like(&text))))
    }
}

/// A LIKE pattern for what starts with a text.
struct StartOf(String);

impl Parameter for StartOf {
    fn parse(text: &str) -> Result<Self, String> {
        let Text(text) = Text::parse(text)?;
        Ok(Self(format!("{}%", escape_like(&text))))
    }
}

/// An id, or a LIKE pattern for what contains a name.
enum IdOrPart {
    Id(i32),
    Part(String),
}

impl Parameter for IdOrPart {
    fn parse(text: &str) -> Result<Self, String> {
        Ok(match NameOrId::parse(text)? {
            NameOrId::Id(id) => Self::Id(id),
            NameOrId::Name(name) => Self::Part(format!("%{}%", escape_like(&name))),
        })
    }
}

impl Filters {
    /// Takes each of them from the parameters.
    pub(crate) fn take(parameters: &mut Parameters) -> Self {
        let ratings = parameters.take_list("rating", 5);
        let filters = Self {
            q: parameters.take("q"),
            title: parameters.take("title"),
            starts_with: parameters.take("starts_with"),
            category: parameters.take("category"),
            actor: parameters.take("actor"),
            language: parameters.take("language"),
            rating: ratings.into_iter().map(Rating::as_str).collect(),
            release_year: parameters.take("release_year"),
            release_year_min: parameters.take("release_year_min"),
            release_year_max: parameters.take("release_year_max"),
            length_min: parameters.take("length_min"),
            length_max: parameters.take("length_max"),
            streaming_available: parameters.take("streaming_available"),
            film_id: parameters.take_list("film_id", MOST_FILMS),
        };
        let year = (filters.release_year_min, filters.release_year_max);
        in_order(parameters, ["release_year_min", "release_year_max"], year);
        let length = (filters.length_min, filters.length_max);
        in_order(parameters, ["length_min", "length_max"], length);
        filters
    }

    /// The films that match, with their `rank` where `q` is how they are found.
    pub(crate) fn films(&self, found_by: Option<Match>) -> Statement<'_> {
        let mut films = Statement::new(film::SELECT);
        if let (Some(Text(q)), Some(found_by)) = (&self.q, found_by) {
            match found_by {
                Match::Words => {
                    films.join(WORDS_RANK, &[q]);
                    films.filter("film.fulltext @@ websearch_to_tsquery('english', $)", &[q]);
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

    fn restrict_text<'a>(&'a self, films: &mut Statement<'a>) {
        if let Some(PartOf(pattern)) = &self.title {
            films.filter("film.title ILIKE $", &[pattern]);
        }
        if let Some(StartOf(pattern)) = &self.starts_with {
            films.filter("film.title ILIKE $", &[pattern]);
        }
    }

    fn restrict_relations<'a>(&'a self, films: &mut Statement<'a>) {
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
            Some(NameOrId::Id(id)) => films.filter("film.language_id = $", &[id]),
            Some(NameOrId::Name(name)) => films.filter(LANGUAGE_NAME, &[name]),
            None => {}
        }
    }

    fn restrict_values<'a>(&'a self, films: &mut Statement<'a>) {
        if !self.rating.is_empty() {
            films.filter(RATING, &[&self.rating]);
        }
        if !self.film_id.is_empty() {
            films.filter("film.film_id = ANY ($)", &[&self.film_id]);
        }
        if let Some(streaming_available) = &self.streaming_available {
            films.filter("film.streaming_available = $", &[streaming_available]);
        }
        let years = [
            ("film.release_year = $", &self.release_year),
            ("film.release_year >= $", &self.release_year_min),
            ("film.release_year <= $", &self.release_year_max),
        ];
        for (condition, year) in years {
            if let Some(Within(year)) = year {
                films.filter(condition, &[year]);
            }
        }
        let lengths = [
            ("film.length >= $", &self.length_min),
            ("film.length <= $", &self.length_max),
        ];
        for (condition, minutes) in lengths {
            if let Some(Within(minutes)) = minutes {
                films.filter(condition, &[minutes]);
            }
        }
    }
}

/// Notes where the least is more than the most.
fn in_order<const FROM: i32, const TO: i32>(
    parameters: &mut Parameters,
    [least_name, most_name]: [&str; 2],
    bounds: (Option<Within<FROM, TO>>, Option<Within<FROM, TO>>),
) {
    if let (Some(Within(least)), Some(Within(most))) = bounds
        && least > most
    {
        let reason = format!("must be at least {least_name}, which is {least}");
        parameters.violate(most_name, reason, &most.to_string());
    }
}
