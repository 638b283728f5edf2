//! Lists: pages by cursor, and the fields of their items.

mod count;
mod cursor;
mod fields;
mod order;
mod page;

pub use count::Count;
pub use cursor::Cursor;
pub use fields::{Fields, Item};
pub use order::{Ahead, Key, Order};
pub use page::{Found, Limit, List, Nothing, Page, Skip};
