//! `GET /customers/{customer_id}/rentals`: what a customer has rented, newest first.

mod rental;

use rental::{Rental, RentalKey, Status};
use shared::{
    Database, Error, Request, Response, Result, RuntimeError, page::Page, statement::Statement,
};
use time::OffsetDateTime;

const RENTALS: &str = include_str!("rentals.sql");
const FIND_CUSTOMER: &str = include_str!("find_customer.sql");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RuntimeError> {
    let first_page = rentals(&0, &Filters::default(), &Page::first())
        .sql()
        .to_owned();
    shared::run(handler, &[first_page.as_str(), FIND_CUSTOMER]).await
}

#[derive(Default)]
struct Filters {
    status: Option<Status>,
    from: Option<OffsetDateTime>,
    to: Option<OffsetDateTime>,
}

async fn handler(database: Database, request: Request) -> Result<Response> {
    let customer_id: i32 = request.path_parameter("customer_id")?;
    request.authorize(|claims| {
        claims.has("customer_id", &customer_id.to_string()) || claims.has_scope("rentals:read")
    })?;
    let mut query = request.query();
    let filters = Filters {
        status: query.take("status"),
        from: query.take("from"),
        to: query.take("to"),
    };
    if let (Some(from), Some(to)) = (filters.from, filters.to)
        && from >= to
    {
        query.violate("to", "must be after from", &to.to_string());
    }
    let page = Page::take(&mut query, &request);
    query.finish()?;

    let rentals = rentals(&customer_id, &filters, &page);
    let rows = database.query(rentals.sql(), rentals.parameters()).await?;
    if rows.is_empty() {
        let customer = database.query_opt(FIND_CUSTOMER, &[&customer_id]).await?;
        customer.ok_or(Error::NotFound("customer"))?;
    }
    page.respond(rows, Rental::key)
}

fn rentals<'a>(
    customer_id: &'a i32,
    filters: &'a Filters,
    page: &'a Page<RentalKey>,
) -> Statement<'a> {
    let mut rentals = Statement::new(RENTALS);
    rentals.filter("rental.customer_id = $", &[customer_id]);
    if let Some(status) = &filters.status {
        rentals.filter(status.condition(), &[]);
    }
    if let Some(from) = &filters.from {
        rentals.filter("rental.rental_date >= $", &[from]);
    }
    if let Some(to) = &filters.to {
        rentals.filter("rental.rental_date < $", &[to]);
    }
    if let Some(key) = &page.after {
        let after = "(rental.rental_date, rental.rental_id) < ($, $)";
        rentals.filter(after, &[&key.rental_date, &key.rental_id]);
    }
    let order = "ORDER BY rental.rental_date DESC, rental.rental_id DESC LIMIT $ OFFSET $";
    rentals.end(order, &[&page.rows, &page.skip]);
    rentals
}
