//! Events composed of choices that a fuzzer makes: mostly right, so that they get far.

use arbitrary::{Result, Unstructured};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use crate::{
    Endpoint, case,
    values::{CLAIMS, HEADERS, KEYS, METHODS, ODD, PATH_VALUES, QUERY, STAGES, Table},
};

/// The fuzzer's bytes, of which each choice takes some.
type Choices<'a, 'b> = &'a mut Unstructured<'b>;

/// A key to forge a cursor with, now and then.
pub(crate) fn key(choices: Choices<'_, '_>) -> Result<Option<String>> {
    match seldom(2, choices)? {
        true => choose(KEYS, choices).map(Some),
        false => Ok(None),
    }
}

/// An event for this endpoint.
pub(crate) fn event(endpoint: Endpoint, choices: Choices<'_, '_>) -> Result<String> {
    let stage = *choices.choose(STAGES)?;
    let (path, parameters) = path(endpoint, stage, choices)?;
    let mut event = case::get(endpoint, &path, &query(endpoint, choices)?, parameters);
    event["headers"] = table(HEADERS, choices)?.into();
    event["requestContext"]["http"]["method"] = choose(METHODS, choices)?.into();
    event["requestContext"]["stage"] = stage.into();
    if seldom(2, choices)? {
        let claims = json!({ "claims": table(CLAIMS, choices)?, "scopes": null });
        event["requestContext"]["authorizer"] = json!({ "jwt": claims });
    }
    if seldom(8, choices)? {
        // As `cargo lambda watch` says it.
        event["routeKey"] = "$default".into();
    }
    if seldom(16, choices)? {
        damage(&mut event, choices)?;
    }
    Ok(event.to_string())
}

/// The decoded path and its parameters, which say the same.
fn path(
    endpoint: Endpoint,
    stage: &str,
    choices: Choices<'_, '_>,
) -> Result<(String, Map<String, Value>)> {
    let mut parameters = Map::new();
    let mut path = match stage {
        "$default" => String::new(),
        _ => format!("/{stage}"),
    };
    for part in choices.choose(endpoint.paths())?.split('/').skip(1) {
        path.push('/');
        match part
            .strip_prefix('{')
            .and_then(|name| name.strip_suffix('}'))
        {
            Some(name) => {
                let value = choose(PATH_VALUES, choices)?;
                path.push_str(&value);
                parameters.insert(name.to_owned(), value.into());
            }
            None => path.push_str(part),
        }
    }
    Ok((path, parameters))
}

fn query(endpoint: Endpoint, choices: Choices<'_, '_>) -> Result<String> {
    let mut query = String::new();
    if endpoint.parameters().is_empty() && !seldom(4, choices)? {
        return Ok(query);
    }
    for _ in 0..*choices.choose(&[1, 1, 2, 2, 3, 5, 0])? {
        let name = choose(endpoint.parameters(), choices)?;
        let known = QUERY.iter().find(|(known, _)| *known == name);
        let mut value = choose(known.map_or(ODD, |(_, values)| values), choices)?;
        if seldom(16, choices)? {
            value.push(',');
            value.push_str(&choose(ODD, choices)?);
        }
        let (name, value) = (written(&name, choices)?, written(&value, choices)?);
        query.push_str(&[&name, "=", &value].concat());
        query.push_str(choices.choose(&["&", "&", "&", "&", "&&", ";", ""])?);
    }
    Ok(query)
}

/// In one of the ways that clients write what stands in a query.
fn written(text: &str, choices: Choices<'_, '_>) -> Result<String> {
    let encoded = utf8_percent_encode(text, NON_ALPHANUMERIC);
    Ok(match choices.int_in_range(0..=7)? {
        0 => text.to_owned(),
        1 => encoded.to_string().replace("%20", "+"),
        2 => encoded.to_string().replace("%2C", ","),
        3 => encoded.to_string().to_ascii_lowercase(),
        _ => encoded.to_string(),
    })
}

/// Some of what a table has.
fn table(table: Table, choices: Choices<'_, '_>) -> Result<Map<String, Value>> {
    let mut chosen = Map::new();
    for (name, values) in table {
        if seldom(4, choices)? {
            chosen.insert((*name).to_owned(), choose(values, choices)?.into());
        }
    }
    Ok(chosen)
}

/// One of these, or now and then something odd.
fn choose(usual: &[&str], choices: Choices<'_, '_>) -> Result<String> {
    let usual = if usual.is_empty() { ODD } else { usual };
    Ok(match choices.int_in_range(0..=127)? {
        127 => choices.arbitrary()?,
        126 => choices.choose(ODD)?.repeat(choices.int_in_range(1..=3000)?),
        120..=125 => (*choices.choose(ODD)?).to_owned(),
        _ => (*choices.choose(usual)?).to_owned(),
    })
}

/// Whether it is the one time in so many; never where there is nothing left to choose by.
fn seldom(times: u8, choices: Choices<'_, '_>) -> Result<bool> {
    Ok(choices.int_in_range(1..=times)? == times)
}

/// Takes away what API Gateway always sends, or sends nothing there, or something else.
fn damage(event: &mut Value, choices: Choices<'_, '_>) -> Result<()> {
    const PLACES: &[&str] = &[
        "/rawPath",
        "/rawQueryString",
        "/routeKey",
        "/headers",
        "/pathParameters",
        "/requestContext/http",
        "/requestContext/http/method",
        "/requestContext/routeKey",
        "/requestContext/stage",
        "/requestContext/authorizer/jwt",
        "/requestContext/authorizer/jwt/claims",
    ];
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
