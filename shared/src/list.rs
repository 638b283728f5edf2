//! The body of a list, and the fields of its items that are asked for.

use std::{collections::HashMap, marker::PhantomData};

use serde::Serialize;
use serde_json::value::RawValue;
use tokio_postgres::Row;
use utoipa::{
    IntoParams, ToSchema,
    openapi::{
        self,
        path::{ParameterBuilder, ParameterIn, ParameterStyle},
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
pub struct List<T, M = Nothing> {
    /// The items of this page.
    pub items: Vec<T>,
    /// The URL of the next page, relative to this API; null on the last.
    #[schema(required = true, example = "/films?limit=20&cursor=bnVtYmVyIDIw")]
    pub next: Option<String>,
    /// How many items there are on all pages, where `count=exact` asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0, example = 1000)]
    pub total: Option<i64>,
    /// What else the list says.
    #[serde(flatten)]
    pub more: M,
}

/// What a list says that says nothing else.
#[derive(Serialize, ToSchema)]
pub struct Nothing {}

impl<T> List<T> {
    /// A list of one page.
    pub fn whole(items: Vec<T>) -> Self {
        Self {
            items,
            next: None,
            total: None,
            more: Nothing {},
        }
    }
}

/// The parameter that picks fields of `T`.
pub struct Fields<T>(PhantomData<T>);

impl<T: Item> Fields<T> {
    /// Takes `fields`, each of which must be one of `T`; none is all.
    pub(crate) fn take(parameters: &mut Parameters) -> Vec<&'static str> {
        let mut fields = Vec::new();
        for Name(name) in parameters.take_list("fields", T::FIELDS.len()) {
            match T::FIELDS.iter().find(|field| **field == name) {
                Some(field) if fields.contains(field) => {}
                Some(field) => fields.push(*field),
                None => {
                    let reason = format!("must be of {}", T::FIELDS.join(", "));
                    parameters.violate("fields", reason, &name);
                }
            }
        }
        fields
    }
}

/// A name that may be a field's.
struct Name(String);

impl Parameter for Name {
    fn parse(text: &str) -> Result<Self, String> {
        Ok(Self(text.to_owned()))
    }
}

impl<T: Item> IntoParams for Fields<T> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<openapi::path::Parameter> {
        let names = ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(T::FIELDS.iter().copied()));
        let names = ArrayBuilder::new().items(names).min_items(Some(1));
        let fields = ParameterBuilder::new()
            .name("fields")
            .parameter_in(ParameterIn::Query)
            .description(Some("The fields of each item; without it, all of them."))
            .style(Some(ParameterStyle::Form))
            .explode(Some(false))
            .schema(Some(names.max_items(Some(T::FIELDS.len()))))
            .example(Some(serde_json::json!(T::FIELDS[..2])));
        vec![fields.build()]
    }
}

/// An item with these fields alone, each as the whole item has it, to the digit; without those
/// that it has not, such as the rank of a film that was not searched for.
pub(crate) fn pick(item: &impl Serialize, fields: &[&'static str]) -> Result<Box<RawValue>> {
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
