//! `GET /customers/{customer_id}/rentals`: the rentals of a customer, newest first.

mod rental;

pub use rental::{Rental, Status};

use rental::RentalKey;
use shared::{
    Error, Parameters, Request, Response, Result, Session,
    database::{Select, Sql},
    documentation::Paging,
    http::{response::Caching, types::Moment},
    list::{Fields, List, Nothing, Order, Page},
    sql,
};
use utoipa::IntoParams;

const RENTALS: Sql = sql!("rentals.sql");
const FIND_CUSTOMER: Sql = sql!("find_customer.sql");

const NEWEST_FIRST: Order = Order {
    by: "ORDER BY rental.rental_date DESC, rental.rental_id DESC",
    after: "(rental.rental_date, rental.rental_id) < ($1, $2)",
    ahead: None,
};

/// Which rentals of a customer.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filters {
    /// The state of the rental.
    #[param(inline, example = "returned")]
    status: Option<Status>,
    /// Only rentals at or after this moment: RFC 3339, or a date, which means its midnight in UTC.
    #[param(inline, example = "2022-06-01")]
    from: Option<Moment>,
    /// Only rentals before this moment, which must be after `from`.
    #[param(inline, example = "2022-07-01T00:00:00Z")]
    to: Option<Moment>,
}

impl Filters {
    fn read(parameters: &mut Parameters) -> Self {
        let filters = Self {
            status: parameters.query("status"),
            from: parameters.query("from"),
            to: parameters.query("to"),
        };
        if let (Some(from), Some(to)) = (filters.from, filters.to)
            && from >= to
        {
            parameters.violate("to", "must be after from", &to.0.to_string());
        }
        filters
    }
}

/// List the rentals of a customer
///
/// Returns the newest rental first. The data is personal: a token is required whose `customer_id`
/// is this customer's or whose `scope` contains `rentals:read`. A deployment can give both other
/// names.
#[utoipa::path(
    get, path = "/customers/{customer_id}/rentals", operation_id = "rentals_by_customer", tag = "rentals",
    params(
        ("customer_id" = i32, Path, description = "The id of the customer.", example = 1),
        Filters,
        Fields<Rental>,
        Paging,
    ),
    responses((status = 200, description = "A page of rentals.", body = List<Rental>)),
    security(("token" = ["rentals:read"]))
)]
pub async fn handler(session: Session, request: Request) -> Result<Response> {
    let customer_id: Option<i32> = request.valid_path_parameter("customer_id");
    request.authorize_rentals(customer_id)?;
    let (customer_id, filters, page) = request.read(|parameters| {
        let customer_id: i32 = parameters.path("customer_id");
        let filters = Filters::read(parameters);
        let page = Page::read::<Rental>(parameters, RentalKey::is_valid);
        (customer_id, filters, page)
    })?;
    let rentals = rentals(&customer_id, &filters);
    let found = page.fetch(&session, &rentals, NEWEST_FIRST).await?;
    if found.is_empty() {
        let customer = session.query_opt(FIND_CUSTOMER, &[&customer_id]).await?;
        customer.ok_or(Error::NotFound("customer"))?;
    }
    page.respond(found, Rental::key, Nothing {}, Caching::Private)
}

fn rentals<'a>(customer_id: &'a i32, filters: &'a Filters) -> Select<'a> {
    let mut rentals = Select::new(RENTALS);
    rentals.filter("rental.customer_id = $1", &[customer_id]);
    if let Some(status) = filters.status {
        rentals.filter(status.condition(), &[]);
    }
    if let Some(Moment(from)) = &filters.from {
        rentals.filter("rental.rental_date >= $1", &[from]);
    }
    if let Some(Moment(to)) = &filters.to {
        rentals.filter("rental.rental_date < $1", &[to]);
    }
    rentals
}
