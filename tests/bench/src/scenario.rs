//! What is asked: one request of each function.

use serde_json::{Value, json};

/// A request that contenders answer.
#[derive(Clone, Copy)]
pub struct Scenario {
    /// The function that serves it.
    pub function: &'static str,
    /// Whether it asks the database.
    pub has_database: bool,
    /// Whether the prototype serves it too, and by which value of QUERY.
    pub prototype: Option<&'static str>,
    /// Whether the Python service serves it too.
    pub has_python: bool,
    path: &'static str,
    query: &'static str,
    parameters: &'static [(&'static str, &'static str)],
}

const BARE: Scenario = Scenario {
    function: "",
    has_database: true,
    prototype: None,
    has_python: false,
    path: "",
    query: "",
    parameters: &[],
};

/// The title search, by which the targets and the CPU shares are measured.
pub const SEARCH: Scenario = Scenario {
    function: "search-films",
    prototype: Some("title"),
    has_python: true,
    path: "/films",
    query: "title=dino",
    ..BARE
};

/// One request of each function.
pub const ALL: [Scenario; 7] = [
    SEARCH,
    Scenario {
        function: "get-film",
        prototype: Some("film"),
        path: "/films/1",
        parameters: &[("film_id", "1")],
        ..BARE
    },
    Scenario {
        function: "list-categories",
        path: "/categories",
        ..BARE
    },
    Scenario {
        function: "films-by-category",
        has_python: true,
        path: "/categories/action/films",
        parameters: &[("category", "action")],
        ..BARE
    },
    Scenario {
        function: "rentals-by-customer",
        has_python: true,
        path: "/customers/1/rentals",
        parameters: &[("customer_id", "1")],
        ..BARE
    },
    Scenario {
        function: "db-health",
        path: "/health/db",
        ..BARE
    },
    Scenario {
        function: "api-docs",
        has_database: false,
        path: "/docs",
        ..BARE
    },
];

impl Scenario {
    /// The request as an event.
    pub fn event(&self) -> Vec<u8> {
        event(self.path, self.query, self.parameters)
            .to_string()
            .into_bytes()
    }
}

/// An event of API Gateway's HTTP API, payload format 2.0, for a GET.
pub fn event(path: &str, query: &str, parameters: &[(&str, &str)]) -> Value {
    let parameters = parameters
        .iter()
        .map(|&(name, value)| (name.to_owned(), value.into()));
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {
            "accept": "*/*",
            "host": "api.example.com",
            "user-agent": "bench",
            "x-forwarded-for": "192.0.2.1",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        },
        "queryStringParameters": query_parameters(query),
        "pathParameters": Value::Object(parameters.collect()),
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": "api.example.com",
            "domainPrefix": "api",
            "http": {
                "method": "GET",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "bench",
            },
            "requestId": "bench",
            "routeKey": "$default",
            "stage": "$default",
            "time": "01/Jul/2026:00:00:00 +0000",
            "timeEpoch": 1_782_864_000_000_i64,
        },
        "isBase64Encoded": false,
    })
}

fn query_parameters(query: &str) -> Value {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    Value::Object(
        pairs
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect(),
    )
}
