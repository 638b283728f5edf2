//! Lists: pages by cursor, and the fields of their items.

mod count;
mod cursor;
mod fields;
mod page;

pub use count::Count;
pub use cursor::Cursor;
pub use fields::{Fields, Item};
pub use page::{Found, Key, Limit, List, Nothing, Order, Page, Skip};
