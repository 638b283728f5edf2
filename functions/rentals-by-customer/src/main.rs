//! The function of `GET /customers/{customer_id}/rentals`.

use rentals_by_customer::{FIND_CUSTOMER, first_page, handler};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shared::RuntimeError> {
    shared::run(handler, &[&first_page(), FIND_CUSTOMER]).await
}
