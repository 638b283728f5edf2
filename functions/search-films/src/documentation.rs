//! What the OpenAPI document says about sorting. Nothing of it runs in the function.

use utoipa::{
    IntoParams, PartialSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, Type},
    },
};

use crate::sort::{SORTS, Sort};

/// The order of the list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Sorting {
    /// The order: `-` means descending, and unknown values come last. By default, the best match
    /// comes first (`relevance`, which requires `q`), or else the lowest film_id.
    #[param(inline, example = "-release_year")]
    pub sort: Option<Sort>,
}

impl PartialSchema for Sort {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(SORTS.map(|sort| sort.name)))
            .into()
    }
}
