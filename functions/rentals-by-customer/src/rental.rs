//! A rental, as its customer sees it.

use serde::{Deserialize, Serialize};
use shared::{
    Error,
    database::Bind,
    http::types::{FromParameter, Moment},
    list::{Item, Key},
    tokio_postgres::Row,
};
use time::{OffsetDateTime, serde::rfc3339};
use utoipa::ToSchema;

/// A rental of a film by a customer.
#[derive(Serialize, ToSchema)]
pub struct Rental {
    /// The id of the rental.
    rental_id: i32,
    /// When the rental began.
    #[serde(with = "rfc3339")]
    rental_date: OffsetDateTime,
    /// When the film is due.
    #[serde(with = "rfc3339")]
    due_date: OffsetDateTime,
    /// When the film was returned; null until then.
    #[serde(with = "rfc3339::option")]
    #[schema(required = true)]
    return_date: Option<OffsetDateTime>,
    /// The state of the rental.
    #[schema(value_type = Status)]
    status: String,
    /// The id of the film.
    film_id: i32,
    /// The title of the film.
    #[schema(example = "ACADEMY DINOSAUR")]
    title: String,
    /// The id of the copy that was rented.
    inventory_id: i32,
    /// The id of the member of staff.
    staff_id: i32,
}

impl Item for Rental {
    const FIELDS: &'static [&'static str] = &[
        "rental_id",
        "rental_date",
        "due_date",
        "return_date",
        "status",
        "film_id",
        "title",
        "inventory_id",
        "staff_id",
    ];
}

/// The place of a rental in the list. Several may begin at the same moment.
#[derive(Serialize, Deserialize)]
pub struct RentalKey {
    #[serde(with = "rfc3339")]
    pub rental_date: OffsetDateTime,
    pub rental_id: i32,
}

impl RentalKey {
    /// Whether PostgreSQL can represent it. A cursor may be forged.
    pub fn is_valid(&self) -> bool {
        Moment::new(self.rental_date).is_some()
    }
}

impl Key for RentalKey {
    fn values(&self) -> Vec<&dyn Bind> {
        vec![&self.rental_date, &self.rental_id]
    }
}

impl Rental {
    /// The place in the list.
    pub fn key(&self) -> RentalKey {
        RentalKey {
            rental_date: self.rental_date,
            rental_id: self.rental_id,
        }
    }
}

impl TryFrom<Row> for Rental {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            rental_id: row.try_get("rental_id")?,
            rental_date: row.try_get("rental_date")?,
            due_date: row.try_get("due_date")?,
            return_date: row.try_get("return_date")?,
            status: row.try_get("status")?,
            film_id: row.try_get("film_id")?,
            title: row.try_get("title")?,
            inventory_id: row.try_get("inventory_id")?,
            staff_id: row.try_get("staff_id")?,
        })
    }
}

/// The state of a rental.
#[derive(Clone, Copy, ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Status {
    /// The film was returned.
    Returned,
    /// The film is not due yet.
    Open,
    /// The film is overdue.
    Overdue,
}

impl Status {
    /// The condition for which rentals.sql computes this status.
    pub fn condition(self) -> &'static str {
        match self {
            Self::Returned => "rental.return_date IS NOT NULL",
            Self::Open => "rental.return_date IS NULL AND due.due_date >= now()",
            Self::Overdue => "rental.return_date IS NULL AND due.due_date < now()",
        }
    }
}

impl FromParameter for Status {
    fn from_parameter(text: &str) -> Result<Self, String> {
        match text {
            "returned" => Ok(Self::Returned),
            "open" => Ok(Self::Open),
            "overdue" => Ok(Self::Overdue),
            _ => Err("must be one of returned, open, overdue".to_owned()),
        }
    }
}
