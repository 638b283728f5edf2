//! A film, as all endpoints return it.

use serde::Serialize;
use time::OffsetDateTime;
use tokio_postgres::Row;
use utoipa::ToSchema;

use crate::{
    Error,
    database::{Json, Select, Sql, Whole},
    http::types::FromParameter,
    list::{Item, Order},
    sql,
};

const FIND: Sql = sql!("find_films.sql");
const WHOLE: Whole = Whole {
    select: sql!("film.sql"),
    condition: "WHERE film.film_id = ANY (ARRAY ({found}))",
    join: "JOIN ({found}) AS found ON found.film_id = film.film_id",
};

/// By film_id, which is unique.
pub const BY_ID: Order = Order {
    by: "ORDER BY film.film_id",
    after: "film.film_id > $1",
    ahead: None,
};

/// Selects each [`Film`]. Conditions on `film` may follow.
pub fn select<'a>() -> Select<'a> {
    Select::find(FIND, WHOLE)
}

/// A film.
#[derive(Debug, Serialize, ToSchema)]
pub struct Film {
    /// The id of the film.
    pub film_id: i32,
    /// The title, in capitals.
    pub title: String,
    /// A sentence about the film.
    #[schema(required = true)]
    pub description: Option<String>,
    /// The year of release.
    #[schema(required = true)]
    pub release_year: Option<i32>,
    /// The name of the language.
    pub language: String,
    /// The id of the language.
    pub language_id: i32,
    /// How many days a rental lasts.
    pub rental_duration: i16,
    /// The price of a rental.
    #[schema(value_type = f64, minimum = 0, example = 4.99)]
    pub rental_rate: Json,
    /// The length in minutes.
    #[schema(required = true)]
    pub length: Option<i16>,
    /// What a lost copy costs.
    #[schema(value_type = f64, minimum = 0, example = 19.99)]
    pub replacement_cost: Json,
    /// The rating by the Motion Picture Association.
    #[schema(required = true, value_type = Option<Rating>)]
    pub rating: Option<String>,
    /// What else is on the disc.
    #[schema(required = true)]
    pub special_features: Option<Vec<String>>,
    /// When the film was last changed, in UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub last_update: OffsetDateTime,
    /// Whether the film can be streamed.
    pub streaming_available: bool,
}

/// A rating by the Motion Picture Association.
#[derive(Clone, Copy, Debug, ToSchema)]
pub enum Rating {
    /// General audiences.
    G,
    /// Parental guidance suggested.
    #[schema(rename = "PG")]
    Pg,
    /// Parents strongly cautioned.
    #[schema(rename = "PG-13")]
    Pg13,
    /// Restricted.
    R,
    /// Adults only.
    #[schema(rename = "NC-17")]
    Nc17,
}

impl Rating {
    /// The rating as PostgreSQL writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::G => "G",
            Self::Pg => "PG",
            Self::Pg13 => "PG-13",
            Self::R => "R",
            Self::Nc17 => "NC-17",
        }
    }
}

impl FromParameter for Rating {
    fn from_parameter(text: &str) -> Result<Self, String> {
        let all = [Self::G, Self::Pg, Self::Pg13, Self::R, Self::Nc17];
        let rating = all.into_iter().find(|rating| rating.as_str() == text);
        rating.ok_or_else(|| "must be one of G, PG, PG-13, R, NC-17".to_owned())
    }
}

impl Item for Film {
    const FIELDS: &'static [&'static str] = &[
        "film_id",
        "title",
        "description",
        "release_year",
        "language",
        "language_id",
        "rental_duration",
        "rental_rate",
        "length",
        "replacement_cost",
        "rating",
        "special_features",
        "last_update",
        "streaming_available",
    ];
}

impl TryFrom<Row> for Film {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            film_id: row.try_get("film_id")?,
            title: row.try_get("title")?,
            description: row.try_get("description")?,
            release_year: row.try_get("release_year")?,
            language: row.try_get("language")?,
            language_id: row.try_get("language_id")?,
            rental_duration: row.try_get("rental_duration")?,
            rental_rate: row.try_get("rental_rate")?,
            length: row.try_get("length")?,
            replacement_cost: row.try_get("replacement_cost")?,
            rating: row.try_get("rating")?,
            special_features: row.try_get("special_features")?,
            last_update: row.try_get("last_update")?,
            streaming_available: row.try_get("streaming_available")?,
        })
    }
}
