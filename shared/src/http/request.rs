//! A request, as API Gateway's HTTP API describes it.

use std::sync::Arc;

use lambda_http::{
    aws_lambda_events::apigw::ApiGatewayV2httpRequest,
    http::{HeaderName, Method, header::ACCEPT},
};
use percent_encoding::percent_decode_str;

use super::{negotiation, parameters::Parameters, types::FromParameter};
use crate::{Error, Result, config::Authorization};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request from API Gateway's HTTP API (payload 2.0). Cloning it is cheap.
#[derive(Clone)]
pub struct Request {
    event: Arc<ApiGatewayV2httpRequest>,
    invocation: Arc<str>,
    authorization: Authorization,
}

/// A request that a function sends itself at start-up. It should find as little as possible.
#[derive(Clone, Copy, Debug, Default)]
pub struct WarmUp {
    /// The path parameters.
    pub path: &'static [(&'static str, &'static str)],
    /// The query string.
    pub query: &'static str,
}

impl Request {
    /// Reads the event `json` of the invocation with this id.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when it is not an event of an HTTP API.
    pub(crate) fn parse(
        json: &str,
        invocation: &str,
        authorization: &Authorization,
    ) -> Result<Self> {
        let mut event: ApiGatewayV2httpRequest = serde_json::from_str(json)
            .map_err(|_| Error::BadRequest("the event is not a request of an HTTP API"))?;
        // The router of `cargo lambda watch` calls every route $default and leaves the path
        // encoded. API Gateway decodes it, and has path parameters only with a named route.
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
            authorization: authorization.clone(),
        })
    }

    /// Stands for an event that could not be read.
    pub(crate) fn unreadable(invocation: &str) -> Self {
        Self {
            event: Arc::default(),
            invocation: invocation.into(),
            authorization: Authorization::default(),
        }
    }

    /// The request of a start-up, which is allowed everything.
    pub(crate) fn warm_up(warm_up: &WarmUp) -> Self {
        let mut event = ApiGatewayV2httpRequest::default();
        let path = warm_up.path.iter();
        event.path_parameters = path
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        event.raw_query_string = Some(warm_up.query.to_owned());
        Self {
            event: Arc::new(event),
            invocation: "start-up".into(),
            authorization: Authorization::None,
        }
    }

    /// The method: GET, HEAD, ….
    pub fn method(&self) -> &Method {
        &self.event.request_context.http.method
    }

    /// The path as it reached API Gateway, decoded. It starts with the name of the stage, unless
    /// that is `$default`, and lacks the API mapping of a custom domain.
    pub fn raw_path(&self) -> &str {
        self.event.raw_path.as_deref().unwrap_or_default()
    }

    /// The path within the API, decoded: without the name of a stage.
    pub fn path(&self) -> &str {
        let path = self.raw_path();
        let within = self
            .stage()
            .and_then(|stage| path.strip_prefix('/')?.strip_prefix(stage));
        match within {
            Some("") => "/",
            Some(within) if within.starts_with('/') => within,
            _ => path,
        }
    }

    /// The name of the API's stage; None for `$default`, which is in no URL.
    pub fn stage(&self) -> Option<&str> {
        let stage = self.event.request_context.stage.as_deref();
        stage.filter(|stage| *stage != "$default")
    }

    /// The route that matched, `ANY /films/{film_id}`.
    pub fn route(&self) -> &str {
        let route = self.event.request_context.route_key.as_deref();
        route.unwrap_or_default()
    }

    /// The query string as it was sent.
    fn raw_query(&self) -> &str {
        self.event.raw_query_string.as_deref().unwrap_or_default()
    }

    /// The decoded path parameter of this name; empty if the route has none.
    pub fn path_parameter(&self, name: &str) -> &str {
        let text = self.event.path_parameters.get(name);
        text.map(String::as_str).unwrap_or_default()
    }

    /// A header's value, if it was sent and is ASCII. API Gateway joins repeated headers.
    pub fn header(&self, name: HeaderName) -> Option<&str> {
        self.event.headers.get(name)?.to_str().ok()
    }

    /// The id that the response's x-request-id has: the client's, or else the invocation's.
    pub(crate) fn echoed_id(&self) -> &str {
        self.client_id().unwrap_or(&self.invocation)
    }

    /// The client's x-request-id, if it has 1 to 128 characters.
    pub(crate) fn client_id(&self) -> Option<&str> {
        self.header(X_REQUEST_ID)
            .filter(|id| (1..=128).contains(&id.len()))
    }

    /// The id of the invocation, which Lambda's own log lines have as well.
    pub(crate) fn invocation(&self) -> &str {
        &self.invocation
    }

    /// The id that API Gateway's access log has.
    pub(crate) fn gateway_id(&self) -> Option<&str> {
        self.event.request_context.request_id.as_deref()
    }

    /// Reads the parameters of path and query by `read`, and checks that there are no others.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every violation.
    pub fn read<T>(&self, read: impl FnOnce(&mut Parameters) -> T) -> Result<T> {
        let path = &self.event.path_parameters;
        let mut parameters = Parameters::new(self.raw_path(), path, self.raw_query());
        let value = read(&mut parameters);
        parameters.finish()?;
        Ok(value)
    }

    /// Checks that the Accept header allows this media type.
    ///
    /// # Errors
    /// [`Error::NotAcceptable`] when it does not.
    pub fn accept(&self, media_type: &'static str) -> Result<()> {
        match negotiation::accepts(self.header(ACCEPT), media_type) {
            true => Ok(()),
            false => Err(Error::NotAcceptable(media_type)),
        }
    }

    /// Checks that the request may read the rentals of this customer: its token is the customer's,
    /// or has the scope for every customer. Only claims count that API Gateway's JWT authorizer has
    /// verified.
    ///
    /// # Errors
    /// [`Error::Unauthorized`] without claims, [`Error::Forbidden`] when they do not suffice.
    pub fn authorize_rentals(&self, customer_id: Option<i32>) -> Result<()> {
        let Authorization::Jwt {
            customer_claim,
            rentals_scope,
        } = &self.authorization
        else {
            return Ok(());
        };
        let authorizer = self.event.request_context.authorizer.as_ref();
        let jwt = authorizer.and_then(|authorizer| authorizer.jwt.as_ref());
        let claims = jwt.map(|jwt| &jwt.claims).filter(|all| !all.is_empty());
        let claims = claims.ok_or(Error::Unauthorized)?;
        let customer = claims.get(&**customer_claim);
        let is_own = customer_id.is_some_and(|id| customer == Some(&id.to_string()));
        let scopes = claims.get("scope").into_iter();
        let mut scopes = scopes.flat_map(|scopes| scopes.split_whitespace());
        match is_own || scopes.any(|scope| *scope == **rentals_scope) {
            true => Ok(()),
            false => Err(Error::Forbidden),
        }
    }

    /// The path parameter `name`, if it is valid. [`Request::read`] reports it if it is not.
    pub fn valid_path_parameter<T: FromParameter>(&self, name: &str) -> Option<T> {
        T::from_parameter(self.path_parameter(name)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_segment_is_the_stage() {
        let path = |stage: &str, path: &str| {
            let mut event = ApiGatewayV2httpRequest::default();
            event.raw_path = Some(path.to_owned());
            event.request_context.stage = Some(stage.to_owned());
            let request = Request {
                event: Arc::new(event),
                ..Request::unreadable("id")
            };
            request.path().to_owned()
        };
        for (raw, expected) in [
            ("/prod", "/"),
            ("/prod/", "/"),
            ("/prod/docs", "/docs"),
            ("/prod/prod/docs", "/prod/docs"),
            ("/product", "/product"),
            ("/docs", "/docs"),
            ("", ""),
        ] {
            assert_eq!(path("prod", raw), expected, "{raw}");
            assert_eq!(path("$default", raw), raw);
        }
    }
}
