//! The types that parameters are parsed into, each with the schema that documents it.

use time::{
    Date, OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339,
    macros::format_description,
};
use utoipa::{
    PartialSchema,
    openapi::{
        KnownFormat, RefOr, Schema, SchemaFormat,
        schema::{ObjectBuilder, Type},
    },
};

/// A value that a parameter can be parsed into.
pub trait Parameter: Sized {
    /// Parses the decoded text of a parameter.
    ///
    /// # Errors
    /// What the parameter must be, to be read after its name: `must be 1 to 100`.
    fn parse(text: &str) -> Result<Self, String>;
}

impl Parameter for i32 {
    fn parse(text: &str) -> Result<Self, String> {
        let number = is_whole_number(text).then(|| text.parse().ok()).flatten();
        number.ok_or_else(|| "must be a 32-bit integer".to_owned())
    }
}

/// Digits, perhaps behind a minus; `parse` would take a plus as well, which a query reads as space.
fn is_whole_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

impl Parameter for bool {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err("must be true or false".to_owned()),
        }
    }
}

/// A whole number from `FROM` to `TO`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within<const FROM: i32, const TO: i32>(pub i32);

impl<const FROM: i32, const TO: i32> Parameter for Within<FROM, TO> {
    fn parse(text: &str) -> Result<Self, String> {
        if !is_whole_number(text) {
            return Err(format!("must be a whole number from {FROM} to {TO}"));
        }
        match text.parse() {
            Ok(number) if (FROM..=TO).contains(&number) => Ok(Self(number)),
            _ => Err(format!("must be {FROM} to {TO}")),
        }
    }
}

impl<const FROM: i32, const TO: i32> PartialSchema for Within<FROM, TO> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
            .minimum(Some(FROM))
            .maximum(Some(TO))
            .into()
    }
}

/// Text that a person has typed: 1 to 255 characters, and none that PostgreSQL cannot hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(pub String);

impl Text {
    const LONGEST: usize = 255;
}

impl Parameter for Text {
    fn parse(text: &str) -> Result<Self, String> {
        // U+FFFD is what API Gateway makes of bytes in a path that are not UTF-8.
        match text.chars().count() {
            1..=Self::LONGEST if !text.contains(['\0', '\u{FFFD}']) => Ok(Self(text.to_owned())),
            1..=Self::LONGEST => Err("must be UTF-8 without NUL".to_owned()),
            count => Err(format!(
                "must be 1 to {} characters, not {count}",
                Self::LONGEST
            )),
        }
    }
}

impl PartialSchema for Text {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(Self::LONGEST))
            .pattern(Some(r"^[^\u0000\uFFFD]+$"))
            .into()
    }
}

/// The text as part of a LIKE pattern, in which `%`, `_` and `\` are themselves.
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

/// What is known by an id or by a name: digits are an id, as long as one can be so long; anything
/// else is a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameOrId {
    /// Digits.
    Id(i32),
    /// Anything else.
    Name(String),
}

impl Parameter for NameOrId {
    fn parse(text: &str) -> Result<Self, String> {
        let Text(text) = Text::parse(text)?;
        let is_id = text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(id) if is_id => Ok(Self::Id(id)),
            _ => Ok(Self::Name(text)),
        }
    }
}

impl PartialSchema for NameOrId {
    fn schema() -> RefOr<Schema> {
        Text::schema()
    }
}

/// A moment: RFC 3339, or a date, which is its midnight in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub struct Moment(pub OffsetDateTime);

impl Moment {
    /// The moment in UTC, where it is of the years 0 to 9999 there. An offset may lead out of them,
    /// where sending it to PostgreSQL panics; before them, PostgreSQL has none.
    pub fn new(moment: OffsetDateTime) -> Option<Self> {
        let moment = moment.checked_to_offset(UtcOffset::UTC);
        moment.filter(|moment| moment.year() >= 0).map(Self)
    }
}

impl Parameter for Moment {
    fn parse(text: &str) -> Result<Self, String> {
        let date = || {
            Date::parse(text, format_description!("[year]-[month]-[day]"))
                .map(|date| date.midnight().assume_utc())
        };
        let moment = OffsetDateTime::parse(text, &Rfc3339).or_else(|_| date());
        moment.ok().and_then(Self::new).ok_or_else(|| {
            "must be RFC 3339 (2022-05-24T22:53:30Z) or a date (2022-05-24)".to_owned()
        })
    }
}

impl PartialSchema for Moment {
    fn schema() -> RefOr<Schema> {
        let text = |format| {
            ObjectBuilder::new()
                .schema_type(Type::String)
                .format(Some(SchemaFormat::KnownFormat(format)))
        };
        utoipa::openapi::schema::OneOfBuilder::new()
            .item(text(KnownFormat::DateTime))
            .item(text(KnownFormat::Date))
            .into()
    }
}
