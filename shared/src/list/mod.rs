//! Lists: pages by cursor, and the fields of their items.

mod cursor;
mod fields;
mod page;

pub use cursor::Cursor;
pub use fields::{Fields, Item};
pub use page::{Count, Found, Key, Limit, List, Nothing, Order, Page, Skip};
