//! Events composed from choices that a fuzzer makes. Most are valid, so that they get far.

use arbitrary::{Result, Unstructured};
use openapi::Endpoint;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use crate::{
    api::ORIGIN,
    case,
    route::{Parameter, Route},
};

/// The fuzzer's bytes. Each choice takes some.
type Choices<'a, 'b> = &'a mut Unstructured<'b>;
/// Names, and values for each.
type Table = &'static [(&'static str, &'static [&'static str])];

const METHODS: &[&str] = &["HEAD", "HEAD", "OPTIONS", "POST", "get", "FROB", ""];
const STAGES: &[&str] = &["$default", "$default", "prod", "Ünder/way"];

/// Texts that are invalid in some place, or nearly.
#[rustfmt::skip]
pub(crate) const ODD: &[&str] = &[
    "", " ", "0", "-0", "-1", "+1", "1", "1.5", "1e9", "NaN", "00000000000000000001",
    "2147483647", "2147483648", "-2147483648", "99999999999999999999", "٣",
    "\u{0}", "\u{7F}", "\u{FFFD}", "é", "A\u{301}", "\u{1F3AC}", "\r\nx: y", "A b", "tion",
    "%", "%2", "%zz", "%00", "%FF", "%C3%A9", "%2F", "a+b%2Bc", "%_\\", "100%",
    "'", "\"", "\"a b\" -c or d", "\\", "<>", "null", "true", "[]", "{}", "$1", "a/b",
    ",", ",,1,", "a=b=c", "&", "&&=&", "1,2,3", "title,title", "AAAAAAAAAAAAAAA", "e30", "bnVsbA",
    "-0001-01-01", "0000-01-01", "2022-05-24T22:53:30Z", "2022-07-01T00:00:00.123456789Z",
    "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:60Z", "9999-12-31T23:59:59-23:59",
];

#[rustfmt::skip]
const HEADERS: Table = &[
    ("accept", &["*/*", "application/json", "text/html", "application/*;q=0.1, */*;q=0", ";;,=;q="]),
    ("accept-encoding", &["gzip", "gzip, br", "gzip;q=0", "*", "identity"]),
    ("access-control-request-method", &["GET"]),
    ("authorization", &["Bearer x.y.z"]),
    ("host", &["api.example.com", "a b", "[::1"]),
    ("if-none-match", &["*", "W/\"x\", \"y\"", "\"", "W/W/"]),
    ("origin", &[ORIGIN, "https://evil.example.com", "null"]),
    ("x-forwarded-proto", &["https", "http,https"]),
    ("x-request-id", &["order-7", "one,two"]),
];

#[rustfmt::skip]
const CLAIMS: Table = &[
    ("scope", &["rentals:read", "films:read  rentals:read", "rentals"]),
    ("customer_id", &["1", "2", "01", " 1"]),
];

/// JSON, or nearly, to forge cursors with.
#[rustfmt::skip]
const KEYS: &[&str] = &[
    "", "1", "-1", "2147483648", "1e38", "1e39", "null", "[]", "{}", r#""""#, r#""words""#,
    r#""\u0000\ud83c\udfac""#, r#""1e999""#, r#""nan""#,
    r#""9999-12-31T23:59:59-23:59""#, r#""0000-01-01T00:00:00+23:59""#,
];

/// The parts of an event that are damaged.
#[rustfmt::skip]
const PLACES: &[&str] = &[
    "/headers", "/pathParameters", "/rawPath", "/rawQueryString", "/routeKey",
    "/requestContext/authorizer/jwt", "/requestContext/authorizer/jwt/claims",
    "/requestContext/http", "/requestContext/http/method", "/requestContext/routeKey",
    "/requestContext/stage",
];

/// A key to forge cursors with, for some events.
pub(crate) fn key(choices: Choices<'_, '_>) -> Result<Option<String>> {
    match one_in(4, choices)? {
        true => choose(KEYS, choices).map(Some),
        false => Ok(None),
    }
}

