//! The fields of an item, of which a request may pick some.

use std::{collections::HashMap, marker::PhantomData};

use serde::Serialize;
use serde_json::value::RawValue;
use tokio_postgres::Row;

use crate::{Error, Fault, Parameters, Result};

/// An item of a list.
pub trait Item: Serialize + TryFrom<Row, Error = Error> {
    /// The names of its fields.
    const FIELDS: &'static [&'static str];
}

/// The parameter `fields` of a list of `T`.
pub struct Fields<T>(PhantomData<T>);

impl<T: Item> Fields<T> {
    /// Reads the fields that were picked; none means all.
    pub(super) fn read(parameters: &mut Parameters) -> Vec<&'static str> {
        let mut fields = Vec::new();
        for name in parameters.query_list::<String>("fields", T::FIELDS.len()) {
            match T::FIELDS.iter().find(|field| **field == name) {
                Some(field) if fields.contains(field) => {}
                Some(field) => fields.push(*field),
                None => {
                    let reason = format!("must be one of {}", T::FIELDS.join(", "));
                    parameters.violate("fields", reason, &name);
                }
            }
        }
        fields
    }
}

/// An item with these fields only, each exactly as in the whole item. Fields that the item lacks,
/// such as `rank` without a search, are omitted.
pub(super) fn pick(item: &impl Serialize, fields: &[&'static str]) -> Result<Box<RawValue>> {
    let pick = || {
        let whole = serde_json::to_string(item)?;
        let all: HashMap<&str, &RawValue> = serde_json::from_str(&whole)?;
        let picked = fields.iter().filter_map(|field| {
            let value = all.get(field)?;
            Some(format!("\"{field}\":{}", value.get()))
        });
        let picked: Vec<_> = picked.collect();
        RawValue::from_string(format!("{{{}}}", picked.join(",")))
    };
    pick().map_err(|error: serde_json::Error| Error::Internal(Fault::new("serialise", error)))
}
