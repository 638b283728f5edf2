//! The body of a list, and the fields of its items that are asked for.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::value::RawValue;
use tokio_postgres::Row;
use utoipa::{
    ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{ArrayBuilder, ObjectBuilder, Type},
    },
};

use crate::{Error, Fault, Parameters, Result, parameter::Parameter};

/// An item of a list.
pub trait Item: Serialize + TryFrom<Row, Error = Error> {
    /// The names of its fields, of which `fields` picks some.
    const FIELDS: &'static [&'static str];
}

/// The body of every list.
#[derive(Serialize, ToSchema)]
pub struct List<T, M = ()> {
    /// The items of this page.
    pub items: Vec<T>,
    /// The URL of the next page, relative to this API; null on the last.
    pub next: Option<String>,
    /// How many items there are on all pages, where `count=exact` asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
    /// What else the list says.
    #[serde(flatten)]
    pub more: M,
}

impl<T> List<T> {
    /// A list of one page.
    pub fn whole(items: Vec<T>) -> Self {
        Self {
            items,
            next: None,
            total: None,
            more: (),
        }
    }
}

/// Takes `fields`, each of which must be one of `T`.
pub(crate) fn take_fields<T: Item>(parameters: &mut Parameters) -> Vec<&'static str> {
    struct Name(String);
    impl Parameter for Name {
        fn parse(text: &str) -> Result<Self, String> {
            Ok(Self(text.to_owned()))
        }
    }
    let known = |name: &str| T::FIELDS.iter().copied().find(|field| *field == name);
    let mut fields = Vec::new();
    for Name(name) in parameters.take_list("fields", T::FIELDS.len()) {
        match known(&name) {
            Some(field) if fields.contains(&field) => {}
            Some(field) => fields.push(field),
            None => {
                let reason = format!("must be of {}", T::FIELDS.join(", "));
                parameters.violate("fields", reason, &name);
            }
        }
    }
    fields
}

/// An item with these fields alone, each as the whole item has it, to the digit.
pub(crate) fn pick(item: &impl Serialize, fields: &[&'static str]) -> Result<Box<RawValue>> {
    let pick = || {
        let whole = serde_json::to_string(item)?;
        let all: HashMap<&str, &RawValue> = serde_json::from_str(&whole)?;
        let picked: Vec<_> = fields
            .iter()
            .map(|field| match all.get(field) {
                Some(value) => format!("\"{field}\":{}", value.get()),
                None => format!("\"{field}\":null"),
            })
            .collect();
        RawValue::from_string(format!("{{{}}}", picked.join(",")))
    };
    pick().map_err(|error: serde_json::Error| Error::Internal(Fault::new("serialise", error)))
}

/// The schema of `fields` for a list of `T`.
pub fn fields_schema<T: Item>() -> RefOr<Schema> {
    ArrayBuilder::new()
        .items(
            ObjectBuilder::new()
                .schema_type(Type::String)
                .enum_values(Some(T::FIELDS.iter().copied())),
        )
        .min_items(Some(1))
        .max_items(Some(T::FIELDS.len()))
        .into()
}
