//! What a column holds, by its name: the columns of our few statements have one meaning each.

use std::io::{Error, Result};

use bytes::BytesMut;
use time::{Duration, OffsetDateTime};
use tokio_postgres::types::{IsNull, ToSql, Type};

/// A column's type, and its value in the row with this number.
///
/// # Panics
/// When it does not know the column: then a statement has a new one, which belongs here.
pub(crate) fn value(name: &str, row: u16) -> (Type, Box<dyn ToSql>) {
    let number = i32::from(row);
    let small = i16::try_from(row % 300).unwrap_or_default();
    let known = row % 3 != 2;
    let moment = OffsetDateTime::UNIX_EPOCH + Duration::seconds(7_654_321) * number;
    match name {
        "film_id" | "language_id" | "category_id" | "rental_id" | "inventory_id" | "staff_id" => {
            (Type::INT4, Box::new(number))
        }
        "release_year" => (Type::INT4, Box::new(known.then_some(1901 + number % 200))),
        "rental_duration" => (Type::INT2, Box::new(small)),
        "length" => (Type::INT2, Box::new(known.then_some(small))),
        "films" | "total" => (Type::INT8, Box::new(i64::from(row % 4))),
        "rank" => (Type::FLOAT4, Box::new(f32::from(row) / 7.0)),
        "streaming_available" => (Type::BOOL, Box::new(known)),
        "title" | "name" => (Type::TEXT, Box::new(format!("\"ÄÖ\" \\ & {row}"))),
        "language" => (Type::TEXT, Box::new("English")),
        "description" => {
            let text = known.then(|| "A tale of two bytes \u{1F3AC}. ".repeat((row % 40).into()));
            (Type::TEXT, Box::new(text))
        }
        "rating" => (Type::TEXT, Box::new(known.then_some("PG-13"))),
        "rental_rate" | "replacement_cost" => (Type::TEXT, Box::new(format!("{number}.90"))),
        "status" => (Type::TEXT, Box::new("returned")),
        "revision" => (Type::TEXT, Box::new(known.then_some("20260101000000"))),
        "statement_timeout_ms" => (Type::INT4, Box::new(5000)),
        "special_features" => {
            let features = known.then(|| vec!["Trailers", "Commentaries"]);
            (Type::TEXT_ARRAY, Box::new(features))
        }
        "categories" | "actors" => (Type::TEXT, Box::new(r#"[{"name":"Ä"}]"#)),
        "last_update" | "rental_date" | "due_date" => (Type::TIMESTAMPTZ, Box::new(moment)),
        "return_date" => (Type::TIMESTAMPTZ, Box::new(known.then_some(moment))),
        _ => panic!("the stub database has no column {name}"),
    }
}

/// The value in PostgreSQL's binary format; None for NULL.
pub(crate) fn encode(name: &str, row: u16) -> Result<Option<BytesMut>> {
    let (column, value) = value(name, row);
    let mut bytes = BytesMut::new();
    let is_null = value.to_sql_checked(&column, &mut bytes);
    match is_null.map_err(Error::other)? {
        IsNull::Yes => Ok(None),
        IsNull::No => Ok(Some(bytes)),
    }
}
