//! A rental, as its customer sees it.

use serde::{Deserialize, Serialize};
use shared::{
    Error,
    list::Item,
    page::Key,
    parameter::{Moment, Parameter},
    statement::Bind,
    tokio_postgres::Row,
};
use time::{OffsetDateTime, serde::rfc3339};
use utoipa::ToSchema;

/// A film that was lent to a customer.
#[derive(Serialize, ToSchema)]
pub struct Rental {
    /// Its key.
    rental_id: i32,
    /// When it was lent.
    #[serde(with = "rfc3339")]
    rental_date: OffsetDateTime,
    /// When it must be back.
    #[serde(with = "rfc3339")]
    due_date: OffsetDateTime,
    /// When it came back; null as long as it is out.
    #[serde(with = "rfc3339::option")]
    #[schema(required = true)]
    return_date: Option<OffsetDateTime>,
    /// What has become of it.
    #[schema(value_type = Status)]
    status: String,
    /// The film.
    film_id: i32,
    /// The film's title.
    #[schema(example = "ACADEMY DINOSAUR")]
    title: String,
    /// The copy of the film.
    inventory_id: i32,
    /// Who lent it.
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

/// What orders rentals: two may begin at the same moment.
#[derive(Serialize, Deserialize)]
pub struct RentalKey {
    #[serde(with = "rfc3339")]
    pub rental_date: OffsetDateTime,
    pub rental_id: i32,
}

impl RentalKey {
    /// Whether a rental can be there. A forged key must not make the statement fail.
    pub fn is_a_place(&self) -> bool {
        Moment::new(self.rental_date).is_some()
    }
}

impl Key for RentalKey {
    fn values(&self) -> Vec<&dyn Bind> {
        vec![&self.rental_date, &self.rental_id]
    }
}

impl Rental {
    /// Its place in the list.
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

/// What has become of a rental.
#[derive(Clone, Copy, ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Status {
    /// It is back.
    Returned,
    /// It is out, and may be.
    Open,
    /// It is out, and should be back.
    Overdue,
}

impl Status {
    /// The condition under which rentals.sql gives this status.
    pub fn condition(self) -> &'static str {
        match self {
            Self::Returned => "rental.return_date IS NOT NULL",
            Self::Open => "rental.return_date IS NULL AND due.due_date >= now()",
            Self::Overdue => "rental.return_date IS NULL AND due.due_date < now()",
        }
    }
}

impl Parameter for Status {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "returned" => Ok(Self::Returned),
            "open" => Ok(Self::Open),
            "overdue" => Ok(Self::Overdue),
            _ => Err("must be returned, open or overdue".to_owned()),
        }
    }
}
