//! Reads the parameters of a request.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use percent_encoding::percent_decode_str;

use super::types::FromParameter;
use crate::{
    Error, Result,
    error::{Invalid, Violation},
};

/// More violations than this help nobody, and a query string has room for thousands.
const MOST_VIOLATIONS: usize = 20;

/// The parameters of a path and of a query string. Violations are collected, and reported
/// together by [`Request::read`](super::Request::read).
pub struct Parameters<'a> {
    /// The path as it reached API Gateway.
    pub(crate) raw_path: &'a str,
    path: &'a HashMap<String, String>,
    query: Vec<(String, String)>,
    known: Vec<&'static str>,
    violations: Vec<Violation>,
    /// The names that have a violation, those beyond the most included.
    violators: HashSet<(&'static str, String)>,
}

impl<'a> Parameters<'a> {
    pub(super) fn new(
        raw_path: &'a str,
        path: &'a HashMap<String, String>,
        raw_query: &str,
    ) -> Self {
        let mut parameters = Self {
            raw_path,
            path,
            query: vec![],
            known: vec![],
            violations: vec![],
            violators: HashSet::new(),
        };
        let query = raw_query.split('&');
        for pair in query.filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match (decode(name), decode(value)) {
                (Some(name), Some(value)) => parameters.query.push((name, value)),
                _ => parameters.violate(name, "must be percent-encoded UTF-8", value),
            }
        }
        parameters
    }

    /// Reads the path parameter `name`. An invalid one is a violation, and the value returned in
    /// its place never leaves [`Request::read`](super::Request::read).
    pub fn path<T: FromParameter + Default>(&mut self, name: &'static str) -> T {
        let text = self.path.get(name).map_or("", String::as_str);
        T::from_parameter(text).unwrap_or_else(|reason| {
            self.add_violation("path", name, reason, text);
            T::default()
        })
    }

    /// Reads the query parameter `name`; None if it was not sent or is invalid.
    pub fn query<T: FromParameter>(&mut self, name: &'static str) -> Option<T> {
        self.known.push(name);
        let mut sent = self.query.iter().filter(|(key, _)| key == name);
        let (_, text) = sent.next()?;
        let value = match sent.next() {
            Some(_) => Err("must not be repeated".to_owned()),
            None => T::from_parameter(text),
        };
        self.note(name, value, &text.clone())
    }

    /// Reads up to `most` values of the query parameter `name`, separated by commas or in
    /// parameters of their own: `a=1,2&a=3`. Empty if it was not sent or is invalid.
    pub fn query_list<T: FromParameter>(&mut self, name: &'static str, most: usize) -> Vec<T> {
        self.known.push(name);
        let sent = self.query.iter().filter(|(key, _)| key == name);
        let texts: Vec<String> = sent
            .flat_map(|(_, text)| text.split(',').map(ToOwned::to_owned))
            .collect();
        if texts.len() > most {
            let reason = format!("must have at most {most} values, not {}", texts.len());
            self.violate(name, reason, &texts.join(","));
            return vec![];
        }
        let parse = |text: &String| self.note(name, T::from_parameter(text), text);
        texts.iter().filter_map(parse).collect()
    }

    fn note<T>(&mut self, name: &str, value: Result<T, String>, text: &str) -> Option<T> {
        value
            .map_err(|reason| self.violate(name, reason, text))
            .ok()
    }

    /// Whether the query parameter `name` was sent, valid or not.
    pub fn has(&self, name: &str) -> bool {
        self.query.iter().any(|(key, _)| key == name)
    }

    /// Adds a violation by the query parameter `name`, unless it has one already.
    pub fn violate(&mut self, name: &str, reason: impl Into<String>, value: &str) {
        self.add_violation("query", name, reason, value);
    }

    fn add_violation(
        &mut self,
        location: &'static str,
        name: &str,
        reason: impl Into<String>,
        value: &str,
    ) {
        let is_new = self.violators.insert((location, name.to_owned()));
        if is_new && self.violations.len() < MOST_VIOLATIONS {
            let violation = Violation::new(location, name, reason, value);
            self.violations.push(violation);
        }
    }

    /// The decoded query parameters, without those of `names`.
    pub(crate) fn others(&self, names: &[&str]) -> impl Iterator<Item = &(String, String)> {
        self.query
            .iter()
            .filter(move |(key, _)| !names.contains(&key.as_str()))
    }

    /// Reports the parameters that are unknown or invalid.
    pub(super) fn finish(mut self) -> Result<()> {
        let mut has_unknown = false;
        for (name, value) in std::mem::take(&mut self.query) {
            if !self.known.contains(&name.as_str()) {
                has_unknown = true;
                self.violate(&name, "is unknown", &value);
            }
        }
        if self.violations.is_empty() {
            return Ok(());
        }
        let mut sentences: Vec<String> = self
            .violations
            .iter()
            .map(|violation| format!("{} {}", violation.name, violation.reason))
            .collect();
        let omitted = self.violators.len() - self.violations.len();
        if omitted > 0 {
            sentences.push(format!("and {omitted} more"));
        }
        if has_unknown {
            sentences.push(match self.known.is_empty() {
                true => "this endpoint has no query parameters".to_owned(),
                false => format!("known parameters are {}", self.known.join(", ")),
            });
        }
        Err(Error::Invalid(Invalid {
            detail: sentences.join("; "),
            violations: self.violations,
        }))
    }
}

/// Decodes `application/x-www-form-urlencoded` text; None if it is not UTF-8.
fn decode(text: &str) -> Option<String> {
    let text = text.replace('+', " ");
    percent_decode_str(&text)
        .decode_utf8()
        .map(Cow::into_owned)
        .ok()
}
