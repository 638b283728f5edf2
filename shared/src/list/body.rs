//! The body of a list.

use serde::Serialize;
use utoipa::ToSchema;

/// The body of every list.
#[derive(Serialize, ToSchema)]
pub struct List<T, M = Nothing> {
    /// The items of this page.
    pub items: Vec<T>,
    /// The next page as a URL relative to this one; null on the last page.
    #[schema(
        required = true,
        format = "uri-reference",
        example = "?limit=20&cursor=bnVtYmVyIDIw"
    )]
    pub next: Option<String>,
    /// The number of items on all pages. With `count=exact`, it is null if it is larger than 5,000, if
    /// filters make it too costly to count, or if a search ranks only some films; with
    /// `count=estimated`, it is about right. Only with `count`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, minimum = 0, example = 1000)]
    pub total: Option<Option<i64>>,
    /// Further fields.
    #[serde(flatten)]
    pub more: M,
}

/// The further fields of a list without any.
#[derive(Serialize, ToSchema)]
pub struct Nothing {}

impl<T> List<T> {
    /// A list with all items on one page.
    pub fn whole(items: Vec<T>) -> Self {
        Self {
            items,
            next: None,
            total: None,
            more: Nothing {},
        }
    }
}
