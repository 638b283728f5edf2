//! A request: what API Gateway's HTTP API says of it.

use std::sync::Arc;

use lambda_http::{
    aws_lambda_events::apigw::{
        ApiGatewayRequestAuthorizerJwtDescription, ApiGatewayV2httpRequest,
    },
    http::{HeaderName, Method},
};
use percent_encoding::percent_decode_str;

use crate::{Error, Result, config::Authorization, parameters::Parameters};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request as API Gateway's HTTP API sends it (payload 2.0). Cloning it is cheap.
#[derive(Clone)]
pub struct Request {
    event: Arc<ApiGatewayV2httpRequest>,
    invocation: Arc<str>,
    authorization: Authorization,
}

impl Request {
    /// Reads the event `json` of the invocation with this id.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when it is no such event.
    pub(crate) fn parse(
        json: &str,
        invocation: &str,
        authorization: Authorization,
    ) -> Result<Self> {
        let mut event: ApiGatewayV2httpRequest = serde_json::from_str(json)
            .map_err(|_| Error::BadRequest("the event is not one of an HTTP API"))?;
        // The router of `cargo lambda watch` names no route and leaves the path encoded. API
        // Gateway, which decodes it, has path parameters only with a route that it names.
        if event.route_key.as_deref() == Some("$default") && !event.path_parameters.is_empty() {
            let encoded = event
                .path_parameters
                .values_mut()
                .chain(&mut event.raw_path);
            encoded
                .for_each(|text| *text = percent_decode_str(text).decode_utf8_lossy().into_owned());
        }
        Ok(Self {
            event: Arc::new(event),
            invocation: invocation.into(),
            authorization,
        })
    }

    /// What stands for an event that could not be read.
    pub(crate) fn unreadable(invocation: &str) -> Self {
        Self {
            event: Arc::default(),
            invocation: invocation.into(),
            authorization: Authorization::Jwt,
        }
    }

    /// The method: GET, HEAD, ….
    pub fn method(&self) -> &Method {
        &self.event.request_context.http.method
    }

    /// The path, decoded as API Gateway decodes it.
    pub fn path(&self) -> &str {
        self.event.raw_path.as_deref().unwrap_or_default()
    }

    /// The query string as it came.
    pub(crate) fn raw_query(&self) -> &str {
        self.event.raw_query_string.as_deref().unwrap_or_default()
    }

    /// The decoded path parameter of this name; empty where the route has none.
    pub fn path_parameter(&self, name: &str) -> &str {
        let text = self.event.path_parameters.get(name);
        text.map(String::as_str).unwrap_or_default()
    }

    /// A header's value, where it is there and is ASCII. API Gateway has joined what was repeated.
    pub fn header(&self, name: HeaderName) -> Option<&str> {
        self.event.headers.get(name)?.to_str().ok()
    }

    /// The id that names this request in its response: the client's x-request-id, or else the
    /// invocation's.
    pub fn id(&self) -> &str {
        self.client_id().unwrap_or(&self.invocation)
    }

    /// The client's x-request-id, where it is short enough to be a name: 1 to 128 characters.
    pub(crate) fn client_id(&self) -> Option<&str> {
        self.header(X_REQUEST_ID)
            .filter(|id| (1..=128).contains(&id.len()))
    }

    /// The id of the invocation, as Lambda's own log lines have it.
    pub(crate) fn invocation(&self) -> &str {
        &self.invocation
    }

    /// The name of the API's stage; None for the stage `$default`, which is in no URL.
    pub fn stage(&self) -> Option<&str> {
        let stage = self.event.request_context.stage.as_deref();
        stage.filter(|stage| *stage != "$default")
    }

    /// The route that matched, `ANY /films/{film_id}`.
    pub fn route(&self) -> &str {
        let route = self.event.request_context.route_key.as_deref();
        route.unwrap_or_default()
    }

    /// The parameters of path and query, to be taken one by one.
    pub fn parameters(&self) -> Parameters {
        Parameters::new(self.clone())
    }

    /// Lets the request pass where `allowed` holds of its claims, or nothing is asked for.
    ///
    /// The claims are those that API Gateway's JWT authorizer has verified; headers count nothing.
    ///
    /// # Errors
    /// [`Error::Unauthorized`] without claims, [`Error::Forbidden`] where they do not suffice.
    pub fn authorize(&self, allowed: impl FnOnce(Claims<'_>) -> bool) -> Result<()> {
        if self.authorization == Authorization::None {
            return Ok(());
        }
        let authorizer = self.event.request_context.authorizer.as_ref();
        match authorizer.and_then(|authorizer| authorizer.jwt.as_ref()) {
            None => Err(Error::Unauthorized),
            Some(jwt) if jwt.claims.is_empty() => Err(Error::Unauthorized),
            Some(jwt) if allowed(Claims(jwt)) => Ok(()),
            Some(_) => Err(Error::Forbidden),
        }
    }
}

/// The verified claims of a token.
pub struct Claims<'a>(&'a ApiGatewayRequestAuthorizerJwtDescription);

impl Claims<'_> {
    /// Whether the claim `name` is `value`, to the letter.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.0.claims.get(name).is_some_and(|claim| claim == value)
    }

    /// Whether `scope` is one of the words of the claim of that name.
    pub fn has_scope(&self, scope: &str) -> bool {
        let scopes = self.0.claims.get("scope");
        scopes.is_some_and(|scopes| scopes.split_whitespace().any(|word| word == scope))
    }
}
