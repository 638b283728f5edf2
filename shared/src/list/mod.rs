//! Lists: pages by cursor, and the fields of their items.

mod body;
mod count;
mod cursor;
mod fields;
mod order;
mod page;

pub use body::{List, Nothing};
pub use count::Count;
pub use cursor::Cursor;
pub use fields::{Fields, Item};
pub use order::{Ahead, Key, Order};
pub use page::{Found, Limit, Page, Skip};
