//! A film, as every endpoint that answers with films shows it.

use serde::Serialize;
use time::OffsetDateTime;
use tokio_postgres::Row;
use utoipa::ToSchema;

use crate::{Error, json::Json, list::Item, page::Order, parameter::Parameter};

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
    #[schema(required = true)]
    pub description: Option<String>,
    /// The year of its release.
    #[schema(required = true)]
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
    #[schema(required = true)]
    pub length: Option<i16>,
    /// The price of a lost copy.
    #[schema(value_type = f64, minimum = 0, example = 19.99)]
    pub replacement_cost: Json,
    /// Who may see it.
    #[schema(required = true, value_type = Option<Rating>)]
    pub rating: Option<String>,
    /// What is on the disc beside the film.
    #[schema(required = true)]
    pub special_features: Option<Vec<String>>,
    /// When its row was last changed, RFC 3339 in UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub last_update: OffsetDateTime,
    /// Whether it can be streamed.
    pub streaming_available: bool,
}

/// Who may see a film, by the Motion Picture Association.
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
    /// As PostgreSQL writes it.
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

impl Parameter for Rating {
    fn parse(text: &str) -> Result<Self, String> {
        let all = [Self::G, Self::Pg, Self::Pg13, Self::R, Self::Nc17];
        let rating = all.into_iter().find(|rating| rating.as_str() == text);
        rating.ok_or_else(|| "must be of G, PG, PG-13, R, NC-17".to_owned())
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
