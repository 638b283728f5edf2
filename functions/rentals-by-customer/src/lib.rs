//! `GET /customers/{customer_id}/rentals`: what a customer has rented, newest first.

mod rental;

pub use rental::{Rental, Status};

use rental::RentalKey;
use shared::{
    Database, Error, Parameters, Request, Response, Result,
    list::{Fields, List, Nothing},
    page::{Order, Page, Paging},
    parameter::Moment,
    response::Caching,
    statement::Statement,
};
use utoipa::IntoParams;

const RENTALS: &str = include_str!("rentals.sql");
/// Finds out whether there is a customer.
pub const FIND_CUSTOMER: &str = include_str!("find_customer.sql");

const NEWEST_FIRST: Order = Order {
    by: "ORDER BY rental.rental_date DESC, rental.rental_id DESC",
    after: "(rental.rental_date, rental.rental_id) < ($, $)",
};

/// Which rentals of a customer.
#[derive(Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    /// What has become of them.
    #[param(inline, example = "returned")]
    status: Option<Status>,
    /// Rented at this moment or later: RFC 3339, or a date, which is its midnight in UTC.
    #[param(inline, example = "2022-06-01")]
    from: Option<Moment>,
    /// Rented before this moment, which must be after `from`.
    #[param(inline, example = "2022-07-01T00:00:00Z")]
    to: Option<Moment>,
}

impl Filters {
    fn take(parameters: &mut Parameters) -> Self {
        let filters = Self {
            status: parameters.take("status"),
            from: parameters.take("from"),
            to: parameters.take("to"),
        };
        if let (Some(from), Some(to)) = (filters.from, filters.to)
            && from >= to
        {
            parameters.violate("to", "must be after from", &to.0.to_string());
        }
        filters
    }
}

/// The statement of a request for a first page.
pub fn first_page() -> String {
    let filters = Filters::default();
    let rentals = rentals(&0, &filters);
    Page::<RentalKey>::first().of(&rentals, NEWEST_FIRST).sql()
}

/// What a customer has rented, newest first
///
/// This is personal: only a token lets it be read whose `customer_id` is this customer's, or whose
/// `scope` has the word `rentals:read`.
#[utoipa::path(
    get, path = "/customers/{customer_id}/rentals", operation_id = "rentals_by_customer", tag = "rentals",
    params(
        ("customer_id" = i32, Path, description = "The customer's key.", example = 1),
        Filters,
        Fields<Rental>,
        Paging,
    ),
    responses((status = 200, description = "A page of the rentals.", body = List<Rental>)),
    security(("token" = ["rentals:read"]))
)]
pub async fn handler(database: Database, request: Request) -> Result<Response> {
    let mut parameters = request.parameters();
    let customer_id: Option<i32> = parameters.path("customer_id");
    request.authorize(|claims| {
        let own = |id: i32| claims.has("customer_id", &id.to_string());
        customer_id.is_some_and(own) || claims.has_scope("rentals:read")
    })?;
    let filters = Filters::take(&mut parameters);
    let page = Page::take::<Rental>(&mut parameters, RentalKey::is_a_place);
    let customer_id = parameters.finish_with(customer_id)?;

    let rentals = rentals(&customer_id, &filters);
    let found = page.fetch(&database, &rentals, NEWEST_FIRST).await?;
    if found.rows.is_empty() {
        let customer = database.query_opt(FIND_CUSTOMER, &[&customer_id]).await?;
        customer.ok_or(Error::NotFound("customer"))?;
    }
    page.respond(found, Rental::key, Nothing {}, Caching::Private)
}

fn rentals<'a>(customer_id: &'a i32, filters: &'a Filters) -> Statement<'a> {
    let mut rentals = Statement::new(RENTALS);
    rentals.filter("rental.customer_id = $", &[customer_id]);
    if let Some(status) = filters.status {
        rentals.filter(status.condition(), &[]);
    }
    if let Some(Moment(from)) = &filters.from {
        rentals.filter("rental.rental_date >= $", &[from]);
    }
    if let Some(Moment(to)) = &filters.to {
        rentals.filter("rental.rental_date < $", &[to]);
    }
    rentals
}
