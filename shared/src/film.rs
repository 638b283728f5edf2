//! A film, as every endpoint that answers with films shows it.

use serde::Serialize;
use time::OffsetDateTime;
use tokio_postgres::Row;
use utoipa::{IntoParams, ToSchema};

use crate::{
    Error,
    json::Json,
    list::{Item, fields_schema},
    page::Order,
};

/// SELECT and FROM of [`Film`]; conditions on `film` and `language` may follow.
pub const SELECT: &str = include_str!("film.sql");

/// By film_id, which no two films share.
pub const BY_ID: Order = Order {
    by: "ORDER BY film.film_id",
    after: "film.film_id > $",
};

/// A film of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub struct Film {
    /// Its key.
    pub film_id: i32,
    /// In capitals, as Pagila has it.
    pub title: String,
    /// A sentence about it.
    pub description: Option<String>,
    /// The year of its release.
    pub release_year: Option<i32>,
    /// The language's name, without padding.
    pub language: String,
    /// The language's key.
    pub language_id: i32,
    /// Days that it may be kept.
    pub rental_duration: i16,
    /// The price of a rental.
    #[schema(value_type = f64, minimum = 0, example = 4.99)]
    pub rental_rate: Json,
    /// Minutes.
    pub length: Option<i16>,
    /// The price of a lost copy.
    #[schema(value_type = f64, minimum = 0, example = 19.99)]
    pub replacement_cost: Json,
    /// G, PG, PG-13, R or NC-17.
    pub rating: Option<String>,
    /// What is on the disc beside the film.
    pub special_features: Option<Vec<String>>,
    /// When its row was last changed, RFC 3339 in UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub last_update: OffsetDateTime,
    /// Whether it can be streamed.
    pub streaming_available: bool,
}

/// Which fields.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FilmFields {
    /// The fields of each item, between commas; without it, all of them.
    #[param(schema_with = fields_schema::<Film>, style = Form, explode = false, example = json!(["film_id", "title"]))]
    pub fields: Option<Vec<String>>,
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
