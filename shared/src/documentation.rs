//! What the OpenAPI document says about parameters. Nothing of it runs in a function.

use utoipa::{
    IntoParams, PartialSchema,
    openapi::{
        KnownFormat, RefOr, Schema, SchemaFormat,
        path::{Parameter, ParameterBuilder, ParameterIn, ParameterStyle},
        schema::{ArrayBuilder, ObjectBuilder, Type},
    },
};

use crate::{
    http::types::{Moment, NameOrId, Text, Within},
    list::{Count, Cursor, Fields, Item, Limit, Skip},
};

/// The parameters of every list with pages, besides its [`Fields`].
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// The largest number of items on a page: 1 to 100, or 0 with `count` for the total only.
    #[param(inline, example = 20)]
    pub limit: Option<Limit>,
    /// The number of items to skip. Not with `cursor`. In a large catalogue, filters may allow fewer.
    /// `next` goes on without a limit.
    #[param(inline, example = 0)]
    pub skip: Option<Skip>,
    /// Where the previous page ended, from its `next`. It is valid only for the query it came from.
    #[param(inline)]
    pub cursor: Option<Cursor>,
    /// Adds the number of items on all pages as `total`. `exact` counts to 5,000, beyond which the
    /// total is null, as it is if filters make it too costly to count. `estimated` takes the database's
    /// estimate, however large it is.
    #[param(inline)]
    pub count: Option<Count>,
}

impl<T: Item> IntoParams for Fields<T> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let names = ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(T::FIELDS.iter().copied()));
        let names = ArrayBuilder::new().items(names).min_items(Some(1));
        let fields = ParameterBuilder::new()
            .name("fields")
            .parameter_in(ParameterIn::Query)
            .description(Some(
                "Returns only these fields of each item, and leaves out all others, those that are \
                 otherwise required included. Without it, items have all their fields.",
            ))
            .style(Some(ParameterStyle::Form))
            .explode(Some(false))
            .schema(Some(names.max_items(Some(T::FIELDS.len()))))
            .example(Some(serde_json::json!(T::FIELDS[..2])));
        vec![fields.build()]
    }
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
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

impl PartialSchema for Text {
    fn schema() -> RefOr<Schema> {
        text()
            .min_length(Some(1))
            .max_length(Some(Self::LONGEST))
            .pattern(Some(r"^[^\u0000\uFFFD]+$"))
            .into()
    }
}

impl PartialSchema for NameOrId {
    fn schema() -> RefOr<Schema> {
        Text::schema()
    }
}

/// Both formats in one schema: in OpenAPI, `date` and `date-time` may not overlap.
impl PartialSchema for Moment {
    fn schema() -> RefOr<Schema> {
        let date = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])";
        let time = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)";
        text().pattern(Some(format!("^{date}(T{time})?$"))).into()
    }
}

impl PartialSchema for Cursor {
    fn schema() -> RefOr<Schema> {
        text().pattern(Some("^[A-Za-z0-9_-]+$")).into()
    }
}
