//! The order of a list.

use serde::{Serialize, de::DeserializeOwned};

use crate::database::{Bind, Sql};

/// The place of an item in its list. The next page begins after the last item of a page.
pub trait Key: Serialize + DeserializeOwned {
    /// The values, in the order of [`Order::after`].
    fn values(&self) -> Vec<&dyn Bind>;
}

impl Key for i32 {
    fn values(&self) -> Vec<&dyn Bind> {
        vec![self]
    }
}

/// A total order of a list, so that no page repeats or skips an item.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// ORDER BY.
    pub by: &'static str,
    /// The condition for items after a [`Key`], whose values are `$1`, `$2`, ….
    pub after: &'static str,
    /// How to look ahead, if conditions depend on the order.
    pub ahead: Option<Ahead>,
}

/// How to find a page whose conditions depend on the order.
///
/// Parts of a title are such conditions: the planner expects the titles everywhere in their order, but
/// they may all stand at its end. So the page is looked for in the next 10,000 rows of the order. If these
/// are not enough, all rows that are left are found by other indexes and sorted. A page of few or of the
/// last rows takes both statements.
#[derive(Clone, Copy, Debug)]
pub struct Ahead {
    /// SELECT and FROM of the next rows, with the columns that conditions have.
    pub select: Sql<'static>,
    /// A further column: the place in the order.
    pub place: &'static str,
    /// FROM, with `{ahead}` for the next rows.
    pub from: &'static str,
    /// ORDER BY of the place.
    pub by: &'static str,
    /// ORDER BY for the same order, which no index has.
    pub unindexed: &'static str,
}
