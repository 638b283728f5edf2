//! HTTP to AWS.

use std::{error::Error, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use shared::RuntimeError;

const CONNECT: Duration = Duration::from_secs(5);
/// Below the 350 s after which a silent connection is forgotten on the way. migrate may be at work
/// for longer before it answers.
const KEEPALIVE: Duration = Duration::from_secs(60);

/// An HTTP client. Cloning it is cheap.
#[derive(Clone)]
pub struct Http(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl Http {
    pub fn new() -> Result<Self, RuntimeError> {
        let tls = shared::tls().map_err(|error| format!("TLS: {error:?}"))?;
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_connect_timeout(Some(CONNECT));
        tcp.set_keepalive(Some(KEEPALIVE));
        tcp.set_keepalive_interval(Some(KEEPALIVE));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let client = Client::builder(TokioExecutor::new())
            // Requests are minutes apart.
            .pool_max_idle_per_host(0)
            .build(connector);
        Ok(Self(client))
    }

    /// Sends a request, once, and reads the whole response. No time limit.
    ///
    /// # Errors
    /// The causes, without the URL.
    pub async fn send(&self, request: Request<Full<Bytes>>) -> Result<Response<Bytes>, String> {
        let response = self.0.request(request).await;
        let (head, body) = response.map_err(|error| causes(&error))?.into_parts();
        let body = body.collect().await.map_err(|error| causes(&error))?;
        Ok(Response::from_parts(head, body.to_bytes()))
    }
}

fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text += &format!(": {cause}");
        source = cause.source();
    }
    text
}
