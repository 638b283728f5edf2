//! A function as its clients know it: requests in, responses out.

use std::io::Read;

use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::read::GzDecoder;
use local::lambda::Function;
use serde_json::Value;

use super::{
    Database, event,
    route::{self, Route},
    start_function,
};

/// An instance of an HTTP function with a database of its own.
pub struct Api {
    pub database: Database,
    pub function: Function,
    routes: Vec<Route>,
}

/// A response.
#[derive(Clone, Debug)]
pub struct Answer {
    pub url: String,
    pub status: u64,
    pub headers: Value,
    pub body: Value,
    /// The body as it came, where digits matter; unpacked.
    pub text: String,
}

fn inflate(base64: &str) -> String {
    let packed = STANDARD.decode(base64).expect("base64");
    let mut text = String::new();
    GzDecoder::new(packed.as_slice())
        .read_to_string(&mut text)
        .expect("gzip");
    text
}

impl Api {
    /// Starts `function` on a database with the sample data.
    pub async fn start(function: &str) -> Self {
        Self::start_with(function, &[]).await
    }

    /// Starts `function` with other variables than the local stack gives it.
    pub async fn start_with(function: &str, variables: &[(&str, &str)]) -> Self {
        Self::start_on(Database::sample().await, function, variables).await
    }

    /// Starts `function` on this database; an empty value unsets a variable.
    pub async fn start_on(database: Database, function: &str, variables: &[(&str, &str)]) -> Self {
        let mut environment = database.environment(function).await;
        environment.retain(|(name, _)| !variables.iter().any(|(other, _)| name == other));
        let given = variables.iter().filter(|(_, value)| !value.is_empty());
        environment.extend(given.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let routes = route::all_of(function);
        let function = start_function(function, &environment).await;
        Self {
            database,
            function,
            routes,
        }
    }

    fn route(&self, url: &str) -> Route {
        route::matching(&self.routes, url.split('?').next().unwrap_or_default())
    }

    /// GET of a path and perhaps a query.
    pub async fn get(&self, url: &str) -> Answer {
        self.request(url, event::get(&self.route(url), url, None))
            .await
    }

    /// GET with the claims of a token that API Gateway has verified.
    pub async fn get_as(&self, url: &str, claims: Value) -> Answer {
        self.request(url, event::get(&self.route(url), url, Some(claims)))
            .await
    }

    /// The answer to an event.
    pub async fn request(&self, url: &str, event: Value) -> Answer {
        let answer = self
            .function
            .invoke(event)
            .await
            .unwrap_or_else(|error| panic!("{url}: {error}"));
        let body = answer["body"].as_str().unwrap_or_default();
        let text = match answer["isBase64Encoded"].as_bool() {
            Some(true) => inflate(body),
            _ => body.to_owned(),
        };
        Answer {
            url: url.to_owned(),
            status: answer["statusCode"].as_u64().expect("a status"),
            headers: answer["headers"].clone(),
            body: serde_json::from_str(&text).unwrap_or_default(),
            text,
        }
    }

    /// A request with another method than GET, or with headers.
    pub async fn send(&self, method: &str, url: &str, headers: &[(&str, &str)]) -> Answer {
        let event = event::request(method, &self.route(url), url, headers);
        self.request(url, event).await
    }

    /// The items of all pages, from `url` on by their `next`.
    pub async fn all(&self, url: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut next = Some(url.to_owned());
        while let Some(url) = next {
            let page = self.get(&url).await.ok();
            items.extend(page.items().iter().cloned());
            next = page.next();
        }
        items
    }
}

impl Answer {
    /// Itself, when it is 200.
    pub fn ok(self) -> Self {
        assert_eq!(self.status, 200, "{}: {}", self.url, self.body);
        assert_eq!(
            self.headers["content-type"], "application/json",
            "{}",
            self.url
        );
        self
    }

    /// A header, or an empty text.
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].as_str().unwrap_or_default()
    }

    /// The items of a list.
    pub fn items(&self) -> &[Value] {
        self.body["items"].as_array().expect("items")
    }

    /// A field of each item.
    pub fn each(&self, field: &str) -> Vec<&Value> {
        self.items().iter().map(|item| &item[field]).collect()
    }

    /// The URL of the next page. The body and the Link header must agree on it.
    pub fn next(&self) -> Option<String> {
        let next = self.body["next"].as_str();
        let link = next.map(|next| format!("<{next}>; rel=\"next\""));
        assert_eq!(
            self.headers["link"].as_str(),
            link.as_deref(),
            "{}",
            self.url
        );
        let next = next?;
        assert!(next.starts_with('?'), "{next} is not a query alone");
        let path = self.url.split('?').next().unwrap_or_default();
        Some([path, next].concat())
    }

    /// Checks that it is a problem of this status, and that its detail has these words.
    pub fn assert_problem(&self, status: u64, words: &str) {
        assert_eq!(self.status, status, "{}: {}", self.url, self.body);
        assert_eq!(
            self.headers["content-type"], "application/problem+json",
            "{}",
            self.url
        );
        assert_eq!(self.body["status"], status, "{}", self.url);
        let detail = self.body["detail"].as_str().expect("a detail");
        assert!(
            detail.contains(words),
            "{}: `{words}` is not in: {detail}",
            self.url
        );
        for field in ["type", "title", "instance", "code", "request_id"] {
            assert!(
                self.body[field].is_string(),
                "{}: no {field} in {}",
                self.url,
                self.body
            );
        }
    }

    /// Checks that it is a 422 which names this parameter and what came for it.
    pub fn assert_invalid(&self, name: &str, value: &str) {
        self.assert_problem(422, name);
        let errors = self.body["errors"].as_array().expect("errors");
        let found = errors
            .iter()
            .any(|error| error["name"] == name && error["value"] == value);
        assert!(
            found,
            "{}: {name} with `{value}` is not in {}",
            self.url, self.body
        );
    }
}
