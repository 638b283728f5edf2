//! Statements in files, and the values of their parameters.

use time::OffsetDateTime;
use tokio_postgres::types::{ToSql, Type};

/// A statement, which [`sql!`](crate::sql) reads from a file.
#[derive(Clone, Copy, Debug)]
pub struct Sql<'a> {
    /// The file that it stands in or starts from, which names it in logs: `get-film/src/get_film.sql`.
    pub file: &'static str,
    /// The text, with `$1`, `$2`, ….
    pub text: &'a str,
}

/// The [`Sql`] in a file of `src`, beside the code that names it.
#[macro_export]
macro_rules! sql {
    ($file:literal) => {
        $crate::database::Sql {
            file: concat!(env!("CARGO_PKG_NAME"), "/src/", $file),
            text: include_str!($file),
        }
    };
}

/// A value for a parameter of a statement, with its type, so that the server need not be asked.
pub trait Bind: ToSql + Sync {
    /// The PostgreSQL type.
    fn sql_type(&self) -> Type;
}

macro_rules! bind {
    ($($rust:ty => $sql:ident),*) => {
        $(impl Bind for $rust {
            fn sql_type(&self) -> Type {
                Type::$sql
            }
        })*
    };
}

bind! {
    bool => BOOL, i32 => INT4, i64 => INT8, f32 => FLOAT4, String => TEXT, &str => TEXT,
    OffsetDateTime => TIMESTAMPTZ, Vec<i32> => INT4_ARRAY, Vec<&str> => TEXT_ARRAY
}
