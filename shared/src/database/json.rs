//! JSON that PostgreSQL wrote.

use std::error::Error;

use serde::Serialize;
use serde_json::value::RawValue;
use tokio_postgres::types::{FromSql, Type};

/// A column that is passed on as JSON: a NUMERIC cast to text, so that its digits never become a
/// float (`4.90` stays `4.90`), or JSON built in SQL.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Json(Box<RawValue>);

impl Json {
    /// The text.
    pub fn get(&self) -> &str {
        self.0.get()
    }
}

impl<'a> FromSql<'a> for Json {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        // NUMERIC's NaN is not a JSON number, and fails here.
        Ok(Self(serde_json::from_slice(raw)?))
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::TEXT | Type::JSON)
    }
}
