//! A proxy that serves the API under a prefix, as an API mapping of a custom domain does.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use tokio::net::TcpListener;

/// Serves the API at `upstream` under `prefix`, such as `/v1`, for as long as the test runs.
/// Returns the URL of the prefix.
pub async fn start(upstream: &str, prefix: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let upstream = upstream.to_owned();
    let client = reqwest::Client::new();
    // The nested router gets the path without the prefix.
    let api = Router::new().fallback(async move |request: Request| -> Response {
        let url = format!("{upstream}{}", request.uri());
        let response = client.get(url).send().await.expect("an answer");
        axum::http::Response::from(response).map(Body::new)
    });
    let router = Router::new().nest(prefix, api);
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}{prefix}")
}
