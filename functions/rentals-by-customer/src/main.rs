//! The function of `GET /customers/{customer_id}/rentals`.

use shared::WarmUp;

const UNKNOWN_CUSTOMER: WarmUp = WarmUp {
    path: &[("customer_id", "0")],
    query: "limit=1",
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), shared::RuntimeError> {
    shared::run(rentals_by_customer::handler, &[UNKNOWN_CUSTOMER]).await
}
