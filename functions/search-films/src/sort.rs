//! The orders of the list.

use serde::{Deserialize, Serialize};
use shared::{
    Parameters,
    database::Bind,
    http::types::FromParameter,
    list::{Ahead, Key, Order},
};

use crate::{
    Filters, FoundFilm, Match,
    filters::FILTERED_FILMS,
    ranges::{self, Range},
};

/// An order of the list. It is total because film_id comes last. Unknown values sort last in
/// either direction: a number beyond all possible ones stands for them, in the indexes as well.
#[derive(Clone, Copy, Debug)]
pub struct Sort {
    pub(crate) name: &'static str,
    by: By,
    order: Order,
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
        order: Order {
            by: order,
            after,
            ahead: None,
        },
    }
}

pub(crate) const SORTS: [Sort; 11] = [
    sort(
        "film_id",
        By::FilmId,
        "ORDER BY film.film_id",
        "film.film_id > $1",
    ),
    sort(
        "-film_id",
        By::FilmId,
        "ORDER BY film.film_id DESC",
        "film.film_id < $1",
    ),
    sort(
        "title",
        By::Title,
        r#"ORDER BY lower(film.title) COLLATE "C", film.film_id"#,
        r#"(lower(film.title) COLLATE "C", film.film_id) > (lower($1) COLLATE "C", $2)"#,
    ),
    sort(
        "-title",
        By::Title,
        r#"ORDER BY lower(film.title) COLLATE "C" DESC, film.film_id DESC"#,
        r#"(lower(film.title) COLLATE "C", film.film_id) < (lower($1) COLLATE "C", $2)"#,
    ),
    sort(
        "release_year",
        By::ReleaseYear { unknown: 9999 },
        "ORDER BY coalesce(film.release_year, 9999), film.film_id",
        "(coalesce(film.release_year, 9999), film.film_id) > ($1, $2)",
    ),
    sort(
        "-release_year",
        By::ReleaseYear { unknown: 0 },
        "ORDER BY coalesce(film.release_year, 0) DESC, film.film_id DESC",
        "(coalesce(film.release_year, 0), film.film_id) < ($1, $2)",
    ),
    sort(
        "length",
        By::Length { unknown: 32768 },
        "ORDER BY coalesce(film.length::integer, 32768), film.film_id",
        "(coalesce(film.length::integer, 32768), film.film_id) > ($1, $2)",
    ),
    sort(
        "-length",
        By::Length { unknown: -1 },
        "ORDER BY coalesce(film.length, -1) DESC, film.film_id DESC",
        "(coalesce(film.length, -1), film.film_id) < ($1, $2)",
    ),
    sort(
        "rental_rate",
        By::RentalRate,
        "ORDER BY film.rental_rate, film.film_id",
        "(film.rental_rate, film.film_id) > ($1::numeric, $2)",
    ),
    sort(
        "-rental_rate",
        By::RentalRate,
        "ORDER BY film.rental_rate DESC, film.film_id DESC",
        "(film.rental_rate, film.film_id) < ($1::numeric, $2)",
    ),
    sort(
        "relevance",
        By::Rank,
        "ORDER BY found.rank DESC, film.film_id",
        "(-found.rank, film.film_id) > (-$1, $2)",
    ),
];

const TITLES_UP: Ahead = Ahead {
    select: FILTERED_FILMS,
    place: r#"lower(film.title) COLLATE "C" AS place"#,
    from: "FROM ({ahead}) AS film",
    by: "ORDER BY film.place, film.film_id",
    unindexed: r#"ORDER BY lower(film.title) COLLATE "C" || '', film.film_id"#,
};
const TITLES_DOWN: Ahead = Ahead {
    by: "ORDER BY film.place DESC, film.film_id DESC",
    unindexed: r#"ORDER BY lower(film.title) COLLATE "C" || '' DESC, film.film_id DESC"#,
    ..TITLES_UP
};

impl Default for Sort {
    /// By film_id.
    fn default() -> Self {
        SORTS[0]
    }
}

impl Sort {
    /// Reads `sort`. By default, a search sorts by relevance, and the start of titles by title.
    pub(crate) fn read(parameters: &mut Parameters, filters: &Filters) -> Self {
        let is_search = filters.q.is_some();
        let default = match (is_search, filters.starts_with.is_some()) {
            (true, _) => "relevance",
            (false, true) => "title",
            (false, false) => "film_id",
        };
        let sort = parameters.query::<Self>("sort");
        if sort.is_some_and(|sort| matches!(sort.by, By::Rank)) && !is_search {
            parameters.violate("sort", "must not be relevance without q", "relevance");
        }
        sort.or_else(|| Self::named(default)).unwrap_or_default()
    }

    fn named(name: &str) -> Option<Self> {
        SORTS.into_iter().find(|sort| sort.name == name)
    }

    /// The order. If conditions are `by_title`, a page in the order of titles is looked for ahead.
    pub(crate) fn order(self, by_title: bool) -> Order {
        let ahead = match self.name {
            "title" => Some(TITLES_UP),
            "-title" => Some(TITLES_DOWN),
            _ => None,
        };
        Order {
            ahead: ahead.filter(|_| by_title),
            ..self.order
        }
    }

    /// The first and the last id that may follow `key` in this order.
    pub(crate) fn ids(self, key: Option<&FilmKey>) -> [i32; 2] {
        match (self.name, key) {
            ("film_id", Some(key)) => [key.film_id, i32::MAX],
            ("-film_id", Some(key)) => [i32::MIN, key.film_id],
            _ => [i32::MIN, i32::MAX],
        }
    }

    /// The range of years by the expression of this order.
    pub(crate) fn years(self) -> Range {
        match self.by {
            By::ReleaseYear { unknown: 9999 } => ranges::YEAR_UP,
            _ => ranges::YEAR_DOWN,
        }
    }

    /// The range of lengths by the expression of this order.
    pub(crate) fn lengths(self) -> Range {
        match self.by {
            By::Length { unknown: 32768 } => ranges::LENGTH_UP,
            _ => ranges::LENGTH_DOWN,
        }
    }

    /// The place of a film in this order.
    pub(crate) fn key(
        self,
        film: &FoundFilm,
        found_by: Option<Match>,
        are_of_first: bool,
    ) -> FilmKey {
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
            are_of_first,
            value,
            film_id: film.film_id,
        }
    }

    /// Whether a key is a place in this order. A cursor may be forged, and PostgreSQL must be able to
    /// represent its values.
    pub(crate) fn fits(self, key: &FilmKey) -> bool {
        match (self.by, &key.value) {
            (By::FilmId, Value::None)
            | (By::Title, Value::Title(_))
            | (By::ReleaseYear { .. } | By::Length { .. }, Value::Number(_))
            | (By::Rank, Value::Rank(_)) => true,
            (By::RentalRate, Value::Rate(rate)) => {
                let is_plain = rate
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b'.');
                rate.len() < 10 && is_plain && rate.parse::<f64>().is_ok()
            }
            _ => false,
        }
    }
}

impl FromParameter for Sort {
    fn from_parameter(text: &str) -> Result<Self, String> {
        Self::named(text)
            .ok_or_else(|| format!("must be one of {}", SORTS.map(|sort| sort.name).join(", ")))
    }
}

/// A place in an order.
#[derive(Debug, Serialize, Deserialize)]
pub struct FilmKey {
    /// How the previous page found its films. The next one continues with it.
    pub found_by: Option<Match>,
    /// Whether filters were of the first films with the words. They are on the next page, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub are_of_first: bool,
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
