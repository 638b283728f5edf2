//! A request, and its parameters parsed into types.

use std::{borrow::Cow, sync::Arc};

use lambda_http::aws_lambda_events::apigw::{
    ApiGatewayRequestAuthorizerJwtDescription, ApiGatewayV2httpRequest,
};
use percent_encoding::percent_decode_str;
use time::{
    Date, OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description,
};

use crate::{Error, Result, Violation, config::Authorization};

/// A value that a parameter can be parsed into.
pub trait Parameter: Sized {
    /// Parses the decoded text of a parameter.
    ///
    /// # Errors
    /// What the parameter must be, to be read after its name: `must be 1 to 100`.
    fn parse(text: &str) -> Result<Self, String>;
}

/// A request as API Gateway's HTTP API sends it (payload 2.0). Cloning it is cheap.
#[derive(Clone)]
pub struct Request {
    event: Arc<ApiGatewayV2httpRequest>,
    id: Arc<str>,
    authorization: Authorization,
}

impl Request {
    /// Reads the event `json` of the invocation `id`.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when it is no such event.
    pub fn parse(json: &str, id: &str, authorization: Authorization) -> Result<Self> {
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
        let (event, id) = (Arc::new(event), id.into());
        Ok(Self {
            event,
            id,
            authorization,
        })
    }

    /// What stands for an event that could not be read.
    pub(crate) fn unreadable(id: &str) -> Self {
        let (event, id) = (Arc::default(), id.into());
        Self {
            event,
            id,
            authorization: Authorization::Jwt,
        }
    }

    /// The path, decoded as API Gateway decodes it.
    pub fn path(&self) -> &str {
        self.event.raw_path.as_deref().unwrap_or_default()
    }

    /// The invocation's request id, which the logs have too.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The route that matched, `GET /films/{film_id}`.
    pub fn route(&self) -> &str {
        let route = self.event.request_context.route_key.as_deref();
        route.unwrap_or_default()
    }

    /// The path parameter `name`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with what it must be.
    pub fn path_parameter<T: Parameter>(&self, name: &'static str) -> Result<T> {
        let text = self.event.path_parameters.get(name);
        let text = text.map(String::as_str).unwrap_or_default();
        T::parse(text)
            .map_err(|reason| Error::Invalid(vec![Violation::new("path", name, reason, text)]))
    }

