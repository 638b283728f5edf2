//! What the OpenAPI document says about `sort` and `title`. Nothing of it runs in the function.

use utoipa::{
    IntoParams, PartialSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, Type},
    },
};

use crate::{
    filters::PartOf,
    sort::{SORTS, Sort},
};
use shared::http::types::Text;

/// The order of the list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Sorting {
    /// The order: `-` means descending, and unknown values come last. Titles are in the order of their
    /// bytes in lower case. By default, the order is `relevance` with `q` (the best match comes
    /// first), `title` with `starts_with`, and otherwise `film_id`.
    #[param(inline, example = "-release_year")]
    pub sort: Option<Sort>,
}

impl PartialSchema for PartOf {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(3))
            .max_length(Some(Text::LONGEST))
            .pattern(Some(r"^[^\u0000\uFFFD]*[^\W_]{3}[^\u0000\uFFFD]*$"))
            .into()
    }
}

impl PartialSchema for Sort {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(SORTS.map(|sort| sort.name)))
            .into()
    }
}
