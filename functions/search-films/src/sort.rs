//! The orders that the list can have.

use serde::{Deserialize, Serialize};
use shared::{
    Parameters,
    page::{Key, Order},
    parameter::Parameter,
    statement::Bind,
};
use utoipa::{
    IntoParams, PartialSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, Type},
    },
};

use crate::{FoundFilm, Match};

/// An order of the list. film_id makes every place its own; what is unknown comes last in either
/// direction, by a number beyond all that are known, as in the indexes.
#[derive(Clone, Copy, Debug)]
pub struct Sort {
    name: &'static str,
    by: By,
    order: Order,
}

/// Which order.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Sorting {
    /// The order: `-` is descending, and what is unknown comes last. Without it the best match of
    /// `q` comes first (`relevance`, which only goes with `q`), or else the lowest film_id.
    #[param(inline, example = "-release_year")]
    pub sort: Option<Sort>,
}

#[derive(Clone, Copy, Debug)]
enum By {
    FilmId,
    Title,
    ReleaseYear { unknown: i32 },
    Length { unknown: i32 },
    RentalRate,
    Rank,
}

const fn sort(name: &'static str, by: By, order: &'static str, after: &'static str) -> Sort {
    Sort {
        name,
        by,
        order: Order { by: order, after },
    }
}

const SORTS: [Sort; 11] = [
    sort(
        "film_id",
        By::FilmId,
        "ORDER BY film.film_id",
        "film.film_id > $",
    ),
    sort(
        "-film_id",
        By::FilmId,
        "ORDER BY film.film_id DESC",
        "film.film_id < $",
    ),
    sort(
        "title",
        By::Title,
        "ORDER BY film.title, film.film_id",
        "(film.title, film.film_id) > ($, $)",
    ),
    sort(
        "-title",
        By::Title,
        "ORDER BY film.title DESC, film.film_id DESC",
        "(film.title, film.film_id) < ($, $)",
    ),
    sort(
        "release_year",
        By::ReleaseYear { unknown: 9999 },
        "ORDER BY coalesce(film.release_year, 9999), film.film_id",
        "(coalesce(film.release_year, 9999), film.film_id) > ($, $)",
    ),
    sort(
        "-release_year",
        By::ReleaseYear { unknown: 0 },
        "ORDER BY coalesce(film.release_year, 0) DESC, film.film_id DESC",
        "(coalesce(film.release_year, 0), film.film_id) < ($, $)",
    ),
    sort(
        "length",
        By::Length { unknown: 32767 },
        "ORDER BY coalesce(film.length, 32767), film.film_id",
        "(coalesce(film.length, 32767), film.film_id) > ($, $)",
    ),
    sort(
        "-length",
        By::Length { unknown: -1 },
        "ORDER BY coalesce(film.length, -1) DESC, film.film_id DESC",
        "(coalesce(film.length, -1), film.film_id) < ($, $)",
    ),
    sort(
        "rental_rate",
        By::RentalRate,
        "ORDER BY film.rental_rate, film.film_id",
        "(film.rental_rate, film.film_id) > ($::numeric, $)",
    ),
    sort(
        "-rental_rate",
        By::RentalRate,
        "ORDER BY film.rental_rate DESC, film.film_id DESC",
        "(film.rental_rate, film.film_id) < ($::numeric, $)",
    ),
    sort(
        "relevance",
        By::Rank,
        "ORDER BY found.rank DESC, film.film_id",
        "(-found.rank, film.film_id) > (-$, $)",
    ),
];

impl Default for Sort {
    /// By film_id.
    fn default() -> Self {
        SORTS[0]
    }
}

impl Sort {
    /// Takes `sort`; without it the best match comes first, where there is a search.
    pub(crate) fn take(parameters: &mut Parameters, is_search: bool) -> Self {
        let sort = parameters.take::<Self>("sort");
        match sort {
            Some(sort) if matches!(sort.by, By::Rank) && !is_search => {
                parameters.violate("sort", "can be relevance only with q", sort.name);
                sort
            }
            Some(sort) => sort,
            None if is_search => SORTS[SORTS.len() - 1],
            None => Self::default(),
        }
    }

    pub(crate) fn order(self) -> Order {
        self.order
    }

    /// The place of a film in this order.
    pub(crate) fn key(self, film: &FoundFilm, found_by: Option<Match>) -> FilmKey {
        let FoundFilm { film, rank } = film;
        let value = match self.by {
            By::FilmId => Value::None,
            By::Title => Value::Title(film.title.clone()),
            By::ReleaseYear { unknown } => Value::Number(film.release_year.unwrap_or(unknown)),
            By::Length { unknown } => Value::Number(film.length.map_or(unknown, i32::from)),
            By::RentalRate => Value::Rate(film.rental_rate.get().to_owned()),
            By::Rank => Value::Rank(rank.unwrap_or_default()),
        };
        FilmKey {
            found_by,
            value,
            film_id: film.film_id,
        }
    }

    /// Whether a key is a place in this order. A forged one must not make the statement fail.
    pub(crate) fn fits(self, key: &FilmKey) -> bool {
        match (self.by, &key.value) {
            (By::FilmId, Value::None)
            | (By::Title, Value::Title(_))
            | (By::ReleaseYear { .. } | By::Length { .. }, Value::Number(_))
            | (By::Rank, Value::Rank(_)) => true,
            (By::RentalRate, Value::Rate(rate)) => {
                rate.len() < 10 && rate.parse::<f64>().is_ok_and(f64::is_finite)
            }
            _ => false,
        }
    }
}

impl Parameter for Sort {
    fn parse(text: &str) -> Result<Self, String> {
        let sort = SORTS.into_iter().find(|sort| sort.name == text);
        sort.ok_or_else(|| format!("must be of {}", SORTS.map(|sort| sort.name).join(", ")))
    }
}

impl PartialSchema for Sort {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(SORTS.map(|sort| sort.name)))
            .into()
    }
}

/// A place in an order.
#[derive(Debug, Serialize, Deserialize)]
pub struct FilmKey {
    /// How the page before found its films, which the next one goes on with.
    pub found_by: Option<Match>,
    value: Value,
    film_id: i32,
}

#[derive(Debug, Serialize, Deserialize)]
enum Value {
    None,
    Title(String),
    Number(i32),
    Rate(String),
    Rank(f32),
}

impl Key for FilmKey {
    fn values(&self) -> Vec<&dyn Bind> {
        match &self.value {
            Value::None => vec![&self.film_id],
            Value::Title(text) | Value::Rate(text) => vec![text, &self.film_id],
            Value::Number(number) => vec![number, &self.film_id],
            Value::Rank(rank) => vec![rank, &self.film_id],
        }
    }
}
