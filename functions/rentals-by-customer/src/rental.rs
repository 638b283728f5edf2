//! A rental, as its customer sees it.

use serde::{Deserialize, Serialize};
use shared::{Error, request::Parameter, tokio_postgres::Row};
use time::{OffsetDateTime, serde::rfc3339};

/// A film that was lent to a customer.
#[derive(Serialize)]
pub struct Rental {
    rental_id: i32,
    #[serde(with = "rfc3339")]
    rental_date: OffsetDateTime,
    #[serde(with = "rfc3339")]
    due_date: OffsetDateTime,
    #[serde(with = "rfc3339::option")]
    return_date: Option<OffsetDateTime>,
    status: String,
    film_id: i32,
    title: String,
    inventory_id: i32,
    staff_id: i32,
}

/// What orders rentals: two may begin at the same moment.
#[derive(Serialize, Deserialize)]
pub struct RentalKey {
    #[serde(with = "rfc3339")]
    pub rental_date: OffsetDateTime,
    pub rental_id: i32,
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

/// A filter: what has become of a rental.
#[derive(Clone, Copy)]
pub enum Status {
    Returned,
    Open,
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
