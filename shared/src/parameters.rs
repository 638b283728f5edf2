//! The parameters of a request, taken one by one.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::{Error, Request, Result, Violation, parameter::Parameter};

/// The parameters of a path and of a query string. What is wrong with them is collected, and told
/// at the end, all at once.
pub struct Parameters {
    request: Request,
    query: Vec<(String, String)>,
    known: Vec<&'static str>,
    violations: Vec<Violation>,
}

impl Parameters {
    pub(crate) fn new(request: Request) -> Self {
        let mut parameters = Self {
            query: vec![],
            known: vec![],
            violations: vec![],
            request: request.clone(),
        };
        for pair in request
            .raw_query()
            .split('&')
            .filter(|pair| !pair.is_empty())
        {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match (decode(name), decode(value)) {
                (Some(name), Some(value)) => parameters.query.push((name, value)),
                _ => parameters.violate(name, "must be percent-encoded UTF-8", value),
            }
        }
        parameters
    }

    /// Takes the path's parameter `name`; None where it is wrong, which [`Parameters::finish_with`]
    /// then tells.
    pub fn path<T: Parameter>(&mut self, name: &'static str) -> Option<T> {
        let text = self.request.path_parameter(name);
        match T::parse(text) {
            Ok(value) => Some(value),
            Err(reason) => {
                let violation = Violation::new("path", name, reason, text);
                self.violations.push(violation);
                None
            }
        }
    }

    /// Takes the query's parameter `name`, where it is given and right.
    pub fn take<T: Parameter>(&mut self, name: &'static str) -> Option<T> {
        self.known.push(name);
        let mut given = self.query.iter().filter(|(key, _)| key == name);
        let (_, text) = given.next()?;
        let parsed = match given.next() {
            Some(_) => Err("must be given once".to_owned()),
            None => T::parse(text),
        };
        self.note(name, parsed, &text.clone())
    }

    /// Takes up to `most` values of the query's parameter `name`, between commas or each by itself:
    /// `a=1,2&a=3`. Empty where it is not given, or not right.
    pub fn take_list<T: Parameter>(&mut self, name: &'static str, most: usize) -> Vec<T> {
        self.known.push(name);
        let given = self.query.iter().filter(|(key, _)| key == name);
        let texts: Vec<String> = given
            .flat_map(|(_, text)| text.split(',').map(ToOwned::to_owned))
            .collect();
        if texts.len() > most {
            let reason = format!("must be at most {most} values, not {}", texts.len());
            self.violate(name, reason, &texts.join(","));
            return vec![];
        }
        let parse = |text: &String| self.note(name, T::parse(text), text);
        texts.iter().filter_map(parse).collect()
    }

    fn note<T>(&mut self, name: &str, parsed: Result<T, String>, text: &str) -> Option<T> {
        parsed
            .map_err(|reason| self.violate(name, reason, text))
            .ok()
    }

    /// Whether the query's parameter `name` is given, right or wrong.
    pub fn has(&self, name: &str) -> bool {
        self.query.iter().any(|(key, _)| key == name)
    }

    /// Notes a violation in the query that no type can find.
    pub fn violate(&mut self, name: &str, reason: impl Into<String>, value: &str) {
        self.violations
            .push(Violation::new("query", name, reason, value));
    }

    /// The request that these are of.
    pub(crate) fn request(&self) -> &Request {
        &self.request
    }

    /// The decoded parameters of the query, other than `names`.
    pub(crate) fn others(&self, names: &[&str]) -> impl Iterator<Item = &(String, String)> {
        self.query
            .iter()
            .filter(move |(key, _)| !names.contains(&key.as_str()))
    }

    /// Ends the query: whatever has not been taken is unknown.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every violation of path and query.
    pub fn finish(mut self) -> Result<()> {
        let known = self.known.join(", ");
        for (name, value) in std::mem::take(&mut self.query) {
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

    /// As [`Parameters::finish`]; gives back what [`Parameters::path`] gave.
    ///
    /// # Errors
    /// As [`Parameters::finish`].
    pub fn finish_with<T>(self, path: Option<T>) -> Result<T> {
        self.finish()?;
        // None has left a violation, so that `finish` has failed.
        path.ok_or_else(|| Error::Invalid(vec![]))
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