    /// The query's parameters, to be taken one by one.
    pub fn query(&self) -> Query {
        Query::parse(self.event.raw_query_string.as_deref().unwrap_or_default())
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

/// The parameters of a query string. What is wrong with them is collected, and told at the end.
pub struct Query {
    parameters: Vec<(String, String)>,
    known: Vec<&'static str>,
    violations: Vec<Violation>,
}

impl Query {
    fn parse(raw: &str) -> Self {
        let mut query = Self {
            parameters: vec![],
            known: vec![],
            violations: vec![],
        };
        for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match (decode(name), decode(value)) {
                (Some(name), Some(value)) => query.parameters.push((name, value)),
                _ => query.violate(name, "must be percent-encoded UTF-8", value),
            }
        }
        query
    }

    /// Takes the parameter `name`, where it is given and right.
    pub fn take<T: Parameter>(&mut self, name: &'static str) -> Option<T> {
        self.known.push(name);
        let mut given = self.parameters.iter().filter(|(key, _)| key == name);
        let (_, text) = given.next()?;
        let parsed = match given.next() {
            Some(_) => Err("must be given once".to_owned()),
            None => T::parse(text),
        };
        match parsed {
            Ok(value) => Some(value),
            Err(reason) => {
                let text = text.clone();
                self.violate(name, reason, &text);
                None
            }
        }
    }

    /// Whether the parameter `name` is given, right or wrong.
    pub fn has(&self, name: &str) -> bool {
        self.parameters.iter().any(|(key, _)| key == name)
    }

    /// Notes a violation that no type can find.
    pub fn violate(&mut self, name: &str, reason: impl Into<String>, value: &str) {
        self.violations
            .push(Violation::new("query", name, reason, value));
    }

    /// The decoded parameters, other than `names`.
    pub(crate) fn others(&self, names: &[&str]) -> impl Iterator<Item = &(String, String)> {
        self.parameters
            .iter()
            .filter(move |(key, _)| !names.contains(&key.as_str()))
    }

    /// Ends the query: whatever has not been taken is unknown.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every violation of the query.
    pub fn finish(mut self) -> Result<()> {
        let known = self.known.join(", ");
        for (name, value) in std::mem::take(&mut self.parameters) {
            if !self.known.contains(&name.as_str()) {
                let reason = match self.known.is_empty() {
                    true => "is unknown: there are no parameters here".to_owned(),
                    false => format!("is unknown: the parameters are {known}"),
                };
                self.violate(&name, reason, &value);
            }
        }
        match self.violations.is_empty() {
            true => Ok(()),
            false => Err(Error::Invalid(self.violations)),
        }
    }
}

/// `application/x-www-form-urlencoded`, but never lossy.
fn decode(text: &str) -> Option<String> {
    let text = text.replace('+', " ");
    percent_decode_str(&text)
        .decode_utf8()
        .map(Cow::into_owned)
        .ok()
}

impl Parameter for i32 {
    fn parse(text: &str) -> Result<Self, String> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let number = digits
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| text.parse().ok());
        number
            .flatten()
            .ok_or_else(|| "must be a 32-bit integer".to_owned())
    }
}

/// A whole number from `FROM` to `TO`.
#[derive(Clone, Copy, Debug)]
pub struct Within<const FROM: i64, const TO: i64>(pub i64);

impl<const FROM: i64, const TO: i64> Parameter for Within<FROM, TO> {
    fn parse(text: &str) -> Result<Self, String> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.then(|| text.parse().ok()).flatten();
        match number {
            Some(number) if (FROM..=TO).contains(&number) => Ok(Self(number)),
            _ => Err(format!("must be a whole number from {FROM} to {TO}")),
        }
    }
}

/// Text that a person has typed: 1 to 255 characters, and none that PostgreSQL cannot hold.
#[derive(Clone, Debug)]
pub struct Text(pub String);

impl Parameter for Text {
    fn parse(text: &str) -> Result<Self, String> {
        const LONGEST: usize = 255;
        // U+FFFD is what API Gateway makes of bytes in a path that are not UTF-8.
        match text.chars().count() {
            1..=LONGEST if !text.contains(['\0', '\u{FFFD}']) => Ok(Self(text.to_owned())),
            1..=LONGEST => Err("must be UTF-8 without NUL".to_owned()),
            count => Err(format!("must be 1 to {LONGEST} characters, not {count}")),
        }
    }
}

impl Text {
    /// The text as part of a LIKE pattern, in which `%`, `_` and `\` are themselves.
    pub fn escape_like(&self) -> String {
        let mut pattern = String::with_capacity(self.0.len());
        for character in self.0.chars() {
            if matches!(character, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(character);
        }
        pattern
    }
}

/// A moment: RFC 3339, or a date, which is its midnight in UTC.
impl Parameter for OffsetDateTime {
    fn parse(text: &str) -> Result<Self, String> {
        let date = || {
            Date::parse(text, format_description!("[year]-[month]-[day]"))
                .map(|date| date.midnight().assume_utc())
        };
        let moment = OffsetDateTime::parse(text, &Rfc3339).or_else(|_| date());
        // A sign before the year leads to where PostgreSQL has no moments.
        let moment = moment.ok().filter(|moment| moment.year() >= 0);
        moment.ok_or_else(|| {
            "must be RFC 3339 (2022-05-24T22:53:30Z) or a date (2022-05-24)".to_owned()
        })
    }
}
