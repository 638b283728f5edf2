//! Content negotiation and conditional requests: RFC 9110, sections 12.5 and 13.1.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// Whether an Accept header allows this media type. Without the header, every type is allowed.
pub(super) fn accepts(accept: Option<&str>, media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default();
    let kind = essence.split('/').next().unwrap_or_default();
    let specificity = |range: &str| match range.split_once('/')? {
        ("*", "*") => Some(0),
        (family, "*") if family.eq_ignore_ascii_case(kind) => Some(1),
        _ if range.eq_ignore_ascii_case(essence) => Some(2),
        _ => None,
    };
    accept.is_none_or(|accept| quality(accept, specificity) > 0.0)
}

/// Whether an Accept-Encoding header asks for gzip.
pub(super) fn accepts_gzip(accept_encoding: Option<&str>) -> bool {
    let specificity = |coding: &str| match coding {
        "*" => Some(0),
        _ if coding.eq_ignore_ascii_case("gzip") => Some(1),
        _ => None,
    };
    accept_encoding.is_some_and(|accept| quality(accept, specificity) > 0.0)
}

/// The weight (0 to 1) of the most specific element that matches; 0 if none does.
fn quality(header: &str, specificity: impl Fn(&str) -> Option<u8>) -> f32 {
    let matches = header.split(',').filter_map(|element| {
        let mut parts = element.split(';').map(str::trim);
        let specificity = specificity(parts.next()?)?;
        let weight = parts.find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.eq_ignore_ascii_case("q").then_some(value)
        });
        Some((specificity, weight.map_or(Ok(1.0), str::parse)))
    });
    let best = matches.max_by_key(|(specificity, _)| *specificity);
    best.and_then(|(_, weight)| weight.ok()).unwrap_or(0.0)
}

/// The weak entity tag of a body. It does not depend on the compression.
pub(super) fn entity_tag(body: &[u8]) -> String {
    let hash = Sha256::digest(body);
    format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(&hash[..15]))
}

/// Whether an If-None-Match header contains this tag, compared weakly.
pub(super) fn matches(if_none_match: &str, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let mut tags = if_none_match.split(',');
    if_none_match.trim() == "*" || tags.any(|given| opaque(given) == opaque(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_range_decides() {
        for (accept, answer) in [
            (None, true),
            (Some("*/*"), true),
            (Some("application/*;q=0.1"), true),
            (Some("text/html, Application/JSON; charset=utf-8"), true),
            (Some("text/html,application/xml;q=0.9,*/*;q=0.8"), true),
            (Some("*/*, application/json;q=0"), false),
            (Some("application/json;Q=0.0"), false),
            (Some("text/html"), false),
            (Some("application/problem+json"), false),
            (Some("application/json;q=nonsense"), false),
            (Some(""), false),
        ] {
            assert_eq!(accepts(accept, "application/json"), answer, "{accept:?}");
        }
        assert!(accepts(Some("text/html"), "text/html; charset=utf-8"));
    }

    #[test]
    fn gzip_is_only_for_clients_that_accept_it() {
        for (accept, answer) in [
            (None, false),
            (Some("gzip, deflate, br"), true),
            (Some("br;q=1, GZIP;q=0.5"), true),
            (Some("*"), true),
            (Some("*;q=1, gzip;q=0"), false),
            (Some("identity"), false),
        ] {
            assert_eq!(accepts_gzip(accept), answer, "{accept:?}");
        }
    }

    #[test]
    fn tags_are_compared_weakly() {
        let tag = entity_tag(b"body");
        let strong = tag.trim_start_matches("W/");
        for given in [&tag, strong, "*", &format!("\"x\", {tag}")] {
            assert!(matches(given, &tag), "{given}");
        }
        assert!(!matches("\"x\", W/\"y\"", &tag));
        assert_ne!(tag, entity_tag(b"another body"));
    }
}