/// An event for this endpoint.
pub(crate) fn event(endpoint: Endpoint, choices: Choices<'_, '_>) -> Result<String> {
    let routes = Route::of(endpoint);
    let route = choices.choose(&routes)?;
    let mut parameters = Map::new();
    for Parameter { name, values, .. } in &route.path_parameters {
        parameters.insert(name.clone(), choose(values, choices)?.into());
    }
    let mut event = case::get(route, parameters, &query(route, choices)?);
    event["headers"] = table(HEADERS, choices)?.into();
    let stage = *choices.choose(STAGES)?;
    event["requestContext"]["stage"] = stage.into();
    if stage != "$default" {
        let path = event["rawPath"].as_str().unwrap_or_default();
        let path = Value::from(format!("/{stage}{path}"));
        event["requestContext"]["http"]["path"] = path.clone();
        event["rawPath"] = path;
    }
    if one_in(3, choices)? {
        event["requestContext"]["http"]["method"] = choose(METHODS, choices)?.into();
    }
    if one_in(2, choices)? {
        let claims = json!({ "claims": table(CLAIMS, choices)?, "scopes": null });
        event["requestContext"]["authorizer"] = json!({ "jwt": claims });
    }
    if one_in(8, choices)? {
        // `cargo lambda watch` sends this for every route.
        event["routeKey"] = "$default".into();
    }
    if one_in(16, choices)? {
        damage(&mut event, choices)?;
    }
    Ok(event.to_string())
}

fn query(route: &Route, choices: Choices<'_, '_>) -> Result<String> {
    let known = &route.query_parameters;
    let mut query = String::new();
    if known.is_empty() && !one_in(4, choices)? {
        return Ok(query);
    }
    for _ in 0..*choices.choose(&[1, 1, 2, 2, 3, 5, 0])? {
        let (name, mut value) = match known.is_empty() || one_in(32, choices)? {
            true => (choose(ODD, choices)?, choose(ODD, choices)?),
            false => {
                let parameter = choices.choose(known)?;
                let value = choose(&parameter.values, choices)?;
                (parameter.name.clone(), value)
            }
        };
        if one_in(16, choices)? {
            value = format!("{value},{}", choose(ODD, choices)?);
        }
        query += &encoded(&name, choices)?;
        query += "=";
        query += &encoded(&value, choices)?;
        query += choices.choose(&["&", "&", "&", "&", "&&", ";", ""])?;
    }
    Ok(query)
}

/// A part of a query, encoded in one of the ways that clients use.
fn encoded(text: &str, choices: Choices<'_, '_>) -> Result<String> {
    let encoded = utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    Ok(match choices.int_in_range(0..=7)? {
        0 => text.to_owned(),
        1 => encoded.replace("%20", "+"),
        2 => encoded.replace("%2C", ","),
        3 => encoded.to_ascii_lowercase(),
        _ => encoded,
    })
}

/// Some entries of a table.
fn table(table: Table, choices: Choices<'_, '_>) -> Result<Map<String, Value>> {
    let mut chosen = Map::new();
    for (name, values) in table {
        if one_in(4, choices)? {
            chosen.insert((*name).to_owned(), choose(values, choices)?.into());
        }
    }
    Ok(chosen)
}

/// One of `usual`, or in one case of 16 an odd text.
fn choose<T: AsRef<str>>(usual: &[T], choices: Choices<'_, '_>) -> Result<String> {
    Ok(match choices.int_in_range(0..=127)? {
        127 => choices.arbitrary()?,
        126 => choices.choose(ODD)?.repeat(choices.int_in_range(1..=3000)?),
        0..120 if !usual.is_empty() => choices.choose(usual)?.as_ref().to_owned(),
        _ => (*choices.choose(ODD)?).to_owned(),
    })
}

/// Whether this is one of so many cases. It is not if the bytes are used up.
fn one_in(cases: u8, choices: Choices<'_, '_>) -> Result<bool> {
    Ok(choices.int_in_range(1..=cases)? == cases)
}

/// Removes a part of an event that API Gateway always sends, or replaces it.
fn damage(event: &mut Value, choices: Choices<'_, '_>) -> Result<()> {
    let (parent, name) = choices.choose(PLACES)?.rsplit_once('/').unwrap_or_default();
    if let Some(Value::Object(parent)) = event.pointer_mut(parent) {
        match choices.int_in_range(0..=3)? {
            0 => parent.remove(name),
            1 => parent.insert(name.to_owned(), Value::Null),
            2 => parent.insert(name.to_owned(), json!([1])),
            _ => parent.insert(name.to_owned(), choose(ODD, choices)?.into()),
        };
    }
    Ok(())
}
