//! A function whose handler panics, with the request's path in the message.

use shared::{Request, Response, Result, RuntimeError, Session};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), RuntimeError> {
    shared::run_without_database(handler).await
}

async fn handler(_: Session, request: Request) -> Result<Response> {
    panic!("{} is too much", request.path())
}
