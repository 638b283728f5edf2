//! The type and the values of a column, by its name.

use std::error::Error;

use bytes::{BufMut, BytesMut};
use time::{Duration, OffsetDateTime};
use tokio_postgres::types::{ToSql, Type};

/// Columns that are NULL in every third row.
#[rustfmt::skip]
const NULLABLE: &[&str] = &[
    "description", "length", "rating", "release_year", "return_date", "revision", "special_features",
];

/// The type of a column: text, unless its name is an exception.
pub(crate) fn type_of(name: &str) -> Type {
    match name {
        "release_year" | "statement_timeout_ms" => Type::INT4,
        "rental_duration" | "length" => Type::INT2,
        "films" | "total" => Type::INT8,
        "rank" => Type::FLOAT4,
        "streaming_available" => Type::BOOL,
        "special_features" => Type::TEXT_ARRAY,
        "last_update" => Type::TIMESTAMPTZ,
        "is_part" | "is_found" | "has_words" => Type::BOOL,
        _ if name.ends_with("_ids") => Type::INT4_ARRAY,
        _ if name.ends_with("_id") => Type::INT4,
        _ if name.ends_with("_date") => Type::TIMESTAMPTZ,
        _ => Type::TEXT,
    }
}

/// Writes a column's value in the row with this number: its length, and its binary format.
pub(crate) fn write(
    name: &str,
    row: u16,
    out: &mut BytesMut,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let start = out.len();
    // The length of NULL.
    out.put_i32(-1);
    if NULLABLE.contains(&name) && row % 3 == 2 {
        return Ok(());
    }
    let column = type_of(name);
    let value: Box<dyn ToSql> = match column {
        Type::BOOL => Box::new(row.is_multiple_of(2)),
        Type::INT2 => Box::new(i16::try_from(row % 300)?),
        Type::INT4 => Box::new(i32::from(row)),
        Type::INT8 => Box::new(i64::from(row % 4)),
        Type::FLOAT4 => Box::new(f32::from(row) / 7.0),
        // Up to two ids.
        Type::INT4_ARRAY => Box::new(vec![i32::from(row); (row % 3).into()]),
        Type::TEXT_ARRAY => Box::new(vec!["Trailers", "Commentaries"]),
        Type::TIMESTAMPTZ => {
            let after = Duration::seconds(7_654_321) * i32::from(row);
            Box::new(OffsetDateTime::UNIX_EPOCH + after)
        }
        _ => Box::new(text(name, row)),
    };
    value.to_sql_checked(&column, out)?;
    let length = i32::try_from(out.len() - start - size_of::<i32>())?;
    out[start..][..size_of::<i32>()].copy_from_slice(&length.to_be_bytes());
    Ok(())
}

fn text(name: &str, row: u16) -> String {
    match name {
        "description" => "A tale of two bytes \u{1F3AC}. ".repeat((row % 40).into()),
        "rental_rate" | "replacement_cost" => format!("{row}.90"),
        // Lists of objects are JSON.
        "categories" | "actors" => r#"[{"name":"Ä"}]"#.to_owned(),
        "QUERY PLAN" => format!("Seq Scan on film  (cost=0.00..9.00 rows={row} width=4)"),
        _ => format!("\"ÄÖ\" \\ & {row}"),
    }
}
