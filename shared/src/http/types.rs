//! The types that parameters are parsed into.

use time::{
    Date, OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339,
    macros::format_description,
};

/// A type that a parameter can be parsed into.
pub trait FromParameter: Sized {
    /// Parses the decoded text of a parameter.
    ///
    /// # Errors
    /// What is required. Reads as a sentence after the parameter's name: `must be 1 to 100`.
    fn from_parameter(text: &str) -> Result<Self, String>;
}

impl FromParameter for i32 {
    fn from_parameter(text: &str) -> Result<Self, String> {
        let number = is_integer(text).then(|| text.parse().ok()).flatten();
        number.ok_or_else(|| "must be a 32-bit integer".to_owned())
    }
}

/// Digits, with or without a minus. `parse` would take a plus as well, which is a space in a query.
fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

impl FromParameter for bool {
    fn from_parameter(text: &str) -> Result<Self, String> {
        match text {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err("must be true or false".to_owned()),
        }
    }
}

impl FromParameter for String {
    fn from_parameter(text: &str) -> Result<Self, String> {
        Ok(text.to_owned())
    }
}

/// An integer from `FROM` to `TO`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within<const FROM: i32, const TO: i32>(pub i32);

impl<const FROM: i32, const TO: i32> FromParameter for Within<FROM, TO> {
    fn from_parameter(text: &str) -> Result<Self, String> {
        if !is_integer(text) {
            return Err(format!("must be an integer from {FROM} to {TO}"));
        }
        match text.parse() {
            Ok(number) if (FROM..=TO).contains(&number) => Ok(Self(number)),
            _ => Err(format!("must be {FROM} to {TO}")),
        }
    }
}

/// Text that a person typed: 1 to 255 characters that PostgreSQL can store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(pub String);

impl Text {
    /// The largest number of characters.
    pub const LONGEST: usize = 255;
}

impl FromParameter for Text {
    fn from_parameter(text: &str) -> Result<Self, String> {
        // API Gateway replaces bytes of a path that are not UTF-8 by U+FFFD.
        match text.chars().count() {
            1..=Self::LONGEST if !text.contains(['\0', '\u{FFFD}']) => Ok(Self(text.to_owned())),
            1..=Self::LONGEST => Err("must be UTF-8 without NUL".to_owned()),
            count => Err(format!(
                "must have 1 to {} characters, not {count}",
                Self::LONGEST
            )),
        }
    }
}

/// Escapes `%`, `_` and `\`, which are special in a LIKE pattern.
pub fn escape_like(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

/// An id or a name. Digits are an id if they fit into 32 bits; anything else is a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameOrId {
    /// Digits.
    Id(i32),
    /// Anything else.
    Name(String),
}

impl Default for NameOrId {
    fn default() -> Self {
        Self::Id(0)
    }
}

impl FromParameter for NameOrId {
    fn from_parameter(text: &str) -> Result<Self, String> {
        let Text(text) = Text::from_parameter(text)?;
        let is_id = text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(id) if is_id => Ok(Self::Id(id)),
            _ => Ok(Self::Name(text)),
        }
    }
}

/// A point in time: RFC 3339, or a date, which means its midnight in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub struct Moment(pub OffsetDateTime);

impl Moment {
    /// The moment in UTC, if it is in the years 0 to 9999 there. The driver panics beyond them, and
    /// PostgreSQL has no year before.
    pub fn new(moment: OffsetDateTime) -> Option<Self> {
        let moment = moment.checked_to_offset(UtcOffset::UTC);
        moment.filter(|moment| moment.year() >= 0).map(Self)
    }
}

impl FromParameter for Moment {
    fn from_parameter(text: &str) -> Result<Self, String> {
        // In a query, the plus of an offset is a space unless it was encoded.
        let with_plus = match text.rsplit_once(' ') {
            Some((moment, offset)) if moment.contains(['T', 't']) => format!("{moment}+{offset}"),
            _ => text.to_owned(),
        };
        let date = || {
            Date::parse(text, format_description!("[year]-[month]-[day]"))
                .map(|date| date.midnight().assume_utc())
        };
        let moment = OffsetDateTime::parse(&with_plus, &Rfc3339).or_else(|_| date());
        moment.ok().and_then(Self::new).ok_or_else(|| {
            "must be RFC 3339 (2022-05-24T22:53:30Z) or a date (2022-05-24)".to_owned()
        })
    }
}
